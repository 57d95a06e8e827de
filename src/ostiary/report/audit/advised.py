"""What a model that was asked adds, told apart from everything that rules found."""

from __future__ import annotations

from ostiary.model.advice import Advice, Advised
from ostiary.model.visible import visible
from ostiary.report.json_text import Json
from ostiary.report.markdown_text import code, prose
from ostiary.report.paper import Paper


def advice_json(advice: Advice | None) -> Json:
    """Everything of it; null where nobody was asked."""
    if advice is None:
        return None
    return {
        "command": advice.command,
        "digest": advice.digest,
        "prompts": advice.prompts,
        "model": advice.model,
        "entries": [
            {
                "kind": one.kind.value,
                "says": one.says,
                "finding": one.finding,
                "file": one.file,
                "line": one.line,
            }
            for one in advice.entries
        ],
        "problem": advice.problem,
    }


def title(advice: Advice) -> str:
    """Who says it, and what it is worth."""
    model = f", which calls itself {visible(advice.model, 80)}" if advice.model else ""
    return f"Advice of {visible(advice.command, 80)}{model}"


def lead(advice: Advice) -> str:
    """One sentence before what it says."""
    if advice.problem:
        return f"Nothing was taken: it {visible(advice.problem, 300)}."
    return "A model's words: they explain and ask, and change no finding."


def where(one: Advised) -> str:
    """What an entry is about, in brackets."""
    place = f"{one.file}:{one.line}" if one.file and one.line else one.file
    about = ", ".join(bit for bit in (one.finding, place) if bit)
    return f" ({visible(about, 200)})" if about else ""


def write_advice(paper: Paper, advice: Advice | None) -> None:
    """For a terminal."""
    if advice is None:
        return
    paper.heading(title(advice))
    paper.write(lead(advice), 2, "  ")
    for one in advice.entries:
        paper.write(f"{one.kind.value}: {visible(one.says, 1_000)}{where(one)}", 4, "  - ")


def advice_lines(advice: Advice | None) -> list[str]:
    """For Markdown."""
    if advice is None:
        return []
    lines = ["", f"## {prose(title(advice), 200)}", "", prose(lead(advice))]
    lines += [""] if advice.entries else []
    for one in advice.entries:
        place = f" {code(where(one).strip(), 220)}" if where(one) else ""
        lines.append(f"- **{one.kind.value}:** {prose(one.says, 1_000)}{place}")
    return lines
