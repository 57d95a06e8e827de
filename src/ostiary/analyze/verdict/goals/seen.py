"""What an audit saw of a server, topic by topic, in the words that goals use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ostiary.analyze.verdict.countries import country_of
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.flow.kinds import UNKNOWN
from ostiary.model.audit import Destination, Proof, ToolReach
from ostiary.model.counted import counted
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.goal import Topic
from ostiary.model.grade import Confidence
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import NAME, visible


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a goal is held against."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    tools: tuple[ToolReach, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    proofs: tuple[Proof, ...] = ()
    kind: str = UNKNOWN
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was seen."""

    name: str
    """In the words of goals."""
    says: str
    """As the beginning of a sentence."""
    place: Location
    evidence: tuple[Evidence, ...] = ()
    sure: Confidence = Confidence.HIGH


def seen(topic: Topic, subject: Subject) -> Iterator[Seen]:
    """Everything of one topic."""
    if topic in (Topic.RULES, Topic.STANDARDS):
        for one in subject.findings:
            yield from _finding(one, topic)
    elif topic is Topic.LICENCES:
        if subject.licence:
            says = f"its licence is {visible(subject.licence, 120)}"
            yield Seen(subject.licence, says, Location(part="licence"))
    elif topic is Topic.CLASSES:
        if subject.kind != UNKNOWN:
            yield Seen(subject.kind, f"it is a server of class {subject.kind}", Location())
    else:
        for tool in subject.tools:
            yield from _OF_TOOLS[topic](tool)


def unknown(topic: Topic, subject: Subject) -> Iterator[str]:
    """Why not all of one topic can be told."""
    if topic is Topic.LICENCES:
        if not subject.licence:
            yield "no licence is stated"
        return
    if topic is Topic.CLASSES:
        if subject.kind == UNKNOWN:
            yield "nothing tells what class of server it is"
        return
    if not subject.coverage.source_read:
        yield "its code was not read"
    elif topic not in (Topic.RULES, Topic.STANDARDS):
        yield from _of_code(topic, subject)


def _of_code(topic: Topic, subject: Subject) -> Iterator[str]:
    for tool in subject.tools:
        name = visible(tool.access.tool, NAME)
        if tool.handler is None:
            yield f"the code behind {name} was not found"
        if topic is Topic.HOSTS:
            for where in tool.destinations:
                if not _known(where):
                    yield f"where {name} sends data is {where.how}"
        elif topic is Topic.COUNTRIES:
            for where in tool.destinations:
                if country_of(where.host) is None:
                    at = visible(where.host, 120) if _known(where) else where.how
                    yield f"in which country {name} sends data is not known ({at})"
    if subject.coverage.unread_declarations:
        unread = counted(subject.coverage.unread_declarations, "declaration")
        yield f"{unread} could not be read whole"


def _known(where: Destination) -> bool:
    return where.how == "fixed" and bool(where.host)


def _finding(one: Finding, topic: Topic) -> Iterator[Seen]:
    names = (one.rule,) if topic is Topic.RULES else one.references
    says = f"{one.message.rstrip('.')} ({one.rule}, {one.fingerprint})"
    for name in names:
        yield Seen(name, says, one.location, one.evidence, one.confidence)


def _levels(tool: ToolReach) -> Iterator[Seen]:
    place = _place(tool)
    for one in tool.access.capabilities:
        says = f"{_named(tool)} can {one.level.value}"
        if one.objects:
            says += f" ({visible(', '.join(one.objects), 160)})"
        evidence = tuple(Evidence(basis.says, tool.handler or place) for basis in one.basis)
        yield Seen(one.level.value, says, place, evidence, one.confidence)


def _data(tool: ToolReach) -> Iterator[Seen]:
    for one in tool.access.data:
        yield Seen(one.value, f"{_named(tool)} works on {one.value}", _place(tool))


def _hosts(tool: ToolReach) -> Iterator[Seen]:
    for where in tool.destinations:
        if _known(where):
            yield _destination(tool, where, where.host.lower(), Confidence.HIGH)


def _countries(tool: ToolReach) -> Iterator[Seen]:
    for where in tool.destinations:
        placed = country_of(where.host)
        if placed is not None:
            yield _destination(tool, where, *placed)


def _destination(tool: ToolReach, where: Destination, name: str, sure: Confidence) -> Seen:
    carries = visible(", ".join(where.carries), 200) or "data"
    host = visible(where.host, 120)
    says = f"{_named(tool)} sends {carries} to {host}"
    if name != where.host.lower():
        says += f", in {name}"
    place = replace(where.place, part=f"tool {tool.access.tool}")
    return Seen(name, says, place, (Evidence(f"{carries} goes to {host}", where.place),), sure)


def _credentials(tool: ToolReach) -> Iterator[Seen]:
    for name in tool.credentials:
        yield Seen(name, f"{_named(tool)} reads {visible(name, NAME)}", _place(tool))


def _named(tool: ToolReach) -> str:
    return f"tool {visible(tool.access.tool, NAME)}"


def _place(tool: ToolReach) -> Location:
    return replace(tool.place, part=f"tool {tool.access.tool}")


_OF_TOOLS = {
    Topic.LEVELS: _levels,
    Topic.DATA: _data,
    Topic.HOSTS: _hosts,
    Topic.COUNTRIES: _countries,
    Topic.CREDENTIALS: _credentials,
}
