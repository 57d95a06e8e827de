"""npm's ``package.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import shown, without_user
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings

GROUPS = {
    "dependencies": "runtime",
    "optionalDependencies": "optional",
    "peerDependencies": "peer",
    "devDependencies": "development",
}
ON_INSTALL = ("preinstall", "install", "postinstall")
"""Run when somebody installs the published package."""

ON_CHECKOUT = ("preprepare", "prepare", "postprepare", "prepublish")
"""Run when somebody installs it from git or works on it; not from the index."""

_MOST = 5000
_EXACT = re.compile(r"[=v]*\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")
_MAIN_KEYS = ("main", "module", "browser")
_LOADED = ("import", "require", "node", "default", "browser", "deno", "bun", "module")


def read_package_json(text: ManifestText) -> Manifest:
    raw = text.json()
    bin_ = raw.get("bin")
    name = as_text(raw.get("name"))
    return Manifest(
        ecosystem="npm",
        file=text.path,
        name=name,
        version=as_text(raw.get("version")),
        description=as_text(raw.get("description")),
        licence=_licence(raw),
        repository=without_user(_address(raw.get("repository"))),
        homepage=as_text(raw.get("homepage")),
        authors=tuple(_people(raw)),
        keywords=strings(raw.get("keywords"))[:100],
        dependencies=tuple(_dependencies(text, raw)),
        scripts=tuple(_scripts(text, raw)),
        programs=_programs(name, bin_),
        mains=_mains(raw),
        private=raw.get("private") is True,
        publishes_to=as_text(as_object(raw.get("publishConfig")).get("registry")),
        deprecated=as_text(raw.get("deprecated")),
        states=tuple(_states(text, raw)),
    )


def _licence(raw: JsonObject) -> str:
    one = raw.get("license")
    if isinstance(one, dict):
        return as_text(one.get("type"))
    if isinstance(one, str):
        return one
    named = [
        as_text(as_object(each).get("type")) or as_text(each)
        for each in as_list(raw.get("licenses"))
    ]
    return " OR ".join(each for each in named if each)


def _address(value: JsonValue) -> str:
    return as_text(value) or as_text(as_object(value).get("url"))


def _people(raw: JsonObject) -> Iterator[str]:
    listed = (
        raw.get("author"),
        *as_list(raw.get("contributors")),
        *as_list(raw.get("maintainers")),
    )
    for one in listed[:50]:
        name = as_text(one) or as_text(as_object(one).get("name"))
        if name:
            yield name


def _dependencies(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    listed = 0
    for section, group in GROUPS.items():
        wanted = as_object(raw.get(section))
        start = text.key(section) if wanted else 0
        for name, value in wanted.items():
            listed += 1
            if listed > _MOST:
                return
            line = text.line_at(text.key(name, start))
            asked = shown(as_text(value))
            exact = asked.lstrip("=v") if _EXACT.fullmatch(asked) else ""
            yield Dependency("npm", name, asked, group, text.path, line, locked=exact)


def _scripts(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    found = as_object(raw.get("scripts"))
    start = text.key("scripts") if found else 0
    for event, command in list(found.items())[:500]:
        if isinstance(command, str) and command.strip():
            automatic = event in ON_INSTALL or event in ON_CHECKOUT
            line = text.line_at(text.key(event, start))
            yield Script(event, command, text.path, line, automatic)


def _programs(name: str, value: JsonValue) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        return ((name.rpartition("/")[2], value),)
    return tuple((key, as_text(one)) for key, one in list(as_object(value).items())[:200])


def _mains(raw: JsonObject) -> tuple[str, ...]:
    found = [as_text(raw.get(key)) for key in _MAIN_KEYS]
    _exported(raw.get("exports"), found, 0)
    return tuple(dict.fromkeys(one for one in found if one))


def _exported(value: JsonValue, found: list[str], depth: int) -> None:
    """Files behind ``exports``, whatever conditions lead there; types are not loaded."""
    if len(found) > 200 or depth > 8:
        return
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, list):
        for one in value:
            _exported(one, found, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key.startswith(".") or key in _LOADED:
                _exported(one, found, depth + 1)


def _states(text: ManifestText, raw: JsonObject) -> Iterator[tuple[str, str]]:
    for key, name in (("os", "operating system"), ("cpu", "processor"), ("files", "packed")):
        for one in strings(raw.get(key))[:100]:
            yield name, one
    spaces = raw.get("workspaces")
    for one in strings(spaces) or strings(as_object(spaces).get("packages")):
        yield "workspace", one
    for one in strings(raw.get("bundledDependencies")) or strings(raw.get("bundleDependencies")):
        yield "bundled", one
    yield from _resolution(raw)
    for key in text.twice:
        yield "twice", key


def _resolution(raw: JsonObject) -> Iterator[tuple[str, str]]:
    for name, version in as_object(raw.get("engines")).items():
        yield "needs", f"{name} {as_text(version)}".strip()
    for key in ("overrides", "resolutions"):
        for name, value in list(as_object(raw.get(key)).items())[:200]:
            yield "override", f"{name} {as_text(value)}".strip()
    for key in ("mcpName", "type"):
        if as_text(raw.get(key)):
            yield key, as_text(raw.get(key))
