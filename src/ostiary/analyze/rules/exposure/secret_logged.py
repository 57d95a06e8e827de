"""A credential written to a log."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Place, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.secretive import (
    is_secret_name,
    secret_params,
    secrets_in,
    whole_environment,
)
from ostiary.analyze.rules.exposure.serving import seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, NAME, visible

SECRET_LOGGED = Rule(
    id="secret-logged",
    title="A credential is written to a log",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows credentials into logs and standard output: variables of the environment that are "
        "named like one, key files, the Authorization and Cookie headers of a caller, parameters "
        "named token, password, secret and the like, and the environment as a whole. What is left "
        "of a credential after masking, hashing, counting or comparing is left alone."
    ),
    attack=(
        "Logs are kept longer, copied further and read by more people than the credential was "
        "meant for; the client of a server over standard input and output keeps its error output."
    ),
    remedy=(
        "Change the credential if the log has left the machine. Run it with less logging; the "
        "author can log a digest or nothing."
    ),
    references=("CWE-532", "MCP01:2025", "CoSAI-MCP-T5", "LLM02:2026", "SAFE-T1505"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and credential."""
    told: set[tuple[Place, str]] = set()
    for effect in seen(facts, EffectKind.LOG):
        message = effect.operand("message")
        if message is None or "to client" in effect.tags:
            continue
        for says, flow in _written(facts, effect, message):
            if (effect.place, says) not in told:
                told.add((effect.place, says))
                yield _told(effect, says, flow, sure=True)
    for effect in facts.effects:
        message = effect.operand("message")
        if effect.kind is not EffectKind.LOG or message is None or "to client" in effect.tags:
            continue
        shown = _shown(facts, effect)
        for name in dict.fromkeys(secret_params(facts, effect, message)):
            if name in shown and not any(place == effect.place for place, _ in told):
                yield _told(effect, f"parameter {visible(name, NAME)}", Flow(), sure=False)


def _written(facts: Facts, effect: Effect, message: Value) -> Iterator[tuple[str, Flow]]:
    """Credentials that flow into the message and that it names, or that are in it unchanged."""
    shown = _shown(facts, effect)
    named = any(is_secret_name(name) for name in shown)
    for says, _, flow in secrets_in(message):
        if (flow.guarantees & g.EXACT and shown) or named:
            yield says, flow
    for source, flow in message.deep_sources():
        if whole_environment(source) and flow.guarantees & g.EXACT:
            yield "the whole environment", flow


def _shown(facts: Facts, effect: Effect) -> tuple[str, ...]:
    place = effect.place
    names = code_of(facts).printed.get((place.file, place.line, place.column), ())
    return tuple(filter(None, names))


def _told(effect: Effect, says: str, flow: Flow, *, sure: bool) -> Finding:
    place = of_place(effect.place)
    steps = [Evidence(visible(one.says, EXCERPT), of_place(one.place)) for one in flow.steps]
    return SECRET_LOGGED.finding(
        f"{says[:1].upper()}{says[1:]} is written to a log.",
        place,
        evidence=[*steps, Evidence(f"{says} arrives in {visible(effect.callee, NAME)}", place)],
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        mark=f"{effect.place.file} {effect.function} {says}",
    )


CHECK: Check[Facts] = Check((SECRET_LOGGED,), look)
