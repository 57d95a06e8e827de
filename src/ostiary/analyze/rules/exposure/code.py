"""What stands in the source, read once: texts with the names they are given, headers asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.rules.exposure.nodes import dotted, last_name, literal, shown_names
from ostiary.analyze.written.walk import below

_LONGEST: Final = 120
"""A longer run of characters is no name of anything."""
_GETS: Final = frozenset(
    {"get", "header", "getheader", "get_header", "getlist", "get_all", "param"}
)
_HEADERS: Final = frozenset({"headers", "rawheaders", "header"})
_QUERIES: Final = frozenset({"query", "query_params", "searchparams", "args", "querystring"})
_ARGUMENTS: Final = "args"
_WRITERS = (
    "print log info debug warn warning error critical exception trace write fatal notice json send "
    "end text html jsonify JSONResponse"
)
_WRITES: Final = frozenset(_WRITERS.split())
_FALLBACKS: Final = frozenset({"default", "prefault", "catch", "fallback"})
_DEFAULTING: Final = frozenset({"or", "??"})


class Text(NamedTuple):
    """A literal text and the name it is given: a variable, a key, a parameter, an option."""

    text: str
    name: str
    place: Place


class Use(NamedTuple):
    """A call of a function, with the names its result may be given, inner first."""

    callee: str
    """As written: ``Math.random``, ``random.choice``."""
    names: tuple[str, ...]
    place: Place


class Asked(NamedTuple):
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
    own: list[Text] = field(default_factory=list)
    """Those that are no part of tests, examples and tools of the build."""
    uses: list[Use] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    doubtful: list[Asked] = field(default_factory=list)
    """Asked of a variable named ``args``: a query where the file takes one from a request, else
    the command line or the arguments of a tool."""
    queried: set[str] = field(default_factory=set)
    """Files that take the query of a request as ``args``."""
    words: dict[str, Place] = field(default_factory=dict)
    """Every name that is used or imported, and where first."""
    printed: dict[tuple[str, int, int], tuple[str, ...]] = field(default_factory=dict)
    """Names of the values that calls that look like logging or answering write, by place."""
    params: dict[tuple[str, int, str], tuple[str, ...]] = field(default_factory=dict)
    """Names of parameters, by file, line and name of the function."""


def code_of(facts: Facts) -> Code:
    """The source of a project, read once."""
    return facts.once(_read)


def _read(facts: Facts) -> Code:
    code = Code()
    for module in facts.modules.values():
        before = len(code.texts)
        _walk(code, module)
        if module.path in code.queried:
            code.asked += code.doubtful
        code.doubtful.clear()
        if not is_apart(module.path):
            code.own += code.texts[before:]
    return code


def _walk(code: Code, module: ir.Module) -> None:
    """Every node once, each with the names that what it makes may be given."""
    path = module.path
    waiting: list[tuple[Any, Names]] = [(module.body, ())]
    while waiting:
        node, names = waiting.pop()
        kind = type(node)
        if kind is tuple:
            waiting += [(one, names) for one in node[::-1] if one is not None]
            continue
        noted = _NOTED.get(kind)
        if noted is not None:
            noted(code, path, node, names)
        if kind in _LEAVES:
            continue
        form = _FORMS.get(kind)
        if form is None:
            waiting += [(one, names) for one in below(node) if one is not None]
        else:
            waiting += [one for one in form(node, names) if one[0] is not None]


# ── names ────────────────────────────────────────────────────────────────────────────────────────


Names = tuple[str, ...]
"""What something may be given as a name, inner first."""
_Named = Iterable[tuple[object, Names]]
"""Parts of a node, last first, each with its names."""


def _compare(node: ir.Compare, _names: Names) -> _Named:
    """What a value is compared with is not what it is."""
    return ((node.right, ()), (node.left, ()))


def _looked_up(node: ir.Index, names: Names) -> _Named:
    """What is looked up has the name; what it is looked up by has not."""
    return ((node.key, ()), (node.base, names))


def _if(node: ir.If | ir.Conditional, names: Names) -> _Named:
    return ((node.other, names), (node.then, names), (node.test, ()))


def _assign(node: ir.Assign, names: Names) -> _Named:
    given = next((name for name in map(_target, node.targets) if name), "")
    return ((node.value, _under(given, names)), (node.targets, ()))


def _assigned(node: ir.Assigned, names: Names) -> _Named:
    return ((node.value, _under(_target(node.target), names)), (node.target, ()))


def _mapping(node: ir.Mapping, names: Names) -> _Named:
    for key, value in reversed(node.entries):
        name = literal(key)
        yield value, names if name == "default" and any(names) else _under(name, names)


def _parameter(node: ir.Parameter | ir.DefaultPattern, names: Names) -> _Named:
    return ((node.default, _under(_target(node.pattern), names)), (node.pattern, ()))


def _class_field(node: ir.ClassField, names: Names) -> _Named:
    return ((node.value, _under(node.name, names)),)


def _function(node: ir.FunctionDef, names: Names) -> _Named:
    inner = _inside(_under(node.name, names))
    return ((node.body, inner), (node.decorators, ()), (node.params, ()))


def _place(node: ir.PlacePattern, names: Names) -> _Named:
    """What is written to is not read."""
    place = node.place
    own = ((place.key, ()),) if isinstance(place, ir.Index) else ()
    return (*own, (place.base, names))


def _logical(node: ir.Logical, names: Names) -> _Named:
    right = _under(last_name(node.left), names) if node.op in _DEFAULTING else names
    return ((node.right, right), (node.left, names))


def _call(node: ir.Call, names: Names) -> _Named:
    args = node.args
    named = len(args) > 1 or node.keywords
    first = _name_of([literal(one) for one in args]) if named else ""
    for keyword, value in reversed(node.keywords):
        yield value, _under(first if keyword == "default" and first else keyword or "", names)
    if args:
        falls_back = last_name(node.callee) in _FALLBACKS
        inner = names if falls_back else _inside(names)
        later = _under(first, inner) if first and not falls_back else inner
        for index in range(len(args) - 1, -1, -1):
            yield args[index], later if index else inner
    yield node.callee, names


_LEAVES: Final = frozenset({ir.Constant, ir.Name, ir.NamePattern, ir.Import, str})
_FORMS: Final[dict[type, Callable[[Any, Names], _Named]]] = {
    ir.Assign: _assign,
    ir.Assigned: _assigned,
    ir.Mapping: _mapping,
    ir.Parameter: _parameter,
    ir.DefaultPattern: _parameter,
    ir.ClassField: _class_field,
    ir.FunctionDef: _function,
    ir.PlacePattern: _place,
    ir.Compare: _compare,
    ir.Index: _looked_up,
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


def _under(name: str | None, names: Names) -> Names:
    if not name or len(name) > _LONGEST or not name.isascii():
        return names
    return (name.lstrip("-"), *names[:4])


def _inside(names: Names) -> tuple[str, ...]:
    """What is handed to a call or done in a function makes the value and is not the value."""
    return names if names and not names[0] else ("", *names)


def _target(pattern: object) -> str:
    if isinstance(pattern, ir.NamePattern):
        return pattern.id
    if isinstance(pattern, ir.PlacePattern):
        return last_name(pattern.place)
    return _target(pattern.pattern) if isinstance(pattern, ir.DefaultPattern) else ""


# ── what is noted ────────────────────────────────────────────────────────────────────────────────


def _constant(code: Code, path: str, node: ir.Constant, names: Names) -> None:
    if isinstance(node.value, str) and node.value:
        place = Place(path, node.line, node.column)
        code.texts.append(Text(node.value, names[0] if names else "", place))


def _name(code: Code, path: str, node: ir.Name, _names: Names) -> None:
    if node.id not in code.words:
        code.words[node.id] = Place(path, node.line, node.column)


def _member(code: Code, path: str, node: ir.Member, _names: Names) -> None:
    _word(code, path, node, node.name)
    if node.name == _ARGUMENTS and _is_request(node.base):
        code.queried.add(path)
    if last_name(node.base) != _ARGUMENTS:
        _asked(code, path, node, last_name(node.base), node.name)


def _index(code: Code, path: str, node: ir.Index, _names: Names) -> None:
    _asked(code, path, node, last_name(node.base), literal(node.key), base=node.base)


def _import(code: Code, path: str, node: ir.Import, _names: Names) -> None:
    for word in (node.module, *(one for pair in node.names for one in pair)):
        _word(code, path, node, word)


def _definition(code: Code, path: str, node: ir.FunctionDef, _names: Names) -> None:
    _word(code, path, node, node.name)
    names = tuple(_target(one.pattern) for one in node.params)
    code.params[(path, node.line, node.name)] = names


def _word(code: Code, path: str, node: ir.Node, word: str) -> None:
    if word not in code.words:
        code.words[word] = Place(path, node.line, node.column)


def _asked(
    code: Code, path: str, node: ir.Node, of: str, name: str, *, base: object = None
) -> None:
    """What is asked for by name. ``base`` is what it is asked of, where that tells more."""
    holder = of.lower()
    what = "header" if holder in _HEADERS else "query" if holder in _QUERIES else ""
    if what and name and len(name) <= _LONGEST and name.isascii():
        sure = holder != _ARGUMENTS or (isinstance(base, ir.Member) and _is_request(base.base))
        kept = code.asked if sure else code.doubtful
        kept.append(Asked(what, name.lower(), Place(path, node.line, node.column)))


def _used(code: Code, path: str, node: ir.Call, names: Names) -> None:
    called = node.callee
    callee = dotted(called)
    written = called.name if isinstance(called, ir.Member) else callee
    if written in _WRITES:
        shown = tuple(name for one in _values(node) for name in shown_names(one))
        code.printed[(path, node.line, node.column)] = shown
    place = Place(path, node.line, node.column)
    if callee.isascii() and callee:
        code.uses.append(Use(callee, tuple(filter(None, names)), place))
    for keyword, _ in node.keywords:
        if keyword:
            _word(code, path, node, keyword)
    if node.args and isinstance(called, ir.Member) and called.name.lower() in _GETS:
        _gotten(code, path, node, called)


def _gotten(code: Code, path: str, node: ir.Call, called: ir.Member) -> None:
    holder = last_name(called.base)
    if holder.lower() not in _HEADERS | _QUERIES:
        # ``req.header("x")`` and ``c.req.header("x")`` name no holder of headers.
        holder = "headers" if called.name.lower() == "header" or _is_request(called.base) else ""
    _asked(code, path, node, holder, literal(node.args[0]), base=called.base)


def _values(node: ir.Call) -> Iterator[object]:
    yield from node.args
    yield from (value for _, value in node.keywords)


def _is_request(node: object) -> bool:
    return last_name(node).lower() in ("req", "request", "flask_request")


_NOTED: Final[dict[type, Callable[[Code, str, Any, Names], None]]] = {
    ir.Constant: _constant,
    ir.Name: _name,
    ir.Member: _member,
    ir.Index: _index,
    ir.Import: _import,
    ir.FunctionDef: _definition,
    ir.Call: _used,
}
