"""Credentials of the user or of other programs that are read, and where they go."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import (
    RUNS,
    SENDS,
    about,
    carried,
    has_payload,
    holds_rows,
    host_of,
    purpose,
)
from ostiary.analyze.rules.hostile.credential_places import Kept, explains, kept_at
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CREDENTIAL_THEFT = Rule(
    id="credential-theft",
    title="Reads credentials of others and sends data",
    category=Category.SECRET,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for reads of keys, password stores, wallets, browser profiles and configuration "
        "with "
        "tokens, by code that also sends what it read, or that sends something to a fixed host "
        "while its purpose explains no such read."
    ),
    attack=(
        "Whoever is at the other end logs in as the user: to machines, clouds, registries, bank "
        "and mail, long after the server is gone."
    ),
    remedy=(
        "Do not use this server. If it ran, revoke every credential named here and look for their "
        "use."
    ),
    references=("CWE-506", "CWE-522", "CWE-201", "SAFE-T1502", "MCP01:2025", "AML.T0098"),
)
CREDENTIAL_READ = Rule(
    id="credential-file-read",
    title="Reads credentials that are not its own",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "The same reads where nothing is seen to be sent, in a server or tool whose purpose does "
        "not explain them."
    ),
    attack=(
        "The credential is in the server's memory, and in the conversation if it is returned; a "
        "credential that is read is a credential that is held."
    ),
    remedy="Keep that file out of what the server's box may read; ask its author what it is for.",
    references=("CWE-522", "CWE-200", "SAFE-T1502", "MCP01:2025"),
)

_READS = (
    EffectKind.READ_FILE,
    EffectKind.LIST_FILES,
    EffectKind.DATABASE,
    EffectKind.CALL,
    *RUNS,
)
_TAKEN = (SourceKind.FILE, SourceKind.SECRET, SourceKind.REMOTE)
_ROWS = "database rows"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a read, and one for what is sent."""
    stolen, held = Told(CREDENTIAL_THEFT), Told(CREDENTIAL_READ)
    server = about(facts)
    for reached in entries(facts):
        reads = list(_reads(facts, reached))
        if not reads:
            continue
        said = f"{purpose(reached)} {server}"
        sends = [one for one in reached.effects if _sends(facts, one)]
        for effect, kept, words in reads:
            sent, sure = _sent(sends, explained=explains(kept, said))
            if sent is not None and stolen.new(sent.place):
                yield stolen.effect(
                    reached,
                    sent,
                    f"This is sent after {kept.what} are read at line {effect.place.line} of "
                    f"{effect.place.file}.",
                    shows=words,
                    severity=None if sure else Severity.HIGH,
                    confidence=None if sure else Confidence.MEDIUM,
                )
            if (sent is not None or not explains(kept, said)) and held.new(effect.place):
                yield held.effect(reached, effect, f"It looks at {kept.what}.", shows=words)


def _reads(facts: Facts, reached: Reached) -> Iterator[tuple[Effect, Kept, str]]:
    for effect in reached.effects:
        if effect.kind in _READS and not _setting(effect):
            found = kept_at(facts.written.near(effect))
            if found is not None:
                yield effect, *found


def _setting(effect: Effect) -> bool:
    return effect.kind is EffectKind.CALL and effect.callee.endswith("=")


def _sends(facts: Facts, effect: Effect) -> bool:
    known = "telemetry" in effect.tags or bool(host_of(facts, effect))
    return effect.kind in SENDS and has_payload(effect) and known


def _sent(sends: list[Effect], *, explained: bool) -> tuple[Effect | None, bool]:
    """What carries the content of a file, for sure; without an explanation anything sent."""
    for one in sends:
        taken = (_content(source.kind, source.name) for source, _ in carried(one, *_TAKEN))
        if any(taken) or holds_rows(one):
            return one, True
    return (None if explained or not sends else sends[0]), False


def _content(kind: SourceKind, name: str) -> bool:
    return kind is not SourceKind.REMOTE or name.startswith(_ROWS)


CHECK: Check[Facts] = Check((CREDENTIAL_THEFT, CREDENTIAL_READ), look)
