"""Reads who decides that a call needs a person: asking modes, their bypasses, grants to tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ostiary.clients.formats.document import Document, Step
from ostiary.clients.lookup import Hit, find
from ostiary.clients.record import GrantSpec, PermissionSpec
from ostiary.model.client import NOT_SET, Permission, SpeaksOf
from ostiary.model.json import JsonValue, as_list


@dataclass(frozen=True, slots=True)
class Grant:
    """A tool (or glob) of a server that a client-wide list approves or hides."""

    server: str
    tool: str
    effect: str
    why: str


def read_permissions(
    document: Document, specs: tuple[PermissionSpec, ...], file: str
) -> tuple[Permission, ...]:
    """What one file says on asking. Only the first description that fits a value speaks."""
    found: list[Permission] = []
    spoken: set[tuple[tuple[Step, ...], str]] = set()
    for spec in specs:
        if spec.unset:
            continue
        for hit in find(document.value, spec.key):
            for place, value in _fitting(hit, spec):
                if (place, value) not in spoken:
                    spoken.add((place, value))
                    found.append(_permission(document, spec, file, place, value))
    return tuple(found)


def unset_permission(spec: PermissionSpec, file: str) -> Permission:
    """A client's default, which no file overrides."""
    return Permission(
        key=".".join(spec.key),
        value=NOT_SET,
        effect=spec.effect,
        bypass=spec.bypass,
        file=file,
        decided_by=spec.decided_by,
        speaks_of=spec.speaks_of,
    )


def is_set(document: Document, spec: PermissionSpec) -> bool:
    """Whether a document sets the key at all."""
    return bool(find(document.value, spec.key))


def _permission(
    document: Document, spec: PermissionSpec, file: str, place: tuple[Step, ...], value: str
) -> Permission:
    return Permission(
        key=".".join(str(step) for step in spec.key if not step.startswith("{")),
        value=value,
        effect=spec.effect,
        bypass=spec.bypass,
        file=file,
        line=document.spot(place)[0],
        decided_by=spec.decided_by,
        speaks_of=_reach(spec, value),
        about=_about(spec, place, value),
    )


def _reach(spec: PermissionSpec, value: str) -> SpeaksOf:
    """A list of tools that holds the pattern for all of them speaks for the whole client."""
    if spec.speaks_of is SpeaksOf.TOOLS and value in _ALL_TOOLS:
        return SpeaksOf.CLIENT
    return spec.speaks_of


_ALL_TOOLS = ("*", "*:*", "mcp__*", "mcp_*")


def _about(spec: PermissionSpec, place: tuple[Step, ...], value: str) -> str | None:
    """The server or tool that a setting names: a step of its key, or a pattern of its list."""
    named = next((step for key, step in zip(spec.key, place, strict=False) if key == "{any}"), None)
    if named is None and spec.speaks_of is SpeaksOf.TOOLS:
        return value
    return None if named is None else str(named)


def _fitting(hit: Hit, spec: PermissionSpec) -> Iterator[tuple[tuple[Step, ...], str]]:
    if spec.like:
        for place, text in _listed(hit):
            if any(fnmatchcase(text, glob) for glob in spec.like):
                yield place, text
        return
    value = hit.value
    if not spec.values:
        if value not in (None, [], {}):
            yield hit.path, _text(value)
        return
    if any(type(value) is type(wanted) and value == wanted for wanted in spec.values):
        yield hit.path, _text(value)


def _listed(hit: Hit) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(hit.value, dict):
        for key, one in hit.value.items():
            if one not in (False, None, "deny", "ask"):
                yield (*hit.path, key), key
    elif isinstance(hit.value, str):
        yield hit.path, hit.value
    for position, one in enumerate(as_list(hit.value)):
        if isinstance(one, str):
            yield (*hit.path, position), one


def _text(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 200 else f"{len(text)} characters"


def read_grants(document: Document, specs: tuple[GrantSpec, ...]) -> tuple[Grant, ...]:
    """Grants to tools of servers that stand outside the servers' own entries."""
    found: list[Grant] = []
    for spec in specs:
        pattern = _pattern(spec.form)
        for hit in find(document.value, spec.key):
            for _, text in _listed(hit):
                match = pattern.fullmatch(text)
                if match:
                    tool = match.groupdict().get("tool") or "*"
                    why = f"{'.'.join(spec.key)}: {text}"
                    found.append(Grant(match["server"], tool, spec.effect, why))
    return tuple(found)


def _pattern(form: str) -> re.Pattern[str]:
    """``mcp__{server}__{tool}`` also matches ``mcp__server`` alone: all of its tools."""
    before, _, rest = form.partition("{server}")
    between, has_tool, after = rest.partition("{tool}")
    text = re.escape(before) + r"(?P<server>[^\s]+?)"
    if has_tool:
        text += f"(?:{re.escape(between)}(?P<tool>[^\\s]+?){re.escape(after)})?"
    return re.compile(text)
