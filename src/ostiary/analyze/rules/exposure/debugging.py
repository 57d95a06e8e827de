"""Debuggers and debug modes that are left on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.serving import Reach, command_line, reach_of, seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

STARTED = Rule(
    id="debugger-started",
    title="A program is started with a debugger",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at programs that the code starts, and at scripts that start the server, with a "
        "debugger that listens: --inspect, -agentlib:jdwp, --remote-debugging-address, debugpy "
        "--listen. Weighs high where it listens on every interface. A port of the system's "
        "choosing on the machine itself is left alone."
    ),
    attack="Whoever reaches the port runs code in the process; a debugger asks nobody who calls.",
    remedy="Start it without the debugger, and let nothing but the machine itself reach the port.",
    references=("CWE-489", "CWE-1327", "SAFE-T1109", "CoSAI-MCP-T8"),
)

DEBUG_MODE = Rule(
    id="debug-mode",
    title="Debug mode is switched on",
    category=Category.CONFIGURATION,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Looks at debug modes that a literal switches on: Flask, whose error page runs code for "
        "whoever knows its PIN and which weighs high on every interface; FastAPI, Starlette, "
        "Django and servers of MCP, which show traces. A mode that the environment decides is "
        "left alone."
    ),
    attack="Errors show the source, paths and variables; some error pages run code.",
    remedy="Start it with the mode switched off, where it has an option for that.",
    references=("CWE-489", "CWE-209", "CoSAI-MCP-T8"),
)

_FLAGS: Final = (
    r"--inspect(?:-brk|-port)?(?:[=\s](?P<node>[\w.:\[\]]+))?|"
    r"-agentlib:jdwp\S*?address=(?P<java>[\w.*:]+)|"
    r"--remote-debugging-address[=\s](?P<chrome>[\w.:]+)|"
    r"debugpy\s+--listen[=\s](?P<python>[\w.:]+)"
)
_EVERYWHERE: Final = ("0.0.0.0", "*", "::", "[::]")  # noqa: S104 - compared only
_MODES: Final = {
    "fastapi.FastAPI": "FastAPI",
    "starlette.applications.Starlette": "Starlette",
    "mcp.server.fastmcp.FastMCP": "the server",
}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    for effect in seen(facts, EffectKind.DEBUG):
        if "werkzeug" in effect.tags:
            yield _flask(effect)
    for effect in seen(facts, EffectKind.PROCESS, EffectKind.SHELL):
        yield from _flag(command_line(effect), effect.place, "a program that it starts")
    for manifest in facts.manifests:
        for script in manifest.scripts:
            if script.event in ("start", "serve"):
                yield from _flag(script.command, Place(script.file, script.line), "a script")
    yield from _modes(facts)


def _flask(effect: Effect) -> Finding:
    everywhere = reach_of(effect.operand("host")) is Reach.EVERYWHERE
    place = of_place(effect.place)
    return DEBUG_MODE.finding(
        "Flask runs in debug mode, whose error page runs code.",
        place,
        evidence=[Evidence("debug is switched on by a literal", place)],
        severity=Severity.HIGH if everywhere else Severity.MEDIUM,
        persona=Persona.DEFAULT,
        mark=f"{effect.place.file} {effect.function} flask",
    )


def _flag(command: str, place: Place, what: str) -> Iterator[Finding]:
    match = compiled(_FLAGS).search(readable(command[:4000]))
    if match is None:
        return
    address = next((one for one in map(match.group, range(1, 5)) if one), "")
    everywhere = address.startswith(_EVERYWHERE)
    if everywhere or not address.endswith(":0"):
        flag = (match.group() or "").split("=")[0]
        where = "every interface of the machine" if everywhere else "the machine itself"
        yield STARTED.finding(
            f"A debugger listens on {where}: {what} is given {flag}.",
            of_place(place),
            evidence=[Evidence(f"{what} is given {flag}", of_place(place))],
            severity=Severity.HIGH if everywhere else Severity.MEDIUM,
            mark=f"{place.file} {what} {flag}",
        )


def _modes(facts: Facts) -> Iterator[Finding]:
    for effect in seen(facts, EffectKind.ROUTE, EffectKind.DECLARE):
        framework = _MODES.get(effect.callee, "")
        debug = effect.operand("debug")
        if framework and debug is not None and debug.literal and debug.scalar is True:
            place = of_place(effect.place)
            yield DEBUG_MODE.finding(
                f"{framework[:1].upper()}{framework[1:]} runs in debug mode.",
                place,
                evidence=[Evidence("debug is switched on by a literal", place)],
                mark=f"{effect.place.file} {effect.callee}",
            )


CHECK: Check[Facts] = Check((STARTED, DEBUG_MODE), look)
