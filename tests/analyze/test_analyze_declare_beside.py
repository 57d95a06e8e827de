"""Definitions whose registry cannot be followed, and the code that stands beside them."""

from __future__ import annotations

from analyze.levels import facts_of, goes_to
from ostiary.analyze.levels import tool_reach
from ostiary.model.audit import ToolReach

INDEX = """
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { getTools, answer } from "./registry.js";
import "./all.js";
const server = new Server({ name: "x", version: "1" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: getTools() }));
server.setRequestHandler(CallToolRequestSchema, async (request) =>
  answer(request.params.name, request.params.arguments));
"""
REGISTRY = """
const known = new Map();
export function register(one) { known.set(one.tool.name, one); }
export const getTools = () => Array.from(known.values()).map((one) => one.tool);
export const answer = async (name, args) => await known.get(name).run(args);
"""
ALL = """
import { register } from "./registry.js";
import { Weather } from "./weather.js";
import { News } from "./news.js";
register(new Weather());
register(new News());
"""
TOOL = """
import { Base } from "./base.js";
const Definition = {
  name: "NAME",
  description: "Tells it.",
  inputSchema: { type: "object", properties: { place: { type: "string" } } },
};
export class CLASS extends Base {
  constructor() { super(Definition); }
  async METHOD({ place }) { return await fetch(`https://api.example/NAME/${place}`); }
}
"""
BASE = """
export class Base {
  constructor(tool) { this.tool = tool; }
  async run(args) { return await this.METHOD(args); }
}
"""


def tools(method: str, more: str = "") -> dict[str, ToolReach]:
    def tool(name: str) -> str:
        text = TOOL.replace("NAME", name).replace("CLASS", name.title())
        return text.replace("METHOD", method) + more

    found = facts_of(
        {
            "index.js": INDEX,
            "registry.js": REGISTRY,
            "all.js": ALL,
            "base.js": BASE.replace("METHOD", method),
            "news.js": tool("news"),
            "weather.js": tool("weather"),
        }
    )
    return {one.access.tool: one for one in tool_reach(found)}


def test_the_only_class_that_works_beside_a_definition_answers_for_it() -> None:
    found = tools("process")
    assert set(found) == {"news", "weather"}
    for one in found.values():
        assert goes_to(one) == {("api.example", "fixed")}
        assert one.handler is not None


def test_code_that_a_dispatcher_does_not_lead_to_is_said_not_to_be_found() -> None:
    several = "export class Other { async process(args) { return args; } }\n"
    for found in (tools("doWork"), tools("process", several)):
        assert [one.handler for one in found.values()] == [None, None]
