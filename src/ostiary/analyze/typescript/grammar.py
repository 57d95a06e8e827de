"""Bytes → a syntax tree, inside bounds: which grammar, how large, what did not parse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

MAX_BYTES: Final = 8_000_000
"""Larger files are not parsed: the largest published servers are bundles of 5 MB."""
MAX_REPARSED: Final = 400_000
"""A ``.js`` file with errors is tried as TypeScript (Flow and mixed projects) up to this size."""
MAX_OPEN_ANGLES: Final = 2_000
"""``<`` without a ``>``, at most. Each may open type arguments, and the TypeScript grammar tries
every way to read them, in time that grows with the square of their number."""
MAX_UNREADABLE: Final = 0.05
"""Share of bytes that are no text above which a file is no source."""

_GRAMMARS: Final = {
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx",
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript",
}  # fmt: skip
ENDINGS: Final = tuple(_GRAMMARS)
_ANGLE = re.compile(rb"<|(?<![=\-])>")


@cache
def language(grammar: str) -> Language:
    """The grammar of this name."""
    match grammar:
        case "typescript":
            return Language(tree_sitter_typescript.language_typescript())
        case "tsx":
            return Language(tree_sitter_typescript.language_tsx())
        case _:
            return Language(tree_sitter_javascript.language())


@cache
def _query(grammar: str, pattern: str) -> Query:
    return Query(language(grammar), pattern)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that could be parsed, at least in part."""

    data: bytes
    """What was parsed: valid UTF-8."""
    tree: Tree
    grammar: str
    problems: tuple[str, ...]

    def comments(self) -> list[Node]:
        """Every comment, in order."""
        return _in_order(self, "(comment) @found")

    def errors(self) -> list[Node]:
        """Places that did not parse, in order."""
        if not self.tree.root_node.has_error:
            return []
        return _in_order(self, "[(ERROR) (MISSING)] @found")


def _in_order(parsed: Parsed, pattern: str) -> list[Node]:
    cursor = QueryCursor(_query(parsed.grammar, pattern))
    found = cursor.captures(parsed.tree.root_node).get("found", [])
    return sorted(found, key=lambda node: node.start_byte)


def grammar_of(path: str) -> str:
    """``javascript``, ``typescript`` or ``tsx``; the first for a name with no known ending."""
    dot = path.rfind(".")
    return _GRAMMARS.get(path[dot:].lower(), "javascript") if dot >= 0 else "javascript"


def parse(path: str, data: bytes) -> Parsed | str:
    """The tree of a file, or why there is none."""
    if len(data) > MAX_BYTES:
        return f"is {len(data)} bytes long; files above {MAX_BYTES} bytes are not read"
    text, problems = _readable(data)
    if text is None:
        return "is not text"
    grammar = grammar_of(path)
    if grammar != "javascript" and _open_angles(text) > MAX_OPEN_ANGLES:
        problems += ("holds too many open '<'; read as JavaScript, without its types",)
        grammar = "javascript"
    parsed = Parsed(text, Parser(language(grammar)).parse(text), grammar, problems)
    if grammar == "javascript" and parsed.tree.root_node.has_error:
        return _as_typed(parsed)
    return parsed


def _readable(data: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """The bytes as valid UTF-8; ``None`` if most of it is something else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
        bad = data.count(0)
        text = data
    except UnicodeDecodeError:
        decoded = data.decode("utf-8", "replace")
        bad = decoded.count("\ufffd") + decoded.count("\0")
        text = decoded.encode("utf-8")
    if bad > 16 and bad > len(data) * MAX_UNREADABLE:
        return None, ()
    return text, ("holds bytes that are no UTF-8",) if text is not data else ()


def _as_typed(parsed: Parsed) -> Parsed:
    """The reading as TypeScript, where that has no errors and the one as JavaScript has."""
    data = parsed.data
    if len(data) > MAX_REPARSED or _open_angles(data) > MAX_OPEN_ANGLES:
        return parsed
    tree = Parser(language("tsx")).parse(data)
    if tree.root_node.has_error:
        return parsed
    return Parsed(data, tree, "tsx", parsed.problems)


def _open_angles(data: bytes) -> int:
    """How many ``<`` stand open at once, at most; not counted where there are few of them."""
    deepest = depth = 0
    if data.count(b"<") <= MAX_OPEN_ANGLES:
        return deepest
    for found in _ANGLE.finditer(data):
        if found[0] == b">":
            depth = max(0, depth - 1)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
