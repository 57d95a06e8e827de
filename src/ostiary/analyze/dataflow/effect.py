"""Something the code does that matters outside it: one call with its operands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.value import Closure, External, Place, Step, Value


class EffectKind(StrEnum):
    """What is done. One word decides which rules look and which level a tool gets."""

    SHELL = "shell"
    """A command line that a shell interprets. Operands: ``command``."""
    PROCESS = "process"
    """A program with an argument list. Operands: ``program``, ``arguments``, ``options``."""
    OPEN_URL = "open url"
    """Something handed to the desktop to open (``open``, ``xdg-open``). Operands: ``target``."""
    EVALUATE = "evaluate"
    """Text run as code. Operands: ``code``."""
    LOAD_CODE = "load code"
    """A module, plugin or library loaded by a computed name. Operands: ``name``."""
    DESERIALIZE = "deserialize"
    """Bytes turned into objects in a way that may run code. Operands: ``data``."""
    TEMPLATE = "template"
    """Text used as a template. Operands: ``template``, ``values``."""
    READ_FILE = "read file"
    """Operands: ``path``."""
    WRITE_FILE = "write file"
    """Operands: ``path``, ``content``."""
    DELETE_FILE = "delete file"
    """Operands: ``path``."""
    LIST_FILES = "list files"
    """Operands: ``path``."""
    CHANGE_MODE = "change mode"
    """Operands: ``path``, ``mode``."""
    EXTRACT_ARCHIVE = "extract archive"
    """Operands: ``archive``, ``path``."""
    REQUEST = "request"
    """An outgoing HTTP request: ``url``, ``body``, ``headers``, ``method``, ``options``."""
    CONNECT = "connect"
    """A socket, DNS query or the like. Operands: ``host``, ``data``."""
    SQL = "sql"
    """Operands: ``query``, ``parameters``."""
    DATABASE = "database"
    """A connection to a database. Operands: ``address``."""
    NOSQL = "nosql"
    """Operands: ``query``."""
    LDAP = "ldap"
    """Operands: ``query``."""
    XML = "xml"
    """XML parsed. Operands: ``data``, ``options``."""
    XPATH = "xpath"
    """Operands: ``query``."""
    REGEX = "regex"
    """A pattern compiled or matched. Operands: ``pattern``, ``subject``."""
    MAIL = "mail"
    """Operands: ``to``, ``cc``, ``bcc``, ``subject``, ``body``, ``message``."""
    MESSAGE = "message"
    """A chat message, push or post to a service. Operands: ``to``, ``body``."""
    SPEND = "spend"
    """Money moved or a paid order placed. Operands: ``amount``, ``to``."""
    READ_ENVIRONMENT = "read environment"
    """Operands: ``name``; without a name it is the whole environment."""
    SET_ENVIRONMENT = "set environment"
    """Operands: ``name``, ``value``."""
    READ_MACHINE = "read machine"
    """User, host, processes, clipboard, screen, key strokes. Operands: ``what``."""
    LISTEN = "listen"
    """A server bound. Operands: ``host``, ``port``, ``options``."""
    ROUTE = "route"
    """An HTTP route or middleware declared. Operands: ``path``, ``handler``, ``options``."""
    CORS = "cors"
    """Operands: ``origins``, ``credentials``, ``options``."""
    TLS = "tls"
    """A TLS context or option. Operands: ``verify``, ``options``."""
    DECODE_TOKEN = "decode token"
    """A JWT read. Operands: ``token``, ``verify``, ``audience``, ``algorithms``, ``options``."""
    LOG = "log"
    """Operands: ``message``."""
    RESPOND = "respond"
    """Sent to an HTTP caller. Operands: ``body``."""
    REDIRECT = "redirect"
    """Operands: ``url``."""
    MERGE = "merge"
    """Objects merged or keys assigned. Operands: ``target``, ``source``, ``key``."""
    DECODE = "decode"
    """Hidden text uncovered: base64, hex, character codes. Operands: ``data``."""
    HASH = "hash"
    """Operands: ``data``, ``algorithm``."""
    RANDOM = "random"
    """A random number that is not meant for secrets."""
    EXIT = "exit"
    """The process or the machine is stopped."""
    DEBUG = "debug"
    """A debugger opened. Operands: ``host``, ``port``."""
    DECLARE = "declare"
    """A call that declares tools, prompts, resources or handlers. Operands as the library has
    them; :mod:`ostiary.analyze.declare` reads them."""
    MUTATE = "mutate"
    """A declared thing changed at run time: a docstring, a tool's description, the list. Operands:
    ``target``, ``value``."""
    KEEP = "keep"
    """Left where later calls find it: a variable of a module, a field. Operands: ``value``,
    and ``of``, the object that it was made a part of, if that was given to a function around."""
    SLEEP = "sleep"
    """Operands: ``seconds``."""
    ALLOCATE = "allocate"
    """Memory or work by a number. Operands: ``amount``."""
    CALL = "call"
    """Any other call of a library that the knowledge names for a rule. Operands ``0``, ``1`` … and
    keywords by their names."""


MOST_CHAIN = 8
_DEEPEST_WRAPPERS = 4
EffectKey: TypeAlias = tuple[str, int, int, str, str]
"""File, line, column, kind and what is called, with the name of what it declares."""


class Around(NamedTuple):
    """What stands around a call; the fields mean what those of an effect mean."""

    caught: bool = False
    looped: bool = False
    total: bool = True


@dataclass(slots=True, eq=False)
class Effect:
    """One place in the code that does something, with what is known of its operands there."""

    kind: Final[EffectKind]
    callee: Final[str]
    """Qualified name as in :class:`~ostiary.analyze.dataflow.value.External`."""
    operands: Final[Mapping[str, Value]]
    place: Final[Place]
    function: Final[str]
    """Name of the function it stands in; empty at the top of a module."""
    tags: Final[tuple[str, ...]] = ()
    """What the knowledge says of the callee beside its kind, for example ``service:gmail``."""
    chain: Final[tuple[Step, ...]] = ()
    """Calls from the entry to the place; empty where it is the entry's own code."""
    guarded: Final[int] = 0
    """Guarantees that hold wherever the place is reached: ``AUTHENTICATED``, a confirmation …"""
    caught: Final[bool] = False
    """Whether errors of it are caught around the place."""
    looped: Final[bool] = False
    """Whether it stands in a loop."""
    total: Final[bool] = False
    """Whether the place is reached whenever its function runs (no condition around it)."""
    _key: EffectKey | None = field(default=None, init=False, repr=False)

    def seen_from(self, operands: Mapping[str, Value], call: Step, around: Around) -> Effect:
        """The same effect, reached by one more call."""
        chain = self.chain if len(self.chain) >= MOST_CHAIN else (call, *self.chain)
        seen = Effect(
            self.kind,
            self.callee,
            operands,
            self.place,
            self.function,
            self.tags,
            chain,
            self.guarded,
            self.caught or around.caught,
            self.looped or around.looped,
            self.total and around.total,
        )
        if self.kind is not EffectKind.DECLARE:
            seen._key = self.key
        return seen

    def also(self, other: Effect) -> Effect:
        """Both of two effects of one place as one, with the operands of both."""
        operands = dict(self.operands)
        for role, value in other.operands.items():
            before = operands.get(role)
            operands[role] = value if before is None else join((before, value))
        both = Effect(
            self.kind,
            self.callee,
            operands,
            self.place,
            self.function,
            self.tags,
            self.chain,
            self.guarded & other.guarded,
            self.caught and other.caught,
            self.looped or other.looped,
            self.total or other.total,
        )
        if self.kind is not EffectKind.DECLARE:
            both._key = self._key
        return both

    @property
    def key(self) -> EffectKey:
        """What makes two effects the same one: the place, what is called, what it declares."""
        key = self._key
        if key is None:
            callee = self.callee
            if self.kind is EffectKind.DECLARE:
                callee = f"{callee} {self._declares()}"
            key = self._key = (*self.place, self.kind.value, callee)
        return key

    def _declares(self) -> str:
        for role in ("name", "0", "1"):
            value = self.operands.get(role)
            if value is not None:
                named = value.fields.get("name")
                text = value.known_text or (named.known_text if named else None)
                if text:
                    return text
        return self._named_by_maker()

    def _named_by_maker(self) -> str:
        """``server.tool(name="x")(f)``: what is called was made with the name."""
        callee = self.operands.get("callee")
        for ref in () if callee is None else callee.refs:
            made = ref.made_with if isinstance(ref, External) else None
            if made is not None:
                given = made.keywords.get("name") or next(iter(made.args), None)
                return (given.known_text if given else None) or ""
        return " ".join(_functions(self.operands.get("0"), 0))

    def operand(self, role: str) -> Value | None:
        return self.operands.get(role)


def _functions(value: Value | None, depth: int) -> Iterator[str]:
    """Names of the functions that a value is, or was made with, those inside of wrappers too."""
    for ref in () if value is None or depth > _DEEPEST_WRAPPERS else value.refs:
        if isinstance(ref, Closure):
            yield ref.function.name
            for given in ref.within.values():
                yield from _functions(given.parameter(0), depth + 1)
        elif isinstance(ref, External) and ref.made_with is not None:
            yield from _functions(next(iter(ref.made_with.args), None), depth + 1)
