"""Text that an expression is, as far as constants of its file go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ostiary.analyze import ir

HOME = "~"
TEMPORARY = "/tmp"  # noqa: S108 - a word that stands for the folder
_DEEPEST = 40
_MOST_ITEMS = 400
_HOMES = frozenset({"HOME", "USERPROFILE"})
_HOME_PARTS = _HOMES | {"home", "homedir"}
_HOME_CALLS = frozenset({"homedir", "home", "userInfo", "getHomeDirectory"})
_TEMPORARY_CALLS = frozenset({"tmpdir", "gettempdir"})
_JOINING = frozenset({"join", "resolve", "joinpath", "Path", "PurePath", "URL", "combine"})
_SAME_NAMES = (
    "expanduser expandvars abspath realpath normpath normalize absolute resolve encode decode "
    "strip trim toString str String dedent fspath as_posix bytes format replace lstrip rstrip "
    "trimStart trimEnd"
)
_SAME = frozenset(_SAME_NAMES.split())
_NAMED = (ir.Name, ir.Member, ir.Index)
_ROWS = (ir.Sequence, ir.Call)
_HOLDERS = (
    ir.Sequence,
    ir.Mapping,
    ir.Call,
    ir.Name,
    ir.Member,
    ir.Index,
    ir.Binary,
    ir.Logical,
)
_SLOT = re.compile(r"\{[^{}]{0,40}\}|%[sdr]")


@dataclass(slots=True)
class Constants:
    """What names stand for: ``NAME``, ``Class.NAME`` and, for any class of the file, ``.NAME``."""

    values: dict[str, ir.Expr] = field(default_factory=dict)
    others: Mapping[str, ir.Expr] = field(default_factory=dict)
    """Of other files, under the names they are imported by."""
    around: Mapping[str, ir.Expr] = field(default_factory=dict)
    """Of the file, where ``values`` are those of one function: they come first."""
    held: dict[ir.Expr, tuple[str, ...]] = field(default_factory=dict)
    """Texts inside what names stand for, kept for the next who asks."""
    texts: dict[tuple[ir.Expr, int], str | None] = field(default_factory=dict)
    """Texts of what names stand for, by how deep they are asked for."""

    def stands(self, node: ir.Expr) -> bool:
        """Whether a name may stand for something that is known."""
        if isinstance(node, ir.Index):
            named = isinstance(node.key, ir.Constant) and node.key.value in _HOMES
            return named or self.stands(node.base)
        if isinstance(node, ir.Member):
            found = self.get(_key(node)) or self.get(f".{node.name}")
            return found is not None or node.name in _HOME_PARTS
        return isinstance(node, ir.Name) and self.get(node.id) is not None

    def get(self, name: str) -> ir.Expr | None:
        found = self.values.get(name)
        if found is None:
            found = self.around.get(name)
        return self.others.get(name) if found is None else found


def text_of(node: ir.Expr, constants: Constants, depth: int = 0) -> str | None:
    """The text with U+0000 for unknown pieces; ``None`` if nothing of it is known."""
    form = _FORMS.get(type(node))
    return None if form is None or depth > _DEEPEST else form(node, constants, depth)


def _template(node: ir.Template, constants: Constants, depth: int) -> str | None:
    return _row([text_of(part, constants, depth + 1) for part in node.parts], "")


def composed(node: ir.Expr, constants: Constants) -> Iterable[str]:
    """The text of an expression; of a list and of a call also what it holds in a row, as a command
    line is written."""
    text = text_of(node, constants)
    if isinstance(node, _ROWS):
        return _with_row(node, text, constants)
    own = () if text is None else (text,)
    return (*own, *_held(node, constants)) if isinstance(node, _NAMED) else own


def _with_row(node: ir.Sequence | ir.Call, text: str | None, constants: Constants) -> Iterator[str]:
    if text is not None:
        yield text
    items = node.items if isinstance(node, ir.Sequence) else _flat(node.args)
    parts = [text_of(item, constants) for item in items[:_MOST_ITEMS]]
    if sum(1 for part in parts if part) > 1:
        row = _row(parts, " ")
        if row is not None and row != text:
            yield row


def _flat(args: tuple[ir.Expr, ...]) -> tuple[ir.Expr, ...]:
    found: list[ir.Expr] = []
    for one in args:
        found.extend(one.items if isinstance(one, ir.Sequence) else (one,))
    return tuple(found)


def _held(node: ir.Name | ir.Member | ir.Index, constants: Constants) -> tuple[str, ...]:
    """Texts inside the list or table that a constant is, or that a loop runs over."""
    value = _constant(node, constants)
    if not isinstance(value, _HOLDERS):
        return ()
    found = constants.held.get(value)
    if found is None:
        found = constants.held[value] = tuple(_texts_in(value, constants))
    return found


def _texts_in(value: ir.Expr, constants: Constants) -> Iterator[str]:
    stack: list[ir.Expr] = [value]
    count = 1
    while stack and count < _MOST_ITEMS:
        one = stack.pop()
        count += 1
        if not isinstance(one, _HOLDERS):
            text = text_of(one, constants)
            if text:
                yield text
            continue
        if isinstance(one, ir.Sequence):
            yield from composed(one, constants)
        elif isinstance(one, ir.Binary):
            yield text_of(one, constants) or ""
        stack.extend(_inside(one, constants))


def _inside(node: ir.Expr, constants: Constants) -> Iterator[ir.Expr]:
    """What is in a list, table or call, or what a name stands for; last first."""
    if isinstance(node, _NAMED):
        value = _constant(node, constants)
        if isinstance(value, _HOLDERS):
            yield value
    elif isinstance(node, ir.Logical | ir.Binary):
        yield from (node.right, node.left)
    elif isinstance(node, ir.Sequence):
        yield from reversed(node.items)
    elif isinstance(node, ir.Mapping):
        yield from (value for _, value in reversed(node.entries))
        yield from (key for key, _ in reversed(node.entries) if key is not None)
    elif isinstance(node, ir.Call):
        yield from reversed(node.args)
        if isinstance(node.callee, ir.Member):
            yield node.callee.base


def _constant(node: ir.Name | ir.Member | ir.Index, constants: Constants) -> ir.Expr | None:
    """What a name stands for; for a part of a table the table."""
    if isinstance(node, ir.Index):
        return node.base
    found = constants.get(_key(node))
    if found is None and isinstance(node, ir.Member):
        return constants.get(f".{node.name}")
    return found


def _scalar(node: ir.Constant, _constants: Constants, _depth: int) -> str | None:
    value = node.value
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _row(parts: list[str | None], between: str) -> str | None:
    if not any(parts):
        return None
    return between.join("\0" if part is None else part for part in parts)


def _binary(node: ir.Binary, constants: Constants, depth: int) -> str | None:
    left = text_of(node.left, constants, depth + 1)
    if node.op == "%":
        return None if left is None else _SLOT.sub("\0", left)
    if node.op not in ("+", "/"):
        return None
    right = text_of(node.right, constants, depth + 1)
    return _row([left, right], "/" if node.op == "/" else "")


def _key(node: ir.Expr) -> str:
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Member):
        base = node.base
        if isinstance(base, ir.Name) and base.id not in ("self", "this", "cls"):
            return f"{base.id}.{node.name}"
        return f".{node.name}"
    return ""


def _index(node: ir.Index, _constants: Constants, _depth: int) -> str | None:
    key = node.key.value if isinstance(node.key, ir.Constant) else None
    return HOME if key in _HOMES else None


def _name(node: ir.Name, constants: Constants, depth: int) -> str | None:
    return _behind(constants.get(node.id), constants, depth)


def _member(node: ir.Member, constants: Constants, depth: int) -> str | None:
    if node.name in _HOME_PARTS:
        return HOME
    value = constants.get(_key(node))
    if value is None:
        value = constants.get(f".{node.name}")
    return _behind(value, constants, depth)


def _behind(value: ir.Expr | None, constants: Constants, depth: int) -> str | None:
    """The text of what a name stands for; many names stand for one thing."""
    if value is None:
        return None
    known, at = constants.texts, (value, depth)
    if at not in known:
        known[at] = text_of(value, constants, depth + 4)
    return known[at]


def _called(node: ir.Call, constants: Constants, depth: int) -> str | None:
    callee = node.callee
    name = (
        callee.name
        if isinstance(callee, ir.Member)
        else (callee.id if isinstance(callee, ir.Name) else "")
    )
    base = callee.base if isinstance(callee, ir.Member) else None
    special = _special(name, node)
    if special is not None:
        return special
    if name == "join" and base is not None:
        joined = _joined(base, node, constants, depth)
        if joined is not None:
            return joined
    whole = base is not None and (not node.args or name in ("format", "replace"))
    if name in _SAME and whole and base is not None:
        text = text_of(base, constants, depth + 1)
        return _SLOT.sub("\0", text) if text and name == "format" else text
    if name in _JOINING or name in _SAME or name == "from":
        parts = [text_of(one, constants, depth + 1) for one in node.args[:30]]
        if name == "joinpath" and base is not None:
            parts.insert(0, text_of(base, constants, depth + 1))
        return _row(parts, "/")
    return None


def _special(name: str, node: ir.Call) -> str | None:
    if name in _HOME_CALLS and not node.args:
        return HOME
    if name in _TEMPORARY_CALLS:
        return TEMPORARY
    first = node.args[0] if node.args else None
    if name in ("get", "getenv") and isinstance(first, ir.Constant) and first.value in _HOMES:
        return HOME
    return None


def _joined(base: ir.Expr, node: ir.Call, constants: Constants, depth: int) -> str | None:
    """``", ".join(items)`` and ``items.join(", ")``."""
    items, separator = base, node.args[0] if node.args else None
    if isinstance(base, ir.Constant):
        items, separator = separator or base, base
    if isinstance(items, ir.Name | ir.Member):
        items = constants.get(_key(items)) or items
    if not isinstance(items, ir.Sequence):
        return None
    between = separator.value if isinstance(separator, ir.Constant) else ","
    parts = [text_of(one, constants, depth + 1) for one in items.items[:_MOST_ITEMS]]
    return _row(parts, between if isinstance(between, str) else ",")


def _wrapped(node: ir.Await | ir.Spread, constants: Constants, depth: int) -> str | None:
    return text_of(node.value, constants, depth + 1)


def _logical(node: ir.Logical, constants: Constants, depth: int) -> str | None:
    left = text_of(node.left, constants, depth + 1)
    return left if left is not None else text_of(node.right, constants, depth + 1)


def _conditional(node: ir.Conditional, constants: Constants, depth: int) -> str | None:
    then = text_of(node.then, constants, depth + 1)
    return then if then is not None else text_of(node.other, constants, depth + 1)


_FORMS: Final[dict[type, Callable[[Any, Constants, int], str | None]]] = {
    ir.Constant: _scalar,
    ir.Template: _template,
    ir.Binary: _binary,
    ir.Name: _name,
    ir.Member: _member,
    ir.Index: _index,
    ir.Call: _called,
    ir.Await: _wrapped,
    ir.Spread: _wrapped,
    ir.Logical: _logical,
    ir.Conditional: _conditional,
}
"""How each kind of expression becomes text."""
