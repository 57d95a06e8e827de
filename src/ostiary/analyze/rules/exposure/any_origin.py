"""Any web page may call the server and read the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.callers import checks_caller
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.host_unchecked import restricts
from ostiary.analyze.rules.exposure.serving import seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ANY_ORIGIN = Rule(
    id="any-origin",
    title="Any web page may call it",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at cross-origin rules: any origin allowed by *, by default (cors() without "
        "options, flask_cors), by an answer that repeats the Origin it was sent, or by a pattern "
        "that everything matches. Where callers need a credential that a browser does not send by "
        "itself it is told to strict readers; together with credentials it weighs the same in "
        "both cases, since cookies then come along. Lists of origins, and files "
        "below .well-known, which are meant for all, are left alone."
    ),
    attack=(
        "A page that the user happens to open calls the server from the user's browser and reads "
        "what it answers."
    ),
    remedy=(
        "Name the origins that need it. Until then open no web pages in the browser of the machine "
        "that it runs on, or use it over standard input and output."
    ),
    references=("CWE-942", "CWE-346", "CoSAI-MCP-T7", "AISVS-1.0:10.3.3"),
)


_REPEATED: Final = "it repeats the Origin it is sent"
_HEADER: Final = "access-control-allow-origin"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each rule on origins that allows all."""
    asks = checks_caller(facts) is not None
    checked = asks or restricts(facts)
    told: set[tuple[str, int]] = set()
    for effect in seen(facts, EffectKind.CORS):
        why = _why(effect)
        if why and (effect.place.file, effect.place.line) not in told:
            credentials = _is_true(effect.operand("credentials"))
            told.add((effect.place.file, effect.place.line))
            mild = asks if why == _REPEATED else checked
            yield _told(effect.place, why, credentials=credentials, checked=mild)
    for text in code_of(facts).texts:
        key = (text.place.file, 0)
        if "well-known" in text.place.file or any(file == key[0] for file, _ in told):
            continue
        if text.text == "*" and text.name.lower() == _HEADER and key not in told:
            told.add(key)
            yield _told(text.place, "every origin is allowed", credentials=False, checked=checked)


def _told(place: Place, why: str, *, credentials: bool, checked: bool) -> Finding:
    mild = checked and not credentials
    evidence = [Evidence(why, of_place(place))]
    if credentials:
        evidence.append(Evidence("credentials of the browser come along", of_place(place)))
    return ANY_ORIGIN.finding(
        f"Any web page may call it and read the answer: {why}.",
        of_place(place),
        evidence=evidence,
        severity=Severity.LOW if mild else Severity.MEDIUM,
        persona=Persona.STRICT if mild else Persona.DEFAULT,
        mark=f"{place.file} {why}",
    )


def _why(effect: Effect) -> str:
    """Why any origin is allowed; empty if it is not, or not known to be."""
    origins = effect.operand("origins")
    if origins is None:
        restricted = effect.operand("options") is not None and "header" not in effect.tags
        plain = "default-any" in effect.tags and not (restricted and _unknown(effect))
        return "no origins are given, and the default is all" if plain else ""
    if any(_is_any(one) for one in (origins, *origins.fields.values())):
        return "every origin is allowed"
    repeated = any("origin" in one.name.lower() for one, _ in origins.sources(SourceKind.REQUEST))
    return _REPEATED if repeated else ""


def _unknown(effect: Effect) -> bool:
    """Whether the options are computed, so that an origin may be among them."""
    options = effect.operand("options")
    return (
        options is not None and not options.fields and (bool(options.flows) or bool(options.refs))
    )


def _is_any(value: Value) -> bool:
    if value.literal and value.scalar is True:
        return True
    return value.known_text in ("*", ".*", "^.*$", r"https?://.*", "null")


def _is_true(value: Value | None) -> bool:
    return value is not None and value.literal and value.scalar in (True, "true")


CHECK: Check[Facts] = Check((ANY_ORIGIN,), look)
