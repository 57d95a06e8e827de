"""A recipient that the caller never named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind, Value
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import Shown
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

HIDDEN_RECIPIENT = Rule(
    id="hidden-recipient",
    title="Messages get a recipient nobody named",
    category=Category.REACH,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a fixed address in the copies, blind copies or recipients of a message whose "
        "recipient a caller chooses, in libraries for mail, in fields of a mail service's request "
        "and in headers. Addresses from the configuration, and tools that write to one fixed "
        "address only, such as a support desk, are left alone."
    ),
    attack=(
        "A copy of every message (contracts, invoices, links that reset passwords) goes to whoever "
        "holds that address, and neither sender nor recipient sees it."
    ),
    remedy=(
        "Do not use this server. If it ran, treat everything sent through it as read by a stranger."
    ),
    references=("CWE-506", "CWE-201", "SAFE-T1911", "MCP10:2025", "ASI02:2026"),
)

_COPY = re.compile(
    r"^(?:b?cc|b?cc_?(?:addresses|recipients|list|emails?)|blind_?copy)$", re.IGNORECASE
)
_TO = re.compile(
    r"^(?:to|to_?(?:addrs?|addresses|recipients|emails?)|recipients?|chat_?ids?)$", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_SENDS = (EffectKind.MAIL, EffectKind.MESSAGE, EffectKind.REQUEST, EffectKind.PROCESS)
_CALLER = (SourceKind.MODEL, SourceKind.REQUEST)
_PARAMETER = re.compile(r"^(?:to|recipient\w*|e?mail|address\w*|customer|user|addressee|copies|cc)")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told, copies = Told(HIDDEN_RECIPIENT), Shown(facts, _copies)
    for reached in entries(facts):
        sends = [one for one in reached.effects if one.kind in _SENDS]
        if not sends:
            continue
        for effect in sends:
            address = _in_operands(effect)
            if address and told.new(effect.place):
                yield _said(told, reached, effect, address)
        for effect in _copied(sends):
            if told.new(effect.place):
                to = effect.operand("to")
                yield _said(told, reached, effect, to.known_text or "" if to else "")
        if _caller_names_recipient(reached):
            yield from _in_words(reached, copies, told)


def _copied(sends: list[Effect]) -> Iterator[Effect]:
    """Messages with a caller's text to a fixed party, beside the same to the one that is named."""
    messages = [one for one in sends if one.kind in (EffectKind.MAIL, EffectKind.MESSAGE)]
    named = {one.callee for one in messages if _to_caller(one)}
    for one in messages:
        to, body = one.operand("to"), one.operand("body") or one.operand("message")
        if one.callee not in named or to is None or not to.known_text or body is None:
            continue
        if any(True for _ in body.deep_sources(*_CALLER)):
            yield one


def _to_caller(effect: Effect) -> bool:
    to = effect.operand("to")
    return to is not None and any(True for _ in to.deep_sources(*_CALLER))


def _said(told: Told, reached: Reached, effect: Effect, address: str) -> Finding:
    return told.effect(
        reached,
        effect,
        f"{address} is added to the recipients that the caller names.",
        shows=address,
    )


def _in_operands(effect: Effect) -> str:
    """A fixed address among the recipients of a call for mail."""
    if effect.kind is EffectKind.PROCESS:
        return ""
    to = effect.operand("to")
    for role in ("bcc", "cc"):
        fixed = _fixed(effect.operand(role))
        if fixed:
            return fixed
    if to is None or not any(True for _ in to.deep_sources(*_CALLER)):
        body = effect.operand("body") or effect.operand("message")
        return _in_fields(body) if body is not None else ""
    return _fixed(to) or _in_fields(effect.operand("body")) or _in_fields(effect.operand("message"))


def _in_fields(body: Value | None, deepest: int = 4) -> str:
    """A fixed address under a key for copies, or beside what the caller names."""
    if body is None or not deepest:
        return ""
    named = any(
        _TO.match(key) and any(True for _ in value.deep_sources(*_CALLER))
        for key, value in body.fields.items()
    )
    for key, value in body.fields.items():
        if _COPY.match(key) or (_TO.match(key) and named):
            fixed = _fixed(value)
            if fixed:
                return fixed
    inner = (_in_fields(value, deepest - 1) for value in body.fields.values())
    return next((one for one in inner if one), "")


def _fixed(value: Value | None) -> str:
    """An address written in the code inside a value."""
    if value is None:
        return ""
    text = value.known_text or "".join(one for one in value.text if isinstance(one, str))
    found = _ADDRESS.search(text)
    if found:
        return found[0]
    return next((one for part in value.fields.values() if (one := _fixed(part))), "")


def _caller_names_recipient(reached: Reached) -> bool:
    return any(_PARAMETER.match(one.name.lower()) for one in reached.entry.parameters or ())


def _in_words(reached: Reached, copies: Shown[tuple[int, str]], told: Told) -> Iterator[Finding]:
    """Fields named after copies that are given an address in what the entry runs."""
    for around, (line, address) in copies.by(reached):
        place = Place(around.file, line)
        if told.new(place):
            yield told.at(
                reached.entry,
                place,
                f"{address} is added to the recipients that the caller names.",
                shows=address,
                mark=f"{around.name} {address}",
            )


def _copies(around: Words) -> Iterator[tuple[int, str]]:
    for one in around.pairs:
        found = _ADDRESS.search(one.text) if _COPY.match(one.key) else None
        if found is not None:
            yield one.line, found[0]


CHECK: Check[Facts] = Check((HIDDEN_RECIPIENT,), look)
