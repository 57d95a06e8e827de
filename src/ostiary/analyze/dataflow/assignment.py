"""Assignment: to variables, parts of objects, and patterns that take values apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ostiary.analyze.dataflow.aliases import also_at
from ostiary.analyze.dataflow.calls.special_methods import set_by_key, set_property
from ostiary.analyze.dataflow.checks.held import forget_part
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import element, item
from ostiary.analyze.dataflow.expressions import evaluate, quietly, unless_given
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.kept import Slot, home, keep, keep_elsewhere, leave
from ostiary.analyze.dataflow.members import read_member
from ostiary.analyze.dataflow.request_state import STATE
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Class,
    Instance,
    ModuleRef,
    Value,
)
from ostiary.analyze.ir import (
    Call,
    Constant,
    DefaultPattern,
    Expr,
    Index,
    Member,
    Name,
    NamePattern,
    Node,
    ObjectPattern,
    Pattern,
    PlacePattern,
    SequencePattern,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_MUTABLE_WORDS = frozenset({"__doc__", "description", "inputSchema", "instructions", "annotations"})


def assign_pattern(frame: Frame, pattern: Pattern, value: Value, *, declares: bool) -> None:
    """Bind everything in a pattern."""
    match pattern:
        case NamePattern():
            bind(frame, pattern.id, value, pattern, declares=declares)
        case PlacePattern():
            assign_place(frame, pattern.place, value)
        case DefaultPattern():
            default = unless_given(frame, pattern.default)
            assign_pattern(frame, pattern.pattern, join((value, default)), declares=declares)
        case SequencePattern():
            _sequence(frame, pattern, value, declares)
        case ObjectPattern():
            _object(frame, pattern, value, declares)


def bind(frame: Frame, name: str, value: Value, node: Node, *, declares: bool) -> None:
    """Bind a variable; one of a scope around is there for later calls."""
    around = frame.assign(name, value, declares=declares)
    if around is not None:
        keep(frame, Slot(around, name), value, node)


def _sequence(frame: Frame, pattern: SequencePattern, value: Value, declares: bool) -> None:
    for index, inner in enumerate(pattern.items):
        if inner is not None:
            assign_pattern(frame, inner, frame.read(item(value, index)), declares=declares)
    if pattern.rest is not None:
        rest = Value(fields={"*": frame.read(element(value))})
        assign_pattern(frame, pattern.rest, rest, declares=declares)


def _object(frame: Frame, pattern: ObjectPattern, value: Value, declares: bool) -> None:
    for key, inner in pattern.entries:
        part = element(value) if key is None else read_member(frame, value, key, pattern)
        assign_pattern(frame, inner, frame.known(part), declares=declares)
    if pattern.rest is not None:
        taken = {key for key, _ in pattern.entries}
        fields = {name: part for name, part in value.fields.items() if name not in taken}
        rest = frame.read(value.with_fields(fields))
        assign_pattern(frame, pattern.rest, rest, declares=declares)


def assign_place(frame: Frame, place: Member | Index, value: Value) -> None:
    """``a.b = value`` or ``a[b] = value``."""
    base = quietly(frame, place.base)
    name = _key(frame, place)
    forget_part(frame, name)
    _told(frame, place, base, name, value)
    if _exported(frame, place, base, name, value):
        return
    if isinstance(place, Index) and frame.python and base.refs:
        set_by_key(frame, base, value, place)
    if name is not None:
        set_property(frame, base, name, value, place)
        _fields(frame, base, name, value, place)
    put(frame, place.base, name or "*", value, weak=name is None)


def _fields(frame: Frame, base: Value, name: str, value: Value, node: Node) -> None:
    """A part of whatever the base is, for all who have it."""
    for ref in base.refs:
        if isinstance(ref, Instance):
            frame.engine.keep_field(ref.of, name, value)
            keep(frame, Slot(ref.of, name), value, node)
        elif isinstance(ref, Class):
            frame.engine.keep_field(ref, name, value, static=True)
            keep(frame, Slot(ref, name, static=True), value, node)
        elif isinstance(ref, ModuleRef):
            _of_module(frame, ref, name, value, node)


def _of_module(frame: Frame, ref: ModuleRef, name: str, value: Value, node: Node) -> None:
    """``config.folder = value``: a variable of another module."""
    linked = frame.engine.modules.get(ref.path)
    if linked is None:
        return
    if not frame.python:
        keep(frame, Slot(linked, name), value, node)
        return
    before = linked.scope.variables.get(name)
    if isinstance(before, Value):
        linked.scope.variables[name] = join((before, frame.outlive(value)))
        keep(frame, Slot(linked.scope, name), value, node)


def _key(frame: Frame, place: Member | Index) -> str | None:
    if isinstance(place, Member):
        return place.name
    if isinstance(place.key, Constant) and isinstance(place.key.value, str | int):
        return str(place.key.value)
    return evaluate(frame, place.key).known_text


def put(
    frame: Frame, base: Expr, name: str, value: Value, *, weak: bool, asked: bool = False
) -> None:
    """Write a part into whatever variable the base leads to. What is only ``asked`` of it is known
    here, and nowhere else."""
    left = NOTHING if asked else Value(fields={name: value})
    _put(frame, base, name, value, left, weak=weak)


def _put(frame: Frame, base: Expr, name: str, value: Value, left: Value, *, weak: bool) -> None:
    """The same; ``left`` is the base with only what is new in it."""
    if isinstance(base, Name):
        _put_into(frame, base, name, value, left, weak=weak)
        if base.id in frame.same and left is not NOTHING:
            _put_elsewhere(frame, base.id, name, value, left)
        return
    above, key = _above(frame, base)
    if above is None:
        keep_elsewhere(frame, quietly(frame, base), left, base)
        return
    inner = quietly(frame, base)
    before = inner.fields.get(name)
    part = value if before is None or not weak else join((before, value))
    changed = inner.with_fields({**inner.fields, name: part})
    if isinstance(base, Member):
        for ref in quietly(frame, base.base).refs:
            if isinstance(ref, Instance):
                frame.engine.keep_field(ref.of, base.name, changed)
                keep(frame, Slot(ref.of, base.name), left, base)
            elif isinstance(ref, Class):
                keep(frame, Slot(ref, base.name, static=True), left, base)
            elif isinstance(ref, ModuleRef):
                _of_module(frame, ref, base.name, left, base)
    _put(frame, above, key, changed, Value(fields={key: left}), weak=key == "*")


def _put_elsewhere(frame: Frame, variable: str, name: str, value: Value, left: Value) -> None:
    """The same into the places where the object of a variable lies, too."""
    places = tuple(also_at(frame, variable))
    known = frame.same.pop(variable)
    for place in places:
        _put(frame, place, name, value, left, weak=True)
    frame.same[variable] = known


def _above(frame: Frame, base: Expr) -> tuple[Expr | None, str]:
    """What something is a part of, and by which name: ``jobs[key]``, ``jobs.get(key)``."""
    if isinstance(base, Member):
        return base.base, base.name
    if isinstance(base, Index):
        return base.base, _key(frame, base) or "*"
    if not (isinstance(base, Call) and isinstance(base.callee, Member) and base.args):
        return None, ""
    if base.callee.name not in ("get", "setdefault"):
        return None, ""
    return base.callee.base, quietly(frame, base.args[0]).known_text or "*"


def _put_into(
    frame: Frame, base: Name, name: str, value: Value, left: Value, *, weak: bool
) -> None:
    whole = frame.lookup(base.id)
    owner = frame.scope.find(base.id)
    if whole is None or owner is None:
        return
    before = whole.fields.get(name)
    part = value if before is None or not weak else join((before, value))
    if owner is frame.scope:
        leave(frame, whole, left)
        keep_elsewhere(frame, whole, left, base)
    else:
        part = frame.outlive(part)
        if before is not None and before.flows and not weak:
            part = join((before, part))  # others may have written since
    binding = owner.variables[base.id]
    if isinstance(binding, Value):
        owner.variables[base.id] = whole.with_fields({**whole.fields, name: part})
        if owner.number != frame.number:
            keep(frame, Slot(owner, base.id), left, base, whole)
        return
    place = home(frame.engine, binding)
    if place is not None:
        keep(frame, place, left, base)


def _exported(
    frame: Frame, place: Member | Index, base: Value, name: str | None, value: Value
) -> bool:
    """CommonJS: ``exports.x = …``, ``module.exports = …``."""
    own = frame.engine.modules.get(frame.module.path)
    if own is None or frame.python or name is None:
        return False
    if isinstance(place.base, Name) and place.base.id == "module" and name == "exports":
        if frame.scope.find("module") is not own.scope:
            return False
        settled = frame.outlive(value)
        own.exports["default"] = own.exports["="] = settled
        for key, part in settled.fields.items():
            own.exports.setdefault(key, part)
        own.scope.variables["module"] = Value(fields={"exports": settled})
        return True
    refs = [ref for ref in base.refs if isinstance(ref, ModuleRef)]
    for ref in refs:
        linked = frame.engine.modules.get(ref.path)
        if linked is not None and ref.path == frame.module.path:
            linked.exports[name] = frame.outlive(value)
    return bool(refs)


def _told(frame: Frame, place: Member | Index, base: Value, name: str | None, value: Value) -> None:
    """Effects of assigning: the environment, foreign options, declared words, computed keys."""
    for external in base.externals():
        if external in ("process.env", "os.environ"):
            label = Value(text=(name,), scalar=name, literal=True) if name else NOTHING
            operands = {"name": label, "value": value}
            frame.record(EffectKind.SET_ENVIRONMENT, external, operands, place)
        else:
            told = f"{external}.{name or '*'}="
            if name is not None and any(value.closures()):
                put_over(frame, external, name, value)
            frame.record(EffectKind.CALL, told, {"value": value, "base": base}, place)
    if isinstance(place.base, Index) and name and _key(frame, place.base) == STATE:
        frame.record(EffectKind.CALL, f"scope.{STATE}.{name}=", {"value": value}, place)
    if name in _MUTABLE_WORDS and frame.number:
        frame.record(EffectKind.MUTATE, f"{name}=", {"target": base, "value": value}, place)
    if name is None and isinstance(place, Index) and not frame.python:
        key = evaluate(frame, place.key)
        if key.flows:
            operands = {"target": base, "key": key, "source": value}
            if isinstance(place.base, Index):
                operands["outer key"] = evaluate(frame, place.base.key)
            elif isinstance(place.base, Name) and place.base.id in frame.walked:
                operands["outer key"] = frame.walked[place.base.id]
            frame.record(EffectKind.MERGE, "[]=", operands, place)


def put_over(frame: Frame, of: str, name: str, value: Value) -> None:
    """``json.dumps = other``: a function of the target in the place of a library's."""
    full = name if of == "builtins" else f"{of}.{name}"
    before = frame.engine.put_over.get(full, NOTHING)
    frame.engine.put_over[full] = join((before, Value(refs=tuple(value.closures()))))
