"""Lines of styled text that fit a terminal, wrapped by the width characters really have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TextIO, cast

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ostiary.model.grade import Severity

SEVERITY = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}


class _Nowhere:
    """The file a console needs to exist. Nothing is written to it."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False


class Paper:
    """Collects lines of one report. ``text`` gives them as plain text or with ANSI styles."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = max(width, 40)
        self._lines: list[Text] = []
        self._console = Console(
            file=cast(TextIO, _Nowhere()),
            width=self.width,
            height=25,
            color_system="standard" if colour else None,
            force_terminal=colour,
            force_interactive=False,
            legacy_windows=False,
            emoji=False,
            markup=False,
            highlight=False,
            _environ={},
        )
        self._colour = colour

    def blank(self) -> None:
        """One empty line, never two."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Text())

    def heading(self, text: str) -> None:
        """A heading with a rule to the right edge."""
        self.blank()
        rule = "─" * max(self.width - cell_len(text) - 1, 0)
        self._lines.append(Text.assemble((text, "bold"), " ", (rule, "dim")))

    def write(self, text: Text | str, hang: int = 0, lead: Text | str = "") -> None:
        """``text`` wrapped; ``lead`` begins the first line, the others hang ``hang`` in."""
        lead = lead if isinstance(lead, Text) else Text(lead)
        body = text if isinstance(text, Text) else Text(text)
        pad = " " * hang
        for number, line in enumerate(self._wrapped(body, self.width - hang)):
            before = lead.copy() if number == 0 else Text(pad)
            if number == 0:
                before.append(" " * (hang - before.cell_len))
            self._lines.append(before + line)

    def row(self, cells: Sequence[Text], widths: Sequence[int], indent: int = 0) -> None:
        """Cells side by side, each wrapped to its own width, one column apart."""
        wrapped = [self._cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for parts in zip_longest(*wrapped):
            line = Text(" " * indent)
            for part, width in zip(parts, widths, strict=True):
                piece = part if part is not None else Text()
                line.append_text(piece)
                line.append(" " * (width - piece.cell_len + 1))
            line.rstrip()
            self._lines.append(line)

    def text(self) -> str:
        """Everything written, ending in one line end."""
        while self._lines and not self._lines[-1].plain:
            self._lines.pop()
        if not self._colour:
            return "".join(f"{line.plain.rstrip()}\n" for line in self._lines)
        with self._console.capture() as captured:
            self._console.print(
                Text("\n").join(self._lines), soft_wrap=True, no_wrap=True, overflow="ignore"
            )
        return captured.get()

    def _cell(self, cell: Text, width: int) -> list[Text]:
        lines: list[Text] = []
        for part in cell.split("\n", allow_blank=True):
            lines += self._wrapped(part, width)
        return lines

    def _wrapped(self, text: Text, width: int) -> list[Text]:
        if text.cell_len <= width:
            return [text]
        lines = list(text.wrap(self._console, max(width, 10), overflow="fold"))
        for line in lines:
            line.rstrip()
        return lines
