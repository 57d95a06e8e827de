"""What the engine knows of a value: where it comes from, what it may be, what is known of it.

What is made and compared most often is a named tuple: it is as immutable as a frozen class and
costs a third of it. What is made next most often has final fields: types keep it from being
written to, and making it costs a quarter of what a frozen class does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import repeat
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias

from ostiary.analyze.ir import ClassDef, FunctionDef, Scalar


class Place(NamedTuple):
    """A place in the target's source."""

    file: str
    line: int
    column: int = 1


class SourceKind(StrEnum):
    """Who controls a value."""

    MODEL = "model"
    """A parameter of a tool, a variable of a resource's URI, an argument of a prompt: what a model
    fills in, and so whoever can put text before the model."""
    REQUEST = "request"
    """An HTTP request to the server: headers, query, body, path."""
    REMOTE = "remote"
    """What a remote party answered: fetched content, messages, rows others may write."""
    FILE = "file"
    """Content of a file or of standard input."""
    ENVIRONMENT = "environment"
    """A variable of the environment or the command line: the operator's choice, and often a
    secret."""
    SECRET = "secret"
    """A credential: a key file, a password variable, a token."""
    INBOUND_TOKEN = "inbound token"
    """The credential a caller presented to this server."""
    MACHINE = "machine"
    """Facts of the machine: user name, host name, list of processes, the clipboard, the screen."""

    __hash__ = str.__hash__


class Source(NamedTuple):
    """An origin that means something outside the program."""

    kind: SourceKind
    name: str
    """What people call it: ``path``, ``headers.host``, ``HOME``, ``https://x.example``."""
    owner: str = ""
    """The tool, prompt, resource or route it belongs to, or the call that brought it."""
    whole: str = ""
    """The name of what it is a part of; empty where it is no part."""


class Param(NamedTuple):
    """An origin inside a summary: a parameter of a function, or a part of one."""

    function: int
    """The engine's number of the closure."""
    position: int
    """In its list of parameters; ``-1`` is ``this`` of JavaScript."""
    path: tuple[str, ...] = ()
    """Fields read from it: ``("config", "url")``; ``"*"`` is any element."""


Origin: TypeAlias = Source | Param


class Step(NamedTuple):
    """One step on the way of a value."""

    place: Place
    says: str
    """In words: "is joined into a string", "is passed to run_git"."""


class Flow(NamedTuple):
    """How one origin arrived in a value."""

    guarantees: int = 0
    steps: tuple[Step, ...] = ()
    """In order, at most a dozen; the ends are kept where the middle is cut."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A piece of text that is not known."""

    of: tuple[Origin, ...] = ()
    """What may have flowed into just this piece."""


HOLE = Hole()
Text: TypeAlias = tuple[str | Hole, ...]
"""What is known of a string: literal pieces and holes, for example ``("git log ", HOLE)``. A value
whose text is wholly known has one literal piece; ``()`` is "nothing is known"."""


class Binds(Protocol):
    """The arguments of one call, by the callee's parameters."""

    def parameter(self, index: int) -> Value:
        """The argument of one parameter; ``-1`` is the receiver."""


@dataclass(slots=True, eq=False)
class Arguments:
    """What a function was called with."""

    positional: Final[tuple[Value, ...]] = ()
    keywords: Final[Mapping[str, Value]] = field(default_factory=dict)
    receiver: Final[Value | None] = None
    more: Final[Value | None] = None
    """What a spread adds: any further argument."""
    extra: Final[Value | None] = None
    """What ``**x`` adds: any further keyword."""


@dataclass(slots=True, eq=False)
class Closure:
    """A function with the variables around it."""

    number: Final[int]
    """The engine's number: equal numbers are the same function in the same surroundings."""
    function: Final[FunctionDef]
    file: Final[str]
    name: Final[str]
    """Dotted, inside its file: ``Server.handle``, ``register.<anonymous>``."""
    bound: Final[Value | None] = None
    """The receiver, for a bound method."""
    around: Final[tuple[int, ...]] = ()
    """Numbers of the functions it stands in, inner first: whose parameters it may use."""
    within: Final[Mapping[int, Binds]] = field(default_factory=dict)
    """What those parameters are, for a function that left the call it was made in."""

    def bound_to(self, receiver: Value | None) -> Closure:
        """The same function as a method of something."""
        return Closure(
            self.number,
            self.function,
            self.file,
            self.name,
            receiver,
            self.around,
            self.within,
        )


@dataclass(slots=True, eq=False)
class Class:
    """A class of the target."""

    number: Final[int]
    definition: Final[ClassDef]
    file: Final[str]
    name: Final[str]


@dataclass(slots=True, unsafe_hash=True)
class External:
    """Something from outside the target, by its qualified name.

    ``child_process.exec``, ``subprocess.run``, ``fs.promises.readFile`` (``node:`` is taken off,
    slashes stay: ``fs/promises.readFile``). What a call returns has ``()`` at the end:
    ``sqlite3.connect().cursor()``; so has an instance of a foreign class, also one known only from
    an annotation: ``pg.Client()``. A default import is the module itself: ``axios``.
    """

    name: Final[str]
    made_with: Final[Recipe | None] = field(default=None, compare=False)
    """How it was made, for libraries whose calls declare things (schemas, options)."""


@dataclass(slots=True, eq=False)
class Recipe:
    """The call that made a value: ``z.string().min(1)`` is ``min`` on ``string`` on ``z``."""

    callee: Final[str]
    args: Final[tuple[Value, ...]]
    keywords: Final[Mapping[str, Value]]
    base: Final[Value | None]
    place: Final[Place]

    def ingredients(self) -> tuple[Value, ...]:
        """Everything it was made with."""
        base = () if self.base is None else (self.base,)
        return (*self.args, *self.keywords.values(), *base)


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the target."""

    path: str


@dataclass(slots=True, eq=False)
class Instance:
    """An object made from a class of the target. Its fields are the value's fields."""

    of: Final[Class]


Ref: TypeAlias = Closure | Class | External | ModuleRef | Instance

_NO_FLOWS: Mapping[Origin, Flow] = MappingProxyType({})
_NO_FIELDS: Mapping[str, Value] = MappingProxyType({})
_NONE: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Value:
    """Everything the engine knows of one value. Immutable; joins make another."""

    flows: Final[Mapping[Origin, Flow]] = field(default_factory=repeat(_NO_FLOWS).__next__)
    """Origins that may have flowed in, each with what is guaranteed on every path."""
    text: Final[Text] = ()
    scalar: Final[Scalar] = None
    """The literal, where ``literal`` is set."""
    literal: Final[bool] = False
    refs: Final[tuple[Ref, ...]] = ()
    """What it may be, beside plain data."""
    fields: Final[Mapping[str, Value]] = field(default_factory=repeat(_NO_FIELDS).__next__)
    """Known parts of an object, mapping, array (by index as text) or instance; ``"*"`` is what any
    other element holds."""
    place: Final[Place | None] = None
    """Where it was made, for values that rules point at."""
    adds: Final[int] = 0
    """Guarantees that hold for the value as a whole, also where nothing is known to flow in."""
    _inside: frozenset[int] | None = field(default=None, init=False, repr=False)
    _settled: Value | bool = field(default=False, init=False, repr=False)

    @property
    def known_text(self) -> str | None:
        """The whole text, if every piece is known."""
        if self.literal and isinstance(self.scalar, str):
            return self.scalar
        if len(self.text) == 1 and isinstance(self.text[0], str):
            return self.text[0]
        return None

    @property
    def prefix(self) -> str:
        """The literal text it certainly begins with."""
        whole = self.known_text
        if whole is not None:
            return whole
        return self.text[0] if self.text and isinstance(self.text[0], str) else ""

    @property
    def pieces(self) -> str:
        """The known pieces of its text, with U+0000 for each hole."""
        return "".join(piece if isinstance(piece, str) else "\0" for piece in self.text)

    def sources(self, *kinds: SourceKind) -> Iterator[tuple[Source, Flow]]:
        """The outside origins of these kinds (all, if none is given), parts not included."""
        for origin, flow in self.flows.items():
            if isinstance(origin, Source) and (not kinds or origin.kind in kinds):
                yield origin, flow

    def inside(self) -> frozenset[int]:
        """Numbers of the functions whose parameters, or whose surroundings, are somewhere in it."""
        known = self._inside
        if known is None:
            found: set[int] = set()
            if self.flows:
                found.update(one.function for one in self.flows if isinstance(one, Param))
            for ref in self.refs:
                if isinstance(ref, Closure):
                    found.update(ref.around)
                elif isinstance(ref, External) and ref.made_with is not None:
                    for one in ref.made_with.ingredients():
                        found |= one.inside()
            for part in self.fields.values():
                found |= part.inside()
            known = frozenset(found) if found else _NONE
            self._inside = known
        return known

    def settled(self) -> Value:
        """The value without any parameter in it: what holds whoever called."""
        known = self._settled
        if isinstance(known, Value):
            return known
        if known:
            return self
        made = self._without_parameters()
        self._settled = True if made is self else made
        return made

    def _without_parameters(self) -> Value:
        flows = self.flows
        if any(isinstance(origin, Param) for origin in flows):
            flows = {one: flow for one, flow in flows.items() if not isinstance(one, Param)}
        fields = {name: part.settled() for name, part in self.fields.items()}
        if not flows and not self.refs and not self.text and not self.literal and not fields:
            return NOTHING
        if flows is self.flows and not fields and not self.adds:
            return self
        return Value(
            flows=flows,
            text=self.text,
            scalar=self.scalar,
            literal=self.literal,
            refs=self.refs,
            fields=fields,
            place=self.place,
        )

    def with_flows(self, flows: Mapping[Origin, Flow], adds: int = 0) -> Value:
        """The same value with other origins, and with ``adds`` known of it as a whole too."""
        return Value(
            flows,
            self.text,
            self.scalar,
            self.literal,
            self.refs,
            self.fields,
            self.place,
            self.adds | adds,
        )

    def with_fields(self, fields: Mapping[str, Value]) -> Value:
        """The same value with other parts."""
        return Value(
            self.flows,
            self.text,
            self.scalar,
            self.literal,
            self.refs,
            fields,
            self.place,
            self.adds,
        )

    def with_refs(self, refs: tuple[Ref, ...]) -> Value:
        """The same value, which may be something else."""
        return Value(
            self.flows,
            self.text,
            self.scalar,
            self.literal,
            refs,
            self.fields,
            self.place,
            self.adds,
        )

    def externals(self) -> Iterator[str]:
        """Qualified names of what it may be."""
        for ref in self.refs:
            if isinstance(ref, External):
                yield ref.name

    def closures(self) -> Iterator[Closure]:
        for ref in self.refs:
            if isinstance(ref, Closure):
                yield ref

    def field(self, name: str) -> Value | None:
        """A known part."""
        found = self.fields.get(name)
        return self.fields.get("*") if found is None else found

    def deep_sources(self, *kinds: SourceKind) -> Iterator[tuple[Source, Flow]]:
        """The outside origins of the value and of all its known parts."""
        yield from self.sources(*kinds)
        for part in self.fields.values():
            yield from part.deep_sources(*kinds)


NOTHING = Value()
"""A value of which nothing is known and into which nothing flowed."""
