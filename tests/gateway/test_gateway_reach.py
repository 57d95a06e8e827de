"""What the gateway reaches for its callers, with credentials that they never hold."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.approving import approval_of
from gateway.running import OSTIARY, POLICY, Running, http_server, running_gateway, started
from gateway.talking import HELLO, Talk
from ostiary.model.approval import Approval, ApprovedItem, Start
from ostiary.surface.pins import text_digest
from ostiary.wire.canonical import digest

KEEPER = Path(__file__).with_name("servers") / "keeper.py"
SECRET = "internal-credential-4711"
SETTINGS = POLICY + '[servers.keeper]\nheaders = { Authorization = "file:keeper.secret" }\n'
PRIVATE = "allow_private = true\n"
WORDS = "Ask whoami first."


def approval(url: str) -> Approval:
    """What a person saw and approved."""
    tools: list[dict[str, Any]] = [
        {"name": name, "description": f"Does {name}.", "inputSchema": {"type": "object"}}
        for name in ("forbidden", "turn", "whoami")
    ]
    return Approval(
        server="keeper",
        key="k",
        start=Start("http", url=url, headers=("Authorization",)),
        artifact="",
        instructions=text_digest(WORDS),
        capabilities=digest({"tools": {}}),
        items=tuple(ApprovedItem("tool", one["name"], digest(one), (), (), one) for one in tools),
        owner="o",
        reason="r",
        approved_by="me",
        approved_at="2026-11-21T00:00:00Z",
        revision="2025-11-25",
        instructions_text=WORDS,
        capabilities_declared={"tools": {}},
    )


@contextlib.contextmanager
def gateway(folder: Path, url: str, settings: str = SETTINGS + PRIVATE) -> Iterator[Running]:
    (folder / "keeper.secret").write_text(f"Bearer {SECRET}\n", encoding="utf-8")
    with running_gateway(folder, approvals=[approval(url)], settings=settings) as running:
        yield running


def everything_kept(running: Running) -> str:
    files = [one for one in running.place.folder.rglob("*") if one.is_file()]
    return "".join(
        one.read_bytes().decode("utf-8", "replace") for one in files if one.name != "keeper.secret"
    )


@pytest.mark.proves("GW-28", "GW-34")
def test_an_internal_server_is_reached_with_a_credential_that_no_caller_holds(
    tmp_path: Path,
) -> None:
    with http_server(KEEPER, SECRET) as url, gateway(tmp_path, url) as running:
        client = Talk(running.endpoint("keeper"), running.token).open()
        assert client.call("whoami").text == "somebody with the right key"
        assert SECRET not in everything_kept(running)
        assert SECRET not in "".join(running.said)


@pytest.mark.proves("GW-05")
def test_a_server_that_wants_more_than_its_credential_has_fails_safely(tmp_path: Path) -> None:
    with http_server(KEEPER, SECRET) as url, gateway(tmp_path, url) as running:
        client = Talk(running.endpoint("keeper"), running.token).open()
        said = client.call("forbidden")
        assert "error" in said.message
        assert said.status != 401
        for theirs in ("THEIR-SCOPE", "THEIR-CHALLENGE"):
            assert theirs not in json.dumps(said.message) + json.dumps(said.headers)
        assert client.call("whoami").text == "somebody with the right key"


@pytest.mark.parametrize("content", ["Bearer something-else", ""], ids=["wrong", "empty"])
def test_a_credential_that_does_not_fit_is_told_without_being_shown(
    tmp_path: Path, content: str
) -> None:
    with http_server(KEEPER, SECRET) as url, gateway(tmp_path, url) as running:
        (tmp_path / "keeper.secret").write_text(content, encoding="utf-8")
        client = Talk(running.endpoint("keeper"), running.token)
        said = client.ask("initialize", HELLO)
        assert "keeper did not answer" in said.message["error"]["message"]
        assert "something-else" not in json.dumps(said.message)


@pytest.mark.proves("SO-18")
def test_a_private_address_is_reached_only_where_the_operator_says_so(tmp_path: Path) -> None:
    with http_server(KEEPER, SECRET) as url:
        closed = SETTINGS + "allow_private = false\n"
        with gateway(tmp_path, url, closed) as running:
            client = Talk(running.endpoint("keeper"), running.token)
            said = client.ask("initialize", HELLO)
            assert "result" not in said.message
            assert "nothing was done" in said.message["error"]["message"]
        running.place.settings.write_text(
            running.place.settings.read_text(encoding="utf-8").replace(
                "allow_private = false", "allow_private = true"
            ),
            encoding="utf-8",
        )
        with started(running.place) as opened:
            client = Talk(opened.endpoint("keeper"), opened.token).open()
            assert client.call("whoami").text


@pytest.mark.proves("RD-11")
def test_instructions_that_changed_are_withheld_and_told(tmp_path: Path) -> None:
    with http_server(KEEPER, SECRET) as url, gateway(tmp_path, url) as running:
        first = Talk(running.endpoint("keeper"), running.token)
        said = first.ask("initialize", HELLO).message["result"]
        assert said["instructions"] == WORDS
        client = Talk(running.endpoint("keeper"), running.token).open()
        client.call("turn")
        again = Talk(running.endpoint("keeper"), running.token).ask("initialize", HELLO)
        assert "instructions" not in again.message["result"]
        assert "evil.example" not in json.dumps(again.message)
        assert any(
            "instructions" in json.dumps(one) for one in running.place.record("--kind", "drift")
        )


@pytest.mark.proves("RD-21")
def test_every_connection_of_a_client_is_recorded(tmp_path: Path) -> None:
    with http_server(KEEPER, SECRET) as url, gateway(tmp_path, url) as running:
        for _ in range(3):
            Talk(running.endpoint("keeper"), running.token).open()
        opened = [
            one for one in running.place.record("--kind", "session") if one["why"] == "opened"
        ]
        assert len(opened) == 3
        assert {one["client"] for one in opened} == {"test"}


@pytest.mark.proves("SO-07")
def test_several_gateways_keep_one_record(tmp_path: Path) -> None:
    with (
        http_server(KEEPER, SECRET) as url,
        gateway(tmp_path, url) as first,
        started(first.place) as second,
    ):
        for running in (first, second):
            Talk(running.endpoint("keeper"), running.token).open().call("whoami")
        calls = first.place.record("--kind", "request", "--tool", "whoami")
        assert len(calls) == 2
        assert len({one["writer"] for one in calls}) == 2
    done = subprocess.run(
        [str(OSTIARY), "log", "verify", "--ledger", str(first.place.state / "ledger")],
        capture_output=True, text=True, env=first.place.environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.proves("GW-35")
def test_a_boxed_server_gets_its_secret_and_folder_and_nothing_else(tmp_path: Path) -> None:
    granted = tmp_path / "granted"
    granted.mkdir()
    (granted / "data.txt").write_text("the data", encoding="utf-8")
    script = granted / "server.py"
    script.write_text(INSIDE, encoding="utf-8")
    (tmp_path / "key").write_text("the-servers-own-key", encoding="utf-8")
    start = Start(
        "stdio",
        command=(sys.executable, str(script)),
        env=("OWN_KEY",),
        readable=(str(granted),),
    )
    settings = POLICY + '[servers.inside]\nenv = { OWN_KEY = "file:key" }\n'
    approved = approval_of("inside", start, tmp_path / "cache")
    with running_gateway(tmp_path, approvals=[approved], settings=settings) as running:
        client = Talk(running.endpoint("inside"), running.token).open()
        told = json.loads(client.call("look", path=str(granted / "data.txt")).text)
        assert told == {"key": True, "data": "the data"}
        assert json.loads(client.call("look", path=str(tmp_path / "key")).text)["data"] == ""
        kept = "".join(
            one.read_bytes().decode("utf-8", "replace")
            for one in running.place.state.rglob("*")
            if one.is_file()
        )
        assert "the-servers-own-key" not in kept


LOOK = {
    "name": "look",
    "description": "Looks.",
    "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}},
}
INSIDE = """
import json, os, sys
LOOK = %s
for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    method, made = message["method"], {"jsonrpc": "2.0", "id": message["id"]}
    if method == "initialize":
        made["result"] = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                          "serverInfo": {"name": "inside", "version": "1"}}
    elif method == "tools/list":
        made["result"] = {"tools": [LOOK]}
    else:
        try:
            data = open(message["params"]["arguments"]["path"]).read()
        except OSError:
            data = ""
        told = {"key": os.environ.get("OWN_KEY") == "the-servers-own-key", "data": data}
        made["result"] = {"content": [{"type": "text", "text": json.dumps(told)}]}
    print(json.dumps(made), flush=True)
""" % json.dumps(LOOK)  # noqa: UP031
