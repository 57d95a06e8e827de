"""How circumstances change the weight of a flaw: one row each, read from the top."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.verdict.flaw import Flaw
from ostiary.model.access import Level
from ostiary.model.audit import Deployment as At
from ostiary.model.audit import Profile
from ostiary.model.grade import Severity

_OWN = frozenset({At.LAPTOP, At.SINGLE})
_SHARED = frozenset({At.MULTI, At.ENTERPRISE})
_EVERYWHERE = frozenset(At)
_ANYONE = frozenset(Profile)
_CAREFUL = frozenset({Profile.BANK, Profile.GOVERNMENT})
_HARMFUL = frozenset({Level.EXECUTE, Level.DESTROY, Level.ADMINISTER, Level.SPEND})


@dataclass(frozen=True, slots=True)
class Adjustment:
    """In these circumstances a flaw weighs at least, or at most, this much."""

    flaw: Flaw
    says: str
    """Why, as the end of a sentence that names the circumstances."""
    deployments: frozenset[At] = _EVERYWHERE
    profiles: frozenset[Profile] = _ANYONE
    at_least: Severity = Severity.INFO
    at_most: Severity = Severity.CRITICAL
    general: Severity = Severity.MEDIUM
    """Findings below this keep their weight, so that hygiene never becomes an emergency."""
    levels: frozenset[Level] = frozenset()
    """Applies only if a tool of the server has one of these; empty: whatever its tools do."""
    harmless: frozenset[Level] = frozenset()
    """Applies only if no tool of the server has any of these."""


ADJUSTMENTS: tuple[Adjustment, ...] = (
    Adjustment(
        Flaw.EXPOSED,
        "everybody who reaches the machine over the network can call it, and people who do not "
        "trust each other share it",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
    ),
    Adjustment(
        Flaw.EXPOSED,
        "its tools run commands or destroy, and whoever is on the same network can call them",
        deployments=_OWN,
        at_least=Severity.HIGH,
        levels=_HARMFUL,
    ),
    Adjustment(
        Flaw.EXPOSED,
        "only machines on the same network reach it, which a firewall or an own network keeps out; "
        "what it offers neither runs commands nor destroys",
        deployments=_OWN,
        at_most=Severity.MEDIUM,
        harmless=_HARMFUL,
    ),
    Adjustment(
        Flaw.ORIGIN,
        "a browser that shows strangers' pages runs beside it and can be made to call it",
        deployments=frozenset({At.LAPTOP}),
        at_least=Severity.HIGH,
        levels=_HARMFUL,
    ),
    Adjustment(
        Flaw.ORIGIN,
        "nobody browses on a machine of its own, so pages have no way to it",
        deployments=frozenset({At.SINGLE}),
        at_most=Severity.MEDIUM,
    ),
    Adjustment(
        Flaw.EXECUTION,
        "one user's call runs code with the rights over every other user's data and keys",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
        general=Severity.HIGH,
    ),
    Adjustment(
        Flaw.ESCAPE,
        "one user reads or writes the files of the others and of the server itself",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
        general=Severity.HIGH,
    ),
    Adjustment(
        Flaw.ESCAPE,
        "the machine holds nothing but the server and what it was given",
        deployments=frozenset({At.SINGLE}),
        profiles=frozenset({Profile.OPEN, Profile.COMPANY}),
        at_most=Severity.MEDIUM,
    ),
    Adjustment(
        Flaw.REQUEST,
        "from inside it reaches the organisation's other systems and the cloud's metadata service",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
        general=Severity.HIGH,
    ),
    Adjustment(
        Flaw.REQUEST,
        "from inside it reaches the organisation's other systems and the cloud's metadata service",
        deployments=_SHARED,
        at_least=Severity.HIGH,
        general=Severity.MEDIUM,
    ),
    Adjustment(
        Flaw.QUERY,
        "the database holds what all its users put there",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
        general=Severity.HIGH,
    ),
    Adjustment(
        Flaw.ACCESS,
        "it has one user, who may do everything that it offers anyway",
        deployments=_OWN,
        profiles=frozenset({Profile.OPEN, Profile.COMPANY}),
        at_most=Severity.MEDIUM,
    ),
    Adjustment(
        Flaw.ACCESS,
        "one user acts as another, or with the rights of the server",
        deployments=_SHARED,
        at_least=Severity.CRITICAL,
        general=Severity.HIGH,
    ),
    Adjustment(
        Flaw.AUTHORITY,
        "the machine is one person's, who can stop or change it anyway",
        deployments=_OWN,
        profiles=frozenset({Profile.OPEN}),
        at_most=Severity.INFO,
        general=Severity.INFO,
    ),
    Adjustment(
        Flaw.AUTHORITY,
        "the machine is one person's, who can stop or change it anyway; the organisation's rules "
        "for it still hold",
        deployments=_OWN,
        profiles=frozenset({Profile.COMPANY}),
        at_most=Severity.LOW,
        general=Severity.INFO,
    ),
    Adjustment(
        Flaw.AUTHORITY,
        "an assistant that can stop or change systems which others depend on is an outage or a "
        "breach waiting for one wrong call",
        profiles=_CAREFUL,
        at_least=Severity.CRITICAL,
        general=Severity.LOW,
    ),
    Adjustment(
        Flaw.AUTHORITY,
        "systems that others depend on can be stopped or changed by one wrong call",
        deployments=frozenset({At.ENTERPRISE}),
        at_least=Severity.CRITICAL,
        general=Severity.LOW,
    ),
    Adjustment(
        Flaw.AUTHORITY,
        "one user can stop it or change it for all",
        deployments=frozenset({At.MULTI}),
        at_least=Severity.HIGH,
        general=Severity.LOW,
    ),
    Adjustment(
        Flaw.POWER,
        "what it gains that way belongs to others too",
        deployments=_SHARED,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.POWER,
        "rights are granted there one by one, and this one comes without being granted",
        profiles=_CAREFUL,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.EXHAUSTION,
        "one user can stop it for all",
        deployments=_SHARED,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.EXHAUSTION,
        "its one user starts it again",
        deployments=_OWN,
        profiles=frozenset({Profile.OPEN, Profile.COMPANY}),
        at_most=Severity.LOW,
    ),
    Adjustment(
        Flaw.SECRET,
        "logs, answers and packages are read by many there",
        deployments=_SHARED,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.TRANSPORT,
        "others carry and can change what passes",
        deployments=_SHARED,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.UNASKED,
        "what is destroyed there belongs to others, and nobody was asked",
        deployments=_SHARED,
        at_least=Severity.HIGH,
    ),
    Adjustment(
        Flaw.COUNTRY,
        "where data may go is law there and no preference",
        profiles=_CAREFUL,
        at_least=Severity.CRITICAL,
    ),
    Adjustment(
        Flaw.SUPPLY,
        "whoever publishes there next runs code beside the organisation's systems",
        profiles=_CAREFUL,
        at_least=Severity.HIGH,
    ),
)
"""For each flaw the first row that fits applies; a flaw without a row weighs the same everywhere.
The levels are our own judgement, in the manner of the environmental metrics of CVSS v4.0."""
