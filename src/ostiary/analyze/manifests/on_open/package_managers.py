"""Settings of package managers that run code or send a reader elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import host_of
from ostiary.analyze.manifests.on_open.opening import PACKAGE_MANAGER, opening
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import as_list, as_object, as_text, strings

_PAIR = re.compile(r"\s*([^=#;\s][^=]*?)\s*=\s*(.*?)\s*\Z")
_RUNS = {"script-shell", "node-options", "git", "shell", "onload-script", "init-module"}
"""Settings of npm whose value is a program, or is loaded by one."""

_YARN_1 = re.compile(r"""\s*"?yarn-path"?[:\s]+"?([^"\s]+)"?""")


def read_npmrc(text: ManifestText) -> Manifest:
    """Values of credentials are never kept."""
    scripts: list[Script] = []
    states: list[tuple[str, str]] = []
    for number, row in enumerate(text.lines, 1):
        pair = _PAIR.match(row[:2000])
        if pair is None:
            continue
        key, value = pair[1].strip().lower(), pair[2]
        if key in _RUNS:
            scripts.append(Script(PACKAGE_MANAGER, f"{key}={value}", text.path, number, True))
        elif key == "registry" or key.endswith(":registry"):
            states.append(("index", f"{key} {host_of(value)}"))
        elif (key, value.lower()) in {("strict-ssl", "false"), ("ignore-scripts", "false")}:
            states.append(("takes away a question", f"{key} = {value.lower()}"))
        elif "_auth" in key or "_password" in key:
            states.append(("credential", key if "${" in value else f"{key} (a literal value)"))
    return opening(text, scripts, states)


def read_yarnrc_yml(text: ManifestText) -> Manifest:
    raw = text.yaml()
    return opening(text, _berry(text, raw.get("yarnPath"), raw.get("plugins")))


def _berry(text: ManifestText, path: object, plugins: object) -> Iterator[Script]:
    if isinstance(path, str) and path:
        line = text.line_of("yarnPath")
        yield Script(PACKAGE_MANAGER, f"yarnPath {path}", text.path, line, True)
    for one in plugins if isinstance(plugins, list) else ():
        said = as_text(one) or as_text(as_object(one).get("path"))
        if said:
            yield Script(PACKAGE_MANAGER, f"plugin {said}", text.path, text.line_of(said), True)


def read_yarnrc(text: ManifestText) -> Manifest:
    scripts = [
        Script(PACKAGE_MANAGER, f"yarn-path {one[1]}", text.path, number, True)
        for number, row in enumerate(text.lines, 1)
        if (one := _YARN_1.match(row[:2000]))
    ]
    return opening(text, scripts)


def read_pnpmfile(text: ManifestText) -> Manifest:
    name = text.path.rpartition("/")[2]
    return opening(text, [Script(PACKAGE_MANAGER, f"node {name}", text.path, 1, True)])


def read_bunfig(text: ManifestText) -> Manifest:
    raw = text.toml()
    loaded = [*strings(raw.get("preload")), *strings(as_object(raw.get("test")).get("preload"))]
    return opening(
        text,
        [
            Script(PACKAGE_MANAGER, f"preload {one}", text.path, text.line_of(one), True)
            for one in loaded
        ],
    )


def read_pip_conf(text: ManifestText) -> Manifest:
    """An index that is set by a file of the project."""
    found = []
    for row in text.lines:
        pair = _PAIR.match(row[:2000])
        if pair and pair[1].strip().lower() in {"index-url", "extra-index-url", "find-links"}:
            found.append(("index", f"{pair[1].strip().lower()} {host_of(pair[2])}"))
    return opening(text, (), found)


def read_pnpm_workspace(text: ManifestText) -> Manifest:
    raw = text.yaml()
    built = [as_text(one) for one in as_list(raw.get("onlyBuiltDependencies"))]
    states = [("workspace", one) for one in strings(raw.get("packages"))]
    states += [("may run install scripts", one) for one in built if one]
    return opening(text, (), states)
