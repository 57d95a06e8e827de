"""The nouns of an audit: what was looked at, what it can do, what to make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.model.access import ToolAccess
from ostiary.model.advice import Advice
from ostiary.model.finding import Finding, Location
from ostiary.model.goal import Goal
from ostiary.model.grade import Confidence, Severity
from ostiary.model.outcome import Completeness, NotChecked
from ostiary.model.surface import Surface


class Deployment(StrEnum):
    """Where the server would run (``--context``)."""

    LAPTOP = "laptop"
    """One person's machine, with that person's files and keys."""
    SINGLE = "single"
    """A machine of its own for one user."""
    MULTI = "multi"
    """One instance shared by several users who do not trust each other."""
    ENTERPRISE = "enterprise"
    """Shared, beside an organisation's systems and data."""


class Profile(StrEnum):
    """Who would use it (``--profile``): how much risk is acceptable."""

    OPEN = "open"
    COMPANY = "company"
    BANK = "bank"
    GOVERNMENT = "government"


@dataclass(frozen=True, slots=True)
class Context:
    """The reader's circumstances. The same flaw weighs differently in each."""

    deployment: Deployment = Deployment.LAPTOP
    profile: Profile = Profile.OPEN
    countries: tuple[str, ...] = ()
    """Two-letter codes of the only countries that data may go to; empty for no such rule."""
    concern: str = ""
    """A worry stated in words, answered where two versions are compared."""
    goals: tuple[Goal, ...] = ()
    """What the reader wants of every server besides."""


class TargetKind(StrEnum):
    """How the target was named."""

    NPM = "npm"
    PYPI = "pypi"
    FOLDER = "folder"
    GIT = "git"
    MCPB = "mcpb"
    OCI = "oci"
    REMOTE = "remote"


class Standing(StrEnum):
    """What became of a check of origin or integrity."""

    VERIFIED = "verified"
    FAILED = "failed"
    ABSENT = "absent"
    """Nothing was published that could be verified."""
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Proof:
    """One check of where the artifact comes from."""

    kind: str
    """``index digest``, ``npm attestation``, ``PyPI attestation``, ``Sigstore bundle``,
    ``git commit``, ``source repository`` …"""
    standing: Standing
    says: str
    """In one sentence, with who signed what."""


@dataclass(frozen=True, slots=True)
class Target:
    """What was audited, bound to its bytes."""

    kind: TargetKind
    given: str
    """As it was asked for."""
    name: str
    version: str
    """Empty where there is none."""
    digest: str
    """``sha256:`` over the artifact as fetched; for a folder over its files' paths and digests."""
    source: str = ""
    """Repository it says it is built from."""
    revision: str = ""
    """Commit, where it is known."""
    proofs: tuple[Proof, ...] = ()
    files: int = 0
    lines: int = 0
    languages: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}" if self.version else self.name


_HOSTS = {
    "configured": "a host of its configuration",
    "chosen by the caller": "any host that the caller names",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """Somewhere data goes, from the code."""

    host: str
    """Host name; empty where the caller or the configuration chooses it."""
    how: str
    """``fixed``, ``configured`` (environment or settings), ``chosen by the caller`` or
    ``not known``."""
    carries: tuple[str, ...]
    """What goes there in words: ``parameter query``, ``environment variable API_KEY`` …"""
    place: Location

    @property
    def words(self) -> str:
        """The host, or what is known of it as a thing that can be reached."""
        return self.host or _HOSTS.get(self.how, "a host that the code does not tell")


@dataclass(frozen=True, slots=True)
class ToolReach:
    """What one tool's code does."""

    access: ToolAccess
    """Levels with evidence of kind ``source``."""
    destinations: tuple[Destination, ...] = ()
    credentials: tuple[str, ...] = ()
    """Names of the secrets its code reads."""
    stores: tuple[str, ...] = ()
    """What it keeps and where, in words: ``files below a folder of the caller's choosing`` …"""
    place: Location = field(default_factory=Location)
    """Where it is declared."""
    handler: Location | None = None
    """Where its code begins; ``None`` if it was not found."""


class VerdictKind(StrEnum):
    """The answer."""

    USE = "use"
    USE_WITH_LIMITS = "use with these limits"
    DO_NOT_USE = "do not use"
    NOT_ENOUGH = "not enough information"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and what would change it."""

    says: str
    changes_if: str
    """What would have to be true for this reason to fall."""
    findings: tuple[str, ...] = ()
    """Fingerprints of the findings behind it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Conditions of use, in the words of ``ostiary approve``."""

    read_only: bool = False
    tools_off: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """The only hosts it needs; empty if it needs none or they are not known."""
    hosts_known: bool = False
    """Whether ``hosts`` is all it needs."""
    paths: tuple[str, ...] = ()
    """The only folders it needs, as its configuration names them."""
    notes: tuple[str, ...] = ()
    """What no option can enforce, in words."""
    reaches_out: bool = False
    """Whether its code reaches out, be it to hosts that are not known."""

    @property
    def network(self) -> bool | None:
        """Whether it needs the network; ``None`` where that could not be told."""
        if self.hosts or self.reaches_out:
            return True
        return False if self.hosts_known else None

    @property
    def any(self) -> bool:
        return bool(self.read_only or self.tools_off or self.hosts or self.paths or self.notes)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person needs before trusting a server."""

    kind: VerdictKind
    reasons: tuple[Reason, ...]
    """Never empty."""
    confidence: Confidence
    confidence_says: str
    """Why the confidence is what it is."""
    limits: Limits


@dataclass(frozen=True, slots=True)
class Weighed:
    """One finding in the reader's context."""

    finding: Finding
    """With the severity that the context gives it."""
    general: Severity
    """The severity without a context."""
    says: str = ""
    """Why the two differ; empty if they do not."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything one audit learned of one target, in a fixed order."""

    target: Target
    context: Context
    verdict: Verdict
    weighed: tuple[Weighed, ...]
    not_checked: tuple[NotChecked, ...]
    kind: str
    """What the server is: as :class:`~ostiary.model.access.ServerAccess` says it."""
    tools: tuple[ToolReach, ...]
    surface: Surface | None
    """What the source declares, as a surface."""
    facts: tuple[tuple[str, str], ...] = ()
    """Other things learned, by name: licence, age, class of server, what it stores."""
    advice: Advice | None = None
    """What a model that was asked adds; its questions stand in ``not_checked`` too."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one.finding for one in self.weighed)

    @property
    def completeness(self) -> Completeness:
        return Completeness.INCOMPLETE if self.not_checked else Completeness.COMPLETE

    @property
    def worst(self) -> Severity | None:
        return max((one.finding.severity for one in self.weighed), default=None)
