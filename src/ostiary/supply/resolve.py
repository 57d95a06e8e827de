"""From a configured server to something a box can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary.inventory.launch import peeled_line, understand
from ostiary.model.client import Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.server import RunsOn, Server
from ostiary.supply import local, packaged, withhold
from ostiary.supply.cache import CacheFull
from ostiary.supply.draft import Draft, Progress, Question, Unready
from ostiary.supply.place import Unplaced, folder_for

_ENGINE = "start it yourself, record its surface, and scan that with --surface"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a box needs to start a server. Secrets of the configuration are not in it."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    cwd: str | None
    readable: tuple[Path, ...]
    version: str | None = None
    digest: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader should know: a placeholder given for a secret, a script not run."""


def prepare(
    server: Server, cache: Path, may_fetch: bool, progress: Progress | None = None
) -> Prepared | NotChecked:
    """Everything a box needs for ``server``, or why it cannot be had. Runs nothing of it."""
    try:
        return _prepare(server, cache, may_fetch, progress or _silent)
    except (Unready, Unplaced, CacheFull, OSError) as error:
        return NotChecked(
            subject=server.name,
            reason=str(error),
            remedy=getattr(error, "remedy", ""),
            server=server.key,
        )


def _silent(line: str) -> None:
    """Tell nobody."""


def _prepare(server: Server, cache: Path, may_fetch: bool, progress: Progress) -> Prepared:
    entry = server.entries[0]
    if server.runs_on is RunsOn.REMOTE or not entry.argv:
        raise Unready("it is not started on this machine")
    peeled = peeled_line(entry.argv)
    if peeled.script or not peeled.argv:
        raise Unready(
            "a shell interprets its launch line, which can do more than start a server",
            "name the program and its arguments directly",
        )
    question = Question(entry, server.launch, peeled.argv, cache, may_fetch, progress)
    return _finished(question, _draft(question))


def _draft(question: Question) -> Draft:
    runner = question.launch.runner
    if runner == "mcpb":
        return _bundle(question)
    way = _WAYS.get(runner)
    if way is None:
        raise Unready(*_REFUSED.get(runner, (f"servers started by {runner} are not boxed yet", "")))
    return way(question)


def _bundle(question: Question) -> Draft:
    found = local.packed(question)
    launch = understand(found.argv, None, Transport.STDIO, [name for name, _ in found.env])
    if launch.runner == "mcpb":
        raise Unready("the bundle's manifest starts another bundle")
    entry = replace(question.entry, cwd=str(found.folder), argv=found.argv)
    inner = replace(
        question, entry=entry, launch=launch, argv=peeled_line(found.argv).argv or found.argv
    )
    draft = _draft(inner)
    env = tuple(
        (name, withhold.stand_in(value) if withhold.is_secret(value, name) else value)
        for name, value in found.env
    )
    return replace(
        draft,
        readable=(*draft.readable, found.folder),
        env=(*draft.env, *env),
        version=found.version or draft.version,
        digest=found.digest or draft.digest,
    )


def _finished(question: Question, draft: Draft) -> Prepared:
    arguments, from_arguments = withhold.arguments(draft.arguments)
    env, from_env = withhold.environment(question.entry.env)
    kept_back = tuple(dict.fromkeys((*from_env, *from_arguments)))
    notes = list(draft.notes)
    if kept_back:
        notes.append(f"kept out of the box, with a placeholder instead: {', '.join(kept_back)}")
    return Prepared(
        argv=(*draft.start, *arguments),
        env=tuple(sorted((env | dict(draft.env)).items())),
        cwd=folder_for(question.entry),
        readable=tuple(sorted(set(draft.readable))),
        version=draft.version,
        digest=draft.digest,
        notes=tuple(notes),
    )


_WAYS: dict[str, Callable[[Question], Draft]] = {
    "npx": packaged.prepare,
    "bunx": packaged.prepare,
    "pnpm": packaged.prepare,
    "yarn": packaged.prepare,
    "uvx": packaged.prepare,
    "pipx": packaged.prepare,
    "uv": local.uv_project,
    "node": local.node,
    "python": local.python,
    "path": local.path,
}
_REFUSED: dict[str, tuple[str, str]] = {
    "docker": ("it runs in its own container engine, which a box cannot reach", _ENGINE),
    "podman": ("it runs in its own container engine, which a box cannot reach", _ENGINE),
    "deno": ("deno fetches its code only when it starts", _ENGINE),
    "shell": (
        "a shell interprets its launch line, which can do more than start a server",
        "name the program and its arguments directly",
    ),
    "builtin": ("it is part of its client", ""),
    "url": ("it is not started on this machine", ""),
    "unknown": ("its launch line was not understood", "name the program and its arguments"),
}
