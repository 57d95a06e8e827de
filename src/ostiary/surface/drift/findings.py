"""Changes as findings: one for each part of a server that changed, led by its worst change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ostiary.model.change import Change
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

_REFERENCES: Final = (
    "MCP03:2025",
    "AISVS-1.0:10.4.8",
    "SAFE-T1201",
    "AML.T0109",
    "CoSAI-MCP-T6",
    "CWE-494",
)

PLANTED = Rule(
    id="drift-planted",
    title="A text changed to carry planted content",
    category=Category.DRIFT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Compares what a server declares with what it declared when it was seen last, and reports "
        "a text that now holds hidden characters, a hidden part or an instruction to the model "
        "which the earlier text did not hold. Texts that already held the same are left to the "
        "rules that look at one surface alone."
    ),
    attack=(
        "A server that was looked at and trusted is changed afterwards (a rug pull). The planted "
        "text reaches every model that has the server, with the trust of the earlier version."
    ),
    remedy=(
        "Stop using the server, compare the two texts in the evidence, and go back to the version "
        "that was approved. Ask the author what happened: a stolen publishing account looks like "
        "this."
    ),
    references=(*_REFERENCES, "SAFE-T1001", "CWE-1427"),
)

POWER = Rule(
    id="drift-power",
    title="A server gained power since last time",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Reports a tool or server that now writes, destroys, executes, sends data out, spends, "
        "administers or handles kinds of data that it did not before, judged from schemas, words "
        "and hints. Power told by words alone is reported for a look; power that a schema now "
        "takes what it needs for is reported as high."
    ),
    attack=(
        "Consent given to a tool that only read is used by a tool that writes or sends. Clients "
        "that approve a server once do not ask again."
    ),
    remedy=(
        "Decide again whether the server may do this. If it may, nothing else is needed; if not, "
        "pin the earlier version or switch the tool off in the client."
    ),
    references=(*_REFERENCES, "MCP02:2025", "SAFE-T1104", "ASI02:2026"),
)

CONTRACT = Rule(
    id="drift-contract",
    title="Parameters changed since last time",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports parameters that were added, removed, renamed or made required, and constraints "
        "that were loosened. A required parameter, and the first parameter of a sensitive sort (a "
        "command, a URL, a path, a recipient, a credential, the conversation), weighs high; an "
        "ordinary optional one and a tightened constraint do not."
    ),
    attack=(
        "Models fill in whatever a schema asks for. A parameter that asks for a destination, a "
        "credential or the conversation turns a harmless call into a leak."
    ),
    remedy=(
        "Read what the parameter is for in the server's change log. Until that is clear, keep "
        "calls to the tool behind a person's approval."
    ),
    references=(*_REFERENCES, "SAFE-T1501", "SAFE-T1911"),
)

CLAIM = Rule(
    id="drift-claim",
    title="Declared hints or effects changed",
    category=Category.DRIFT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports changed annotations (`readOnlyHint`, `destructiveHint`, `openWorldHint`, "
        "`idempotentHint`, by their defaults) and changed effects, reach, data classes, scopes "
        "and gates that a server declares under any key of its own in `_meta` or `annotations`."
    ),
    attack=(
        "Clients skip questions for tools that claim to read only. A tool that gives up the claim "
        "does more than was approved; a tool that newly makes it escapes the question."
    ),
    remedy=(
        "Treat the tool as if it were new: approve it again for what it declares now, and remove "
        "automatic approval that rests on the earlier claim."
    ),
    references=(*_REFERENCES, "MCP02:2025", "SAFE-T1406"),
)

CHANGED = Rule(
    id="surface-changed",
    title="What a server offers changed",
    category=Category.DRIFT,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Reports every other change: tools, prompts and resources that came, went or were "
        "renamed, reworded texts, another version, name, protocol revision or set of "
        "capabilities. Ordinary releases look like this; a text that speaks of a weighty thing "
        "for the first time, or drops a promise of restraint, is shown to everybody."
    ),
    attack=(
        "A change that nobody reads is where a later abuse is prepared: a new tool beside the "
        "approved ones, or a text that slowly widens what a tool is said to do."
    ),
    remedy="Read the two excerpts. Nothing else is needed if the change is what the author says.",
    references=_REFERENCES,
)

RULES: tuple[Rule, ...] = (PLANTED, CLAIM, POWER, CONTRACT, CHANGED)
"""Every rule that :func:`drift_findings` may report."""

_BY_KIND = {"planted": PLANTED, "claim": CLAIM, "power": POWER, "contract": CONTRACT}
_MOST_EVIDENCE = 12


def drift_findings(changes: Iterable[Change]) -> list[Finding]:
    """One finding for each changed part whose worst change is more than ordinary.

    Changes of severity INFO are told in the list of changes only.
    """
    parts: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        if change.severity > Severity.INFO:
            parts.setdefault((change.server, change.part), []).append(change)
    return [_finding(part) for part in parts.values()]


def _finding(changes: list[Change]) -> Finding:
    ranked = sorted(changes, key=_rank)
    worst = ranked[0]
    rule = _rule(worst)
    place = Location(server=worst.server, part=worst.part)
    loud = worst.severity >= Severity.MEDIUM
    more = len(ranked) - 1
    rest = f" (and {more} more {'change' if more == 1 else 'changes'})" if more else ""
    return rule.finding(
        f"{worst.part[:1].upper()}{worst.part[1:]}: {worst.says}{rest}",
        place,
        evidence=[step for change in ranked[:_MOST_EVIDENCE] for step in _evidence(change, place)],
        severity=worst.severity,
        persona=Persona.DEFAULT if loud else Persona.STRICT,
        mark=f"{worst.kind}: {worst.says}",
    )


def _rank(change: Change) -> tuple[int, int, str]:
    return -change.severity, RULES.index(_rule(change)), change.says


def _rule(change: Change) -> Rule:
    return _BY_KIND.get(change.kind, CHANGED)


def _evidence(change: Change, place: Location) -> list[Evidence]:
    steps = []
    if change.before:
        steps.append(Evidence(f"{change.says}: before", place, change.before))
    if change.after or not change.before:
        steps.append(Evidence(f"{change.says}: now", place, change.after))
    return steps
