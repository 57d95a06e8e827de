"""Every path to a server crosses the door: shown on the code, and on what a gateway records."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.running import Running, program, running_gateway
from gateway.talking import HELLO, Talk, stateless, stateless_headers
from ostiary.wire.bridging import HANDSHAKE_ONLY, STATELESS_ONLY
from ostiary.wire.methods import CLIENT_METHODS

ROOM = Path(__file__).resolve().parents[2] / "src" / "ostiary" / "gateway"
MISCHIEF = Path(__file__).with_name("servers") / "mischief.py"
SPEAKING = ("request", "send", "ask", "ready", "refresh")
"""What a leg does towards its server."""
PARAMS: dict[str, dict[str, Any]] = {
    "tools/call": {"name": "echo", "arguments": {"text": "x"}},
    "prompts/get": {"name": "p"},
    "resources/read": {"uri": "file:///x"},
    "resources/subscribe": {"uri": "file:///x"},
    "resources/unsubscribe": {"uri": "file:///x"},
    "completion/complete": {
        "ref": {"type": "ref/prompt", "name": "p"},
        "argument": {"name": "a", "value": "b"},
    },
    "logging/setLevel": {"level": "info"},
}
UNRECORDED = {"ping", "initialize", "subscriptions/listen"}
"""``ping`` says nothing; ``initialize`` is sent by opening; listening has no end."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_only_the_door_makes_a_pass() -> None:
    makers = [
        path.name
        for path in ROOM.rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Pass"
    ]
    assert set(makers) == {"door.py"}


def test_whatever_speaks_to_a_server_needs_a_pass() -> None:
    spoken = 0
    for name in ("leg.py", "to_stateless.py", "to_handshake.py"):
        for node in ast.walk(tree(ROOM / name)):
            if isinstance(node, ast.AsyncFunctionDef) and node.name in SPEAKING:
                first = node.args.args[1]
                assert isinstance(first.annotation, ast.Name), f"{name}: {node.name}"
                assert first.annotation.id == "Pass", f"{name}: {node.name}"
                spoken += 1
    assert spoken >= len(SPEAKING)


def test_transports_know_no_way_around_the_relay() -> None:
    for path in (ROOM / "downstream").glob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith("ostiary.gateway.upstream"), path.name
                assert node.module not in ("ostiary.gateway.leg", "ostiary.gateway.door"), path.name


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    odd = program(MISCHIEF)
    with running_gateway(tmp_path_factory.mktemp("paths"), {"odd": odd}) as gateway:
        yield gateway


def recorded(running: Running, client: str) -> list[str]:
    events = running.place.record("--client", client)
    return [one["method"] for one in events if one["kind"] in ("request", "refused")]


def methods(era_lacks: frozenset[str]) -> list[str]:
    return sorted(CLIENT_METHODS.keys() - era_lacks - UNRECORDED)


@pytest.mark.parametrize("server", ["odd", ""], ids=["one", "joined"])
def test_every_method_over_http_is_decided_and_recorded(running: Running, server: str) -> None:
    for era, lacks in (("handshake", STATELESS_ONLY), ("stateless", HANDSHAKE_ONLY)):
        name = f"http-{era}-{server or 'joined'}"
        client = Talk(running.endpoint(server), running.place.token(name))
        if era == "handshake":
            client.open()
        for method in methods(lacks):
            params = dict(PARAMS.get(method, {}))
            if not server and "name" in params:
                params["name"] = f"odd__{params['name']}"
            if era == "handshake":
                client.ask(method, params)
            else:
                message = stateless(method, **params)
                client.post(message, stateless_headers(message))
        found = recorded(running, name)
        for method in methods(lacks):
            assert found.count(method) == 1, f"{name}: {method}"


def test_every_method_over_standard_streams_is_decided_and_recorded(running: Running) -> None:
    asked = methods(STATELESS_ONLY)
    messages: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": HELLO},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        *(
            {"jsonrpc": "2.0", "id": number, "method": method, "params": PARAMS.get(method, {})}
            for number, method in enumerate(asked, 1)
        ),
    ]
    process = subprocess.Popen(
        [*running.place.command, "--stdio", "--server", "odd", "--client", "streams"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=running.place.folder, env=running.place.environment,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    answered = set()
    for message in messages:
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        if "id" in message:
            answer = json.loads(process.stdout.readline())
            answered.add(answer["id"])
    process.communicate(timeout=30)
    assert answered == set(range(len(asked) + 1))
    found = recorded(running, "streams")
    for method in asked:
        assert found.count(method) == 1, method


def test_a_method_nobody_knows_is_refused_and_recorded(running: Running) -> None:
    token = running.place.token("unknown")
    said = Talk(running.endpoint(""), token).open().ask("tasks/result", {"taskId": "x"})
    assert said.message["error"]["code"] == -32601
    assert "tasks/result" in recorded(running, "unknown")
