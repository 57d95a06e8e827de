"""A credential on a connection that everybody on the way can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.secretive import carried_outside
from ostiary.analyze.rules.exposure.serving import seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

IN_CLEAR = Rule(
    id="credential-in-clear",
    title="A credential is sent without encryption",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows credentials into requests whose address begins with http:// and a fixed host "
        "outside the machine. Requests to the machine itself, to names without a dot, which are "
        "those of a private network, and without a credential are left alone."
    ),
    attack="Everybody on the way reads the credential and uses it, or answers in the host's name.",
    remedy="Let only a network of your own carry it, or put a proxy that encrypts before it.",
    references=("CWE-319", "CoSAI-MCP-T7", "MCP01:2025"),
)

_OUTSIDE: Final = r"^http://[\w-]+(?:\.[\w-]+)+(?:[:/]|$)"
_PRIVATE: Final = (
    r"^http://(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|127\.|0\.)|"
    r"\.(?:local|internal|lan|svc)(?:[:/]|$)"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each request that sends a credential in clear."""
    for effect in seen(facts, EffectKind.REQUEST):
        url = effect.operand("url")
        text = "" if url is None else readable(url.known_text or url.prefix)
        if not compiled(_OUTSIDE).search(text) or compiled(_PRIVATE).search(text):
            continue
        carried = carried_outside(effect)
        if carried:
            place = of_place(effect.place)
            yield IN_CLEAR.finding(
                f"{carried[:1].upper()}{carried[1:]} is sent without encryption.",
                place,
                evidence=[Evidence(f"{carried} goes to an address that begins so", place)],
                mark=f"{effect.place.file} {effect.function} {carried}",
            )


CHECK: Check[Facts] = Check((IN_CLEAR,), look)
