"""Audits for a person at a terminal: the verdict first, then what it rests on."""

from __future__ import annotations

from rich.text import Text

from ostiary.model.audit import AuditResult, Reason, Standing
from ostiary.model.outcome import Completeness
from ostiary.model.visible import visible
from ostiary.report.audit.advised import write_advice
from ostiary.report.audit.compared import write_comparison
from ostiary.report.audit.history import write_history
from ostiary.report.audit.ranking import write_ranking
from ostiary.report.audit.sheet import (
    STATES,
    Sheet,
    best_first,
    headline,
    looked_at,
    other_facts,
    sentence,
    warning,
)
from ostiary.report.audit.terminal_findings import write_findings
from ostiary.report.audit.terminal_tools import write_tools
from ostiary.report.audit.terms import approve_line, limit_lines
from ostiary.report.paper import Paper
from ostiary.report.terminal import STYLES, write_not_checked

_STANDING = {
    Standing.VERIFIED: "green",
    Standing.FAILED: "bold red",
    Standing.ABSENT: "yellow",
    Standing.NOT_CHECKED: "yellow",
}


def present(sheet: Sheet) -> str:
    """The report at the width of the view."""
    paper = Paper(sheet.view.width, sheet.view.colour)
    if sheet.comparison is not None:
        write_comparison(paper, sheet.comparison)
    write_history(paper, sheet.history)
    if len(sheet.results) != 1:
        _overview(paper, sheet)
    for one in sheet.results:
        _audit(paper, one, sheet)
    if len(sheet.results) > 1:
        write_ranking(paper, sheet.results)
    return paper.text()


def _overview(paper: Paper, sheet: Sheet) -> None:
    paper.write(Text.assemble(("Ostiary audit", "bold"), "  ") + _mark(sheet.completeness))
    paper.write(headline(sheet))
    for one in best_first(sheet.results):
        word = Text(f"{one.verdict.kind.value:<24}", STYLES[STATES[one.verdict.kind]])
        paper.write(visible(one.target.label, 120), 25, word + " ")
        paper.write(Text(visible(one.verdict.reasons[0].says, 200), "dim"), 27, " " * 27)


def _audit(paper: Paper, result: AuditResult, sheet: Sheet) -> None:
    paper.blank()
    title = Text.assemble(
        ("Ostiary audit of ", "bold"), (visible(result.target.label, 120), "bold")
    )
    paper.write(title + "  " + _mark(result.completeness))
    verdict = result.verdict
    paper.write(Text(sentence(verdict.kind).upper(), STYLES[STATES[verdict.kind]]))
    for reason in verdict.reasons:
        _reason(paper, reason)
    confidence = f"{verdict.confidence.word} confidence: {visible(verdict.confidence_says, 600)}"
    paper.write(confidence, 2, "  ")
    paper.write(Text(looked_at(result), "dim"), 2, "  ")
    if warning(result):
        paper.write(Text(visible(warning(result), 800), "bold"), 2, "  ")
    _limits(paper, result)
    write_findings(paper, result)
    write_tools(paper, result)
    write_not_checked(paper, result.not_checked)
    write_advice(paper, result.advice)
    _origin(paper, result)
    _accepted(paper, result, sheet)


def _mark(completeness: Completeness) -> Text:
    colour = "green" if completeness is Completeness.COMPLETE else "yellow"
    return Text(f" {completeness.value} ", f"bold black on {colour}")


def _reason(paper: Paper, reason: Reason) -> None:
    paper.write(visible(reason.says, 500), 2, "- ")
    paper.write(Text(visible(f"changes if {reason.changes_if}", 400), "dim"), 4, "    ")


def _limits(paper: Paper, result: AuditResult) -> None:
    lines = limit_lines(result.verdict)
    if not lines:
        return
    paper.heading("Limits")
    for name, says in lines:
        paper.write(visible(says, 600), 12, f"  {name:<10}")
    line = approve_line(result)
    if line:
        paper.write(Text(visible(line, 1000), "bold"), 12, "  approve   ")


def _origin(paper: Paper, result: AuditResult) -> None:
    target = result.target
    paper.heading("Where it comes from")
    named = [("asked for", target.given), ("digest", target.digest)]
    named += [("source", target.source), ("revision", target.revision)]
    named += list(other_facts(result))
    for name, value in named:
        if value:
            paper.write(visible(value, 300), 13, f"  {visible(name, 40):<10} ")
    for proof in target.proofs:
        word = Text(f"{proof.standing.value:<12}", _STANDING[proof.standing])
        paper.write(f"{visible(proof.kind, 60)}: {visible(proof.says, 300)}", 15, Text("  ") + word)


def _accepted(paper: Paper, result: AuditResult, sheet: Sheet) -> None:
    accepted = sheet.accepted(result)
    if not accepted:
        return
    paper.heading(f"Accepted earlier: {len(accepted):,}")
    for one in accepted:
        until = f", until {one.until}" if one.until else ""
        place = visible(one.finding.location.words(), 120)
        paper.write(f"{one.finding.rule} at {place}: {visible(one.reason, 160)}{until}", 2, "- ")
