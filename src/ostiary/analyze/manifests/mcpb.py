"""``manifest.json`` of an MCP bundle (``.mcpb``, earlier ``.dxt``)."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import without_user
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.model.json import JsonObject, as_list, as_object, as_text, strings

_MOST = 500


def read_mcpb(text: ManifestText) -> Manifest:
    """Raises :class:`Unreadable` for a ``manifest.json`` of another kind."""
    raw = text.json()
    server = as_object(raw.get("server"))
    if not server or not any(key in raw for key in ("manifest_version", "dxt_version")):
        raise Unreadable("it is no manifest of an MCP bundle")
    config = as_object(server.get("mcp_config"))
    command = _command(config)
    entry = as_text(server.get("entry_point"))
    line = text.line_of('"mcp_config"')
    return Manifest(
        ecosystem="mcpb",
        file=text.path,
        name=as_text(raw.get("name")),
        version=as_text(raw.get("version")),
        description=as_text(raw.get("description")),
        licence=as_text(raw.get("license")),
        repository=without_user(as_text(as_object(raw.get("repository")).get("url"))),
        homepage=as_text(raw.get("homepage")),
        authors=tuple(one for one in (as_text(as_object(raw.get("author")).get("name")),) if one),
        keywords=strings(raw.get("keywords"))[:100],
        scripts=(Script("server start", command, text.path, line, False),) if command else (),
        mains=(entry,) if entry else (),
        states=tuple(_states(raw, server, config))[:_MOST],
    )


def is_mcpb(text: str) -> bool:
    """Whether a ``manifest.json`` is one of a bundle, told without parsing it."""
    return '"server"' in text and ('"manifest_version"' in text or '"dxt_version"' in text)


def _command(config: JsonObject) -> str:
    return " ".join((as_text(config.get("command")), *strings(config.get("args")))).strip()


def _states(raw: JsonObject, server: JsonObject, config: JsonObject) -> Iterator[tuple[str, str]]:
    yield "language", as_text(server.get("type"))
    for key, name in (("tools", "tool"), ("prompts", "prompt")):
        for one in as_list(raw.get(key)):
            yield name, as_text(as_object(one).get("name"))
    for key in ("tools_generated", "prompts_generated"):
        if raw.get(key) is True:
            yield "generated", key.partition("_")[0]
    for name, value in as_object(raw.get("user_config")).items():
        one = as_object(value)
        kind = "secret" if one.get("sensitive") is True else as_text(one.get("type"))
        yield "setting", f"{name} ({kind})"
    for name in as_object(config.get("env")):
        yield "environment", name
    for one in strings(as_object(raw.get("compatibility")).get("platforms")):
        yield "operating system", one
    for system, value in as_object(config.get("platform_overrides")).items():
        command = _command(as_object(value))
        if command:
            yield "start", f"{system}: {command}"
