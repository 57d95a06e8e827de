"""Calls that belong to the language itself: promises, object functions, conversions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.command_words import first_words
from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.elements import element, items_of, keys_of, loosely, rows
from ostiary.analyze.dataflow.join import guaranteed, join, join_flows, limited
from ostiary.analyze.dataflow.uncovered import backwards, literal
from ostiary.analyze.dataflow.value import NOTHING, Arguments, External, ModuleRef, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

RESOLVER = "<resolve>"


def language_call(frame: Frame, name: str, operands: Operands, node: ir.Node) -> Value | None:
    """The result, if the name is one of the language's that the engine treats itself."""
    found = _CALLS.get(name)
    return None if found is None else found(frame, operands, node)


def is_language_call(name: str) -> bool:
    """Whether a qualified name is one of the language's that the engine treats itself."""
    return name in _CALLS


def _promise(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """``new Promise((resolve, reject) => …)``: what it resolves to."""
    worker = operands.at(0)
    if worker is None:
        return NOTHING
    place = frame.place(node)
    name = f"{RESOLVER}{place.file}:{place.line}:{place.column}:{frame.number}"
    resolve = Value(refs=(External(name),))
    for closure in worker.closures():
        frame.engine.apply(frame, closure, Arguments((resolve, NOTHING)), node)
    return frame.engine.results.get(name, NOTHING)


def _all(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``Promise.all``, ``asyncio.gather``: a row of results."""
    value = operands.at(0)
    if value is None:
        return NOTHING
    return Value(flows=value.flows, fields=value.fields)


def _gather(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    return operands.at("rest:0") or NOTHING


def _keys(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    return keys_of(operands.at(0) or NOTHING)


def _object(frame: Frame, operands: Operands) -> Value:
    """The first argument as an object; a module is an object of what it hands out."""
    value = operands.at(0) or NOTHING
    for ref in value.refs:
        if isinstance(ref, ModuleRef):
            return Value(fields=frame.engine.namespace(ref.path))
    return value


def _changed_copy(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``dataclasses.replace(x, a=1)``: the same object but for the fields that are named."""
    value = operands.at(0) or NOTHING
    extra = operands.args.extra
    known = extra is None or bool(extra.fields)
    flows = value.flows if extra is None or known else join_flows(value.flows, extra.flows)
    fields = {**value.fields, **operands.args.keywords}
    return replace(value, flows=flows, fields=fields, literal=False, scalar=None, text=())


def _values(frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    value = _object(frame, operands)
    return loosely(rows(value)) if rows(value) else Value(fields={"*": element(value)})


def _entries(frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    value = _object(frame, operands)
    if rows(value):
        return loosely(_pair(name, one) for name, one in value.fields.items())
    key = Value(flows=limited(value, ~g.EXACT).flows)
    return Value(fields={"*": Value(fields={"0": key, "1": element(value)})})


def _pair(name: str, value: Value) -> Value:
    return Value(fields={"0": Value(text=(name,), scalar=name, literal=True), "1": value})


def _by_key(value: Value) -> Value | None:
    """A mapping made of pairs whose keys are all known."""
    pairs = rows(value)
    keys = [getattr(one.fields.get("0"), "known_text", None) for one in pairs]
    if not pairs or None in keys:
        return None
    named = zip(keys, pairs, strict=True)
    return Value(fields={str(key): one.fields.get("1", NOTHING) for key, one in named})


def _map(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """``new Map(pairs)``."""
    value = operands.at(0)
    found = None if value is None else _by_key(value)
    return _same_elements(frame, operands, node) if found is None else found


def _from_entries(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    found = _by_key(operands.at(0) or NOTHING)
    if found is not None:
        return found
    pair = element(operands.at(0) or NOTHING)
    return Value(fields={"*": pair.field("1") or element(pair)})


def _same_elements(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """``Array.from``, ``list``, ``set``, ``sorted``, ``reversed``, ``tuple``."""
    value = operands.at(0)
    if value is None:
        return Value(fields={})
    mapper = operands.at(1)
    if mapper is not None and any(True for _ in mapper.closures()):
        results = [
            frame.engine.apply(frame, closure, Arguments((element(value),)), node)
            for closure in mapper.closures()
        ]
        return Value(fields={"*": join(results)})
    return Value(flows=value.flows, fields=value.fields)


def _enumerated(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    value = operands.at(0) or NOTHING
    number = Value(adds=g.NUMBER)
    return Value(fields={"*": Value(fields={"0": number, "1": element(value)})})


def _zipped(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    known, _ = items_of(operands.at("rest:0") or NOTHING)
    row = {str(index): element(one) for index, one in enumerate(known)}
    return Value(fields={"*": Value(fields=row)})


def _mapped(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """Python's ``map`` and ``filter``."""
    function, over = operands.at(0) or NOTHING, operands.at(1) or NOTHING
    given = Arguments((element(over),))
    facts = dict(frame.facts)
    results = [frame.engine.apply(frame, closure, given, node) for closure in function.closures()]
    if node not in frame.engine.carried_out:
        frame.facts = facts
    foreign = Value(refs=tuple(one for one in function.refs if isinstance(one, External)))
    if foreign.refs and not results and isinstance(node, ir.Call):
        return Value(fields={"*": frame.engine.dispatch(frame, foreign, given, node)})
    return Value(fields={"*": join((*results, element(over)))})


def _text(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``str(x)``, ``String(x)``: the same, as text."""
    value = operands.at(0)
    if value is None:
        return Value(text=("",), scalar="", literal=True)
    if value.fields or value.refs:
        return replace(limited(operands.everything(), ~g.EXACT), text=value.text)
    return value


def _shell_words(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``shlex.split(line)``: the words that are ours, and what the rest may hold."""
    line = operands.at(0) or NOTHING
    words, whole = first_words(line)
    rest = limited(line, g.SAFE | g.PROGRAM_CHOSEN)
    if not words:
        return Value(flows=rest.flows)
    fields = {str(at): literal(word) for at, word in enumerate(words)}
    return Value(fields=fields if whole else {**fields, "*": Value(flows=rest.flows)})


def _shown(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``repr(x)``, ``ascii(x)``: text between quotes."""
    value = operands.at(0) or NOTHING
    text = value.known_text
    if text is not None:
        return Value(text=(repr(text),), scalar=repr(text), literal=True)
    return limited(operands.everything(), g.SAFE)


def _number(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    return guaranteed(limited(operands.everything(), 0), g.NUMBER)


def _length(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """No more than what was sent."""
    return guaranteed(limited(operands.everything(), 0), g.NUMBER | g.SIZE_LIMITED)


def _converted(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """A number out of whatever was given; a bound that was checked before still holds."""
    return guaranteed(limited(operands.everything(), g.SIZE_LIMITED), g.NUMBER)


def _mapping(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """Python's ``dict(a, b=c)``."""
    value = operands.at(0) or NOTHING
    fields = {**value.fields, **operands.args.keywords}
    own = Value(flows=value.flows, fields=fields)
    return own if operands.args.extra is None else join((own, operands.args.extra))


def _assigned(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """``Object.assign(a, b, …)``: parts of all, the last wins; the first has them from then on."""
    known, rest = items_of(operands.at("rest:0") or NOTHING)
    fields: dict[str, Value] = {}
    for one in known:
        fields.update(one.fields)
    if isinstance(node, ir.Call) and node.args and isinstance(node.args[0], ir.Name):
        for name in {name: None for one in known[1:] for name in one.fields}:
            frame.engine.put(frame, node.args[0], name, fields[name], weak=False)
    bare = [Value(flows=one.flows, refs=one.refs) for one in known]
    return join((Value(fields=fields), *bare, *(() if rest is None else (rest,))))


def _frozen(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    return operands.at(0) or NOTHING


def _attribute(frame: Frame, operands: Operands, node: ir.Node) -> Value:
    """Python's ``getattr`` with a known name."""
    base, name = operands.at(0), operands.at(1)
    text = None if name is None else name.known_text
    if base is None:
        return NOTHING
    if text is None:
        return join((element(base), *frame.engine.any_method(frame, base)))
    found = frame.engine.member(frame, base, text, node)
    default = operands.at(2)
    return found if default is None else join((found, default))


def _backwards(_frame: Frame, operands: Operands, _node: ir.Node) -> Value:
    """``reversed(x)``, ``x[::-1]``."""
    value = operands.at(0) or NOTHING
    return backwards(value) or replace(value, literal=False, scalar=None, text=())


def _names_of(_frame: Frame, operands: Operands, _node: ir.Node) -> Value | None:
    """``vars(module)["name"]`` is ``module.name``."""
    return operands.at(0)


def _own_names(frame: Frame, _operands: Operands, _node: ir.Node) -> Value:
    """``globals()``: what this module binds."""
    return Value(refs=(ModuleRef(frame.module.path),))


def _partial(_frame: Frame, operands: Operands, _node: ir.Node) -> Value | None:
    """``functools.partial`` of a library's function, with what it was given."""
    function = operands.at(0)
    if function is None or not function.refs or any(function.closures()):
        return None
    return Value(
        refs=(External("functools.partial()"),),
        fields={
            "function": function,
            "positional": operands.at("rest:1") or NOTHING,
            "keywords": Value(fields=operands.args.keywords),
        },
    )


def _set_attribute(frame: Frame, operands: Operands, node: ir.Node) -> Value | None:
    """Python's ``setattr`` with a known name."""
    name, value = operands.at(1), operands.at(2)
    text = None if name is None else name.known_text
    if text is None or value is None or not isinstance(node, ir.Call) or not node.args:
        return None
    place = ir.Member(node.line, node.column, node.args[0], text)
    pattern = ir.PlacePattern(node.line, node.column, place)
    frame.engine.assign(frame, pattern, value, declares=False)
    return NOTHING


def _called(frame: Frame, operands: Operands, node: ir.Node) -> Value | None:
    """``operator.call(function, …)``."""
    args = operands.args
    if not args.positional or not isinstance(node, ir.Call):
        return None
    given = replace(args, positional=args.positional[1:], receiver=None)
    return frame.engine.dispatch(frame, args.positional[0], given, node)


def _imported(frame: Frame, operands: Operands, _node: ir.Node) -> Value | None:
    """``importlib.import_module("name")``: the module, where its name stands in the code."""
    value = operands.at(0)
    name = value.known_text if value is not None else None
    return None if not name or name.startswith(".") else frame.engine.import_value(frame, name)


_CALLS: dict[str, Callable[[Frame, Operands, ir.Node], Value | None]] = {
    "importlib.import_module": _imported,
    "importlib.__import__": _imported,
    "vars": _names_of,
    "operator.call": _called,
    "setattr": _set_attribute,
    "globals": _own_names,
    "functools.partial": _partial,
    "Promise": _promise,
    "Promise.all": _all,
    "Promise.allSettled": _all,
    "Promise.race": _values,
    "Promise.any": _values,
    "Promise.resolve": _frozen,
    "asyncio.gather": _gather,
    "dataclasses.replace": _changed_copy,
    "attr.evolve": _changed_copy,
    "attrs.evolve": _changed_copy,
    "copy.replace": _changed_copy,
    "Object.keys": _keys,
    "Object.getOwnPropertyNames": _keys,
    "Object.values": _values,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.assign": _assigned,
    "Object.freeze": _frozen,
    "Object.seal": _frozen,
    "Object.getPrototypeOf": _frozen,
    "Reflect.getPrototypeOf": _frozen,
    "process.mainModule.require": _imported,
    "process.getBuiltinModule": _imported,
    "module.require": _imported,
    "module.createRequire()": _imported,
    "structuredClone": _frozen,
    "Array.from": _same_elements,
    "Set": _same_elements,
    "Map": _map,
    "Array.of": _gather,
    "list": _same_elements,
    "tuple": _same_elements,
    "set": _same_elements,
    "frozenset": _same_elements,
    "sorted": _same_elements,
    "reversed": _backwards,
    ir.BACKWARDS: _backwards,
    "iter": _same_elements,
    "dict": _mapping,
    "enumerate": _enumerated,
    "zip": _zipped,
    "map": _mapped,
    "filter": _mapped,
    "str": _text,
    "shlex.split": _shell_words,
    "repr": _shown,
    "ascii": _shown,
    "String": _text,
    "int": _converted,
    "float": _converted,
    "bool": _number,
    "len": _length,
    "Number": _converted,
    "parseInt": _converted,
    "parseFloat": _converted,
    "Number.parseInt": _converted,
    "Number.parseFloat": _converted,
    "Boolean": _number,
    "BigInt": _number,
    "getattr": _attribute,
}
