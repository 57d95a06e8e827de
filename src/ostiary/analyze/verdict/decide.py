"""The verdict: use, use with limits, do not use, or not enough information, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ostiary.analyze.verdict.confidence import confidence, with_code
from ostiary.analyze.verdict.contain import Answer, answer
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.analyze.verdict.flaw import Flaw, flaw_of, is_threat
from ostiary.analyze.verdict.limits import harmful, is_named, limits, note_for, tools_of
from ostiary.analyze.verdict.weigh import circumstances
from ostiary.model.audit import (
    Context,
    Limits,
    Profile,
    Proof,
    Reason,
    Standing,
    ToolReach,
    Verdict,
    VerdictKind,
    Weighed,
)
from ostiary.model.counted import counted
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import NAME, visible

_TOLD = 6
"""Reasons of one kind that are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a verdict rests on."""

    weighed: tuple[Weighed, ...]
    not_checked: tuple[NotChecked, ...]
    tools: tuple[ToolReach, ...]
    context: Context
    coverage: Coverage
    proofs: tuple[Proof, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders that the server's configuration names."""

    def answered(self, *wanted: Answer) -> tuple[Finding, ...]:
        """Findings that get one of these answers, worst first."""
        return tuple(
            one.finding for one in self.weighed if answer(one, self.tools, self.context) in wanted
        )


def decide(case: Case) -> Verdict:
    """The verdict on one server. It is never "use" where the code was not read."""
    refused = case.answered(Answer.REFUSE)
    broken = tuple(one for one in case.proofs if one.standing is Standing.FAILED)
    off = _off(case)
    if refused or broken or _nothing_left(case, off):
        return _do_not_use(case, refused, broken, off)
    gaps = tuple(_gaps(case))
    if gaps:
        return _verdict(case, VerdictKind.NOT_ENOUGH, gaps)
    return _usable(case, off)


def _do_not_use(
    case: Case, refused: tuple[Finding, ...], broken: tuple[Proof, ...], off: tuple[str, ...]
) -> Verdict:
    reasons = [
        Reason(
            f"{visible(one.kind, NAME)} failed: {visible(one.says, 300)}",
            "the artifact is fetched again from its origin and the check holds",
        )
        for one in broken
    ]
    reasons += _each(refused)
    if not reasons:
        reasons.append(
            Reason(
                f"{_all(len(off))} grave flaws, so no part of it is left to use",
                "the findings are mended in a later version",
                tuple(one.fingerprint for one in case.answered(Answer.SWITCH_OFF)),
            )
        )
    sure = max((one.confidence for one in refused), default=Confidence.HIGH)
    rests = "a check that failed" if broken else "code that was found, step by step"
    says = f"It rests on {rests}; what was not read could not make it better."
    return Verdict(VerdictKind.DO_NOT_USE, tuple(reasons), sure, says, Limits())


def _all(number: int) -> str:
    return "Its only tool has" if number == 1 else f"All {number} tools have"


def _usable(case: Case, off: tuple[str, ...]) -> Verdict:
    held = case.answered(Answer.HOLD)
    reasons = [*_off_reasons(case, off), *_held_reasons(held)]
    powerful = [one for one in case.tools if harmful(one) and one.access.tool not in off]
    if powerful:
        reasons.append(_power_reason(powerful))
    if reasons:
        return _verdict(case, VerdictKind.USE_WITH_LIMITS, tuple(reasons), held, off)
    lighter = sum(1 for one in case.weighed if one.finding.severity > 0)
    sets = "sets" if lighter == 1 else "set"
    found = f"; {counted(lighter, 'lighter finding')} {sets} no condition" if lighter else ""
    reason = Reason(
        f"Its code was read and nothing in it is grave {circumstances(case.context)}{found}",
        "another version, other circumstances or a finding of other means",
    )
    return _verdict(case, VerdictKind.USE, (reason,))


def _verdict(
    case: Case,
    kind: VerdictKind,
    reasons: tuple[Reason, ...],
    held: tuple[Finding, ...] = (),
    off: tuple[str, ...] = (),
) -> Verdict:
    sure, says = confidence(case.coverage, case.tools, case.not_checked, case.proofs)
    if kind is VerdictKind.NOT_ENOUGH:
        return Verdict(kind, reasons, sure, says, Limits())
    terms = limits(
        held,
        off,
        case.tools,
        case.folders,
        everything_read=_whole(case),
        reaches_out=case.coverage.outward > 0,
        foreign=case.coverage.foreign > 0,
    )
    return Verdict(kind, reasons, sure, says, terms)


def _whole(case: Case) -> bool:
    """Whether everything that its tools do was seen."""
    coverage = case.coverage
    read = coverage.source_read and not coverage.unread_declarations
    return read and with_code(case.tools) == len(case.tools)


def _off(case: Case) -> tuple[str, ...]:
    """Tools to leave out."""
    found = case.answered(Answer.SWITCH_OFF)
    return tuple(
        sorted({name for one in found for name in tools_of(one, filter(is_named, case.tools))})
    )


def _nothing_left(case: Case, off: tuple[str, ...]) -> bool:
    return bool(off) and len(off) == len({one.access.tool for one in case.tools})


def _gaps(case: Case) -> Iterator[Reason]:
    """What is missing for any answer (a forced grade would be a guess)."""
    coverage, tools = case.coverage, case.tools
    if not coverage.source_read:
        unread = ", ".join(coverage.unsupported) or "no language that is followed"
        what = visible(coverage.why, 200) or unread
        yield Reason(
            f"Its code was not read ({what}), so nothing is known of what it does",
            "what is named under not checked is put right"
            if coverage.why
            else "its source is given in Python, JavaScript or TypeScript, or it is watched in the "
            "box",
        )
        return
    yield from _unsure(case)
    found = with_code(tools)
    if tools and found * 2 < len(tools):
        yield Reason(
            f"The code behind {len(tools) - found} of {counted(len(tools), 'tool')} was not found",
            "the declarations named under not checked are readable, or the source is audited "
            "instead of the built package",
        )
    if tools and not any(is_named(one) for one in tools):
        yield Reason(
            "Its list of tools could not be read, so what it offers is not known",
            "the list that the running server gives is handed in with --surface, or the source is "
            "audited instead of the built package",
        )
    if not tools and (case.not_checked or coverage.unread_declarations):
        yield Reason(
            "No tool was found in it: it is no MCP server, or its tools are declared where they "
            "were not read",
            "the list that the running server gives is handed in with --surface, or the package "
            "that declares them is audited",
        )
    if case.context.profile in _CAREFUL and coverage.unread_declarations:
        yield Reason(
            f"{counted(coverage.unread_declarations, 'declaration')} of tools could not be read "
            "whole, "
            f"which is too many {circumstances(case.context)}",
            "they are read, or the reader is one who accepts that",
        )


def _unsure(case: Case) -> Iterator[Reason]:
    """Signs of hostile code that are too weak to act on and too grave to pass over."""
    found = [
        one.finding
        for one in case.weighed
        if flaw_of(one.finding) is Flaw.THREAT
        and one.finding.severity >= Severity.HIGH
        and one.finding.confidence is Confidence.LOW
    ]
    for one in found[:_TOLD]:
        yield Reason(
            f"It may be hostile, which is not sure: {_where(one)}{one.message}",
            "a person looks at the place, or it is watched in the box",
            (one.fingerprint,),
        )


_CAREFUL = (Profile.BANK, Profile.GOVERNMENT)


def _each(findings: tuple[Finding, ...]) -> Iterator[Reason]:
    """One reason for each thing that is grave, with all its places; the surplus in one."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.rule, one.message), []).append(one)
    for first, *more in list(alike.values())[:_TOLD]:
        places = f" (and at {counted(len(more), 'more place')})" if more else ""
        prints = tuple(dict.fromkeys(one.fingerprint for one in (first, *more)))
        yield Reason(f"{_where(first)}{first.message}{places}", _changes(first), prints)
    rest = [one for many in list(alike.values())[_TOLD:] for one in many]
    if rest:
        yield Reason(
            f"{counted(len(rest), 'more finding')} that nothing holds in check",
            "all of them are mended",
            tuple(one.fingerprint for one in rest),
        )


def _changes(finding: Finding) -> str:
    if is_threat(finding):
        return "a look at the code shows that it does not do this; a fixed version is a new audit"
    if flaw_of(finding) is Flaw.COUNTRY:
        return "the destination is moved or taken out, or the country is allowed"
    if flaw_of(finding) is Flaw.GOAL:
        return "it no longer does so, or the goal is changed"
    return f"it is mended: {finding.remedy.rstrip('.')}"


def _off_reasons(case: Case, off: tuple[str, ...]) -> Iterator[Reason]:
    found = case.answered(Answer.SWITCH_OFF)
    for name in off[:_TOLD]:
        about = [one for one in found if name in tools_of(one, case.tools)]
        titles = "; ".join(dict.fromkeys(one.title for one in about))
        yield Reason(
            f"Tool {visible(name, NAME)} stays off: {titles}",
            "the findings behind it are mended",
            tuple(one.fingerprint for one in about),
        )
    if len(off) > _TOLD:
        stays = "stays" if len(off) == _TOLD + 1 else "stay"
        yield Reason(
            f"{counted(len(off) - _TOLD, 'more tool')} {stays} off, named under limits",
            "the findings behind them are mended",
        )


def _held_reasons(held: tuple[Finding, ...]) -> Iterator[Reason]:
    """One reason for each way of holding something in check."""
    by_note: dict[str, list[Finding]] = {}
    for one in held:
        by_note.setdefault(note_for(one) or "confirm the calls that can do it", []).append(one)
    for note, about in by_note.items():
        titles = "; ".join(dict.fromkeys(one.title for one in about))
        yield Reason(
            f"{titles}: held in check from outside, {note}",
            "it is mended in the server itself",
            tuple(one.fingerprint for one in about),
        )


def _power_reason(powerful: Iterable[ToolReach]) -> Reason:
    said = [
        f"{visible(one.access.tool, NAME)} ({', '.join(level.value for level in harmful(one))})"
        for one in powerful
    ]
    more = f" and {len(said) - _TOLD} more" if len(said) > _TOLD else ""
    return Reason(
        f"It has tools that do lasting harm if a model is misled, though nothing is wrong with "
        f"them: {', '.join(said[:_TOLD])}{more}",
        "those tools are left out",
    )


def _where(finding: Finding) -> str:
    place = visible(finding.location.words(), 200)
    return "" if place == "this machine" else f"{place}: "
