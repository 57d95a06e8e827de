"""Dependencies that came, went or changed between two versions."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.advisories.advisory import package_key
from ostiary.analyze.manifests.address import is_direct
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.versions.analysed import Analysed
from ostiary.inventory.lookalikes import likeness
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange
from ostiary.model.visible import NAME, visible

Key = tuple[str, str]
_SHIPPED = frozenset({"runtime", "optional", "build"})
_IGNORED = frozenset({"editor", "oci", "mcp", "mcpb"})


def dependency_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    """What is installed with the server; the author's own tools are not compared. Lock files are
    compared where both versions have one, and then only for what they alone name."""
    old, new = declared(before.manifests), declared(after.manifests)
    for key in sorted(new.keys() - old.keys()):
        yield _added(new[key])
    for key in sorted(old.keys() - new.keys()):
        says = f"no longer depends on {visible(old[key].name, NAME)}"
        yield VersionChange(ChangeKind.DEPENDENCY_REMOVED, says, Severity.INFO, topic=old[key].name)
    for key in sorted(old.keys() & new.keys()):
        yield from _changed(old[key], new[key])
    yield from _locked(before, after, old.keys() | new.keys())


def declared(manifests: tuple[Manifest, ...]) -> dict[Key, Dependency]:
    """What the manifests ask for, by ecosystem and name; the first one counts."""
    found: dict[Key, Dependency] = {}
    for manifest in manifests:
        if manifest.ecosystem in _IGNORED or manifest.says("lock"):
            continue
        for one in manifest.dependencies:
            if one.group in _SHIPPED and one.name:
                found.setdefault((one.ecosystem, package_key(one.ecosystem, one.name)), one)
    return found


def _locked(before: Analysed, after: Analysed, known: set[Key]) -> Iterator[VersionChange]:
    old, new = _of_locks(before.manifests), _of_locks(after.manifests)
    if not old or not new:
        return
    came = sorted(new.keys() - old.keys() - known)
    if came:
        names = ", ".join(visible(new[key].name, NAME) for key in came[:6])
        more = f" and {len(came) - 6} more" if len(came) > 6 else ""
        says = f"locks {len(came)} packages more, indirectly: {names}{more}"
        yield VersionChange(
            ChangeKind.DEPENDENCY_ADDED, says, Severity.LOW, topic="indirect dependencies"
        )


def _of_locks(manifests: tuple[Manifest, ...]) -> dict[Key, Dependency]:
    return {
        (one.ecosystem, package_key(one.ecosystem, one.name)): one
        for manifest in manifests
        if manifest.says("lock")
        for one in manifest.dependencies
        if one.group != "development" and one.name
    }


def _added(one: Dependency) -> VersionChange:
    alike = likeness(one.ecosystem, one.name)
    name = visible(one.name, NAME)
    wanted = visible(one.locked or one.wanted, NAME)
    if is_direct(one.wanted):
        says, severity = f"depends on {name} from an address of its own", Severity.MEDIUM
    elif alike is not None and alike.sure:
        says = f"depends on {name}, whose name is nearly {alike.known}"
        severity = Severity.HIGH
    else:
        says, severity = f"depends on {name}, which it did not before", Severity.LOW
    return VersionChange(ChangeKind.DEPENDENCY_ADDED, says, severity, "", wanted, topic=one.name)


def _changed(old: Dependency, new: Dependency) -> Iterator[VersionChange]:
    before, after = old.locked or old.wanted, new.locked or new.wanted
    if before == after:
        return
    name = visible(new.name, NAME)
    if is_direct(new.wanted) and not is_direct(old.wanted):
        says, severity = f"now takes {name} from an address of its own", Severity.MEDIUM
    elif old.locked and not new.locked:
        says, severity = f"no longer fixes the version of {name}", Severity.LOW
    else:
        says, severity = f"takes another version of {name}", Severity.INFO
    yield VersionChange(
        ChangeKind.DEPENDENCY_CHANGED,
        says,
        severity,
        visible(before, NAME),
        visible(after, NAME),
        topic=new.name,
    )
