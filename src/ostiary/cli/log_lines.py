"""The record as lines on a terminal, in which nothing that a stranger named can act."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from rich.console import Console
from rich.text import Text

from ostiary.cli.answer import CannotWrite
from ostiary.cli.streams import discard
from ostiary.ledger.actions import Conversation, arguments_of
from ostiary.ledger.reading import Record, contents
from ostiary.ledger.verify import ChainReport, Report, Verdict
from ostiary.model.visible import visible

_STYLES = {
    "allow": "green",
    "ok": "green",
    "deny": "bold red",
    "ask": "yellow",
    "error": "red",
    "failed": "red",
    "unknown": "yellow",
    "cancelled": "yellow",
    "refused": "red",
}
_LONGEST = 400
_VERDICTS = {
    Verdict.INTACT: ("intact", "bold green"),
    Verdict.TAMPERED: ("TAMPERED", "bold red"),
    Verdict.INCOMPLETE: ("INCOMPLETE", "bold yellow"),
}


class Printer:
    """Writes lines to standard output. A reader who is gone ends it quietly."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._gone = False

    def lines(self, texts: Iterable[Text]) -> None:
        """Write styled lines."""
        for text in texts:
            if not self._gone:
                self._try(partial(self._console.print, text))

    def plain(self, text: str) -> None:
        """Write one line as it is."""
        if not self._gone:
            self._try(lambda: sys.stdout.write(text + "\n"))

    def flush(self) -> None:
        """Let everything out."""
        self._try(sys.stdout.flush)

    def _try(self, write: Callable[[], object]) -> None:
        try:
            write()
        except BrokenPipeError:
            self._gone = True
            discard(sys.stdout)
            raise SystemExit(0) from None
        except OSError as error:
            discard(sys.stdout)
            raise CannotWrite(f"cannot write to standard output: {error.strerror}") from None


def moment(at: float) -> str:
    """A time for people, UTC."""
    try:
        told = datetime.fromtimestamp(at, UTC).isoformat(sep=" ", timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return f"at {at!r}"
    return told.replace("+00:00", "Z")


def record_line(record: Record) -> Iterator[Text]:
    """One record, on one line."""
    line = Text(no_wrap=True)
    line.append(moment(record.at), "dim")
    line.append(f"  {record.writer}/{record.number}", "dim")
    line.append(f"  {visible(record.kind, 20)}", "bold")
    effect = record.text("effect")
    if effect:
        line.append(f" {visible(effect, 20)}", _STYLES.get(effect, ""))
    for text in (_who(record), _what(record)):
        if text:
            line.append(f"  {text}")
    if why := record.text("why"):
        line.append(f"  {visible(why, _LONGEST)}", "italic")
    if record.kind == "refused" and record.texts("rules"):
        line.append(f"  [{visible(', '.join(record.texts('rules')), _LONGEST)}]", "dim")
    if shown := _content(record):
        line.append(f"  {shown}", "dim")
    yield line


def _who(record: Record) -> str:
    beside = [record.text(name) for name in ("agent", "client") if record.text(name)]
    who = visible(record.text("principal"), 120)
    return f"{who} ({visible(', '.join(beside), 120)})" if beside else who


def _what(record: Record) -> str:
    words = [record.text(name) for name in ("server", "method", "thing") if record.text(name)]
    levels = record.texts("levels")
    told = " ".join(visible(word, 160) for word in words)
    return f"{told} {{{visible(', '.join(levels), 120)}}}" if levels else told


def _content(record: Record) -> str:
    told = [
        f"{visible(name, 20)} {_short(kept['value'])}"
        for name, kept in contents(record).items()
        if "value" in kept
    ]
    return " ".join(told)


def _short(value: object) -> str:
    return visible(json.dumps(value, ensure_ascii=False), _LONGEST)


def session_lines(one: Conversation) -> Iterator[Text]:
    """One conversation and what it changed."""
    head = Text(style="bold")
    head.append(f"{moment(one.first)} to {moment(one.last)}  ")
    head.append(visible(one.principal, 120) or "the gateway itself")
    beside = ", ".join(visible(name, 80) for name in (one.agent, one.client) if name)
    head.append(f" ({beside})" if beside else "")
    head.append(f"  session {visible(one.session, 80)}" if one.session else "  no session")
    yield head
    for action in one.actions:
        record = action.record
        line = Text("  ")
        line.append(f"{action.outcome:<9} ", _STYLES.get(action.outcome, ""))
        line.append(_what(record))
        if not action.certain:
            line.append("  possibly: its levels are unknown", "yellow")
        if arguments := arguments_of(record):
            line.append(f"  {_short(arguments)}", "dim")
        line.append(f"  {record.writer}/{record.number}", "dim")
        yield line
    if one.refused:
        yield Text(f"  {one.refused} more refused, nothing was forwarded", "dim")


def report_lines(report: Report) -> Iterator[Text]:
    """What verification found, the worst first."""
    for flaw in report.flaws:
        place = f"{visible(flaw.file, 400)}, line {flaw.line}: " if flaw.line else ""
        if flaw.file and not flaw.line:
            place = f"{visible(flaw.file, 400)}: "
        yield Text(f"TAMPERED  {place}{visible(flaw.reason, _LONGEST)}", "red")
    for gap in report.gaps:
        yield Text(f"not checked  {visible(gap, _LONGEST)}", "yellow")
    flawed = {flaw.writer for flaw in report.flaws}
    for chain in report.chains:
        yield from _chain_lines(chain, whole=chain.writer not in flawed)
    word, style = _VERDICTS[report.verdict]
    line = Text("the record is ")
    line.append(word, style)
    yield line


def _chain_lines(chain: ChainReport, *, whole: bool) -> Iterator[Text]:
    told = f"{chain.writer}: {chain.records} records" + ("" if whole else " could be followed")
    if chain.removed:
        told += f", 1 to {chain.removed} removed by retention"
    if chain.unsigned and whole:
        told += f", the last {chain.unsigned} after the last signature"
    told += ", being written" if chain.live else ""
    yield Text(told)
    yield Text(f"  signed by {', '.join(chain.keys) or 'nobody'}", "dim")
    for note in chain.notes:
        yield Text(f"  {visible(note, _LONGEST)}", "dim")
    if whole:
        yield Text(f"  head {chain.writer}/{chain.number}:{chain.hash}")
