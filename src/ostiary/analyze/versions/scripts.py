"""Scripts that run by themselves, and files that run on open or at start-up."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.rules.supply.command_words import Doing, doings
from ostiary.analyze.rules.supply.saying import command
from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange

Key = tuple[str, str, str]
_GRAVE = frozenset(
    {Doing.HIDDEN, Doing.FETCH_AND_RUN, Doing.SECRETS, Doing.AGENT_FILES, Doing.FETCH}
)
_QUIET = frozenset({Doing.AUTHOR, Doing.MESSAGE})


def script_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    """Added and changed ones; of a changed file behind the same command the files tell."""
    old, new = _automatic(before.manifests), _automatic(after.manifests)
    for key in sorted(new.keys() - old.keys()):
        yield _change("now runs by itself", new[key], "", _weight(new[key]))
    for key in sorted(old.keys() & new.keys()):
        if old[key].command != new[key].command:
            weight = max(Severity.MEDIUM, _weight(new[key]))
            yield _change("runs another command", new[key], command(old[key]), weight)
    for key in sorted(old.keys() - new.keys()):
        says = f"no longer runs {key[1]} by itself"
        yield VersionChange(
            ChangeKind.SCRIPT, says, Severity.INFO, command(old[key]), topic=f"lost {key[1]}"
        )


def _automatic(manifests: tuple[Manifest, ...]) -> dict[Key, Script]:
    """By ecosystem, event and a number among equals, so that a moved file is no change."""
    found: dict[Key, Script] = {}
    for manifest in manifests:
        for one in manifest.scripts:
            if not one.automatic or one.event == "dependency install":
                continue
            if set(doings(one.command)) <= _QUIET:
                continue
            number = sum(1 for key in found if key[:2] == (manifest.ecosystem, one.event))
            found[manifest.ecosystem, one.event, f"{number:05}"] = one
    return found


def _weight(script: Script) -> Severity:
    said = _GRAVE & set(doings(script.command))
    return Severity.HIGH if said or script.event == "python start" else Severity.MEDIUM


def _change(says: str, script: Script, before: str, severity: Severity) -> VersionChange:
    return VersionChange(
        ChangeKind.SCRIPT,
        f"{script.event}: {says}",
        severity,
        before,
        command(script),
        topic=script.event,
    )
