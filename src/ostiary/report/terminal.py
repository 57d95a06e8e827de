"""The scan for a person at a terminal: worst first, then the access map, then what to do."""

from __future__ import annotations

from rich.text import Text

from ostiary.model.change import Change
from ostiary.model.counted import counted
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.model.outcome import Completeness, NotChecked
from ostiary.model.scan import ScanResult
from ostiary.model.visible import visible
from ostiary.report.access_map import rows, unknown_servers
from ostiary.report.gaps import together
from ostiary.report.headline import headline
from ostiary.report.paper import SEVERITY, Paper
from ostiary.report.places import Family, families, groups
from ostiary.report.terminal_access import write_clients, write_credentials, write_map
from ostiary.report.view import View

_FULL = 12
"""Rules told in full. With more, nobody reads the page in a minute."""
_BRIEF = 30
"""Findings told in one line after those."""
_PLACES = 4
"""Places of one rule told with what is wrong there; the others are named."""
_ALSO = 4
_GAPS = 15
_CHANGES = 25
STYLES = {"found": "bold red", "not checked": "bold yellow", "clean": "bold green"}
"""The style of a headline, by its state."""
_PERSONAS = (
    (Persona.DEFAULT, "Findings"),
    (Persona.STRICT, "For a security reviewer (--strict)"),
    (Persona.PEDANTIC, "Hygiene (--pedantic)"),
)


def present(result: ScanResult, view: View) -> str:
    """See :func:`render`."""
    return render(result, view.width, view.colour, view.access_only)


def render(result: ScanResult, width: int, colour: bool, access_only: bool = False) -> str:
    """The report at ``width`` columns. ``access_only`` leaves the map and what belongs to it."""
    paper = Paper(width, colour)
    if access_only:
        _top(paper, result, "Ostiary access map")
        write_not_checked(paper, result.not_checked)
        write_map(paper, rows(result), everything=True)
        write_credentials(paper, result.credentials)
        write_clients(paper, rows(result), everything=True)
        return paper.text()
    _top(paper, result, "Ostiary scan")
    for persona, heading in _PERSONAS:
        _findings(paper, heading, [one for one in result.findings if one.persona is persona])
    write_not_checked(paper, result.not_checked)
    _changes(paper, result.changes)
    write_map(paper, rows(result), everything=False)
    write_credentials(paper, result.credentials)
    write_clients(paper, rows(result), everything=False)
    _accepted(paper, result)
    _next(paper, result)
    return paper.text()


def _top(paper: Paper, result: ScanResult, title: str) -> None:
    head = headline(result)
    complete = result.completeness is Completeness.COMPLETE
    mark = Text(
        f" {result.completeness.value} ", "bold black on " + ("green" if complete else "yellow")
    )
    paper.write(Text.assemble((title, "bold"), "  ") + mark)
    paper.write(Text(head.text, STYLES[head.state]))
    paper.write(Text(head.looked_at, "dim"))


def _findings(paper: Paper, heading: str, findings: list[Finding]) -> None:
    if not findings:
        return
    found = families(groups(tuple(findings)))
    paper.heading(f"{heading}: {len(findings):,}")
    full = [one for one in found if one.first.severity >= Severity.MEDIUM][:_FULL]
    brief = found[len(full) : len(full) + _BRIEF]
    for number, family in enumerate(full):
        if number:
            paper.blank()
        _block(paper, family)
    if full:
        paper.blank()
    for family in brief:
        _line(paper, family)
    _remainder(paper, found[len(full) + len(brief) :])


def _block(paper: Paper, family: Family) -> None:
    """One rule in a compact block: its places with what is wrong there, why, what to do."""
    first = family.first
    lead = Text.assemble((f" {first.severity.word.upper()} ", SEVERITY[first.severity]), " ")
    times = f" ×{family.size:,}" if family.size > 1 else ""
    title = Text.assemble((visible(first.title, 120), "bold"), times, (f"  {first.rule}", "dim"))
    paper.write(title, lead.cell_len, lead)
    for group in family.groups[:_PLACES]:
        _place(paper, group.first)
    others = [one for group in family.groups[:_PLACES] for one in group.rest]
    others += [one for group in family.groups[_PLACES:] for one in (group.first, *group.rest)]
    if others:
        said = "; ".join(visible(_short(one), 90) for one in others[:_ALSO])
        more = f"; and {len(others) - _ALSO:,} more" if len(others) > _ALSO else ""
        paper.write(
            f"the same at {counted(len(others), 'more place')}: {said}{more}", 8, "  also  "
        )
    if first.consequence:
        paper.write(visible(first.consequence, 320), 8, "  why   ")
    paper.write(Text(visible(first.remedy, 320), "green"), 8, "  do    ")


def _place(paper: Paper, finding: Finding) -> None:
    where = Text.assemble(_where(finding), (f"  {finding.fingerprint}", "dim"))
    paper.write(where, 8, "  where ")
    paper.write(visible(finding.message, 320), 8, "  what  ")
    proof = next((step.excerpt for step in finding.evidence if step.excerpt), "")
    if proof and proof not in finding.message:
        paper.write(Text(visible(proof, 240), "italic"), 8, "  proof ")


def _where(finding: Finding) -> str:
    words = visible(finding.location.words(), 300)
    client = finding.location.client
    return f"{words}, in {visible(client, 60)}" if client and client not in words else words


def _short(finding: Finding) -> str:
    place = finding.location
    line = f"{place.file}:{place.line}" if place.file and place.line else place.file
    part = ", ".join(bit for bit in (place.server, place.part) if bit) if place.part else ""
    return part or line or place.words()


def _line(paper: Paper, family: Family) -> None:
    first = family.first
    lead = Text.assemble((f"{first.severity.word.upper():<8}", SEVERITY[first.severity]), " ")
    size = f" ×{family.size:,}" if family.size > 1 else ""
    text = Text.assemble(
        visible(first.title, 120),
        f"{size}: {visible(first.location.words(), 160)}",
        (f"  {first.rule} {first.fingerprint}", "dim"),
    )
    paper.write(text, 9, lead)


def _remainder(paper: Paper, rest: tuple[Family, ...]) -> None:
    """What is left, by rule: nothing is dropped without being counted."""
    if not rest:
        return
    sums: dict[tuple[int, str, str], int] = {}
    for family in rest:
        key = (-family.first.severity, family.first.rule, family.first.title)
        sums[key] = sums.get(key, 0) + family.size
    paper.blank()
    total = sum(sums.values())
    paper.write(f"And {counted(total, 'more finding')}, all of them with --json or --html:")
    for (severity, rule, title), number in sorted(sums.items()):
        word = Text(f"{Severity(-severity).word.upper():<8}", SEVERITY[Severity(-severity)])
        paper.write(f"{number:>7,}  {visible(title, 80)}  {rule}", 9, word)


def write_not_checked(paper: Paper, missed: tuple[NotChecked, ...]) -> None:
    """What was asked for and not looked at; nothing for nothing."""
    if not missed:
        return
    paper.heading(f"NOT CHECKED: {len(missed):,}")
    told = together(missed)
    for one in told[:_GAPS]:
        paper.write(
            Text.assemble((visible(one.subject, 200), "bold"), f": {visible(one.reason, 400)}"),
            2,
            Text("? ", "yellow"),
        )
        if one.remedy:
            paper.write(Text(visible(one.remedy, 400), "green"), 8, "  do    ")
    if len(told) > _GAPS:
        paper.write(f"  and {len(told) - _GAPS:,} more, all of them with --json or --html")


def _changes(paper: Paper, changes: tuple[Change, ...]) -> None:
    if not changes:
        return
    paper.heading(f"What changed since last time: {len(changes):,}")
    ordered = sorted(changes, key=lambda one: -one.severity)
    for one in ordered[:_CHANGES]:
        lead = Text.assemble((f"{one.severity.word.upper():<8}", SEVERITY[one.severity]), " ")
        what = f"{visible(one.server, 80)}, {visible(one.part, 120)}: {visible(one.says, 240)}"
        paper.write(what, 9, lead)
        if one.before and one.severity >= Severity.MEDIUM:
            paper.write(Text(visible(one.before, 160), "red"), 11, Text("         - ", "red"))
        if one.after and one.severity >= Severity.MEDIUM:
            paper.write(Text(visible(one.after, 160), "green"), 11, Text("         + ", "green"))
    if len(ordered) > _CHANGES:
        paper.write(f"  and {len(ordered) - _CHANGES:,} more, all of them with --json or --html")


def _accepted(paper: Paper, result: ScanResult) -> None:
    if not result.suppressed:
        return
    paper.heading(f"Accepted earlier: {len(result.suppressed):,}")
    for one in result.suppressed[:10]:
        until = f", until {one.until}" if one.until else ""
        place = visible(one.finding.location.words(), 120)
        paper.write(f"{one.finding.rule} at {place}: {visible(one.reason, 160)}{until}", 2, "- ")
    if len(result.suppressed) > 10:
        paper.write(f"  and {len(result.suppressed) - 10:,} more")


def _next(paper: Paper, result: ScanResult) -> None:
    steps: list[tuple[str, str]] = []
    if result.findings:
        worst = result.findings[0]
        steps.append((f"ostiary explain {worst.fingerprint}", "the worst, with these options"))
    unknown = len(unknown_servers(result))
    if unknown and not result.scope.connected:
        steps.append(
            ("ostiary scan --connect", f"ask {counted(unknown, 'unknown server')} in a box")
        )
    if result.clients or result.server_access:
        steps.append(("ostiary access", "the whole access map"))
    steps.append(("ostiary scan --html report.html", "this report as a page, with a picture"))
    paper.heading("Next steps")
    longest = max(len(command) for command, _ in steps)
    for command, says in steps:
        lead = Text.assemble("  ", (f"{command:<{longest}}", "bold"), "  ")
        paper.write(says, longest + 4, lead)
