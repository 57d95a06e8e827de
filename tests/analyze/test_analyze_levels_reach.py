"""What the code of a tool can do, in both languages, by kind of effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyze.levels import PYTHON, facts_of, goes_to, likely, python, typescript, unsure
from ostiary.analyze.levels import tool_reach
from ostiary.model.access import Level

R, W, D, X = Level.READ, Level.WRITE, Level.DESTROY, Level.EXECUTE
S, P = Level.SEND, Level.SPEND

CASES = {
    "a file is read": ("open(p).read()", "fs.promises.readFile(p)", {R}),
    "names in a folder": ("os.listdir(p)", "fs.promises.readdir(p)", {R}),
    "a file is written": ("open(p, 'w').write(x)", "fs.promises.writeFile(p, x)", {W}),
    "a file is removed": ("os.remove(p)", "fs.promises.unlink(p)", {D}),
    "a command of the caller": ("subprocess.run(p, shell=True)", "child.execSync(p)", {X}),
    "a shell for the caller": (
        "subprocess.run(['bash', '-c', p])",
        "child.execFileSync('bash', ['-c', p])",
        {X},
    ),
    "a program that reads": (
        "subprocess.run(['git', 'log', '--', p])",
        "child.execFileSync('git', ['log', '--', p])",
        {R},
    ),
    "a program that sends": (
        "subprocess.run(['git', 'push', '--', p])",
        "child.execFileSync('git', ['push', '--', p])",
        {S},
    ),
    "a program that destroys": (
        "subprocess.run(['git', 'checkout', '--force', p])",
        "child.execFileSync('git', ['checkout', '--force', p])",
        {D},
    ),
    "after a step to a folder": (
        "subprocess.run(f'cd {shlex.quote(x)} && git status', shell=True)",
        "child.execSync(`cd ${shescape.quote(x)} && git status`)",
        {R},
    ),
    "code of the caller": ("eval(p)", "eval(p)", {X}),
    "a GET": ("httpx.get(f'https://api.example/{p}')", "fetch(`https://api.example/${p}`)", {R}),
    "a POST": (
        "httpx.post('https://api.example/items', json=p)",
        "fetch('https://api.example/items', {method: 'POST', body: p})",
        {W},
    ),
    "a POST that asks": (
        "httpx.post('https://api.example/search', json=p)",
        "fetch('https://api.example/search', {method: 'POST', body: p})",
        {R},
    ),
    "a DELETE": (
        "httpx.delete(f'https://api.example/{p}')",
        "fetch(`https://api.example/${p}`, {method: 'DELETE'})",
        {D},
    ),
    "any method": (
        "httpx.request(x, f'https://api.example/{p}')",
        "fetch(`https://api.example/${p}`, {method: x})",
        {R, W, D},
    ),
    "a post to anywhere": ("httpx.post(p, json=x)", "axios.post(p, x)", {S}),
    "a statement of the caller": ("sqlite3.connect('a.db').execute(p)", "db.query(p)", {R, W, D}),
    "a statement that asks": (
        "sqlite3.connect('a.db').execute('SELECT * FROM x WHERE y = ?', [p])",
        "db.query('select * from x where y = $1', [p])",
        {R},
    ),
    "a statement that writes": (
        "sqlite3.connect('a.db').execute('INSERT INTO x VALUES (?)', [p])",
        "db.query('insert into x values ($1)', [p])",
        {W},
    ),
    "a statement that destroys": (
        "sqlite3.connect('a.db').execute(f'DROP TABLE {p}')",
        "db.query(`drop table ${p}`)",
        {D},
    ),
    "mail": (
        "smtplib.SMTP('mail.example').sendmail('a@example.org', p, x)",
        "nodemailer.createTransport({host: 'mail.example'}).sendMail({to: p, text: x})",
        {S},
    ),
    "money": (
        "stripe.PaymentIntent.create(amount=5, customer=p)",
        "new Stripe('k').paymentIntents.create({amount: 5, customer: p})",
        {P},
    ),
}
HEAD_OF_PYTHON = "import os, shlex, subprocess, smtplib, sqlite3, httpx, stripe\n@server.tool()\n"
HEAD_OF_TYPESCRIPT = """
import fs from "fs"; import child from "child_process"; import pg from "pg";
import axios from "axios"; import nodemailer from "nodemailer"; import Stripe from "stripe";
import * as shescape from "shescape";
const db = new pg.Client();
"""


def in_python(expression: str) -> str:
    return f"{HEAD_OF_PYTHON}def t(p: str, x: str): return {expression}"


def in_typescript(expression: str) -> str:
    shape = "{p: z.string(), x: z.string()}"
    return f"{HEAD_OF_TYPESCRIPT}server.tool('t', {shape}, async ({{p, x}}) => {expression});"


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_levels_come_from_what_the_code_does(case: tuple[str, str, set[Level]]) -> None:
    one, two, expected = case
    for tool in (python(in_python(one)), typescript(in_typescript(two))):
        assert likely(tool) == expected
        assert all(one.basis[0].kind == "source" for one in tool.access.capabilities)
        assert tool.handler is not None


def test_every_piece_of_evidence_has_its_place() -> None:
    tool = python("import os\n@server.tool()\ndef t(path: str):\n    os.remove(path)")
    (capability,) = tool.access.capabilities
    assert capability.basis[0].says == (
        "source: removes a file at a path of the caller's choosing (server.py:7)"
    )
    assert (tool.place.file, tool.handler.line if tool.handler else 0) == ("server.py", 6)


def test_a_tool_whose_code_is_not_found_keeps_its_words() -> None:
    facts = facts_of({"server.py": f"{PYTHON}@server.tool()\ndef delete_file(path: str): return 1"})
    lost = tuple(replace(one, entry=replace(one.entry, handler=None)) for one in facts.reached)
    (tool,) = tool_reach(replace(facts, reached=lost))
    assert tool.handler is None
    assert likely(tool) == {D}
    assert {piece.kind for one in tool.access.capabilities for piece in one.basis} == {"words"}


def test_a_tool_that_reaches_nothing_has_little_evidence_of_anything() -> None:
    tool = python("@server.tool()\ndef t(a: int, b: int): return a + b")
    assert (likely(tool), unsure(tool)) == (set(), {R})
    assert goes_to(tool) == set()


def test_the_output_of_a_program_is_a_text_whatever_is_cut_from_it() -> None:
    tool = python(
        """
        import git
        @server.tool()
        def t(path: str, since: str):
            return git.Repo(path).git.log("--since", since).split("\\n")
        """
    )
    assert likely(tool) == {R}
    assert unsure(tool) == set()
