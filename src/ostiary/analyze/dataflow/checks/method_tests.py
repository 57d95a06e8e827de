"""Methods that test: of text, of lists and tables, of paths, and what each says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.command_words import settles_program
from ostiary.analyze.dataflow.checks.either import Certain
from ostiary.analyze.dataflow.checks.path_checks import is_drive
from ostiary.analyze.dataflow.checks.path_tests import (
    is_separator,
    marked,
    not_beginning,
    not_further_up,
    taken_apart,
)
from ostiary.analyze.dataflow.checks.pattern_tests import alphanumeric, integer, matches
from ostiary.analyze.dataflow.checks.ways_to_ask import elements_of, in_other_case, without_ends
from ostiary.analyze.dataflow.checks.whose import holds_given
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.join import as_far_as_normal
from ostiary.analyze.dataflow.value import Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def contains(frame: Frame, inner: ir.Expr, outer: ir.Expr, present: bool) -> Iterator[Certain]:
    """``inner in outer``, ``outer.includes(inner)``, ``outer.has(inner)``."""
    what, where = quietly(frame, inner), quietly(frame, outer)
    if isinstance(outer, ir.Member) and outer.name == "parents" and present:
        yield from _below(frame, outer.base)
        return
    text = what.known_text
    if text == ".." and not present and (path := taken_apart(frame, outer)) is not None:
        yield Certain(path, g.NO_DOTS)
    if text is not None and where.flows and not where.fields:
        if not present and text == "..":
            yield Certain(outer, g.NO_DOTS)
        if present and "." in text.strip("."):
            yield Certain(outer, g.HOST_SUBSTRING)
        return
    if not (present and what.flows):
        return
    ours = not (where.flows or holds_given(where)) and _is_list(where, outer)
    if ours or (where.fields and _all_fixed(where)):
        yield Certain(inner, g.CHOSEN | g.PROGRAM_CHOSEN)
        same = in_other_case(inner)
        if same is not None:
            yield Certain(same, g.CHOSEN | g.PROGRAM_CHOSEN)


def _all_fixed(where: Value) -> bool:
    known, rest = items_of(where)
    return rest is None and bool(known) and all(not one.flows for one in known)


def _is_list(where: Value, node: ir.Expr) -> bool:
    """Whether something is a list of values and not a piece of text."""
    if where.known_text is not None or where.text:
        return False
    if where.fields or where.refs:
        return True
    return isinstance(node, ir.Name | ir.Member | ir.Call | ir.Index)


def _starts(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    if not test.args:
        return
    base, what = quietly(frame, callee.base), quietly(frame, test.args[0])
    text = what.known_text
    if text is not None:
        yield from _starts_with_text(base, callee.base, text, truth)
        return
    if not truth:
        yield from not_further_up(base, callee.base, what)
    if not truth or not base.flows:
        return
    if _ends_with_separator(frame, test.args[0], what) or _is_root(frame, what):
        yield from _below(frame, callee.base)
    else:
        frame.record(EffectKind.CALL, "startsWith", {"path": base}, test, ("prefix only",))
        yield Certain(callee.base, g.PREFIX_ONLY)


def _is_root(frame: Frame, prefix: Value) -> bool:
    """Whether the bare separator is the prefix because a folder was found to be just that."""
    return is_separator(prefix) and any(
        isinstance(one, Value) and is_separator(one) for one in frame.scope.variables.values()
    )


def _starts_with_text(base: Value, node: ir.Expr, text: str, truth: bool) -> Iterator[Certain]:
    if not truth:
        if text == "-":
            yield Certain(node, g.NO_DASH)
        yield from not_beginning(base, node, text)
        return
    if "://" in text:
        _, _, rest = text.partition("://")
        if "/" in rest:
            yield Certain(node, g.HOST_CHOSEN | g.SCHEME_CHECKED)
        elif rest:
            yield Certain(node, g.HOST_SUBSTRING | g.SCHEME_CHECKED)
        else:
            yield Certain(node, g.SCHEME_CHECKED | g.NO_DASH)
    elif (text.startswith("/") and text.endswith("/") and len(text) > 1) or is_drive(text):
        yield Certain(node, as_far_as_normal(base, g.CONTAINED))
    elif text.startswith("/"):
        yield Certain(node, g.PREFIX_ONLY | g.NO_DASH)
    elif text and not text.startswith("-"):
        asks = g.READ_ONLY_SQL if text.strip().upper() in _QUERIES else 0
        begins = g.PROGRAM_CHOSEN if settles_program(f"{text} ") else 0
        yield Certain(node, g.NO_DASH | asks | begins)
        whole = without_ends(node)
        if begins and whole is not None:
            yield Certain(whole, begins)


_QUERIES = frozenset(("SELECT", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "WITH", "PRAGMA"))
"""What a statement begins with that asks."""


def _ends_with_separator(frame: Frame, node: ir.Expr, value: Value) -> bool:
    if value.text and isinstance(value.text[-1], str) and value.text[-1].endswith(("/", "\\")):
        return True
    last: ir.Expr | None = None
    if isinstance(node, ir.Binary) and node.op == "+":
        last = node.right
    elif isinstance(node, ir.Template) and node.parts:
        last = node.parts[-1]
    if last is None:
        return False
    return is_separator(quietly(frame, last))


def _ends(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    if not truth or not test.args:
        return
    base, what = quietly(frame, callee.base), quietly(frame, test.args[0])
    text = what.known_text
    if marked(base, g.HOST_OF):
        closed = (text or "").startswith(".") or (what.text and str(what.text[0]).startswith("."))
        yield Certain(callee.base, g.HOST_CHOSEN if closed else g.HOST_SUBSTRING)


def _includes(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    if test.args:
        yield from contains(frame, test.args[0], callee.base, truth)


def _owns(frame: Frame, test: ir.Call, _callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``Object.hasOwn(table, name)``."""
    if len(test.args) > 1:
        yield from contains(frame, test.args[1], test.args[0], truth)


def _all_in(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``set(names).issubset(ours)``."""
    if truth and test.args:
        yield from all_among(frame, callee.base, test.args[0])


def all_among(frame: Frame, names: ir.Expr, ours: ir.Expr) -> Iterator[Certain]:
    """Every one of some names is in a list, if that is ours."""
    where = quietly(frame, ours)
    if (where.fields or where.refs) and not (where.flows or holds_given(where)):
        for one in elements_of(names):
            yield Certain(one, g.CHOSEN)


def _relative(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``pathlib``'s ``is_relative_to``."""
    del test
    if truth:
        yield from _below(frame, callee.base)


def _below(frame: Frame, node: ir.Expr) -> Iterator[Certain]:
    yield Certain(node, as_far_as_normal(quietly(frame, node), g.CONTAINED))


def _every(frame: Frame, test: ir.Call, callee: ir.Member, truth: bool) -> Iterator[Certain]:
    """``items.every(test)`` that held, ``items.some(test)`` that did not: what the test makes
    certain of its argument holds for all."""
    if truth != (callee.name == "every") or not test.args:
        return
    for closure in quietly(frame, test.args[0]).closures():
        summary = frame.engine.summary(closure)
        for param, bits in (summary.ensures_true if truth else summary.ensures_false).items():
            if param.function == closure.number and param.position == 0:
                for one in elements_of(callee.base):
                    yield Certain(one, bits & g.HOST_PUBLIC if param.path else bits)
                path = taken_apart(frame, callee.base) if bits & g.NOT_UP else None
                if path is not None:
                    yield Certain(path, g.NO_DOTS)


_Method = Callable[["Frame", ir.Call, ir.Member, bool], Iterator[Certain]]
METHODS: dict[str, _Method] = {
    "startsWith": _starts,
    "startswith": _starts,
    "endsWith": _ends,
    "endswith": _ends,
    "includes": _includes,
    "has": _includes,
    "hasOwnProperty": _includes,
    "hasOwn": _owns,
    "issubset": _all_in,
    "is_relative_to": _relative,
    "test": matches,
    "exec": matches,
    "match": matches,
    "fullmatch": matches,
    "search": matches,
    "isInteger": integer,
    "isSafeInteger": integer,
    "isFinite": integer,
    "isalnum": alphanumeric,
    "isdigit": alphanumeric,
    "isidentifier": alphanumeric,
    "isdecimal": alphanumeric,
    "isnumeric": alphanumeric,
    "every": _every,
    "some": _every,
}
