"""How what a server declares changed over its revisions, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ostiary.model.visible import visible
from ostiary.report.json_text import Json
from ostiary.report.markdown_text import code, prose
from ostiary.report.paper import SEVERITY, Paper

if TYPE_CHECKING:
    from ostiary.analyze.history import Passage

TITLE = "What earlier revisions declared"


def history_json(steps: tuple[Passage, ...]) -> list[Json]:
    """Each step with its changes."""
    return [
        {
            "before": one.before.revision,
            "after": one.after.revision,
            "tools_before": [tool.name for tool in one.before.surface.tools],
            "tools_after": [tool.name for tool in one.after.surface.tools],
            "changes": [
                {
                    "part": change.part,
                    "says": change.says,
                    "severity": change.severity.word,
                    "kind": change.kind,
                    "before": change.before,
                    "after": change.after,
                }
                for change in one.changes
            ],
        }
        for one in steps
    ]


def write_history(paper: Paper, steps: tuple[Passage, ...]) -> None:
    """For a terminal."""
    if not steps:
        return
    paper.heading(TITLE)
    for one in steps:
        paper.write(Text(_step(one), "bold"), 2)
        for change in one.changes:
            lead = Text(f"  {change.severity.word.upper():<8} ", SEVERITY[change.severity])
            paper.write(f"{visible(change.part, 120)}: {visible(change.says, 300)}", 11, lead)
        if not one.changes:
            paper.write("  nothing that a model would see")


def history_lines(steps: tuple[Passage, ...]) -> list[str]:
    """For Markdown."""
    if not steps:
        return []
    lines = ["", f"## {TITLE}"]
    for one in steps:
        lines += ["", f"### {prose(_step(one), 400)}", ""]
        lines += [
            f"- **{change.severity.word}:** {code(change.part, 120)} {prose(change.says, 300)}"
            for change in one.changes
        ] or ["Nothing that a model would see."]
    return [*lines, ""]


def _step(one: Passage) -> str:
    return f"{visible(one.before.revision, 160)} to {visible(one.after.revision, 160)}"
