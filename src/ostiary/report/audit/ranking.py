"""Several candidates side by side: which first, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from ostiary.model.audit import AuditResult
from ostiary.model.counted import counted
from ostiary.model.grade import Severity
from ostiary.model.visible import visible
from ostiary.report.audit.sheet import STATES, best_first
from ostiary.report.paper import Paper
from ostiary.report.terminal import STYLES

_HEADS = ("target", "verdict", "worst", "tools", "why it stands here")
_WIDTHS = (26, 24, 9, 10)
_MOST = 200


def ranked(results: tuple[AuditResult, ...]) -> tuple[tuple[AuditResult, str], ...]:
    """Every candidate, best first, with the reason for its place."""
    order = best_first(results)
    return tuple(zip(order, _reasons(order), strict=True))


def _reasons(order: tuple[AuditResult, ...]) -> Iterator[str]:
    for number, one in enumerate(order):
        first = one.verdict.reasons[0].says
        yield first if number == 0 else f"{_behind(order[number - 1], one)}. {first}"


def _behind(better: AuditResult, worse: AuditResult) -> str:
    """The first thing, in the order in which they count, that puts one behind the other."""
    if better.verdict.kind is not worse.verdict.kind:
        return f"after “{better.verdict.kind.value}”"
    pairs = (
        ("worst finding", _worst(better), _worst(worse)),
        ("confidence", better.verdict.confidence.word, worse.verdict.confidence.word),
        ("tools off", str(_off(better)), str(_off(worse))),
        ("findings", str(len(better.weighed)), str(len(worse.weighed))),
    )
    told = next(((name, own, other) for name, other, own in pairs if own != other), None)
    if told is None:
        return "level with the one before it"
    name, own, other = told
    return f"{name} {own} after {other}"


def _worst(one: AuditResult) -> str:
    return one.worst.word if one.worst is not None else "none"


def _off(one: AuditResult) -> int:
    return len(one.verdict.limits.tools_off)


def write_ranking(paper: Paper, results: tuple[AuditResult, ...]) -> None:
    """The table that many audits end with."""
    paper.heading("Side by side, best first")
    widths = [*_WIDTHS, max(paper.width - sum(_WIDTHS) - len(_HEADS), 20)]
    if paper.width < sum(_WIDTHS) + 30:
        _blocks(paper, results)
        return
    paper.row([Text(one, "dim") for one in _HEADS], widths)
    for one, why in ranked(results)[:_MOST]:
        paper.row(_cells(one, why), widths)
    if len(results) > _MOST:
        paper.write(f"and {counted(len(results) - _MOST, 'more target')}, all in --format json")


def _blocks(paper: Paper, results: tuple[AuditResult, ...]) -> None:
    """Where no table fits."""
    for one, why in ranked(results)[:_MOST]:
        label, verdict, *_ = _cells(one, why)
        paper.write(label + ": " + verdict, 2)
        paper.write(Text(visible(why, 300), "dim"), 4, "    ")


def _cells(one: AuditResult, why: str) -> list[Text]:
    off = _off(one)
    grave = one.worst is not None and one.worst >= Severity.HIGH
    return [
        Text(visible(one.target.label, 100), "bold"),
        Text(one.verdict.kind.value, STYLES[STATES[one.verdict.kind]]),
        Text(_worst(one), "bold red" if grave else ""),
        Text(f"{len(one.tools):,}" + (f", {off} off" if off else "")),
        Text(visible(why, 300)),
    ]
