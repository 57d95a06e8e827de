"""From path templates to the files of one system.

A template may begin with ``linux:``, ``mac:``, ``windows:`` or ``unix:`` (it then counts there
only). It starts at ``~`` (a home), ``{project}``, a variable of :data:`VARIABLES`, an
environment variable ``$NAME`` (own home only) or ``/``. ``{a|b}`` are alternatives; ``*`` stands
for one name and ``**`` for directories down to a bounded depth.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import product

from ostiary.clients.disk import Disk, Trouble

VARIABLES = (
    "appdata", "localappdata", "config", "programdata", "programfiles", "editor", "user",
)  # fmt: skip
EDITORS = (
    "Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf", "Kiro", "Trae", "Antigravity",
)  # fmt: skip
SERVERS = (
    ".vscode-server", ".vscode-server-insiders", ".vscodium-server", ".cursor-server",
    ".windsurf-server",
)  # fmt: skip
MAX_DEPTH = 8
MAX_FOLDERS = 2_000
"""Directories that one walk looks into."""

_PREFIX = re.compile(r"(linux|mac|windows|unix):(?=.)")
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_VARIABLE = re.compile(r"\{([a-z]+)\}")
_ENVIRONMENT = re.compile(r"\$([A-Z][A-Z0-9_]*)(?=/|\Z)")
_STAR = "\0"
_SKIPPED = frozenset({"node_modules", ".git", ".venv", "__pycache__"})


def problem(template: str) -> str:
    """What is wrong with a template, or nothing."""
    rest = _PREFIX.sub("", template, count=1)
    names = {name for name in _VARIABLE.findall(_CHOICE.sub("x", rest))}
    unknown = sorted(names - {*VARIABLES, "project"})
    if unknown:
        return f"the path {template!r} uses {{{unknown[0]}}}, which is not a variable"
    if not rest.startswith(("~", "/", "{", "$")):
        return f"the path {template!r} must start at ~, /, {{project}}, a variable or $NAME"
    if rest.startswith("$") and not _ENVIRONMENT.match(rest):
        return f"the path {template!r} must start with $NAME alone or $NAME/"
    if "{project}" in rest and not rest.startswith("{project}/"):
        return f"the path {template!r} may use {{project}} only at its start"
    return ""


class Places:
    """Fills templates in for one system and one home."""

    def __init__(self, platform: str, environment: Mapping[str, str], home: str, root: str) -> None:
        self._platform = platform
        self._environment = environment
        self._home = home
        self._root = root.rstrip("/")
        self._values = self._variables()

    def _variables(self) -> dict[str, tuple[str, ...]]:
        home, get = self._home, self._environment.get
        config = get("XDG_CONFIG_HOME") or f"{home}/.config"
        appdata = f"{home}/Library/Application Support" if self._platform == "mac" else config
        local: tuple[str, ...] = ()
        data: tuple[str, ...] = ()
        files: tuple[str, ...] = ()
        if self._platform == "windows":
            appdata = get("APPDATA") or f"{home}/AppData/Roaming"
            local = (get("LOCALAPPDATA") or f"{home}/AppData/Local",)
            data = (get("ProgramData") or f"{self._root}/ProgramData",)
            found = get("ProgramW6432") or get("ProgramFiles")
            files = (found or f"{self._root}/Program Files",)
        portable = get("VSCODE_PORTABLE")
        return {
            "appdata": (appdata,),
            "localappdata": local,
            "config": (config,),
            "programdata": data,
            "programfiles": files,
            "user": (os.path.basename(home),),  # noqa: PTH119 - hot path
            "editor": (
                *(f"{appdata}/{one}/User" for one in EDITORS),
                *(f"{home}/{one}/data/User" for one in SERVERS),
                *((f"{portable}/user-data/User",) if portable else ()),
            ),
        }

    def project_tails(self, template: str) -> tuple[str, ...]:
        """What follows a project directory, if the template starts there."""
        body = self._here(template)
        if body is None or not body.startswith("{project}/"):
            return ()
        return tuple(_choices(body[len("{project}/") :]))

    def of_home(self, template: str) -> tuple[str, ...]:
        """Paths below this home (or below a variable of its user)."""
        return self._filled(template, in_home=True)

    def of_system(self, template: str) -> tuple[str, ...]:
        """Paths that belong to no home."""
        return self._filled(template, in_home=False)

    def _here(self, template: str) -> str | None:
        match = _PREFIX.match(template)
        if match is None:
            return template
        wanted = match[1]
        if wanted == self._platform or (wanted == "unix" and self._platform != "windows"):
            return template[match.end() :]
        return None

    def _filled(self, template: str, *, in_home: bool) -> tuple[str, ...]:
        body = self._here(template)
        if body is None or body.startswith("{project}/"):
            return ()
        system = body.startswith(("/", "{programdata}", "{programfiles}")) and "{user}" not in body
        if system == in_home:
            return ()
        values = dict(self._values)
        match = _ENVIRONMENT.match(body)
        if match is not None:
            values["start"] = self._from_environment(match[1])
            body = "{start}" + body[match.end() :]
        elif body.startswith("~"):
            values["start"] = (self._home,)
            body = "{start}" + body[1:]
        elif body.startswith("/"):
            values["start"] = (self._root,)
            body = "{start}" + body
        return tuple(one for choice in _choices(body) for one in _expand(choice, values))

    def _from_environment(self, name: str) -> tuple[str, ...]:
        value = self._environment.get(name, "")
        if value.startswith("~"):
            value = self._home + value[1:]
        return (value,) if os.path.isabs(value) else ()  # noqa: PTH117


def literal(path: str) -> str:
    """``path`` so that no name in it acts as a pattern. No path holds the mark that is used."""
    return path.replace("*", _STAR)


def _expand(text: str, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    names = _VARIABLE.findall(text)
    for chosen in product(*(values.get(name, ()) for name in names)):
        pieces = _VARIABLE.split(text)
        pieces[1::2] = [literal(value) for value in chosen]
        yield "".join(pieces)


def _choices(text: str) -> Iterator[str]:
    match = _CHOICE.search(text)
    if match is None:
        yield text
        return
    for one in match[1].split("|"):
        yield from _choices(text[: match.start()] + one + text[match.end() :])


def matches(disk: Disk, pattern: str, trouble: list[Trouble]) -> Iterator[str]:
    """Paths that a pattern stands for; a pattern without ``*`` stands for itself."""
    if "*" not in pattern:
        yield pattern.replace(_STAR, "*")
        return
    walk = _Walk(disk, trouble)
    parts = pattern.split("/")
    first = next(position for position, part in enumerate(parts) if "*" in part)
    yield from walk.below("/".join(parts[:first]).replace(_STAR, "*"), parts[first:])


class _Walk:
    """One bounded walk."""

    def __init__(self, disk: Disk, trouble: list[Trouble]) -> None:
        self._disk = disk
        self._trouble = trouble
        self._looked = 0

    def below(self, base: str, parts: list[str]) -> Iterator[str]:
        if not parts:
            yield base
            return
        head, rest = parts[0], parts[1:]
        if head == "**":
            for folder in self._deep(base):
                yield from self.below(folder, rest)
        elif "*" not in head:
            yield from self.below(f"{base}/{head}", rest)
        else:
            for name in self._names(base):
                if fnmatchcase(name, head) and not (name.startswith(".") and head == "*"):
                    yield from self.below(f"{base}/{name}", rest)

    def _deep(self, base: str) -> Iterator[str]:
        """``base`` and the directories below it; links are not followed."""
        level = [base]
        for _ in range(MAX_DEPTH):
            below: list[str] = []
            for folder in level:
                yield folder
                below.extend(self._folders(folder))
            if not below:
                return
            level = below

    def _folders(self, folder: str) -> Iterator[str]:
        for name in self._names(folder):
            path = f"{folder}/{name}"
            if name not in _SKIPPED and self._disk.is_folder(path) and not self._disk.is_link(path):
                yield path

    def _names(self, folder: str) -> tuple[str, ...]:
        self._looked += 1
        if self._looked > MAX_FOLDERS:
            if self._looked == MAX_FOLDERS + 1:
                self._trouble.append(
                    Trouble(
                        self._disk.shown(folder),
                        f"the walk stopped after {MAX_FOLDERS:,} directories",
                        "remove what does not belong there",
                    )
                )
            return ()
        try:
            return self._disk.names(folder)
        except Trouble as trouble:
            self._trouble.append(trouble)
            return ()
