"""A server on the network that asks nobody who is calling."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.callers import checks_caller
from ostiary.analyze.rules.exposure.serving import Door, Reach, doors, grave, powers
from ostiary.analyze.rules.flows import part_of
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

NO_AUTHENTICATION = Rule(
    id="no-authentication",
    title="The server asks nobody who is calling",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at every place where the code listens on the network and at whether anything in it "
        "reads a credential of a caller, is set up to (tokens, OAuth, sessions, client "
        "certificates) or is named after such a check. Weighs high where it listens on every "
        "interface, or through a tunnel, and callers can run commands or code, start programs, or "
        "write and delete files. A server that listens on the machine itself is told to strict "
        "readers; one that only speaks over standard input and output is left alone, and so is a "
        "socket in the file system."
    ),
    attack=(
        "Whoever can reach the port calls every tool with the rights and the keys of the server: "
        "nothing tells its user apart from anybody else on the network."
    ),
    remedy=(
        "Start it over standard input and output, or put an authenticating proxy before it and "
        "let it listen on 127.0.0.1 only. The author can require a token for each request."
    ),
    references=(
        "CWE-306",
        "MCP07:2025",
        "CoSAI-MCP-T1",
        "AISVS-1.0:10.2.1",
        "AISVS-1.0:10.3.1",
        "SAFE-T1005",
    ),
)


_OPENNESS = {Reach.HERE: 0, Reach.CONFIGURED: 1, Reach.EVERYWHERE: 2, Reach.TUNNEL: 3}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each file that listens, at the place that is most open."""
    routed = any(one.entry.kind is EntryKind.ROUTE for one in facts.reached)
    listening = [one for one in doors(facts) if one.mcp or routed or _answers(one)]
    if not listening or checks_caller(facts) is not None:
        return
    allowed = powers(facts)
    worst: dict[str, Door] = {}
    for door in listening:
        file = door.effect.place.file
        if file not in worst or _OPENNESS[door.reach] > _OPENNESS[worst[file].reach]:
            worst[file] = door
    for door in worst.values():
        yield _told(facts, door, allowed)


def _answers(door: Door) -> bool:
    """Whether it is a server of the standard library, which is given its handler as a class."""
    return door.effect.callee.startswith(("http.server.", "socketserver."))


def _told(facts: Facts, door: Door, allowed: tuple[str, ...]) -> Finding:
    place = of_place(door.effect.place)
    worst = grave(facts)
    evidence = [
        Evidence(f"{door.says}: {door.reach.value} can connect", place),
        Evidence("nothing in the code reads a credential of who is calling", place),
    ]
    severity, persona = Severity.MEDIUM, Persona.DEFAULT
    if door.open and worst is not None:
        severity = Severity.HIGH
        reached, effect = worst
        part = part_of(reached.entry)
        evidence.append(Evidence(f"{part} does this for any caller", of_place(effect.place)))
    elif door.reach is Reach.HERE:
        severity, persona = Severity.LOW, Persona.STRICT
    elif door.reach is Reach.CONFIGURED:
        severity, persona = Severity.LOW, Persona.DEFAULT
    can = f", and callers can {', '.join(allowed[:4])}" if allowed else ""
    return NO_AUTHENTICATION.finding(
        f"{_opening(door)} and asks nobody who is calling{can}.",
        place,
        evidence=evidence,
        severity=severity,
        persona=persona,
        mark=f"{door.effect.place.file} {door.effect.function} {door.effect.callee}",
    )


def _opening(door: Door) -> str:
    if door.effect.kind is EffectKind.LISTEN:
        return f"It listens on {door.reach.value}"
    return "It is made for a hosting service"


CHECK: Check[Facts] = Check((NO_AUTHENTICATION,), look)
