"""``pyproject.toml``: PEP 621, PEP 735, Poetry, build back ends and their hooks."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import host_of, without_user
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.requirement import requirement
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings

_MOST = 5000
_SOURCE_KEYS = ("Repository", "Source", "Source Code", "Code", "GitHub")


def read_pyproject(text: ManifestText) -> Manifest:
    raw = text.toml()
    project, tool = as_object(raw.get("project")), as_object(raw.get("tool"))
    poetry = as_object(tool.get("poetry"))
    urls = _urls(project) or _urls(poetry)
    return Manifest(
        ecosystem="pypi",
        file=text.path,
        name=as_text(project.get("name")) or as_text(poetry.get("name")),
        version=as_text(project.get("version")) or as_text(poetry.get("version")),
        description=as_text(project.get("description")) or as_text(poetry.get("description")),
        licence=_licence(project) or as_text(poetry.get("license")),
        repository=_repository(urls) or without_user(as_text(poetry.get("repository"))),
        homepage=urls.get("homepage", "") or as_text(poetry.get("homepage")),
        authors=tuple(_people(project)) or strings(poetry.get("authors")),
        keywords=(strings(project.get("keywords")) or strings(poetry.get("keywords")))[:100],
        dependencies=tuple(_dependencies(text, raw, project, poetry))[:_MOST],
        scripts=tuple(_scripts(text, raw, tool)),
        programs=_programs(project, poetry),
        private="Private :: Do Not Upload" in strings(project.get("classifiers")),
        states=tuple(_states(raw, project, tool)),
    )


def _urls(table: JsonObject) -> dict[str, str]:
    return {name.lower(): as_text(url) for name, url in as_object(table.get("urls")).items()}


def _repository(urls: dict[str, str]) -> str:
    found = (urls.get(key.lower(), "") for key in _SOURCE_KEYS)
    return without_user(next((one for one in found if one), ""))


def _licence(project: JsonObject) -> str:
    one = project.get("license")
    if isinstance(one, dict):
        text = as_text(one.get("text"))
        return text if 0 < len(text) <= 100 else f"file {as_text(one.get('file'))}".strip()
    if as_text(one):
        return as_text(one)
    marks = [
        mark.rpartition(" :: ")[2]
        for mark in strings(project.get("classifiers"))
        if mark.startswith("License ::")
    ]
    return " OR ".join(marks)


def _people(project: JsonObject) -> Iterator[str]:
    for one in as_list(project.get("authors"))[:50]:
        name = as_text(as_object(one).get("name")) or as_text(as_object(one).get("email"))
        if name:
            yield name


def _dependencies(
    text: ManifestText, raw: JsonObject, project: JsonObject, poetry: JsonObject
) -> Iterator[Dependency]:
    yield from _listed(text, project.get("dependencies"), "runtime", "[project]")
    for name, wanted in as_object(project.get("optional-dependencies")).items():
        yield from _listed(text, wanted, "optional", f"{name}")
    for wanted in as_object(raw.get("dependency-groups")).values():
        yield from _listed(text, wanted, "development", "[dependency-groups]")
    build = as_object(raw.get("build-system"))
    yield from _listed(text, build.get("requires"), "build", "[build-system]")
    yield from _poetry(text, poetry)


def _listed(text: ManifestText, value: JsonValue, group: str, section: str) -> Iterator[Dependency]:
    start = text.find(section)
    for wanted in strings(value):
        one = requirement(wanted)
        line = text.line_of(wanted, start)
        if one is None:
            yield Dependency("pypi", "", without_user(wanted), group, text.path, line)
        else:
            yield Dependency(
                "pypi", one.name, one.wanted, group, text.path, line, locked=one.pinned
            )


def _poetry(text: ManifestText, poetry: JsonObject) -> Iterator[Dependency]:
    tables = [("[tool.poetry.dependencies]", "runtime", as_object(poetry.get("dependencies")))]
    old = as_object(poetry.get("dev-dependencies"))
    tables.append(("[tool.poetry.dev-dependencies]", "development", old))
    for name, value in as_object(poetry.get("group")).items():
        group = "runtime" if name == "main" else "development"
        section = f"[tool.poetry.group.{name}.dependencies]"
        tables.append((section, group, as_object(as_object(value).get("dependencies"))))
    for section, group, table in tables:
        start = text.find(section)
        for name, value in table.items():
            if name.lower() != "python":
                line = text.line_of(f"\n{name}", start) + 1
                yield _poetry_one(text, name, value, group, line)


def _poetry_one(
    text: ManifestText, name: str, value: JsonValue, group: str, line: int
) -> Dependency:
    table = as_object(value)
    wanted = as_text(value) or as_text(table.get("version"))
    for key in ("git", "url", "path"):
        if as_text(table.get(key)):
            kind = {"git": "git+", "url": "", "path": "file:"}[key]
            wanted = kind + without_user(as_text(table.get(key)))
    if table.get("optional") is True:
        group = "optional"
    bare = wanted.removeprefix("==").strip()
    exact = bare if bare[:1].isdigit() and "," not in bare and "*" not in bare else ""
    return Dependency("pypi", name, wanted, group, text.path, line, locked=exact)


def _programs(project: JsonObject, poetry: JsonObject) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for table in (project.get("scripts"), project.get("gui-scripts"), poetry.get("scripts")):
        for name, value in as_object(table).items():
            target = as_text(value) or as_text(as_object(value).get("reference"))
            if target:
                found.setdefault(name, target)
    return tuple(found.items())[:200]


def _scripts(text: ManifestText, raw: JsonObject, tool: JsonObject) -> Iterator[Script]:
    """What runs when a source archive is built, which installing one does."""
    build = as_object(raw.get("build-system"))
    backend = as_text(build.get("build-backend"))
    if strings(build.get("backend-path")):
        where = ", ".join(strings(build.get("backend-path")))
        line = text.line_of("backend-path")
        command = f"{backend or 'build back end'} from {where}"
        yield Script("build-backend", command, text.path, line, True)
    hatch = as_object(as_object(tool.get("hatch")).get("build"))
    yield from _hatch(text, as_object(hatch.get("hooks")))
    for target in as_object(hatch.get("targets")).values():
        yield from _hatch(text, as_object(as_object(target).get("hooks")))
    hook = as_text(as_object(as_object(tool.get("poetry")).get("build")).get("script"))
    if hook:
        yield Script("build-backend", f"python {hook}", text.path, text.line_of(hook), True)
    pdm = as_object(as_object(tool.get("pdm")).get("build")).get("run-setuptools")
    if pdm is True:
        yield Script("build-backend", "setup.py", text.path, text.line_of("run-setuptools"), True)


def _hatch(text: ManifestText, hooks: JsonObject) -> Iterator[Script]:
    for name, value in hooks.items():
        path = as_text(as_object(value).get("path")) or "hatch_build.py"
        command = f"python {path}" if name == "custom" else f"hook {name}"
        yield Script("build-backend", command, text.path, text.line_of("hooks."), True)


def _states(raw: JsonObject, project: JsonObject, tool: JsonObject) -> Iterator[tuple[str, str]]:
    backend = as_text(as_object(raw.get("build-system")).get("build-backend"))
    if backend:
        yield "build back end", backend
    if as_text(project.get("requires-python")):
        yield "needs", f"python {as_text(project.get('requires-python'))}"
    for one in strings(project.get("dynamic")):
        yield "dynamic", one
    uv = as_object(tool.get("uv"))
    for index in as_list(uv.get("index")):
        yield "index", host_of(as_text(as_object(index).get("url")))
    for name, value in as_object(uv.get("sources")).items():
        table = as_object(value)
        for key in ("git", "url", "path"):
            if as_text(table.get(key)):
                yield "source", f"{name} from {without_user(as_text(table.get(key)))}"
    for value in as_object(project.get("entry-points")).values():
        for name, target in as_object(value).items():
            yield "entry point", f"{name} = {as_text(target)}"
