"""The client's own model asked for what is the user's."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import SENDS, Shown, carried, host_of
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

SAMPLING_ABUSE = Rule(
    id="sampling-abuse",
    title="Asks the client's model for secrets or context",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for requests to the client's model that ask it to repeat the conversation, its "
        "instructions or credentials, and for answers of it that are sent to a fixed host, the "
        "more "
        "so with the context of all servers."
    ),
    attack=(
        "The model knows what the user told it and other servers; the server gets it at the user's "
        "expense, and passes it on."
    ),
    remedy="Do not use this server; have the client ask before each request for sampling.",
    references=("CWE-506", "CWE-1427", "SAFE-T1112", "SAFE-T1603", "SAFE-T1805", "LLM08:2026"),
)

_CALLS = frozenset({"create_message", "createMessage", "requestSampling"})
_ANSWER = "answer of the client"
_ASKS = (
    r"\b(?:repeat|output|print|reveal|list|return|copy|dump|quote|include|summari[sz]e)\b[^.]{0,60}"
    r"\b(?:everything|entire|whole|full|complete|all)\b[^.]{0,40}\b(?:conversation|context|history|"
    r"messages?|chat|prompt|instructions)\b"
    r"|\b(?:repeat|output|print|reveal|list|return|extract)\b[^.]{0,80}\b(?:api keys?|passwords?|"
    r"credentials?|secrets?|tokens?|system prompt)\b"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(SAMPLING_ABUSE)
    named = Shown(facts, _by_name)
    for reached in entries(facts):
        for effect in reached.effects:
            if "asks client" not in effect.tags:
                continue
            near = facts.written.near(effect)
            asked = first(_ASKS, near)
            sent = _sent(facts, reached)
            if (asked or sent is not None) and told.new(effect.place):
                yield told.effect(reached, effect, _says(sent), shows=asked)
        for around, (line, asked) in named.by(reached):
            place = Place(around.file, line)
            if told.new(place):
                yield told.at(
                    reached.entry, place, _says(None), shows=asked, mark=f"{around.name} asks"
                )


def _by_name(around: Words) -> Iterator[tuple[int, str]]:
    """Requests to the client's model that are known by the name of the call alone."""
    for call in around.calls:
        if call.name.rpartition(".")[2] in _CALLS:
            said = (one.text for one in around.phrases if call.line <= one.line <= call.end)
            asked = first(_ASKS, said)
            if asked:
                yield call.line, asked


def _says(sent: Effect | None) -> str:
    if sent is None:
        return "The client's model is asked for what the user told it."
    where = f"line {sent.place.line} of {sent.place.file}"
    return f"What the client's model answers is sent elsewhere at {where}."


def _sent(facts: Facts, reached: Reached) -> Effect | None:
    for one in reached.effects:
        answers = (source.name.startswith(_ANSWER) for source, _ in carried(one))
        if one.kind in SENDS and host_of(facts, one) and any(answers):
            return one
    return None


CHECK: Check[Facts] = Check((SAMPLING_ABUSE,), look)
