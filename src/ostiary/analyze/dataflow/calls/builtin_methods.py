"""Methods of strings, sequences, mappings and promises, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.chosen import key_name, note_choice
from ostiary.analyze.dataflow.checks.replacing import replaced
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import MOST_ROWS, element, items_of, keys_of, loosely, rows
from ostiary.analyze.dataflow.expressions import formatted, known_names
from ostiary.analyze.dataflow.join import (
    LOOSE,
    concatenated,
    guaranteed,
    join,
    limited,
    part_of,
    plain,
    whole,
    whole_flows,
)
from ostiary.analyze.dataflow.uncovered import LONGEST, backwards, literal
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Flow, Param, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def builtin_method(
    frame: Frame, base: Value, name: str, args: Arguments, node: ir.Call
) -> Value | None:
    """The result of a method that the language gives to plain values; ``None`` for another name."""
    found = METHODS.get(name)
    if found is None:
        return None
    if name != "get" or _first(args).known_text is None:
        frame.read(base)
    for value in args.positional:
        frame.read(value)
    if name in _WITH_PATTERN and base.flows and "source" in _first(args).fields:
        operands = {"pattern": _first(args), "subject": base}
        frame.record(EffectKind.REGEX, name, operands, node)
    return found(frame, base, args, node)


_ROUNDS = 2
"""How often a function is given what it returned, so that what it makes of that is seen too."""
_WITH_PATTERN = frozenset(("match", "matchAll", "replace", "replaceAll", "split"))
"""Methods of a text that are given a pattern."""


def _first(args: Arguments) -> Value:
    return args.positional[0] if args.positional else NOTHING


def _same_text(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    """Still the same text, but for its case or its ends."""
    return Value(
        flows=plain(whole_flows(base), ~g.EXACT),
        text=base.text if base.literal else (),
        scalar=base.scalar if base.literal else None,
        literal=base.literal,
    )


def _stripped(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """The text without blanks, or without what it was told, at its ends."""
    same = _same_text(frame, base, args, node)
    return limited(same, ~g.BY_ENDS) if args.positional else same


def _bytes_of(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """Text as bytes, and back."""
    same = _same_text(frame, base, args, node)
    if base.known_text is None:
        return same
    return replace(same, text=(base.known_text,), refs=base.refs)


def _backwards(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    return backwards(base) or _some_of(frame, base, args, node)


def _identity(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    return base


def _piece(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    """A part of the text."""
    return Value(flows=plain(whole_flows(base), g.JOINED & ~g.BY_ENDS))


def _filled(_frame: Frame, base: Value, args: Arguments, _node: ir.Call) -> Value:
    """A text with another before or after it, as often as it takes."""
    return concatenated((Value(flows=base.flows), *args.positional[1:2]))


def _repeat(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``text.repeat(times)``: memory by a number."""
    amount = _first(args)
    if amount.flows:
        frame.record(EffectKind.ALLOCATE, "repeat", {"amount": amount}, node, ("repeats",))
    return _piece(frame, base, args, node)


def _split(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    part = Value(flows=plain(whole_flows(base), g.JOINED & ~g.BY_ENDS))
    return Value(fields={"*": part}) if part.flows else Value(fields={"*": NOTHING})


def _known_words(base: Value, args: Arguments) -> list[str] | None:
    """The parts of a literal text between literal separators, if they are few."""
    text, given = base.known_text, _first(args)
    between = given.known_text if args.positional else ""
    if text is None or between is None or len(text) > LONGEST or len(args.positional) > 1:
        return None
    if not args.positional or not between:
        words = list(text) if args.positional else text.split()
    else:
        words = text.split(between)
    return words if 0 < len(words) <= MOST_ROWS else None


def _words(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``line.split()``: a check of the first word tells something of the line."""
    known = _known_words(base, args)
    if known is not None:
        return Value(fields={str(at): literal(one) for at, one in enumerate(known)})
    parts = _split(frame, base, args, node)
    anywhere = parts.fields["*"]
    first = part_of(base if _first(args).known_text in (None, "", " ") else anywhere, "0")
    return Value(fields={"0": first, "*": anywhere}) if anywhere.flows else parts


def _replace(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    return replaced(frame, base, args, node)


def _yes_or_no(_frame: Frame, base: Value, args: Arguments, _node: ir.Call) -> Value:
    del base, args
    return Value(adds=g.NUMBER)


def _join(frame: Frame, base: Value, args: Arguments, _node: ir.Call) -> Value:
    """``items.join(sep)`` and ``sep.join(items)``."""
    items, between = (_first(args), base) if frame.python else (base, _first(args))
    known, rest = items_of(items)
    row: list[Value] = []
    for one in (*known, *(() if rest is None else (rest,))):
        if row:
            row.append(between)
        row.append(whole(one))
    return concatenated(row)


def _concat(_frame: Frame, base: Value, args: Arguments, _node: ir.Call) -> Value:
    if base.fields or any(one.fields for one in args.positional):
        every = [rows(one) for one in (base, *args.positional) if one.fields or one.flows]
        if all(every) and args.more is None:
            return loosely(one for row in every for one in row)
        known = [_items(one) for one in (base, *args.positional)]
        if args.more is None and all(one is not None for one in known):
            row = [one for items in known for one in items or ()]
            return Value(fields={str(at): one for at, one in enumerate(row)})
        return Value(fields={"*": join((element(base), *map(_spread, args.positional)))})
    return concatenated((base, *args.positional))


def _items(value: Value) -> tuple[Value, ...] | None:
    """The elements of a list, or one that is none; ``None`` where they are not all known."""
    if not value.fields:
        return (value,) if value.known_text is not None else None
    known, rest = items_of(value)
    return known if rest is None else None


def _spread(value: Value) -> Value:
    return element(value) if value.fields else value


def _format(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    more = [element(one) for one in (args.more, args.extra) if one is not None]
    everything = [*args.positional, *args.keywords.values(), *more]
    text = base.known_text
    if text is None:
        if frame.python and base.flows and not base.refs:
            frame.record(EffectKind.TEMPLATE, "str.format", {"template": base}, node, ("format",))
        return Value(flows=plain(whole_flows(join((base, *everything))), g.JOINED))
    pieces, names = _placeholders(text)

    def value_at(index: int) -> Value:
        name = names[index]
        if name.isdigit() and int(name) < len(args.positional):
            return args.positional[int(name)]
        return args.keywords.get(name, join(everything))

    return formatted(pieces, value_at)


def _placeholders(text: str) -> tuple[list[str], list[str]]:
    pieces, names, count = [""], [], 0
    index = 0
    while index < len(text):
        letter = text[index]
        if text[index : index + 2] in ("{{", "}}"):
            pieces[-1] += letter
            index += 2
        elif letter == "{" and (end := text.find("}", index)) > 0:
            name = text[index + 1 : end].partition(":")[0].partition("!")[0].partition(".")[0]
            names.append(name.partition("[")[0] or str(count))
            count += not name
            pieces.append("")
            index = end + 1
        else:
            pieces[-1] += letter
            index += 1
    return pieces, names


# ── sequences and mappings ───────────────────────────────────────────────────────────────────────


def _push(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """Elements added at the end: the variable changes."""
    callee = node.callee
    if not isinstance(callee, ir.Member):
        return NOTHING
    for value in args.positional:
        name = _place_for(frame, base, value)
        frame.engine.put(frame, callee.base, name, value, weak=name == "*")
        base = base.with_fields({**base.fields, name: value})
    if args.more is not None:
        frame.engine.put(frame, callee.base, "*", element(args.more), weak=True)
    return Value(adds=g.NUMBER)


def _place_for(frame: Frame, base: Value, value: Value) -> str:
    """Where an element that is added lies; known texts that a loop adds stay apart."""
    known, rest = items_of(base)
    if rest is None and not frame.loops and not frame.conditions:
        return str(len(known))
    if len(base.fields) >= MOST_ROWS:
        return "*"
    if frame.loops and value.known_text is not None:
        same = (name for name, one in base.fields.items() if one.known_text == value.known_text)
        return next(same, f"{LOOSE}{len(base.fields)}")
    of_rows = 0 < frame.loops == frame.rows and (value.fields or value.refs)
    return f"{LOOSE}{len(base.fields)}" if of_rows and "*" not in base.fields else "*"


def _extend(frame: Frame, _base: Value, args: Arguments, node: ir.Call) -> Value:
    if isinstance(node.callee, ir.Member):
        given = _first(args)
        for name, one in _added(_base, rows(given)) or (("*", element(given)),):
            frame.engine.put(frame, node.callee.base, name, one, weak=True)
    return NOTHING


def _added(base: Value, more: tuple[Value, ...]) -> tuple[tuple[str, Value], ...]:
    """Known elements with names that are free in the sequence they are added to."""
    start = len(base.fields)
    return tuple((f"{LOOSE}{start + place}", one) for place, one in enumerate(more))


def _update(frame: Frame, _base: Value, args: Arguments, node: ir.Call) -> Value:
    """Python's ``dict.update``."""
    if isinstance(node.callee, ir.Member):
        given = {**_first(args).fields, **args.keywords}
        for name, value in given.items():
            frame.engine.put(frame, node.callee.base, name, value, weak=bool(frame.conditions))
        if _first(args).flows:
            frame.engine.put(frame, node.callee.base, "*", element(_first(args)), weak=True)
    return NOTHING


def _set(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``map.set(key, value)``."""
    if isinstance(node.callee, ir.Member) and len(args.positional) > 1:
        name = args.positional[0].known_text
        frame.engine.put(
            frame, node.callee.base, name or "*", args.positional[1], weak=name is None
        )
    return base


def _get(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``mapping.get(key, default)``."""
    name = _first(args).known_text
    names = _names_asked_for(frame, base, args, node) if name is None else (name,)
    if not names:
        note_choice(frame, base, _first(args))
    found = join(frame.engine.member(frame, base, one, node) for one in names)
    found = found if names else element(base)
    default = args.positional[1] if len(args.positional) > 1 else NOTHING
    return join((frame.known(found), default))


def _names_asked_for(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> tuple[str, ...]:
    """What is read of things that are read by name, such as the environment."""
    if not any(frame.knowledge.reads(f"{one}.*") for one in base.externals()):
        return ()
    known = known_names(frame, node.args[0]) if node.args else ()
    return known or (key_name(frame, _first(args)),)


def _element(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    return element(base)


def _some_of(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    """Some of the elements, or all in another order."""
    if rows(base):
        return loosely(rows(base))
    if base.fields:
        return Value(fields={"*": element(base)}, flows=limited(base, g.JOINED).flows)
    return Value(flows=plain(base.flows, g.JOINED))


def _values(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    if rows(base):
        return loosely(rows(base))
    return Value(fields={"*": element(base)})


def _entries(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    key = Value(flows=limited(base, ~g.EXACT).flows)
    return Value(fields={"*": Value(fields={"0": key, "1": element(base)})})


def _keys(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    return keys_of(base)


# ── functions given to them ──────────────────────────────────────────────────────────────────────


def _called(frame: Frame, args: Arguments, given: Value, node: ir.Call) -> Value:
    inner = Arguments((given, Value(adds=g.NUMBER)))
    results = []
    for function in args.positional[:1]:
        results.append(frame.engine.dispatch(frame, function, inner, node))
    return join(results)


def _mapped(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    if rows(base):
        made = {name: _called(frame, args, one, node) for name, one in base.fields.items()}
        return Value(fields=made)
    known, rest = items_of(base)
    if known and rest is None and len(known) <= 30 and args.positional:
        row = {str(index): _called(frame, args, one, node) for index, one in enumerate(known)}
        return Value(fields=row)
    return Value(fields={"*": _called(frame, args, element(base), node)})


def _each(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    frame.loops += 1
    for one in rows(base) or (element(base),):
        _called(frame, args, one, node)
    frame.loops -= 1
    return NOTHING


def _chosen(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> list[Value]:
    """The known elements that a test does not rule out, where the name asked for is settled."""
    kept: list[Value] = []
    for number, row in enumerate(rows(base)):
        seen = _named(frame, row, (str(number),)) if frame.settled else row
        answer = _called(frame, args, seen, node)
        if not (answer.literal and answer.scalar is False):
            kept.append(row)
    return kept


def _named(frame: Frame, row: Value, path: tuple[str, ...]) -> Value:
    """The element with its name as something that tests of the name may be decided by. The name
    may stand in a part of it that describes it."""
    name = row.fields.get("name")
    text = None if name is None else name.known_text
    if text is None:
        if len(path) > 1 or row.flows:
            return row
        parts = {key: _named(frame, part, (*path, key)) for key, part in row.fields.items()}
        return row.with_fields(parts)
    origin = Param(0, 0, (*path, "name"))
    frame.settled[origin] = text
    settled = Value(flows={origin: Flow(g.EXACT)}, text=(text,), scalar=text, literal=True)
    return row.with_fields({**row.fields, "name": settled})


def _filtered(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    if rows(base):
        return loosely(_chosen(frame, base, args, node))
    _called(frame, args, element(base), node)
    return Value(fields={"*": element(base)})


def _found(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    if rows(base):
        return join(_chosen(frame, base, args, node))
    _called(frame, args, element(base), node)
    return element(base)


def _tested(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    _called(frame, args, element(base), node)
    return Value(adds=g.NUMBER)


def _reduced(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    item = element(base)
    held = args.positional[1] if len(args.positional) > 1 else item
    for _ in range(_ROUNDS):
        inner = Arguments((held, item))
        results = [frame.engine.dispatch(frame, one, inner, node) for one in args.positional[:1]]
        held = join((held, *results))
    return held


def _sorted(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    if args.positional:
        item = element(base)
        frame.engine.dispatch(frame, args.positional[0], Arguments((item, item)), node)
    if rows(base):
        return loosely(rows(base))
    return Value(fields={"*": element(base)}, flows=base.flows)


def _then(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    results = [
        frame.engine.dispatch(frame, one, Arguments((base,)), node)
        for one in args.positional
        if one.refs
    ]
    return join(results) if results else base


def _caught(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    results = [
        frame.engine.dispatch(frame, one, Arguments((NOTHING,)), node)
        for one in args.positional
        if one.refs
    ]
    return join((base, *results))


def _numbered(_frame: Frame, base: Value, _args: Arguments, _node: ir.Call) -> Value:
    return guaranteed(Value(flows=plain(whole_flows(base), 0)), g.NUMBER)


Method = Callable[["Frame", Value, Arguments, ir.Call], Value]


def _table(*rows: tuple[Method, str]) -> dict[str, Method]:
    return {name: method for method, names in rows for name in names.split()}


METHODS: dict[str, Method] = _table(
    (
        _same_text,
        (
            "trim lower upper toLowerCase toUpperCase casefold normalize title "
            "capitalize trimStart trimEnd toLocaleLowerCase expandtabs "
            "toWellFormed swapcase"
        ),
    ),
    (_stripped, "strip lstrip rstrip"),
    (_bytes_of, "encode decode"),
    (_identity, "toString valueOf copy asReadonly toArray"),
    (
        _piece,
        ("substring substr charAt removeprefix removesuffix zfill at"),
    ),
    (_filled, "ljust rjust center padStart padEnd"),
    (_repeat, "repeat"),
    (_words, "split"),
    (_split, "splitlines rsplit partition rpartition match matchAll"),
    (_replace, "replace replaceAll"),
    (
        _yes_or_no,
        (
            "startsWith endsWith includes startswith endswith isdigit isalnum isalpha "
            "isidentifier isnumeric isdecimal isspace islower isupper hasOwnProperty has "
            "isascii"
        ),
    ),
    (
        _numbered,
        (
            "indexOf lastIndexOf charCodeAt codePointAt localeCompare search rfind "
            "findIndex toFixed getTime"
        ),
    ),
    (_join, "join"),
    (_concat, "concat"),
    (_format, "format format_map"),
    (_push, "push append unshift add appendleft"),
    (_extend, "extend"),
    (_update, "update"),
    (_set, "set setdefault"),
    (_get, "get"),
    (_element, "pop shift popleft popitem"),
    (_backwards, "reverse toReversed"),
    (_some_of, "slice splice fill toSorted"),
    (_values, "values"),
    (_entries, "entries items"),
    (_keys, "keys"),
    (_mapped, "map flatMap"),
    (_each, "forEach"),
    (_filtered, "filter"),
    (_found, "find findLast"),
    (_tested, "some every"),
    (_reduced, "reduce reduceRight"),
    (_sorted, "sort"),
    (_then, "then"),
    (_caught, "catch finally"),
)
