"""Clients that listen hear of what changed: approvals, withdrawals, drift."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.running import OSTIARY, Running, program, running_gateway
from gateway.talking import Talk, stateless, stateless_headers
from ostiary.model.approval import Start

MISCHIEF = Path(__file__).with_name("servers") / "mischief.py"


def odd() -> Start:
    return program(MISCHIEF)


def messages(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """Messages of an event stream as they come."""
    while line := answer.readline():
        if line.startswith(b"data:") and line[5:].strip():
            yield json.loads(line[5:])


@contextlib.contextmanager
def stream(
    client: Talk, method: str, headers: dict[str, str], body: str | None = None
) -> Iterator[Iterator[dict[str, Any]]]:
    """Messages of an open stream."""
    where = urlsplit(client.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    given = {"Authorization": f"Bearer {client.token}", **headers}
    connection.request(method, where.path, body, given)
    try:
        with connection.getresponse() as answer:
            yield messages(answer)
    finally:
        connection.close()


def withdraw(running: Running) -> None:
    subprocess.run(
        [str(OSTIARY), "approve", "--withdraw", "odd", "--yes",
         "--settings", str(running.place.settings), "--state", str(running.place.state)],
        cwd=running.place.folder, env=running.place.environment, check=True, capture_output=True,
    )  # fmt: skip


@pytest.mark.proves("RD-06")
def test_a_session_that_listens_hears_of_a_withdrawal(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as running:
        client = Talk(running.endpoint(), running.token).open()
        assert "odd__echo" in client.tools()
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": client.session}
        with stream(client, "GET", headers) as heard:
            withdraw_after_a_look(running)
            assert next(one for one in heard if one["method"].endswith("tools/list_changed"))
        assert client.tools() == []


@pytest.mark.proves("RD-06")
def test_a_subscription_hears_of_a_withdrawal(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as running:
        client = Talk(running.endpoint(), running.token)
        message = stateless(
            "subscriptions/listen", number=7, notifications={"toolsListChanged": True}
        )
        headers = {
            **stateless_headers(message),
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        with stream(client, "POST", headers, json.dumps(message)) as heard:
            first = next(heard)
            assert first["method"] == "notifications/subscriptions/acknowledged"
            withdraw_after_a_look(running)
            changed = next(one for one in heard if one["method"].endswith("tools/list_changed"))
        assert changed["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 7


def withdraw_after_a_look(running: Running) -> None:
    """What a listener is told is what differs between two looks, so one must come before."""
    settled(running)
    settled(running)
    withdraw(running)


def settled(running: Running) -> None:
    lock = running.place.folder / "ostiary.lock"
    before = len(running.said)
    # Touching the lock makes the gateway look at it, and say so.
    lock.write_bytes(lock.read_bytes())
    while len(running.said) == before:
        assert running.process.poll() is None


@pytest.mark.proves("RD-06")
def test_what_one_session_finds_changed_every_listener_is_told(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as running:
        client = Talk(running.endpoint("odd"), running.token).open()
        other = Talk(running.endpoint(), running.place.token("other")).open()
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": other.session}
        with stream(other, "GET", headers) as heard:
            settled(running)
            settled(running)
            said = client.call("do", what="turn-and-say")
            assert "notifications/tools/list_changed" in [
                one.get("method") for one in said.messages
            ]
            assert client.tools() == ["do"]
            assert next(one for one in heard if one["method"].endswith("tools/list_changed"))
        assert other.tools() == ["odd__do"]
