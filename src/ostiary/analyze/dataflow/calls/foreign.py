"""Calls of code that is not the target's: what the knowledge says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.addresses import address_text
from ostiary.analyze.dataflow.calls.chosen import key_name
from ostiary.analyze.dataflow.calls.clients import note_client
from ostiary.analyze.dataflow.calls.declaring import TOOL, declares_tool
from ostiary.analyze.dataflow.calls.language import RESOLVER, language_call
from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.checks.validated import VALIDATES, validated
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import element, items_of
from ostiary.analyze.dataflow.join import (
    as_far_as_normal,
    concatenated,
    embedded,
    guaranteed,
    join,
    limited,
    plain,
    stepped,
    whole_flows,
)
from ostiary.analyze.dataflow.uncovered import uncovered
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    External,
    Flow,
    Recipe,
    Source,
    SourceKind,
    Text,
    Value,
)
from ostiary.analyze.knowledge.acting import UNKNOWN, acts
from ostiary.analyze.knowledge.known import Known, Result, Where

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

LONGEST_NAME = 160
_MADE_ON = frozenset(
    {
        EffectKind.MAIL,
        EffectKind.MESSAGE,
        EffectKind.SPEND,
        EffectKind.SQL,
        EffectKind.NOSQL,
        EffectKind.REQUEST,
        EffectKind.CALL,
    }
)
"""Effects of which it counts what they are made on: a client with its address and its key."""
_OF_FOLDERS = g.NORMAL_PATH | g.REAL_PATH | g.CONTAINED | g.REAL_CHECKED
_SLASH = Value(text=("/",), scalar="/", literal=True)


@dataclass(frozen=True, slots=True)
class _Called:
    """One foreign call."""

    name: str
    operands: Operands
    node: ir.Node
    callee: Value


def foreign_call(
    frame: Frame,
    name: str,
    operands: Operands,
    node: ir.Call | ir.Tagged | ir.Node,
    callee: Value = NOTHING,
) -> Value:
    """Call something from outside by its qualified name."""
    if name.startswith(RESOLVER):
        return _resolved(frame, name, operands)
    called = _Called(name, operands, node, callee)
    own = language_call(frame, name, operands, node)
    facts = (
        frame.knowledge.calls(name)
        if not name.startswith("*.")
        else (frame.knowledge.unknown_method(name[2:]))
    )
    if not facts and declares_tool(frame, name, operands.args):
        facts = frame.knowledge.unknown_method(TOOL)
    frame.engine.read_all(frame, operands)
    for known in facts:
        _effect(frame, called, known)
        _certain(frame, known, operands, node)
        _write(frame, known, operands, node)
    held: Mapping[str, Value] = {}
    if own is None and not any(known.effect for known in facts):
        note_call(frame, name, operands, node)
        held = note_client(frame, name, operands, node)
    certain = dict(frame.facts)
    returned = _callbacks(frame, facts, called)
    if frame.python and node not in frame.engine.carried_out:
        frame.facts = certain  # nothing says that they are called before the path goes on
    if own is not None:
        return own
    results = [_result(frame, name, known, operands, node) for known in facts[:1]]
    if not results:
        results = [_unknown(name, operands).with_fields(held)]
    value = join((*results, *returned))
    if any(one.result.keeps_recipe for one in facts):
        return _made(frame, called, value)
    return value


def note_call(frame: Frame, name: str, operands: Operands, node: ir.Node) -> None:
    """Record a call that no table knows, if its name says that it acts."""
    if acts(name):
        given = {"arguments": join(operands.given()), "client": _client(operands.base)}
        frame.record(EffectKind.CALL, name, given, node, (UNKNOWN,))


def _resolved(frame: Frame, name: str, operands: Operands) -> Value:
    value = operands.at(0)
    if value is not None:
        frame.read(value)
        before = frame.engine.results.get(name)
        frame.engine.results[name] = value if before is None else join((before, value))
    return NOTHING


def _effect(frame: Frame, called: _Called, known: Known) -> None:
    name, operands, node, callee = called.name, called.operands, called.node, called.callee
    if known.effect is None or not all(operands.holds(one) for one in known.when):
        return
    found: dict[str, Value] = {}
    for role, places in known.roles.items():
        value = operands.find(places)
        if value is not None and value is not NOTHING:
            found[role] = frame.known_parts(value)
    if known.effect in (EffectKind.DECLARE, EffectKind.ROUTE):
        found["callee"], found["base"] = callee, operands.base
    elif known.effect in _MADE_ON and operands.base is not NOTHING:
        found.setdefault("client", _client(operands.base))
    frame.record(known.effect, name, found, node, known.tags)


def _client(base: Value) -> Value:
    """What a call is made on, without the parts that only the target's own code reads."""
    return Value(flows=base.flows, refs=tuple(one for one in base.refs if type(one) is External))


def _certain(frame: Frame, known: Known, operands: Operands, node: ir.Node) -> None:
    for where, bits in known.ensures:
        value = operands.at(where)
        if value is not None:
            proven = as_far_as_normal(value, bits)
            frame.engine.certain(frame, value, proven)
            frame.engine.refine_operand(frame, node, where, proven)


def _write(frame: Frame, known: Known, operands: Operands, node: ir.Node) -> None:
    for target, origin in known.writes:
        value = operands.at(origin)
        if value is not None:
            frame.engine.write_into(frame, node, target, guaranteed(value, known.result.adds))


def _callbacks(frame: Frame, facts: tuple[Known, ...], called: _Called) -> list[Value]:
    """Functions among the arguments, called; what they return may come back."""
    operands, node = called.operands, called.node
    told = next((one.calls for one in facts if one.calls is not None), None)
    returned: list[Value] = []
    if told is None:
        handed = [one for value in operands.given() for one in value.closures()]
        given = _handed_back(frame, called, facts) if handed else Arguments()
        returned.extend(frame.engine.apply(frame, one, given, node) for one in handed)
        return returned if not facts else []
    for where, gives in told:
        function = operands.at(where)
        if function is None:
            continue
        passed = tuple(_passed(operands, one) for one in gives)
        for closure in function.closures():
            returned.append(frame.engine.apply(frame, closure, Arguments(passed), node))
        returned.extend(_foreign_callbacks(frame, function, passed, node))
    return returned


_ANSWERS_FIRST = ("http.", "https.", "http2.")
"""Calls that hand their answer to a function as its first argument, and no error before it."""


def _handed_back(frame: Frame, called: _Called, facts: tuple[Known, ...]) -> Arguments:
    """What a function is called with of which no table says it: all that was given, and in scripts
    what the call itself brings, ``(error, data) => …``."""
    everything = Value(flows=plain(called.operands.everything().flows, g.SAFE))
    if frame.python or not facts or facts[0].result.gives is None:
        return Arguments((everything, everything))
    answer = _result(frame, called.name, facts[0], called.operands, called.node)
    answer = answer if everything is NOTHING else join((everything, answer))
    if frame.knowledge.canonical(called.name).startswith(_ANSWERS_FIRST):
        return Arguments((answer, everything))
    return Arguments((everything, answer, answer))


def _foreign_callbacks(
    frame: Frame, called: Value, passed: tuple[Value, ...], node: ir.Node
) -> Iterator[Value]:
    """Functions of libraries that another calls: ``to_thread(os.system, line)``."""
    count = max((at + 1 for at, one in enumerate(passed) if one is not NOTHING), default=0)
    for name in called.externals():
        if any(one.effect for one in frame.knowledge.calls(name)):
            given = Operands(Arguments(passed[:count]), NOTHING)
            yield foreign_call(frame, name, given, node, called)


def _passed(operands: Operands, where: Where) -> Value:
    if isinstance(where, str) and where.endswith("[]"):
        value = operands.at(int(where[:-2]) if where[:-2].isdigit() else where[:-2])
        return NOTHING if value is None else element(value)
    return operands.at(where) or NOTHING


def _unknown(name: str, operands: Operands) -> Value:
    flows = plain(operands.everything().flows, g.SAFE)
    refs = (External(f"{name}()"),) if len(name) < LONGEST_NAME and name[0] != "*" else ()
    return Value(flows=flows, refs=refs)


def _result(frame: Frame, name: str, known: Known, operands: Operands, node: ir.Node) -> Value:
    result = known.result
    same = None if result.same_as is None else operands.at(result.same_as)
    schema = operands.find(known.roles["schema"]) if VALIDATES in known.tags else None
    if same is not None and schema is not None:
        return validated(same, schema, name)
    if same is not None:
        return guaranteed(same, result.adds)
    first = operands.at(0)
    if known.decorates and first is not None and first.refs:
        return first
    if result.element_of is not None:
        whole = operands.at(result.element_of)
        return NOTHING if whole is None else element(whole)
    value = _passing(result, operands)
    if value.flows:
        says = f"goes through {short(name)}"
        value = value.with_flows(stepped(value.flows, frame.place(node), says))
    if result.adds & g.NORMAL_PATH:
        value = _checked_before(value)
    if result.gives is not None:
        source = Source(result.gives, _source_name(frame, result, operands, name), short(name))
        value = value.with_flows({**value.flows, source: Flow(g.EXACT)})
    refs = _result_refs(name, result)
    parts = tuple(_path_parts(result, operands))
    hidden = uncovered(name, operands)
    text = address_text(result, operands) if result.address_of else _path_text(parts)
    if hidden is not None:
        text = (hidden,)
    text = (result.text,) if result.text else text
    made = replace(value, refs=refs, text=text).with_fields(_members(result, operands))
    return guaranteed(made, result.adds | _still_normal(parts))


def _members(result: Result, operands: Operands) -> Mapping[str, Value]:
    return {name: operands.find(where) or NOTHING for name, where in result.members}


def _path_text(parts: tuple[Value, ...]) -> Text:
    """Where a path comes from parts, their text: which part stands below which."""
    row: list[Value] = []
    for one in parts:
        row.extend((_SLASH, one) if row else (one,))
    return concatenated(row).text if row else ()


def _path_parts(result: Result, operands: Operands) -> Iterator[Value]:
    for where in result.path_of:
        found = operands.at(where)
        known, rest = ((), None) if found is None else items_of(found)
        several = isinstance(where, str) and where.startswith("rest:")
        yield from (*known, *(() if rest is None else (rest,))) if several else (found or NOTHING,)


def _still_normal(parts: tuple[Value, ...]) -> int:
    """What a normal path keeps when plain names are put below it."""
    folder, *names = parts or (NOTHING,)
    if not names or not folder.flows or not all(map(_is_name, names)):
        return 0
    held = _OF_FOLDERS
    for flow in folder.flows.values():
        held &= flow.guarantees
    return held if held & g.NORMAL_PATH else 0


def _is_name(part: Value) -> bool:
    text = part.known_text
    if text is not None:
        return ".." not in text and not text.startswith(("/", "\\"))
    flows = whole_flows(part)
    return bool(flows) and all(flow.guarantees & g.BASENAME for flow in flows.values())


def _checked_before(value: Value) -> Value:
    """A path that was compared with a folder before it was made normal is somewhere else now."""
    if not any(flow.guarantees & g.BELOW for flow in value.flows.values()):
        return value
    flows = {
        origin: Flow(g.settled(flow.guarantees, flow.guarantees, open_=False), flow.steps)
        for origin, flow in value.flows.items()
    }
    return value.with_flows(flows)


def _result_refs(name: str, result: Result) -> tuple[External, ...]:
    label = result.external or f"{name}()"
    return (External(label),) if len(label) <= LONGEST_NAME and label[0] != "*" else ()


def _passing(result: Result, operands: Operands) -> Value:
    if result.passes is None:
        value = operands.everything()
    else:
        found = [operands.at(where) for where in result.passes]
        value = join(Value(flows=whole_flows(one)) for one in found if one is not None)
    if result.decodes:
        return Value(flows=plain(element(Value(flows=value.flows)).flows, g.CHOSEN))
    if result.keeps:
        return embedded(value)
    return limited(value, g.SAFE | result.leaves | (g.JOINED & result.adds))


def _source_name(frame: Frame, result: Result, operands: Operands, name: str) -> str:
    named = result.named
    if isinstance(named, int) or named == "base":
        value = operands.at(named)
        text = None if value is None else value.known_text or value.prefix
        if not text and value is not None and result.gives is SourceKind.ENVIRONMENT:
            return key_name(frame, value)
        return text or short(name)
    return named or short(name)


def _made(frame: Frame, called: _Called, value: Value) -> Value:
    """Keep how a schema or an option object was made."""
    name, operands, node = called.name, called.operands, called.node
    recipe = Recipe(
        callee=name,
        args=operands.args.positional,
        keywords=operands.args.keywords,
        base=operands.base if operands.base is not NOTHING else None,
        place=frame.place(node),
    )
    made = External(f"{name}()"[-LONGEST_NAME:], recipe)
    others = tuple(ref for ref in value.refs if not isinstance(ref, External))
    return replace(value, refs=(*others, made), place=frame.place(node))


def short(name: str) -> str:
    """The last two parts of a qualified name, for people."""
    bare = name.replace("()", "")
    parts = bare.rsplit("/", 1)[-1].split(".")
    return ".".join(parts[-2:])
