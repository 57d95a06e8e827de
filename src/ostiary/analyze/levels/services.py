"""Mail, messages and money: what goes to people and to services by name."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.levels.hosts import CHOSEN, CONFIGURED, FIXED, UNKNOWN
from ostiary.analyze.levels.origins import by_caller, by_settings, carried
from ostiary.analyze.levels.requests import address_of
from ostiary.analyze.levels.vendors import vendor_of
from ostiary.analyze.levels.work import Work, location
from ostiary.flow.words import name_verbs
from ostiary.model.access import DataClass, Level
from ostiary.model.audit import Destination
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_RECIPIENTS = ("to", "cc", "bcc")


def mail(work: Work, effect: Effect) -> None:
    """A mail, and every recipient of it."""
    if "by name" in effect.tags and _told_better(work, effect):
        return
    work.data.add(DataClass.MESSAGES)
    sure = MEDIUM if "by name" in effect.tags else HIGH
    work.note(Level.SEND, sure, effect, "sends mail", "email")
    _service(work, effect)
    content = carried(effect.operand(one) for one in ("subject", "body", "message"))
    for role in _RECIPIENTS:
        for host, how in _recipients(effect.operand(role)):
            work.goes(Destination(host, how, content, location(effect.place)))


def _told_better(work: Work, effect: Effect) -> bool:
    return any(
        one.place == effect.place and one.kind is effect.kind and "by name" not in one.tags
        for one in work.reached.effects
    )


def _service(work: Work, effect: Effect) -> None:
    vendor = vendor_of(effect.callee, effect.tags)
    if vendor is not None and vendor.host:
        content = carried(effect.operands.values())
        work.goes(Destination(vendor.host, FIXED, content, location(effect.place)))


def _recipients(value: Value | None) -> Iterator[tuple[str, str]]:
    """Where mail to these goes: the host of a fixed address, or who chooses."""
    if value is None:
        return
    parts = [value, *value.fields.values()]
    for part in parts:
        text = part.known_text
        if text is not None and "@" in text:
            for one in text.split(","):
                yield one.rpartition("@")[2].strip(" >").lower(), FIXED
    if by_caller(value):
        yield "", CHOSEN
    elif by_settings(value):
        yield "", CONFIGURED


def message(work: Work, effect: Effect) -> None:
    """A chat message, an issue, a notification, a question to a model."""
    vendor = vendor_of(effect.callee, effect.tags)
    content = carried(effect.operands.values())
    host, how = (vendor.host, FIXED) if vendor and vendor.host else ("", _how(effect))
    work.goes(Destination(host, how, content, location(effect.place)))
    if "telemetry" in effect.tags:
        return
    if "service:model" in effect.tags:
        work.note(Level.READ, MEDIUM, effect, "asks a language model", "language model")
        return
    if vendor is not None and vendor.data is not None:
        work.data.add(vendor.data)
    label = vendor.label if vendor is not None else ""
    method = effect.callee.rpartition(".")[2]
    said = name_verbs(method)
    level = said[0].verb.level if said else None
    if label and level in (Level.READ, Level.DESTROY):
        work.note(level, HIGH, effect, f"calls {method} of {label}", label)
        return
    thing = f"{label} message".strip()
    queue = label in ("queue", "Redis")
    work.note(Level.SEND, HIGH, effect, f"posts to {label or 'others'} by {method}", thing)
    if queue:
        work.note(Level.WRITE, HIGH, effect, f"puts a message into {label}", "message queue")
        work.keep(f"messages in {label}")
    elif "public" not in effect.tags and level is Level.WRITE:
        work.note(Level.WRITE, HIGH, effect, f"calls {method} of {label}", thing)


def _how(effect: Effect) -> str:
    to = effect.operand("to")
    if by_caller(to):
        return CHOSEN
    return CONFIGURED if by_settings(to) else UNKNOWN


def spend(work: Work, effect: Effect) -> None:
    """Money that is moved."""
    vendor = vendor_of(effect.callee, effect.tags)
    work.data.add(DataClass.FINANCIAL)
    work.note(Level.SPEND, HIGH, effect, f"moves money by {effect.callee}", "money")
    where = address_of(effect, vendor)
    content = carried(effect.operands.values())
    if vendor is not None and vendor.host:
        where = (vendor.host, FIXED)
    work.goes(Destination(where[0], where[1], content, location(effect.place)))
