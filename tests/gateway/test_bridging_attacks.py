"""Attempts to abuse calls that wait, between two rounds, at a server of the handshake era."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from everything.serving import everything_at
from gateway.running import Running, running_gateway
from ostiary.model.approval import Start

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
}
INVALID_PARAMS = -32602


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("bridged")
    with everything_at("http", "handshake") as url:
        servers = {"one": Start("http", url=url), "two": Start("http", url=url)}
        with running_gateway(folder, servers) as running:
            yield running


def call(
    gateway: Running,
    tool: str = "test_elicitation",
    *,
    token: str = "",
    server: str = "one",
    arguments: dict[str, Any] | None = None,
    **params: Any,
) -> dict[str, Any]:
    """One ``tools/call``; the answer, whatever its status."""
    given = {"message": "well?"} if arguments is None else arguments
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": given, "_meta": META, **params},
    }
    request = urllib.request.Request(
        gateway.endpoint(server),
        json.dumps(message).encode(),
        {
            "Authorization": f"Bearer {token or gateway.token}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": tool,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as sent:
            kind, body = sent.headers["Content-Type"], sent.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            kind, body = "application/json", refused.read().decode()
    if kind.startswith("text/event-stream"):
        body = body.rsplit("data: ", 1)[1]
    found: dict[str, Any] = json.loads(body)
    return found


def asked(gateway: Running, **how: Any) -> tuple[str, dict[str, Any]]:
    """The state of a call that waits, and the answers that would finish it."""
    result = call(gateway, **how)["result"]
    assert result["resultType"] == "input_required"
    answers = {
        key: {"action": "accept", "content": {"response": "yes"}} for key in result["inputRequests"]
    }
    return result["requestState"], answers


def refused(found: dict[str, Any]) -> bool:
    return bool(found.get("error", {}).get("code") == INVALID_PARAMS)


def test_the_honest_way_works(gateway: Running) -> None:
    state, answers = asked(gateway)
    found = call(gateway, requestState=state, inputResponses=answers)
    assert "accept" in found["result"]["content"][0]["text"]


def test_a_state_works_once(gateway: Running) -> None:
    state, answers = asked(gateway)
    call(gateway, requestState=state, inputResponses=answers)
    assert refused(call(gateway, requestState=state, inputResponses=answers))


def test_nobody_else_can_finish_a_call(gateway: Running) -> None:
    state, answers = asked(gateway)
    other = gateway.place.token("somebody-else")
    assert refused(call(gateway, token=other, requestState=state, inputResponses=answers))
    found = call(gateway, requestState=state, inputResponses=answers)
    assert "result" in found


def test_a_call_waits_at_its_own_server_only(gateway: Running) -> None:
    state, answers = asked(gateway)
    asked(gateway, server="two")
    assert refused(call(gateway, server="two", requestState=state, inputResponses=answers))


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("test_elicitation", {"message": "another"}),
        ("test_sampling", {"message": "well?"}),
        ("test_simple_text", {}),
    ],
)
def test_other_arguments_or_another_tool_do_not_fit(
    gateway: Running, tool: str, arguments: dict[str, Any]
) -> None:
    """What was decided and recorded in the first round is what the server goes on with."""
    state, answers = asked(gateway)
    assert refused(
        call(gateway, tool, arguments=arguments, requestState=state, inputResponses=answers)
    )


def test_a_changed_state_is_none(gateway: Running) -> None:
    state, answers = asked(gateway)
    raw = bytearray(base64.urlsafe_b64decode(state + "=" * (-len(state) % 4)))
    for place in (0, len(raw) // 2, len(raw) - 1):
        changed = bytes(one ^ (number == place) for number, one in enumerate(raw))
        text = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
        assert refused(call(gateway, requestState=text, inputResponses=answers))
    for text in ("", "again", "1", state[:-1], state + "A", "é", state * 200):
        assert refused(call(gateway, requestState=text, inputResponses=answers))


@pytest.mark.parametrize("responses", [None, [], "x", {}, {"input-1": "x"}, {"other": {}}])
def test_without_an_answer_the_question_is_asked_again(gateway: Running, responses: Any) -> None:
    state, answers = asked(gateway)
    again = call(gateway, requestState=state, inputResponses=responses)["result"]
    assert again["resultType"] == "input_required"
    assert again["inputRequests"].keys() == answers.keys()
    done = call(gateway, requestState=again["requestState"], inputResponses=answers)
    assert "accept" in done["result"]["content"][0]["text"]


def test_a_client_that_cannot_answer_is_not_asked(gateway: Running) -> None:
    meta = {**META, "io.modelcontextprotocol/clientCapabilities": {}}
    found = call(gateway, _meta=meta)
    assert found.get("result", {}).get("resultType") != "input_required"


def test_making_up_capabilities_opens_no_more_than_a_few_sessions(gateway: Running) -> None:
    """Each set of capabilities needs a session of its own at the server."""
    found = [
        call(
            gateway,
            "test_simple_text",
            arguments={},
            _meta={
                **META,
                "io.modelcontextprotocol/clientCapabilities": {"experimental": {f"x{number}": {}}},
            },
        )
        for number in range(14)
    ]
    assert 0 < sum("error" in one for one in found) < len(found)
    assert "result" in call(gateway, "test_simple_text", arguments={})


def test_calls_that_wait_leave_room_for_others(gateway: Running) -> None:
    """The server works on 64 calls at a time. One caller leaves many more unfinished."""
    token = gateway.place.token("waits-a-lot")
    found = [asked(gateway, token=token) for _ in range(80)]
    assert "result" in call(gateway, "test_simple_text", arguments={})
    state, answers = found[0]
    assert refused(call(gateway, token=token, requestState=state, inputResponses=answers))
    state, answers = found[-1]
    assert "result" in call(gateway, token=token, requestState=state, inputResponses=answers)
