"""Addresses of requests as the engine knows them, from which destinations are told."""

from __future__ import annotations

import pytest

from analyze.declared import python, typescript
from ostiary.analyze.dataflow.effect import EffectKind

SERVER = """
    import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
    import { z } from "zod";
    const server = new McpServer({ name: "demo", version: "1.0.0" });
    server.tool("t", "Looks.", { q: z.string() }, async ({ q }) => {
      const answer = await fetch(%s);
      return { content: [{ type: "text", text: await answer.text() }] };
    });
"""


def _address(argument: str) -> str:
    reached = typescript(SERVER % argument)["t"]
    (request,) = (one for one in reached.effects if one.kind is EffectKind.REQUEST)
    return request.operands["url"].pieces


def test_a_string_is_no_object_that_has_an_address() -> None:
    assert _address("`https://api.example/x?q=${q}`") == "https://api.example/x?q=\0"


def test_an_object_gives_the_address_it_has() -> None:
    assert _address("{ url: 'https://api.example/y' }") == "https://api.example/y"


BUILT = {
    "new URL('https://api.example/x')": "https://api.example/x",
    "new URL(`/v1/${q}`, 'https://api.example').toString()": "https://api.example/v1/\0",
    "new URL('v1', 'https://api.example')": "https://api.example/v1",
    "new URL(`https://api.example/${q}`, 'https://other.example')": "https://api.example/\0",
}


@pytest.mark.parametrize("argument", BUILT)
def test_an_address_that_is_put_together_keeps_its_text(argument: str) -> None:
    assert _address(argument) == BUILT[argument]


def test_a_part_that_may_replace_the_base_leaves_nothing_known() -> None:
    assert _address("new URL(q, 'https://api.example')") == ""


@pytest.mark.parametrize(("path", "text"), [("f'/v1/{q}'", "https://api.example/v1/\0"), ("q", "")])
def test_python_puts_addresses_together_alike(path: str, text: str) -> None:
    reached = python(
        f"""
        import httpx
        from urllib.parse import urljoin
        from mcp.server.fastmcp import FastMCP
        server = FastMCP("x")

        @server.tool()
        def t(q: str):
            return httpx.get(urljoin("https://api.example", {path})).text
        """
    )["t"]
    (request,) = (one for one in reached.effects if one.kind is EffectKind.REQUEST)
    assert request.operands["url"].pieces == text
