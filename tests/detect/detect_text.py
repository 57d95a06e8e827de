"""Passages made by hand and what the detectors say of them."""

from __future__ import annotations

import json
from pathlib import Path

from ostiary.detect import judge
from ostiary.detect.passage import Hit, Passage
from ostiary.model.check import Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.model.json import JsonObject, as_text
from ostiary.model.surface import Surface, Tool
from ostiary.surface.checks import text

FIXTURES = Path(__file__).parent.parent / "fixtures"


def rules(text_: str, **more: object) -> list[str]:
    """Ids of the rules that fire in a description for the default persona."""
    return [hit.rule.id for hit in hits(text_, **more)]


def hits(text_: str, **more: object) -> list[Hit]:
    """Hits for the default persona."""
    passage = Passage(text_, **more)  # type: ignore[arg-type]
    return [
        hit
        for hit in judge(passage)
        if (hit.rule.persona if hit.persona is None else hit.persona) is Persona.DEFAULT
    ]


def cases(name: str) -> list[JsonObject]:
    """Tool definitions of a fixture file."""
    found: list[JsonObject] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


def findings(raw: JsonObject) -> list[Finding]:
    """Findings on one tool alone, medium or worse, for the default persona."""
    definition = {key: value for key, value in raw.items() if key != "language"}
    tool = Tool("tool", as_text(raw["name"]), definition, "0" * 64)
    surface = Surface("server", "0" * 12, None, tools=(tool,))
    return [
        one
        for one in text.look(Neighbourhood(surface))
        if one.persona is Persona.DEFAULT and one.severity >= Severity.MEDIUM
    ]
