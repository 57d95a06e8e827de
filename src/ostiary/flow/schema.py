"""What a tool's input schema says it takes: roles of parameters, found in one walk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ostiary.flow.lexicon import parameters as p
from ostiary.flow.words import snake
from ostiary.model.json import JsonObject, as_list, as_object, as_text, strings

MAX_PARAMETERS = 300
"""Parameters looked at in one schema; more than any honest tool has."""

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
    """The roles of the parameters of ``schema``, two levels deep."""
    found = Parameters()
    _walk(schema, found, 0)
    return found


def _walk(schema: JsonObject, found: Parameters, depth: int) -> None:
    for name, value in as_object(schema.get("properties")).items():
        found.count += 1
        if found.count > MAX_PARAMETERS:
            return
        _take(name, as_object(value), found, depth)


def _take(name: str, schema: JsonObject, found: Parameters, depth: int) -> None:
    text = as_text(schema.get("description"))[:200]
    choices = _choices(schema)
    found.names.add(snake(name))
    roles = _by_name(name)
    if not roles and text:
        told = _TOOK.search(text)
        roles = (str(told.lastgroup),) if told else ()
    for role in roles:
        if _fits(role, schema, text, choices):
            found.roles.setdefault(role, name)
            if not choices:
                found.free.setdefault(role, name)
    _list_choices(name, schema, "action" in roles, choices, found)
    if depth < 2 and "properties" in schema:
        _walk(schema, found, depth + 1)
    elif depth < 2 and "items" in schema:
        _walk(as_object(schema["items"]), found, depth + 1)


def _list_choices(
    name: str, schema: JsonObject, acts: bool, choices: tuple[str, ...], found: Parameters
) -> None:
    """Keep the choices of an action; one without an enum may list them in its description."""
    if acts and not choices:
        choices = tuple(_QUOTED.findall(as_text(schema.get("description"))[:600]))
    if choices and (acts or "method" in name.lower()):
        found.choices.append((name, choices[:40]))


def _choices(schema: JsonObject) -> tuple[str, ...]:
    if "enum" in schema:
        return strings(schema["enum"])
    if "const" in schema:
        return strings(schema["const"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            parts = (as_object(part) for part in as_list(schema[key]))
            return tuple(
                choice
                for part in parts
                for choice in (*strings(part.get("enum")), *strings(part.get("const")))
            )
    return ()


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
