"""``smithery.yaml``: how a hosting service starts the server."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_object, as_text, strings


def read_smithery(text: ManifestText) -> Manifest:
    raw = text.yaml()
    start = as_object(raw.get("startCommand"))
    command = as_text(start.get("commandFunction")).strip()
    scripts: tuple[Script, ...] = ()
    if command:
        line = text.line_of("commandFunction")
        scripts = (Script("server start", command[:4000], text.path, line, False),)
    return Manifest(
        "mcp", text.path, "", "", scripts=scripts, states=tuple(_states(raw, start))[:200]
    )


def _states(raw: JsonObject, start: JsonObject) -> Iterator[tuple[str, str]]:
    if as_text(start.get("type")):
        yield "transport", as_text(start.get("type"))
    if as_text(raw.get("runtime")):
        yield "language", as_text(raw.get("runtime"))
    schema = as_object(start.get("configSchema"))
    needed = strings(schema.get("required"))
    for name in as_object(schema.get("properties")):
        yield "setting", f"{name} (required)" if name in needed else name
    build = as_object(raw.get("build"))
    if as_text(build.get("dockerfile")):
        yield "dockerfile", as_text(build.get("dockerfile"))
