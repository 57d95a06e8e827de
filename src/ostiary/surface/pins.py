"""Holds what a server shows now to what was approved: equal over the whole definition, or withheld.

Nothing of a definition is ignored, not even ``_meta``: a model may be shown any of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from ostiary.model.approval import Approval, ApprovedItem, LeftOut
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.visible import NAME, visible
from ostiary.wire.canonical import NoCanonicalForm, digest

NAMED_BY = {"tool": "name", "prompt": "name", "resource": "uri", "template": "uriTemplate"}
"""Key of an item that identifies it, by kind."""

MOST_TOLD = 25
"""Items of one list whose difference is told in words; telling costs far more than judging."""
LARGEST_TOLD = 256 * 1024
"""Bytes of a definition whose difference is told in words."""


class Why(StrEnum):
    """Why something is held back."""

    UNAPPROVED = "unapproved"
    """It was not there when the server was approved."""
    LEFT_OUT = "left out"
    """A person saw exactly this and did not approve it."""
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    """The server lists the name more than once, so that one may pose as the other."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Withheld:
    """One thing that does not pass, and why."""

    kind: str
    """``tool``, ``prompt``, ``resource``, ``template``, ``instructions``, ``capabilities``,
    ``revision`` or ``code``."""
    name: str
    """As the server wrote it; make it visible before it is shown. Empty for what has none."""
    digest: str
    """Of what was shown; tells two changes of one thing apart."""
    why: Why
    reason: str
    """One sentence for the model and the person, free of words that nobody approved."""
    lines: tuple[str, ...] = ()
    """The difference in words, worst first, for people and the record: excerpts in it are made
    visible and free of secrets, and still are a stranger's words."""


def judge_items(
    approval: Approval, kind: str, raws: Sequence[JsonValue]
) -> tuple[list[JsonObject], list[Withheld]]:
    """What of a list passes, in its order, and what is withheld. Never raises."""
    key = NAMED_BY[kind]
    names = Counter(_name(raw, key) for raw in raws)
    passing: list[JsonObject] = []
    withheld: list[Withheld] = []
    telling = _Telling(approval, kind)
    for raw in raws:
        name = _name(raw, key)
        if not isinstance(raw, dict) or name is None:
            withheld.append(_unreadable(kind, raw))
            continue
        if names[name] > 1:
            withheld.append(_duplicate(kind, name, raw, names[name]))
            continue
        approved = approval.item(kind, name)
        if approved is not None and _equal(approved.definition, raw):
            passing.append(raw)
            continue
        # Different bytes can still be one value (1 and 1.0), so the digest decides.
        shown = _digest(raw)
        if approved is not None and shown == approved.digest:
            passing.append(raw)
        else:
            withheld.append(telling.tell(name, approved, raw, shown))
    return passing, withheld


def vanished(approval: Approval, kind: str, raws: Iterable[JsonValue]) -> tuple[str, ...]:
    """Names of approved items that a whole list no longer holds, sorted. They are no danger, but
    a person who relies on them wants to know."""
    shown = {_name(raw, NAMED_BY[kind]) for raw in raws}
    return tuple(one.name for one in approval.items if one.kind == kind and one.name not in shown)


def judge_text(approval: Approval, what: str, words: str) -> Withheld | None:
    """``None`` if ``words`` are the approved ones. ``what`` is ``instructions``."""
    shown = text_digest(words)
    if what == "instructions" and shown == approval.instructions:
        return None
    told: tuple[str, ...] = ()
    if what == "instructions" and len(words) <= LARGEST_TOLD:
        from ostiary.surface.pinned_words import instructions_words  # noqa: PLC0415 - see _Telling

        told = instructions_words(approval, words)
    reason = f"the server's {what} are not the ones that were approved"
    return Withheld(what, "", shown, Why.CHANGED, reason, told)


def judge_capabilities(approval: Approval, declared: JsonObject) -> Withheld | None:
    """``None`` if the server declares the capabilities that were approved."""
    shown = _digest(declared)
    if shown == approval.capabilities:
        return None
    from ostiary.surface.pinned_words import capabilities_words  # noqa: PLC0415 - see _Telling

    reason = "the server declares other capabilities than those that were approved"
    told = capabilities_words(approval, declared)
    return Withheld("capabilities", "", shown, Why.CHANGED, reason, told)


def judge_revision(approval: Approval, revision: str) -> Withheld | None:
    """``None`` unless the server speaks an older protocol revision than when it was approved.

    A newer one is no danger. An older one may lack what protects a client, and a list of tools
    that is withheld already says what else changed.
    """
    if not approval.revision or not revision or revision >= approval.revision:
        return None
    reason = "the server speaks an older protocol revision than when it was approved"
    line = f"{visible(approval.revision, 40)} became {visible(revision, 40)}"
    return Withheld("revision", "", text_digest(revision), Why.CHANGED, reason, (line,))


def judge_artifact(approval: Approval, artifact: str) -> Withheld | None:
    """``None`` if the code that would run is the code that was approved."""
    if artifact == approval.artifact:
        return None
    reason = "the code of the server is not the code that was approved"
    before = visible(approval.artifact, 160) or "code that could not be told"
    line = f"{before} became {visible(artifact, 160) or 'code that cannot be told'}"
    return Withheld("code", "", text_digest(artifact), Why.CHANGED, reason, (line,))


def text_digest(words: str) -> str:
    """The pin of a text: SHA-256 of its UTF-8 form."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class _Telling:
    """Tells differences in words, and stops where a hostile list would make that expensive.

    The words need every detector, so they are imported when the first thing is withheld.
    """

    approval: Approval
    kind: str
    left: int = MOST_TOLD
    _refused: dict[tuple[str, str], LeftOut] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._refused = {(one.kind, one.name): one for one in self.approval.left_out}

    def tell(
        self, name: str, approved: ApprovedItem | None, raw: JsonObject, shown: str
    ) -> Withheld:
        refused = self._refused.get((self.kind, name))
        if refused is not None and refused.digest == shown:
            reason = f"a {self.kind} that was left out when the server was approved"
            line = f"left out: {visible(refused.why, 240)}"
            return Withheld(self.kind, name, shown, Why.LEFT_OUT, reason, (line,))
        why = Why.UNAPPROVED if approved is None else Why.CHANGED
        reason = (
            f"a {self.kind} that was not approved"
            if approved is None
            else f"{self.kind} {visible(name, NAME)} is not as it was approved: "
            f"{_fields(approved.definition, raw)}"
        )
        return Withheld(self.kind, name, shown, why, reason, self._lines(name, approved, raw))

    def _lines(self, name: str, approved: ApprovedItem | None, raw: JsonObject) -> tuple[str, ...]:
        if self.left < 1 or len(_print(raw) or b"") > LARGEST_TOLD:
            return ("approve the server again to see the difference",)
        self.left -= 1
        from ostiary.surface.pinned_words import item_words  # noqa: PLC0415

        before = approved.definition if approved is not None else None
        return item_words(self.approval, self.kind, name, before, raw)


_FIELDS = (
    "description", "title", "inputSchema", "outputSchema", "annotations", "icons", "arguments",
    "mimeType", "size", "execution", "_meta",
)  # fmt: skip


def _fields(before: JsonObject, after: JsonObject) -> str:
    """Which fields differ, in our words: a name that nobody approved is not repeated."""
    if not before:
        return "its definition changed"
    differ = [
        name
        for name in (*_FIELDS, *(set(before) | set(after)) - {*_FIELDS})
        if _print({"": before.get(name)}) != _print({"": after.get(name)})
        or (name in before) != (name in after)
    ]
    known = [name for name in _FIELDS if name in differ]
    if len(known) < len(differ):
        known.append("fields of its own")
    return f"changed in {', '.join(known)}"


def _name(raw: JsonValue, key: str) -> str | None:
    name = raw.get(key) if isinstance(raw, dict) else None
    return name if isinstance(name, str) else None


def _unreadable(kind: str, raw: JsonValue) -> Withheld:
    reason = f"a {kind} in the list cannot be told apart: it has no {NAMED_BY[kind]}"
    return Withheld(kind, "", _digest(raw), Why.UNREADABLE, reason)


def _duplicate(kind: str, name: str, raw: JsonValue, times: int) -> Withheld:
    reason = f"the server lists one {kind} {times} times, so none of them passes"
    line = f"{visible(name, NAME)} is listed {times} times"
    return Withheld(kind, name, _digest(raw), Why.DUPLICATE, reason, (line,))


def _equal(one: JsonObject, other: JsonObject) -> bool:
    """Whether two definitions are surely one. Equal bytes of one encoder are equal values, where
    Python takes ``true`` and ``1`` for equal."""
    found = _print(other)
    return found is not None and found == _print(one)


def _print(value: JsonValue) -> bytes | None:
    """Bytes that are equal for equal values only; ``None`` where there are none."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, TypeError, RecursionError):
        return None


def _digest(value: JsonValue) -> str:
    """The digest, or an empty string, which no pin equals, for a value that has none."""
    try:
        return digest(value)
    except (NoCanonicalForm, ValueError, TypeError, RecursionError):
        return ""
