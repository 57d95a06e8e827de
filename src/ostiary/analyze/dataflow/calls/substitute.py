"""A summary met with the arguments of one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Around, Effect, EffectKind
from ostiary.analyze.dataflow.join import (
    MOST_REFS,
    MOST_STEPS,
    bounded,
    guaranteed,
    join,
    merge_flow,
    merge_flows,
    packed,
    part_of,
    pieces_of,
    whole_flows,
)
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Binds,
    Closure,
    External,
    Flow,
    Hole,
    Origin,
    Param,
    Recipe,
    Ref,
    Step,
    Value,
)
from ostiary.analyze.ir import FunctionDef, NamePattern, Parameter

DEEPEST = 6


class Bound:
    """The arguments of one call, by the callee's parameters."""

    def __init__(
        self, function: FunctionDef, args: Arguments, defaults: Mapping[int, Value]
    ) -> None:
        self._function = function
        self._args = args
        self._defaults = defaults
        self._known: dict[int, Value] = {}

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return len(self._function.params)

    def parameter(self, index: int) -> Value:
        """The argument of one parameter; ``-1`` is the receiver."""
        known = self._known.get(index)
        if known is None:
            known = self._known[index] = self._find(index)
        return known

    def with_parameter(self, index: int, value: Value) -> Bound:
        """The same call with another value for one parameter."""
        other = Bound(self._function, self._args, self._defaults)
        other._known[index] = value
        return other

    def add(self, index: int, value: Value) -> None:
        """What one parameter may be, too."""
        self._known[index] = value

    def _find(self, index: int) -> Value:
        if index == -1:
            return self._args.receiver or NOTHING
        if index >= len(self._function.params):
            return NOTHING
        parameter = self._function.params[index]
        if parameter.kind == "rest":
            return self._rest(index)
        if parameter.kind == "keywords":
            return self._keywords()
        return self._named(index, parameter)

    def _named(self, index: int, parameter: Parameter) -> Value:
        args, pattern = self._args, parameter.pattern
        name = pattern.id if isinstance(pattern, NamePattern) else ""
        if name in args.keywords:
            return args.keywords[name]
        if parameter.kind == "plain" and index < len(args.positional):
            return args.positional[index]
        parts = [self._defaults.get(index, NOTHING)]
        if args.extra is not None:
            parts.append(part_of(args.extra, name))
        if args.more is not None:
            parts.append(part_of(args.more, "*"))
        return join(parts)

    def _rest(self, index: int) -> Value:
        fields = {str(place): value for place, value in enumerate(self._args.positional[index:])}
        if self._args.more is not None:
            fields["*"] = part_of(self._args.more, "*")
        return Value(fields=fields)

    def _keywords(self) -> Value:
        named = {
            parameter.pattern.id
            for parameter in self._function.params
            if isinstance(parameter.pattern, NamePattern)
        }
        fields = {name: value for name, value in self._args.keywords.items() if name not in named}
        own = Value(fields=fields)
        return own if self._args.extra is None else join((own, self._args.extra))


class Substitution:
    """Parameters of some functions, replaced by what they are in one call."""

    def __init__(
        self,
        bound: Mapping[int, Binds],
        step: Step | None = None,
        known: Callable[[Value], Value] | None = None,
    ) -> None:
        self._bound = bound
        self._known = known
        """Says what is certain of a part of an argument where the call is made."""
        self._functions = frozenset(bound)
        self._step = step
        self.made = 0
        """Values made so far, and origins handed on: the work it took."""
        self._done: dict[int, Value] = {}
        self._kept: list[Value] = []
        self._actual: dict[Param, Value] = {}
        self._gone: dict[tuple[int, int, int], Mapping[Origin, Flow]] = {}
        self._held: list[tuple[Value, Flow]] = []

    def binds(self, function: int) -> bool:
        """Whether parameters of this function are replaced."""
        return function in self._bound

    def bound(self, function: int) -> Binds | None:
        """The arguments that replace the parameters of this function."""
        return self._bound.get(function)

    def value(self, value: Value, depth: int = 0) -> Value:
        """The value with arguments in place of parameters."""
        if depth > DEEPEST or self._functions.isdisjoint(value.inside()):
            return value
        done = self._done.get(id(value))
        if done is None:
            self.made += 1
            done = self._done[id(value)] = self._value(value, depth)
            self._kept.append(value)
        return done

    def _value(self, value: Value, depth: int) -> Value:
        if not value.flows:
            return self._beside(value, NOTHING.flows, depth)
        flows: dict[Origin, Flow] = {}
        whole: list[Value] = []
        for origin, flow in value.flows.items():
            if not (isinstance(origin, Param) and origin.function in self._bound):
                merge_flow(flows, origin, flow)
                continue
            actual = self.actual(origin)
            if flow.guarantees & g.EXACT:
                checked = _checked(actual, flow.guarantees & ~g.EXACT)
                whole.append(self._entered(checked, flow))
            elif actual is not NOTHING:
                merge_flows(flows, self._passed(actual, flow))
        if len(whole) == 1 and _is_parameter(value):
            return whole[0]
        own = self._beside(value, bounded(flows), depth)
        if not whole:
            return own
        return join(whole) if _is_bare(own) else join((own, *whole))

    def _beside(self, value: Value, flows: Mapping[Origin, Flow], depth: int) -> Value:
        """The value with these origins, and with arguments for parameters in the rest of it."""
        fields = value.fields
        if fields:
            fields = {name: self.value(part, depth + 1) for name, part in fields.items()}
        return Value(
            flows,
            self._text(value.text) if value.text else (),
            value.scalar,
            value.literal,
            self._refs(value.refs) if value.refs else (),
            fields,
            value.place,
            value.adds,
        )

    def actual(self, origin: Param) -> Value:
        """The argument, or the part of one, that a parameter stands for."""
        actual = self._actual.get(origin)
        if actual is None:
            if origin.path:
                outer = Param(origin.function, origin.position, origin.path[:-1])
                actual = part_of(self.actual(outer), origin.path[-1])
                actual = actual if self._known is None else self._known(actual)
            else:
                actual = self._bound[origin.function].parameter(origin.position)
            self._actual[origin] = actual
        return actual

    def _entered(self, actual: Value, flow: Flow) -> Value:
        if not actual.flows or (self._step is None and not flow.steps):
            return actual
        flows = {
            origin: Flow(one.guarantees, self._steps(one.steps, flow.steps))
            for origin, one in actual.flows.items()
        }
        return actual.with_flows(flows)

    def _passed(self, actual: Value, flow: Flow) -> Mapping[Origin, Flow]:
        key = id(actual), flow.guarantees, id(flow.steps)
        passed = self._gone.get(key)
        if passed is None:
            passed = self._gone[key] = self._pass(actual, flow)
            self._held.append((actual, flow))
        return passed

    def _pass(self, actual: Value, flow: Flow) -> Mapping[Origin, Flow]:
        bits = flow.guarantees
        kept = g.still(g.JOINED | (g.FIXED_HOST if bits & g.EMBEDDED else 0), bits)
        own = whole_flows(actual)
        self.made += len(own)
        settles = bits & g.BELOW
        ways: dict[int, tuple[Step, ...]] = {}
        passed = {}
        for origin, one in own.items():
            way = ways.get(id(one.steps))
            if way is None:
                way = ways[id(one.steps)] = self._steps(one.steps, flow.steps)
            more = _settled(origin, one, bits) if settles else bits
            passed[origin] = Flow(one.guarantees & kept | more, way)
        return passed

    def _steps(self, before: tuple[Step, ...], after: tuple[Step, ...]) -> tuple[Step, ...]:
        between = () if self._step is None else (self._step,)
        steps = (*before, *between, *after)
        if len(steps) <= MOST_STEPS:
            return steps
        half = MOST_STEPS // 2
        return (*steps[:half], *steps[-half:])

    def _text(self, text: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
        if not any(isinstance(piece, Hole) and piece.of for piece in text):
            return text
        pieces: list[str | Hole] = []
        for piece in text:
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            pieces.extend(self._hole(piece))
        return packed(pieces)

    def _hole(self, hole: Hole) -> tuple[str | Hole, ...]:
        if (
            len(hole.of) == 1
            and isinstance(hole.of[0], Param)
            and hole.of[0].function in self._bound
        ):
            return pieces_of(self.actual(hole.of[0]))
        of: list[Origin] = []
        for origin in hole.of:
            if isinstance(origin, Param) and origin.function in self._bound:
                of.extend(whole_flows(self.actual(origin)))
            else:
                of.append(origin)
        return (Hole(tuple(dict.fromkeys(of))),)

    def _refs(self, refs: tuple[Ref, ...]) -> tuple[Ref, ...]:
        if not any(
            (isinstance(ref, Closure) and ref.around)
            or (isinstance(ref, External) and ref.made_with is not None)
            for ref in refs
        ):
            return refs
        return tuple(self._ref(ref) for ref in refs)[:MOST_REFS]

    def _ref(self, ref: Ref) -> Ref:
        if isinstance(ref, External) and ref.made_with is not None:
            return self._made(ref, ref.made_with)
        if not isinstance(ref, Closure):
            return ref
        bound = None if ref.bound is None else self.value(ref.bound, 1)
        here = {number: self._bound[number] for number in ref.around if number in self._bound}
        if not here and bound is ref.bound:
            return ref
        return replace(ref, bound=bound, within={**here, **ref.within})

    def _made(self, ref: External, recipe: Recipe) -> External:
        """The same call with its arguments known; it counts as made where that became so."""
        before = recipe.ingredients()
        after = tuple(self.value(one, 1) for one in before)
        if all(one is other for one, other in zip(before, after, strict=True)):
            return ref
        size = len(recipe.args)
        named = dict(zip(recipe.keywords, after[size:], strict=False))
        made = replace(
            recipe,
            args=after[:size],
            keywords=named,
            base=None if recipe.base is None else after[-1],
            place=recipe.place if self._step is None else self._step.place,
        )
        return replace(ref, made_with=made)

    def arguments(self, args: Arguments) -> Arguments:
        """Arguments of a call, each with parameters replaced."""
        return Arguments(
            positional=tuple(self.value(one) for one in args.positional),
            keywords={name: self.value(one) for name, one in args.keywords.items()},
            receiver=None if args.receiver is None else self.value(args.receiver),
            more=None if args.more is None else self.value(args.more),
            extra=None if args.extra is None else self.value(args.extra),
        )

    def effect(self, effect: Effect, call: Step, around: Around) -> Effect:
        """An effect of the callee, seen from the caller."""
        operands = {role: self.value(one) for role, one in effect.operands.items()}
        seen = effect.seen_from(operands, call, around)
        return shell_after_all(seen) if effect.kind is EffectKind.PROCESS else seen


def shell_after_all(effect: Effect) -> Effect:
    """A program whose caller said that a shell reads it: ``run(line, shell=shell)``."""
    asked = effect.operand("shell")
    if asked is None or not asked.literal or not asked.scalar:
        return effect
    operands = dict(effect.operands)
    whole = "argv" in effect.tags
    operands["command"] = operands.get("arguments" if whole else "program", NOTHING)
    if whole:
        operands.pop("arguments", None)
    return replace(effect, kind=EffectKind.SHELL, operands=operands)


def _checked(actual: Value, bits: int) -> Value:
    """The argument with what the callee made certain of it."""
    if not bits & g.BELOW:
        return guaranteed(actual, bits)
    flows = {
        origin: Flow(flow.guarantees | _settled(origin, flow, bits), flow.steps)
        for origin, flow in actual.flows.items()
    }
    return guaranteed(actual.with_flows(flows), bits & ~g.BELOW)


def _settled(origin: Origin, flow: Flow, bits: int) -> int:
    return g.settled(bits, flow.guarantees, open_=isinstance(origin, Param))


def _is_parameter(value: Value) -> bool:
    """Whether a value is one parameter, or a part of one, as it came."""
    if len(value.flows) != 1 or value.refs or value.fields or value.literal:
        return False
    ((origin, flow),) = value.flows.items()
    if value.adds & ~flow.guarantees:
        return False
    return not value.text or value.text == (Hole((origin,)),)


def _is_bare(value: Value) -> bool:
    """Whether a value is nothing beside the parameters it came from."""
    return not (value.flows or value.text or value.refs or value.fields or value.literal)
