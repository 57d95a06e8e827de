"""Parameters of a tool: added, removed, renamed, required, and what they now accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue, as_object, strings
from ostiary.surface.drift.constraints import Shift, shifts
from ostiary.surface.drift.values import shown
from ostiary.surface.drift.words import asks_for, is_guard
from ostiary.surface.excerpt import excerpt

MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Contract:
    """One object schema of one part, before and after."""

    server: str
    part: str
    before: JsonObject
    after: JsonObject
    above: str = ""
    """Dotted name of the parameter that holds this object; empty at the top."""
    depth: int = 0

    def change(self, says: str, severity: Severity, old: str = "", new: str = "") -> Change:
        return Change(
            self.server, self.part, says, severity, excerpt(old), excerpt(new), "contract"
        )

    def named(self, name: str) -> str:
        return excerpt(f"{self.above}.{name}" if self.above else name, 80)


def contract(pair: Contract) -> Iterator[Change]:
    """Every difference between two object schemas, properties first."""
    before = as_object(pair.before.get("properties"))
    after = as_object(pair.after.get("properties"))
    removed = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    for old, new in _renames(pair, removed, added):
        removed.remove(old)
        added.remove(new)
        yield _renamed(pair, old, new)
    asked = frozenset(
        kind for name in before if (kind := asks_for(name, as_object(before[name]))) is not None
    )
    for name in added:
        yield _added(pair, name, as_object(after[name]), asked)
    for name in removed:
        yield _removed(pair, name, before[name])
    for name in before:
        if name in after and before[name] != after[name]:
            yield from _kept(pair, name, before[name], after[name])
    yield from _required(pair, [name for name in before if name in after])
    if pair.depth == 0:
        yield from _rest(pair)


def _renames(pair: Contract, removed: list[str], added: list[str]) -> list[tuple[str, str]]:
    """Removed and added parameters that differ in nothing but the name, paired in order."""
    if not removed or not added:
        return []
    before, after = as_object(pair.before.get("properties")), as_object(pair.after["properties"])
    old_required = frozenset(strings(pair.before.get("required")))
    new_required = frozenset(strings(pair.after.get("required")))
    pairs: list[tuple[str, str]] = []
    free = list(added)
    for old in removed:
        for new in free:
            same_duty = (old in old_required) == (new in new_required)
            if same_duty and _shape(before[old]) == _shape(after[new]):
                pairs.append((old, new))
                free.remove(new)
                break
    return pairs


def _shape(schema: JsonValue) -> JsonValue:
    """A schema without the words that a rename touches."""
    if not isinstance(schema, dict):
        return schema
    return {key: one for key, one in schema.items() if key not in ("title", "description")}


def _renamed(pair: Contract, old: str, new: str) -> Change:
    before = as_object(as_object(pair.before.get("properties"))[old])
    after = as_object(as_object(pair.after.get("properties"))[new])
    kind = asks_for(new, after)
    says = f"parameter {pair.named(old)} is now called {pair.named(new)}"
    if kind is not None and kind != asks_for(old, before):
        return pair.change(f"{says} and asks for {kind}", Severity.HIGH, old, new)
    if is_guard(old) and not is_guard(new):
        return pair.change(f"{says}; it let a caller hold the tool back", Severity.HIGH, old, new)
    return pair.change(says, Severity.LOW, old, new)


def _added(pair: Contract, name: str, schema: JsonObject, asked: frozenset[str]) -> Change:
    required = name in strings(pair.after.get("required"))
    kind = asks_for(name, schema)
    if name == "to" and "from" in as_object(pair.after.get("properties")):
        kind = None if _is_range(pair.after) else kind
    says = f"now takes {'the required' if required else 'an optional'} parameter {pair.named(name)}"
    if kind is not None:
        says = f"now takes {kind}: {'required' if required else 'optional'} {pair.named(name)}"
    if required or (kind is not None and kind not in asked):
        severity = Severity.HIGH
    else:
        severity = Severity.MEDIUM if kind is not None else Severity.LOW
    return pair.change(says, severity, new=shown(schema))


def _is_range(schema: JsonObject) -> bool:
    """Whether ``from`` and ``to`` bound a range instead of naming correspondents."""
    return not {"subject", "body", "message", "text"} & set(as_object(schema.get("properties")))


def _removed(pair: Contract, name: str, schema: JsonValue) -> Change:
    says = f"no longer takes parameter {pair.named(name)}"
    if is_guard(name):
        return pair.change(
            f"{says}, which let a caller hold the tool back", Severity.HIGH, shown(schema)
        )
    return pair.change(says, Severity.LOW, shown(schema))


def _kept(pair: Contract, name: str, before: JsonValue, after: JsonValue) -> Iterator[Change]:
    """A parameter that stayed: its own constraints, then what it holds."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        says = f"parameter {pair.named(name)} accepts something else"
        yield pair.change(says, Severity.MEDIUM, shown(before), shown(after))
        return
    kind = asks_for(name, after)
    for shift in shifts(before, after, kind, is_guard(name)):
        yield _shifted(pair, f"parameter {pair.named(name)}", shift)
    if pair.depth < MAX_DEPTH:
        yield from _below(pair, name, before, after)


def _below(pair: Contract, name: str, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new, label = before, after, name
    if isinstance(before.get("items"), dict) and isinstance(after.get("items"), dict):
        old, new, label = as_object(before["items"]), as_object(after["items"]), f"{name}[]"
        for shift in shifts(old, new, asks_for(name, new), False):
            yield _shifted(pair, f"parameter {pair.named(label)}", shift)
    if "properties" in old or "properties" in new:
        above = f"{pair.above}.{label}" if pair.above else label
        yield from contract(Contract(pair.server, pair.part, old, new, above, pair.depth + 1))


def _shifted(pair: Contract, where: str, shift: Shift) -> Change:
    return pair.change(f"{where} {shift.says}", shift.severity, shift.before, shift.after)


def _required(pair: Contract, kept: list[str]) -> Iterator[Change]:
    before = frozenset(strings(pair.before.get("required")))
    after = frozenset(strings(pair.after.get("required")))
    for name in kept:
        if name in after and name not in before:
            says = f"parameter {pair.named(name)} was optional and is now required"
            yield pair.change(says, Severity.HIGH, "optional", "required")
        elif name in before and name not in after:
            says = f"parameter {pair.named(name)} was required and is now optional"
            yield pair.change(says, Severity.LOW, "required", "optional")


def _rest(pair: Contract) -> Iterator[Change]:
    """Keywords of the schema as a whole: open or closed, alternatives, definitions."""
    if pair.before.get("properties") is not None or pair.after.get("properties") is not None:
        for shift in shifts(pair.before, pair.after, None, False):
            yield _shifted(pair, "the input schema", shift)
    elif pair.before != pair.after:
        yield pair.change(
            "the input schema changed", Severity.MEDIUM, shown(pair.before), shown(pair.after)
        )
