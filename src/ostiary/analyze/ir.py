"""One small language that Python, JavaScript and TypeScript are lowered to.

The data-flow engine reads only this. Nodes compare by identity, since two equal pieces of text at
two places are two things. They are not frozen: a bundle has half a million of them, and a frozen
node takes three times as long to make. Nobody writes to one after its front end made it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Scalar: TypeAlias = "str | int | float | bool | bytes | None"

BACKWARDS = "<backwards>"
"""The name of what ``[::-1]`` calls."""
_MOST_BITS = 1024


def counted(number: int) -> int | float:
    """A whole number as its literal is kept. One with hundreds of digits counts as infinite:
    Python refuses to write such numbers out, and whoever did so would end the check."""
    return number if number.bit_length() <= _MOST_BITS else float("inf") * (number > 0 or -1)


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place: ``line`` from 1, ``column`` from 1."""

    line: int
    column: int


# ── expressions ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, eq=False)
class Name(Node):
    """A variable that is read. ``this`` and ``self`` are names like any other; so is ``super``."""

    id: str


@dataclass(slots=True, eq=False)
class Constant(Node):
    """A literal. JavaScript's ``null`` and ``undefined`` are ``None``."""

    value: Scalar


@dataclass(slots=True, eq=False)
class Regex(Node):
    """A regular-expression literal of JavaScript."""

    pattern: str
    flags: str


@dataclass(slots=True, eq=False)
class Member(Node):
    """``base.name``, ``base?.name``."""

    base: Expr
    name: str


@dataclass(slots=True, eq=False)
class Index(Node):
    """``base[key]``. A slice has an :class:`Opaque` key over its bounds."""

    base: Expr
    key: Expr


@dataclass(slots=True, eq=False)
class Spread(Node):
    """``*x`` or ``...x`` inside a call or a sequence."""

    value: Expr


@dataclass(slots=True, eq=False)
class Call(Node):
    """A call. ``keywords`` are Python's; the name ``None`` is ``**x``."""

    callee: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...] = ()
    new: bool = False
    """JavaScript's ``new``. A Python class is called like a function."""
    optional: bool = False
    """Only made if something before it is there: ``a?.(b)``, ``a?.b(c)``."""
    end_line: int = 0


@dataclass(slots=True, eq=False)
class Template(Node):
    """An f-string or template literal: literal pieces are :class:`Constant` strings."""

    parts: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Tagged(Node):
    """JavaScript's tagged template: ``sql`… ${x} …```."""

    tag: Expr
    template: Template


@dataclass(slots=True, eq=False)
class Binary(Node):
    """Arithmetic and concatenation: ``+ - * / % // ** << >> & | ^ @``."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Logical(Node):
    """``and``, ``or`` or ``??``; JavaScript's ``&&`` and ``||`` are written as the words."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Compare(Node):
    """``== != < <= > >= in not-in is is-not instanceof``.

    ``===`` is ``==``. JavaScript's ``key in object`` is ``in`` too. A chain ``a < b < c`` is a
    :class:`Logical` ``and`` of its parts.
    """

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Unary(Node):
    """``not``, ``-``, ``+``, ``~``, ``typeof``, ``void``, ``delete``. ``!`` is ``not``."""

    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Conditional(Node):
    """``then if test else other``, ``test ? then : other``."""

    test: Expr
    then: Expr
    other: Expr


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """A list, tuple, set or array literal."""

    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """A dict or object literal. Key ``None`` is a spread. Methods are :class:`Lambda` values;
    a plain key of JavaScript is a :class:`Constant` string."""

    entries: tuple[tuple[Expr | None, Expr], ...]


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """A function as an expression: lambda, arrow, function expression, object method."""

    function: FunctionDef


@dataclass(slots=True, eq=False)
class ClassExpr(Node):
    """A class as an expression."""

    definition: ClassDef


@dataclass(slots=True, eq=False)
class Await(Node):
    """``await value``."""

    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Node):
    """``yield value``, ``yield from value``."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Assigned(Node):
    """An assignment used as an expression: walrus, ``a = b`` in JavaScript, ``x += 1``, ``x++``."""

    target: Pattern
    value: Expr
    op: str | None = None
    """``+`` for ``+=`` …; ``or`` for ``||=``; ``None`` for a plain one."""


@dataclass(slots=True, eq=False)
class Comprehension(Node):
    """A comprehension or generator expression. ``key`` is set for a dict comprehension."""

    element: Expr
    key: Expr | None
    clauses: tuple[tuple[Pattern, Expr, tuple[Expr, ...]], ...]
    """Target, what it runs over, conditions."""
    lazy: bool = False
    """Whether it is a generator, which runs when something goes through it."""


@dataclass(slots=True, eq=False)
class Opaque(Node):
    """An expression that has no form of its own here: whatever flows in may flow out."""

    parts: tuple[Expr, ...]


Expr: TypeAlias = (
    Name
    | Constant
    | Regex
    | Member
    | Index
    | Spread
    | Call
    | Template
    | Tagged
    | Binary
    | Logical
    | Compare
    | Unary
    | Conditional
    | Sequence
    | Mapping
    | Lambda
    | ClassExpr
    | Await
    | Yield
    | Assigned
    | Comprehension
    | Opaque
)

# ── what is assigned to ──────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, eq=False)
class NamePattern(Node):
    """A variable."""

    id: str


@dataclass(slots=True, eq=False)
class PlacePattern(Node):
    """``a.b`` or ``a[b]`` on the left of an assignment."""

    place: Member | Index


@dataclass(slots=True, eq=False)
class SequencePattern(Node):
    """``[a, b, *rest]``; an item is ``None`` where JavaScript leaves a hole."""

    items: tuple[Pattern | None, ...]
    rest: Pattern | None = None
    """``*rest`` or ``...rest``; what stands after it in Python is in ``items`` all the same."""


@dataclass(slots=True, eq=False)
class ObjectPattern(Node):
    """``{a, b: c = 1, ...rest}``."""

    entries: tuple[tuple[str | None, Pattern], ...]
    """Key and where its value goes; the key ``None`` is a computed one."""
    rest: Pattern | None = None


@dataclass(slots=True, eq=False)
class DefaultPattern(Node):
    """``pattern = default`` inside another pattern or a parameter list."""

    pattern: Pattern
    default: Expr


Pattern: TypeAlias = NamePattern | PlacePattern | SequencePattern | ObjectPattern | DefaultPattern

# ── statements ───────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, eq=False)
class Assign(Node):
    """``a = b = value``, ``let a = value``, ``a: T = value``, ``a += value``."""

    targets: tuple[Pattern, ...]
    value: Expr | None
    """``None`` for a bare declaration."""
    op: str | None = None
    """As in :class:`Assigned`."""
    annotation: str = ""
    """The declared type as written."""
    declares: bool = False
    """``let``, ``const`` and ``var`` make a variable of this scope."""
    hoisted: bool = False
    """``var``: the scope is the function's, whatever block it stands in."""


@dataclass(slots=True, eq=False)
class Do(Node):
    """An expression for its effect."""

    value: Expr


@dataclass(slots=True, eq=False)
class Return(Node):
    """``return value``."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Throw(Node):
    """``raise value``, ``throw value``, a failed ``assert``."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class If(Node):
    """``if``. Python's ``assert t, m`` is ``if not t: raise``."""

    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...] = ()


@dataclass(slots=True, eq=False)
class Loop(Node):
    """``while`` and ``do`` (target ``None``, ``over`` is the test), ``for`` over values.

    JavaScript's ``for (a; b; c)`` is its first part before the loop, the test as ``over``, the
    last part at the end of the body. ``for (k in o)`` runs over ``Object.keys`` of ``o``:
    ``keys`` is set.
    """

    target: Pattern | None
    over: Expr | None
    body: tuple[Stmt, ...]
    other: tuple[Stmt, ...] = ()
    keys: bool = False


@dataclass(slots=True, eq=False)
class Switch(Node):
    """``switch`` and ``match``. An empty tuple of tests is the default; a case of ``match`` that is
    no literal has one :class:`Opaque` test. A case that ends without ``break`` in JavaScript is
    closed over the bodies it falls through to."""

    subject: Expr
    cases: tuple[tuple[tuple[Expr, ...], tuple[Stmt, ...]], ...]
    label: str = ""
    """Of a block that a ``break`` deeper inside may leave by this name."""


@dataclass(slots=True, eq=False)
class Try(Node):
    """``try``. A handler is the caught type as written, the name it binds, its body."""

    body: tuple[Stmt, ...]
    handlers: tuple[tuple[str, Pattern | None, tuple[Stmt, ...]], ...]
    other: tuple[Stmt, ...] = ()
    final: tuple[Stmt, ...] = ()


@dataclass(slots=True, eq=False)
class With(Node):
    """Python's ``with``; JavaScript's ``using``."""

    items: tuple[tuple[Expr, Pattern | None], ...]
    body: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Jump(Node):
    """``break`` or ``continue``."""

    kind: str
    label: str = ""
    """The block that ``break`` leaves, if it names one."""


@dataclass(slots=True, eq=False)
class Block(Node):
    """Statements in braces."""

    body: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Define(Node):
    """A function declaration."""

    function: FunctionDef


@dataclass(slots=True, eq=False)
class DefineClass(Node):
    """A class declaration."""

    definition: ClassDef


@dataclass(slots=True, eq=False)
class Import(Node):
    """``import`` in both languages. ``require`` and dynamic ``import()`` stay calls."""

    module: str
    """As written: ``os.path``, ``..tools``, ``node:fs``, ``./tools/index.js``; Python's relative
    ones keep their dots."""
    names: tuple[tuple[str, str], ...]
    """What is imported and the local name. ``*`` is the module itself (``import a.b as c``,
    ``import * as ns``); Python's ``import a.b`` is ``("*", "a")`` of module ``a`` and, so that the
    submodule is known, a second import of ``a.b`` with no names; ``from m import *`` is
    ``("**", "")``; a default import is ``("default", local)``."""
    type_only: bool = False
    """TypeScript's ``import type``."""


@dataclass(slots=True, eq=False)
class Export(Node):
    """What an ES module hands out. CommonJS assigns to ``module.exports`` as ordinary code."""

    names: tuple[tuple[str, str], ...]
    """Local name and exported name (``default`` for the default); with ``module`` set, the name in
    that module; ``("*", "")`` is ``export * from``, ``("*", "ns")`` is ``export * as ns from``."""
    module: str = ""
    value: Expr | None = None
    """``export default value``."""


@dataclass(slots=True, eq=False)
class Delete(Node):
    """``del x``."""

    values: tuple[Expr, ...]


Stmt: TypeAlias = (
    Assign
    | Do
    | Return
    | Throw
    | If
    | Loop
    | Switch
    | Try
    | With
    | Jump
    | Block
    | Define
    | DefineClass
    | Import
    | Export
    | Delete
)

# ── definitions ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, eq=False)
class Parameter:
    """One parameter of a function."""

    pattern: Pattern
    kind: str = "plain"
    """``plain``, ``rest`` (``*args``, ``...args``), ``keyword`` (Python, after ``*``) or
    ``keywords`` (``**kwargs``)."""
    default: Expr | None = None
    annotation: str = ""
    """The declared type as written."""


@dataclass(slots=True, eq=False)
class FunctionDef(Node):
    """A function of any form."""

    name: str
    """Empty for an anonymous one; a front end names it after the variable it is assigned to."""
    params: tuple[Parameter, ...]
    body: tuple[Stmt, ...]
    end_line: int
    decorators: tuple[Expr, ...] = ()
    annotation: str = ""
    """The declared result type as written."""
    doc: str = ""
    """Docstring, or the comment block directly above (``/** … */``)."""
    is_async: bool = False
    is_generator: bool = False
    is_arrow: bool = False
    """Whether ``this`` is the one of the surrounding function (arrow functions, Python)."""
    kind: str = "function"
    """``function``, ``method``, ``static``, ``class`` (Python's classmethod), ``getter``,
    ``setter`` or ``constructor``. A method's receiver is no parameter of it in JavaScript; in
    Python it is the first."""
    outer: tuple[str, ...] = ()
    """Names that its body takes from an outer scope: Python's ``global`` and ``nonlocal``."""


@dataclass(slots=True, eq=False)
class ClassField:
    """A field that a class body declares."""

    name: str
    value: Expr | None
    annotation: str
    static: bool
    line: int


@dataclass(slots=True, eq=False)
class ClassDef(Node):
    """A class."""

    name: str
    bases: tuple[Expr, ...]
    methods: tuple[FunctionDef, ...]
    fields: tuple[ClassField, ...]
    end_line: int
    decorators: tuple[Expr, ...] = ()
    doc: str = ""
    body: tuple[Stmt, ...] = ()
    """What else the body does: nested classes, conditional definitions, calls."""
    keywords: tuple[tuple[str, Expr], ...] = ()
    """Python's keywords of a class: ``metaclass``, ``total``, ``extra``."""


@dataclass(slots=True, eq=False)
class Module:
    """One lowered file."""

    path: str
    """Inside the project, with forward slashes."""
    language: str
    """``python``, ``javascript`` or ``typescript``."""
    body: tuple[Stmt, ...]
    lines: int
    doc: str = ""
    problems: tuple[str, ...] = ()
    """What could not be read, in words; such a module is "not checked" in part."""
    minified: bool = False
    """Whether names and lines carry no meaning (bundled or minified)."""
    comments: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Line and text of comments, markers taken off."""
