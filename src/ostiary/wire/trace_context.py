"""W3C Trace Context and Baggage as MCP carries them: members of ``params._meta`` (SEP-414)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ostiary.model.json import JsonObject, JsonValue

PARENT, STATE, BAGGAGE = "traceparent", "tracestate", "baggage"
_MEMBERS = frozenset({PARENT, STATE, BAGGAGE})
_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[0-9a-f-]*)?")
_PRINTABLE = re.compile(r"[ -~\t]{1,8192}")
_LONGEST_STATE = 512
_MOST_BAGGAGE = 64
SAMPLED = 0x01


@dataclass(frozen=True, slots=True)
class TraceContext:
    """Where in a trace the sender of a message stands."""

    trace: str
    """32 hex digits."""
    span: str
    """16 hex digits: the sender's span."""
    flags: int
    state: str = ""
    """``tracestate``, passed on as it came; empty if none or not well formed."""

    @property
    def sampled(self) -> bool:
        return bool(self.flags & SAMPLED)

    @property
    def parent(self) -> str:
        """The ``traceparent`` of this context."""
        return f"00-{self.trace}-{self.span}-{self.flags:02x}"


def context_of(message: JsonObject) -> TraceContext | None:
    """The context in a message's ``params._meta``; ``None`` if it has none that is valid."""
    meta = meta_of(message)
    return None if meta is None else context_in(meta)


def context_in(meta: JsonObject) -> TraceContext | None:
    """The context in one ``_meta`` object (W3C Trace Context, sections 3.2 and 3.3)."""
    parent = meta.get(PARENT)
    if not isinstance(parent, str) or len(parent) > 256:
        return None
    match = _PARENT.fullmatch(parent)
    if match is None or match[1] == "ff" or (match[1] == "00" and match[5]):
        return None
    if not int(match[2], 16) or not int(match[3], 16):
        return None
    state = meta.get(STATE)
    good = isinstance(state, str) and len(state) <= _LONGEST_STATE and _PRINTABLE.fullmatch(state)
    return TraceContext(
        match[2],
        match[3],
        int(match[4], 16) & SAMPLED,
        state if good else "",  # type: ignore[arg-type]
    )


def with_context(
    message: JsonObject, context: TraceContext, baggage: Collection[str]
) -> JsonObject:
    """A copy of a request that carries ``context``, and of its baggage the members named in
    ``baggage`` only (``*`` is all); itself if its parameters are not what they should be."""
    params = message.get("params", {})
    meta = params.get("_meta", {}) if isinstance(params, dict) else None
    if not isinstance(params, dict) or not isinstance(meta, dict):
        return message
    carried = {name: value for name, value in meta.items() if name not in _MEMBERS}
    carried[PARENT] = context.parent
    if context.state:
        carried[STATE] = context.state
    let = let_through(meta.get(BAGGAGE), baggage)
    if let:
        carried[BAGGAGE] = let
    return {**message, "params": {**params, "_meta": carried}}


def with_baggage(message: JsonObject, names: Collection[str]) -> JsonObject:
    """``message`` with those members of its baggage only; itself if it has none."""
    meta = meta_of(message)
    if meta is None or BAGGAGE not in meta:
        return message
    carried = {name: value for name, value in meta.items() if name != BAGGAGE}
    if let := let_through(meta[BAGGAGE], names):
        carried[BAGGAGE] = let
    params = message["params"]
    assert isinstance(params, dict)
    return {**message, "params": {**params, "_meta": carried}}


def let_through(baggage: JsonValue, names: Collection[str]) -> str:
    """The members of a baggage header value whose names are let through (W3C Baggage, 3.3)."""
    if not names or not isinstance(baggage, str) or not _PRINTABLE.fullmatch(baggage):
        return ""
    members = [member.strip() for member in baggage.split(",")[:_MOST_BAGGAGE]]
    named = [(member.partition("=")[0].strip(), member) for member in members if "=" in member]
    return ",".join(member for name, member in named if "*" in names or name in names)


def meta_of(message: JsonObject) -> JsonObject | None:
    """``params._meta`` of a message; ``None`` if there is none."""
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    return meta if isinstance(meta, dict) else None
