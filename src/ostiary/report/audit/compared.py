"""Two versions compared, in each of the forms that people and programs read."""

from __future__ import annotations

from rich.text import Text

from ostiary.model.counted import counted
from ostiary.model.version_change import Answer, Comparison, Reply, VersionChange
from ostiary.model.visible import visible
from ostiary.report.json_text import Json
from ostiary.report.markdown_text import code, prose
from ostiary.report.paper import SEVERITY, Paper

_MOST = 60
_NOTES = 3
_LONG = 1500
_REPLIES = {Reply.YES: "bold red", Reply.NO: "green", Reply.UNKNOWN: "yellow"}


def comparison_json(found: Comparison) -> dict[str, Json]:
    """Everything of it."""
    return {
        "before": found.before,
        "after": found.after,
        "changes": [_change_json(one) for one in found.changes],
        "notes": [
            {
                "file": one.file,
                "sections": [{"version": name, "text": text} for name, text in one.sections],
            }
            for one in found.notes
        ],
        "answers": [_answer_json(one) for one in found.answers],
        "not_compared": found.not_compared,
    }


def _change_json(one: VersionChange) -> Json:
    return {
        "kind": one.kind.value,
        "says": one.says,
        "severity": one.severity.word,
        "before": one.before,
        "after": one.after,
        "topic": one.topic,
        "mentioned": one.mentioned,
    }


def _answer_json(one: Answer) -> Json:
    return {
        "concern": one.concern,
        "reply": one.reply.value,
        "reasons": one.reasons,
        "confidence": one.confidence.word,
        "understood": one.understood,
    }


def write_comparison(paper: Paper, found: Comparison) -> None:
    """For a terminal: the answers first, then every change."""
    paper.write(Text(title(found), "bold"))
    for one in found.answers:
        lead = Text(f"{one.reply.value.upper()}  ", _REPLIES[one.reply])
        paper.write(visible(one.concern, 300), lead.cell_len, lead)
        for reason in one.reasons:
            paper.write(visible(reason, 400), 4, "  - ")
    paper.heading(f"Changes: {len(found.changes):,}")
    for change in found.changes[:_MOST]:
        lead = Text(f"{change.severity.word.upper():<8} ", SEVERITY[change.severity])
        paper.write(f"{visible(change.says, 400)}{unsaid(change)}", 9, lead)
        if change.before or change.after:
            paper.write(Text(_both(change), "dim"), 11, " " * 11)
    _rest(paper, found)
    if found.not_compared:
        paper.heading(f"Not compared: {len(found.not_compared):,}")
        for said in found.not_compared:
            paper.write(visible(said, 400), 2, "? ")


def _rest(paper: Paper, found: Comparison) -> None:
    if not found.changes:
        paper.write("Nothing differs in what could be compared.")
    if len(found.changes) > _MOST:
        paper.write(f"and {counted(len(found.changes) - _MOST, 'more change')}, all in --json")
    for notes in found.notes:
        paper.heading(f"Release notes ({visible(notes.file, 100)})")
        for name, text in notes.sections[:_NOTES]:
            paper.write(f"{visible(name, 60)}: {visible(text, _LONG)}", 2, "- ")


def title(found: Comparison) -> str:
    """``name@1.0.0 to name@1.1.0``."""
    return f"What changed from {visible(found.before, 120)} to {visible(found.after, 120)}"


def unsaid(one: VersionChange) -> str:
    """That release notes say nothing of a weighty change."""
    return "; the release notes do not speak of it" if one.mentioned is False else ""


def _both(one: VersionChange) -> str:
    return f"{visible(one.before, 200) or 'nothing'} → {visible(one.after, 200) or 'nothing'}"


def comparison_lines(found: Comparison) -> list[str]:
    """For Markdown."""
    lines = [f"# {prose(title(found))}", ""]
    for one in found.answers:
        lines += [f"**{one.reply.value.capitalize()}:** {prose(one.concern)}", ""]
        lines += [f"- {prose(reason)}" for reason in one.reasons] + [""]
    lines += [f"## Changes: {len(found.changes):,}", ""]
    lines += [
        f"- **{one.severity.word}:** {prose(one.says)}{unsaid(one)}"
        + (f" ({code(_both(one), 300)})" if one.before or one.after else "")
        for one in found.changes
    ]
    if not found.changes:
        lines.append("Nothing differs in what could be compared.")
    for notes in found.notes:
        lines += ["", f"## Release notes ({code(notes.file, 100)})", ""]
        lines += [f"- **{prose(name, 60)}:** {prose(text, _LONG)}" for name, text in notes.sections]
    if found.not_compared:
        lines += ["", f"## Not compared: {len(found.not_compared):,}", ""]
        lines += [f"- {prose(one)}" for one in found.not_compared]
    return [*lines, ""]
