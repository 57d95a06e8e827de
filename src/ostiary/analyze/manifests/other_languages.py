"""Manifests of languages whose source is not read: name, version, dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import without_user
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_object, as_text

_MOST = 2000
_GO = re.compile(
    r"\s*(?:require\s+)?(?P<name>[a-z0-9][\w.-]*\.[\w.-]+/\S+)\s+(?P<version>v\S+)(.*)"
)
_GO_REPLACE = re.compile(r"\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)(?:\s+(v\S+))?")
_NUGET = re.compile(r'<PackageReference\s+Include="([^"]+)"(?:\s+Version="([^"]*)")?')
_TAG = r"<{0}>\s*([^<]{{1,500}}?)\s*</{0}>"


def read_cargo(text: ManifestText) -> Manifest:
    """Rust. A ``build.rs`` runs when somebody builds it, which installing from source does."""
    raw = text.toml()
    package = as_object(raw.get("package"))
    build = as_text(package.get("build"))
    scripts = (Script("build.rs", build, text.path, text.line_of("build"), True),) if build else ()
    return Manifest(
        ecosystem="cargo",
        file=text.path,
        name=as_text(package.get("name")),
        version=as_text(package.get("version")),
        description=as_text(package.get("description")),
        licence=as_text(package.get("license")),
        repository=without_user(as_text(package.get("repository"))),
        homepage=as_text(package.get("homepage")),
        dependencies=tuple(_crates(text, raw))[:_MOST],
        scripts=scripts,
        states=(("language", "Rust"),),
    )


def _crates(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    sections = {
        "dependencies": "runtime",
        "dev-dependencies": "development",
        "build-dependencies": "build",
    }
    for section, group in sections.items():
        start = text.find(f"[{section}]")
        for name, value in as_object(raw.get(section)).items():
            table = as_object(value)
            git = as_text(table.get("git"))
            wanted = f"git+{without_user(git)}" if git else as_text(value)
            wanted = wanted or as_text(table.get("version"))
            exact = wanted[1:].strip() if wanted.startswith("=") else ""
            line = text.line_of(name, start)
            yield Dependency("cargo", name, wanted, group, text.path, line, locked=exact)


def read_go_mod(text: ManifestText) -> Manifest:
    """Go. ``go.mod`` fixes minimal versions, which is what is built."""
    module, found, states = "", list[Dependency](), [("language", "Go")]
    for number, row in enumerate(text.lines, 1):
        line = row.partition("//")[0][:2000]
        if line.startswith("module "):
            module = line[7:].strip().strip('"')
        elif "=>" in line and (other := _GO_REPLACE.match(line)):
            states.append(("override", f"{other[1]} => {other[2]}"))
        elif (one := _GO.match(line)) and len(found) < _MOST:
            group = "optional" if "indirect" in row else "runtime"
            name, version = one["name"], one["version"]
            found.append(Dependency("go", name, version, group, text.path, number, locked=version))
    return Manifest(
        "go", text.path, module, "", dependencies=tuple(found), states=tuple(states[:200])
    )


def read_csproj(text: ManifestText) -> Manifest:
    """C#. Targets with ``Exec`` run when it is built."""
    found, scripts = [], []
    for number, row in enumerate(text.lines, 1):
        for one in _NUGET.finditer(row[:4000]):
            found.append(Dependency("nuget", one[1], one[2] or "", "runtime", text.path, number))
        if "<Exec " in row:
            scripts.append(Script("build", row.strip()[:2000], text.path, number, False))
    return Manifest(
        ecosystem="nuget",
        file=text.path,
        name=_tag(text, "PackageId") or _tag(text, "AssemblyName"),
        version=_tag(text, "Version"),
        description=_tag(text, "Description"),
        licence=_tag(text, "PackageLicenseExpression"),
        repository=without_user(_tag(text, "RepositoryUrl")),
        dependencies=tuple(found[:_MOST]),
        scripts=tuple(scripts[:100]),
        states=(("language", "C#"),),
    )


def read_pom(text: ManifestText) -> Manifest:
    """Java. Read tag by tag: no entity of strangers is expanded."""
    found: list[Dependency] = []
    name, version, line = "", "", 0
    for number, row in enumerate(text.lines, 1):
        bare = row.strip()[:2000]
        if bare.startswith("<dependency>"):
            name, version, line = "", "", number
        elif line and bare.startswith("</dependency>"):
            found.append(Dependency("maven", name, version, "runtime", text.path, line))
            line = 0
        elif line:
            group, one = _row_tag(bare, "groupId"), _row_tag(bare, "artifactId")
            name = f"{group}:" if group else name + one
            version = _row_tag(bare, "version") or version
    outer = text.text.partition("<dependencies>")[0]
    before, _, behind = outer[:100_000].partition("<parent>")
    own = before + behind.partition("</parent>")[2]
    return Manifest(
        ecosystem="maven",
        file=text.path,
        name=_row_tag(own, "artifactId"),
        version=_row_tag(own, "version"),
        description=_row_tag(own, "description"),
        licence=_row_tag(_between(text.text, "license"), "name"),
        dependencies=tuple(found[:_MOST]),
        states=(("language", "Java"),),
    )


def _tag(text: ManifestText, name: str) -> str:
    return _row_tag(text.text[:200_000], name)


def _row_tag(text: str, name: str) -> str:
    found = re.search(_TAG.format(name), text)
    return found[1].strip() if found else ""


def _between(text: str, name: str) -> str:
    return text.partition(f"<{name}>")[2].partition(f"</{name}>")[0][:4000]
