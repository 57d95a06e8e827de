"""Ways around the one decision: other methods, other shapes of a question, links, listening."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.running import POLICY, Running, running_gateway
from gateway.talking import Said, Talk, stateless, stateless_headers
from ostiary.model.approval import Start

SCHEMER = Path(__file__).resolve().parents[1] / "gateway" / "servers" / "schemer.py"
RULES = """\
@id("no-asking-back") forbid (principal, action in Action::"ask_back", resource);
@id("no-private-files") forbid (principal, action == Action::"read", resource)
when { context.arguments.hasTag("uri") && context.arguments.getTag("uri") like "*private*" };
"""


def schemer(era: str) -> Start:
    return Start("stdio", command=(sys.executable, str(SCHEMER), era), readable=(str(SCHEMER),))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("paths")
    (folder / "rules.cedar").write_text(RULES, encoding="utf-8")
    settings = POLICY + 'files = ["rules.cedar"]\n'
    servers = {"old": schemer("handshake"), "new": schemer("stateless")}
    with running_gateway(folder, servers, settings=settings) as gateway:
        yield gateway


def talk(running: Running, server: str = "", token: str = "") -> Talk:
    return Talk(running.endpoint(server), token or running.token).open()


def once(running: Running, server: str, message: dict[str, Any], token: str = "") -> Said:
    client = Talk(running.endpoint(server), token or running.token)
    return client.post(message, stateless_headers(message))


@pytest.mark.parametrize("method", ["tools/list", "resources/list", "resources/templates/list"])
def test_a_question_in_a_list_is_a_question(running: Running, method: str) -> None:
    token = running.place.token("lists-" + method.replace("/", "-"))
    deed = stateless("tools/call", name="do", arguments={"what": "ask-lists"})
    assert once(running, "new", deed, token).text == "did ask-lists"
    said = once(running, "new", stateless(method), token)
    assert "createMessage" not in json.dumps(said.message.get("result", {}))
    assert "no-asking-back" in said.body.decode() or "refused" in said.body.decode()


def test_an_error_that_asks_a_person_to_visit_a_page_is_a_question(running: Running) -> None:
    said = talk(running, "old").call("do", what="visit")
    assert "evil.example" not in said.body.decode()
    assert "refused" in said.message["error"]["message"]


@pytest.mark.parametrize(
    "method", ["tools/call ", "Tools/Call", "TOOLS/CALL", "tools\u2215call", "\ttools/call"]
)
def test_a_method_that_only_looks_like_another_reaches_nobody(
    running: Running, method: str
) -> None:
    client = talk(running, "old")
    said = client.ask(method, {"name": "do", "arguments": {"what": "x"}})
    assert said.message["error"]["code"] == -32601
    methods = [one["method"] for one in json.loads(client.call("heard").text)]
    assert method not in methods


def test_a_narrow_token_sends_no_unknown_method(running: Running) -> None:
    narrow = talk(running, "old", running.place.token("narrow-other", only=["old/heard"]))
    assert "error" in narrow.ask("admin/delete-everything", {}).message
    methods = [one["method"] for one in json.loads(narrow.call("heard").text)]
    assert "admin/delete-everything" not in methods
    wide = talk(running, "old")
    assert "result" in wide.ask("admin/look", {}).message


def test_a_policy_about_addresses_holds_for_what_a_template_leads_to(running: Running) -> None:
    client = talk(running, "old")
    read = client.ask("resources/read", {"uri": "file:///public/a"})
    assert "public" in read.message["result"]["contents"][0]["text"]
    said = client.ask("resources/read", {"uri": "file:///private/a"})
    assert "error" in said.message


def test_a_link_brings_back_nothing_that_is_withheld(running: Running) -> None:
    client = talk(running, "old", running.place.token("links"))
    client.call("do", what="link other://linked")
    read = client.ask("resources/read", {"uri": "other://linked"})
    assert "result" in read.message
    client.call("do", what="turn")
    client.call("do", what="link note://turned")
    said = client.ask("resources/read", {"uri": "note://turned"})
    assert "withheld" in json.dumps(said.message["error"])


def test_a_level_for_all_is_decided_for_each_server(running: Running) -> None:
    client = talk(running, "", running.place.token("levels"))
    client.call("old__heard")
    client.ask("logging/setLevel", {"level": "debug"})
    told = json.loads(client.call("old__heard").text)
    assert "logging/setLevel" in [one["method"] for one in told]
    asked = [
        one
        for one in running.place.record("--kind", "request")
        if one["method"] == "logging/setLevel"
    ]
    assert {("old", "local:levels"), ("", "local:levels")} <= {
        (one["server"], one["principal"]) for one in asked
    }


def test_a_completion_whose_argument_is_no_object_is_not_judged_as_none(running: Running) -> None:
    client = talk(running, "old")
    ref = {"type": "ref/resource", "uri": "file:///{+path}"}
    said = client.ask("completion/complete", {"ref": ref, "argument": ["private"]})
    assert said.message["error"]["code"] == -32602
