"""Clipboard, screen, key strokes or sound that are taken and sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import (
    RUNS,
    SENDS,
    carried,
    has_payload,
    host_of,
    purpose,
)
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

COVERT_CAPTURE = Rule(
    id="covert-capture",
    title="Records screen, clipboard or keys and sends them",
    category=Category.REACH,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for what the user copies, types, sees or says taken by code that sends it to a "
        "fixed "
        "host. An entry that says that it uploads or has such a recording read elsewhere is left "
        "alone."
    ),
    attack=(
        "Passwords, messages and documents of every application reach whoever owns that host, not "
        "only what was given to this server."
    ),
    remedy="Do not use this server. If it ran, change what was copied or typed while it ran.",
    references=("CWE-506", "CWE-201", "SAFE-T1801", "SAFE-T1913", "MCP10:2025"),
)

_TAKES = frozenset({"clipboard", "screen", "keys", "keyboard", "mouse", "audio", "camera", "sound"})
_COMMANDS = (
    r"^(?:\S*/)?(?:pbpaste|xclip|xsel|wl-paste|screencapture|scrot|gnome-screenshot|grim|arecord|"
    r"imagesnap|logkeys|xinput|get-clipboard)\b|\bget-clipboard\b|\bxclip\b[^\n]* -o"
)
_SAYS_SO = re.compile(
    r"\b(?:upload\w*|share\w*|send\w*|sync\w*|publish\w*|post\w*|ocr|vision|describe\w*|analy\w*|"
    r"transcri\w*)\b"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place that sends."""
    told = Told(COVERT_CAPTURE)
    for reached in entries(facts):
        taken = next((one for one in reached.effects if _takes(facts, one)), None)
        if taken is None or _SAYS_SO.search(purpose(reached)):
            continue
        sent = _sent(facts, reached, keys="keys" in taken.tags)
        if sent is not None and told.new(sent.place):
            yield told.effect(
                reached,
                sent,
                f"What {taken.callee.rpartition('.')[2] or 'a call'} takes at line "
                f"{taken.place.line} of {taken.place.file} is sent to {host_of(facts, sent)}.",
            )


def _takes(facts: Facts, effect: Effect) -> bool:
    if effect.kind is EffectKind.READ_MACHINE:
        return not _TAKES.isdisjoint(effect.tags)
    return effect.kind in RUNS and bool(first(_COMMANDS, facts.written.near(effect)))


def _sent(facts: Facts, reached: Reached, *, keys: bool) -> Effect | None:
    """What carries it; of key strokes, which come one by one, anything that is sent."""
    for one in reached.effects:
        if one.kind in SENDS and has_payload(one) and host_of(facts, one):
            kinds = (SourceKind.MACHINE, SourceKind.FILE)
            if keys or any(True for _ in carried(one, *kinds)):
                return one
    return None


CHECK: Check[Facts] = Check((COVERT_CAPTURE,), look)
