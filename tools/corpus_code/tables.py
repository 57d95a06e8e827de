"""What was measured, as Markdown: one table beside others, and the lists behind our row."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus_code import artefacts, benign, vulnerable
from corpus_code.deliberate import Score
from corpus_code.found import Found

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
    high = sum(len(quiet.high) for quiet in one.quiet)
    lines = sum(quiet.lines for quiet in one.quiet)
    loud = sum(bool(quiet.high) for quiet in one.quiet)
    seconds = [quiet.seconds for quiet in one.quiet if not quiet.failed]
    return (
        one.name,
        share(sum(case.strict for case in one.cases), len(one.cases)),
        share(sum(case.loose for case in one.cases), len(one.cases)),
        _silent(one.cases),
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


def _silent(cases: Iterable[vulnerable.Outcome]) -> str:
    """How many are silent once mended; and how many are but for what the mend left."""
    judged = [case for case in cases if case.silent is not None]
    known = vulnerable.left_by_mends()
    flawed = [
        case
        for case in judged
        if not case.silent and all((case.case, one.path) in known for one in case.after)
    ]
    told = share(sum(bool(case.silent) for case in judged), len(judged))
    return f"{told}, {len(flawed)} still flawed" if flawed else told


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


def details(one: Measured, *, verbose: bool = False) -> Iterator[str]:
    """The cases behind a row, for the person who mends or adjudicates."""
    yield f"\n### {one.name} {one.version}\n"
    if one.cases:
        yield table(("case", "class", "at the line", "silent once mended"), map(_case, one.cases))
    if verbose:
        yield from (
            f"- {case.case} once mended: {_short(case.after)}" for case in one.cases if case.after
        )
    yield from _listed("high on benign servers", one.quiet, verbose=verbose)
    yield from _listed(
        "high on published artifacts of benign servers", one.published, verbose=verbose
    )
    for artefact in one.artefacts:
        yield _artefact(artefact)
    scores = (
        ("DVMCP", one.dvmcp),
        ("Cisco", one.cisco),
        ("AVB", one.avb),
        ("hostile", one.hostile),
        ("hostile at the line", one.hostile_line),
    )
    for name, score in scores:
        if score is not None:
            yield from _score(name, score, verbose=verbose)


def _case(case: vulnerable.Outcome) -> tuple[str, ...]:
    strict = (
        "yes" if case.strict else ("in the file" if case.loose else f"NO {case.failed}".strip())
    )
    silent = {True: "yes", False: f"NO, {len(case.after)} left", None: ""}[case.silent]
    return case.case, case.kind, strict, silent


def _artefact(one: artefacts.Outcome) -> str:
    after = "" if one.after is None else f", {len(one.after)} high once mended"
    left = f": {_short(one.after)}" if one.after else ""
    return f"- {one.label} {one.kind}: {'hit' if one.hit else 'MISSED'}{after}{left} {one.failed}"


def _short(found: Iterable[Found]) -> str:
    """Rules and places in few words."""
    said = Counter(f"{one.rule} {one.severity} {one.path}:{one.line}" for one in found)
    return "; ".join(f"{text} x{count}" if count > 1 else text for text, count in said.items())


def _listed(title: str, quiet: list[benign.Quiet], *, verbose: bool) -> Iterator[str]:
    if not quiet:
        return
    lines = sum(one.lines for one in quiet)
    known = benign.verdicts()
    high = Counter(known.of(server.name, one) for server in quiet for one in server.high)
    medium = Counter(known.of(server.name, one) for server in quiet for one in server.medium)
    yield f"\n{title}: {high.total()} in {lines} lines of {len(quiet)} servers: {_words(high)}"
    yield f"\nfalse or not looked at: {_rate(_wrong(high), lines)}"
    yield f"\nmedium: {medium.total()}, {_rate(medium.total(), lines)}: {_words(medium)}"
    yield f"\nmedium, false or not looked at: {_rate(_wrong(medium), lines)}\n"
    for server in quiet:
        if server.failed:
            yield f"- {server.name}: FAILED {server.failed}"
        yield from _files("", server.name, server.high, known)
    for server in quiet if verbose else ():
        yield from _files("(medium) ", server.name, server.medium, known)


def _words(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counted.items())) or "none"


def _wrong(counted: Counter[str]) -> int:
    return counted["false"] + counted[benign.NOT_LOOKED_AT]


def _rate(count: int, lines: int) -> str:
    return f"{1000 * count / max(lines, 1):.3f} per 1,000 lines"


def _files(before: str, name: str, found: Iterable[Found], known: benign.Verdicts) -> Iterator[str]:
    """A line for each rule in each file and what was made of it."""
    at: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        at.setdefault((one.rule, one.path, known.of(name, one)), []).append(str(one.line))
    for (rule, path, verdict), lines in sorted(at.items()):
        yield f"- {before}{name}: {rule} {path}:{','.join(lines[:6])} x{len(lines)} [{verdict}]"


def _score(name: str, score: Score, *, verbose: bool) -> Iterator[str]:
    yield f"\n{name}: {score.hit} of {score.total}; {len(score.false)} false\n"
    for group in sorted({*score.hits, *score.missed}):
        missed = score.missed.get(group, [])
        total = len(score.hits.get(group, [])) + len(missed)
        said = f": missed {', '.join(missed)}" if missed else ""
        yield f"- {group} {total - len(missed)}/{total}{said}"
        for item in missed if verbose else ():
            yield f"  - {item}: said {_short(score.said.get(item, ())) or 'nothing'}"
    for where, one in score.false:
        yield f"- FALSE {where}: {one.rule} {one.severity} {one.path}:{one.line}"
    for failed in score.failed:
        yield f"- FAILED {failed}"
