"""A server that listens on every interface of the machine."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.callers import checks_caller
from ostiary.analyze.rules.exposure.serving import Door, Reach, doors
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ALL_INTERFACES = Rule(
    id="all-interfaces",
    title="It listens on every interface",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at the address that each server of the code is bound to: 0.0.0.0, ::, an empty "
        "host, or none where the framework then takes every interface (Node's listen, Bun, Deno, "
        "aiohttp; the Python SDK pinned below 1.9.1). A host from the settings counts where the "
        "code falls back to every interface. FastMCP, uvicorn, Flask and Fastify listen on the "
        "machine itself if nothing is said, and are left alone then. Where the code checks who is "
        "calling it weighs low."
    ),
    attack=(
        "Every machine on the same network, in a café or a data centre, can connect to it, "
        "although its client runs on the same machine."
    ),
    remedy=(
        "Set the host to 127.0.0.1, or publish the port of its container to 127.0.0.1 only. Put a "
        "firewall before it until then."
    ),
    references=("CWE-1327", "CoSAI-MCP-T8", "MCP07:2025", "SAFE-T1005"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    for door in doors(facts):
        if door.reach is Reach.EVERYWHERE and door.effect.kind is EffectKind.LISTEN:
            yield _told(facts, door)


def _told(facts: Facts, door: Door) -> Finding:
    place = of_place(door.effect.place)
    checked = checks_caller(facts)
    evidence = [Evidence(door.says, place)]
    if checked is not None:
        evidence.append(Evidence("the code checks who is calling", of_place(checked)))
    socket = "socket" in door.effect.tags
    return ALL_INTERFACES.finding(
        f"It listens on every interface of the machine: {door.says}.",
        place,
        evidence=evidence,
        severity=Severity.LOW if checked is not None or socket else Severity.MEDIUM,
        persona=Persona.STRICT if checked is not None else Persona.DEFAULT,
        mark=f"{door.effect.place.file} {door.effect.function} {door.effect.callee}",
    )


CHECK: Check[Facts] = Check((ALL_INTERFACES,), look)
