"""The scan as Markdown for issues and pull requests; safe where GitHub renders it."""

from __future__ import annotations

from ostiary.model.access import ToxicFlow
from ostiary.model.counted import counted
from ostiary.model.grade import Confidence
from ostiary.model.scan import ScanResult
from ostiary.report.access_map import LETTERS, ClientRow, Mark, ServerRow, rows
from ostiary.report.headline import headline
from ostiary.report.markdown_text import cell, code, prose
from ostiary.report.places import Group, groups
from ostiary.report.taxonomy import title
from ostiary.report.view import View

_FULL = 50
"""Findings told in full: forges refuse long comments."""
_REST = 200


def present(result: ScanResult, _view: View) -> str:
    """See :func:`render`."""
    return render(result)


def render(result: ScanResult) -> str:
    """The whole report. Beyond the first findings, the others are counted by rule."""
    head = headline(result)
    lines = [
        f"# Ostiary scan: {result.completeness.value}",
        "",
        f"**{head.text}**",
        "",
        head.looked_at,
    ]
    lines += _findings(groups(result.findings))
    lines += _not_checked(result)
    lines += _changes(result)
    lines += _access(rows(result))
    lines += _credentials(result)
    lines += _policies(rows(result))
    lines += _accepted(result)
    return "\n".join(lines) + "\n"


def _findings(found: tuple[Group, ...]) -> list[str]:
    if not found:
        return []
    lines = ["", "## Findings"]
    for group in found[:_FULL]:
        lines += _finding(group)
    rest: dict[tuple[int, str, str], int] = {}
    for group in found[_FULL:]:
        key = (-group.first.severity, group.first.severity.word, group.first.rule)
        rest[key] = rest.get(key, 0) + group.size
    if rest:
        lines += ["", f"And {counted(sum(rest.values()), 'more finding')}:", ""]
        lines += [
            f"- {number:,} × {word}: {cell(rule)}"
            for (_, word, rule), number in sorted(rest.items())
        ]
    return lines


def _finding(group: Group) -> list[str]:
    one = group.first
    lines = [
        "",
        f"### {one.severity.word.upper()}: {prose(one.title, 120)}",
        "",
        f"- **Where:** {code(one.location.words(), 400)}",
        f"- **What is wrong:** {prose(one.message)}",
    ]
    proof = next((step.excerpt for step in one.evidence if step.excerpt), "")
    if proof:
        lines.append(f"- **Proof:** {code(proof, 400)}")
    lines += [
        f"- **What it allows here:** {prose(one.consequence)}",
        f"- **What to do:** {prose(one.remedy)}",
        (
            f"- **Rule:** {code(one.rule)}, {one.confidence.word} confidence, "
            f"fingerprint {code(one.fingerprint)}"
        ),
    ]
    if one.references:
        named = "; ".join(f"{prose(key)} {prose(title(key))}".strip() for key in one.references)
        lines.append(f"- **Standards:** {named}")
    if group.rest:
        lines += ["", f"  The same at {counted(len(group.rest), 'more place')}:", ""]
        for other in group.rest[:_REST]:
            lines.append(f"  - {code(other.location.words(), 300)}")
        if len(group.rest) > _REST:
            lines.append(f"  - and {len(group.rest) - _REST:,} more")
    return lines


def _not_checked(result: ScanResult) -> list[str]:
    if not result.not_checked:
        return []
    lines = ["", "## Not checked", ""]
    for one in result.not_checked:
        remedy = f" **To check it:** {prose(one.remedy)}" if one.remedy else ""
        lines.append(f"- {code(one.subject)}: {prose(one.reason)}{remedy}")
    return lines


def _changes(result: ScanResult) -> list[str]:
    if not result.changes:
        return []
    lines = ["", "## What changed since last time", ""]
    lines += ["| weight | server | part | change | before | after |", "| --- " * 6 + "|"]
    for one in sorted(result.changes, key=lambda change: -change.severity):
        lines.append(
            f"| {one.severity.word} | {cell(one.server)} | {cell(one.part)} | {prose(one.says)} "
            f"| {cell(one.before)} | {cell(one.after)} |"
        )
    return lines


def _access(clients: tuple[ClientRow, ...]) -> list[str]:
    lines = ["", "## Access map", ""]
    if not clients:
        return [*lines, "No client and no server was found."]
    letters = ", ".join(f"{letter} {word}" for _, letter, word in LETTERS)
    lines.append(f"{letters}; `?` after a letter: little evidence.")
    flows = [flow for client in clients for flow in client.flows]
    if flows:
        lines += ["", "### Dangerous together", ""]
        lines += [_flow(number, flow) for number, flow in enumerate(flows, 1)]
    for client in clients:
        lines += _client(client)
    return lines


def _flow(number: int, flow: ToxicFlow) -> str:
    steps = " → ".join(
        f"{code(f'{step.server}·{step.tool}')} ({prose(step.does)})" for step in flow.steps
    )
    return (
        f"{number}. **{prose(flow.kind)}** in {code(flow.client)}, {flow.confidence.word} "
        f"confidence: {steps}. {prose(flow.says)}"
    )


def _client(client: ClientRow) -> list[str]:
    unknown = f", **{client.unknown:,} unknown**" if client.unknown else ""
    lines = ["", f"### {prose(client.name, 80)}", ""]
    if not client.servers:
        return [*lines, "No server is configured."]
    lines += [
        f"{counted(len(client.servers), 'server')}{unknown}; all together {_levels(client.marks)}.",
        "",
        "| server | levels | objects and data | labels | who is asked | known by |",
        "| --- " * 6 + "|",
    ]
    return lines + [_server(server) for server in client.servers]


def _server(server: ServerRow) -> str:
    off = " (off)" if not server.enabled else ""
    things = ", ".join(dict.fromkeys([*server.objects, *(one.value for one in server.data)]))
    labels = ", ".join(label.name for label in server.labels)
    levels = _levels(server.marks) if server.known or server.marks else "**unknown**"
    return (
        f"| {cell(server.name)}{off} | {levels} | {prose(things)} | {labels} "
        f"| {prose(server.asked)} | {server.how_known} |"
    )


def _levels(marks: tuple[Mark, ...]) -> str:
    letters = {level: letter for level, letter, _ in LETTERS}
    found = " ".join(
        letters[mark.level] + ("?" if mark.confidence is Confidence.LOW else "") for mark in marks
    )
    return f"`{found}`" if found else "no sign of any"


def _credentials(result: ScanResult) -> list[str]:
    if not result.credentials:
        return []
    lines = ["", "## Credentials in configuration", "", "Values are never shown.", ""]
    lines += ["| name | kind | held by | places | what it opens |", "| --- " * 5 + "|"]
    for one in result.credentials:
        coarse = "**coarse:** " if one.coarse else ""
        places = "<br>".join(cell(place) for place in one.places)
        lines.append(
            f"| {cell(one.name)} | {prose(one.kind)} | {cell(', '.join(one.servers))} "
            f"| {places} | {coarse}{prose(one.breadth)} |"
        )
    return lines


def _policies(clients: tuple[ClientRow, ...]) -> list[str]:
    real = [client for client in clients if client.application]
    if not real:
        return []
    lines = ["", "## Policies and approvals"]
    for client in real:
        lines += ["", f"### {prose(client.name, 80)}: policies", ""]
        note = f". {prose(client.control_note)}" if client.control_note else ""
        lines.append(f"- **Strength of control:** {prose(client.control)}{note}")
        lines += [f"- **In force:** {code(policy, 300)}" for policy in client.policies]
        lines.append(f"- **Who decides that a person is asked:** {prose(client.decides)}")
        lines += [f"- **Runs unasked:** {code(bypass)}" for bypass in client.bypass]
        if client.tool_change:
            lines.append(f"- **When a server changes its tools:** {prose(client.tool_change)}")
        if client.unseen:
            lines.append(f"- **Not visible in files:** {prose(client.unseen)}")
    return lines


def _accepted(result: ScanResult) -> list[str]:
    if not result.suppressed:
        return []
    lines = ["", "## Accepted earlier", ""]
    for one in result.suppressed:
        until = f" Until {prose(one.until)}." if one.until else ""
        place = code(one.finding.location.words(), 300)
        lines.append(f"- {prose(one.finding.title)}: {place}. {prose(one.reason)}{until}")
    return lines
