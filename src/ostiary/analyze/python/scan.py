"""Python text read without a parser: comments, where statements begin, whether it is minified.

Linear and tolerant: it also reads what no parser takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = (
    r'"""[^"\\]*+(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*+(?:"""|\\?\Z)'
    r"|'''[^'\\]*+(?:(?:\\[\s\S]|'(?!''))[^'\\]*+)*+(?:'''|\\?\Z)"
    r'|"[^"\\\n]*+(?:\\[\s\S][^"\\\n]*+)*+(?:"|(?=\n)|\\?\Z)'
    r"|'[^'\\\n]*+(?:\\[\s\S][^'\\\n]*+)*+(?:'|(?=\n)|\\?\Z)"
)
_QUOTED = re.compile(f"#[^\n]*|{_STRING}")
_STRUCTURE = re.compile(f"#[^\n]*|{_STRING}|\\\\\n|[\\[({{]|[\\])}}]|\n")
_ONLY_STARTS = re.compile(
    r"[ \t]*(?:async[ \t]+def|def|class|return|import|raise|try|while|pass|break|continue|del"
    r"|global|nonlocal|assert)\b"
)
"""Words that never stand inside brackets: there, a bracket before them was never closed."""

_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")

_MINIFIED_LINE = 150
"""Characters of code on an average line, strings and comments not counted."""
_MINIFIED_SIZE = 2000
_FEW_NAMES = 40
_SHORT_SHARE = 0.8
_MEANINGLESS = re.compile(r"[A-Za-z_]\w?|[IlO0_1]+|_0x[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over comments and strings shows."""

    comments: tuple[tuple[int, str], ...]
    code_per_line: float


def scan(text: str) -> Scan:
    """Comments with their lines, and how much code an average line holds."""
    comments: list[tuple[int, str]] = []
    line, seen, quoted = 1, 0, 0
    for hit in _QUOTED.finditer(text):
        start, end = hit.span()
        quoted += end - start
        if text[start] == "#":
            line += text.count("\n", seen, start)
            seen = start
            comments.append((line, hit[0].lstrip("#!").strip()))
    return Scan(tuple(comments), (len(text) - quoted) / (text.count("\n") + 1))


def is_minified(text: str, code_per_line: float, names: list[str]) -> bool:
    """Whether lines or names carry no meaning. ``names`` are those of functions and parameters."""
    if len(text) >= _MINIFIED_SIZE and code_per_line > _MINIFIED_LINE:
        return True
    distinct = set(names)
    if len(distinct) < _FEW_NAMES:
        return False
    meaningless = sum(1 for name in distinct if _MEANINGLESS.fullmatch(name))
    return meaningless > len(distinct) * _SHORT_SHARE


def statement_starts(text: str) -> Iterator[tuple[int, int]]:
    """Line and offset of each line that begins a statement: in no string and no bracket."""
    depth, line, seen = 0, 1, 0
    yield 1, 0
    for hit in _STRUCTURE.finditer(text):
        token = hit[0]
        if token == "\n":
            line += text.count("\n", seen, hit.end())
            seen = hit.end()
            if depth and _ONLY_STARTS.match(text, seen):
                depth = 0
            if not depth and seen < len(text):
                yield line, seen
        elif token in "([{":
            depth += 1
        elif token in ")]}":
            depth = max(depth - 1, 0)


def top_level(text: str) -> list[tuple[int, int]]:
    """Line and offset of each statement at the top of a module, decorators with what they adorn."""
    found: list[tuple[int, int]] = []
    decorated = False
    for line, offset in statement_starts(text):
        first = text[offset : offset + 1]
        if found and (first in " \t\f#\n" or _CONTINUES.match(text, offset)):
            continue
        if not decorated:
            found.append((line, offset))
        decorated = first == "@"
    return found
