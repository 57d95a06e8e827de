"""Finds rules that do not do what their author meant, although they are valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from cedarpy import pst

from ostiary.policy.expressions import children
from ostiary.policy.program import Program
from ostiary.policy.rules import Kind, Rule

PRESET = "preset:"


@dataclass(frozen=True, slots=True)
class Known:
    """What exists, as far as it is known."""

    servers: frozenset[str] | None = None
    """Approved servers; ``None`` if not known."""
    things: frozenset[tuple[str, str]] | None = None
    """Type and id (``Tool``, ``files/read``) of everything approved."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to look at."""

    rule: str
    place: str
    text: str
    serious: bool
    """Whether the rule probably decides otherwise than meant."""


def lint(program: Program, known: Known) -> tuple[Note, ...]:
    """Notes on the rules of one's own; presets are taken as they are."""
    found: list[Note] = []
    for rule in program.rules:
        if not rule.place.startswith(PRESET):
            for check in CHECKS:
                for text, serious in check(rule, program, known):
                    found.append(Note(rule.id, rule.place, text, serious))
    return tuple(found)


Check = Callable[[Rule, Program, Known], Iterator[tuple[str, bool]]]


def _wide(rule: Rule, _program: Program, _known: Known) -> Iterator[tuple[str, bool]]:
    if rule.kind not in (Kind.PERMIT, Kind.OFFER) or rule.node.clauses:
        return
    free = [isinstance(part, pst.ScopeAny) for part in (rule.node.principal, rule.node.resource)]
    if all(free) and isinstance(rule.node.action, pst.ScopeAny):
        yield "permits everything to everybody on every server", True
    elif isinstance(rule.node.action, pst.ScopeAny):
        yield (
            (
                "permits every action, also what servers ask back (sample, elicit, roots) and "
                'unknown methods; name the actions, for example action in Action::"use"'
            ),
            True,
        )


def _unknown_names(rule: Rule, program: Program, known: Known) -> Iterator[tuple[str, bool]]:
    groups = set(program.members) | {one for of in program.members.values() for one in of}
    groups |= {one for of in program.servers.values() for one in of}
    for uid in sorted(pst.entity_uids(rule.node), key=str):
        kind = str(uid.type)
        if kind == "Group" and uid.id not in groups:
            yield (
                f"no setting names the group {uid.id}: it has to come from the identity provider",
                False,
            )
        elif kind == "Server" and known.servers is not None and uid.id not in known.servers:
            yield f"no approved server is named {uid.id}, so this never applies", True
        elif kind in ("Tool", "Prompt") and "/" not in uid.id:
            yield (
                (
                    f'{kind}::"{uid.id}" never applies: a thing is named with its server, '
                    f'{kind}::"SERVER/{uid.id}"'
                ),
                True,
            )
        elif (
            kind in ("Tool", "Prompt")
            and known.things is not None
            and (kind, uid.id) not in known.things
        ):
            yield f'nothing approved is {kind}::"{uid.id}", so this never applies', True


def _never(rule: Rule, _program: Program, _known: Known) -> Iterator[tuple[str, bool]]:
    for clause in rule.node.clauses:
        if clause.expr == pst.BoolLit(isinstance(clause, pst.Unless)):
            yield "its condition never holds", True


def _shadowed(rule: Rule, program: Program, _known: Known) -> Iterator[tuple[str, bool]]:
    for other in program.rules:
        if other is rule:
            continue
        if other.kind is Kind.FORBID and rule.kind is not Kind.FORBID and _covers(other, rule):
            yield f"never decides: {other.id} ({other.place}) forbids all that it is about", True
        elif other.kind is rule.kind and _same(other, rule) and other.id < rule.id:
            yield f"says the same as {other.id} ({other.place})", False


def _same(one: Rule, other: Rule) -> bool:
    return replace(one.applies, id="") == replace(other.applies, id="")


def _covers(forbid: Rule, other: Rule) -> bool:
    """Whether everything that ``other`` applies to is forbidden by ``forbid``."""
    a, b = forbid.node, other.node
    if a.clauses and a.clauses != b.clauses:
        return False
    return (
        _part_covers(a.principal, b.principal)
        and _part_covers(a.action, b.action)
        and _part_covers(a.resource, b.resource)
    )


def _part_covers(wide: object, narrow: object) -> bool:
    if isinstance(wide, pst.ScopeAny) or wide == narrow:
        return True
    if isinstance(wide, pst.ActionIn):
        inside = (
            narrow.entities
            if isinstance(narrow, pst.ActionIn)
            else (narrow.entity,)
            if isinstance(narrow, pst.ActionEq)
            else ()
        )
        return bool(inside) and set(inside) <= set(wide.entities)
    return isinstance(wide, pst.ScopeIs) and _type(narrow) == wide.entity_type


def _type(part: object) -> object:
    if isinstance(part, pst.ScopeIs | pst.ScopeIsIn):
        return part.entity_type
    if isinstance(part, pst.ScopeEq) and isinstance(part.entity, pst.EntityUid):
        return part.entity.type
    return None


def _patterns(rule: Rule, _program: Program, _known: Known) -> Iterator[tuple[str, bool]]:
    for like in _all(rule.node.clauses, pst.Like):
        text = "".join(one.value if isinstance(one, pst.Char) else "*" for one in like.pattern)
        if text.startswith("/") and text.endswith("*") and text[-2:] != "/*":
            yield (
                f'"{text}" also matches names that go on, as {text[:-1]}-other; end it in /*',
                True,
            )
        if rule.node.effect == "forbid" and text.startswith("/") and _is_argument(like.base):
            yield (
                (
                    f'"{text}" does not hold relative paths; context.any_path_in.contains("…") '
                    "looks at every path, and a permit for the right folders is surer still"
                ),
                False,
            )


def _is_argument(node: object) -> bool:
    return isinstance(node, pst.BinaryOp) and node.op == "get_tag"


def _silent(rule: Rule, _program: Program, _known: Known) -> Iterator[tuple[str, bool]]:
    if not rule.text:
        yield "has no @text, so those it refuses are not told why in words", False


CHECKS: tuple[Check, ...] = (_wide, _unknown_names, _never, _shadowed, _patterns, _silent)


def _all(node: object, kind: type[pst.Like]) -> Iterable[pst.Like]:
    if isinstance(node, kind):
        yield node
    for child in children(node):
        yield from _all(child, kind)
