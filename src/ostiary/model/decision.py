"""What was decided about one request, and why. Never a bool: no refusal without a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.model.json import JsonValue


class Effect(StrEnum):
    """What becomes of a request. Only ``ALLOW`` lets it through."""

    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"
    """A person has to say yes first. Until something can ask, it is refused."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision, for the person and the model that meet it."""

    rule: str
    """What decided: a policy id (``policy:no-writes``), or a guard (``pin``, ``approval``)."""
    text: str
    """What was refused or allowed and why, in one sentence. Holds no secret and no text of a
    server that was not approved."""
    remedy: str = ""
    """What to do instead, in one sentence."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that must happen for the decision to stand, for example ``record:full``."""

    name: str
    value: JsonValue = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reasons, most important first."""

    effect: Effect
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...] = ()
    confidence: float = 1.0
    """1 for a rule; lower only where a judgement was made on evidence."""
    hidden: bool = False
    """Whether the caller may not even learn that the thing exists: it is answered as unknown."""

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("a decision needs a reason")

    @property
    def allowed(self) -> bool:
        return self.effect is Effect.ALLOW


def deny(rule: str, text: str, remedy: str = "", *, hidden: bool = False) -> Decision:
    """A refusal for one reason."""
    return Decision(Effect.DENY, (Reason(rule, text, remedy),), hidden=hidden)


def allow(rule: str, text: str) -> Decision:
    """A permission for one reason."""
    return Decision(Effect.ALLOW, (Reason(rule, text),))
