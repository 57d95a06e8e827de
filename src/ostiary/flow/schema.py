"""What a tool's input schema says it takes: roles of parameters, found in one walk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ostiary.flow.lexicon import parameters as p
from ostiary.flow.words import snake
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings

MAX_PARAMETERS = 1000
"""Parameters looked at in one schema; more than any honest tool has."""
MAX_BRANCHES = 32
MAX_CHOICES = 200

_COMBINES = frozenset({"$ref", "allOf", "anyOf", "oneOf"})

_ROLES: tuple[tuple[str, frozenset[str]], ...] = (
    ("command", p.COMMAND),
    ("code", p.CODE),
    ("sql", p.SQL),
    ("query", p.QUERY),
    ("url", p.URL),
    ("output", p.OUTPUT),
    ("path", p.PATH),
    ("content", p.CONTENT),
    ("recipient", p.RECIPIENT),
    ("message", p.MESSAGE),
    ("amount", p.AMOUNT),
    ("payee", p.PAYEE),
    ("grant", p.GRANT),
    ("action", p.ACTION),
    ("http method", p.HTTP_METHOD),
    ("headers", p.HEADERS),
)
_LOOSE = (
    ("_command", "command"),
    ("_sql", "sql"),
    ("_url", "url"),
    ("_file_path", "path"),
    ("_filepath", "path"),
    ("_filename", "path"),
    ("_script", "code"),
)
_TOOK = re.compile(
    r"(?i)\b(?P<sql>sql (?:query|statement|command)|cypher (?:query|statement))"
    r"|\b(?P<command>(?:shell|bash|terminal|cli|command[- ]line) command"
    r"|command to (?:run|execute))"
    r"|\b(?P<code>(?:python|javascript|js|source|arbitrary) code"
    r"|(?:code|script) to (?:run|execute))"
    r"|(?P<path>\b(?:absolute|full|file|relative) path\b|path (?:to|of) (?:the|a|an) "
    r"(?:\w+ )?(?:file|directory|folder))"
)
_NOT_A_PATH = re.compile(r"(?i)json ?path|json pointer|url path|api path|path template|endpoint")
_NOT_CODE = re.compile(
    r"(?i)(?:country|currency|language|postal|zip|area|airport|iata|status|error|auth\w*|"
    r"verification|promo\w*|discount|stock|category|region|product|state|locale)[ -]code"
    r"|\bISO[ -]?\d"
)
_QUOTED = re.compile(r"[\"'`]([A-Za-z_-]{3,24})[\"'`]")


@dataclass(slots=True)
class Parameters:
    """Roles found in a schema, each with the name as written; and the choices of its actions."""

    roles: dict[str, str] = field(default_factory=dict)
    choices: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    count: int = 0
    free: dict[str, str] = field(default_factory=dict)
    """Parameters of a dangerous kind that take any text: role to name."""

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


@lru_cache(maxsize=16384)
def _by_name(name: str) -> tuple[str, ...]:
    """Every role a parameter's name may have."""
    word = snake(name)
    found = tuple(role for role, names in _ROLES if word in names)
    if found:
        return found
    return tuple(role for end, role in _LOOSE if word.endswith(end))


def parameters(schema: JsonObject) -> Parameters:
    """The roles of the parameters of ``schema``, two objects deep, local references followed."""
    found = Parameters()
    _walk(schema, _Walk(schema, found), 0)
    return found


@dataclass(frozen=True, slots=True)
class _Walk:
    """What one walk carries: the whole schema, for references, and what was found."""

    root: JsonObject
    found: Parameters

    def parts(self, schema: JsonObject) -> list[JsonObject]:
        """The schema, what it refers to and the branches it combines; one step, no cycles."""
        if not _COMBINES.intersection(schema):
            return [schema]
        parts = [schema, self.resolve(schema.get("$ref"))]
        for key in ("allOf", "anyOf", "oneOf"):
            for part in as_list(schema.get(key))[:MAX_BRANCHES]:
                parts.append(as_object(part))
                parts.append(self.resolve(as_object(part).get("$ref")))
        return [part for part in parts if part]

    def resolve(self, reference: JsonValue) -> JsonObject:
        """What a reference inside this schema points at; empty for any other."""
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return {}
        found: JsonValue = self.root
        for step in reference[2:].split("/")[:6]:
            found = as_object(found).get(step.replace("~1", "/").replace("~0", "~"))
        return as_object(found)


def _walk(schema: JsonObject, walk: _Walk, depth: int) -> None:
    for part in walk.parts(schema):
        for name, value in as_object(part.get("properties")).items():
            walk.found.count += 1
            if walk.found.count > MAX_PARAMETERS:
                return
            _take(name, as_object(value), walk, depth)


def _take(name: str, schema: JsonObject, walk: _Walk, depth: int) -> None:
    found = walk.found
    text = as_text(schema.get("description"))[:200]
    parts = walk.parts(schema)
    choices = _choices(parts)
    found.names.add(snake(name))
    roles = _by_name(name) or _told(text)
    for role in roles:
        if _fits(role, schema, text, choices):
            found.roles.setdefault(role, name)
            if not choices:
                found.free.setdefault(role, name)
    _list_choices(name, schema, roles, choices, found)
    if depth < 2:
        for part in parts:
            inner = as_object(part.get("items")) if "items" in part else part
            if part is not schema or inner is not part or "properties" in inner:
                _walk(inner, walk, depth + 1)


def _told(text: str) -> tuple[str, ...]:
    """The role that a parameter's description gives it."""
    told = _TOOK.search(text) if text else None
    return (str(told.lastgroup),) if told else ()


def _list_choices(
    name: str,
    schema: JsonObject,
    roles: tuple[str, ...],
    choices: tuple[str, ...],
    found: Parameters,
) -> None:
    """Keep the choices of an action; one without an enum may list them in its description.

    A parameter that may also be a shell command is not narrowed by examples in quotes.
    """
    acts = "action" in roles
    if acts and not choices and "command" not in roles:
        choices = tuple(_QUOTED.findall(as_text(schema.get("description"))[:600]))
    if choices and (acts or "method" in name.lower()):
        found.choices.append((name, choices[:MAX_CHOICES]))


def _choices(parts: list[JsonObject]) -> tuple[str, ...]:
    """The only values a parameter takes; empty if any branch takes free text."""
    found: list[str] = []
    for part in parts:
        listed = strings(part["enum"]) if "enum" in part else strings(part.get("const"))
        if not listed and part.get("type") == "string":
            return ()
        found.extend(listed)
    return tuple(found)


def _fits(role: str, schema: JsonObject, text: str, choices: tuple[str, ...]) -> bool:
    """Whether the rest of the schema agrees with what the name suggests."""
    kind = schema.get("type")
    if kind in ("boolean", "integer", "number", "null"):
        return role in ("amount", "recipient")
    if choices:
        return role in ("action", "http method", "grant")
    if role == "action":
        return True
    if role == "path":
        return not (text and _NOT_A_PATH.search(text))
    if role == "code":
        return not (text and _NOT_CODE.search(text))
    return True
