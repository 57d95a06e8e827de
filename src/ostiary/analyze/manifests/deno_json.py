"""``deno.json`` and ``deno.jsonc``."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import shown
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_object, as_text

_MOST = 2000


def read_deno(text: ManifestText) -> Manifest:
    raw = text.json()
    exports = raw.get("exports")
    mains = (exports,) if isinstance(exports, str) else _exported(as_object(exports))
    return Manifest(
        ecosystem="deno",
        file=text.path,
        name=as_text(raw.get("name")),
        version=as_text(raw.get("version")),
        licence=as_text(raw.get("license")),
        dependencies=tuple(_imports(text, raw)),
        scripts=tuple(_tasks(text, raw)),
        mains=mains,
    )


def _exported(table: JsonObject) -> tuple[str, ...]:
    return tuple(one for one in map(as_text, table.values()) if one)[:200]


def _imports(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    start = text.key("imports")
    for key, value in list(as_object(raw.get("imports")).items())[:_MOST]:
        target = as_text(value)
        line = text.line_at(text.key(key, start))
        kind, _, rest = target.partition(":")
        if kind in {"npm", "jsr"}:
            at = rest.lstrip("/").find("@", 1)
            bare = rest.lstrip("/")
            name, wanted = (bare[:at], bare[at + 1 :]) if at > 0 else (bare, "")
            ecosystem = "npm" if kind == "npm" else "deno"
            yield Dependency(ecosystem, name, wanted, "runtime", text.path, line)
        elif kind in {"http", "https"}:
            yield Dependency("deno", key, shown(target), "runtime", text.path, line)


def _tasks(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    start = text.key("tasks")
    for name, value in list(as_object(raw.get("tasks")).items())[:200]:
        command = as_text(value) or as_text(as_object(value).get("command"))
        if command:
            yield Script(name, command, text.path, text.line_at(text.key(name, start)), False)
