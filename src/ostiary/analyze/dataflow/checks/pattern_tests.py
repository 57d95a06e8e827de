"""Tests of a text against a pattern or a class of characters, and what they make certain of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.address_ranges import outside_of_pattern
from ostiary.analyze.dataflow.checks.either import Certain
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.patterns.guaranteed import matched, missed
from ostiary.analyze.dataflow.patterns.python_patterns import compiled, marked
from ostiary.analyze.dataflow.value import Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

OF_TEXT: Final = g.PLAIN | g.PLAIN_COMMAND | g.BASENAME | g.NO_DOTS | g.NO_DASH | g.NUMBER
"""What is certain of the characters of a text, whatever it is made into."""


def matches(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``/re/.test(x)``, ``x.match(/re/)``, ``re.match(p, x)``, ``pattern.fullmatch(x)``."""
    base = quietly(frame, callee.base)
    made = compiled(base)
    if made is not None:
        yield from _by_pattern(test.args, made, "py", callee.name, truth)
        return
    source = base.fields.get("source")
    if source is not None:
        subject = test.args[0] if test.args else None
        how = "search" if callee.name in ("test", "exec") else callee.name
        flags = _flags(base)
    elif any(name == "re" for name in base.externals()) and len(test.args) > 1:
        made = _with_flags(frame, test)
        if made is not None:
            yield from _by_pattern(test.args[1:], made, "py", callee.name, truth)
        return
    elif callee.name == "match" and test.args:
        given = quietly(frame, test.args[0])
        source, subject, how = given.fields.get("source"), callee.base, "search"
        flags = _flags(given)
    else:
        return
    text = None if source is None else source.known_text
    if text is None or subject is None:
        return
    bits = matched(text, flags, how) if truth else _missed(text, flags, how)
    if bits:
        yield Certain(subject, bits)


def _with_flags(frame: Frame, test: ir.Call) -> str | None:
    """The pattern of ``re.search(pattern, text, flags)``, if it is wholly known."""
    text = quietly(frame, test.args[0]).known_text
    given = test.args[2] if len(test.args) > 2 else dict(test.keywords).get("flags")
    return marked(text, None if given is None else quietly(frame, given))


def _flags(made: Value) -> str:
    return made.fields["flags"].known_text or "" if "flags" in made.fields else ""


def _missed(pattern: str, flags: str, how: str) -> int:
    return missed(pattern, flags, how) | outside_of_pattern(pattern)


def _by_pattern(
    given: tuple[ir.Expr, ...], pattern: str, flags: str, how: str, truth: bool
) -> Iterator[Certain]:
    bits = matched(pattern, flags, how) if truth else _missed(pattern, flags, how)
    if bits and given:
        yield Certain(given[0], bits)


def integer(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``Number.isInteger(x)`` and its like."""
    if truth and test.args and "Number" in quietly(frame, callee.base).externals():
        yield Certain(test.args[0], g.NUMBER)


def alphanumeric(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``x.isalnum()`` and its like."""
    del frame, test
    if truth:
        yield Certain(callee.base, g.PLAIN | g.NO_DASH | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND)
