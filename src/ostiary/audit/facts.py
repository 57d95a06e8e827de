"""Other things learned of a target, by name: what runs with the user's rights, licence, age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.written.quoted import quoted
from ostiary.model.audit import Target, TargetKind
from ostiary.model.visible import NAME, visible
from ostiary.report.audit.sheet import RUNS
from ostiary.supply.artifact.acquired import Acquired

_TOLD = 4
_HOST = re.compile(r"\b(?:https?|wss?)://([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)")
_PACKED = (TargetKind.NPM, TargetKind.PYPI, TargetKind.MCPB)
_BEFORE_PACKING = ("prepare", "prepublish", "prepack")
"""Scripts that run where a package is made, and not where one from an index is installed."""
Named = tuple[str, str]


def facts_told(acquired: Acquired, facts: Facts, now: datetime) -> tuple[Named, ...]:
    """In a fixed order; what is not known has no entry."""
    found = [
        (RUNS, what_runs(facts.manifests, acquired.target)),
        ("builds on", _dependencies(facts.manifests)),
        ("named in its texts", _hosts(facts)),
        *_stated(acquired, facts.manifests),
        *_age(acquired, now),
        *acquired.settings,
        *(("left out", one) for one in acquired.notes),
    ]
    return tuple((name, value) for name, value in found if value)


def what_runs(manifests: tuple[Manifest, ...], target: Target) -> str:
    """What starting it, and what installing it, runs with all rights of whoever does so."""
    label, packed = target.label, target.kind in _PACKED
    programs = [
        f"{name} ({behind})" if behind else name
        for manifest in manifests
        for name, behind in manifest.programs
    ]
    scripts = [
        f"{script.event}: {script.command}"
        for manifest in manifests
        if manifest.ecosystem != "editor"
        for script in manifest.scripts
        if script.automatic and not (packed and script.event in _BEFORE_PACKING)
    ]
    said = (
        f"a local server is a program under a friendly name: whoever starts {visible(label, NAME)} "
        f"runs {_some(programs) or 'its code'} with all rights of that person"
    )
    return f"{said}; installing it already runs {_some(scripts)}" if scripts else said


def _dependencies(manifests: tuple[Manifest, ...]) -> str:
    """How many packages it asks for. Their code is theirs."""
    names = {
        (one.ecosystem, one.name)
        for manifest in manifests
        if "/" not in manifest.file and not manifest.says("lock")
        for one in manifest.dependencies
        if one.group == "runtime" and one.name
    }
    if not names:
        return ""
    count = "1 package" if len(names) == 1 else f"{len(names):,} packages"
    return f"{count} of others, whose code is no part of this audit"


def _hosts(facts: Facts) -> str:
    """Hosts that stand in code which is not followed: where it may send things."""
    texts = (one.text for one in facts.once(quoted) if "://" in one.text)
    return _some(list(dict.fromkeys(host.lower() for one in texts for host in _HOST.findall(one))))


def _some(texts: list[str]) -> str:
    each = [visible(one, 160) for one in dict.fromkeys(texts)]
    more = f" and {len(each) - _TOLD} more" if len(each) > _TOLD else ""
    return f"{', '.join(each[:_TOLD])}{more}" if each else ""


def _stated(acquired: Acquired, manifests: tuple[Manifest, ...]) -> Iterator[Named]:
    metadata = acquired.metadata
    top = [one for one in manifests if "/" not in one.file]
    licences = [metadata.licence if metadata else "", *(one.licence for one in top)]
    texts = [metadata.description if metadata else "", *(one.description for one in top)]
    yield "licence", next((visible(one, 120) for one in licences if one), "")
    yield "description", next((visible(one, 300) for one in texts if one), "")
    if metadata is not None:
        yield "publishers", _some(list(metadata.upkeep.publishers))
        yield "deprecated", visible(metadata.upkeep.deprecated, 300)
        yield "withdrawn", visible(metadata.upkeep.withdrawn, 300)


def _age(acquired: Acquired, now: datetime) -> Iterator[Named]:
    metadata, target = acquired.metadata, acquired.target
    if metadata is None or target.kind not in (TargetKind.NPM, TargetKind.PYPI):
        return
    upkeep = metadata.upkeep
    published = upkeep.published(target.version)
    if published is not None:
        yield "published", f"{published:%Y-%m-%d}, {_days(published, now)} ago"
    latest = upkeep.latest
    if latest is not None and latest[0] != target.version:
        yield "newest", f"{visible(latest[0], 60)} of {latest[1]:%Y-%m-%d}"


def _days(since: datetime, now: datetime) -> str:
    days = max((now - since).days, 0)
    return f"{days:,} day" if days == 1 else f"{days:,} days"
