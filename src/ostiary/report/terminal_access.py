"""The access map, the credentials and the policies for a terminal."""

from __future__ import annotations

from rich.text import Text

from ostiary.model.access import Credential, ToxicFlow
from ostiary.model.counted import counted
from ostiary.model.grade import Confidence
from ostiary.model.visible import visible
from ostiary.report.access_map import LETTERS, ClientRow, Label, Mark, ServerRow
from ostiary.report.paper import Paper

_MANY = 40
"""With more server rows than this, a client shows its most powerful ones only."""
_FEW = 5
_KNOWN = {
    "surface": "live",
    "memory": "memory",
    "captured": "captured",
    "audit": "audit",
    "known package": "package",
}
_DANGEROUS = frozenset("dxs$a")
_LABELS = (("private", "p"), ("untrusted", "u"), ("outward", "o"))


def write_map(paper: Paper, clients: tuple[ClientRow, ...], everything: bool) -> None:
    """Toxic flows first, then each client with its servers."""
    paper.heading("Access map: who can reach what, at what level")
    if not clients:
        paper.write("No client and no server was found.")
        return
    _legend(paper)
    _flows(paper, [flow for client in clients for flow in client.flows], everything)
    total = sum(len(client.servers) for client in clients)
    most = None if everything or total <= _MANY else _FEW
    idle = [client for client in clients if not client.servers]
    for client in clients:
        if client.servers:
            _client(paper, client, most)
    if idle:
        paper.blank()
        names = ", ".join(visible(client.name, 60) for client in idle)
        paper.write(Text(f"No servers configured: {names}", "dim"))


def _legend(paper: Paper) -> None:
    letters = "  ".join(f"{letter} {word}" for _, letter, word in LETTERS)
    paper.write(Text(f"{letters}  · none", "dim"))
    paper.write(
        Text("p private data  u untrusted content  o way out  ? after a letter: weak sign", "dim")
    )


def _flows(paper: Paper, flows: list[ToxicFlow], everything: bool) -> None:
    """Every path, or of each kind the surest path with the names of the clients that have one."""
    if not flows:
        return
    paper.blank()
    paper.write(Text(f"Dangerous together: {counted(len(flows), 'path')}", "bold red"))
    kinds: dict[str, list[ToxicFlow]] = {}
    for flow in sorted(flows, key=lambda one: -one.confidence):
        kinds.setdefault(flow.kind, []).append(flow)
    for kind, alike in kinds.items():
        for flow in alike if everything else alike[:1]:
            _flow(paper, kind, flow)
        rest = alike[1:]
        if rest and not everything:
            names = ", ".join(dict.fromkeys(visible(flow.client, 60) for flow in rest))
            said = f"and {counted(len(rest), 'more path')} of this kind, in {names}"
            paper.write(Text(said, "dim"), 6, "      ")


def _flow(paper: Paper, kind: str, flow: ToxicFlow) -> None:
    where = f" in {visible(flow.client, 60)}, {flow.confidence.word} confidence"
    paper.write(Text.assemble((visible(kind, 80), "bold"), where), 4, Text("  ! ", "bold red"))
    paper.write(arrows(flow), 6, "      ")
    paper.write(visible(flow.says, 320), 6, "      ")


def arrows(flow: ToxicFlow) -> Text:
    """The path of a flow: server, tool and what it does, joined by arrows."""
    path = Text()
    for number, step in enumerate(flow.steps):
        if number:
            path.append(" → ", "bold red")
        path.append(f"{visible(step.server, 60)}·{visible(step.tool, 60)}", "bold")
        if step.does:
            path.append(f" ({visible(step.does, 80)})")
    return path


def _client(paper: Paper, client: ClientRow, most: int | None) -> None:
    paper.blank()
    name = max(18, min(30, paper.width // 4))
    widths = (name, 14, 6, paper.width - name - 34, 8)
    unknown = f", {client.unknown:,} unknown" if client.unknown else ""
    union = Text(f"all together: {counted(len(client.servers), 'server')}{unknown}", "bold")
    if client.asked.startswith("nobody"):
        union.append(f"\nasks {visible(client.asked, 160)}", "red")
    paper.row(
        (
            Text(visible(client.name, 60), "bold"),
            _levels(client.marks),
            _labels(client.labels),
            union,
            Text("known by", "dim"),
        ),
        widths,
    )
    shown = client.servers if most is None else client.servers[:most]
    for server in shown:
        _server(paper, server, client, widths)
    hidden = client.servers[len(shown) :]
    if hidden:
        gone = sum(not row.known for row in hidden)
        said = f"and {counted(len(hidden), 'more server')}, {gone:,} of them unknown"
        paper.write(Text(f"{said}; `ostiary access` lists all", "dim"), 2, "  ")


def _server(paper: Paper, server: ServerRow, client: ClientRow, widths: tuple[int, ...]) -> None:
    name = Text(f"  {visible(server.name, 120)}")
    if not server.enabled:
        name.append(" (off)", "dim")
    known = Text(_KNOWN.get(server.known_from, "nothing"), "" if server.known else "bold yellow")
    blank = not server.known and not server.marks
    levels = Text("unknown", "bold yellow") if blank else _levels(server.marks)
    labels = Text("") if blank else _labels(server.labels)
    paper.row((name, levels, labels, _reach(server, client), known), widths)


def _reach(server: ServerRow, client: ClientRow) -> Text:
    """Objects and data in words, then what stands out about this server."""
    lines: list[Text] = []
    if not server.known:
        lines.append(Text("not looked at", "bold yellow"))
    things = dict.fromkeys([*server.objects, *(one.value for one in server.data)])
    if things:
        lines.append(Text(visible(", ".join(things), 200)))
    if server.holds:
        lines.append(Text(f"holds {visible(', '.join(server.holds), 160)}"))
    if server.asked != client.asked:
        style = "red" if server.asked.startswith("nobody") else ""
        lines.append(Text(f"asks {visible(server.asked, 160)}", style))
    for claim in server.contradicted[:2]:
        lines.append(Text(f"claim contradicted: {visible(claim, 160)}", "yellow"))
    if len(server.contradicted) > 2:
        lines.append(Text(f"and {len(server.contradicted) - 2:,} more contradicted claims"))
    if not lines:
        lines.append(Text(visible(server.note, 160) or "no tool known", "dim"))
    return Text("\n").join(lines)


def _levels(marks: tuple[Mark, ...]) -> Text:
    has = {mark.level: mark for mark in marks}
    cells = Text()
    for level, letter, _ in LETTERS:
        mark = has.get(level)
        if mark is None:
            cells.append("· ", "dim")
            continue
        weak = "?" if mark.confidence is Confidence.LOW else " "
        cells.append(letter + weak, "bold red" if letter in _DANGEROUS else "bold")
    return cells


def _labels(labels: tuple[Label, ...]) -> Text:
    has = {label.name: label for label in labels}
    cells = Text()
    for name, letter in _LABELS:
        label = has.get(name)
        if label is None:
            cells.append("· ", "dim")
            continue
        cells.append(letter + ("?" if label.confidence is Confidence.LOW else " "), "bold")
    return cells


def write_credentials(paper: Paper, credentials: tuple[Credential, ...]) -> None:
    """Each credential by name: what it is, who holds it, where it lies, how coarse it is."""
    if not credentials:
        return
    paper.heading(f"Credentials in configuration: {len(credentials):,} (values are never shown)")
    for one in credentials:
        coarse = Text(" coarse ", "bold black on yellow") if one.coarse else Text()
        title = Text.assemble((visible(one.name, 80), "bold"), f", {visible(one.kind, 80)} ")
        paper.write(title + coarse)
        places = "; ".join(visible(place, 200) for place in one.places[:4])
        more = f"; and {len(one.places) - 4:,} more" if len(one.places) > 4 else ""
        paper.write(f"held by {visible(', '.join(one.servers), 300) or 'no server'}", 2, "  ")
        paper.write(f"in {counted(len(one.places), 'place')}: {places}{more}", 2, "  ")
        paper.write(f"opens: {visible(one.breadth, 300)}", 2, "  ")


def write_clients(paper: Paper, clients: tuple[ClientRow, ...], everything: bool) -> None:
    """Per client: policies in force and their strength, and who decides about approvals.

    ``everything`` adds how the policies work and what a change of tools leads to.
    """
    real = [client for client in clients if client.application]
    if not real:
        return
    paper.heading("Policies and approvals")
    alike: dict[tuple[object, ...], list[ClientRow]] = {}
    for client in real:
        key = (
            client.control, client.policies, client.decides, client.bypass,
            client.tool_change, client.unseen,
        )  # fmt: skip
        alike.setdefault(key, []).append(client)
    for same in alike.values():
        client = same[0]
        paper.write(Text(", ".join(visible(one.name, 60) for one in same), "bold"))
        note = f". {client.control_note}" if everything and client.control_note else ""
        paper.write(visible(f"{client.control}{note}", 400), 13, "  control    ")
        for policy in client.policies[:6]:
            paper.write(visible(policy, 300), 13, "  in force   ")
        if len(client.policies) > 6:
            paper.write(f"and {len(client.policies) - 6:,} more policies", 13, " " * 13)
        paper.write(visible(client.decides, 240), 13, "  who asks   ")
        if client.bypass:
            paper.write(Text(visible("; ".join(client.bypass), 300), "red"), 13, "  unasked    ")
        if everything and client.tool_change:
            paper.write(visible(client.tool_change, 240), 13, "  on change  ")
        if everything and client.unseen:
            paper.write(visible(client.unseen, 400), 13, "  not seen   ")
