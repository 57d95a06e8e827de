"""Commands that are run by a detour: who is called, and with what, is still told."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import (
    command_injection,
    program_choice,
    request_forgery,
    unsafe_deserialization,
)
from ostiary.model.check import run

PARTIAL = "import functools\ngo = functools.partial(subprocess.run, shell={})"
PASSED = "def h(c, shell={}): return subprocess.run(c, shell=shell)"
OF_OBJECT = """
class R:
    def __init__(self): self.shell = True
    def run(self, c): subprocess.run(c, shell=self.shell)
"""
HITS = {
    "by vars": "def t(x: str): vars(os)['sys' + 'tem'](x + ' -l')",
    "by a dictionary": "def t(x: str): os.__dict__['system'](x + ' -l')",
    "by globals": ("def t(x: str): globals()['h']('ls ' + x)", "def h(c): os.system(c)"),
    "by a thread": "def t(x: str): asyncio.to_thread(os.system, f'ls {x}')",
    "by a loop": (
        "def t(x: str):\n    loop = asyncio.get_running_loop()\n"
        "    loop.run_in_executor(None, subprocess.getoutput, f'ls {x}')"
    ),
    "by map": "def t(x: list[str]): list(map(os.system, x))",
    "by a part": ("def t(x: str): go('ls ' + x)", PARTIAL.format("True")),
    "with a shell by default": ("def t(x: str): h('ls ' + x)", PASSED.format("True")),
    "with a shell of the caller": ("def t(x: str): h('ls ' + x, True)", PASSED.format("False")),
    "with a shell of the object": (
        "def t(x: str): R().run('ls ' + x)",
        OF_OBJECT,
    ),
    "formatted from a spread": (
        "def t(x: str): h('ls {}', x)", "def h(line, *a): os.system(line.format(*a))"
    ),
}  # fmt: skip
MISSES = {
    "another by vars": "def t(x: str): vars(os.path)['base' + 'name'](x)",
    "no shell by default": ("def t(x: str): h(['ls', '--', x])", PASSED.format("False")),
    "no shell by a part": ("def t(x: str): go(['ls', '--', x])", PARTIAL.format("False")),
    "quoted by map": (
        "def t(x: str): h('ls {}', x)",
        "import shlex\ndef h(line, *a): os.system(line.format(*map(shlex.quote, a)))",
    ),
}  # fmt: skip
SCRIPTS = {
    "by call": "cp.execSync.call(cp, `git log ${a.x}`)",
    "by apply": "cp.execSync.apply(null, [`git log ${a.x}`])",
    "by bind": "cp.execSync.bind(cp)(`git log ${a.x}`)",
    "by reflection": "Reflect.apply(cp.execSync, cp, [`git log ${a.x}`])",
    "with a shell of the caller": (
        "const run = (c: string, o: any) => cp.spawnSync(c, o); run('ls ' + a.x, { shell: true })"
    ),
}
PLAIN_SCRIPTS = {
    "no shell by reflection": "Reflect.apply(cp.execFileSync, cp, ['du', ['--', a.x]])",
    "no shell by apply": "cp.execFileSync.apply(null, ['du', ['--', a.x]])",
    "no shell of the caller": (
        "const run = (c: string[], o: any) => cp.spawnSync('du', c, o); "
        "run(['--', a.x], { shell: false })"
    ),
}


def told(body: str | tuple[str, str]) -> list[str]:
    text, before = (body, "") if isinstance(body, str) else body
    checks = (command_injection.CHECK, program_choice.CHECK)
    return [one.rule for check in checks for one in python(check, text, before)]


def told_of_script(body: str) -> list[str]:
    body = f'const cp = require("child_process"); {body}'
    checks = (command_injection.CHECK, program_choice.CHECK)
    return [one.rule for check in checks for one in script(check, body)]


@pytest.mark.parametrize("body", HITS.values(), ids=HITS)
def test_a_command_by_a_detour_is_found(body: str | tuple[str, str]) -> None:
    assert told(body) == ["command-injection"]


@pytest.mark.parametrize("body", MISSES.values(), ids=MISSES)
def test_a_detour_alone_is_no_finding(body: str | tuple[str, str]) -> None:
    assert told(body) == []


@pytest.mark.parametrize("body", SCRIPTS.values(), ids=SCRIPTS)
def test_a_command_by_a_detour_of_a_script_is_found(body: str) -> None:
    assert told_of_script(body) == ["command-injection"]


@pytest.mark.parametrize("body", PLAIN_SCRIPTS.values(), ids=PLAIN_SCRIPTS)
def test_a_detour_of_a_script_alone_is_no_finding(body: str) -> None:
    assert told_of_script(body) == []


@pytest.mark.parametrize(
    ("does", "count"),
    [("os.system(f'echo {k}')", 1), ("subprocess.run(['echo', 'called'])", 0)],
)
@pytest.mark.parametrize("marked", ["pass", "@functools.wraps(f)"])
def test_what_a_decorator_puts_around_a_tool_is_the_tools(
    does: str, count: int, marked: str
) -> None:
    wrapper = f"{'' if marked == 'pass' else marked}"
    text = (
        "import functools, os, subprocess\nfrom mcp.server.fastmcp import FastMCP\n"
        "s = FastMCP('d')\ndef logged(f):\n"
        + (f"    {wrapper}\n" if wrapper else "")
        + f"    def inner(*a, **k):\n        {does}\n        return f(*a, **k)\n    return inner\n"
        "@s.tool()\n@logged\ndef area(w: str, h: int) -> str:\n    'Area.'\n    return w\n"
    )
    facts = read_facts(Project({"s.py": SourceFile("s.py", text.encode())}))
    findings, failed = run((command_injection.CHECK,), facts, "the server")
    assert not failed
    assert {one.location.part for one in findings} == ({"tool area"} if count else set())
    (tool,) = facts.tools
    assert [one.name for one in tool.entry.parameters or ()] == ["w", "h"]


CLIENTS = {
    "async with httpx.AsyncClient(base_url=f'http://{x}') as c:\n        await c.get('/a')": 1,
    "async with httpx.AsyncClient(base_url=f'http://x.ch/{x}') as c:\n        await c.get('/a')": 0,
    "async with httpx.AsyncClient(base_url=HOSTS[x]) as c:\n        await c.get('/a')": 0,
}
MADE = {
    "const c = axios.create({ baseURL: `https://${a.x}/api` }); await c.get('/x')": 1,
    "const c = axios.create({ baseURL: `https://x.ch/${a.x}` }); await c.get('/x')": 0,
    "const c = axios.create({ baseURL: 'https://x.ch' }); await c.get('/x/' + a.x)": 0,
}
LOADERS = {"yaml.UnsafeLoader": 1, "yaml.SafeLoader": 0, "yaml.CSafeLoader": 0}
COMMANDS = {
    "await $`sh -c ${'git log ' + a.x}`": 1,
    "await $`docker exec ${'web'} bash -lc ${a.x + ' -l'}`": 1,
    "await $`du -sh -- ${a.x}`": 0,
    "await $`echo ${'sh'} ${'-n'} ${a.x}`": 0,
}


@pytest.mark.parametrize(("does", "count"), CLIENTS.items())
def test_the_address_that_a_client_is_made_with_counts(does: str, count: int) -> None:
    before = "import httpx\nHOSTS = {'a': 'http://a.example', 'b': 'http://b.example'}"
    body = f"async def t(x: str):\n    {does}"
    assert len(python(request_forgery.CHECK, body, before)) == count


@pytest.mark.parametrize(("does", "count"), MADE.items())
def test_the_address_that_a_client_of_a_script_is_made_with_counts(does: str, count: int) -> None:
    body = f'const axios = require("axios"); {does}'
    assert len(script(request_forgery.CHECK, body)) == count


@pytest.mark.parametrize(("base", "count"), LOADERS.items())
def test_a_loader_of_ones_own_is_as_safe_as_what_it_is_made_from(base: str, count: int) -> None:
    before = f"class Mine({base}):\n    pass"
    body = "def t(x: str): yaml.load(x, Loader=Mine)"
    assert len(python(unsafe_deserialization.CHECK, body, before)) == count


@pytest.mark.parametrize("library", ["zx", "execa", "bun"])
@pytest.mark.parametrize(("does", "count"), COMMANDS.items())
def test_a_shell_inside_a_template_is_a_shell(library: str, does: str, count: int) -> None:
    body = f'const {{ $ }} = require("{library}"); {does}'
    assert len(script(command_injection.CHECK, body)) == count
