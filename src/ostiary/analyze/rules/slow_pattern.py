"""Regular expressions that a caller can make take for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.patterns.regex_ambiguity import is_slow
from ostiary.analyze.dataflow.value import External, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CALLERS_PATTERN = Rule(
    id="callers-pattern",
    title="Caller's text is used as a pattern",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Follows what a caller, a model or a remote party controls into regular expressions that "
        "the language's own matcher runs. Escaped text, plain words and globs are left alone, and "
        "so are matchers that need linear time (re2)."
    ),
    attack="A pattern such as (a+)+$ keeps the server busy for ever: it answers nobody else.",
    remedy="Escape the text, match with re2, or give the matcher a time limit in another process.",
    references=("CWE-1333", "CWE-400", "CoSAI-MCP-T10"),
)
SLOW_PATTERN = Rule(
    id="slow-pattern",
    title="Pattern takes exponential time on some texts",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reads each fixed regular expression that a caller's text of any length is matched "
        "against. Told are patterns with a loop that can read the same text in two ways before "
        "something that can fail; a pattern that is not understood is not told."
    ),
    attack=(
        "A text of a few dozen characters keeps the server busy for ever (ReDoS): whoever can put "
        "text before the model stops the server for everybody."
    ),
    remedy="Rewrite the loop so that each text is read in one way, or bound the length first.",
    references=("CWE-1333", "CWE-400", "CoSAI-MCP-T10"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    harmless = g.REGEX_ESCAPED | g.PLAIN
    for one in _once(arrivals(facts, {EffectKind.REGEX: ("pattern",)}, harmless)):
        if "glob" not in one.effect.tags:
            yield told(CALLERS_PATTERN, one, "is used as a regular expression")
    for one in arrivals(facts, {EffectKind.REGEX: ("subject",)}, g.SIZE_LIMITED):
        if _is_slow(one):
            yield told(SLOW_PATTERN, one, "is matched against a pattern that can take for ever")


def _once(many: Iterable[Arrival]) -> Iterator[Arrival]:
    """The arrivals without those in a match by a pattern that is told where it is made."""
    every = list(many)
    made = {(one.source, f"{one.effect.callee}()") for one in every}
    for one in every:
        pattern = one.effect.operand("pattern")
        before = () if pattern is None else pattern.externals()
        if not any((one.source, name) in made for name in before):
            yield one


def _is_slow(one: Arrival) -> bool:
    text, flags = _pattern(one.effect)
    return text is not None and _slow(text, flags)


@lru_cache(maxsize=4096)
def _slow(text: str, flags: str) -> bool:
    return is_slow(text, flags)


def _pattern(effect: Effect) -> tuple[str | None, str]:
    value = effect.operand("pattern")
    if value is None:
        return None, ""
    python = effect.place.file.endswith(".py")
    for one in _written(value):
        if one.known_text is not None:
            flags = value.fields.get("flags")
            return one.known_text, "py" if python else (flags and flags.known_text) or ""
    return None, ""


def _written(value: Value) -> Iterator[Value]:
    """The text of a pattern: as given, of a literal, or of the call that compiled it."""
    yield value
    yield from (value.fields[name] for name in ("source", "pattern") if name in value.fields)
    for ref in value.refs:
        if isinstance(ref, External) and ref.made_with is not None:
            yield from ref.made_with.args[:1]


CHECK: Check[Facts] = Check((CALLERS_PATTERN, SLOW_PATTERN), look)
