"""An address that is put together so that nobody reads it in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

HIDDEN_DESTINATION = Rule(
    id="hidden-destination",
    title="Address of a request is hidden in the code",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for requests and connections to an address that comes from nobody (no caller, "
        "configuration or file) and is turned round, decoded or put together from codes in the "
        "function that uses it. Addresses joined from readable parts are left alone."
    ),
    attack=(
        "Data goes to a host that a search of the code does not show, because it would be asked "
        "about."
    ),
    remedy="Do not use this server. Work out the address by hand and look for it in network logs.",
    references=("CWE-506", "CWE-201", "SAFE-T1910", "SAFE-T1405"),
)

_HIDING = re.compile(
    r"(?:^|\.)(?:reverse|reversed|toReversed|fromCharCode|fromCodePoint|atob|b(?:16|32|64"
    r"|85)decode|"
    r"fromhex|unhexlify|chr|decompress|rot13)(?:\(\))?$"
)
_BYTES = frozenset({"bytes", "bytearray", "Uint8Array", "Buffer.from"})
_NUMBERS = re.compile(r"^(?:\d{2,3} ){3,}\d{2,3}$")
_ROLES = {EffectKind.REQUEST: "url", EffectKind.CONNECT: "host"}
_DECODING = re.compile(r"decode|fromCharCode|atob|fromhex|unhexlify|Buffer\.from|decompress")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(HIDDEN_DESTINATION)
    for reached in entries(facts):
        for effect in reached.effects:
            how = _hidden(facts, effect)
            if how and told.new(effect.place):
                yield told.effect(reached, effect, f"The address is made with {how}.", shows=how)


def _hidden(facts: Facts, effect: Effect) -> str:
    role = _ROLES.get(effect.kind)
    value = effect.operand(role) if role else None
    if value is None or value.flows or _is_written(facts, effect, value):
        return ""
    decoded = next((one for one in value.externals() if _DECODING.search(one)), "")
    if decoded:
        return decoded
    host = value.pieces.partition("://")[2] if "://" in value.pieces else value.pieces
    if value.known_text is None and host.partition("/")[0].strip("\0."):
        return ""
    around = facts.written.at(effect.place)
    if around is None:
        return ""
    return next((one.name for one in around.calls if _HIDING.search(one.name)), "") or _codes(
        facts, around
    )


def _is_written(facts: Facts, effect: Effect, value: Value) -> bool:
    """Whether the address can be read in the code, by whoever looks for it."""
    text = value.known_text
    if text is None:
        return False
    host = text.partition("://")[2].partition("/")[0] or text
    own = facts.project.get(effect.place.file)
    files = (facts.project.get(path) for path in facts.modules)
    return any(file is not None and host in file.text for file in (own, *files))


def _codes(facts: Facts, around: Words) -> str:
    """Text that stands as a row of numbers or backwards."""
    if any(one.name in _BYTES for one in around.calls) and any(
        _NUMBERS.match(one.text) for one in around.phrases
    ):
        return "a row of numbers"
    if around.node is None:
        return ""
    for node in facts.written.nodes(around.node).among(ir.Call, ir.Index):
        if isinstance(node, ir.Call) and getattr(node.callee, "id", "") == ir.BACKWARDS:
            return "text that stands backwards"
        if isinstance(node, ir.Index) and isinstance(node.key, ir.Opaque) and node.key.parts:
            step = node.key.parts[-1]
            if isinstance(step, ir.Unary):
                step = step.value if step.op == "-" else step
            if isinstance(step, ir.Constant) and step.value in (1, -1) and len(node.key.parts) == 1:
                return "text that stands backwards"
    return ""


CHECK: Check[Facts] = Check((HIDDEN_DESTINATION,), look)
