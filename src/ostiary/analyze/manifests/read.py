"""Every manifest of a project, each read by the file of its format. Nothing is run or resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ostiary.analyze.manifests.core_metadata import read_core_metadata, read_entry_points
from ostiary.analyze.manifests.deno_json import read_deno
from ostiary.analyze.manifests.dockerfile import read_dockerfile
from ostiary.analyze.manifests.mcpb import is_mcpb, read_mcpb
from ostiary.analyze.manifests.npm_locks import read_package_lock
from ostiary.analyze.manifests.on_open import (
    agents,
    git_hooks,
    package_managers,
    vscode,
)
from ostiary.analyze.manifests.on_open.devcontainer import read_devcontainer
from ostiary.analyze.manifests.on_open.direnv import read_envrc
from ostiary.analyze.manifests.on_open.jetbrains import read_idea
from ostiary.analyze.manifests.other_languages import (
    read_cargo,
    read_csproj,
    read_go_mod,
    read_pom,
)
from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.manifests.package_json import read_package_json
from ostiary.analyze.manifests.pipfile import read_pipfile, read_pipfile_lock
from ostiary.analyze.manifests.pnpm_lock import read_pnpm_lock
from ostiary.analyze.manifests.pyproject import read_pyproject
from ostiary.analyze.manifests.python_locks import read_python_lock
from ostiary.analyze.manifests.python_startup import NAMES, read_customize, read_pth
from ostiary.analyze.manifests.requirements_txt import read_requirements
from ostiary.analyze.manifests.server_json import read_server_json
from ostiary.analyze.manifests.setup_cfg import read_setup_cfg
from ostiary.analyze.manifests.setup_py import read_setup_py
from ostiary.analyze.manifests.smithery import read_smithery
from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.analyze.manifests.yarn_lock import read_yarn_lock
from ostiary.analyze.project import Project, SourceFile
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import EXCERPT, NAME, visible

MOST = 400
"""Manifests that are read of one project."""

VENDORED = frozenset({"node_modules", "site-packages", ".venv", "venv", "bower_components"})
"""Folders of installed dependencies: their manifests are not the project's own."""

Read = Callable[[ManifestText], Manifest]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: which files have it, how it is read."""

    name: re.Pattern[str]
    """Matches the whole base name."""
    ecosystem: str
    read: Read
    below: re.Pattern[str] | None = None
    """Matches the end of the folder's path."""
    when: Callable[[str], bool] | None = None
    """A look at the text for names that others use, too."""

    def fits(self, folder: str, name: str, file: SourceFile) -> bool:
        return (
            self.name.fullmatch(name) is not None
            and (self.below is None or self.below.search(folder) is not None)
            and (self.when is None or self.when(file.text))
        )


def _format(
    name: str,
    ecosystem: str,
    read: Read,
    below: str = "",
    when: Callable[[str], bool] | None = None,
) -> Format:
    folder = re.compile(rf"(?:^|/){below}\Z") if below else None
    return Format(re.compile(name), ecosystem, read, folder, when)


def _is_record(text: str) -> bool:
    return '"packages"' in text or '"remotes"' in text


_INFO = r"[^/]+\.(?:dist|egg)-info"
_AGENT = agents.read_agent_settings

FORMATS: tuple[Format, ...] = (
    _format(r"package\.json", "npm", read_package_json),
    _format(r"(?:package-lock|npm-shrinkwrap)\.json", "npm", read_package_lock),
    _format(r"yarn\.lock", "npm", read_yarn_lock),
    _format(r"pnpm-lock\.yaml", "npm", read_pnpm_lock),
    _format(r"pyproject\.toml", "pypi", read_pyproject),
    _format(r"setup\.cfg", "pypi", read_setup_cfg),
    _format(r"setup\.py", "pypi", read_setup_py),
    _format(r".*requirements.*\.(?:txt|in)", "pypi", read_requirements),
    _format(r".+\.(?:txt|in)", "pypi", read_requirements, below="requirements"),
    _format(r"constraints.*\.txt", "pypi", read_requirements),
    _format(r"(?:uv|poetry|pdm)\.lock", "pypi", read_python_lock),
    _format(r"Pipfile", "pypi", read_pipfile),
    _format(r"Pipfile\.lock", "pypi", read_pipfile_lock),
    _format(r"PKG-INFO", "pypi", read_core_metadata),
    _format(r"METADATA", "pypi", read_core_metadata, below=_INFO),
    _format(r"entry_points\.txt", "pypi", read_entry_points, below=_INFO),
    _format(r".+\.pth", "pypi", read_pth),
    _format("|".join(re.escape(name) for name in NAMES), "pypi", read_customize),
    _format(r"manifest\.json", "mcpb", read_mcpb, when=is_mcpb),
    _format(r"server\.json", "mcp", read_server_json, when=_is_record),
    _format(r"smithery\.ya?ml", "mcp", read_smithery),
    _format(r"deno\.jsonc?", "deno", read_deno),
    _format(r"Cargo\.toml", "cargo", read_cargo),
    _format(r"go\.mod", "go", read_go_mod),
    _format(r".+\.csproj", "nuget", read_csproj),
    _format(r"pom\.xml", "maven", read_pom),
    _format(r"(?:.+\.)?Dockerfile(?:\..+)?", "oci", read_dockerfile),
    _format(r"tasks\.json", "editor", vscode.read_tasks, below=r"\.vscode"),
    _format(r"settings\.json", "editor", vscode.read_settings, below=r"\.vscode"),
    _format(r"devcontainer\.json", "editor", read_devcontainer, below=r"\.devcontainer(?:/[^/]+)?"),
    _format(r"\.devcontainer\.json", "editor", read_devcontainer),
    _format(r"(?:workspace|startup|watcherTasks)\.xml", "editor", read_idea, below=r"\.idea"),
    _format(r"\.envrc", "editor", read_envrc),
    _format(r"\.npmrc", "editor", package_managers.read_npmrc),
    _format(r"\.yarnrc", "editor", package_managers.read_yarnrc),
    _format(r"\.yarnrc\.yml", "editor", package_managers.read_yarnrc_yml),
    _format(r"\.pnpmfile\.c?js", "editor", package_managers.read_pnpmfile),
    _format(r"pnpm-workspace\.yaml", "editor", package_managers.read_pnpm_workspace),
    _format(r"bunfig\.toml", "editor", package_managers.read_bunfig),
    _format(r"pip\.conf", "editor", package_managers.read_pip_conf),
    _format(r"[a-z-]+", "editor", git_hooks.read_husky, below=r"\.husky"),
    _format(r"\.pre-commit-config\.ya?ml", "editor", git_hooks.read_pre_commit),
    _format(r"\.?lefthook\.ya?ml", "editor", git_hooks.read_lefthook),
    _format(r"settings(?:\.local)?\.json", "editor", _AGENT, below=r"\.(?:claude|gemini|qwen|zed)"),
    _format(r"\.mcp\.json", "editor", _AGENT),
    _format(r"mcp\.json", "editor", _AGENT, below=r"\.[a-z]+(?:/[a-z]+)?"),
    _format(r"hooks\.json", "editor", _AGENT, below=r"\.cursor"),
    _format(r"config\.toml", "editor", agents.read_agent_toml, below=r"\.codex"),
)

_ANYWHERE = re.compile("|".join(one.name.pattern for one in FORMATS if one.below is None))
_SOMEWHERE = re.compile("|".join(one.below.pattern for one in FORMATS if one.below))


def read_manifests(project: Project) -> tuple[Manifest, ...]:
    """Every manifest of the project, in order of path. Never raises: what cannot be read says so in
    ``unreadable``."""
    found: list[Manifest] = []
    for file in _own(project):
        one = _format_of(file)
        if one is None:
            continue
        if len(found) >= MOST:
            break
        found.append(_read(one, file))
    return tuple(found)


def left_out(project: Project) -> tuple[NotChecked, ...]:
    """What :func:`read_manifests` does not look at, and why."""
    found: list[NotChecked] = []
    vendored = sum(1 for path in project.files if _is_vendored(path))
    if vendored:
        found.append(
            NotChecked(
                f"manifests below folders of installed dependencies ({vendored:,} files)",
                "dependencies are judged by name and version, not by copies of them in the target",
                "audit the copied dependency as a target of its own",
            )
        )
    count = sum(1 for file in _own(project) if _format_of(file) is not None)
    if count > MOST:
        found.append(
            NotChecked(
                f"{count - MOST:,} of {count:,} manifests",
                f"no more than {MOST} are read of one target",
                "audit the part of the repository that holds the server",
            )
        )
    return tuple(found)


def manifest_gaps(project: Project, manifests: tuple[Manifest, ...]) -> tuple[NotChecked, ...]:
    """What :func:`left_out` says, and every manifest that could not be read, wholly or in part."""
    unread = (
        NotChecked(
            f"the manifest {visible(one.file, NAME)}",
            visible(reason, EXCERPT),
            "read it by hand",
            file=one.file,
        )
        for one in manifests
        for reason in one.unreadable
    )
    return (*left_out(project), *unread)


def _own(project: Project) -> Iterator[SourceFile]:
    return (file for path, file in project.files.items() if not _is_vendored(path))


def _is_vendored(path: str) -> bool:
    return not VENDORED.isdisjoint(path.split("/")[:-1])


def _format_of(file: SourceFile) -> Format | None:
    folder, _, name = file.path.rpartition("/")
    if _ANYWHERE.fullmatch(name) is None and _SOMEWHERE.search(folder) is None:
        return None
    return next((one for one in FORMATS if one.fits(folder, name, file)), None)


def _read(one: Format, file: SourceFile) -> Manifest:
    try:
        return one.read(ManifestText(file))
    except Unreadable as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - bytes of strangers: a reader's failure is an answer
        reason = f"the reader failed: {type(error).__name__}"
    return Manifest(one.ecosystem, file.path, "", "", unreadable=(reason,))
