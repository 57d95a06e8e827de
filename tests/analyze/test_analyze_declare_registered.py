"""JavaScript servers that are given their tools one call at a time."""

from __future__ import annotations

import pytest

from analyze.declared import does, engine_of, given, typescript, unread
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.declare.read import read_entries

HEAD = """
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { exec } from "child_process";
import fs from "fs";
const server = new McpServer({ name: "x", version: "1" });
"""


FORMS = """
tool("run", "Runs it", { command: z.string() }, async ({ command }) => exec(command))
tool("run", "Runs it", { command: z.string() }, { readOnlyHint: true }, (a) => exec(a.command))
registerTool("run", { description: "Runs it", inputSchema: { command: z.string() } }, REST
registerTool("run", { description: "Runs it", inputSchema: z.object({ command: z.string() }) }, REST
"""
REST = "async ({ command }, extra) => exec(command))"


@pytest.mark.parametrize("call", FORMS.replace("REST", REST).strip().splitlines())
def test_forms_of_declaring_a_tool(call: str) -> None:
    run = typescript(f"{HEAD}server.{call};")["run"]
    assert run.entry.kind is EntryKind.TOOL
    assert run.entry.description == "Runs it"
    assert [one.schema for one in run.entry.parameters or ()] == [{"type": "string"}]
    assert given(run, EffectKind.SHELL, "command").keys() == {"command"}


def test_annotations_are_told_from_a_shape() -> None:
    tools = typescript(
        HEAD + 'server.tool("a", "A", { title: z.string() }, async ({ title }) => exec(title));\n'
        'server.tool("b", "B", { title: "T", readOnlyHint: true }, async () => exec("ls"));'
    )
    assert [one.name for one in tools["a"].entry.parameters or ()] == ["title"]
    assert tools["b"].entry.annotations == {"title": "T", "readOnlyHint": True}
    assert tools["b"].entry.parameters == ()


@pytest.mark.parametrize(
    ("schema", "bit", "holds"),
    [
        ('z.enum(["a", "b"])', g.CHOSEN, True),
        ('z.literal("a")', g.CHOSEN, True),
        ("z.number().int().min(1).optional()", g.NUMBER, True),
        ("z.coerce.number()", g.NUMBER, True),
        ("z.boolean().default(false)", g.NUMBER, True),
        ("z.string().regex(/^[a-z]+$/)", g.PLAIN, True),
        ("z.string().regex(/[a-z]+/)", g.PLAIN, False),
        ("z.string().uuid()", g.PLAIN, True),
        ("z.string().url()", g.PLAIN, False),
        ("z.string().max(20)", g.SIZE_LIMITED, True),
        ("z.string()", g.CHOSEN, False),
        ("z.union([z.number(), z.enum(['a'])])", g.NUMBER, True),
        ("z.union([z.number(), z.string()])", g.NUMBER, False),
        ("z.number().nullable()", g.NUMBER, True),
        ("z.array(z.number())", g.NUMBER, True),
    ],
)
def test_what_a_schema_of_zod_guarantees(schema: str, bit: int, holds: bool) -> None:
    run = typescript(
        HEAD + f'server.tool("run", {{ it: {schema} }}, async ({{ it }}) => exec("a " + it));'
    )["run"]
    parameters = run.entry.parameters or ()
    assert bool(parameters[0].guarantees & bit) is holds
    assert bool(given(run, EffectKind.SHELL, "command")["it"] & bit & g.JOINED) is (
        holds and bool(bit & g.JOINED)
    )


def test_parts_of_an_object_keep_their_own_guarantees() -> None:
    run = typescript(
        HEAD + 'server.tool("run", { o: z.object({ n: z.number(), s: z.string() }) },'
        ' async ({ o }) => { exec("a " + o.n + o.s); });'
    )["run"]
    found = given(run, EffectKind.SHELL, "command")
    assert found["o.n"] & g.NUMBER
    assert not found["o.s"] & g.SAFE


def test_prompts_and_resources() -> None:
    entries = typescript(
        HEAD + 'server.registerPrompt("p", { description: "P", argsSchema: { topic: z.string() } },'
        " ({ topic }) => exec(topic));\n"
        'server.registerResource("r", new ResourceTemplate("x:///{path}", { list: undefined }),'
        ' { description: "R" }, async (uri, { path }) => fs.readFileSync(path));'
    )
    assert entries["p"].entry.kind is EntryKind.PROMPT
    assert given(entries["p"], EffectKind.SHELL, "command").keys() == {"topic"}
    assert entries["r"].entry.uri == "x:///{path}"
    assert given(entries["r"], EffectKind.READ_FILE, "path").keys() == {"path"}


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ('"notes:///all"', False),
        ("LISTED[0].uri", False),
        ('new ResourceTemplate("notes:///{path}", {})', True),
        ("process.env.WHERE", True),
    ],
)
def test_only_the_address_of_a_template_is_anybodys(address: str, chosen: bool) -> None:
    entries = typescript(
        HEAD + 'const LISTED = [{ uri: "notes:///all" }];\n'
        f'server.registerResource("r", {address}, {{}}, async (uri) => exec(uri.pathname));'
    )
    assert bool(given(entries["r"], EffectKind.SHELL, "command")) is chosen


def test_tools_given_as_objects() -> None:
    tools = typescript(
        """
        import { FastMCP } from "fastmcp";
        import { z } from "zod";
        import { exec } from "child_process";
        const server = new FastMCP({ name: "x", version: "1.0.0" });
        server.addTool({
          name: "run",
          description: "Runs it",
          parameters: z.object({ command: z.string(), how: z.enum(["a"]) }),
          execute: async (args) => { exec(args.command + args.how); return ""; },
        });
        """
    )
    found = given(tools["run"], EffectKind.SHELL, "command")
    assert tools["run"].entry.description == "Runs it"
    assert found["how"] & g.CHOSEN
    assert not found["command"] & g.CHOSEN


def test_a_method_of_that_name_with_something_else_is_no_tool() -> None:
    entries = typescript(
        """
        const chest = open();
        chest.tool("hammer", 3);
        chest.addTool({ weight: 3 });
        """
    )
    assert [one for one in entries.values() if one.entry.kind is EntryKind.TOOL] == []


def test_a_server_that_came_as_an_argument_of_unknown_type_is_read_by_the_form_of_the_call() -> (
    None
):
    tools = typescript(
        """
        import { exec } from "child_process";
        export function register(server) {
          server.registerTool("run", { description: "Runs it", inputSchema: {} }, async (args) => {
            exec(args.command);
          });
        }
        """
    )
    assert does(tools["run"]) == {EffectKind.SHELL}
    assert given(tools["run"], EffectKind.SHELL, "command").keys() == {"command"}


def test_a_tool_whose_name_cannot_be_read_is_said_and_its_code_is_looked_at() -> None:
    text = HEAD + "server.tool(load(), async (args) => { exec(args.command); });"
    assert len(unread({"src/index.ts": text})) == 1
    assert does(typescript(text)["any tool"]) == {EffectKind.SHELL}


@pytest.mark.parametrize(
    "schema",
    [
        "z.string().transform((v) => exec(v))",
        "z.preprocess((v) => exec(v), z.string())",
        "z.string().min(1).refine((v) => exec(v)).optional()",
        "z.array(z.object({ deep: z.string().transform((v) => exec(v)) }))",
    ],
)
def test_functions_of_a_schema_run_before_the_handler(schema: str) -> None:
    run = typescript(f'{HEAD}server.tool("run", {{ it: {schema} }}, async ({{ it }}) => "");')[
        "run"
    ]
    assert {name.partition(".")[0] for name in given(run, EffectKind.SHELL, "command")} == {"it"}


def test_functions_of_a_schema_that_nobody_parses_with_do_not_run() -> None:
    listed = "{ name: 'run', description: 'Runs', parameters: z.string().transform((v) => exec(v)),"
    text = (
        f'{HEAD}import {{ pool }} from "elsewhere";\npool.addTool({listed} execute: () => "" }});'
    )
    assert EffectKind.SHELL not in does(typescript(text)["run"])


def test_what_was_transformed_is_no_longer_what_was_checked() -> None:
    for schema, held in (("", True), (".transform((v) => v + '; ls')", False)):
        shape = f'{{ it: z.enum(["a", "b"]){schema} }}'
        run = typescript(f'{HEAD}server.tool("run", {shape}, ({{ it }}) => exec(it));')["run"]
        assert bool(given(run, EffectKind.SHELL, "command")["it"] & g.CHOSEN) is held


def test_a_tool_that_two_branches_declare_is_one() -> None:
    text = """
    const run = async ({ it }) => exec(it);
    if (process.env.HINTS) server.tool("run", "Runs", { it: z.string() }, { title: "T" }, run);
    else server.tool("run", "Runs", { it: z.string() }, run);
    server.tool("other", "Runs too", { it: z.string() }, run);
    """
    engine = engine_of({"src/index.ts": HEAD + text})
    names = [one.name for one in read_entries(engine)[0] if one.kind is EntryKind.TOOL]
    assert names == ["run", "other"]
