"""Checks of scripts that look right: made of a list that the caller has a part in, or by a promise
that nobody waits for."""

from __future__ import annotations

import pytest

from analyze.judged import script
from ostiary.analyze.rules import path_escape
from ostiary.analyze.rules.command_injection import CHECK

NOTHING = "return { content: [] };"
HELPERS = (
    'const GIVEN = ["a", "b"];'
    "const must = (p) => { if (!GIVEN.includes(p)) throw new Error(); };"
    "const later = async (p) => { await 1; must(p); };"
    "const good = async (p) => GIVEN.includes(p);"
)
IN_VAIN = {
    "a list of what is asked for": f"if (![a.x].includes(a.x)) {NOTHING}",
    "a list with more in it": f"if (![...GIVEN, a.y].includes(a.x)) {NOTHING}",
    "a list put together": f"if (!GIVEN.concat(a.l).includes(a.x)) {NOTHING}",
    "a set with more in it": f"if (!new Set([...GIVEN, ...a.l]).has(a.x)) {NOTHING}",
    "a list that grew": f"const own = ['a']; own.push(a.y); if (!own.includes(a.x)) {NOTHING}",
    "line by line": f"if (!a.x.match(/^[a-z]+$/m)) {NOTHING}",
    "a promise is true": f"if (!good(a.x)) {NOTHING}",
    "a promise that is held is true": f"const ok = good(a.x); if (!ok) {NOTHING}",
    "nobody waits for all of them": "Promise.all([later(a.x)]);",
    "nobody waits for what is held": "const all = later(a.x);",
    "all of them, however they end": "await Promise.allSettled([later(a.x)]);",
    "the first of them": "await Promise.race([later(a.x), 1]);",
    "any of them": "await Promise.any([later(a.x), 1]);",
    "for each, beside the path": "a.l.forEach(async () => { must(a.x); });",
    "its failure is taken by then": "await later(a.x).then(() => {}, () => {});",
    "by a helper that does not wait": ("const both = async (p) => { later(p); }; await both(a.x);"),
}
HOLDS = {
    "a list": f"if (!GIVEN.includes(a.x)) {NOTHING}",
    "a list put together of ours": f"if (![...GIVEN, 'c'].includes(a.x)) {NOTHING}",
    "a list that we let grow": f"const o = ['a']; o.push('b'); if (!o.includes(a.x)) {NOTHING}",
    "the whole": f"if (!a.x.match(/^[a-z]+$/)) {NOTHING}",
    "what a promise gives": f"if (!(await good(a.x))) {NOTHING}",
    "what a promise gave": f"const ok = await good(a.x); if (!ok) {NOTHING}",
    "all of them": "await Promise.all([later(a.x)]);",
    "held, and then waited for": "const all = later(a.x); await all;",
    "handed on": "await Promise.resolve(later(a.x));",
    "by a helper": "const both = async (p) => { await later(p); }; await both(a.x);",
    "by a helper that gives the promise": "const both = (p) => later(p); await both(a.x);",
}


def _found(lines: str) -> bool:
    text = f'{HELPERS}{lines} execFileSync("sh", ["-c", "ls " + a.x]);'
    return bool(script(CHECK, text, "x: z.string(), y: z.string(), l: z.array(z.string())"))


@pytest.mark.parametrize("lines", IN_VAIN.values(), ids=IN_VAIN)
def test_a_check_in_vain(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", HOLDS.values(), ids=HOLDS)
def test_a_check_that_holds(lines: str) -> None:
    assert not _found(lines)


FOLDER = 'const ROOT = "/srv/d"; const at = (p) => path.resolve(ROOT, p);'
INSIDE = f"{FOLDER} const inside = (p) => at(p).startsWith(ROOT + path.sep);"
LEADS_OUT = {
    "or as it is": "inside(a.x) && at(a.x) || a.x",
    "below a name of the caller's": "path.join(path.basename(a.x), a.y)",
    "written after a name of the caller's": "path.basename(a.x) + '/' + a.y",
}
STAYS = {
    "or nothing": "inside(a.x) && at(a.x) || ROOT",
    "two names": "path.join(path.basename(a.x), path.basename(a.y))",
}


def _escapes(made: str) -> bool:
    text = f"{INSIDE} fs.readFileSync({made});"
    return bool(script(path_escape.CHECK, text, "x: z.string(), y: z.string()"))


@pytest.mark.parametrize("made", LEADS_OUT.values(), ids=LEADS_OUT)
def test_a_path_that_leads_out(made: str) -> None:
    assert _escapes(made)


@pytest.mark.parametrize("made", STAYS.values(), ids=STAYS)
def test_a_path_that_stays(made: str) -> None:
    assert not _escapes(made)
