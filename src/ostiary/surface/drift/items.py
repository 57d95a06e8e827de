"""Tools, prompts, resources and templates: what changed in each, and what came and went."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.levels import tool_access
from ostiary.model.access import Level
from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, as_list, as_object, as_text
from ostiary.model.surface import Item, Tool
from ostiary.surface.drift.declared import declared
from ostiary.surface.drift.hints import hints
from ostiary.surface.drift.pairing import Pairing
from ostiary.surface.drift.parameters import Contract, contract
from ostiary.surface.drift.powers import admitted, gained_levels, powers
from ostiary.surface.drift.texts import Reworded, reworded
from ostiary.surface.drift.values import leaves, shown
from ostiary.surface.drift.words import text_words, themes
from ostiary.surface.excerpt import excerpt
from ostiary.surface.passages import strings_of

Gained = list[tuple[str, Level, Severity]]

_PROSE = frozenset({"description", "title", "schema-description", "schema-title"})


def label(item: Item) -> str:
    """The item in words: ``tool search``."""
    return f"{item.kind} {excerpt(item.name, 80)}"


def kind_changes(
    server: str, pairing: Pairing, tools: frozenset[str], gained: Gained
) -> list[Change]:
    """Every change among items of one kind; levels that tools gained are added to ``gained``."""
    changes: list[Change] = []
    for old, new in pairing.changed:
        changes += item_changes(server, old, new, tools, gained)
    for old, new in pairing.renamed:
        changes.append(_renamed(server, old, new))
    for new in pairing.added:
        changes.append(_added(server, new, gained))
    for old in pairing.removed:
        gone = excerpt(old.description)
        changes.append(Change(server, label(old), "is gone", Severity.LOW, gone, "", "membership"))
    return changes


def _renamed(server: str, old: Item, new: Item) -> Change:
    says = f"was called {excerpt(old.name, 80)}; nothing else changed"
    before, after = excerpt(old.name), excerpt(new.name)
    return Change(server, label(new), says, Severity.LOW, before, after, "membership")


def _added(server: str, new: Item, gained: Gained) -> Change:
    severity = Severity.LOW
    if isinstance(new, Tool):
        severity = admitted(new)
        for one in tool_access(new).capabilities:
            if one.level is not Level.READ:
                gained.append((new.name, one.level, severity))
    says = f"is a {new.kind} that was not there before"
    return Change(server, label(new), says, severity, "", excerpt(new.description), "membership")


def item_changes(
    server: str, old: Item, new: Item, tools: frozenset[str], gained: Gained
) -> list[Change]:
    """Every change of one item. Never empty for items whose digests differ."""
    part = label(new)
    changes: list[Change] = []
    for text in _reworded(server, part, old, new):
        changes += reworded(text, tools)
    if isinstance(old, Tool) and isinstance(new, Tool):
        changes += _tool(server, part, old, new, gained)
    else:
        changes += _arguments(server, part, old, new)
    changes += declared(server, part, old.raw, new.raw)
    changes += _remainder(server, part, old, new)
    return changes or [_unexplained(server, part, old, new)]


def _tool(server: str, part: str, old: Tool, new: Tool, gained: Gained) -> list[Change]:
    before, after = tool_access(old), tool_access(new)
    lied = bool(after.contradicted) and after.contradicted != before.contradicted
    changes = list(contract(Contract(server, part, old.input_schema, new.input_schema)))
    changes += hints(server, part, old, new, lied)
    levels = list(powers(server, part, before, after))
    changes += levels
    worst = max((change.severity for change in levels), default=Severity.MEDIUM)
    gained += [(new.name, one.level, worst) for one in gained_levels(before, after)]
    changes += _output(server, part, old.output_schema, new.output_schema)
    return changes


def _reworded(server: str, part: str, old: Item, new: Item) -> Iterator[Reworded]:
    """Every prose text that stands in the same place and reads differently."""
    before = {pointer: text for pointer, field, _, text in strings_of(old.raw) if field in _PROSE}
    top = {"/description": "description", "/title": "title"}
    seen = set()
    for pointer, field, words, text in strings_of(new.raw):
        if field not in _PROSE:
            continue
        seen.add(pointer)
        earlier = before.get(pointer)
        if earlier != text and (earlier is not None or pointer in top):
            name = top.get(pointer, words)
            yield Reworded(server, part, name, earlier or "", text, new.name)
    for pointer, name in top.items():
        if pointer in before and pointer not in seen:
            yield Reworded(server, part, name, before[pointer], "", new.name)


def _output(server: str, part: str, old: JsonObject, new: JsonObject) -> Iterator[Change]:
    if old == new:
        return
    before, after = as_object(old.get("properties")), as_object(new.get("properties"))
    added = [name for name in after if name not in before]
    weighty = themes(text_words(" ".join(added).replace("_", " ").replace("-", " ")))
    if weighty and old:
        says = f"its results now declare fields about {' and '.join(weighty)}"
        yield Change(server, part, says, Severity.MEDIUM, "", excerpt(", ".join(added)), "contract")
    else:
        says = "declares other results" if old and new else "declares its results differently"
        fields = excerpt(", ".join(before)), excerpt(", ".join(after))
        yield Change(server, part, says, Severity.LOW, *fields, "contract")


def _arguments(server: str, part: str, old: Item, new: Item) -> Iterator[Change]:
    """A prompt's arguments, compared as parameters."""
    before, after = old.raw.get("arguments"), new.raw.get("arguments")
    if before != after:
        yield from contract(Contract(server, part, _as_schema(old), _as_schema(new)))


def _as_schema(item: Item) -> JsonObject:
    listed = [as_object(one) for one in as_list(item.raw.get("arguments"))]
    return {
        "properties": {as_text(one.get("name")): {"type": "string"} for one in listed},
        "required": [as_text(one.get("name")) for one in listed if one.get("required") is True],
    }


def _remainder(server: str, part: str, old: Item, new: Item) -> Iterator[Change]:
    """Plain members of an item: media type, size, icons."""
    for key in ("mimeType", "size", "icons", "uri", "uriTemplate"):
        before, after = old.raw.get(key), new.raw.get(key)
        if before != after:
            severity = Severity.LOW if key in ("mimeType", "uri", "uriTemplate") else Severity.INFO
            yield Change(
                server,
                part,
                f"has another {key}",
                severity,
                "" if before is None else excerpt(shown(before)),
                "" if after is None else excerpt(shown(after)),
            )


def _unexplained(server: str, part: str, old: Item, new: Item) -> Change:
    before, after = dict(leaves(old.raw)), dict(leaves(new.raw))
    places = sorted(
        path for path in {*before, *after} if before.get(path) != after.get(path) and path
    )
    named = excerpt(", ".join(places[:5]), 160) or "a part that cannot be named"
    return Change(server, part, f"differs in {named}", Severity.LOW)
