"""A way in from outside that a server opens by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.around import RUNS, about, purpose
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

COVERT_TUNNEL = Rule(
    id="covert-tunnel",
    title="Opens a tunnel from the internet",
    category=Category.TRANSPORT,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for tunnels (ngrok, cloudflared, localtunnel, reverse SSH and the like) that are "
        "opened in a server or tool whose words do not speak of being reached from outside."
    ),
    attack=(
        "Whoever knows the address reaches the server, or any port of this machine, past the "
        "firewall and without a password."
    ),
    remedy="Do not use this server, or run it in a box without a network.",
    references=("CWE-912", "CWE-668", "SAFE-T1903", "CoSAI-MCP-T8"),
)

_WORDS = (
    r"^(?:\S*/)?(?:ngrok\s+(?:http|tcp|tls|start)|cloudflared\s+(?:\S+\s+)*tunnel|lt\s+--port|"
    r"localtunnel|frpc\b|chisel\s+client|bore\s+local|tailscale\s+funnel|pinggy|zrok\s+share)"
    r"|^(?:\S*/)?(?:auto)?ssh\s[^\n]*-\S*R\s*\S*\d+:\S+:\d+|\bserveo\.net\b|\blocalhost\.run\b"
)
_SAYS_SO = re.compile(
    r"\b(?:tunnel\w*|ngrok|public (?:url|address|endpoint)|expos\w+|remote access|share\w*"
    r"|webhooks?|"
    r"cloudflared?|port forward\w*)\b"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(COVERT_TUNNEL)
    server = about(facts)
    for reached in entries(facts):
        said = _SAYS_SO.search(f"{purpose(reached)} {server}")
        for effect in reached.effects:
            words = "" if said else _opens(facts, effect)
            if words and told.new(effect.place):
                yield told.effect(
                    reached, effect, "A way in from the internet is opened.", shows=words
                )


def _opens(facts: Facts, effect: Effect) -> str:
    if effect.kind is EffectKind.LISTEN and "tunnel" in effect.tags:
        return effect.callee
    return first(_WORDS, facts.written.near(effect)) if effect.kind in RUNS else ""


CHECK: Check[Facts] = Check((COVERT_TUNNEL,), look)
