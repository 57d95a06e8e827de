"""A caller's text used as a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

TEMPLATE_INJECTION = Rule(
    id="template-injection",
    title="Caller's text is used as a template",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the text of templates. "
        "Values that a template is filled with are left alone, and so are templates in a sandbox. "
        "Severity is medium for languages without expressions (Mustache, Liquid, Django)."
    ),
    attack=(
        "A template of most languages can reach any object of the process: whoever can put text "
        "before the model runs code inside the server."
    ),
    remedy=(
        "Keep templates in files of the server and hand over values only. If callers must write "
        "templates, use a language without expressions, or the sandbox of the library."
    ),
    references=("CWE-1336", "CWE-94", "MCP05:2025", "CoSAI-MCP-T3", "ASI05:2026"),
)
FORMAT_STRING = Rule(
    id="format-string",
    title="Caller's text is used as a format",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the text that str.format "
        "fills. A format of the server that is filled with a caller's values is left alone."
    ),
    attack=(
        "A format reads attributes of the values it is given, {0.__class__} and on from there: "
        "whoever can put text before the model reads variables of the process, keys among them, or "
        "has it make a text of any width."
    ),
    remedy="Keep formats in the code; fill caller's texts in with replace or string.Template.",
    references=("CWE-134", "CWE-200", "CoSAI-MCP-T3"),
)

_WITHOUT_EXPRESSIONS: Final = (
    "mustache", "pystache", "chevron", "hogan", "liquid", "django", "langchain", "handlebars",
)  # fmt: skip
_BY_NAME: Final = {EffectKind.TEMPLATE: ("template",)}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that is a template there."""
    for one in arrivals(facts, _BY_NAME, g.PLAIN):
        if "format" in one.effect.tags:
            yield told(FORMAT_STRING, one, "is used as a format")
        else:
            mild = _without_expressions(one)
            severity = Severity.MEDIUM if mild else None
            yield told(TEMPLATE_INJECTION, one, "is used as a template", severity=severity)


def _without_expressions(one: Arrival) -> bool:
    return one.effect.callee.lower().startswith(_WITHOUT_EXPRESSIONS)


CHECK: Check[Facts] = Check((TEMPLATE_INJECTION, FORMAT_STRING), look)
