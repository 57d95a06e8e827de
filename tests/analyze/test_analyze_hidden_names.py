"""What a block of a script declares hides what has the same name around it, and only there."""

from __future__ import annotations

import pytest

from analyze.judged import script
from ostiary.analyze.rules.command_injection import CHECK

STILL = {
    "caught": "try { JSON.parse(''); } catch (x) { }",
    "taken apart": "{ const { x } = { x: 'a' }; }",
    "in order": "{ const [x] = ['a']; }",
    "a function": "{ function x() { } }",
    "a class": "{ class x { } }",
    "of a loop": "for (let x = 'a'; y; ) { break; }",
    "in a case": "switch (y) { default: const { x } = { x: 'a' }; }",
    "at last": "try { } finally { const x = 'a'; }",
    "left by a jump": "out: { const { x } = { x: 'a' }; break out; }",
    "a test inside": "let ok = y; { const ok = GIVEN.includes(x); } if (!ok) return none;",
    "a test of a loop": (
        "let ok = y; for (let ok = GIVEN.includes(x); y; ) { break; } if (!ok) return none;"
    ),
    "the same variable": "var z = 'a'; if (y) { var z = x; } x = z;",
}
GONE = {
    "set in the block": "{ x = 'a'; }",
    "set where it is caught": "try { throw y; } catch (e) { x = 'a'; }",
    "set in the loop's head": "for (x = 'a'; y; ) { break; }",
    "a test around": "let ok; { ok = GIVEN.includes(x); } if (!ok) return none;",
}


def _found(lines: str) -> bool:
    before = 'const GIVEN = ["a", "b"]; const none = { content: [] }; let { x, y } = a; '
    text = f'{before}{lines} execFileSync("sh", ["-c", "ls " + x]);'
    return bool(script(CHECK, text, "x: z.string(), y: z.string()"))


@pytest.mark.parametrize("lines", STILL.values(), ids=STILL)
def test_what_is_hidden_is_still_there(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", GONE.values(), ids=GONE)
def test_what_is_set_is_set(lines: str) -> None:
    assert not _found(lines)
