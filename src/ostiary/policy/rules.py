"""One rule: a Cedar policy, what its annotations add, and what it looks at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum

from cedarpy import pst

from ostiary.policy.expressions import EVERYTHING, Read, can_fail, names_thing, parted, reads
from ostiary.policy.statements import Statement


class Kind(Enum):
    """What becomes of a request that a rule applies to, strongest first."""

    FORBID = "forbid"
    """Refused, whatever else permits it."""
    QUESTION = "ask before"
    """``@ask forbid``: asked first, if something permits it."""
    WARNING = "warn of"
    """``@warn forbid``: told and recorded, but not refused."""
    PERMIT = "permit"
    """Allowed."""
    OFFER = "permit after asking"
    """``@ask permit``: asked first, unless a plain permit applies too."""


class BadPolicy(ValueError):
    """A policy cannot be used. The message names file and line, what is wrong and what to do."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        """``FILE:LINE``."""
        self.why = why


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy, ready to be decided by."""

    id: str
    """``@id``, or ``FILE:LINE``. Unique."""
    place: str
    """``FILE:LINE``."""
    kind: Kind
    node: pst.Template = field(hash=False)
    """The policy as written, under :attr:`id`."""
    applies: pst.Template = field(hash=False)
    """A permit that holds where the policy's conditions hold; so that Cedar names every rule that
    applies, and not only those that decide."""
    settled: pst.Template = field(hash=False)
    """As :attr:`applies`, with the leading conditions only that do not look at the request."""
    rest: tuple[pst.Clause, ...] = field(hash=False)
    """The other conditions."""
    open: bool
    """Whether there are any."""
    reads: frozenset[Read]
    """What of the request they look at."""
    can_fail: bool
    names_thing: bool
    text: str = ""
    """``@text``: one sentence for those who meet the rule."""
    remedy: str = ""
    """``@remedy``: what to do instead."""
    record: str = ""
    """``@record``: how much of the call is kept: ``digest``, ``redacted`` or ``full``."""

    @property
    def name(self) -> str:
        """The rule as it is named in reasons."""
        return f"policy:{self.id}"


ANNOTATIONS = frozenset({"id", "text", "remedy", "ask", "warn", "record", "note"})
"""What may stand before a policy. A misspelt ``@ask`` would turn a question into a yes, so
anything else is refused."""

RECORDED = ("digest", "redacted", "full")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}")
_BY_NAME = frozenset({"arguments", "folded", "numbers", "decimals", "flags", "lists", EVERYTHING})
CARRIERS = frozenset({"Texts", "Numbers", "Decimals", "Flags", "Lists"})


def rule(statement: Statement, node: pst.Template) -> Rule:
    """The rule that a parsed policy is. Raises :class:`BadPolicy`."""
    marks = node.annotations
    _check(statement, node)
    own = marks.get("id") or _by_place(statement)
    named = replace(node, id=own)
    applies = replace(named, effect="permit", annotations=pst.FrozenMap())
    settled, rest = parted(node.clauses)
    return Rule(
        id=own,
        place=statement.place,
        kind=_kind(node),
        node=named,
        applies=applies,
        settled=replace(applies, clauses=settled),
        rest=rest,
        open=bool(rest),
        reads=frozenset(reads(node.clauses)),
        can_fail=can_fail(node.clauses),
        names_thing=names_thing(node.clauses),
        text=marks.get("text", ""),
        remedy=marks.get("remedy", ""),
        record=marks.get("record", ""),
    )


def _by_place(statement: Statement) -> str:
    more = f".{statement.nth}" if statement.nth > 1 else ""
    return re.sub(r"[^A-Za-z0-9_.:/-]", "_", f"{statement.place}{more}").lstrip("._:/-")


def _kind(node: pst.Template) -> Kind:
    asks, warns = "ask" in node.annotations, "warn" in node.annotations
    if node.effect == "permit":
        return Kind.OFFER if asks else Kind.PERMIT
    if asks:
        return Kind.QUESTION
    return Kind.WARNING if warns else Kind.FORBID


def _check(statement: Statement, node: pst.Template) -> None:
    """What Cedar has no objection to, but this gateway has."""
    marks = node.annotations
    fault = _fault(node)
    if fault:
        raise BadPolicy(statement.place, fault)
    if "id" in marks and not _ID.fullmatch(marks["id"]):
        raise BadPolicy(
            statement.place,
            f"the id {marks['id'][:80]!r} cannot be used; take letters, digits and . _ : / -",
        )
    if "record" in marks and marks["record"] not in RECORDED:
        raise BadPolicy(
            statement.place,
            f"@record takes {', '.join(RECORDED)}, not {marks['record'][:80]!r}",
        )


def _fault(node: pst.Template) -> str:
    marks = node.annotations
    strange = sorted(set(marks) - ANNOTATIONS)
    if strange:
        known = ", ".join(f"@{one}" for one in sorted(ANNOTATIONS))
        return f"@{strange[0]} is not known here; known are {known}"
    if "warn" in marks and node.effect == "permit":
        return "@warn belongs before a forbid: it warns of what the forbid describes"
    if "warn" in marks and "ask" in marks:
        return "@warn and @ask exclude each other"
    if any(uid.type.basename in CARRIERS for uid in pst.entity_uids(node)):
        return "arguments are reached through `context`, not by the name of an entity"
    if any(read.name is None and read.fact in _BY_NAME for read in reads(node.clauses)):
        return 'arguments are named in full: context.arguments.getTag("path")'
    return ""
