"""What one tool leaves behind arrives in another, whichever of them is declared first."""

from __future__ import annotations

import pytest

from analyze.judged import PYTHON, SCRIPT
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules.command_injection import CHECK
from ostiary.model.check import run
from ostiary.model.finding import Finding

TAKES = "@server.tool()\ndef take(key: str, line: str) -> None:\n    "
GOES = "@server.tool()\ndef go(key: str) -> None:\n    "
IN_A_CLASS = """
class Desk:
    def __init__(self):
        self.folder = "/tmp"
        self.allowed = ["a"]
        self.mcp = FastMCP("desk")
        self.mcp.tool()(self.take)
        self.mcp.tool()(self.go)
    def take(self, line: str) -> None:
        {take}
    def go(self, name: str) -> None:
        {go}
Desk().mcp.run()
"""
NESTED = """
class Desk:
    def __init__(self):
        self.folder = "/tmp"
        self.mcp = FastMCP("desk")
        self.register()
    def register(self):
        @self.mcp.tool()
        def go() -> None:
            os.system("ls " + self.folder)
        @self.mcp.tool()
        def take(line: str) -> None:
            self.folder = line
def main():
    Desk().mcp.run()
"""
SESSIONS = """
class Session:
    def __init__(self, line):
        self.line = line
SESSIONS = {}
"""
STATE = """
class State:
    folder = "/tmp"
    def __init__(self):
        self.own = "/tmp"
    def change(self, where):
        self.own = where
    def show(self):
        os.system("ls " + self.own)
state = State()
"""
MAKES = """
def make(mcp):
    folder = "/tmp"
    @mcp.tool()
    def take(line: str) -> None:
        nonlocal folder
        folder = line
    @mcp.tool()
    def go() -> None:
        os.system("ls " + folder)
make(server)
"""
ARRIVES = {
    "a variable": (f"AT = '/tmp'\n{GOES}os.system('ls ' + AT)\n{TAKES}global AT\n    AT = line\n"),
    "a variable, through functions": (
        f"AT = '/tmp'\ndef put(x):\n    global AT\n    AT = x\ndef now():\n    return AT\n"
        f"{TAKES}put(line)\n{GOES}os.system('ls ' + now())\n"
    ),
    "from one variable to the next": (
        f"A = B = ''\n{TAKES}global A\n    A = line\n"
        "@server.tool()\ndef on() -> None:\n    global B\n    B = A\n"
        f"{GOES}os.system('ls ' + B)\n"
    ),
    "a table": f"AT = {{}}\n{TAKES}AT[key] = line\n{GOES}os.system('ls ' + AT['x'])\n",
    "a key of a table": (
        f"AT = {{'x': '/tmp'}}\n{TAKES}AT['x'] = line\n{GOES}os.system('ls ' + AT['x'])\n"
    ),
    "a table brought up to date": (
        f"AT = {{'x': '/tmp'}}\n{TAKES}AT.update({{'x': line}})\n{GOES}os.system('ls ' + AT['x'])\n"
    ),
    "a list": f"JOBS = []\n{TAKES}JOBS.append(line)\n{GOES}[os.system('ls ' + x) for x in JOBS]\n",
    "a list in a table": (
        f"JOBS = {{}}\n{TAKES}JOBS.setdefault(key, []).append(line)\n"
        f"{GOES}for one in JOBS.get(key, []):\n        os.system('ls ' + one)\n"
    ),
    "objects in a table": (
        f"{SESSIONS}{TAKES}SESSIONS[key] = Session(line)\n"
        f"{GOES}os.system('ls ' + SESSIONS[key].line)\n"
    ),
    "a field of a class": (
        f"{STATE}{TAKES}State.folder = line\n{GOES}os.system('ls ' + State.folder)\n"
    ),
    "a field of an object": f"{STATE}{TAKES}state.own = line\n{GOES}os.system('ls ' + state.own)\n",
    "a field, by methods": f"{STATE}{TAKES}state.change(line)\n{GOES}state.show()\n",
    "a field of the server": IN_A_CLASS.format(
        take="self.folder = line", go="os.system('ls ' + self.folder)"
    ),
    "a field of the server, in functions of a method": NESTED,
    "a variable of a function around": MAKES,
    "an allow-list": (
        f"OURS = ['a']\n{TAKES}OURS.append(line)\n"
        f"{GOES}if key not in OURS:\n        return\n    os.system('ls ' + key)\n"
    ),
    "an allowed set": (
        f"OURS = {{'a'}}\n{TAKES}OURS.add(line)\n"
        f"{GOES}if key not in OURS:\n        return\n    os.system('ls ' + key)\n"
    ),
    "an allow-list of the server": IN_A_CLASS.format(
        take="self.allowed.append(line)",
        go="if name not in self.allowed:\n            return\n        os.system('ls ' + name)",
    ),
}
DOES_NOT = {
    "checked where it is left": (
        f"AT = 'a'\n{TAKES}global AT\n    if line in ('a', 'b'):\n        AT = line\n"
        f"{GOES}os.system('ls ' + AT)\n"
    ),
    "checked where it is found": (
        f"AT = 'a'\n{TAKES}global AT\n    AT = line\n"
        f"{GOES}if AT in ('a', 'b'):\n        os.system('ls ' + AT)\n"
    ),
    "another variable": (
        f"AT = ON = 'a'\n{TAKES}global ON\n    ON = line\n{GOES}os.system('ls ' + AT)\n"
    ),
    "a variable of its own": f"AT = 'a'\n{TAKES}AT = line\n{GOES}os.system('ls ' + AT)\n",
    "another key": (
        f"AT = {{'x': '', 'y': ''}}\n{TAKES}AT['y'] = line\n{GOES}os.system('ls ' + AT['x'])\n"
    ),
    "an object of one call": (
        f"{STATE.replace('state = State()', '')}{TAKES}state = State()\n    state.own = line\n"
        f"{GOES}state = State()\n    os.system('ls ' + state.own)\n"
    ),
    "an allow-list that is added to from a list": (
        f"OURS = ['a']\n{TAKES}if line in ('a', 'b'):\n        OURS.append(line)\n"
        f"{GOES}if key not in OURS:\n        return\n    os.system('ls ' + key)\n"
    ),
}
LISTS = 'execFileSync("sh", ["-c", "ls " + {0}])'
SCRIPTS_ARRIVE = {
    "a variable": ('let at = "/tmp";', "at = p;", "at"),
    "an object": ('const state = { at: "/tmp" };', "state.at = p;", "state.at"),
    "a map": ("const all = new Map();", "all.set(k, p);", 'all.get("x")'),
    "objects in a map": ("const all = new Map();", "all.set(k, { at: p });", "all.get(k).at"),
    "a list": ("const all = [];", "all.push(p);", "all[0]"),
}
SCRIPTS_DO_NOT = {
    "another map": ("const all = new Map(), on = new Map();", "on.set(k, p);", 'all.get("x")'),
    "a variable of its own": ('let at = "/tmp";', "let at; [1].forEach(() => { at = p; });", "at"),
}
OBJECTS = {
    "the server's field": (
        "class Desk { constructor() { this.at = '/tmp'; this.setup(); } setup() {"
        ' server.tool("take", { p: z.string() }, async ({ p }) => { this.at = p; });'
        f' server.tool("go", {{}}, async () => {{ {LISTS.format("this.at")}; }}); }} }} new Desk();'
    ),
    "the server's methods": (
        "class Desk { at = '/tmp'; take(p) { this.at = p; }"
        f" go() {{ {LISTS.format('this.at')}; }} }} const desk = new Desk();"
        ' server.tool("take", { p: z.string() }, (a) => desk.take(a.p));'
        ' server.tool("go", {}, () => desk.go());'
    ),
    "an object that both were given": (
        'function one(s, on) { s.tool("take", { p: z.string() }, async ({ p }) => { on.at = p; });}'
        f'function two(s, on) {{ s.tool("go", {{}}, async () => {{ {LISTS.format("on.at")}; }}); }}'
        "const on = { at: '/tmp' }; one(server, on); two(server, on);"
    ),
}
APART = (
    'function one(s, on) { s.tool("take", { p: z.string() }, async ({ p }) => { on.at = p; }); }'
    f'function two(s, on) {{ s.tool("go", {{}}, async () => {{ {LISTS.format("on.at")}; }}); }}'
    "one(server, { at: '/tmp' }); two(server, { at: '/tmp' });"
)


def _judged(files: dict[str, str]) -> list[Finding]:
    facts = read_facts(Project({path: SourceFile(path, it.encode()) for path, it in files.items()}))
    findings, failed = run((CHECK,), facts, "the server")
    assert not failed, failed
    return findings


def _python(text: str) -> bool:
    return bool(_judged({"s.py": f"{PYTHON}\n{text}"}))


def _script(before: str, takes: str, read: str) -> bool:
    return bool(
        _judged(
            {
                "s.ts": f"{SCRIPT}{before}"
                f'server.tool("go", {{ k: z.string() }}, async ({{ k }}) => {{'
                f" {LISTS.format(read)}; }});"
                'server.tool("take", { k: z.string(), p: z.string() }, async ({ k, p }) => {'
                f" {takes} }});"
            }
        )
    )


@pytest.mark.parametrize("text", ARRIVES.values(), ids=ARRIVES)
def test_what_one_tool_left_arrives_in_another(text: str) -> None:
    assert _python(text)


@pytest.mark.parametrize("text", DOES_NOT.values(), ids=DOES_NOT)
def test_what_no_tool_left_there_does_not(text: str) -> None:
    assert not _python(text)


@pytest.mark.parametrize("parts", SCRIPTS_ARRIVE.values(), ids=SCRIPTS_ARRIVE)
def test_what_one_tool_of_a_script_left_arrives_in_another(parts: tuple[str, str, str]) -> None:
    assert _script(*parts)


@pytest.mark.parametrize("parts", SCRIPTS_DO_NOT.values(), ids=SCRIPTS_DO_NOT)
def test_what_no_tool_of_a_script_left_there_does_not(parts: tuple[str, str, str]) -> None:
    assert not _script(*parts)


@pytest.mark.parametrize("text", OBJECTS.values(), ids=OBJECTS)
def test_what_was_left_in_an_object_arrives(text: str) -> None:
    assert _judged({"s.ts": SCRIPT + text})


def test_what_was_left_in_another_object_does_not() -> None:
    assert not _judged({"s.ts": SCRIPT + APART})


IMPORTED = {
    "by name": ("from state import AT", "AT['x'] = line", "AT['x']"),
    "under another name": ("from state import AT as on", "on['x'] = line", "on['x']"),
    "by module": ("import state", "state.ON = line", "state.ON"),
}


@pytest.mark.parametrize("parts", IMPORTED.values(), ids=IMPORTED)
def test_a_variable_of_another_module(parts: tuple[str, str, str]) -> None:
    before, takes, read = parts
    files = {
        "state.py": "AT = {'x': '/tmp'}\nON = '/tmp'\n",
        "s.py": f"{PYTHON}\n{before}\n{GOES}os.system('ls ' + {read})\n{TAKES}{takes}\n",
    }
    assert _judged(files)
    assert not _judged({**files, "s.py": files["s.py"].replace("= line", "= '/srv'")})


def test_the_way_tells_where_it_was_kept() -> None:
    (found,) = _judged({"s.py": f"{PYTHON}\n{ARRIVES['a variable']}"})
    assert found.location.part == "tool go"
    assert "line of take" in found.message
    assert "line is kept in AT for later calls" in [one.says for one in found.evidence]


HELPED = {
    "in a table that is filled by a function": (
        f"AT = {{}}\ndef fill(table, x):\n    table['x'] = x\n"
        f"{TAKES}fill(AT, line)\n{GOES}os.system('ls ' + AT['x'])\n"
    ),
    "in an object of a table, by another name": (
        "AT = {}\n@server.tool()\ndef new(key: str) -> None:\n    AT[key] = {'x': '/tmp'}\n"
        f"{TAKES}one = AT[key]\n    one['x'] = line\n{GOES}os.system('ls ' + AT[key]['x'])\n"
    ),
    "in all objects of a table": (
        "AT = {'a': {'x': '/tmp'}}\n"
        f"{TAKES}for one in AT.values():\n        one['x'] = line\n"
        f"{GOES}os.system('ls ' + AT[key]['x'])\n"
    ),
    "in an object that is made when it is needed": (
        "class State:\n    own = '/tmp'\nheld = None\ndef state():\n    global held\n"
        "    if held is None:\n        held = State()\n    return held\n"
        f"{TAKES}state().own = line\n{GOES}os.system('ls ' + state().own)\n"
    ),
}
HELPED_SCRIPT = (
    "const all = new Map(); function held(k) { let s = all.get(k);"
    ' if (!s) { s = { at: "/tmp" }; all.set(k, s); } return s; }\n'
    'server.tool("take", { k: z.string(), p: z.string() }, async ({ k, p }) => {'
    " const s = held(k); s.at = p; });\n"
    'server.tool("go", { k: z.string() }, async ({ k }) => {'
    f" {LISTS.format('held(k).at')}; }});"
)


@pytest.mark.parametrize("text", HELPED.values(), ids=HELPED)
def test_what_was_left_with_the_help_of_functions_and_other_names_arrives(text: str) -> None:
    assert _python(text)
    assert not _python(text.replace("fill(AT, line)", "fill({}, line)").replace("= line", "= ''"))


def test_what_was_left_in_an_object_that_another_function_keeps_arrives() -> None:
    assert _judged({"s.ts": SCRIPT + HELPED_SCRIPT})
    assert not _judged({"s.ts": SCRIPT + HELPED_SCRIPT.replace("s.at = p", "s.as = p")})
