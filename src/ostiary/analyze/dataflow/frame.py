"""One evaluation of one function body or module: its variables, what it did, how it can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.held import Held, forget
from ostiary.analyze.dataflow.effect import Effect, EffectKey, EffectKind
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.scope import Binding, Imported, Scope
from ostiary.analyze.dataflow.summary import Pending
from ostiary.analyze.dataflow.value import Flow, Instance, Origin, Param, Place, Value
from ostiary.analyze.ir import Module, Node

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.aliases import Alias
    from ostiary.analyze.dataflow.checks.flags import Flag
    from ostiary.analyze.dataflow.engine import Engine

MOST_EFFECTS = 1500
WHETHER = "?"
"""Instead of a part: only whether something is there was asked."""


@dataclass(frozen=True, slots=True)
class Exit:
    """One way a function returns."""

    value: Value
    facts: Mapping[Origin, int]
    when_true: Mapping[Origin, int] | None
    """What also holds if the value is true; ``None`` if it is literally false."""
    when_false: Mapping[Origin, int] | None
    """What also holds if the value is false; ``None`` if it is literally true."""
    ours: bool = False
    """Whether it is taken by a condition that no argument has a part in: the operator's choice."""
    off: bool = False
    """Whether it is only taken where the operator asks for it."""


@dataclass(slots=True)
class State:
    """What branches start from and meet in."""

    variables: dict[str, Binding]
    facts: dict[Origin, int]
    tests: dict[str, Held]
    ended: bool


class Frame:
    """Where expressions and statements are evaluated."""

    writes = 0
    """How many times a variable was set."""
    conditions = 0
    ours = 0
    """Conditions around that no argument has a part in."""
    loops = 0
    rows = 0
    """Loops around that go through objects known one by one."""
    tries = 0
    waiting = False
    """Whether what an expression that is being evaluated gives is waited for."""

    def __init__(
        self, engine: Engine, module: Module, scope: Scope, number: int, name: str
    ) -> None:
        self.engine = engine
        self.module = module
        self.scope = scope
        self.number = number
        self.name = name
        self.python = module.language == "python"
        self.knowledge = engine.knowledge_of(module.language)
        self.effects: dict[EffectKey, Effect] = {}
        self.pending: dict[tuple[Place, str], Pending] = {}
        self.exits: list[Exit] = []
        self.breaks: list[State] = []
        """Where the loop or the switch being evaluated is left."""
        self.labels: dict[str, list[State]] = {}
        """Where blocks of these names are left."""
        self.continues: list[State] = []
        """Where the pass of the loop being evaluated is left."""
        self.yields: list[Value] = []
        self.left: dict[int, Value] = {}
        """By the position of a parameter: what was put into the object that it is."""
        self.same: dict[str, list[Alias]] = {}
        """Where else the objects lie that variables hold."""
        self.sets: dict[str, int] = {}
        """How many times each variable was set."""
        self.reads: set[Param] = set()
        self.chooses: set[Param] = set()
        self.compared: dict[Param, set[str]] = {}
        """Texts that parameters whose text is not known were compared with."""
        self.facts: dict[Origin, int] = {}
        """What is known of origins on the path being evaluated."""
        self.tests: dict[str, Held] = {}
        """Variables that hold the outcome of a test, with the test."""
        self.flags: dict[str, Flag] = {}
        """Variables that say whether something was found."""
        self.over: list[Mapping[Origin, Flow]] = []
        """What the loops around go through."""
        self.there: set[str] = set()
        """Variables that are certainly not empty on the path being evaluated."""
        self.walked: dict[str, Value] = {}
        """Variables that hold a part of what they held before, with the key that led there."""
        self.among: dict[str, Value] = {}
        """Variables of loops, with what the loop goes through."""
        self.ended = False
        """Whether the path being evaluated has returned, thrown or jumped."""
        self.settled: dict[Origin, str] = {}
        """Origins whose text is known in this evaluation: the name a dispatcher is asked for."""
        self.outer: tuple[str, ...] = ()
        """Names that the function declares to be of a scope around it."""
        self.owner: Instance | None = None
        """What ``this`` is an instance of, inside a class."""

    def placed_in(self, module: Module) -> Frame:
        """The same evaluation, placed in another file."""
        there = object.__new__(Frame)
        there.__dict__.update(self.__dict__)
        there.module = module
        there.python = module.language == "python"
        there.knowledge = self.engine.knowledge_of(module.language)
        return there

    def place(self, node: Node) -> Place:
        return Place(self.module.path, node.line, node.column)

    # ── variables ────────────────────────────────────────────────────────────────────────────────

    def lookup(self, name: str) -> Value | None:
        """The value of a variable; ``None`` if there is none of that name."""
        scope: Scope | None = self.scope
        while scope is not None:
            binding = scope.variables.get(name)
            if binding is not None:
                return self.engine.imported(binding) if isinstance(binding, Imported) else binding
            scope = scope.parent
        return None

    def assign(self, name: str, value: Value, *, declares: bool) -> Scope | None:
        """Bind a variable: in this scope, or weakly in the one around that has it, which is then
        given back if it is another function's."""
        self.writes += 1
        self.tests.pop(name, None)
        if self.tests:
            forget(self, name)
        self.there.discard(name)
        self.sets[name] = self.sets.get(name, 0) + 1
        if self.same:
            self.same.pop(name, None)
        self.among.pop(name, None)
        owner = self.scope
        if name in self.outer or not (declares or self.python):
            owner = self._around(name)
        if owner is self.scope:
            owner.variables[name] = value
            return None
        before = owner.variables.get(name)
        outer = owner.number != self.scope.number
        if outer:
            owner.shared.add(name)
            value = self.outlive(value)
        owner.variables[name] = join((before, value)) if isinstance(before, Value) else value
        return owner if outer else None

    def _around(self, name: str) -> Scope:
        if name not in self.outer:
            return self.scope.find(name) or self.scope
        parent = self.scope.parent
        found = None if parent is None else parent.find(name)
        scope = parent or self.scope
        while found is None and scope.parent is not None:
            scope = scope.parent
        return found or scope

    def outlive(self, value: Value) -> Value:
        """The value as others may see it after this call: without this call's parameters."""
        return without(value, self.number)

    # ── facts ────────────────────────────────────────────────────────────────────────────────────

    def known(self, value: Value) -> Value:
        """The value with what checks on this path made certain of its origins."""
        if not self.facts or not value.flows:
            return value
        if self.facts.keys().isdisjoint(value.flows):
            return value
        flows = {
            origin: Flow(
                flow.guarantees | g.still(self.facts.get(origin, 0), flow.guarantees), flow.steps
            )
            for origin, flow in value.flows.items()
        }
        return value.with_flows(flows)

    def known_parts(self, value: Value) -> Value:
        """The same of the value and of its parts."""
        if not self.facts:
            return value
        value = self.known(value)
        parts = {name: self.known(part) for name, part in value.fields.items()}
        return value.with_fields(parts) if parts else value

    def learn(self, origin: Origin, bits: int) -> None:
        """Something is certain of an origin from here on."""
        self.facts[origin] = g.learned(self.facts.get(origin, 0), bits)

    def read(self, value: Value) -> Value:
        """Note that a value is used, where it is a parameter of this function itself."""
        if not value.flows:
            return value
        for origin, flow in value.flows.items():
            if flow.guarantees & g.EXACT and isinstance(origin, Param):
                self.reads.add(origin)
        return value

    def ask(self, value: Value) -> Value:
        """Note that it is asked whether a value is there: a use of it, and of none of its parts."""
        for origin, flow in value.flows.items():
            if flow.guarantees & g.EXACT and isinstance(origin, Param):
                self.reads.add(Param(origin.function, origin.position, (*origin.path, WHETHER)))
        return value

    # ── effects ──────────────────────────────────────────────────────────────────────────────────

    def add(self, effect: Effect) -> None:
        """Record an effect; the same place twice is one, with both operands."""
        key = effect.key
        known = self.effects.get(key)
        if known is None:
            if len(self.effects) < MOST_EFFECTS:
                self.effects[key] = effect
            else:
                self.engine.limit(self.module.path, f"more than {MOST_EFFECTS} effects in one path")
            return
        if known is effect:
            return
        self.effects[key] = known.also(effect)

    def record(
        self,
        kind: EffectKind,
        callee: str,
        operands: Mapping[str, Value],
        node: Node,
        tags: tuple[str, ...] = (),
    ) -> None:
        """Record an effect of the code being evaluated itself."""
        self.add(
            Effect(
                kind=kind,
                callee=callee,
                operands=operands,
                place=self.place(node),
                function=self.name,
                tags=tags,
                caught=bool(self.tries),
                looped=bool(self.loops),
                total=not self.conditions,
            )
        )

    def defer(self, pending: Pending) -> None:
        """Keep a call for when its callee is known."""
        if len(self.pending) < MOST_EFFECTS:
            self.pending.setdefault(pending.key, pending)

    def waits(self, pending: Pending) -> bool:
        """Whether the same call waits already."""
        return pending.key in self.pending


def without(value: Value, number: int) -> Value:
    """The value without origins that are parameters of one function."""
    if not number:
        return value
    inside = any(isinstance(one, Param) and one.function == number for one in value.flows)
    flows = (
        {
            origin: flow
            for origin, flow in value.flows.items()
            if not (isinstance(origin, Param) and origin.function == number)
        }
        if inside
        else value.flows
    )
    fields = value.fields
    if fields:
        fields = {name: without(part, number) for name, part in fields.items()}
        if all(part is value.fields[name] for name, part in fields.items()):
            fields = value.fields
    if flows is value.flows and fields is value.fields:
        return value
    return replace(value, flows=flows, fields=fields)


def meet(one: Mapping[Origin, int], two: Mapping[Origin, int]) -> dict[Origin, int]:
    """What holds on both of two paths."""
    return {
        origin: held
        for origin, bits in one.items()
        if origin in two and (held := g.both(bits, two[origin]))
    }
