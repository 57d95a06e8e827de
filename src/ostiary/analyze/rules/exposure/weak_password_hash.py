"""Passwords kept as fast hashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Source, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.secretive import secret_params
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

WEAK_PASSWORD_HASH = Rule(
    id="weak-password-hash",
    title="Passwords are hashed too fast",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what is named password or passphrase into MD5, the SHA families and BLAKE2. "
        "Hashes of anything else, and bcrypt, scrypt, Argon2 and PBKDF2, are left alone."
    ),
    attack="Whoever gets the stored hashes tries thousands of millions of passwords a second.",
    remedy="Use a password that is used nowhere else. The author can take Argon2id or scrypt.",
    references=("CWE-916", "CWE-327", "CoSAI-MCP-T5"),
)

_PASSWORD: Final = r"(?i)pass(?:word|wd|phrase)|(?:^|_)pwd$"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    told: set[tuple[str, int]] = set()
    effects = [*facts.effects, *(effect for _, effect in facts.of_kind(EffectKind.HASH))]
    for effect in effects:
        data = effect.operand("data")
        place = effect.place
        if effect.kind is not EffectKind.HASH or data is None or (place.file, place.line) in told:
            continue
        name = _password(facts, effect, data)
        if name and "hmac" not in effect.callee.lower():
            told.add((place.file, place.line))
            yield _told(effect, name)


def _password(facts: Facts, effect: Effect, data: Value) -> str:
    names = [one.name for one in data.flows if isinstance(one, Source)]
    names += secret_params(facts, effect, data)
    lasts = (readable(one.rpartition(".")[2]) for one in names)
    return next((one for one in lasts if compiled(_PASSWORD).search(one)), "")


def _told(effect: Effect, name: str) -> Finding:
    place = of_place(effect.place)
    shown = visible(name, NAME)
    return WEAK_PASSWORD_HASH.finding(
        f"{shown} is hashed with {visible(effect.callee, NAME)}, which is fast.",
        place,
        evidence=[Evidence(f"{shown} arrives in {visible(effect.callee, NAME)}", place)],
        mark=f"{effect.place.file} {effect.function} {name}",
    )


CHECK: Check[Facts] = Check((WEAK_PASSWORD_HASH,), look)
