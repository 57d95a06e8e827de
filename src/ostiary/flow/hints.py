"""What a tool claims of itself in its annotations, and where the evidence says otherwise."""

from __future__ import annotations

from ostiary.flow.evidence import Weighed
from ostiary.model.access import Level
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonObject

READ_ONLY, NOT_DESTRUCTIVE, CLOSED = "read-only", "not destructive", "closed world"

_CLAIMS: tuple[tuple[str, bool, str], ...] = (
    ("readOnlyHint", True, READ_ONLY),
    ("readOnlyHint", False, "not read-only"),
    ("destructiveHint", True, "destructive"),
    ("destructiveHint", False, NOT_DESTRUCTIVE),
    ("idempotentHint", True, "idempotent"),
    ("idempotentHint", False, "not idempotent"),
    ("openWorldHint", True, "open world"),
    ("openWorldHint", False, CLOSED),
)
_CHANGES = (Level.WRITE, Level.DESTROY, Level.EXECUTE, Level.SEND, Level.SPEND, Level.ADMINISTER)


_LASTS = (
    "write",
    "edit",
    "update",
    "insert",
    "modif",
    "rename",
    "move",
    "upload",
    "save",
    "upsert",
)
"""Verbs of changes that outlive the answer; to create may be to draw."""


def claims(annotations: JsonObject) -> tuple[str, ...]:
    """The annotations in words. Anything but a JSON boolean claims nothing."""
    return tuple(words for key, value, words in _CLAIMS if annotations.get(key) is value)


def weigh_claims(said: tuple[str, ...], weighed: Weighed) -> None:
    """Add the claims as the weak evidence they are. A claim of less power removes nothing."""
    if READ_ONLY in said:
        weighed.note(Level.READ, Confidence.MEDIUM, "hint", "hint: readOnlyHint=true")
    elif "not read-only" in said and not any(level in weighed.levels for level in _CHANGES):
        weighed.note(Level.WRITE, Confidence.MEDIUM, "hint", "hint: readOnlyHint=false")
    if "destructive" in said and READ_ONLY not in said and Level.DESTROY not in weighed.levels:
        weighed.note(Level.DESTROY, Confidence.LOW, "hint", "hint: destructiveHint=true")


def contradictions(said: tuple[str, ...], weighed: Weighed, *, web: bool) -> tuple[str, ...]:
    """Claims that strong evidence speaks against, each with its reason.

    Only evidence of HIGH confidence that is not itself a hint contradicts. Running code or asking
    a database is left out where nothing says that something is changed: both may only read.
    """
    found: list[str] = []
    if READ_ONLY in said:
        strong = [level for level in _CHANGES if _strong(weighed, level)]
        if strong:
            reasons = "; ".join(_why(weighed, level) for level in strong[:3])
            found.append(f"read-only is contradicted: {reasons}")
    if NOT_DESTRUCTIVE in said and READ_ONLY not in said and _strong(weighed, Level.DESTROY):
        found.append(f"not destructive is contradicted: {_why(weighed, Level.DESTROY)}")
    if CLOSED in said and web and weighed.outward is Confidence.HIGH:
        found.append("closed world is contradicted: it reaches addresses that the caller names")
    return tuple(found)


def _strong(weighed: Weighed, level: Level) -> bool:
    """Whether HIGH evidence says so, and a change is one that outlives the answer."""
    if not weighed.at_least(level, Confidence.HIGH):
        return False
    if level is not Level.WRITE:
        return True
    return any(
        f"'{verb}" in one.says or one.kind == "schema"
        for one in weighed.basis[level]
        for verb in _LASTS
    )


def _why(weighed: Weighed, level: Level) -> str:
    told = [one for one in weighed.basis[level] if one.kind != "hint"]
    plain = [one for one in told if one.kind == "schema"] or told
    says = plain[0].says if plain else ""
    return f"{level.value} ({says})"
