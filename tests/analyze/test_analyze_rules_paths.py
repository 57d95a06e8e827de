"""Paths held to a folder: which checks hold, and which can be got round."""

from __future__ import annotations

import pytest

from ostiary.analyze.facts import Facts
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import followed_link, path_escape
from ostiary.model.check import run
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity

SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import fs from "fs";
import fsp from "fs/promises";
import path from "path";
const server = new McpServer({ name: "s", version: "1" });
const ROOT = path.resolve(process.argv[2]);
const ROOTS = process.argv.slice(2).map(d => path.resolve(d));
BEFORE
server.tool("t", { p: z.string() }, async ({ p }) => { BODY });
"""
PYTHON = """
import os
from pathlib import Path
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")
ROOT = Path(os.environ["ROOT"]).resolve()
ROOTS = [Path(x).resolve() for x in os.environ["ROOTS"].split(":")]
BASE = os.path.realpath(os.environ["BASE"])
BEFORE
@server.tool()
def t(p: str) -> str:
BODY
"""


def facts(path: str, text: str) -> Facts:
    return read_facts(Project({path: SourceFile(path, text.encode())}))


def found(path: str, form: str, before: str, body: str) -> list[Finding]:
    text = form.replace("BEFORE", before).replace("BODY", body)
    findings, failed = run(
        (path_escape.CHECK, followed_link.CHECK), facts(path, text), "the server"
    )
    assert not failed
    return findings


HELD_SCRIPT = {
    "resolved and a separator": (
        "",
        (
            "const f=path.resolve(ROOT,p); if(!f.startsWith(ROOT+path.sep)) "
            'throw new Error("x"); return fs.readFileSync(f)'
        ),
    ),
    "in a predicate": (
        "function inside(f){ return f.startsWith(ROOT+path.sep) }",
        (
            'const f=path.resolve(ROOT,p); if(!inside(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "the folder or below it, refused": (
        "",
        (
            "const f=path.resolve(ROOT,p); "
            'if(f!==ROOT && !f.startsWith(ROOT+path.sep)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "the folder or below it, demanded": (
        "",
        (
            "const f=path.resolve(ROOT,p); "
            'if(!(f===ROOT || f.startsWith(ROOT+path.sep))) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "some of several folders": (
        "",
        (
            "const f=path.resolve(p); "
            "const ok = ROOTS.some(r=> f===r || f.startsWith(r+path.sep)); if(!ok) "
            'throw new Error("x"); return fs.readFileSync(f)'
        ),
    ),
    "some of several folders, in a predicate": (
        ("function allowed(f){ return ROOTS.some(r=> f===r || f.startsWith(r+path.sep)) }"),
        (
            'const f=path.resolve(p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "each way by itself": (
        (
            "function allowed(f){ return ROOTS.some(r=> { "
            "const n=path.normalize(r); if (f===n) return true; "
            "if (f.startsWith(n+path.sep)) return true; return false }) }"
        ),
        (
            'const f=path.resolve(p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "in a loop": (
        (
            "function allowed(f){ for (const r of ROOTS){ "
            "const n=path.normalize(r); if (f===n || f.startsWith(n+path.sep)) "
            "return true; } return false }"
        ),
        (
            'const f=path.resolve(p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "by the way from the folder": (
        "",
        (
            "const f=path.resolve(ROOT,p); const rel=path.relative(ROOT,f); "
            'if(rel.startsWith("..")||path.isAbsolute(rel)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "by the way from the folder, in a predicate": (
        (
            "function inside(root,f){const rel=path.relative(root,f); "
            'return !rel.startsWith("..") && !path.isAbsolute(rel)}'
        ),
        (
            "const f=path.resolve(ROOT,p); if(!inside(ROOT,f)) "
            'throw new Error("x"); return fs.readFileSync(f)'
        ),
    ),
    "in a method": (
        (
            "class G{ constructor(root){this.root=path.resolve(root)} check(p){ "
            "const f=path.resolve(this.root,p); "
            'if(!f.startsWith(this.root+path.sep)) throw new Error("n"); '
            "return f } }\n"
            "const gg=new G(process.argv[2]);"
        ),
        "return fs.readFileSync(gg.check(p))",
    ),
    "a folder that is the root": (
        (
            "function allowed(f){ return ROOTS.some(r=> { "
            "const n=path.normalize(r); if (f===n) return true; "
            "if (n===path.sep) { return f.startsWith(path.sep) } "
            "return f.startsWith(n+path.sep) }) }"
        ),
        (
            'const f=path.resolve(p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "switched off by the operator": (
        (
            "async function dirs(){return ROOTS}\n"
            "async function allowed(f){ const ds=await dirs(); if(ds.length===0) "
            "return true; let n=path.normalize(f).toLowerCase(); "
            "return ds.some(r=>{ const m=path.normalize(r); if(n===m) return true; "
            "if(n.startsWith(m+path.sep)) return true; return false }) }"
        ),
        (
            "const f=path.resolve(p); if(!(await allowed(f))) "
            'throw new Error("x"); return fs.readFileSync(f)'
        ),
    ),
}
ESCAPED_SCRIPT = {
    "joined only": (
        "",
        "return fs.readFileSync(path.join(ROOT,p))",
    ),
    "no separator": (
        "",
        (
            "const f=path.resolve(ROOT,p); if(!f.startsWith(ROOT)) "
            'throw new Error("x"); return fs.readFileSync(f)'
        ),
    ),
    "no separator, dots left": (
        "function allowed(f){ return f.startsWith(ROOT) }",
        (
            'const f=path.join(ROOT,p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "no separator, some of several": (
        "function allowed(f){ return ROOTS.some(r=> f.startsWith(r)) }",
        (
            'const f=path.normalize(p); if(!allowed(f)) throw new Error("x"); '
            "return fs.readFileSync(f)"
        ),
    ),
    "not resolved": (
        ("function allowed(f){ return ROOTS.some(r=> f===r || f.startsWith(r+path.sep)) }"),
        'if(!allowed(p)) throw new Error("x"); return fs.readFileSync(p)',
    ),
}
HELD_PYTHON = {
    "relative_to": (
        "",
        (
            "    f=(ROOT/p).resolve()\n"
            "    try:\n"
            "        f.relative_to(ROOT)\n"
            "    except ValueError:\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "is_relative_to": (
        "",
        (
            "    f=(ROOT/p).resolve()\n"
            "    if not f.is_relative_to(ROOT):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "realpath and a separator": (
        "",
        (
            "    f=os.path.realpath(os.path.join(BASE,p))\n"
            "    if not f.startswith(BASE+os.sep):\n"
            '        raise ValueError("no")\n'
            "    return open(f).read()"
        ),
    ),
    "the folder or below it": (
        "",
        (
            "    f=os.path.realpath(os.path.join(BASE,p))\n"
            "    if f != BASE and not f.startswith(BASE+os.sep):\n"
            '        raise ValueError("no")\n'
            "    return open(f).read()"
        ),
    ),
    "commonpath": (
        "",
        (
            "    f=os.path.realpath(os.path.join(BASE,p))\n"
            "    if os.path.commonpath([BASE,f]) != BASE:\n"
            '        raise ValueError("no")\n'
            "    return open(f).read()"
        ),
    ),
    "any of several": (
        "",
        (
            "    f=Path(p).resolve()\n"
            "    if not any(f.is_relative_to(r) for r in ROOTS):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "any of several, in a predicate": (
        "def ok(f):\n    return any(f == r or f.is_relative_to(r) for r in ROOTS)",
        (
            "    f=Path(p).resolve()\n"
            "    if not ok(f):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "tried in turn": (
        (
            "def ok(f):\n"
            "    for r in ROOTS:\n"
            "        try:\n"
            "            f.relative_to(r)\n"
            "            return True\n"
            "        except ValueError:\n"
            "            continue\n"
            "    return False"
        ),
        (
            "    f=Path(p).resolve()\n"
            "    if not ok(f):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "in a helper": (
        (
            "def safe(p):\n"
            "    f=(ROOT/p).resolve()\n"
            "    if not f.is_relative_to(ROOT):\n"
            '        raise ValueError("no")\n'
            "    return f"
        ),
        "    return safe(p).read_text()",
    ),
    "parents": (
        "",
        (
            "    f=(ROOT/p).resolve()\n"
            "    if ROOT not in f.parents and f != ROOT:\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "as text, in a predicate": (
        "def ok(f):\n    return str(f).startswith(str(ROOT) + os.sep)",
        (
            "    f=(ROOT/p).resolve()\n"
            "    if not ok(f):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
}
ESCAPED_PYTHON = {
    "joined only": (
        "",
        "    return (ROOT/p).read_text()",
    ),
    "no separator": (
        "",
        (
            "    f=(ROOT/p).resolve()\n"
            "    if not str(f).startswith(str(ROOT)):\n"
            '        raise ValueError("no")\n'
            "    return f.read_text()"
        ),
    ),
    "dots left": (
        "def ok(f):\n    return f.startswith(BASE + os.sep)",
        (
            "    f=os.path.join(BASE,p)\n"
            "    if not ok(f):\n"
            '        raise ValueError("no")\n'
            "    return open(f).read()"
        ),
    ),
}
VALIDATOR = """
async function validate(p) {
    const real = await fsp.realpath(path.resolve(p));
    if (!ROOTS.some(r => real === r || real.startsWith(r + path.sep))) throw new Error("no");
    return real;
}
"""


@pytest.mark.proves("MS-21")
@pytest.mark.parametrize(("before", "body"), ESCAPED_SCRIPT.values(), ids=list(ESCAPED_SCRIPT))
def test_a_check_of_a_script_that_can_be_got_round_is_told(before: str, body: str) -> None:
    (finding,) = found("s.ts", SCRIPT, before, body)
    assert (finding.rule, finding.severity) == ("path-escape", Severity.HIGH)


def test_a_path_that_only_begins_like_an_absolute_one_is_below_no_folder() -> None:
    before = (
        "function allowed(f){ return ROOTS.some(r=> { "
        "if (f.startsWith(path.sep)) return true; return f.startsWith(r+path.sep) }) }"
    )
    body = (
        'const f=path.resolve(p); if(!allowed(f)) throw new Error("x"); return fs.readFileSync(f)'
    )
    (finding,) = found("s.ts", SCRIPT, before, body)
    assert "checked to lie below a folder" not in finding.evidence[-1].says


@pytest.mark.parametrize(("before", "body"), HELD_SCRIPT.values(), ids=list(HELD_SCRIPT))
def test_a_check_of_a_script_that_holds_leaves_links_at_most(before: str, body: str) -> None:
    (finding,) = found("s.ts", SCRIPT, before, body)
    assert (finding.rule, finding.severity) == ("followed-link", Severity.LOW)


def test_a_script_that_follows_links_before_it_checks_is_left_alone() -> None:
    assert not found("s.ts", SCRIPT, VALIDATOR, "return fs.readFileSync(await validate(p))")
    assert not found("s.ts", SCRIPT, "", "fs.readFileSync(path.join(ROOT, path.basename(p)))")


@pytest.mark.parametrize(("before", "body"), ESCAPED_PYTHON.values(), ids=list(ESCAPED_PYTHON))
def test_a_check_in_python_that_can_be_got_round_is_told(before: str, body: str) -> None:
    (finding,) = found("s.py", PYTHON, before, body)
    assert (finding.rule, finding.severity) == ("path-escape", Severity.HIGH)


@pytest.mark.parametrize(("before", "body"), HELD_PYTHON.values(), ids=list(HELD_PYTHON))
def test_a_check_in_python_that_holds_is_left_alone(before: str, body: str) -> None:
    assert not found("s.py", PYTHON, before, body)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("    assert '..' not in p\n    return open(ROOT / p).read()", Severity.MEDIUM),
        ("    assert '..' not in p\n    return open(f'{ROOT}/{p}').read()", None),
    ],
)
def test_an_absolute_path_replaces_a_folder_that_it_is_joined_to(
    body: str, left: Severity | None
) -> None:
    severities = [one.severity for one in found("s.py", PYTHON, "", body)]
    assert severities == ([] if left is None else [left])


def test_a_tool_for_any_path_has_a_power_and_is_told_quietly() -> None:
    (read,) = found("s.py", PYTHON, "", "    return open(p).read()")
    (write,) = found("s.py", PYTHON, "", "    open(p, 'w').write('x')")
    assert (read.severity, write.severity) == (Severity.LOW, Severity.MEDIUM)


def test_what_follows_a_folder_of_a_caller_is_not_told_twice() -> None:
    text = PYTHON.replace("def t(p: str)", "def t(p: str, name: str)")
    (finding,) = found("s.py", text, "", "    open(os.path.join(p, name), 'w').write('x')")
    assert finding.message.startswith("Parameter p ")


@pytest.mark.parametrize("check", ["", "    if not inside(p): raise ValueError(p)\n"])
def test_what_follows_a_folder_that_was_checked_can_lead_out_of_it(check: str) -> None:
    text = (
        'import os\nfrom mcp.server.fastmcp import FastMCP\nserver = FastMCP("demo")\n'
        "def inside(p):\n    return os.path.realpath(p).startswith('/srv/data' + os.sep)\n"
        f"@server.tool()\ndef t(p: str, name: str) -> str:\n{check}"
        "    return open(p + '/' + name).read()\n"
    )
    findings, failed = run((path_escape.CHECK,), facts("s.py", text), "the server")
    assert not failed
    high = [one for one in findings if one.severity >= Severity.HIGH]
    assert bool(high) is bool(check)


def test_a_path_that_is_anybodys_is_told_where_a_shared_function_is_given_it() -> None:
    shared = "def keep(path):\n    open(path, 'w').write('x')\nkeep('/tmp/started')\n"
    (finding,) = found("s.py", PYTHON, shared, "    keep(p)")
    (line,) = [n for n, one in enumerate(PYTHON.splitlines(), 1) if one == "BODY"]
    assert finding.location.line == line + shared.count("\n")
    assert finding.evidence[-1].location.line == line - 2


ANSWERING = """
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import fs from "fs";
const server = new Server({ name: "s", version: "1" }, { capabilities: { tools: {} } });
const schema = { type: "object", properties: { path: { type: "string" } } };
server.setRequestHandler(ListToolsRequestSchema, async () => ({
  tools: [{ name: "keep", description: "Keeps", inputSchema: schema }] }));
server.setRequestHandler(CallToolRequestSchema, async (request) => {
  if (request.params.session) return session.run(() => answer(request.params));
  return answer(request.params);
});
async function answer(params) {
  return keep(params.arguments.path);
}
function keep(path) {
  fs.writeFileSync(path, "x");
}
"""


def test_a_path_is_told_where_it_is_used_and_not_where_a_whole_request_is_handed_on() -> None:
    (finding,) = found("s.ts", ANSWERING, "", "")
    assert finding.location.line == 17
    twice = f"{ANSWERING}keep('/tmp/started');\n"
    (finding,) = found("s.ts", twice, "", "")
    assert finding.location.line == 14


OTHER_FORM = """
async function allowed(f) { return ROOTS.some(r => f === r || f.startsWith(r + path.sep)) }
async function validate(p) {
    const whole = path.resolve(p);
    let real = null;
    try { real = await fsp.realpath(whole) } catch (e) { if (e.code !== "ENOENT") throw e; MADE }
    const checked = real ?? whole;
    if (!(await allowed(checked))) throw new Error("no");
    return USED;
}
"""
NEXT_OF_KIN = "real = path.join(await fsp.realpath(path.dirname(whole)), path.basename(whole))"


def test_a_path_that_is_used_in_another_form_than_was_checked_is_told_where_it_is_handed_back() -> (
    None
):
    before = OTHER_FORM.replace("MADE", "").replace("USED", "whole")
    (finding,) = found("s.ts", SCRIPT, before, "fs.writeFileSync(await validate(p), 'x')")
    assert (finding.rule, finding.severity) == ("unchecked-form", Severity.MEDIUM)
    text = SCRIPT.replace("BEFORE", before).splitlines()
    assert text[(finding.location.line or 0) - 1].strip() == "return whole;"


@pytest.mark.parametrize("made", ["", NEXT_OF_KIN])
def test_a_path_that_is_used_as_it_was_checked_is_left_alone(made: str) -> None:
    before = OTHER_FORM.replace("MADE", made).replace("USED", "checked")
    assert not found("s.ts", SCRIPT, before, "fs.writeFileSync(await validate(p), 'x')")


def test_what_a_checked_folder_lists_lies_below_it() -> None:
    body = (
        "const d = await validate(p);"
        " for (const n of fs.readdirSync(d)) fs.readFileSync(path.join(d, n))"
    )
    assert not found("s.ts", SCRIPT, VALIDATOR, body)


def test_a_message_that_names_a_checked_path_is_no_path() -> None:
    body = (
        "    f = os.path.realpath(os.path.join(BASE, p))\n"
        "    if not f.startswith(BASE + os.sep):\n        raise ValueError('no')\n"
        "    return f'{p} is in order, and so is {f}'"
    )
    assert not found("s.py", PYTHON, "", body)


PREFIX = """
function validate(p) {
    const whole = path.resolve(p);
    const ok = ROOTS.some(r => whole.startsWith(r));
    if (!ok) throw new Error("no");
    return whole;
}
"""


def test_a_validator_that_can_be_got_round_is_told_once_and_where_it_compares() -> None:
    body = "fs.readFileSync(validate(p)); fs.writeFileSync(validate(p + 'x'), 'y')"
    (finding,) = found("s.ts", SCRIPT, PREFIX, body)
    assert (finding.rule, finding.severity) == ("path-escape", Severity.HIGH)
    text = SCRIPT.replace("BEFORE", PREFIX).splitlines()
    assert "startsWith" in text[(finding.location.line or 0) - 1]


TWICE = """
const inside = f => ROOTS.some(r => f === r || f.startsWith(r + path.sep));
async function validate(p) {
    const whole = path.resolve(p);
    if (!inside(whole)) throw new Error("no");
    try {
        const real = await fsp.realpath(whole);
        if (!inside(real)) throw new Error("no");
        return real;
    } catch (e) {
        if (e.code !== "ENOENT") throw e;
        const folder = await fsp.realpath(path.dirname(whole));
        if (!inside(folder)) throw new Error("no");
        return whole;
    }
}
"""


def test_a_path_that_is_checked_again_with_its_links_followed_is_left_alone() -> None:
    assert not found("s.ts", SCRIPT, TWICE, "fs.writeFileSync(await validate(p), 'x')")
