"""Clients of one era before the gateway, servers of the other era alone behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CreateMessageResult,
    ElicitResult,
    ListRootsResult,
    PromptReference,
    Root,
    TextContent,
)
from pydantic import FileUrl

from everything import suite
from everything.serving import everything_at
from gateway.running import Running, running_gateway
from ostiary.model.approval import Start

ACROSS = {"handshake": "stateless", "stateless": "handshake"}
"""The server's era by the client's."""
KEYS_OF_ITS_OWN = {
    "input-required-result-basic-elicitation",
    "input-required-result-ignore-extra-params",
    "input-required-result-multiple-input-requests",
}
"""They look for the keys, or the number, of the questions that a stateless server would put in one
result. A handshake server names no keys and asks one thing after the other."""


@pytest.fixture(scope="module", params=sorted(ACROSS))
def across(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Running]]:
    """The client's era, and a gateway before a server of the other one."""
    era: str = request.param
    with (
        everything_at("http", ACROSS[era]) as url,
        running_gateway(
            tmp_path_factory.mktemp("across"), {"everything": Start("http", url=url)}
        ) as running,
    ):
        yield era, running


@pytest.mark.skipif(not suite.SUITE.exists(), reason="run tools/setup.sh test")
def test_the_official_suite_passes_across_eras(across: tuple[str, Running]) -> None:
    era, gateway = across
    revision = dict(zip(("handshake", "stateless"), suite.REVISIONS, strict=True))[era]
    found = suite.run_server(gateway.endpoint("everything"), revision, gateway.token)
    short = suite.short(found, suite.required(revision, "server"))
    assert set(short) == (KEYS_OF_ITS_OWN if era == "stateless" else set()), short


class Person:
    """Answers whatever a server asks of its client, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fill_in(self, context: Any, params: Any) -> ElicitResult:
        self.asked.append(params.message)
        fields = params.requested_schema["properties"]
        return ElicitResult(action="accept", content=dict.fromkeys(fields, "Ada"))

    async def write(self, context: Any, params: Any) -> CreateMessageResult:
        self.asked.append(params.messages[0].content.text)
        said = TextContent(type="text", text="Paris")
        return CreateMessageResult(role="assistant", content=said, model="none")

    async def roots(self, context: Any) -> ListRootsResult:
        self.asked.append("roots")
        return ListRootsResult(roots=[Root(uri=FileUrl("file:///srv"))])


class Talking:
    """A client of the SDK, connected."""

    def __init__(self, era: str, gateway: Running, server: str = "everything") -> None:
        self._mode: Any = "legacy" if era == "handshake" else "2026-07-28"
        self._gateway = gateway
        self._server = server
        self._stack = AsyncExitStack()
        self.person = Person()
        self.logged: list[Any] = []
        self.heard: list[Any] = []

    async def __aenter__(self) -> Client:
        http = await self._stack.enter_async_context(
            create_mcp_http_client(headers=self._gateway.headers)
        )
        return await self._stack.enter_async_context(
            Client(
                streamable_http_client(self._gateway.endpoint(self._server), http_client=http),
                mode=self._mode,
                elicitation_callback=self.person.fill_in,
                sampling_callback=self.person.write,
                list_roots_callback=self.person.roots,
                logging_callback=self._log,
            )
        )

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _log(self, params: Any) -> None:
        self.logged.append(params.data)


def talk(across: tuple[str, Running], play: Any) -> Person:
    async def main() -> Person:
        talking = Talking(*across)
        async with asyncio.timeout(60), talking as client:
            await play(client)
        return talking.person

    return asyncio.run(main())


def _text(result: Any) -> str:
    return "".join(getattr(one, "text", "") for one in result.content)


def test_tools_prompts_and_resources(across: tuple[str, Running]) -> None:
    async def play(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools["json_schema_2020_12_tool"].input_schema["$defs"]["address"]["$anchor"]
        assert "simple text" in _text(await client.call_tool("test_simple_text", {}))
        failed = await client.call_tool("test_error_handling", {})
        assert failed.is_error
        read = await client.read_resource("test://template/7/data")
        assert "7" in str(read.contents[0])
        prompts = [one.name for one in (await client.list_prompts()).prompts]
        assert "test_prompt_with_arguments" in prompts
        got = await client.get_prompt("test_prompt_with_arguments", {"arg1": "x", "arg2": "y"})
        assert "arg2='y'" in str(got.messages[0])
        ref = PromptReference(name="test_prompt_with_arguments")
        done = await client.complete(ref, {"name": "arg1", "value": "par"})
        assert done.completion.values == ["paris", "park", "party"]
        with pytest.raises(MCPError):
            await client.read_resource("test://none")

    talk(across, play)


def test_a_server_asks_a_person_a_model_and_for_roots(across: tuple[str, Running]) -> None:
    async def play(client: Client) -> None:
        asked = await client.call_tool("test_input_required_result_elicitation", {})
        assert _text(asked) == "Hello, Ada!"
        said = await client.call_tool("test_input_required_result_sampling", {})
        assert _text(said) == "The model said: Paris"
        roots = await client.call_tool("test_input_required_result_list_roots", {})
        assert _text(roots) == "Roots: 1"
        every = await client.call_tool("test_input_required_result_multiple_inputs", {})
        assert _text(every) == "All three came."
        prompt = await client.get_prompt("test_input_required_result_prompt")
        assert "About: Ada" in str(prompt.messages[0])

    person = talk(across, play)
    assert person.asked[:3] == ["What is your name?", "What is the capital of France?", "roots"]
    assert len(person.asked) == 7


def test_two_rounds_of_one_call(across: tuple[str, Running]) -> None:
    async def play(client: Client) -> None:
        found = await client.call_tool("test_input_required_result_multi_round", {})
        assert _text(found) == "Ada likes Ada."

    assert len(talk(across, play).asked) == 2


def test_many_calls_that_ask_at_once_get_their_own_answers(across: tuple[str, Running]) -> None:
    async def play(client: Client) -> None:
        calls = [
            client.call_tool("test_elicitation", {"message": f"number {number}"})
            for number in range(12)
        ]
        assert all("Ada" in _text(one) for one in await asyncio.gather(*calls))

    person = talk(across, play)
    assert sorted(person.asked) == sorted(f"number {number}" for number in range(12))


def test_progress_arrives(across: tuple[str, Running]) -> None:
    heard: list[float] = []

    async def heard_of(
        progress: float, total: float | None = None, message: str | None = None
    ) -> None:
        heard.append(progress)

    async def play(client: Client) -> None:
        await client.call_tool("test_tool_with_progress", {}, progress_callback=heard_of)

    talk(across, play)
    assert heard == [0, 50, 100]
