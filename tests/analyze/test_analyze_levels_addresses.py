"""Addresses of requests as the engine knows them, from which destinations are told."""

from __future__ import annotations

from analyze.declared import typescript
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
