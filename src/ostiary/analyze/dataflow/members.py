"""Reading a part of a value: fields, methods, names of modules, sources that are read by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.special_methods import missing
from ostiary.analyze.dataflow.join import (
    ADDRESS,
    guaranteed,
    join,
    limited,
    part_of,
    plain,
    whole_flows,
)
from ostiary.analyze.dataflow.request_state import STATE
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Class,
    Closure,
    External,
    Flow,
    Hole,
    Instance,
    ModuleRef,
    Origin,
    Param,
    Recipe,
    Source,
    Value,
)
from ostiary.analyze.ir import Node
from ostiary.analyze.knowledge.known import Read

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

LONGEST_NAME = 160
_LOADED = "sys.modules"
"""The table of modules: each stands there under its name."""
_HOSTS = frozenset({"hostname", "host", "netloc"})
_SIZES = frozenset({"length", "size"})
_SCHEMES = frozenset({"protocol", "scheme"})
ADDRESSES = frozenset({"URL()", "httpx.URL()", "yarl.URL()"})
"""Of these, a part is a part of the address and not of an object that was given."""
_OBJECTS = frozenset({"object", "strictObject", "looseObject"})
_BEHIND_HOST = frozenset({"pathname", "search", "searchParams", "hash"})
"""Parts of an address that are chosen apart from its host."""
_BEGINS = {"pathname": "/", "search": "?", "hash": "#"}
_OF_HOST = g.HOST_CHOSEN | g.HOST_PUBLIC | g.HOST_SUBSTRING | g.FIXED_HOST | g.OUTSIDE
"""What is certain of an address by its host."""
_PATH_PARTS = frozenset({"name", "stem", "suffix"})


def read_member(frame: Frame, base: Value, name: str, node: Node) -> Value:
    """``base.name`` or ``base["name"]``."""
    if name == "value" and frame.python and base.known_text is not None:
        return base
    if name == "__dict__" and frame.python:
        return base
    if not base.refs:
        return _plain(base, name) if base.fields or base.flows else NOTHING
    parts: list[Value] = []
    known, foreign = name in base.fields, False
    for ref in base.refs:
        if isinstance(ref, External):
            foreign = True
            if known:
                continue
        part = _of_ref(frame, base, ref, name, node)
        if part is not None:
            parts.append(part)
    if _is_behind_host(base, name) and not known:
        return join(parts)
    if base.fields or (base.flows and not foreign):
        parts.append(_plain(base, name))
    return join(parts) if parts else NOTHING


def _is_behind_host(base: Value, name: str) -> bool:
    return name in _BEHIND_HOST and any(one == ADDRESS for one in base.externals())


def _plain(base: Value, name: str) -> Value:
    found = part_of(base, name)
    if name in _SIZES and name not in base.fields:
        return _counted(found)
    if not base.flows or name in base.fields:
        return found
    if name in _HOSTS:
        return guaranteed(_derived(found), g.HOST_OF)
    if name in _SCHEMES:
        return guaranteed(_derived(found), g.SCHEME_OF)
    return found


def _counted(value: Value) -> Value:
    """How much there is of what was sent, which is as much as was sent."""
    return guaranteed(Value(flows=plain(whole_flows(value), 0)), g.NUMBER | g.SIZE_LIMITED)


def _derived(value: Value) -> Value:
    return limited(value, ~g.EXACT)


def _of_ref(frame: Frame, base: Value, ref: object, name: str, node: Node) -> Value | None:
    match ref:
        case External():
            return _of_target(frame, ref, name) or _external(frame, base, ref, name, node)
        case ModuleRef():
            return _of_module(frame, ref, name)
        case Instance():
            return _of_instance(frame, base, ref, name, node)
        case Class():
            return _of_class(frame, ref, name)
        case Closure():
            return _of_function(ref, name)
    return None


def _of_function(ref: Closure, name: str) -> Value | None:
    if name in ("bind", "call", "apply"):
        return Value(refs=(External(f"Function.{name}"),), fields={"function": Value(refs=(ref,))})
    if name == "constructor":
        return Value(refs=(External("Function"),))
    if name == "__doc__" and ref.function.doc:
        return Value(text=(ref.function.doc,), scalar=ref.function.doc, literal=True)
    return None


def _of_module(frame: Frame, ref: ModuleRef, name: str) -> Value | None:
    found = frame.engine.exported(ref.path, name)
    if found is None and name == "default":
        return Value(refs=(ref,))
    return found


def _of_instance(frame: Frame, base: Value, ref: Instance, name: str, node: Node) -> Value | None:
    engine = frame.engine
    for one in engine.lineage(ref.of):
        method = engine.class_methods.get(one.number, {}).get(name)
        if method is None:
            continue
        if method.function.kind == "getter" or _is_property(method):
            return engine.get_property(frame, method, base, node)
        if method.function.kind in ("static", "class"):
            return _of_class(frame, ref.of, name)
        return _replaced(frame, ref.of, name, base, Value(refs=(method.bound_to(base),)))
    kept = engine.kept_field(ref.of, name) or engine.kept_field(ref.of, name, static=True)
    return kept or (None if name in base.fields else missing(frame, base, ref, name, node))


def _replaced(frame: Frame, one: Class, name: str, base: Value, method: Value) -> Value:
    """A method, and what was put in its place: ``Box.run = other``."""
    for static in (True, False):
        kept = frame.engine.kept_field(one, name, static=static)
        others = () if kept is None else tuple(kept.closures())
        if others:
            method = join((method, Value(refs=tuple(other.bound_to(base) for other in others))))
    return method


def _is_property(method: Closure) -> bool:
    names = (getattr(one, "id", getattr(one, "name", "")) for one in method.function.decorators)
    return any(name in ("property", "cached_property") for name in names)


def _of_class(frame: Frame, ref: Class, name: str) -> Value | None:
    engine = frame.engine
    for one in engine.lineage(ref):
        method = engine.class_methods.get(one.number, {}).get(name)
        if method is not None:
            bound = Value(refs=(ref,)) if method.function.kind == "class" else None
            return Value(refs=(method.bound_to(bound),))
    if name == "prototype":
        return Value(refs=(Instance(ref),))
    return engine.kept_field(ref, name, static=True)


def _of_target(frame: Frame, ref: External, name: str) -> Value | None:
    """What the target itself put in the place of a library's function; a module in its table."""
    if ref.name == _LOADED and frame.python:
        return frame.engine.import_value(frame, name)
    if not frame.engine.put_over:
        return None
    full = f"{ref.name}.{name}"
    other = frame.engine.put_over.get(full)
    return None if other is None else join((Value(refs=(External(full),)), other))


def _external(frame: Frame, base: Value, ref: External, name: str, node: Node) -> Value:
    full = f"{ref.name}.{name}"
    if name == "default":
        full = ref.name
    elif len(full) > LONGEST_NAME:
        return Value(flows=base.flows)
    if ref.made_with is not None:
        if name == "shape":
            return Value(refs=(ref,), fields=_object_shape(ref.made_with))
        if name == "value" and ref.made_with.callee.endswith(".literal") and ref.made_with.args:
            return ref.made_with.args[0]
    refs = (External(full),)
    known = frame.knowledge.reads(full)
    if known is not None:
        return _source_read(frame, known, full, name, node)
    if not base.flows:
        return Value(refs=refs)
    return _of_foreign_value(base, ref, full, name)


def _object_shape(made: Recipe) -> Mapping[str, Value]:
    """The fields that a schema of an object was made with."""
    whole = made.args[0].fields if made.args else {}
    return whole if made.callee.rpartition(".")[2] in _OBJECTS else {}


def _source_read(frame: Frame, known: Read, full: str, name: str, node: Node) -> Value:
    if known.effect is not None:
        label = Value(text=(name,), scalar=name, literal=True)
        frame.record(known.effect, full, {"name": label}, node)
    _, state, part = full.rpartition("().state.")
    source = Source(known.gives, f"{STATE}.{part}" if state else name, "")
    refs = (External(full),) if known.external else ()
    return Value(flows={source: Flow(g.EXACT)}, refs=refs)


def _of_foreign_value(base: Value, ref: External, full: str, name: str) -> Value:
    of_address = ref.name in ADDRESSES and (name in _HOSTS or name in _SCHEMES)
    exact = any(flow.guarantees & g.EXACT for flow in base.flows.values())
    if ref.name.endswith("()") and (name == "length" or (name == "size" and not exact)):
        return _counted(base).with_refs((External(full),))
    behind = name in _BEHIND_HOST and ref.name == ADDRESS
    whole = of_address or not (exact or behind)
    flows = base.flows if whole else part_of(Value(flows=base.flows), name).flows
    value = Value(flows=flows, refs=(External(full),))
    if behind:
        begins = _BEGINS.get(name)
        text = () if begins is None else (begins, Hole(tuple(flows)))
        return replace(limited(value, ~_OF_HOST), text=text)
    if name in _HOSTS:
        return guaranteed(_derived(value), g.HOST_OF)
    if name in _SCHEMES:
        return guaranteed(_derived(value), g.SCHEME_OF)
    if name in _PATH_PARTS and "Path()" in ref.name:
        return guaranteed(_derived(value), g.BASENAME)
    return value


def named_like_an_address(origin: Origin) -> bool:
    """Whether an origin is itself what is called like a host or scheme; it may be something else
    of that name, and what is checked of it is checked of the whole of it."""
    name = (
        origin.path[-1]
        if isinstance(origin, Param) and origin.path
        else origin.name.rpartition(".")[2]
        if isinstance(origin, Source) and origin.whole
        else ""
    )
    return name in _HOSTS or name in _SCHEMES
