"""What each approved server shows now, held to what was approved.

Every list that comes by, in whichever session, is judged here item by item; the rest of the
gateway sees only what passed. What did not is withheld, told once in words, and stays outside
until somebody approves it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import re2  # type: ignore[import-untyped]

from ostiary.model.approval import Approval
from ostiary.model.asked import Target
from ostiary.model.json import JsonObject, JsonValue
from ostiary.surface.pins import (
    NAMED_BY,
    Why,
    Withheld,
    judge_capabilities,
    judge_items,
    judge_revision,
    judge_text,
)
from ostiary.wire import handshake
from ostiary.wire.canonical import digest
from ostiary.wire.mcp_headers import (
    HeaderParameter,
    header_parameters,
    invalid_header_parameters,
)

Tell = Callable[[str, Withheld], None]
"""Takes the name of a server and what of it is withheld, once for each change."""

OFFERED = "offered"
"""Stands for the digest of a resource that no list holds: a result linked to it."""

MOST_TOLD = 100
"""Things withheld of one list that are told one by one; each is an event of the record."""
MOST_WITHHELD = 100_000
"""Things whose reason is remembered; a server can make up more with every page."""
_VERSIONS = itertools.count(1)


@dataclass(slots=True)
class Shown:
    """One server's present surface."""

    approval: Approval
    tell: Tell
    raws: dict[str, tuple[JsonObject, ...]] = field(default_factory=dict)
    """Definitions that passed, by kind, exactly as the server gave them."""
    withheld: dict[tuple[str, str], Withheld] = field(default_factory=dict)
    stale: bool = True
    """Whether the server has said that its lists changed, or was never asked."""
    seen_at: float = 0.0
    version: int = 0
    """Grows with each change of what passes; two surfaces, also of one server, never share one."""
    parameters: dict[str, tuple[HeaderParameter, ...]] = field(default_factory=dict)
    """Tools whose arguments travel in headers too, by name."""
    seen: dict[tuple[object, ...], tuple[JsonObject, ...]] = field(default_factory=dict)
    """What callers may see of it. Forgotten with every change, so that what a server showed before
    takes no memory."""
    _targets: dict[tuple[str, str], Target] = field(default_factory=dict)
    _templates: tuple[tuple[re2.Pattern[str], Target], ...] = ()
    _told: set[tuple[str, str, str]] = field(default_factory=set)
    _last: dict[str, list[JsonValue]] = field(default_factory=dict)

    def take(self, kind: str, raws: Sequence[JsonValue], *, whole: bool) -> list[JsonObject]:
        """Judge a list, or with ``whole`` false one page of it; the items that pass, in order."""
        given = list(raws)
        if whole and self._last.get(kind) == given:
            return list(self.raws.get(kind, ()))
        passing, withheld = judge_items(self.approval, kind, given)
        if kind == "tool":
            passing, unfit = _fit(passing)
            withheld += unfit
        for one in withheld[:MOST_TOLD]:
            self._tell_once(one)
        if len(withheld) > MOST_TOLD:
            reason = f"{len(withheld) - MOST_TOLD} more of its {kind}s are withheld"
            self._tell_once(Withheld(kind, "", "", Why.CHANGED, reason))
        if whole:
            self._last[kind] = given
            self._replace(kind, passing, withheld)
        else:
            self._add(kind, passing, withheld)
        return list(passing)

    def text(self, what: str, words: str) -> str:
        """``words`` if they are the approved ones (``what`` is ``instructions``), else nothing."""
        problem = judge_text(self.approval, what, words)
        if problem is None:
            return words
        self._tell_once(problem)
        return ""

    def declared(self, capabilities: JsonObject, revision: str) -> None:
        """Tell where a server declares other than it did. Nothing of it reaches a model, so that
        nothing is withheld for it; what it leads to is judged item by item. A server may declare
        other things in the era that it was not approved in."""
        approved = self.approval.revision
        if approved and (approved in handshake.REVISIONS) != (revision in handshake.REVISIONS):
            return
        for problem in (
            judge_capabilities(self.approval, capabilities),
            judge_revision(self.approval, revision),
        ):
            if problem is not None:
                self._tell_once(problem)

    def target(self, kind: str, name: str) -> Target | None:
        """The approved thing that is shown under this name now."""
        found = self._targets.get((kind, name))
        if found is None and kind == "resource":
            return next((one for form, one in self._templates if form.fullmatch(name)), None)
        return found

    def offered(self, uri: str) -> Target:
        """A resource that a result linked to. A link brings nothing back that is withheld, or that
        a person left out."""
        plain = self._approved("resource", uri)
        left_out = any((one.kind, one.name) == ("resource", uri) for one in self.approval.left_out)
        if left_out or self.problem("resource", uri) is not None:
            return replace(plain, digest="")
        if plain.digest:
            return plain
        # Whoever owns the approval never saw this.
        return replace(plain, digest=OFFERED, owner="")

    def problem(self, kind: str, name: str) -> Withheld | None:
        """Why a thing is withheld, if it is."""
        return self.withheld.get((kind, name))

    def _tell_once(self, problem: Withheld) -> None:
        mark = (problem.kind, problem.name, problem.digest)
        if mark not in self._told:
            if len(self._told) > 10_000:
                self._told.clear()
            self._told.add(mark)
            self.tell(self.approval.server, problem)

    def _replace(
        self, kind: str, passing: Sequence[JsonObject], withheld: Sequence[Withheld]
    ) -> None:
        for key in [one for one in self._targets if one[0] == kind]:
            del self._targets[key]
        for key in [one for one in self.withheld if one[0] == kind]:
            del self.withheld[key]
        self.raws[kind] = ()
        self._add(kind, passing, withheld)

    def _add(self, kind: str, passing: Sequence[JsonObject], withheld: Sequence[Withheld]) -> None:
        known = {str(raw[NAMED_BY[kind]]) for raw in self.raws.get(kind, ())}
        kept = [raw for raw in passing if str(raw[NAMED_BY[kind]]) not in known]
        self.raws[kind] = (*self.raws.get(kind, ()), *kept)
        if len(self.withheld) < MOST_WITHHELD:
            self.withheld |= {(kind, one.name): one for one in withheld}
        for raw in kept:
            name = str(raw[NAMED_BY[kind]])
            if kind == "tool":
                self._note_parameters(name, raw)
            self._targets[kind, name] = self._approved(kind, name)
        for one in withheld:
            self._targets.pop((kind, one.name), None)
        if kind == "template":
            self._templates = tuple(
                (template_form(name), target)
                for (sort, name), target in self._targets.items()
                if sort == "template"
            )
        self.seen.clear()
        self.version = next(_VERSIONS)

    def _note_parameters(self, name: str, raw: JsonObject) -> None:
        self.parameters.pop(name, None)
        found = header_parameters(raw.get("inputSchema"))
        if found:
            self.parameters[name] = found

    def _approved(self, kind: str, name: str) -> Target:
        item = self.approval.item(kind, name)
        return Target(
            server=self.approval.server,
            kind=kind,
            name=name,
            digest=item.digest if item else "",
            levels=item.levels if item else (),
            labels=item.labels if item else (),
            owner=self.approval.owner,
            review_by=self.approval.review_by,
        )


def _fit(tools: Sequence[JsonObject]) -> tuple[list[JsonObject], list[Withheld]]:
    """Tools whose headers can be written, and the others, which a client has to drop
    (revision 2026-07-28, Streamable HTTP, custom headers)."""
    fit, unfit = [], []
    for raw in tools:
        problem = invalid_header_parameters(raw.get("inputSchema"))
        if problem is None:
            fit.append(raw)
        else:
            name = str(raw["name"])
            reason = f"the tool's header parameters are not valid: {problem}"
            unfit.append(Withheld("tool", name, digest(raw), Why.UNREADABLE, reason))
    return fit, unfit


_EXPRESSION = re2.compile(r"\{([+#./;?&]?)[^{}]*\}")


def template_form(template: str) -> re2.Pattern[str]:
    """A pattern for the URIs that a URI template (RFC 6570) may expand to."""
    form, end = "", 0
    for found in _EXPRESSION.finditer(template):
        form += re2.escape(template[end : found.start()])
        form += {"": r"[^/?#]*", ".": r"[^/?#]*"}.get(found[1], r".*")
        end = found.end()
    return re2.compile(form + re2.escape(template[end:]))
