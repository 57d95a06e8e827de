"""What was measured, as Markdown: one table beside others, and the lists behind our row."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus_code import artefacts, benign, vulnerable
from corpus_code.deliberate import Score

HEADS = (
    "auditor", "at the line, of 17", "in the file", "silent once mended",
    "high on benign (servers)", "per 1,000 lines", "npm artifacts, of 6", "DVMCP, of 10",
    "Cisco, right class of 141",
    "on safe files", "AVB", "AVB false", "hostile, right class", "at the line", "on twins",
    "seconds a server, median",
)  # fmt: skip


@dataclass(slots=True)
class Measured:
    """Everything of one auditor; a set that could not be had stays empty."""

    name: str
    version: str = ""
    cases: list[vulnerable.Outcome] = field(default_factory=list)
    quiet: list[benign.Quiet] = field(default_factory=list)
    published: list[benign.Quiet] = field(default_factory=list)
    artefacts: list[artefacts.Outcome] = field(default_factory=list)
    dvmcp: Score | None = None
    cisco: Score | None = None
    avb: Score | None = None
    hostile: Score | None = None
    hostile_line: Score | None = None


def share(hits: int, total: int) -> str:
    return f"{hits}/{total}" if total else "not measured"


def row(one: Measured) -> tuple[str, ...]:
    """The numbers of one auditor in the order of :data:`HEADS`."""
    judged = [case.silent for case in one.cases if case.silent is not None]
    high = sum(len(quiet.high) for quiet in one.quiet)
    lines = sum(quiet.lines for quiet in one.quiet)
    loud = sum(bool(quiet.high) for quiet in one.quiet)
    seconds = [quiet.seconds for quiet in one.quiet if not quiet.failed]
    return (
        one.name,
        share(sum(case.strict for case in one.cases), len(one.cases)),
        share(sum(case.loose for case in one.cases), len(one.cases)),
        share(sum(judged), len(judged)),
        f"{high} ({loud} of {len(one.quiet)})" if one.quiet else "not measured",
        f"{1000 * high / lines:.3f}" if lines else "not measured",
        share(sum(case.hit for case in one.artefacts), len(one.artefacts)),
        _hits(one.dvmcp),
        _hits(one.cisco),
        _false(one.cisco),
        _hits(one.avb),
        _false(one.avb),
        _hits(one.hostile),
        _hits(one.hostile_line),
        _false(one.hostile),
        f"{statistics.median(seconds):.2f}" if seconds else "not measured",
    )


def _hits(score: Score | None) -> str:
    return share(score.hit, score.total) if score else "not measured"


def _false(score: Score | None) -> str:
    return str(len(score.false)) if score else "not measured"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(one) + " |" for one in rows]
    return "\n".join(lines)


def beside(everybody: list[Measured], missing: list[tuple[str, str]]) -> str:
    """One table, and under it who could not be asked."""
    text = table(HEADS, (row(one) for one in everybody))
    union = {case.case for one in everybody for case in one.cases if case.strict}
    total = max((len(one.cases) for one in everybody), default=0)
    text += f"\n\nAll of these together, at the line: {len(union)} of {total}."
    if missing:
        text += "\n\nNot run: " + "; ".join(f"{name} ({why})" for name, why in missing) + "."
    return text


def details(one: Measured) -> Iterator[str]:
    """The cases behind a row, for the person who mends or adjudicates."""
    yield f"\n### {one.name} {one.version}\n"
    yield table(("case", "class", "at the line", "silent once mended"), map(_case, one.cases))
    yield from _listed("high on benign servers", one.quiet)
    yield from _listed("high on published artifacts of benign servers", one.published)
    for case in one.artefacts:
        after = "" if case.after is None else f", {len(case.after)} high once mended"
        yield f"- {case.label} {case.kind}: {'hit' if case.hit else 'MISSED'}{after} {case.failed}"
    scores = (
        ("DVMCP", one.dvmcp),
        ("Cisco", one.cisco),
        ("AVB", one.avb),
        ("hostile", one.hostile),
    )
    for name, score in scores:
        if score is not None:
            yield from _score(name, score)


def _case(case: vulnerable.Outcome) -> tuple[str, ...]:
    strict = (
        "yes" if case.strict else ("in the file" if case.loose else f"NO {case.failed}".strip())
    )
    silent = {True: "yes", False: f"NO, {len(case.after)} left", None: ""}[case.silent]
    return case.case, case.kind, strict, silent


def _listed(title: str, quiet: list[benign.Quiet]) -> Iterator[str]:
    known = benign.verdicts()
    if quiet:
        lines = sum(one.lines for one in quiet)
        yield f"\n{title}: {sum(len(one.high) for one in quiet)} in {lines} lines\n"
    for server in quiet:
        if server.failed:
            yield f"- {server.name}: FAILED {server.failed}"
        for (rule, path), count in sorted(Counter((o.rule, o.path) for o in server.high).items()):
            at = [str(o.line) for o in server.high if (o.rule, o.path) == (rule, path)]
            verdict = known.get((server.name, rule, path), "not looked at")
            yield f"- {server.name}: {rule} {path}:{','.join(at[:6])} x{count} [{verdict}]"


def _score(name: str, score: Score) -> Iterator[str]:
    yield f"\n{name}: {score.hit} of {score.total}; {len(score.false)} false\n"
    for group in sorted({*score.hits, *score.missed}):
        missed = score.missed.get(group, [])
        total = len(score.hits.get(group, [])) + len(missed)
        said = f": missed {', '.join(missed)}" if missed else ""
        yield f"- {group} {total - len(missed)}/{total}{said}"
    for where, one in score.false:
        yield f"- FALSE {where}: {one.rule} {one.severity} {one.path}:{one.line}"
    for failed in score.failed:
        yield f"- FAILED {failed}"
