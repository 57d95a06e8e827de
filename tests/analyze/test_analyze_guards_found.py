"""Checks that look for one of several that fits: what they are worth once one is found."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules import path_escape, request_forgery

BEFORE = """
const roots = [process.cwd(), "/srv/data"];
const real = await fs.promises.realpath(a.x);
"""
WRITES = 'await fs.promises.writeFile(real, "x");'
BELOW = "real.startsWith(root + path.sep)"
SET = "let ok = false; for (const root of roots) {{ {} }} if (!ok) throw new Error('no');"
HELD = {
    "a flag": SET.format(f"if ({BELOW}) {{ ok = true; break; }}"),
    "a flag to the end": SET.format(f"if ({BELOW}) ok = true;"),
    "a flag or the folder itself": SET.format(f"if (real === root || {BELOW}) {{ ok = true; }}"),
    "a flag by or": SET.format(f"ok = ok || {BELOW};"),
    "a flag by assignment": SET.format(f"ok ||= {BELOW};"),
    "a flag that goes on": SET.format(f"if (!{BELOW}) continue; ok = true; break;"),
    "a flag by place": (
        "let ok = false; for (let i = 0; i < roots.length; i++) { const root = roots[i]; "
        f"if ({BELOW}) {{ ok = true; break; }} }} if (!ok) throw new Error('no');"
    ),
    "a flag that is answered": (
        "function fits(real) { let ok = false; for (const root of roots) { "
        f"if ({BELOW}) {{ ok = true; break; }} }} return ok; }} "
        "if (!fits(real)) throw new Error('no');"
    ),
    "a flag without a value": (
        f"let ok; for (const root of roots) {{ if ({BELOW}) ok = true; }} if (!ok) return;"
    ),
    "find": f"const found = roots.find((root) => {BELOW}); if (!found) throw new Error('no');",
    "find nothing": (
        f"const found = roots.find((root) => {BELOW}); if (found === undefined) return;"
    ),
    "filter": f"const found = roots.filter((root) => {BELOW})[0]; if (!found) return;",
    "some": f"if (!roots.some((root) => {BELOW})) throw new Error('no');",
}
OPEN = {
    "no check": "let ok = false; if (!ok) throw new Error('no');".replace("!ok", "ok"),
    "another value": SET.format("if (a.x.startsWith(root + path.sep)) { ok = true; break; }"),
    "a prefix": SET.format("if (real.startsWith(root)) { ok = true; break; }"),
    "true at first": SET.format(f"if ({BELOW}) ok = true;").replace("false", "true"),
    "true without the check": SET.format(f"if ({BELOW}) ok = true; if (a.x) ok = true;"),
    "true of another": SET.format(f"if ({BELOW}) ok = true; ok = ok || a.x.length > 3;"),
    "true where it is not below": SET.format(f"if (!{BELOW}) ok = true;"),
    "never asked": SET.format(f"if ({BELOW}) ok = true;").replace("if (!ok)", "if (!roots)"),
    "asked the wrong way": SET.format(f"if ({BELOW}) ok = true;").replace("!ok", "ok"),
    "goes on all the same": SET.format(f"if ({BELOW}) ok = true;").replace("throw new", "new"),
    "set by a function": (
        "let ok = false; const set = () => { ok = true; }; set(); "
        + SET.format(f"if ({BELOW}) ok = true;").partition("; ")[2]
    ),
    "set by taking apart": (
        f"let ok = false; for (const root of roots) {{ if ({BELOW}) ok = true; }} "
        "[ok] = [a.x]; if (!ok) throw new Error('no');"
    ),
    "found by something else": (
        "const found = roots.find((root) => root.length > 3); if (!found) return;"
    ),
    "found and not asked": f"const found = roots.find((root) => {BELOW}); console.log(found);",
    "found none": f"const found = roots.find((root) => {BELOW}); if (found) return;",
    "the second of those that fit": (
        "const found = roots.filter((root) => root)[1]; if (!found) return;"
    ),
}


@pytest.mark.parametrize("check", HELD.values(), ids=HELD)
def test_a_folder_that_was_found_holds_the_path(check: str) -> None:
    assert not script(path_escape.CHECK, f"{BEFORE}{check}{WRITES}")


@pytest.mark.parametrize("check", OPEN.values(), ids=OPEN)
def test_what_was_found_otherwise_holds_nothing(check: str) -> None:
    assert script(path_escape.CHECK, f"{BEFORE}{check}{WRITES}")


def test_one_that_fits_says_nothing_of_the_others() -> None:
    body = (
        'let ok = false; for (const p of a.x) { if (p.startsWith("/srv/data/")) ok = true; } '
        'if (!ok) return; for (const p of a.x) { await fs.promises.writeFile(p, "x"); }'
    )
    assert script(path_escape.CHECK, body, "x: z.array(z.string())")


NEXT = """def t(x: str):
    real = os.path.realpath(x)
    root = next((r for r in ROOTS if {}), None)
    if root is {}:
        raise ValueError('no')
    open(real, 'w').write('x')
"""


def test_a_folder_that_next_gave_holds_the_path() -> None:
    roots = "ROOTS = [os.getcwd(), '/srv/data']"
    below = "real.startswith(r + os.sep)"
    assert not python(path_escape.CHECK, NEXT.format(below, "None"), roots)
    assert python(path_escape.CHECK, NEXT.format(below, "not None"), roots)
    assert python(path_escape.CHECK, NEXT.format("r", "None"), roots)


FIRST, SECOND = r"r'^https?://docs\.example\.com/'", r"r'^https?://api\.example\.org/'"
ASK = """def t(url: str):
    allowed = {}
    if {}:
        raise ValueError('no')
    return requests.get(url + '?s=1').text
"""
LOOPED = f"""def t(url: str):
    allowed = [{FIRST}]
    for one in MORE:
        allowed.append(one['regex'])
    if not any(re.match(p, url) for p in allowed):
        raise ValueError('no')
    return requests.get(url + '?s=1').text
"""
MORE = "MORE = [{'regex': r'^https?://a\\.ch/'}, {'regex': %s}]"
ANY = "not any(re.match(p, url) for p in allowed)"


@pytest.mark.parametrize(
    "body",
    [
        ASK.format(f"[{FIRST}, {SECOND}]", ANY),
        ASK.format(f"({FIRST},)", ANY),
        LOOPED,
    ],
)
def test_a_host_that_one_of_several_patterns_fixes_is_fixed(body: str) -> None:
    assert not python(request_forgery.CHECK, body, MORE % SECOND)


@pytest.mark.parametrize(
    "body",
    [
        ASK.format(f"[{FIRST}, r'^https?://']", ANY),
        ASK.format(f"[{FIRST}, r'example']", ANY),
        ASK.format(f"[{FIRST}, OTHER]", ANY),
        ASK.format(f"[{FIRST}, {SECOND}]", ANY.removeprefix("not ")),
        ASK.format(f"[{FIRST}, {SECOND}]", ANY.replace("url", "'x'")),
        ASK.format("read()", ANY),
        LOOPED,
    ],
)
def test_a_host_that_one_of_the_patterns_leaves_open_is_open(body: str) -> None:
    assert python(request_forgery.CHECK, body, MORE % "os.environ['P']")


def test_what_a_function_asks_of_the_patterns_it_is_given_counts() -> None:
    before = f"""LISTED = ({FIRST}, {SECOND})
def fits(url, patterns):
    return any(re.match(one, url) for one in patterns)
"""
    body = ASK.format("LISTED", "not fits(url, allowed)")
    assert not python(request_forgery.CHECK, body, before)
    assert not python(request_forgery.CHECK, body.replace("(url, a", "(str(url), a"), before)
    for flawed in (
        before.replace(SECOND, "'https?://'"),
        before.replace(SECOND, "os.environ['P']"),
        before.replace("re.match(one, url)", "re.match(one, 'x')"),
        before.replace("re.match(one, url)", "not re.match(one, url)"),
    ):
        assert python(request_forgery.CHECK, body, flawed)
    assert python(request_forgery.CHECK, body.replace("not fits", "fits"), before)
    assert python(request_forgery.CHECK, body.replace("(url, a", "('x', a"), before)


def test_what_is_set_before_a_loop_is_left_is_there_after_it() -> None:
    body = "def t(x: str):\n    u = 'a'\n    for k in os.listdir('.'):\n        if k:\n"
    for leaves in ("break", "continue"):
        after = f"            u = 'http://' + x\n            {leaves}\n    requests.get(u)"
        assert python(request_forgery.CHECK, body + after)
    rows = body.replace("os.listdir('.')", "[{'a': 1}, {'b': 2}]")
    after = "            u = 'http://' + x\n            break\n    requests.get(u)"
    assert python(request_forgery.CHECK, rows + after)


def test_what_is_set_in_a_case_that_is_left_early_is_there_after_it() -> None:
    body = (
        "let u = 'https://a.example'; switch (a.y) { case 'x': if (a.z) { u = a.x; break; } "
        "u = 'https://b.example'; break; default: } await fetch(u);"
    )
    schema = "x: z.string(), y: z.string(), z: z.boolean()"
    assert script(request_forgery.CHECK, body, schema)
