"""Findings of one audit at a terminal: each flaw once in full, its other places below it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from ostiary.model.audit import AuditResult, Weighed
from ostiary.model.counted import counted
from ostiary.model.finding import Evidence
from ostiary.model.grade import Severity
from ostiary.model.visible import visible
from ostiary.report.paper import SEVERITY, Paper

_FULL = 10
"""Flaws told in full. With more, nobody reads the page in a minute."""
_BRIEF = 20
_PLACES = 6
"""Other places of one flaw that are named."""
_STEPS = 6


def write_findings(paper: Paper, result: AuditResult) -> None:
    """Worst first; what is low, or beyond the first ten flaws, in one line each."""
    if not result.weighed:
        return
    paper.heading(f"Findings: {len(result.weighed):,}")
    flaws = _flaws(result.weighed)
    full = [one for one in flaws if one[0].finding.severity >= Severity.MEDIUM][:_FULL]
    brief = flaws[len(full) : len(full) + _BRIEF]
    for number, flaw in enumerate(full):
        if number:
            paper.blank()
        _finding(paper, flaw[0])
        _others(paper, flaw[1:])
    if full and brief:
        paper.blank()
    for flaw in brief:
        _brief(paper, flaw)
    rest = sum(len(one) for one in flaws[len(full) + len(brief) :])
    if rest:
        paper.write(f"And {counted(rest, 'more finding')}, all of them with --format json.")


def _flaws(weighed: Iterable[Weighed]) -> list[list[Weighed]]:
    """Findings that say the same of different places stay together, in order of the first."""
    flaws: dict[tuple[str, Severity, str, str, str], list[Weighed]] = {}
    for one in weighed:
        finding = one.finding
        key = (finding.rule, finding.severity, finding.consequence, finding.remedy, one.says)
        flaws.setdefault(key, []).append(one)
    return list(flaws.values())


def _others(paper: Paper, rest: list[Weighed]) -> None:
    for one in rest[:_PLACES]:
        where = Text(visible(one.finding.location.words(), 160), "dim")
        said = Text(f"{visible(one.finding.message, 240)}  ")
        paper.write(said + where, 8, "  also  ")
    if len(rest) > _PLACES:
        more = counted(len(rest) - _PLACES, "more place")
        paper.write(Text(f"and {more}, all of them with --format json", "dim"), 8, "        ")


def _brief(paper: Paper, flaw: list[Weighed]) -> None:
    finding = flaw[0].finding
    lead = Text(f"{finding.severity.word.upper():<8} ", SEVERITY[finding.severity])
    where = visible(finding.location.words(), 160)
    more = f" and {counted(len(flaw) - 1, 'more place')}" if len(flaw) > 1 else ""
    paper.write(f"{visible(finding.title, 120)}: {where}{more}  {finding.rule}", 9, lead)


def _finding(paper: Paper, one: Weighed) -> None:
    finding = one.finding
    lead = Text.assemble((f" {finding.severity.word.upper()} ", SEVERITY[finding.severity]), " ")
    title = Text.assemble((visible(finding.title, 120), "bold"), (f"  {finding.rule}", "dim"))
    paper.write(title, lead.cell_len, lead)
    where = (visible(finding.location.words(), 300), "")
    sure = (f"  {finding.confidence.word} confidence, {finding.fingerprint}", "dim")
    paper.write(Text.assemble(where, sure), 8, "  where ")
    paper.write(visible(finding.message, 400), 8, "  what  ")
    _path(paper, finding.evidence)
    if finding.consequence:
        paper.write(visible(finding.consequence, 400), 8, "  why   ")
    if one.says:
        paper.write(visible(one.says, 400), 8, "  here  ")
    paper.write(Text(visible(finding.remedy, 400), "green"), 8, "  mend  ")


def _path(paper: Paper, steps: tuple[Evidence, ...]) -> None:
    """The way from source to sink; its middle is cut where it is long, and counted."""
    shown = list(enumerate(steps, 1))
    cut = len(shown) - _STEPS
    if cut > 0:
        shown = [*shown[: _STEPS // 2], *shown[-(_STEPS - _STEPS // 2) :]]
    for place, (number, step) in enumerate(shown):
        if cut > 0 and place == _STEPS // 2:
            paper.write(Text(f"{counted(cut, 'more step')}", "dim"), 11, "        … ")
        lead = "  path  " if number == 1 else "        "
        where = Text(f"  {visible(step.location.words(), 160)}", "dim")
        paper.write(Text(visible(step.says, 200)) + where, 11, f"{lead}{number}. ")
        if step.excerpt:
            paper.write(Text(visible(step.excerpt, 200), "italic"), 11, " " * 11)
