"""Where a word stands in a name decides whether it is the act, its object or a way of speaking."""

from __future__ import annotations

import pytest

from flow.flow_make import TEXT, main_level, tool
from ostiary.flow.levels import tool_access
from ostiary.model.access import Level
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonObject

MAIN = [
    # an object that is named like an act, then what is done to it
    ("watcher_monitor_delete", "Stops watching a page for good.", {}, Level.DESTROY),
    ("site_monitor_create", "Sets up a monitor for a page.", {}, Level.WRITE),
    ("disk_snapshot_delete", "", {}, Level.DESTROY),
    ("monitor_prices", "Watches prices.", {}, Level.READ),
    # an act at the start is an object at the end
    ("repo_log", "Shows what was committed.", {}, Level.READ),
    ("log_entry", "Logs one entry.", {}, Level.WRITE),
    # a map of a site is read, a name is looked up, an issue is closed
    ("site_map", "Map the addresses of a site.", {"url": TEXT}, Level.READ),
    ("resolve_package_id", "Resolves a name to an identifier.", {"name": TEXT}, Level.READ),
    ("resolve_thread", "Resolve a review thread.", {"id": TEXT}, Level.WRITE),
    ("desk_transition_ticket", "Transition a ticket to another state.", {}, Level.WRITE),
    # a method of HTTP and a change of something
    ("page_patch", "", {"cover": {"type": "object", "properties": {"url": TEXT}}}, Level.WRITE),
    ("api_patch_page", "", {"url": TEXT}, Level.WRITE),
    ("http_patch", "", {"url": TEXT, "body": TEXT}, Level.SEND),
    # links between issues are not shown to anybody, pull requests are
    ("create_issue_link", "Link two issues.", {"from": TEXT}, Level.WRITE),
    ("create_pull_request", "Open a pull request.", {"title": TEXT}, Level.SEND),
    # to drop with a mouse, and to drop a table
    ("canvas_drag", "Perform drag and drop between two elements.", {}, Level.WRITE),
    ("grid_drop", "Drop files onto an element.", {"target": TEXT}, Level.WRITE),
    ("drop_table", "Drop a table, even one that is an element of a view.", {}, Level.DESTROY),
    # what is downloaded to a place is written there
    ("download_icons", "Download icons.", {"localPath": TEXT}, Level.WRITE),
    ("download_shots", "", {"fileName": TEXT, "localPath": TEXT}, Level.WRITE),
    ("download_report", "Download a report.", {"id": TEXT}, Level.READ),
]


@pytest.mark.parametrize(("name", "text", "parameters", "level"), MAIN)
def test_main_level(name: str, text: str, parameters: dict[str, JsonObject], level: Level) -> None:
    assert main_level(tool_access(tool(name, text, parameters))) is level


READ_ONLY: JsonObject = {"readOnlyHint": True}
ACTS: dict[str, JsonObject] = {
    "operation": {"type": "string", "description": "One of 'read', 'update', 'delete'."}
}


def test_asking_who_may_delete_does_not_contradict_read_only() -> None:
    asks = tool("check_folder_permissions", "Check what a user may do.", ACTS, READ_ONLY)
    assert tool_access(asks).contradicted == ()


def test_a_tool_whose_operation_deletes_contradicts_read_only() -> None:
    acts = tool("folder_admin", "Works on folders.", ACTS, READ_ONLY)
    assert tool_access(acts).contradicted


def test_a_word_on_destruction_does_not_undo_read_only_by_default() -> None:
    text = (
        "Execute SQL statements. They run in read-only mode by default. Set a variable to allow "
        "destructive operations."
    )
    access = tool_access(tool("run_query", text, {"query": TEXT}))
    destroys = access.has(Level.DESTROY)
    assert destroys is None or destroys.confidence is Confidence.LOW


def test_a_terminal_state_is_no_terminal() -> None:
    nested: JsonObject = {"type": "object", "properties": {"script": TEXT}}
    access = tool_access(
        tool("crawl_site", "Crawl a site until a terminal state.", {"options": nested})
    )
    assert access.has(Level.EXECUTE) is None
