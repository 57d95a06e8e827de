"""Which flaws are common: numbers over many audits, read back from their JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.text import Text

from ostiary.analyze.verdict.goals.judge import GOAL_MISSED
from ostiary.model.counted import counted
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings
from ostiary.model.standards import CWE
from ostiary.model.visible import visible
from ostiary.report.audit.as_json import SCHEMA as AUDITS
from ostiary.report.json_text import Json, document
from ostiary.report.markdown_text import cell
from ostiary.report.paper import Paper
from ostiary.report.view import View

SCHEMA = "ostiary/statistics/1"
_TOP = 25
"""Rows of one table that people are shown; JSON has all."""


@dataclass(frozen=True, slots=True)
class Common:
    """How common one thing is."""

    name: str
    targets: int
    """Targets that have it at least once: a server with forty of them counts once."""
    times: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers over a set of audits. Every tuple is sorted, most common first."""

    targets: int = 0
    incomplete: int = 0
    unread: int = 0
    """Documents that are no audits and were left out."""
    repeated: int = 0
    """Audits of bytes that were counted already."""
    verdicts: tuple[Common, ...] = ()
    rules: tuple[Common, ...] = ()
    classes: tuple[Common, ...] = ()
    """CWE ids, the first of each finding."""
    severities: tuple[Common, ...] = ()
    languages: tuple[Common, ...] = ()
    """All targets by language, with the findings in them that are high or worse."""
    sources: tuple[Common, ...] = ()
    """The same by where they come from: ``npm``, ``pypi``, ``git`` …"""
    levels: tuple[Common, ...] = ()
    """What their tools can do."""

    @property
    def tables(self) -> tuple[tuple[str, str, tuple[Common, ...]], ...]:
        """Each table with its name and what its last column counts."""
        return (
            ("Verdicts", "", self.verdicts),
            ("Flaws by rule", "findings", self.rules),
            ("Flaws by class", "findings", self.classes),
            ("By severity", "findings", self.severities),
            ("By language", "high or worse", self.languages),
            ("By source", "high or worse", self.sources),
            ("What tools can do", "tools", self.levels),
        )


@dataclass(slots=True)
class _Count:
    """One table as it fills."""

    targets: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)

    def add(self, seen: Iterable[str]) -> None:
        """What one target has, repeats included."""
        found = Counter(visible(one, 80) for one in seen if one)
        self.times.update(found)
        self.targets.update(found.keys())

    def weigh(self, names: Iterable[str], times: int) -> None:
        """One target under each of these names, with a number of its own."""
        for name in {visible(one, 80) for one in names if one}:
            self.targets[name] += 1
            self.times[name] += times

    def rows(self) -> tuple[Common, ...]:
        found = [Common(name, number, self.times[name]) for name, number in self.targets.items()]
        return tuple(sorted(found, key=lambda one: (-one.targets, -one.times, one.name)))


def gather(documents: Iterable[JsonValue]) -> Statistics:
    """Numbers over documents of schema ``ostiary/audit/1``, also as the audit database holds them.
    Bytes audited twice count once."""
    audits: list[JsonObject] = []
    seen: set[str] = set()
    unread = repeated = 0
    for one in documents:
        given = as_object(one)
        whole = as_object(given.get("report", given))
        if as_text(whole.get("schema")) != AUDITS:
            unread += 1
            continue
        for audit in as_list(whole.get("audits")):
            digest = as_text(as_object(as_object(audit).get("target")).get("digest"))
            if digest and digest in seen:
                repeated += 1
                continue
            seen.add(digest)
            audits.append(as_object(audit))
    return _numbers(audits, unread, repeated)


def _numbers(audits: list[JsonObject], unread: int, repeated: int) -> Statistics:
    verdicts, rules, classes, severities = _Count(), _Count(), _Count(), _Count()
    languages, sources, levels = _Count(), _Count(), _Count()
    for audit in audits:
        found = [one for one in map(as_object, as_list(audit.get("findings"))) if _is_flaw(one)]
        target = as_object(audit.get("target"))
        general = [as_text(one.get("general_severity")) for one in found]
        grave = sum(1 for one in general if one in _GRAVE)
        verdicts.add([as_text(as_object(audit.get("verdict")).get("answer"))])
        rules.add(as_text(one.get("rule")) for one in found)
        classes.add(_class(one) for one in found)
        severities.add(general)
        languages.weigh(strings(target.get("languages")), grave)
        sources.weigh([as_text(target.get("kind"))], grave)
        levels.add(_levels(audit))
    return Statistics(
        targets=len(audits),
        incomplete=sum(1 for one in audits if as_text(one.get("completeness")) != "COMPLETE"),
        unread=unread,
        repeated=repeated,
        verdicts=verdicts.rows(),
        rules=rules.rows(),
        classes=classes.rows(),
        severities=severities.rows(),
        languages=languages.rows(),
        sources=sources.rows(),
        levels=levels.rows(),
    )


def _is_flaw(finding: JsonObject) -> bool:
    """A goal that was missed says more of the reader than of the server."""
    return finding.get("rule") != GOAL_MISSED.id


_GRAVE = (Severity.HIGH.word, Severity.CRITICAL.word)


def _class(finding: JsonObject) -> str:
    first = next((one for one in strings(finding.get("references")) if one in CWE), "")
    return f"{first} {CWE[first]}" if first else "no CWE"


def _levels(audit: JsonObject) -> Iterable[str]:
    for tool in as_list(audit.get("tools")):
        can = as_list(as_object(tool).get("capabilities"))
        yield from {as_text(as_object(one).get("level")) for one in can}


def as_json(found: Statistics) -> str:
    """All numbers, schema ``ostiary/statistics/1``."""
    whole: dict[str, Json] = {
        "schema": SCHEMA,
        "targets": found.targets,
        "incomplete": found.incomplete,
        "unread": found.unread,
        "repeated": found.repeated,
    }
    for name in ("verdicts", "rules", "classes", "severities", "languages", "sources", "levels"):
        rows: tuple[Common, ...] = getattr(found, name)
        whole[name] = [
            {"name": one.name, "targets": one.targets, "times": one.times} for one in rows
        ]
    return document(whole, 3)


def summary(found: Statistics) -> str:
    """How much the numbers rest on, in one line."""
    said = f"{counted(found.targets, 'target')}, {_share(found.incomplete, found.targets)}"
    said += " of them incomplete"
    if found.repeated:
        said += f"; {counted(found.repeated, 'repeated audit')} counted once"
    if found.unread:
        said += f"; {counted(found.unread, 'document')} left out as no audit"
    return f"{said}."


def as_markdown(found: Statistics) -> str:
    """Tables for a page."""
    lines = ["# Ostiary statistics", "", summary(found)]
    for title, last, rows in found.tables:
        if not rows:
            continue
        lines += ["", f"## {title}", "", f"| | targets | share | {last} |", "| --- " * 4 + "|"]
        lines += [
            f"| {cell(one.name)} | {one.targets:,} | {_share(one.targets, found.targets)} "
            f"| {f'{one.times:,}' if last else ''} |"
            for one in rows[:_TOP]
        ]
        if len(rows) > _TOP:
            lines += ["", f"And {len(rows) - _TOP:,} more."]
    return "\n".join(lines) + "\n"


def as_terminal(found: Statistics, view: View) -> str:
    """Tables for a terminal."""
    paper = Paper(view.width, view.colour)
    paper.write(Text("Ostiary statistics", "bold"))
    paper.write(summary(found))
    for title, last, rows in found.tables:
        if rows:
            paper.heading(title)
            _table(paper, last, rows, found.targets)
    return paper.text()


def _table(paper: Paper, last: str, rows: tuple[Common, ...], targets: int) -> None:
    widths = [max(paper.width - 36, 10), 8, 8, 14]
    heads = ("", " targets", "   share", f"{last:>14}")
    paper.row([Text(one, "dim") for one in heads], widths)
    for one in rows[:_TOP]:
        times = f"{one.times:,}" if last else ""
        cells = [one.name, f"{one.targets:>8,}", f"{_share(one.targets, targets):>8}"]
        paper.row([Text(text) for text in (*cells, f"{times:>14}")], widths)
    if len(rows) > _TOP:
        paper.write(f"and {len(rows) - _TOP:,} more with --json")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"
