"""Sessions, tokens and codes made of numbers that can be guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.rules.exposure.code import Use, code_of
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

GUESSABLE_TOKEN = Rule(
    id="guessable-token",
    title="A token is made of guessable numbers",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at Math.random, Python's random, clocks and uuid1 where what they make is named as "
        "a session, token, secret, password, nonce, one-time code or API key: the variable, the "
        "field, the option or the function around it. Random numbers for anything else, and "
        "crypto.randomUUID, randomBytes, secrets and uuid4, are left alone."
    ),
    attack=(
        "Whoever has seen a few of its values, or knows about when one was made, computes the "
        "next ones and takes over the sessions of others."
    ),
    remedy=(
        "Use it for one user only. The author can take crypto.randomUUID() or the module secrets."
    ),
    references=("CWE-338", "CoSAI-MCP-T7", "MCP07:2025", "MCP-SBP:state-handle-hijacking"),
)

_WEAK: Final = (
    r"^(?:Math\.random|random\.(?:random|randint|choice|choices|randrange|sample|getrandbits|"
    r"uniform|shuffle)|randint|getrandbits|uuid\.uuid1|uuid1|Date\.now|time\.time)$"
)
_CLOCKS: Final = ("Date.now", "time.time", "uuid1", "uuid.uuid1")
_NAMED: Final = (
    r"(?i)(?:session_?(?:id|token|key)|sessionidgenerator|(?:access|auth|api|bearer|reset|csrf|"
    r"refresh|verification|invite|login)_?token|api_?key|secret|password|passphrase|nonce|"
    r"\botp\b|one_?time_?(?:code|password)|(?:auth|verification|pairing|pin)_?code)$|"
    r"^(?:token|sid|otp|generate_?\w*(?:token|session|secret|password|api_?key)\w*)$"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    told: set[tuple[str, int]] = set()
    for use in sorted(code_of(facts).uses, key=lambda one: one.callee in _CLOCKS):
        name = _named(use)
        key = (use.place.file, use.place.line)
        if name and key not in told and not is_apart(use.place.file):
            told.add(key)
            yield _told(use, name)


def _named(use: Use) -> str:
    """The name of a credential that the number becomes part of; empty if there is none. A clock
    says when a token was made as often as what it is, so only the nearest name counts there."""
    if not use.names or not compiled(_WEAK).search(use.callee):
        return ""
    names = use.names[:1] if use.callee in _CLOCKS else use.names[:2]
    return next((one for one in names if compiled(_NAMED).search(one)), "")


def _told(use: Use, name: str) -> Finding:
    place = of_place(use.place)
    return GUESSABLE_TOKEN.finding(
        f"{visible(name, NAME)} is made with {use.callee}, whose values can be guessed.",
        place,
        evidence=[Evidence(f"{use.callee} is called for {visible(name, NAME)}", place)],
        confidence=Confidence.LOW if use.callee in _CLOCKS else Confidence.MEDIUM,
        severity=Severity.LOW if use.callee in _CLOCKS else Severity.MEDIUM,
        mark=f"{use.place.file} {use.callee} {name}",
    )


CHECK: Check[Facts] = Check((GUESSABLE_TOKEN,), look)
