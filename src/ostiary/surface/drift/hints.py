"""The four standard hints of a tool: what it claims of itself, by their defaults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject
from ostiary.model.surface import Tool

HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")


@dataclass(frozen=True, slots=True)
class _Hint:
    """One hint: its default, the value that lowers a guard, and what both values say."""

    key: str
    default: bool
    harmless: bool
    """The value that claims less harm."""
    claims: str
    """What the harmless value says."""
    admits: str
    """What the other value says."""
    admitted: Severity
    """How much it weighs when a harmless claim is given up."""


_TABLE = (
    _Hint("readOnlyHint", False, True, "read-only", "able to change things", Severity.HIGH),
    _Hint("destructiveHint", True, False, "not destructive", "possibly destructive", Severity.HIGH),
    _Hint(
        "openWorldHint", True, False, "closed to the outside", "open to the outside", Severity.HIGH
    ),
    _Hint("idempotentHint", False, True, "safe to repeat", "not safe to repeat", Severity.LOW),
)


def hints(server: str, part: str, before: Tool, after: Tool, lied: bool) -> Iterator[Change]:
    """Changes of the standard hints. ``lied``: the evidence contradicts what is claimed now."""
    old, new = before.annotations, after.annotations
    for hint in _TABLE:
        change = _one(hint, old, new, lied)
        if change is not None:
            says, severity = change
            yield Change(server, part, says, severity, _said(hint, old), _said(hint, new), "claim")


def _one(hint: _Hint, old: JsonObject, new: JsonObject, lied: bool) -> tuple[str, Severity] | None:
    was, now = _effective(hint, old), _effective(hint, new)
    if was == now:
        if old.get(hint.key) == new.get(hint.key):
            return None
        return f"{hint.key} is written out differently and means the same", Severity.INFO
    if now == hint.harmless:
        return _claims(hint, old, lied)
    if _idle(hint, old, new):
        return f"says it is {hint.admits}, as a tool that only reads cannot be", Severity.LOW
    says = f"no longer says it is {hint.claims}: now {hint.admits}"
    if hint.key == "readOnlyHint" and new.get("destructiveHint") is True:
        return f"{says}, and destructive", Severity.CRITICAL
    return says, hint.admitted


def _claims(hint: _Hint, old: JsonObject, lied: bool) -> tuple[str, Severity]:
    says = f"says it is {hint.claims} although before it did not"
    if lied:
        return f"{says}, and what it takes and does speaks against that", Severity.HIGH
    return says, Severity.MEDIUM if old.get(hint.key) is not None else Severity.LOW


def _idle(hint: _Hint, old: JsonObject, new: JsonObject) -> bool:
    """Destructive and idempotent mean nothing while the tool claims to read only."""
    if hint.key not in ("destructiveHint", "idempotentHint"):
        return False
    return old.get("readOnlyHint") is True and new.get("readOnlyHint") is True


def _effective(hint: _Hint, declared: JsonObject) -> bool:
    value = declared.get(hint.key)
    return value if isinstance(value, bool) else hint.default


def _said(hint: _Hint, declared: JsonObject) -> str:
    value = declared.get(hint.key)
    if isinstance(value, bool):
        return f"{hint.key}: {'true' if value else 'false'}"
    return f"{hint.key} not given ({'true' if hint.default else 'false'} by default)"
