"""A credential handed to the model or to whoever called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Flow, Hole, Place, Source, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.exposure.secretive import shown_in, whole_environment, written_out
from ostiary.analyze.rules.flows import part_of
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, visible

SECRET_RETURNED = Rule(
    id="secret-returned",
    title="A credential is handed to the caller",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows credentials into what tools, resources, prompts and HTTP routes answer and into "
        "messages to the client: variables of the environment that are named like one, the "
        "environment as a whole, key files, the credential that another caller presented; and "
        "answers that write a label such as `Authorization: Bearer` or `password:` before a value "
        "from a file or the environment. A tool that hands out the whole environment "
        "and does not say so weighs high. "
        "What is left after masking, hashing, counting or comparing is left alone."
    ),
    attack=(
        "Text before the model makes it call the tool and pass the credential on; it also stays in "
        "the conversation, with the provider of the model, and in every log of both."
    ),
    remedy=(
        "Keep the tool off, and change the credential if it was called. The author can answer "
        "whether the credential is there instead of what it is."
    ),
    references=(
        "CWE-200",
        "CWE-201",
        "CWE-522",
        "MCP01:2025",
        "LLM02:2026",
        "CoSAI-MCP-T5",
        "SAFE-T1503",
        "SAFE-T1504",
    ),
)

_ANSWERS: Final = (EntryKind.TOOL, EntryKind.RESOURCE, EntryKind.PROMPT, EntryKind.ROUTE)
_KEPT: Final = (SourceKind.FILE, SourceKind.ENVIRONMENT, SourceKind.SECRET)
_LABEL: Final = (
    r"(?i)(?:authorization|bearer|api[ _-]?key|access[ _-]?token|refresh[ _-]?token|password|"
    r"passwd|client[ _-]?secret|secret[ _-]?key|private[ _-]?key)['\"`]?\s*(?:is|[:=])?\s*"
    r"(?:bearer|basic)?\s*['\"`]?$"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each entry and credential."""
    for reached in facts.reached:
        if reached.entry.kind not in _ANSWERS:
            continue
        told: set[str] = set()
        for value, place in _answers(reached):
            for says, flow, grave in _given(value):
                if says not in told:
                    told.add(says)
                    yield _told(reached.entry, says, flow, place, grave=grave)


def _answers(reached: Reached) -> Iterator[tuple[Value, Place]]:
    """What goes to the caller, and where from."""
    entry = reached.entry
    yield reached.returns, entry.place
    for effect in reached.effects:
        role = "body" if effect.kind is EffectKind.RESPOND else "message"
        to_caller = effect.kind is EffectKind.RESPOND or (
            effect.kind is EffectKind.LOG and "to client" in effect.tags
        )
        value = effect.operand(role)
        if to_caller and value is not None:
            yield value, effect.place


def _given(value: Value) -> Iterator[tuple[str, Flow, bool]]:
    for says, source, flow in shown_in(value):
        if source.kind is not SourceKind.REQUEST:
            yield says, flow, False
    for source, flow in value.deep_sources(SourceKind.ENVIRONMENT):
        if whole_environment(source) and written_out(flow):
            yield "the whole environment", flow, True
    for label, source in _labelled(value):
        yield f"what stands after {label!r} in an answer", value.flows.get(source, Flow()), False


def _labelled(value: Value, depth: int = 0) -> Iterator[tuple[str, Source]]:
    """Pieces of kept data that the text itself calls a credential."""
    before = ""
    for piece in value.text:
        if isinstance(piece, Hole):
            match = compiled(_LABEL).search(readable(before[-80:]))
            kept = [one for one in piece.of if isinstance(one, Source) and one.kind in _KEPT]
            if match is not None and kept:
                yield (match.group() or "").strip(), kept[0]
            before = ""
        else:
            before = piece
    if depth < 3:
        for part in value.fields.values():
            yield from _labelled(part, depth + 1)


def _told(entry: Entry, says: str, flow: Flow, place: Place, *, grave: bool) -> Finding:
    part = part_of(entry)
    steps = [Evidence(visible(one.says, EXCERPT), _at(one.place, part)) for one in flow.steps[:10]]
    end = flow.steps[-1].place if flow.steps else place
    return SECRET_RETURNED.finding(
        f"{visible(says[:1].upper() + says[1:], EXCERPT)} is handed to the caller.",
        _at(end if entry.place == place else place, part),
        evidence=[
            Evidence(f"{part} is declared here", _at(entry.place, part)),
            *steps,
            Evidence(f"{visible(says, EXCERPT)} is part of the answer", _at(place, part)),
        ],
        severity=Severity.HIGH if grave and not _declared(entry) else Severity.MEDIUM,
        mark=f"{entry.place.file} {entry.name} {says}",
    )


def _declared(entry: Entry) -> bool:
    """Whether the tool says that it hands the environment out."""
    return "env" in f"{entry.name} {entry.title} {entry.description}".lower()


def _at(place: Place, part: str) -> Location:
    return Location(file=place.file, line=place.line, column=place.column, part=part)


CHECK: Check[Facts] = Check((SECRET_RETURNED,), look)
