"""Powers a server declares outside the standard hints: effects, reach, data, scopes, gates.

Vendors write them under their own key in ``_meta``, in ``annotations`` or beside them, so the
name of the member decides, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.surface.drift.hints import HINTS
from ostiary.surface.drift.values import leaves, shown
from ostiary.surface.drift.words import members, pieces
from ostiary.surface.excerpt import excerpt

STANDARD = members(
    "name title description inputSchema outputSchema annotations _meta icons execution arguments "
    "uri uriTemplate mimeType size"
)
"""Members of the protocol's own items; any other is the vendor's."""

_READ = members(
    "read reads get list search query view fetch none observe inspect lookup readonly "
    "find describe count"
)
_GRAVE = members(
    "delete destroy execute exec admin administer owner root sudo all full write_all drop purge "
    "wipe pay spend transfer manage impersonate code_execution shell superuser"
)
_MILD_DATA = members("public none open general anonymous synthetic")

_LADDERS: tuple[tuple[str, ...], ...] = (
    ("none", "isolated", "internal", "organization", "partner", "external", "public"),
    ("none", "local", "lan", "network", "internet"),
    ("private", "internal", "shared", "public"),
    ("closed", "restricted", "open", "unrestricted"),
    ("none", "minimal", "low", "medium", "moderate", "high", "critical"),
    ("safe", "caution", "dangerous"),
    ("none", "read", "write", "read_write", "admin"),
    ("self", "user", "group", "team", "workspace", "organization", "tenant", "global"),
    ("single", "many", "all"),
)
"""Ordered values; a step to the right of a shared ladder is a widening."""

_SENSITIVITY: tuple[tuple[str, ...], ...] = (
    ("none", "public", "internal", "confidential", "restricted", "secret", "top_secret"),
    ("none", "minimal", "low", "medium", "moderate", "high", "critical"),
)
_NOBODY = frozenset({"none", "anonymous", "public", "off", "disabled"})


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of declaration, told by the words of its member's name."""

    noun: str
    words: frozenset[str]
    weigh: Callable[[frozenset[str]], Severity]
    """Severity of values that were gained."""
    guard: bool = False
    """True when ``true`` is the careful value."""


def _effects(gained: frozenset[str]) -> Severity:
    if gained <= _READ:
        return Severity.LOW
    return Severity.CRITICAL if _GRAVE & gained else Severity.HIGH


def _data(gained: frozenset[str]) -> Severity:
    return Severity.LOW if gained <= _MILD_DATA else Severity.HIGH


def _scopes(gained: frozenset[str]) -> Severity:
    return Severity.MEDIUM if all(_last(one) in _READ for one in gained) else Severity.HIGH


def _high(_gained: frozenset[str]) -> Severity:
    return Severity.HIGH


def _medium(_gained: frozenset[str]) -> Severity:
    return Severity.MEDIUM


def _last(scope: str) -> str:
    """``store:read`` and ``read`` end in the same verb."""
    for mark in (":", ".", "/", "_", "-"):
        scope = scope.rsplit(mark, 1)[-1]
    return scope


_SORTS: tuple[_Sort, ...] = (
    _Sort(
        "gate",
        members(
            "approval confirm confirmation consent gate review approve human authorization "
            "dryrun sandbox sandboxed isolated redact redacted audited"
        ),
        _high,
        guard=True,
    ),
    _Sort(
        "data class",
        members(
            "data pii phi classification classifications sensitivity sensitive secrets privacy "
            "personal category categories"
        ),
        _data,
    ),
    _Sort(
        "scope",
        members("scope scopes permission permissions role roles auth oauth grants acl"),
        _scopes,
    ),
    _Sort(
        "reach",
        members(
            "externality external reach egress network internet world outbound exposure boundary "
            "visibility audience domains hosts destinations endpoints origins remote"
        ),
        _high,
    ),
    _Sort(
        "effect",
        members(
            "effect effects action actions operation operations capability capabilities access "
            "mode verbs impact side mutates mutating destructive writes deletes executes "
            "mutability privilege privileges level"
        ),
        _effects,
    ),
    _Sort("risk", members("risk danger severity hazard criticality trust tier"), _high),
    _Sort(
        "limit",
        members("limit limits max maximum quota budget cap rate timeout"),
        _medium,
    ),
)


def declared(server: str, part: str, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    """Changes of every non-standard declaration of one item, by place."""
    old, new = _declarations(before), _declarations(after)
    for path in [*old, *(path for path in new if path not in old)]:
        was, now = old.get(path), new.get(path)
        if was == now:
            continue
        says, severity = _verdict(path, was, now)
        yield Change(
            server, part, says, severity, excerpt(_or_none(was)), excerpt(_or_none(now)), "claim"
        )


def _declarations(raw: JsonObject) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    notes = {
        key: value
        for key, value in as_object(raw.get("annotations")).items()
        if key not in HINTS and key != "title"
    }
    vendor = {key: value for key, value in raw.items() if key not in STANDARD}
    roots: tuple[JsonValue, ...] = (raw.get("_meta"), notes, vendor, raw.get("execution"))
    for root in roots:
        for path, value in leaves(root):
            if not path:
                continue
            held = found.get(path)
            if held is None:
                found[path] = value
            else:
                found[path] = [*_several(held), *_several(value)]
    return found


def _several(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _or_none(value: JsonValue) -> str:
    return "" if value is None else shown(value)


def _sort(path: str) -> _Sort | None:
    """The sort of a declaration: the innermost member whose name tells one."""
    for member in reversed(path.split(".")):
        words = frozenset(pieces(member))
        for sort in _SORTS:
            if sort.words & words:
                return sort
    return None


def _verdict(path: str, was: JsonValue, now: JsonValue) -> tuple[str, Severity]:
    place = excerpt(path, 80)
    sort = _sort(path)
    if sort is None:
        return f"its {place} is declared differently", Severity.INFO
    if sort.guard:
        return _gate(place, was, now)
    if isinstance(was, bool) or isinstance(now, bool):
        return _flag(sort, place, was, now)
    if sort.noun == "limit" and isinstance(was, int | float) and isinstance(now, int | float):
        raised = now > was
        word = "raised" if raised else "lowered"
        return f"its declared {place} was {word}", Severity.MEDIUM if raised else Severity.INFO
    return _values(sort, place, was, now)


def _gate(place: str, was: JsonValue, now: JsonValue) -> tuple[str, Severity]:
    if _on(was) and not _on(now):
        return f"gave up its declared {place}", Severity.HIGH
    if _on(now) and not _on(was):
        return f"now declares {place}", Severity.INFO
    return f"its declared {place} changed", Severity.MEDIUM


def _on(value: JsonValue) -> bool:
    if isinstance(value, str):
        return value.lower() not in ("", "none", "never", "no", "false", "off", "optional", "auto")
    return bool(value)


def _flag(sort: _Sort, place: str, was: JsonValue, now: JsonValue) -> tuple[str, Severity]:
    if now is True:
        grave = sort.weigh(frozenset(pieces(place.rsplit(".", 1)[-1])))
        return f"now declares the {sort.noun} {place}", max(grave, Severity.MEDIUM)
    if was is True:
        return f"no longer declares the {sort.noun} {place}", Severity.LOW
    return f"its declared {place} changed", Severity.MEDIUM


def _values(sort: _Sort, place: str, was: JsonValue, now: JsonValue) -> tuple[str, Severity]:
    old, new = _names(was), _names(now)
    gained, lost = new - old, old - new
    if was is None:
        listed = ", ".join(sorted(gained)) or "nothing"
        return f"now declares {place}: {excerpt(listed, 120)}", Severity.MEDIUM
    if now is None:
        return f"no longer declares {place}", Severity.MEDIUM
    if sort.noun == "scope" and gained and gained <= _NOBODY:
        return f"asks for no authorization in {place}", Severity.HIGH
    step = _step(lost, gained, _SENSITIVITY if sort.noun == "data class" else _LADDERS)
    if step is not None and step <= 0:
        return f"declares a narrower {sort.noun} in {place}", Severity.INFO
    if not gained:
        return f"declares fewer values in {place}", Severity.INFO
    listed = excerpt(", ".join(sorted(gained)), 120)
    severity = sort.weigh(gained)
    if step is not None:
        severity = max(severity, Severity.HIGH)
    return f"declares a wider {sort.noun} in {place}: {listed}", severity


def _names(value: JsonValue) -> frozenset[str]:
    return frozenset(
        shown(one).strip().lower().replace(" ", "_").replace("-", "_")
        for one in _several(value)
        if one not in (None, "")
    )


def _step(
    lost: frozenset[str], gained: frozenset[str], ladders: tuple[tuple[str, ...], ...]
) -> int | None:
    """How far one value moved on the ladder that holds both; ``None`` without such a ladder."""
    if len(lost) != 1 or len(gained) != 1:
        return None
    (old,), (new,) = lost, gained
    for ladder in ladders:
        if old in ladder and new in ladder:
            return ladder.index(new) - ladder.index(old)
    return None
