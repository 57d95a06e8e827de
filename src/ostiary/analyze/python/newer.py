"""Syntax newer than the running Python, rewritten to what it reads.

Type parameters and ``type X = …`` of 3.12, its f-strings with any quote inside, and template
strings of 3.14. Lines stay where they are; columns after a rewritten f-string may move.
"""

from __future__ import annotations

import re
from typing import Final

from ostiary.analyze.python.formatted import rewritten_strings
from ostiary.analyze.python.scan import statement_starts

_ALIAS: Final = re.compile(r"([ \t]*)type([ \t]+)([^\W\d]\w*)(?=[ \t]*[=\[])")
_GENERIC: Final = re.compile(r"[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+[^\W\d]\w*[ \t]*(?=\[)")
_STEP: Final = re.compile(r"""#[^\n]*|"[^"\\\n]*"|'[^'\\\n]*'|[\[\](){}]""")

_LONGEST: Final = 2000
"""Characters of the type parameters of one definition."""


def rewritten(text: str) -> str:
    """``text`` in older syntax; unchanged if there is nothing to rewrite."""
    return rewritten_strings(_without_type_parameters(text))


def _without_type_parameters(text: str) -> str:
    kept: list[str] = []
    done = 0
    for _, start in statement_starts(text):
        alias = _ALIAS.match(text, start)
        head = alias or _GENERIC.match(text, start)
        if head is None or start < done:
            continue
        kept.append(text[done : head.start()])
        kept.append(alias[1] + alias[3] + "    " + alias[2] if alias else head[0])
        done = head.end()
        closing = _closing(text, done) if text.startswith("[", done) else done
        kept.append(_blank(text[done:closing]))
        done = closing
    return "".join(kept) + text[done:] if kept else text


def _closing(text: str, start: int) -> int:
    """The offset after the bracket that closes the one at ``start``; ``start`` if none does."""
    depth = 0
    for hit in _STEP.finditer(text, start, start + _LONGEST):
        if hit[0] in "[({":
            depth += 1
        elif hit[0] in "])}":
            depth -= 1
            if depth == 0:
                return hit.end()
    return start


def _blank(text: str) -> str:
    """Blanks of the same length, their lines joined."""
    lines = text.split("\n")
    return "\n".join([" " * (len(line) - 1) + "\\" for line in lines[:-1]] + [" " * len(lines[-1])])
