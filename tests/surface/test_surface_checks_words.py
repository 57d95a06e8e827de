"""Claims, quality, size, resources and icons."""

from __future__ import annotations

import pytest

from ostiary.model.grade import Persona, Severity
from ostiary.model.json import JsonObject
from ostiary.surface.checks import (
    CHECKS,
    descriptions,
    icons,
    mismatch,
    oversized,
    resource_uris,
)
from surface.surface_make import TEXT, found, item, surface, tool

READ = tool("list_rows", "List the rows of a table.", properties={"table": TEXT})
DROP = tool("drop_table", "Drop a table of the database for ever.", properties={"table": TEXT})


@pytest.mark.proves("RD-12")
@pytest.mark.parametrize(
    "claim",
    [
        "This server provides read-only access to the warehouse.",
        "All tools are read-only.",
        "The server never modifies your data.",
        "A read-only connector for the warehouse.",
    ],
)
def test_a_server_that_says_it_only_reads_and_does_more(claim: str) -> None:
    findings = found(mismatch.CHECK, surface(READ, DROP, instructions=claim))
    assert [finding.severity for finding in findings] == [Severity.MEDIUM]
    assert "drop_table" in findings[0].message
    assert "list_rows" not in findings[0].message
    assert claim.rsplit(maxsplit=1)[-1].rstrip(".") in findings[0].evidence[0].excerpt


@pytest.mark.proves("RD-12")
def test_the_description_of_the_server_counts_as_well() -> None:
    meta: JsonObject = {"serverInfo": {"description": "Read-only access to the warehouse."}}
    assert len(found(mismatch.CHECK, surface(DROP, meta=meta))) == 1


@pytest.mark.parametrize(
    "claim",
    [
        "",
        "Run it in read-only mode by setting READ_ONLY=1.",
        "Use list_rows when you need read-only access to a table.",
        "Manages tables.",
    ],
)
def test_a_claim_about_a_mode_or_none_at_all(claim: str) -> None:
    assert found(mismatch.CHECK, surface(READ, DROP, instructions=claim)) == []


def test_a_truthful_reader_is_left_alone() -> None:
    one = surface(READ, instructions="All tools are read-only.")
    assert found(mismatch.CHECK, one) == []


def test_a_reading_name_over_a_destroying_description() -> None:
    assert len(found(mismatch.CHECK, surface(tool("get_user", "Deletes the user.")))) == 1
    honest = [tool("get_deleted", "List deleted users."), tool("delete_user", "Deletes the user.")]
    assert found(mismatch.CHECK, surface(*honest)) == []


@pytest.mark.proves("MS-28")
def test_tools_that_say_nothing_are_counted_for_the_server() -> None:
    one = surface(
        tool("a_tool"),
        tool("get_user", "Get user."),
        tool("run", "TODO"),
        tool("list_rows", "List the rows of a table, newest first."),
        prompts=(item("prompt", "p"),),
    )
    findings = found(descriptions.CHECK, one)
    messages = [finding.message for finding in findings]
    assert messages == [
        "1 of 4 tools has no description: a_tool.",
        "1 of 1 prompts has no description: p.",
        "2 of 4 tools have a description that says nothing more: get_user, run.",
    ]
    assert {finding.persona for finding in findings} == {Persona.PEDANTIC}


def test_useful_and_foreign_descriptions_are_not_vague() -> None:
    useful = [tool("search", "使用必应搜索"), tool("ping", "Send an echo request to a host.")]
    assert found(descriptions.CHECK, surface(*useful)) == []


@pytest.mark.proves("MS-28")
def test_a_surface_too_large_for_a_context() -> None:
    many = surface(*(tool(f"t{number}", "Does a thing.") for number in range(150)))
    findings = found(oversized.CHECK, many)
    assert [finding.rule for finding in findings] == ["oversized-surface"]
    assert "150 tools, about" in findings[0].message
    heavy = surface(tool("a", "word " * 40_000))
    assert [one.rule for one in found(oversized.CHECK, heavy)] == ["oversized-surface"]
    wordy = surface(READ, instructions="Please. " * 2_000)
    assert [one.rule for one in found(oversized.CHECK, wordy)] == ["instructions-too-long"]
    assert found(oversized.CHECK, surface(READ, instructions="Short.")) == []


@pytest.mark.parametrize(
    "uri",
    [
        "file:///home/u/.ssh/id_rsa",
        "file:///home/u/%2essh/id_ed25519",
        "file:///C:\\Users\\u\\.aws\\credentials",
        "file:///proc/self/environ",
        "file:///etc/shadow",
        "javascript:alert(1)",
        " data:text/html;base64,PHNjcmlwdD4=",
        "http://169.254.169.254/latest/meta-data",
        "file:///srv/app/.env",
    ],
)
def test_resources_that_point_where_none_should(uri: str) -> None:
    findings = found(resource_uris.CHECK, surface(resources=(item("resource", uri, name="r"),)))
    assert [finding.rule for finding in findings] == ["resource-uri-danger"]


@pytest.mark.parametrize(
    "uri",
    [
        "file:///home/u/notes.md",
        "file:///srv/app/.env.example.md",
        "data:image/png;base64,AAAA",
        "https://docs.example/ssh/index.html",
        "note://.ssh/about",
    ],
)
def test_ordinary_resources(uri: str) -> None:
    assert found(resource_uris.CHECK, surface(resources=(item("resource", uri),))) == []


@pytest.mark.parametrize(
    ("template", "hits"),
    [
        ("file:///{path}", 1),
        ("file://{+path}", 1),
        ("https://{host}/x", 1),
        ("{+url}", 1),
        ("file:///srv/data/{name}", 0),
        ("https://api.example/{id}", 0),
        ("repo://{owner}/{name}", 0),
    ],
)
def test_templates_without_bounds(template: str, hits: int) -> None:
    one = surface(templates=(item("template", template, name="t"),))
    assert len(found(resource_uris.CHECK, one)) == hits


def test_icons() -> None:
    remote = tool("t", "x", icons=[{"src": "https://cdn.example/i.png"}])
    inside = tool("u", "x", icons=[{"src": "data:image/png;base64,AAAA"}])
    findings = found(icons.CHECK, surface(remote, inside))
    assert [finding.persona for finding in findings] == [Persona.PEDANTIC]
    script = tool("v", "x", icons=[{"src": "data:image/svg+xml,<svg><script>x</script></svg>"}])
    loud = found(icons.CHECK, surface(script))
    assert [finding.severity for finding in loud] == [Severity.MEDIUM]
    assert loud[0].persona is Persona.DEFAULT


def test_captured_surfaces_are_told_by_their_file() -> None:
    one = surface(tool("get_user", "Deletes the user."), source="/tmp/one.json")
    assert found(mismatch.CHECK, one)[0].location.file == "/tmp/one.json"
    live = surface(tool("get_user", "Deletes the user."))
    assert found(mismatch.CHECK, live)[0].location.file is None


def test_every_check_is_listed_once_and_ids_do_not_repeat() -> None:
    ids = [rule.id for check in CHECKS for rule in check.rules]
    assert len(ids) == len(set(ids))
