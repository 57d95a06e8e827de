"""How a fact about a library's call is written down. A table of these is one file a library family.

The engine asks: what does a call of this name do (``effect``), what comes out of it (``result``),
and what is known of an argument afterwards (``ensures``, ``tests``)?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind

Where: TypeAlias = "int | str"
"""An operand of a call: a position from 0; a keyword of Python (``"shell"``); a field of a
positional argument (``"1.shell"``, for option objects; ``"1.env.PATH"`` nests, and behind ``*.``
stands a part that the elements of a list are written out with); ``"base"`` for the
receiver (``"base.field"`` for a part of it); ``"rest:1"`` for all positional arguments from that
one on, as a sequence; ``"all"`` for everything together. The first one present is taken."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition on a literal operand: the fact counts only if it holds."""

    where: tuple[Where, ...]
    is_: str
    """``true`` (literally truthy), ``false`` (literally falsy), ``not true`` (absent, falsy or
    unknown), ``not false`` (present and not literally falsy), ``present``, ``absent``, ``sequence``
    (a list literal or a value with known elements), ``text`` (a string, or unknown), ``matches:RE``
    (its known text has a match of the RE2 pattern somewhere), ``not matches:RE`` (absent, unknown,
    or without a match)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a call returns."""

    passes: tuple[Where, ...] | None = None
    """Operands that flow into the result; ``None`` is receiver and all arguments."""
    adds: int = 0
    """Guarantees of :mod:`~ostiary.analyze.dataflow.guarantee` that the result has."""
    keeps: bool = False
    """Whether guarantees of what passes stay; by default a call of a library loses all but
    ``NUMBER`` and ``CHOSEN``."""
    decodes: bool = False
    """Other text comes out of what passes: what was checked of that says nothing of it."""
    leaves: int = 0
    """Guarantees that stay where ``keeps`` does not hold."""
    gives: SourceKind | None = None
    """The result comes from outside: a new source of this kind."""
    named: str | Where | None = None
    """Its name in words; a position or ``"base"`` takes the known text of that operand."""
    same_as: Where | None = None
    """The result is this operand itself, with all it may be (``promisify``, ``partial``,
    ``asyncio.run``, ``Promise.resolve``, decorators that wrap)."""
    external: str = ""
    """The qualified name of the result, where it is not the callee's with ``()``: an alias."""
    formats: bool = False
    """A tag that leaves the text of its template what it is, blanks aside."""
    element_of: Where | None = None
    """The result is any element of this operand (``next``, ``.pop()``, ``.find``)."""
    path_of: tuple[Where, ...] = ()
    """The result is a path, and its text is the text of these operands with ``/`` between."""
    address_of: tuple[Where, ...] = ()
    """The result is an address: its text is the first operand's, below the second one where that
    is there."""
    text: str = ""
    """What the result is known to be: ``~`` for the home folder."""
    keeps_recipe: bool = False
    """Whether the engine keeps how the value was made, for schemas and options."""
    members: tuple[tuple[str, tuple[Where, ...]], ...] = ()
    """Members of the result that are these operands: the address and the body of a request."""


IMPORT_HOOK = "import hook"
"""The tag of calls that answer the imports of everybody in the process."""
PLAIN_RESULT = Result()
NO_RESULT = Result(passes=())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the calls of these names."""

    names: tuple[str, ...]
    """Qualified names as in :class:`~ostiary.analyze.dataflow.value.External`. One ``*`` may stand
    for any run of characters: ``sqlite3.*execute``, ``*.execute``. The longest name that fits
    wins; all facts under that name apply. A name that begins with ``*.`` also fits a method of a
    receiver of which nothing is known."""
    effect: EffectKind | None = None
    roles: Mapping[str, tuple[Where, ...]] = field(default_factory=dict)
    """Operands of the effect: role and where to look for it."""
    tags: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    """All must hold for the effect. The result counts all the same."""
    result: Result = PLAIN_RESULT
    calls: tuple[tuple[Where, tuple[Where, ...]], ...] | None = None
    """Callbacks: which operand is called, with what. ``None``: every function among the arguments
    is called with everything that flows into the call. ``()``: none is called."""
    ensures: tuple[tuple[Where, int], ...] = ()
    """Guarantees of an operand once the call has returned at all (it raises otherwise)."""
    tests: tuple[tuple[Where, int], ...] = ()
    """Guarantees of an operand where the call's result is true."""
    refutes: tuple[tuple[Where, int], ...] = ()
    """Guarantees of an operand where the call's result is false."""
    writes: tuple[tuple[Where, Where], ...] = ()
    """Operands that flow into another: ``("base", 0)`` for ``list.append``."""
    decorates: bool = False
    """Whether the name is a decorator that returns the function it is given unchanged."""


@dataclass(frozen=True, slots=True)
class Read:
    """A member whose reading is a source: ``process.env.*``, ``sys.argv``."""

    names: tuple[str, ...]
    gives: SourceKind
    effect: EffectKind | None = None
    """Recorded where it is read; the operand ``name`` is the last part of the name."""
    external: bool = True
    """Whether the result still goes by its qualified name, so that methods on it are known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What an annotation means: parameters declared with it are this."""

    annotations: tuple[str, ...]
    """Qualified names of types, as imported: ``starlette.requests.Request``."""
    external: str
    """The qualified name of the value, usually with ``()``."""
    gives: SourceKind | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of one family of libraries."""

    name: str
    known: tuple[Known, ...] = ()
    reads: tuple[Read, ...] = ()
    typed: tuple[Typed, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Qualified prefixes that mean another: ``fs-extra`` → ``fs``; ``fs/promises`` →
    ``fs.promises``."""
