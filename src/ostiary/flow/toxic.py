"""Powers that are dangerous together: a few witnesses per kind, never a cross product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.flow import reach as r
from ostiary.flow.reach import Candidate, Reach
from ostiary.model.access import ToxicFlow
from ostiary.model.grade import Confidence

TRIFECTA = "lethal trifecta"
CONFIGURATION = "configuration write"
FILE_AND_CODE = "file and code runner"
STEERED_CODE = "untrusted content to code"
STEERED_HARM = "untrusted content to harm"
CREDENTIAL_OUT = "credentials to a way out"
SHARED_BUS = "shared message bus"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of toxic flow: the roles it needs, in the order of the path."""

    kind: str
    roles: tuple[tuple[str, ...], ...]
    """For each step, the roles that can fill it."""
    says: str
    least: Confidence = Confidence.MEDIUM
    apart: bool = False
    """Whether the steps must be different tools."""


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        TRIFECTA,
        ((r.UNTRUSTED,), (r.PRIVATE,), (r.OUTWARD,)),
        "text that strangers wrote can steer the model to read private data and send it out",
    ),
    Pattern(
        CONFIGURATION,
        ((r.FILE_WRITE,),),
        "a file write reaches MCP configuration, start-up or CI files: what it writes there is "
        "run later with the user's rights",
    ),
    Pattern(
        FILE_AND_CODE,
        ((r.ANY_FILE_WRITE,), (r.EXECUTE,)),
        "one tool can place a program and another can run it",
        apart=True,
    ),
    Pattern(
        STEERED_CODE,
        ((r.UNTRUSTED,), (r.EXECUTE,)),
        "text that strangers wrote can steer the model to run code",
    ),
    Pattern(
        STEERED_HARM,
        ((r.UNTRUSTED,), (r.DESTROY, r.SPEND, r.ADMINISTER)),
        "text that strangers wrote can steer the model to destroy, spend or change rights",
    ),
    Pattern(
        CREDENTIAL_OUT,
        ((r.CREDENTIALS,), (r.OUTWARD,)),
        "credentials that one tool reads can leave through another",
    ),
    Pattern(
        SHARED_BUS,
        ((r.UNTRUSTED,), (r.BUS_WRITE,)),
        "text that strangers wrote can reach services that listen to the same store",
        least=Confidence.LOW,
    ),
)
"""Every kind, the gravest first."""


def toxic_flows(client: str, reaches: tuple[Reach, ...]) -> tuple[ToxicFlow, ...]:
    """At most two paths of each kind: one nobody is asked on, the surest, one inside a server."""
    candidates = sorted(
        (one for reach in reaches for one in reach.candidates()), key=Candidate.rank
    )
    by_role: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_role.setdefault(one.role, []).append(one)
    return tuple(
        _flow(pattern, path, client) for pattern in PATTERNS for path in _paths(pattern, by_role)
    )


def _paths(pattern: Pattern, by_role: dict[str, list[Candidate]]) -> Iterator[list[Candidate]]:
    slots = [
        sorted(
            (one for role in roles for one in by_role.get(role, ()) if _enough(one, pattern)),
            key=Candidate.rank,
        )
        for roles in pattern.roles
    ]
    if not all(slots):
        return
    found = [_choose([[one for one in slot if one.approved] for slot in slots], pattern)]
    found.append(_choose(slots, pattern))
    if not any(len({one.key or one.server for one in path}) == 1 for path in found):
        found.append(_inside(slots, pattern))
    distinct: list[list[Candidate]] = []
    for path in found:
        if path and path not in distinct:
            distinct.append(path)
    yield from distinct[:2]


def _enough(one: Candidate, pattern: Pattern) -> bool:
    return one.confidence >= pattern.least


def _choose(slots: list[list[Candidate]], pattern: Pattern) -> list[Candidate]:
    """The surest candidate for each step; a tool is used twice only if there is no other."""
    if not all(slots):
        return []
    path: list[Candidate] = []
    for slot in slots:
        surest = [one for one in slot if one.confidence == slot[0].confidence]
        used = {(one.key, one.tool) for one in path}
        unused = [one for one in surest if (one.key, one.tool) not in used]
        fresh = [one for one in unused if pattern.apart or one.plainness < surest[0].plainness + 2]
        if not fresh and pattern.apart:
            fresh = [one for one in slot if (one.key, one.tool) not in used]
            if not fresh:
                return []
        path.append((fresh or surest)[0])
    return path


def _inside(slots: list[list[Candidate]], pattern: Pattern) -> list[Candidate]:
    """The surest path that stays inside one server, if any server has one."""
    if len(slots) < 2:
        return []
    shared = set.intersection(*({(one.server, one.key) for one in slot} for slot in slots))
    paths: list[list[Candidate]] = []
    for server, key in sorted(shared):
        own = [[one for one in slot if (one.server, one.key) == (server, key)] for slot in slots]
        path = _choose(own, pattern)
        if path:
            paths.append(path)
    return min(paths, key=_order) if paths else []


def _order(path: list[Candidate]) -> tuple[int, bool, list[tuple[int, bool, int, str, str]]]:
    unasked = all(one.approved for one in path)
    return -min(one.confidence for one in path), not unasked, [one.rank() for one in path]


def _flow(pattern: Pattern, path: list[Candidate], client: str) -> ToxicFlow:
    servers = {one.key or one.server for one in path}
    where = "inside one server" if len(servers) == 1 else f"across {len(servers)} servers"
    asked = [one for one in path if not one.approved]
    if not asked:
        asks = "nobody is asked on the whole path"
    elif len(asked) < len(path):
        asks = f"the client is left to ask only before {', '.join(_unique(asked))}"
    else:
        asks = "no setting found lets these calls run unasked"
    return ToxicFlow(
        kind=pattern.kind,
        client=client,
        steps=tuple(one.step() for one in path),
        says=f"{pattern.says} ({where}; {asks})",
        confidence=min(one.confidence for one in path),
    )


def _unique(path: list[Candidate]) -> list[str]:
    return list(dict.fromkeys(one.tool for one in path))


def unasked(flow: ToxicFlow) -> bool:
    """Whether no step of the flow is asked about."""
    return all(step.unasked for step in flow.steps)
