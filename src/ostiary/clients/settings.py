"""Environment variables and headers of an entry, their values concealed and never expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ostiary.clients.formats.document import Document, Step, pointer
from ostiary.clients.record import Shape
from ostiary.clients.transports import Body
from ostiary.inventory.redact import masked
from ostiary.model.client import Concealed, Setting
from ostiary.model.json import JsonObject, JsonValue, as_text

_REFERENCE = re.compile(
    r"(?:(?:Bearer|Basic|Token|token)\s++)?"
    r"(?:\$\{\{[^{}]*+\}\}|\$\{[^{}]*+\}|\{\{[^{}]*+\}\}|\{(?:env|file):[^{}]*+\}"
    r"|\$[A-Z_][A-Z0-9_]*+|%[A-Z_][A-Z0-9_]*+%|\$\([^()]*+\))\s*+\Z"
)
_DEFAULT = re.compile(r"\$\{[^{}:]*+:[-=][^{}]")


@dataclass(frozen=True, slots=True)
class Found:
    env: tuple[Setting, ...]
    headers: tuple[Setting, ...]


def bodies_of(value: JsonObject, path: tuple[Step, ...], shape: Shape) -> tuple[Body, ...]:
    """Where the fields of an entry may stand: the nested object first, then the entry."""
    nested = value.get(shape.nest) if shape.nest else None
    if isinstance(nested, dict):
        return ((nested, (*path, shape.nest)), (value, path))
    return ((value, path),)


def settings_of(
    document: Document, shape: Shape, bodies: tuple[Body, ...], problems: list[str]
) -> Found:
    reader = _Settings(document, problems)
    env: list[Setting] = []
    headers: list[Setting] = []
    for body, path in bodies:
        env += reader.pairs(body, path, shape.env)
        headers += reader.pairs(body, path, shape.headers)
        if shape.env_names:
            env += reader.names(body, path, shape.env_names)
        if shape.header_env:
            headers += reader.valueless(body, path, shape.header_env)
        if shape.bearer_env and isinstance(body.get(shape.bearer_env), str):
            headers.append(reader.setting("Authorization", None, (*path, shape.bearer_env)))
    return Found(tuple(env), tuple(headers))


def is_reference(text: str) -> bool:
    """Whether a value only names where the value is kept."""
    return bool(_REFERENCE.match(text)) and not _DEFAULT.search(text)


class _Settings:
    def __init__(self, document: Document, problems: list[str]) -> None:
        self._document = document
        self._problems = problems

    def setting(self, name: str, value: JsonValue, path: tuple[Step, ...]) -> Setting:
        text = _text(value)
        kept = None if text is None or is_reference(text) else Concealed(text)
        line, column = self._document.spot(path)
        return Setting(masked(name), kept, line, column, masked(pointer(path)))

    def pairs(self, body: JsonObject, path: tuple[Step, ...], key: str) -> list[Setting]:
        value = body.get(key)
        here = (*path, key)
        if isinstance(value, dict):
            return [self.setting(name, one, (*here, name)) for name, one in value.items()]
        if isinstance(value, list):
            return [self._listed(one, (*here, place)) for place, one in enumerate(value)]
        if value is not None:
            self._problems.append(f"{key} is neither a table nor a list")
        return []

    def _listed(self, value: JsonValue, path: tuple[Step, ...]) -> Setting:
        """``NAME=value``, or an object with name and value."""
        if isinstance(value, dict):
            name = as_text(value.get("name")) or as_text(value.get("key"))
            return self.setting(name, value.get("value"), path)
        name, equals, rest = as_text(value).partition("=")
        return self.setting(name, rest if equals else None, path)

    def names(self, body: JsonObject, path: tuple[Step, ...], key: str) -> list[Setting]:
        value = body.get(key)
        found: list[Setting] = []
        for place, one in enumerate(value if isinstance(value, list) else []):
            name = as_text(one.get("name")) if isinstance(one, dict) else as_text(one)
            if name:
                found.append(self.setting(name, None, (*path, key, place)))
        return found

    def valueless(self, body: JsonObject, path: tuple[Step, ...], key: str) -> list[Setting]:
        value = body.get(key)
        if not isinstance(value, dict):
            return []
        return [self.setting(name, None, (*path, key, name)) for name in value]


def _text(value: JsonValue) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
