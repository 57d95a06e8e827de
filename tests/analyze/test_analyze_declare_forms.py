"""Tools that are declared in ways of a project's own: by its methods, by the values of schemas."""

from __future__ import annotations

import pytest

from analyze.declared import does, given, typescript
from ostiary.analyze.dataflow.effect import EffectKind

HEAD = """
import { z } from "zod";
import fs from "fs";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { zodToJsonSchema } from "zod-to-json-schema";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
"""
SCOPED = """
import type { Scope } from "@example/common";
export function register(scope: Scope) {
  scope.METHOD("drop", { description: "Drops a file", inputSchema: z.object({ path: z.string() }) },
    async ({ path }, account) => fs.rmSync(path));
}
"""


@pytest.mark.parametrize("typed", [": Scope", ""])
def test_a_method_that_no_table_has_declares_by_its_form(typed: str) -> None:
    text = SCOPED.replace("METHOD", "teamTool").replace(": Scope", typed)
    assert given(typescript(HEAD + text)["drop"], EffectKind.DELETE_FILE, "path").keys() == {"path"}


@pytest.mark.parametrize(
    "text",
    [
        SCOPED.replace("METHOD", "describe"),
        SCOPED.replace("METHOD", "callTool"),
        SCOPED.replace("METHOD", "teamTool").replace("description", "title"),
        SCOPED.replace("METHOD", "teamTool").replace("async ({ path }, account) =>", ""),
    ],
)
def test_other_calls_declare_nothing(text: str) -> None:
    assert "drop" not in typescript(HEAD + text)


LITERALS = """
const Drop = z.object({ name: z.literal("drop"), description: z.literal("Drops a file"),
  arguments: z.object({ path: z.string() }) });
const Look = z.object({ name: z.literal("look"), description: z.literal("Looks at a file"),
  arguments: z.object({ path: z.string() }) });
const drop = {
  schema: { name: Drop.shape.name.value, description: Drop.shape.description.value,
    inputSchema: zodToJsonSchema(Drop.shape.arguments) },
  handle: async (params) => fs.rmSync(Drop.shape.arguments.parse(params).path),
};
const look = {
  schema: { name: Look.shape.name.value, description: Look.shape.description.value,
    inputSchema: zodToJsonSchema(Look.shape.arguments) },
  handle: async (params) => fs.readFileSync(Look.shape.arguments.parse(params).path),
};
const tools = [drop, look];
const server = new Server({ name: "x", version: "1" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, async () => (
  { tools: tools.map((tool) => tool.schema) }));
server.setRequestHandler(CallToolRequestSchema, async (request) => {
  const tool = tools.find((one) => one.schema.name === request.params.name);
  return tool.handle(request.params.arguments);
});
"""


def test_names_that_are_values_of_schemas() -> None:
    found = typescript(HEAD + LITERALS)
    assert found["drop"].entry.description == "Drops a file"
    assert [one.name for one in found["look"].entry.parameters or ()] == ["path"]
    files = {EffectKind.DELETE_FILE, EffectKind.READ_FILE}
    assert does(found["drop"]) & files == {EffectKind.DELETE_FILE}
    assert does(found["look"]) & files == {EffectKind.READ_FILE}
