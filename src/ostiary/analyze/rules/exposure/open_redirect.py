"""A caller chooses where a browser is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import arrivals, told
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

OPEN_REDIRECT = Rule(
    id="open-redirect",
    title="A caller chooses where a browser is sent",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    persona=Persona.DEFAULT,
    what=(
        "Follows what an HTTP caller controls into the address of a redirect. An address with a "
        "host of the server's own, a path of it, a host from a list, and one that was compared "
        "with what was registered are left alone."
    ),
    attack=(
        "A link that begins with the name of the server ends at an attacker's page; in a sign-in "
        "the code or the token comes along."
    ),
    remedy="Follow no links to the server that others send. The author can keep a list of targets.",
    references=("CWE-601", "MCP-SBP:oauth-authorization-url-validation", "CoSAI-MCP-T1"),
)

_HARMLESS: Final = g.FIXED_HOST | g.HOST_CHOSEN | g.PLAIN | g.URL_ENCODED | g.CHOSEN
_OWN: Final = (
    r"^(?:request|req|ctx)\.(?:env\b|(?:(?:req|request|nextUrl)\.)?"
    r"(?:url|href|origin|host|hostname|protocol)$)"
)
"""Parts of a request that its sender cannot choose for another's browser, and what is no part."""
_SETTLED: Final = r"^(?:[a-zA-Z][\w+.-]*://[^/\x00?#]+[/?#]|/[^/\\\x00]|/$|[?#.])"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    wanted = {EffectKind.REDIRECT: ("url",)}
    seen: set[Place] = set()
    for one in arrivals(facts, wanted, _HARMLESS, (SourceKind.REQUEST,)):
        url = one.effect.operand("url")
        if one.effect.place in seen or compiled(_OWN).search(readable(one.source.name)):
            continue
        if url is not None and not _settled(url):
            seen.add(one.effect.place)
            yield told(OPEN_REDIRECT, one, "decides where the browser is sent")


def _settled(url: Value) -> bool:
    """Whether the host stands before anything of the caller's."""
    return compiled(_SETTLED).search(readable(url.prefix)) is not None


CHECK: Check[Facts] = Check((OPEN_REDIRECT,), look)
