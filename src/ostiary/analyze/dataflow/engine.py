"""The engine: modules linked, functions summarised, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ostiary.analyze import ir
from ostiary.analyze.bundled import Packages
from ostiary.analyze.dataflow.assigning import assigned
from ostiary.analyze.dataflow.assignment import assign_pattern, put
from ostiary.analyze.dataflow.budget import Budget
from ostiary.analyze.dataflow.calls.applied import apply
from ostiary.analyze.dataflow.calls.dispatch import call, call_tagged, dispatch, read_all
from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.checks.by_default import named_once
from ostiary.analyze.dataflow.checks.conditions import certain, refine, refine_operand
from ostiary.analyze.dataflow.checks.unwaited import caught, is_caught
from ostiary.analyze.dataflow.classes import decorate, evaluate_class
from ostiary.analyze.dataflow.effect import Effect, EffectKey
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.frame import Frame
from ostiary.analyze.dataflow.functions import evaluate_function, evaluate_module
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.kept import Slot
from ostiary.analyze.dataflow.link import import_value
from ostiary.analyze.dataflow.members import read_member
from ostiary.analyze.dataflow.scope import Imported, Scope
from ostiary.analyze.dataflow.statements import execute
from ostiary.analyze.dataflow.summary import EMPTY, Settled, Summary
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Class,
    Closure,
    External,
    Instance,
    ModuleRef,
    Origin,
    Place,
    Value,
)
from ostiary.analyze.ir import ClassDef, FunctionDef, Module
from ostiary.analyze.knowledge.known import Where
from ostiary.analyze.knowledge.lookup import Knowledge

DEEPEST_CALLS = 40


class Resolver(Protocol):
    """Where an import leads inside the target."""

    def resolve(self, importing: str, module: str) -> str | None:
        """Path of the module; ``None`` if it is from outside."""

    def submodule(self, path: str, name: str) -> str | None:
        """Path of a module inside a package."""


@dataclass(slots=True, eq=False)
class LinkedModule:
    """One module's state."""

    module: Module
    scope: Scope
    exports: dict[str, Value] = field(default_factory=dict)
    reexports: list[tuple[str, str, str]] = field(default_factory=list)
    """Exported name, path and name in that module; ``*`` and ``*`` is everything."""
    foreign: dict[str, Value] = field(default_factory=dict)
    local_exports: dict[str, str] = field(default_factory=dict)
    """Exported names of its own variables."""
    begun: bool = False
    done: bool = False
    effects: tuple[Effect, ...] = ()


@dataclass(slots=True, eq=False)
class Body:
    """A function that can be summarised."""

    closure: Closure
    scope: Scope
    module: Module
    owner: Class | None
    settled: Mapping[Origin, str]
    """What is settled around it, in an evaluation for one name."""


class Engine:
    """Holds everything that evaluating one target shares."""

    def __init__(
        self,
        modules: Mapping[str, Module],
        resolvers: Mapping[str, Resolver],
        knowledge: Mapping[str, Knowledge],
    ) -> None:
        self._resolvers = resolvers
        self._knowledge = knowledge
        self.modules = {path: LinkedModule(module, Scope()) for path, module in modules.items()}
        self._packages: dict[str, Packages] = {}
        self._named_once: dict[str, Mapping[str, ir.Expr | None]] = {}
        self._bodies: dict[int, Body] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._summaries: dict[tuple[int, Settled], Summary] = {}
        self._busy: list[int] = []
        self._recursive: set[int] = set()
        self.classes: dict[int, Class] = {}
        self.class_scopes: dict[int, tuple[Scope, Module]] = {}
        self.class_fields: dict[int, dict[str, Value]] = {}
        self.class_statics: dict[int, dict[str, Value]] = {}
        self.bases: dict[int, tuple[Value, ...]] = {}
        self._lineages: dict[int, tuple[Class, ...]] = {}
        """Found so far, since a class was last defined."""
        self.constants: dict[ir.Constant, Value] = {}
        """Literals that were met: each is one value, however often it is evaluated."""
        self.class_methods: dict[int, dict[str, Closure]] = {}
        self.setters: dict[tuple[int, str], Closure] = {}
        """Setters of properties, by the number of the class and the name."""
        self.put_over: dict[str, Value] = {}
        """What the target puts in the place of functions of libraries, by their names."""
        self.methods: dict[str, list[tuple[Class, FunctionDef]]] = {}
        self.results: dict[str, Value] = {}
        """What promises made by hand resolve to, by the name of their resolver."""
        self.local: dict[EffectKey, Effect] = {}
        self.carried_out: set[ir.Expr | ir.Node] = set()
        """Calls of Python that run to their end where they stand: waited for, or gone through."""
        self.replaced: set[int] = set()
        """Functions in whose place a decorator puts one that makes nothing certain."""
        self.called: set[int] = set()
        """Numbers of functions that something calls."""
        self.callers: dict[int, set[int]] = {}
        """Numbers of the functions that call a function."""
        self.made_in: dict[int, set[int]] = {}
        """Numbers of the functions that make objects of a class; 0 for a module's statements."""
        self.lasting: set[int] = set()
        """Numbers of the classes of which an object was put where later calls find it."""
        self.slots: dict[tuple[Place, str], dict[Slot, None]] = {}
        """What the places lead to where something is left for later calls."""
        self.limits: dict[tuple[str, str], None] = {}
        self.handed_on_calls = 0
        self.handed_on = 0
        """How deep in calls of functions that were handed on the evaluation is."""
        self.budget = Budget()
        self.spend = self.budget.spend
        """Count work. False once the target, or the function at work, has had its share."""

    def knowledge_of(self, language: str) -> Knowledge:
        return self._knowledge["python" if language == "python" else "javascript"]

    def resolver_of(self, language: str) -> Resolver:
        return self._resolvers["python" if language == "python" else "javascript"]

    def limit(self, path: str, says: str) -> None:
        """A bound was reached: what is beyond it is not checked."""
        self.limits[(path, says)] = None

    # ── modules ──────────────────────────────────────────────────────────────────────────────────

    def run(self) -> None:
        """Every module's own statements, imports first, and every function: what people wrote
        before bundles, so that one which is too large leaves nothing unread but itself."""
        done = 0
        for bundled in (False, True):
            for path, linked in self.modules.items():
                if linked.module.minified is bundled:
                    self.module(path)
            done = self._summarise(done)

    def module(self, path: str) -> LinkedModule | None:
        """A module, evaluated; unfinished if it is being evaluated further up."""
        linked = self.modules.get(path)
        if linked is None or linked.begun:
            return linked
        if len(self._busy) > DEEPEST_CALLS:
            return linked
        linked.begun = True
        self._busy.append(0)
        self.budget.begin()
        try:
            evaluate_module(self, linked)
        except RecursionError:
            self.limit(path, "it is nested too deeply")
        finally:
            self._busy.pop()
            linked.done = True
            if not self.budget.end():
                self.limit(path, "its own statements take too much work to be followed to the end")
        return linked

    def imported(self, binding: Imported) -> Value:
        """What an import stands for, now."""
        if binding.name == "*":
            return Value(refs=(ModuleRef(binding.path),))
        return self.exported(binding.path, binding.name) or NOTHING

    def exported(self, path: str, name: str, seen: tuple[str, ...] = ()) -> Value | None:
        """What a module of the target hands out under a name."""
        linked = self.module(path)
        if linked is None or path in seen:
            return None
        seen = (*seen, path)
        found = linked.exports.get(name)
        if found is not None:
            return found
        found = self._reexported(linked, name, seen)
        if found is not None or linked.module.language != "python":
            return found
        binding = linked.scope.variables.get(name)
        if isinstance(binding, Imported):
            return self.imported(binding) if (binding.path, binding.name) != (path, name) else None
        if binding is not None:
            return binding
        inner = self.resolver_of("python").submodule(path, name)
        return None if inner is None else Value(refs=(ModuleRef(inner),))

    def _reexported(self, linked: LinkedModule, name: str, seen: tuple[str, ...]) -> Value | None:
        if name in linked.foreign:
            return linked.foreign[name]
        local = linked.local_exports.get(name)
        if local is not None:
            binding = linked.scope.variables.get(local)
            return self.imported(binding) if isinstance(binding, Imported) else binding
        for exported, path, inner in linked.reexports:
            if exported == name:
                if inner == "*":
                    return Value(refs=(ModuleRef(path),))
                return self.exported(path, inner, seen)
        for exported, path, _inner in linked.reexports:
            if exported == "*" and (name != "default" or linked.module.language == "python"):
                found = self.exported(path, name, seen)
                if found is not None:
                    return found
        return None

    def variable(self, scope: Scope, name: str) -> Value | None:
        """What a dotted name stands for, seen from a scope."""
        first, *rest = name.split(".")
        owner = scope.find(first)
        binding = None if owner is None else owner.variables[first]
        value = self.imported(binding) if isinstance(binding, Imported) else binding
        for part in rest:
            refs = () if value is None else value.refs
            inner = [self.exported(ref.path, part) for ref in refs if isinstance(ref, ModuleRef)]
            value = next((one for one in inner if one is not None), None)
        return value

    def namespace(self, path: str) -> dict[str, Value]:
        """Everything a module of JavaScript hands out by name."""
        linked = self.module(path)
        if linked is None:
            return {}
        names = dict.fromkeys((*linked.exports, *linked.local_exports))
        for exported, inner, _name in linked.reexports:
            names.update(dict.fromkeys(self.namespace(inner) if exported == "*" else (exported,)))
        found = {name: self.exported(path, name) for name in names if name not in ("=", "*")}
        return {name: value for name, value in found.items() if value is not None}

    def package_at(self, path: str, line: int) -> str:
        """The library that a bundle has this line from; empty for the target's own code."""
        packages = self._packages.get(path)
        if packages is None:
            packages = self._packages[path] = Packages(self.modules[path].module)
        return packages.at(line)

    def named_once(self, module: Module) -> Mapping[str, ir.Expr | None]:
        """What a module's own statements assign to each name that they assign to once."""
        known = self._named_once.get(module.path)
        if known is None:
            known = self._named_once[module.path] = named_once(module)
        return known

    # ── functions ────────────────────────────────────────────────────────────────────────────────

    def closure(
        self, function: FunctionDef, frame: Frame, name: str, owner: Class | None = None
    ) -> Closure:
        """The function as it stands in this frame. The same definition in the same scope is one."""
        key = (id(function), id(frame.scope))
        number = self._numbers.get(key)
        if number is not None:
            return self._bodies[number].closure
        number = self._numbers[key] = len(self._bodies) + 1
        prefix = f"{frame.name}." if frame.name else ""
        closure = Closure(
            number=number,
            function=function,
            file=frame.module.path,
            name=f"{prefix}{name or function.name or '<anonymous>'}",
            around=frame.scope.around(),
        )
        self._bodies[number] = Body(closure, frame.scope, frame.module, owner, dict(frame.settled))
        return closure

    def body(self, number: int) -> Body:
        return self._bodies[number]

    def closures(self) -> tuple[Closure, ...]:
        """Every function seen so far, in order."""
        return tuple(body.closure for body in self._bodies.values())

    def summary(self, closure: Closure, known: Settled = ()) -> Summary:
        """What a function does. ``known`` are parameters whose text is settled."""
        key = (closure.number, known)
        done = self._summaries.get(key)
        if done is not None:
            return done
        if closure.number in self._busy:
            self._recursive.add(closure.number)
            return EMPTY
        if len(self._busy) > DEEPEST_CALLS:
            self.limit(closure.file, "calls are nested too deeply to be followed")
            return EMPTY
        if not self.spend(10):
            return EMPTY
        self._busy.append(closure.number)
        self.budget.begin()
        try:
            summary = evaluate_function(self, self._bodies[closure.number], known)
            if closure.number in self._recursive:
                self._recursive.discard(closure.number)
                self._summaries[key] = summary
                self._busy[-1] = -closure.number
                summary = evaluate_function(self, self._bodies[closure.number], known)
        except RecursionError:
            self.limit(closure.file, f"{closure.name} is nested too deeply")
            summary = EMPTY
        finally:
            self._busy.pop()
            if not self.budget.end():
                self.limit(closure.file, f"{closure.name} takes too much work to be followed")
        self._summaries[key] = summary
        return summary

    def forget(self, numbers: frozenset[int]) -> None:
        """Summarise these functions anew when they are asked for next."""
        kept = {key: one for key, one in self._summaries.items() if key[0] not in numbers}
        self._summaries = kept

    # ── what evaluation needs of its other parts ─────────────────────────────────────────────────

    def call(self, frame: Frame, node: ir.Call) -> Value:
        return caught(frame, node, call) if is_caught(node) else call(frame, node)

    def call_tagged(self, frame: Frame, node: ir.Tagged) -> Value:
        return call_tagged(frame, node)

    def apply(self, frame: Frame, closure: Closure, args: Arguments, node: ir.Node) -> Value:
        return apply(frame, closure, args, node)

    def dispatch(self, frame: Frame, callee: Value, args: Arguments, node: ir.Call) -> Value:
        return dispatch(frame, callee, args, node)

    def read_all(self, frame: Frame, operands: Operands) -> None:
        read_all(frame, operands)

    def member(self, frame: Frame, base: Value, name: str, node: ir.Node) -> Value:
        return read_member(frame, base, name, node)

    def any_method(self, frame: Frame, base: Value) -> tuple[Value, ...]:
        """All methods of what a value is an instance of, for a method chosen by a computed name."""
        del frame
        found: list[Value] = []
        for ref in base.refs:
            if isinstance(ref, Instance):
                for one in self.lineage(ref.of):
                    found.extend(
                        Value(refs=(method.bound_to(base),))
                        for method in self.class_methods.get(one.number, {}).values()
                    )
            elif isinstance(ref, ModuleRef):
                linked = self.module(ref.path)
                if linked is not None:
                    found.extend(
                        binding
                        for binding in linked.scope.variables.values()
                        if isinstance(binding, Value) and any(True for _ in binding.closures())
                    )
        return tuple(found)

    def get_property(self, frame: Frame, method: Closure, base: Value, node: ir.Node) -> Value:
        return apply(frame, method.bound_to(base), Arguments(receiver=base), node)

    def assign(self, frame: Frame, pattern: ir.Pattern, value: Value, *, declares: bool) -> None:
        assign_pattern(frame, pattern, value, declares=declares)

    def assigned(self, frame: Frame, node: ir.Assigned) -> Value:
        return assigned(frame, node)

    def put(self, frame: Frame, base: ir.Expr, name: str, value: Value, *, weak: bool) -> None:
        put(frame, base, name, value, weak=weak)

    def note_asked(self, frame: Frame, base: ir.Expr, name: str, value: Value) -> None:
        """A part as a test found it."""
        put(frame, base, name, value, weak=False, asked=True)

    def write_into(self, frame: Frame, node: ir.Node, target: Where, value: Value) -> None:
        """A foreign call that adds to its receiver or an argument."""
        if not isinstance(node, ir.Call):
            return
        place: ir.Expr | None = None
        if target == "base" and isinstance(node.callee, ir.Member):
            place = node.callee.base
        elif isinstance(target, int) and target < len(node.args):
            place = node.args[target]
        if place is not None:
            put(frame, place, "*", value, weak=True)

    def refine(self, frame: Frame, test: ir.Expr, truth: bool) -> None:
        refine(frame, test, truth)

    def evaluated(self, frame: Frame, node: ir.Expr) -> Value:
        return quietly(frame, node)

    def certain(self, frame: Frame, value: Value, bits: int) -> None:
        certain(frame, value, bits)

    def refine_operand(self, frame: Frame, node: ir.Node, where: Where, bits: int) -> None:
        refine_operand(frame, node, where, bits)

    def import_value(self, frame: Frame, name: str) -> Value:
        return import_value(frame, name)

    def elsewhere(self, frame: Frame, path: str) -> Frame:
        """The same evaluation, placed in another file: for calls handed on from there."""
        if path == frame.module.path or path not in self.modules:
            return frame
        return frame.placed_in(self.modules[path].module)

    def caught_error(self) -> Value:
        """What ``except`` and ``catch`` bind."""
        return external("Error()")

    def decorate(self, frame: Frame, function: FunctionDef, value: Value) -> None:
        decorate(frame, function, value)

    def execute(self, frame: Frame, body: tuple[ir.Stmt, ...]) -> None:
        execute(frame, body)

    def evaluate_class(self, frame: Frame, definition: ClassDef) -> Value:
        return evaluate_class(frame, definition)

    # ── classes ──────────────────────────────────────────────────────────────────────────────────

    def define_class(self, definition: ClassDef, frame: Frame, bases: tuple[Value, ...]) -> Class:
        """A class as it stands in this frame."""
        key = (id(definition), id(frame.scope))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.classes) + 1_000_000
            defined = Class(number, definition, frame.module.path, definition.name)
            self.classes[number] = defined
            self.class_scopes[number] = (frame.scope, frame.module)
            for method in definition.methods:
                self.methods.setdefault(method.name, []).append((defined, method))
        self.bases[number] = bases
        self._lineages.clear()
        return self.classes[number]

    def lineage(self, one: Class) -> tuple[Class, ...]:
        """A class and the classes of the target it inherits from, nearest first."""
        known = self._lineages.get(one.number)
        if known is None:
            known = self._lineages[one.number] = self._lineage(one)
        return known

    def _lineage(self, one: Class) -> tuple[Class, ...]:
        seen: dict[int, Class] = {}
        waiting = [one]
        while waiting and len(seen) < 50:
            now = waiting.pop(0)
            if now.number in seen:
                continue
            seen[now.number] = now
            for base in self.bases.get(now.number, ()):
                waiting.extend(ref for ref in base.refs if isinstance(ref, Class))
        return tuple(seen.values())

    def foreign_bases(self, one: Class) -> tuple[str, ...]:
        """Qualified names of the classes from outside that it inherits from."""
        names: dict[str, None] = {}
        for now in self.lineage(one):
            for base in self.bases.get(now.number, ()):
                names.update(dict.fromkeys(base.externals()))
        return tuple(names)

    def keep_field(self, one: Class, name: str, value: Value, *, static: bool = False) -> None:
        """What instances of a class may hold in a field, whoever made them."""
        store = self.class_statics if static else self.class_fields
        fields = store.setdefault(one.number, {})
        settled = value.settled()
        if settled is not NOTHING:
            before = fields.get(name)
            fields[name] = settled if before is None else join((before, settled))

    def kept_field(self, one: Class, name: str, *, static: bool = False) -> Value | None:
        store = self.class_statics if static else self.class_fields
        for now in self.lineage(one):
            found = store.get(now.number, {}).get(name)
            if found is not None:
                return found
        return None

    def _summarise(self, done: int) -> int:
        """Summarise every function after the first ones that are done, those too that are only
        found while summarising others; how many are done then."""
        while done < len(self._bodies):
            bodies = list(self._bodies.values())[done:]
            done += len(bodies)
            for body in bodies:
                if self.budget.exhausted:
                    self.limit(body.closure.file, "not all of its functions were followed")
                self.summary(body.closure)
        return done

    def outermost(self) -> tuple[Effect, ...]:
        """Every effect once a place, seen from where its operands are best known: a module's own
        statements, else a function that nothing calls, else the function itself."""
        found: dict[EffectKey, Effect] = {}
        views = [linked.effects for linked in self.modules.values()]
        views += [
            self._summaries.get((number, ()), EMPTY).effects
            for number in self._bodies
            if number not in self.called
        ]
        for view in views:
            for effect in view:
                found.setdefault(effect.key, effect)
        seen = {(one.place, one.kind, one.callee) for one in found.values()}
        for effect in self.local.values():
            if (effect.place, effect.kind, effect.callee) not in seen:
                found.setdefault(effect.key, effect)
        return tuple(found[key] for key in sorted(found))

    def note_local(self, effect: Effect) -> None:
        """Keep an effect where it stands, whoever reaches it."""
        self.local.setdefault(effect.key, effect)


def external(name: str) -> Value:
    """A value that is something from outside."""
    return Value(refs=(External(name),))
