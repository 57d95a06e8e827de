"""What a script may not evaluate, or may not get to, makes nothing certain and sets nothing for
sure."""

from __future__ import annotations

import pytest

from analyze.judged import script
from ostiary.analyze.rules.command_injection import CHECK

HELPERS = (
    'const GIVEN = ["a", "b"];'
    "const must = (p) => { if (!GIVEN.includes(p)) throw new Error(); };"
    "const said = (p) => console.log(p);"
    "const also = (p) => { must(p); said(p); };"
)
IN_VAIN = {
    "called if it is there": "const h = y ? must : undefined; h?.(x);",
    "an argument in a chain": "y?.sent(must(x));",
    "one of several functions": "(y ? must : said)(x);",
    "a function by name": "({ must, said })[y](x);",
    "a function that may be another's": "const h = y ? must : console.log; h(x);",
    "where nothing is given": "y ?? must(x);",
    "by default, of a part": "const { q = must(x) } = l;",
    "by default, in order": "const [q = must(x)] = l;",
    "assigned where nothing is there": "let q = y; q ??= must(x);",
    "set where a test holds": "if (y && (x = 'a')) { said(y); }",
    "set where nothing is given": "y ?? (x = 'a');",
    "set in a chain": "y?.sent(x = 'a');",
    "set by default": "const { q = (x = 'a') } = l;",
    "set in an assignment": "let q = y; q &&= (x = 'a');",
    "left before it": "do { if (y) continue; must(x); } while (false);",
    "left from a loop inside": "out: { for (const one of l) { break out; } must(x); }",
    "left from a case": "out: { switch (y) { case 'a': break out; default: } must(x); }",
}
HOLDS = {
    "one of several functions that all do": "(y ? must : also)(x);",
    "the function by its name": "({ must, said }).must(x);",
    "whatever is given": "must(x); y ?? said(x);",
    "set either way": "y ? (x = 'a') : (x = 'b');",
    "once": "do { must(x); if (y) break; said(x); } while (false);",
    "left after it": "out: { must(x); for (const one of l) { break out; } said(x); }",
    "left by returning": "out: { if (!GIVEN.includes(x)) return { content: [] }; }",
}


def _found(lines: str) -> bool:
    text = f'{HELPERS} let {{ x, y, l }} = a; {lines} execFileSync("sh", ["-c", "ls " + x]);'
    return bool(script(CHECK, text, "x: z.string(), y: z.string(), l: z.array(z.string())"))


@pytest.mark.parametrize("lines", IN_VAIN.values(), ids=IN_VAIN)
def test_a_check_that_may_not_be_made(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", HOLDS.values(), ids=HOLDS)
def test_a_check_that_is_made(lines: str) -> None:
    assert not _found(lines)
