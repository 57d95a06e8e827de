"""Python text → syntax trees of its pieces, also where some of it cannot be read.

A file that parses is one piece. Of another, every statement that parses is kept, and what is left
out is said with its line and the reason.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from ostiary.analyze.python.newer import rewritten
from ostiary.analyze.python.scan import statement_starts, top_level
from ostiary.model.visible import visible

WHOLE = 2_000_000
"""Characters up to which a file is parsed in one go; a tree takes 70 times its text."""
STATEMENT = 4_000_000
"""Characters of the largest single statement that is read."""
GROUP = 500_000
"""Characters of statements parsed together in a larger file."""
_REPAIRS = 20
"""Statements left out of one piece before the piece is given up."""
_SPENT = 12
"""How many times the file's length repairs may parse beyond the first reading."""
_PROBLEMS = 40
_REASON = 160
_TOO_DEEP = "nested too deeply to be read"
_OTHER_LINE = re.compile(r" \(detected at line \d+\)| on line \d+")
"""Lines that a message names beside its own: they count from the piece that was parsed."""
_NO_BLOCK = "expected an indented block"


@dataclass(frozen=True, slots=True)
class Piece:
    """One parsed piece of a file."""

    tree: ast.Module
    text: str
    before: int
    """Lines of the file before it."""


@dataclass(slots=True)
class Problems:
    """What could not be read, in words; cut where a file would fill pages."""

    said: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, what: str) -> None:
        if len(self.said) < _PROBLEMS:
            self.said.append(f"line {line}: {what}")
        else:
            self.more += 1

    def all(self) -> tuple[str, ...]:
        cut = (f"{self.more} more places could not be read",) if self.more else ()
        return tuple(self.said) + cut


@dataclass(frozen=True, slots=True)
class _Failure:
    line: int
    reason: str


def pieces(text: str, problems: Problems) -> Iterator[Piece]:
    """The parsed pieces in order; each may be dropped before the next is made."""
    if len(text) <= WHOLE:
        tree = _tree(text)
        if isinstance(tree, ast.Module):
            yield Piece(tree, text, 0)
            return
    yield from _Recovery(text, problems).pieces()


def expression_piece(text: str) -> tuple[Piece, ast.expr] | None:
    """One expression, with the piece it stands in; ``None`` if it is none."""
    whole = f"(\n{text}\n)"
    tree = _tree(whole)
    if not isinstance(tree, ast.Module) or len(tree.body) != 1:
        return None
    statement = tree.body[0]
    return (Piece(tree, whole, -1), statement.value) if isinstance(statement, ast.Expr) else None


def _tree(text: str) -> ast.Module | _Failure:
    """Parses, by the running Python's grammar and then with newer syntax rewritten."""
    tree = _parsed(text)
    if isinstance(tree, _Failure):
        older = rewritten(text)
        if older != text:
            again = _parsed(older)
            return again if isinstance(again, ast.Module) else tree
    return tree


def _parsed(text: str) -> ast.Module | _Failure:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        reason = _OTHER_LINE.sub("", error.msg or "invalid syntax")
        return _Failure(error.lineno or 1, visible(reason, _REASON))
    except (RecursionError, MemoryError):
        return _Failure(1, _TOO_DEEP)
    except (ValueError, OverflowError, SystemError) as error:
        return _Failure(1, visible(str(error), _REASON))


class _Recovery:
    """Reads what can be read of a file that does not parse, or is too large to parse whole."""

    def __init__(self, text: str, problems: Problems) -> None:
        self._text = text
        self._problems = problems
        self._budget = len(text) * _SPENT + 100_000

    def pieces(self) -> Iterator[Piece]:
        starts = top_level(self._text)
        ends = [offset for _, offset in starts[1:]] + [len(self._text)]
        spans = [(line, offset, end) for (line, offset), end in zip(starts, ends, strict=True)]
        for group in _grouped(spans):
            yield from self._group(group)

    def _group(self, spans: list[tuple[int, int, int]]) -> Iterator[Piece]:
        """Parses statements together and, where that fails, each by itself."""
        line, start, _ = spans[0]
        text = self._text[start : spans[-1][2]]
        if len(text) > STATEMENT:
            self._problems.add(line, "a statement of more than 4 MB was not read")
            return
        tree = _tree(text)
        if isinstance(tree, ast.Module):
            yield Piece(tree, text, line - 1)
        elif len(spans) > 1:
            for span in spans:
                yield from self._group([span])
        else:
            yield from self._repaired(text, line - 1, tree)

    def _repaired(self, text: str, before: int, failure: _Failure) -> Iterator[Piece]:
        """Leaves out the lines at fault inside one statement, one after another."""
        lines = text.split("\n")
        left_out: dict[int, str] = {}
        for _ in range(_REPAIRS):
            self._budget -= len(text)
            if self._budget < 0:
                break
            at = _without(lines, failure)
            if not at:
                break
            left_out.setdefault(at, failure.reason)
            tree = _tree("\n".join(lines))
            if isinstance(tree, ast.Module):
                for line, reason in sorted(left_out.items()):
                    self._problems.add(before + line, f"{reason}; left out")
                yield Piece(tree, "\n".join(lines), before)
                return
            failure = tree
        first, reason = next(iter(left_out.items()), (failure.line, failure.reason))
        last = before + len(text.rstrip().split("\n"))
        self._problems.add(before + first, f"{reason}; not read up to line {last}")


def _grouped(spans: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    group: list[tuple[int, int, int]] = []
    for span in spans:
        if group and span[2] - group[0][1] > GROUP:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


_HEADER = re.compile(r"([ \t]*)(except|else|elif|finally|case|match)?\b")


def _without(lines: list[str], failure: _Failure) -> int:
    """Takes the statement at fault out of ``lines``; its line, or 0 if nothing changed."""
    starts = [line for line, _ in statement_starts("\n".join(lines))]
    at = _at_fault(lines, starts, failure)
    until = min((line for line in starts if line > at), default=len(lines) + 1)
    old = lines[at - 1 : until - 1]
    new = [_stand_in("\n".join(old), failure.reason)] + [""] * (len(old) - 1)
    if old == new:
        new = [""] * len(old)
    lines[at - 1 : until - 1] = new
    return at if old != new else 0


def _at_fault(lines: list[str], starts: list[int], failure: _Failure) -> int:
    """The line where the statement at fault begins; of a too deep one, that of the longest."""
    if failure.reason == _TOO_DEEP:
        return max(starts, key=lambda line: len(lines[line - 1]))
    at = max((line for line in starts if line <= failure.line), default=1)
    return _owner(lines, starts, at) if _NO_BLOCK in failure.reason else at


def _owner(lines: list[str], starts: list[int], at: int) -> int:
    """The line of the header that lacks a block: the nearest one before with code on it."""
    before = (one for one in reversed(starts) if one < at)
    return next((one for one in before if lines[one - 1].strip().strip("#")), at)


def _stand_in(statement: str, reason: str) -> str:
    """What keeps the lines around a statement readable when it is taken out."""
    if "indent" in reason and "expected" not in reason:
        return ""
    header = _HEADER.match(statement)
    indent = header[1] if header else ""
    word = header[2] if header else None
    if not statement.rstrip().endswith(":") or _NO_BLOCK in reason:
        return "" if word in {"else", "elif", "except", "finally", "case"} else f"{indent}pass"
    if word in {"except", "else", "finally"}:
        return f"{indent}{word}:"
    if word in {"elif", "case"}:
        return f"{indent}elif 1:" if word == "elif" else f"{indent}case _:"
    return f"{indent}match 1:" if word == "match" else f"{indent}if 1:"
