"""What a finding comes down to: who gains what. Read from its CWE ids, its category and its rule.

Rules are many and grow; the reader's circumstances change the weight of a dozen kinds only.
"""

from __future__ import annotations

from enum import StrEnum

from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Severity


class Flaw(StrEnum):
    """One kind of trouble, in the order in which a finding with several ids is sorted."""

    THREAT = "hostile code"
    """It works against whoever runs it. Nothing limits that."""
    COUNTRY = "data outside the allowed countries"
    GOAL = "a goal of the reader's missed"
    AUTHORITY = "power over the machine or over others"
    POWER = "more power than its tools show"
    EXPOSED = "open to the network"
    ORIGIN = "open to web pages"
    EXECUTION = "code or command execution"
    ESCAPE = "path escape"
    REQUEST = "requests to addresses of an attacker's choosing"
    QUERY = "query injection"
    ACCESS = "missing or confused authorization"
    SECRET = "exposed secret"
    TRANSPORT = "unprotected transport"
    FETCHED = "code fetched while it runs, past every approval"
    INSTALL = "code fetched by installing"
    SUPPLY = "supply chain"
    EXHAUSTION = "exhaustion"
    UNASKED = "harm without being asked"
    STEERING = "text that steers a model"
    OTHER = "other"


_THREATS = frozenset({"CWE-506", "CWE-507", "CWE-511", "CWE-912"})
_IDS: tuple[tuple[Flaw, frozenset[str]], ...] = (
    (Flaw.AUTHORITY, frozenset({"CWE-250", "CWE-269"})),
    (Flaw.EXPOSED, frozenset({"CWE-306", "CWE-1327", "CWE-489"})),
    (Flaw.ORIGIN, frozenset({"CWE-346", "CWE-350", "CWE-352", "CWE-942"})),
    (
        Flaw.EXECUTION,
        frozenset(
            f"CWE-{one}" for one in (74, 77, 78, 88, 94, 95, 96, 98, 470, 502, 913, 917, 1321, 1336)
        ),
    ),
    (Flaw.ESCAPE, frozenset(f"CWE-{one}" for one in (22, 23, 36, 41, 59, 61, 73, 377, 409))),
    (Flaw.REQUEST, frozenset({"CWE-918", "CWE-601", "CWE-611"})),
    (Flaw.QUERY, frozenset({"CWE-89", "CWE-90", "CWE-564", "CWE-643", "CWE-943"})),
    (
        Flaw.ACCESS,
        frozenset(
            f"CWE-{one}"
            for one in (284, 285, 287, 290, 294, 345, 347, 384, 441, 598, 613, 639, 862, 863)
        ),
    ),
    (
        Flaw.SECRET,
        frozenset(
            f"CWE-{one}" for one in (200, 201, 209, 256, 312, 321, 522, 526, 532, 538, 668, 798)
        ),
    ),
    (Flaw.TRANSPORT, frozenset({"CWE-295", "CWE-319", "CWE-326", "CWE-327", "CWE-757"})),
    (Flaw.SUPPLY, frozenset({"CWE-494", "CWE-829", "CWE-1104", "CWE-1357", "CWE-1395"})),
    (
        Flaw.EXHAUSTION,
        frozenset(f"CWE-{one}" for one in (400, 405, 407, 674, 770, 776, 789, 834, 835, 1333)),
    ),
    (Flaw.STEERING, frozenset({"CWE-1427", "CWE-1426", "CWE-451"})),
)
_CATEGORIES = {
    "threat": Flaw.THREAT,
    "poison": Flaw.THREAT,
    "consent": Flaw.UNASKED,
    "supply": Flaw.SUPPLY,
    "transport": Flaw.TRANSPORT,
    "secret": Flaw.SECRET,
    "influence": Flaw.STEERING,
    "concealment": Flaw.STEERING,
}


def flaw_of(finding: Finding) -> Flaw:
    """The kind of trouble. A finding's own ids decide in the order they are written, so that the
    id its author put first counts most; its category decides where no id does."""
    if finding.category in ("threat", "poison") or _THREATS.intersection(finding.references):
        return Flaw.THREAT
    if finding.rule in _RULES:
        return _RULES[finding.rule]
    for key in finding.references:
        for flaw, ids in _IDS:
            if key in ids:
                return flaw
    return _CATEGORIES.get(finding.category, Flaw.OTHER)


_RULES = {
    "destination-country": Flaw.COUNTRY,
    "goal-missed": Flaw.GOAL,
    "transitive-power": Flaw.POWER,
    "administers-systems": Flaw.AUTHORITY,
    "origin-check-failed": Flaw.SUPPLY,
    "downloaded-code-runs": Flaw.FETCHED,
    "self-update": Flaw.FETCHED,
    "install-script-fetch": Flaw.INSTALL,
}
"""Rules whose kind no id tells, or whose ids tell another one."""


def is_threat(finding: Finding) -> bool:
    """Whether it says, gravely and with evidence, that the code is hostile. A capability, however
    dangerous, is none: a shell server is not malicious for having a shell."""
    return (
        flaw_of(finding) is Flaw.THREAT
        and finding.severity >= Severity.HIGH
        and finding.confidence >= Confidence.MEDIUM
    )
