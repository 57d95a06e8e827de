"""What stands in the source, read once: texts with the names they are given, headers asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.nodes import children, dotted, last_name, literal, shown_names

_LONGEST: Final = 120
"""A longer run of characters is no name of anything."""
_GETS: Final = frozenset(
    {"get", "header", "getheader", "get_header", "getlist", "get_all", "param"}
)
_HEADERS: Final = frozenset({"headers", "rawheaders", "header"})
_QUERIES: Final = frozenset({"query", "query_params", "searchparams", "args", "querystring"})
_WRITERS = (
    "print log info debug warn warning error critical exception trace write fatal notice json send "
    "end text html jsonify JSONResponse"
)
_WRITES: Final = frozenset(_WRITERS.split())
_FALLBACKS: Final = frozenset({"default", "prefault", "catch", "fallback"})
_DEFAULTING: Final = frozenset({"or", "??"})


@dataclass(frozen=True, slots=True)
class Text:
    """A literal text and the name it is given: a variable, a key, a parameter, an option."""

    text: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a function, with the names its result may be given, inner first."""

    callee: str
    """As written: ``Math.random``, ``random.choice``."""
    names: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a request that is read by a fixed name."""

    of: str
    """``header`` or ``query``."""
    name: str
    """Lower case."""
    place: Place


@dataclass(slots=True)
class Code:
    """One project's source as rules on exposure need it."""

    texts: list[Text] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    words: dict[str, Place] = field(default_factory=dict)
    """Every name that is used or imported, and where first."""
    printed: dict[tuple[str, int, int], tuple[str, ...]] = field(default_factory=dict)
    """Names of the values that calls that look like logging or answering write, by place."""
    params: dict[tuple[str, int, str], tuple[str, ...]] = field(default_factory=dict)
    """Names of parameters, by file, line and name of the function."""


def code_of(facts: Facts) -> Code:
    """The source of a project; the last one asked for is remembered."""
    return _read(tuple(facts.modules.values()))


@lru_cache(maxsize=1)
def _read(modules: tuple[ir.Module, ...]) -> Code:
    code = Code()
    for module in modules:
        _walk(code, module)
    return code


def _walk(code: Code, module: ir.Module) -> None:
    """Every node once, each with the names that what it makes may be given."""
    waiting: list[tuple[object, tuple[str, ...]]] = [(module.body, ())]
    while waiting:
        node, names = waiting.pop()
        if type(node) is tuple:
            waiting.extend((one, names) for one in reversed(node))
        elif isinstance(node, ir.Constant):
            if isinstance(node.value, str) and node.value:
                place = Place(module.path, node.line, node.column)
                code.texts.append(Text(node.value, names[0] if names else "", place))
        elif node is not None:
            noted = _NOTED.get(type(node))
            if noted is not None:
                noted(code, module.path, node)
            if isinstance(node, ir.Call):
                _used(code, module.path, node, names)
            waiting.extend(reversed(_parts(node, names)))


# ── names ────────────────────────────────────────────────────────────────────────────────────────


_Named = Iterator[tuple[object, tuple[str, ...]]]


def _parts(node: object, names: tuple[str, ...]) -> list[tuple[object, tuple[str, ...]]]:
    form = _FORMS.get(type(node))
    if form is not None:
        return list(form(node, names))
    return [(one, names) for one in children(node)]


def _compare(node: ir.Compare, _names: tuple[str, ...]) -> _Named:
    """What a value is compared with is not what it is."""
    yield node.left, ()
    yield node.right, ()


def _if(node: ir.If | ir.Conditional, names: tuple[str, ...]) -> _Named:
    yield node.test, ()
    yield node.then, names
    yield node.other, names


def _assign(node: ir.Assign, names: tuple[str, ...]) -> _Named:
    given = next((name for name in map(_target, node.targets) if name), "")
    yield from ((one, ()) for one in node.targets)
    yield node.value, _under(given, names)


def _assigned(node: ir.Assigned, names: tuple[str, ...]) -> _Named:
    yield node.target, ()
    yield node.value, _under(_target(node.target), names)


def _mapping(node: ir.Mapping, names: tuple[str, ...]) -> _Named:
    for key, value in node.entries:
        name = literal(key)
        yield value, names if name == "default" and any(names) else _under(name, names)


def _parameter(node: ir.Parameter | ir.DefaultPattern, names: tuple[str, ...]) -> _Named:
    yield node.pattern, ()
    yield node.default, _under(_target(node.pattern), names)


def _class_field(node: ir.ClassField, names: tuple[str, ...]) -> _Named:
    yield node.value, _under(node.name, names)


def _function(node: ir.FunctionDef, names: tuple[str, ...]) -> _Named:
    yield node.params, ()
    yield node.decorators, ()
    yield node.body, _inside(_under(node.name, names))


def _place(node: ir.PlacePattern, names: tuple[str, ...]) -> _Named:
    """What is written to is not read."""
    yield node.place.base, names
    if isinstance(node.place, ir.Index):
        yield node.place.key, ()


def _logical(node: ir.Logical, names: tuple[str, ...]) -> _Named:
    yield node.left, names
    yield node.right, _under(last_name(node.left), names) if node.op in _DEFAULTING else names


def _call(node: ir.Call, names: tuple[str, ...]) -> _Named:
    yield node.callee, names
    first = _name_of([literal(one) for one in node.args])
    falls_back = last_name(node.callee) in _FALLBACKS
    for index, one in enumerate(node.args):
        if falls_back:
            yield one, names
        else:
            yield one, _under(first, _inside(names)) if index and first else _inside(names)
    for keyword, value in node.keywords:
        yield value, _under(first if keyword == "default" and first else keyword or "", names)


_FORMS: Final[dict[type, Callable[..., _Named]]] = {
    ir.Assign: _assign,
    ir.Assigned: _assigned,
    ir.Mapping: _mapping,
    ir.Parameter: _parameter,
    ir.DefaultPattern: _parameter,
    ir.ClassField: _class_field,
    ir.FunctionDef: _function,
    ir.PlacePattern: _place,
    ir.Compare: _compare,
    ir.If: _if,
    ir.Conditional: _if,
    ir.Logical: _logical,
    ir.Call: _call,
}


def _name_of(texts: list[str]) -> str:
    """The name that arguments give: ``HOST``, ``-h`` and ``--host``, ``-h, --host <host>``."""
    text = next((one for one in texts if one.startswith("--")), texts[0] if texts else "")
    bare = text.rpartition("--")[2].split(" ")[0].split("=")[0]
    return bare if bare.replace("-", "_").isidentifier() else ""


def _under(name: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    if not name or len(name) > _LONGEST or not name.isascii():
        return names
    return (name.lstrip("-"), *names[:4])


def _inside(names: tuple[str, ...]) -> tuple[str, ...]:
    """What is handed to a call or done in a function makes the value and is not the value."""
    return names if names and not names[0] else ("", *names)


def _target(pattern: object) -> str:
    match pattern:
        case ir.NamePattern():
            return pattern.id
        case ir.PlacePattern():
            return last_name(pattern.place)
        case ir.DefaultPattern():
            return _target(pattern.pattern)
    return ""


# ── what is noted ────────────────────────────────────────────────────────────────────────────────


def _member(code: Code, path: str, node: ir.Member) -> None:
    _word(code, path, node, node.name)
    _asked(code, path, node, last_name(node.base), node.name)


def _import(code: Code, path: str, node: ir.Import) -> None:
    for word in (node.module, *(one for pair in node.names for one in pair)):
        _word(code, path, node, word)


def _definition(code: Code, path: str, node: ir.FunctionDef) -> None:
    _word(code, path, node, node.name)
    names = tuple(_target(one.pattern) for one in node.params)
    code.params[(path, node.line, node.name)] = names


_NOTED: Final[dict[type, Callable[..., None]]] = {
    ir.Name: lambda code, path, node: _word(code, path, node, node.id),
    ir.Member: _member,
    ir.Index: lambda code, path, node: _asked(
        code, path, node, last_name(node.base), literal(node.key)
    ),
    ir.Import: _import,
    ir.FunctionDef: _definition,
}


def _word(code: Code, path: str, node: ir.Node, word: str) -> None:
    if word not in code.words:
        code.words[word] = Place(path, node.line, node.column)


def _asked(code: Code, path: str, node: ir.Node, of: str, name: str) -> None:
    holder = of.lower()
    if not name or len(name) > _LONGEST or not name.isascii():
        return
    what = "header" if holder in _HEADERS else "query" if holder in _QUERIES else ""
    if what:
        code.asked.append(Asked(what, name.lower(), Place(path, node.line, node.column)))


def _used(code: Code, path: str, node: ir.Call, names: tuple[str, ...]) -> None:
    callee = dotted(node.callee)
    written = node.callee.name if isinstance(node.callee, ir.Member) else callee
    if written in _WRITES:
        shown = tuple(name for one in _values(node) for name in shown_names(one))
        code.printed[(path, node.line, node.column)] = shown
    place = Place(path, node.line, node.column)
    if callee.isascii() and callee:
        code.uses.append(Use(callee, tuple(filter(None, names)), place))
    for keyword, _ in node.keywords:
        if keyword:
            _word(code, path, node, keyword)
    if not isinstance(node.callee, ir.Member) or node.callee.name.lower() not in _GETS:
        return
    holder = last_name(node.callee.base)
    if node.args and holder.lower() not in _HEADERS | _QUERIES:
        # ``req.header("x")`` and ``c.req.header("x")`` name no holder of headers.
        holder = "headers" if node.callee.name.lower() == "header" else ""
        holder = holder or ("headers" if _is_request(node.callee.base) else "")
    if node.args:
        _asked(code, path, node, holder, literal(node.args[0]))


def _values(node: ir.Call) -> Iterator[object]:
    yield from node.args
    yield from (value for _, value in node.keywords)


def _is_request(node: object) -> bool:
    return last_name(node).lower() in ("req", "request")
