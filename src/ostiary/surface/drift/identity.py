"""What a server says of itself as a whole: version, name, revision, capabilities, instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.model.surface import Surface
from ostiary.surface.drift.texts import Reworded, reworded
from ostiary.surface.drift.values import leaves, shown
from ostiary.surface.drift.words import members
from ostiary.surface.excerpt import excerpt

_NUMBER = re.compile(r"\d+")
_VOLATILE = members("ttlMs cacheScope resultType timestamp date")
_TOLD_ELSEWHERE = members("instructions capabilities protocolVersion _meta")


def identity(before: Surface, after: Surface, tools: frozenset[str]) -> Iterator[Change]:
    """Changes that belong to no item. ``tools`` are all tool names of the server now."""
    server = after.server
    yield from _version(before, after)
    if before.claimed_name != after.claimed_name and before.claimed_name:
        yield Change(
            server,
            "name",
            "calls itself by another name",
            Severity.MEDIUM,
            excerpt(before.claimed_name),
            excerpt(after.claimed_name),
            "identity",
        )
    if before.revision and after.revision and before.revision != after.revision:
        older = after.revision < before.revision
        yield Change(
            server,
            "protocol revision",
            "speaks an older revision" if older else "speaks a newer revision",
            Severity.LOW if older else Severity.INFO,
            excerpt(before.revision),
            excerpt(after.revision),
            "identity",
        )
    yield from _capabilities(server, before.capabilities, after.capabilities)
    text = Reworded(server, "instructions", "text", before.instructions, after.instructions)
    yield from reworded(text, tools)
    yield from _meta(server, before.meta, after.meta)


def _version(before: Surface, after: Surface) -> Iterator[Change]:
    old, new = before.claimed_version, after.claimed_version
    if old == new:
        return
    severity, says = Severity.INFO, "has another version"
    if old and new and _parts(new) < _parts(old):
        severity, says = Severity.LOW, "went back to an earlier version"
    elif old and not new:
        severity, says = Severity.LOW, "no longer says its version"
    yield Change(after.server, "version", says, severity, excerpt(old), excerpt(new), "identity")


def artifact(before: Surface, after: Surface, rest: bool) -> Iterator[Change]:
    """Other code behind the words. ``rest``: whether anything that is declared changed too."""
    old, new = before.artifact, after.artifact
    if not old or not new or old == new:
        return
    if rest:
        says, severity = "other code answers", Severity.INFO
    else:
        says = "other code answers, while everything it declares stayed the same"
        severity = Severity.LOW
    yield Change(after.server, "code", says, severity, excerpt(old), excerpt(new), "identity")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(digits[:12]) for digits in _NUMBER.findall(version[:60])[:4])


def silent(before: Surface, after: Surface, worst: Severity | None) -> Iterator[Change]:
    """A surface that changed under an unchanged version number."""
    version = after.claimed_version
    if version and version == before.claimed_version and worst is not None and worst > 0:
        says = f"still calls itself version {excerpt(version, 40)} although what it offers changed"
        yield Change(after.server, "version", says, Severity.LOW, kind="identity")


def _capabilities(server: str, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new = dict(leaves(before)), dict(leaves(after))
    for path in sorted({*old, *new}):
        if not path or old.get(path) == new.get(path):
            continue
        if path in old and path in new:
            says, severity = f"declares {excerpt(path, 80)} differently", Severity.INFO
        elif path in new:
            says, severity = f"now declares {excerpt(path, 80)}", Severity.LOW
        else:
            says, severity = f"no longer declares {excerpt(path, 80)}", Severity.INFO
        yield Change(
            server,
            "capabilities",
            says,
            severity,
            _or_none(old.get(path)),
            _or_none(new.get(path)),
            "identity",
        )


def _meta(server: str, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new = _steady(before), _steady(after)
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            yield Change(
                server,
                "self-description",
                f"differs in {excerpt(path, 80)}",
                Severity.INFO,
                _or_none(old.get(path)),
                _or_none(new.get(path)),
                "identity",
            )


def _steady(meta: JsonObject) -> dict[str, JsonValue]:
    """What a server says of itself beyond name and version, without what passes."""
    kept = {key: value for key, value in meta.items() if key not in _TOLD_ELSEWHERE | _VOLATILE}
    info = {
        key: value
        for key, value in as_object(meta.get("serverInfo")).items()
        if key not in ("name", "version")
    }
    return {path: value for path, value in leaves({**kept, "serverInfo": info}) if path}


def _or_none(value: JsonValue) -> str:
    return "" if value is None else excerpt(shown(value))
