"""``server.json``: a record of the MCP registry."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import host_of, without_user
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.model.json import JsonObject, as_list, as_object, as_text

_MOST = 200


def read_server_json(text: ManifestText) -> Manifest:
    """Raises :class:`Unreadable` for a ``server.json`` of another kind."""
    raw = text.json()
    if not as_text(raw.get("name")) or not ("packages" in raw or "remotes" in raw):
        raise Unreadable("it is no record of the MCP registry")
    return Manifest(
        ecosystem="mcp",
        file=text.path,
        name=as_text(raw.get("name")),
        version=as_text(raw.get("version")),
        description=as_text(raw.get("description")),
        repository=without_user(as_text(as_object(raw.get("repository")).get("url"))),
        homepage=as_text(raw.get("websiteUrl")),
        dependencies=tuple(_packages(text, raw)),
        states=tuple(_states(raw))[:_MOST],
    )


def _packages(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    for value in as_list(raw.get("packages"))[:_MOST]:
        one = as_object(value)
        kind = as_text(one.get("registryType")) or as_text(one.get("registry_name"))
        name = as_text(one.get("identifier")) or as_text(one.get("name"))
        version = as_text(one.get("version"))
        yield Dependency(
            ecosystem=kind,
            name=name,
            wanted=version,
            group="runtime",
            file=text.path,
            line=text.line_of(f'"{name}"'),
            locked=version if version != "latest" else "",
            integrity=as_text(one.get("fileSha256")),
        )


def _states(raw: JsonObject) -> Iterator[tuple[str, str]]:
    for value in as_list(raw.get("packages")):
        one = as_object(value)
        yield "transport", as_text(as_object(one.get("transport")).get("type"))
        for each in as_list(one.get("environmentVariables")):
            variable = as_object(each)
            secret = " (secret)" if variable.get("isSecret") is True else ""
            yield "environment", as_text(variable.get("name")) + secret
    for value in as_list(raw.get("remotes")):
        one = as_object(value)
        yield "remote", f"{as_text(one.get('type'))} {host_of(as_text(one.get('url')))}".strip()
