"""Where a node of a syntax tree stands in its file, and its text as written."""

from __future__ import annotations

import ast
from typing import TypeAlias

from ostiary.analyze.python.parse import Piece, Problems

Placed: TypeAlias = "ast.expr | ast.stmt | ast.pattern | ast.excepthandler | ast.arg | ast.keyword"

DEPTH = 150
"""Nesting up to which a file is read; the engine and this front end recurse over it."""


class Places:
    """One piece of a file with the nesting reached in it. The base of what lowers it."""

    def __init__(self, piece: Piece, problems: Problems) -> None:
        self.lines = piece.text.split("\n")
        self.before = piece.before
        self.problems = problems
        self.depth = 0
        self.names: list[str] = []
        """Names of the functions and parameters met."""

    def at(self, node: Placed) -> tuple[int, int]:
        """Line and column in the file, both from 1."""
        line = node.lineno
        return line + self.before, self._characters(line, node.col_offset) + 1

    def end_line(self, node: Placed) -> int:
        return (node.end_lineno or node.lineno) + self.before

    def segment(self, node: Placed) -> str:
        """The text of a node as written."""
        first, last = node.lineno, node.end_lineno or node.lineno
        start = self._characters(first, node.col_offset)
        end = self._characters(last, node.end_col_offset or 0)
        if first == last:
            return self.lines[first - 1][start:end]
        between = self.lines[first : last - 1]
        return "\n".join((self.lines[first - 1][start:], *between, self.lines[last - 1][:end]))

    def annotation(self, node: ast.expr | None) -> str:
        """A declared type as written; of one in quotes, what the quotes hold."""
        if node is None:
            return ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.segment(node)

    def too_deep(self, node: Placed) -> None:
        """Records that what stands at this node was not read."""
        self.problems.add(
            node.lineno + self.before, f"nested deeper than {DEPTH} levels; that part is not read"
        )

    def _characters(self, line: int, column: int) -> int:
        """A column of :mod:`ast`, which counts UTF-8 bytes, in characters."""
        text = self.lines[line - 1]
        if text.isascii():
            return column
        return len(text.encode("utf-8", "replace")[:column].decode("utf-8", "ignore"))
