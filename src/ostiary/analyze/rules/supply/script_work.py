"""What an automatic script does, calls followed into the package's own files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.rules.supply.command_words import (
    MOST_CHARACTERS,
    Doing,
    below,
    doings,
    files_run,
    unfolded,
)
from ostiary.analyze.rules.supply.file_words import Spoken, spoken

_RUNS = frozenset(
    {
        EffectKind.SHELL,
        EffectKind.PROCESS,
        EffectKind.EVALUATE,
        EffectKind.LOAD_CODE,
        EffectKind.DESERIALIZE,
    }
)
_SENDS = frozenset({EffectKind.REQUEST, EffectKind.CONNECT, EffectKind.MAIL})
_LOCAL = re.compile(r"""(?:require\(\s*|from\s+|import\s*\(?\s*)["'](\.{1,2}/[^"'\n]{1,200})["']""")
_ENDINGS = ("", ".js", ".mjs", ".cjs", ".ts", "/index.js", "/index.ts")
_AGENT_PATH = re.compile(
    r"claude_desktop_config|\.claude\b|\.cursor\b|\.codeium|\.gemini|mcp\.json|\.bashrc|\.zshrc|\.profile\b"
    r"|LaunchAgents|autostart|crontab|\.config/systemd"
)
_MOST_FILES = 40


@dataclass(frozen=True, slots=True)
class Work:
    """What one script does."""

    script: Script
    words: tuple[Doing, ...]
    """From the command, worst first."""
    files: tuple[str, ...]
    """Files of the project that it runs, imports followed."""
    missing: tuple[str, ...]
    """Files that it names and the project does not hold."""
    runs: Effect | None = None
    fetches: Effect | None = None
    fetched_runs: bool = False
    """Whether what was fetched is seen to reach what is run."""
    sends_private: Effect | None = None
    hidden: Effect | None = None
    agent_files: Effect | None = None
    checks_digest: bool = False
    in_files: tuple[tuple[Doing, str, int], ...] = ()
    """What the words of shell scripts show, with file and line."""
    spoken: tuple[Spoken, ...] = ()
    """What the words of files show that no front end read."""


def work_of(facts: Facts, manifest: Manifest, script: Script) -> Work:
    """Pure; the words of the command first, then the effects of every file it runs."""
    command = unfolded(script, manifest)
    named = [below(manifest.file, path) for path in _files(command, script, manifest, facts)]
    files = _followed(facts, [path for path in named if facts.project.get(path)])
    effects = [one for one in facts.effects if one.place.file in files]
    sent = next((one for one in effects if one.kind in _SENDS and _carries_private(one)), None)
    tainted = next((one for one in effects if one.kind in _RUNS and _is_remote(one)), None)
    fetches = _first(effects, _SENDS)
    return Work(
        script=script,
        words=doings(command),
        files=files,
        missing=tuple(path for path in named if path and not facts.project.get(path)),
        runs=tainted or _behind(effects, fetches) or _first(effects, _RUNS),
        fetches=fetches,
        fetched_runs=tainted is not None,
        sends_private=sent,
        hidden=_hidden(effects),
        agent_files=next((one for one in effects if _to_agents(one)), None),
        checks_digest=any(one.kind is EffectKind.HASH for one in effects),
        in_files=tuple(_in_shell(facts, files)),
        spoken=tuple(_spoken(facts, files)),
    )


def _files(command: str, script: Script, manifest: Manifest, facts: Facts) -> Iterable[str]:
    if script.event in {"setup.py", "setup.py command", "python start"}:
        return (posixpath.basename(manifest.file),)
    if script.event == "build-backend" and " from " in command:
        folders = [below(manifest.file, one) for one in command.partition(" from ")[2].split(", ")]
        start = posixpath.dirname(manifest.file)
        module = command.partition(" from ")[0].partition(":")[0].replace(".", "/")
        return [
            posixpath.relpath(path, start or ".")
            for path in facts.project.files
            for folder in folders
            if path.startswith(f"{folder}/{module}") and path.endswith(".py")
        ]
    return files_run(command)


def _followed(facts: Facts, roots: list[str]) -> tuple[str, ...]:
    """The files and what they import from beside them, in order of discovery."""
    found = list(dict.fromkeys(roots))
    for path in found:
        file = facts.project.get(path)
        if file is None or len(found) >= _MOST_FILES:
            break
        for one in _LOCAL.finditer(file.text[:400_000]):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), one[1]))
            known = next((target + end for end in _ENDINGS if facts.project.get(target + end)), "")
            if known and known not in found:
                found.append(known)
    return tuple(found)


def _first(effects: list[Effect], kinds: frozenset[EffectKind]) -> Effect | None:
    return next((one for one in effects if one.kind in kinds), None)


def _behind(effects: list[Effect], fetch: Effect | None) -> Effect | None:
    """The first run that stands in the file of the fetch, at it or after it."""
    if fetch is None:
        return None
    return next(
        (
            one
            for one in effects
            if one.kind in _RUNS
            and one.place.file == fetch.place.file
            and one.place.line >= fetch.place.line
        ),
        None,
    )


def _is_remote(effect: Effect) -> bool:
    return any(
        True for value in effect.operands.values() for _ in value.deep_sources(SourceKind.REMOTE)
    )


def _carries_private(effect: Effect) -> bool:
    """Whether a secret, the whole environment, or in its body a file or a fact of the machine is
    sent. A token in a header opens a door, and an address made of version and platform is how
    native modules are fetched."""
    for role, value in effect.operands.items():
        if role in {"options", "method", "headers"}:
            continue
        kinds = [SourceKind.SECRET, SourceKind.ENVIRONMENT]
        if role not in {"url", "host"}:
            kinds += [SourceKind.FILE, SourceKind.MACHINE]
        for source, _ in value.deep_sources(*kinds):
            if source.kind is not SourceKind.ENVIRONMENT or source.name in {"", "*"}:
                return True
    return False


def _hidden(effects: list[Effect]) -> Effect | None:
    """An evaluation in a file that also uncovers hidden text before it."""
    decoded = [one.place for one in effects if one.kind is EffectKind.DECODE]
    for one in effects:
        if one.kind is EffectKind.EVALUATE and any(_before(place, one.place) for place in decoded):
            return one
    return None


def _before(place: Place, other: Place) -> bool:
    return place.file == other.file and place.line <= other.line


def _to_agents(effect: Effect) -> bool:
    path = effect.operand("path")
    if effect.kind is not EffectKind.WRITE_FILE or path is None:
        return False
    return _AGENT_PATH.search(path.known_text or path.pieces) is not None


def _spoken(facts: Facts, files: tuple[str, ...]) -> Iterator[Spoken]:
    for path in files:
        file = facts.project.get(path)
        if file is not None and path not in facts.modules:
            said = spoken(file)
            if said is not None:
                yield said


def _in_shell(facts: Facts, files: tuple[str, ...]) -> Iterator[tuple[Doing, str, int]]:
    """Shell scripts have no front end: their words are read line by line."""
    for path in files:
        file = facts.project.get(path)
        if file is None or not path.endswith((".sh", ".bash", ".ps1")):
            continue
        for number, row in enumerate(file.text[:200_000].split("\n"), 1):
            for one in doings(row[:MOST_CHARACTERS]):
                if one in _GRAVE:
                    yield one, path, number


_GRAVE = (Doing.HIDDEN, Doing.FETCH_AND_RUN, Doing.SECRETS, Doing.AGENT_FILES, Doing.FETCH)
