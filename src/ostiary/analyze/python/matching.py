"""Python's ``match`` as a switch whose cases assign what their patterns capture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.python.decode import sound
from ostiary.analyze.python.expressions import Expressions

_PLAIN_TYPES: Final = frozenset(
    {
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "set",
        "str",
        "tuple",
    }
)
"""Types whose one positional pattern is the value itself (PEP 634)."""

_PURE: Final = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.Load)

Capture = tuple[ir.NamePattern, ir.Expr]


class Matching(Expressions):
    """Lowers the heads of ``match``."""

    def subject(self, node: ast.Match) -> tuple[ast.expr, ir.Assign | None]:
        """What the cases read; an assignment before them where reading twice would do it twice."""
        if all(isinstance(one, _PURE) for one in ast.walk(node.subject)):
            return node.subject, None
        line, column = self.at(node.subject)
        name = f"<matched {line}:{column}>"
        held = ast.copy_location(ast.Name(name, ast.Load()), node.subject)
        target = ir.NamePattern(line, column, name)
        return held, ir.Assign(line, column, (target,), self.expr(node.subject))

    def tests(self, case: ast.match_case) -> tuple[ir.Expr, ...]:
        """What the subject is compared with; nothing for a case that takes everything."""
        pattern = case.pattern
        options = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
        values = [self._literal(one) for one in options]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            return tuple(known)
        if case.guard is None and any(_takes_all(one) for one in options):
            return ()
        return (ir.Opaque(*self.at(pattern), tuple(known)),)

    def captures(self, pattern: ast.pattern, subject: ast.expr) -> tuple[ir.Stmt, ...]:
        """Assignments of the names that a pattern binds."""
        return tuple(
            ir.Assign(target.line, target.column, (target,), value)
            for target, value in self._bound(pattern, self.expr(subject))
        )

    def _literal(self, pattern: ast.pattern) -> ir.Expr | None:
        if isinstance(pattern, ast.MatchValue):
            return self.expr(pattern.value)
        if isinstance(pattern, ast.MatchSingleton):
            return ir.Constant(*self.at(pattern), pattern.value)
        return None

    def _bound(self, pattern: ast.pattern, value: ir.Expr) -> Iterator[Capture]:
        match pattern:
            case ast.MatchAs():
                if pattern.pattern is not None:
                    yield from self._bound(pattern.pattern, value)
                if pattern.name is not None:
                    yield self._named(pattern, pattern.name), value
            case ast.MatchStar():
                if pattern.name is not None:
                    rest = ir.Opaque(*self.at(pattern), (value,))
                    yield self._named(pattern, pattern.name), rest
            case ast.MatchSequence():
                yield from self._in_sequence(pattern, value)
            case ast.MatchMapping():
                yield from self._in_mapping(pattern, value)
            case ast.MatchClass():
                yield from self._in_class(pattern, value)
            case ast.MatchOr():
                yield from self._in_any(pattern, value)

    def _in_sequence(self, pattern: ast.MatchSequence, value: ir.Expr) -> Iterator[Capture]:
        count, starred = len(pattern.patterns), False
        for index, one in enumerate(pattern.patterns):
            if isinstance(one, ast.MatchStar):
                starred = True
                yield from self._bound(one, value)
                continue
            line, column = self.at(one)
            key = ir.Constant(line, column, index - count if starred else index)
            yield from self._bound(one, ir.Index(line, column, value, key))

    def _in_mapping(self, pattern: ast.MatchMapping, value: ir.Expr) -> Iterator[Capture]:
        for key, one in zip(pattern.keys, pattern.patterns, strict=True):
            place = ir.Index(*self.at(one), value, self.expr(key))
            yield from self._bound(one, place)
        if pattern.rest is not None:
            rest = ir.Opaque(*self.at(pattern), (value,))
            yield self._named(pattern, pattern.rest), rest

    def _in_class(self, pattern: ast.MatchClass, value: ir.Expr) -> Iterator[Capture]:
        plain = isinstance(pattern.cls, ast.Name) and pattern.cls.id in _PLAIN_TYPES
        for one in pattern.patterns:
            part = value if plain else ir.Opaque(*self.at(one), (value,))
            yield from self._bound(one, part)
        for name, one in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            yield from self._bound(one, ir.Member(*self.at(one), value, sound(name)))

    def _in_any(self, pattern: ast.MatchOr, value: ir.Expr) -> Iterator[Capture]:
        """Each alternative binds the same names: one value that may be any of theirs."""
        found: dict[str, list[Capture]] = {}
        for one in pattern.patterns:
            for target, part in self._bound(one, value):
                found.setdefault(target.id, []).append((target, part))
        for captures in found.values():
            target = captures[0][0]
            parts = tuple(part for _, part in captures)
            joined = ir.Opaque(target.line, target.column, parts)
            yield target, parts[0] if len(parts) == 1 else joined

    def _named(self, node: ast.pattern, name: str) -> ir.NamePattern:
        return ir.NamePattern(*self.at(node), sound(name))


def _takes_all(pattern: ast.pattern) -> bool:
    """``_``, a bare name, or one of them with a name: certain to match."""
    return isinstance(pattern, ast.MatchAs) and (
        pattern.pattern is None or _takes_all(pattern.pattern)
    )
