"""Code that hides what it does: text that is decoded and run, names and lines made unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

OBFUSCATED_CODE = Rule(
    id="obfuscated-code-runs",
    title="Encoded text is decoded and run as code",
    category=Category.CONCEALMENT,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for text that stands encoded in the code (base64, hex, character codes, compressed, "
        "in any number of layers) and is decoded and evaluated, loaded or given to a shell. "
        "Encoded "
        "data that is only read is left alone."
    ),
    attack="What runs is not what anybody can read; it was hidden because it would be refused.",
    remedy="Do not use this server. Decode the text in a box without network to see what it does.",
    references=("CWE-506", "CWE-94", "CWE-95", "SAFE-T1203", "MCP04:2025"),
)
UNREADABLE_SOURCE = Rule(
    id="unreadable-source",
    title="Source was made unreadable on purpose",
    category=Category.CONCEALMENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for the marks of programs that make source unreadable: names of hex digits, tables "
        "of rotated strings, long runs of escaped characters. Bundled and minified builds alone "
        "are "
        "left alone."
    ),
    attack="Nobody can say what the code does, and whoever wrote it wanted that.",
    remedy="Ask for the source it is built from, or leave it out.",
    references=("CWE-506", "SAFE-T1405", "CoSAI-MCP-T11"),
)

_RUN = {
    EffectKind.EVALUATE: ("code",),
    EffectKind.LOAD_CODE: ("name",),
    EffectKind.SHELL: ("command",),
    EffectKind.PROCESS: ("program", "arguments"),
    EffectKind.DESERIALIZE: ("data",),
}
_BESIDE = (EffectKind.EVALUATE, EffectKind.SHELL, EffectKind.LOAD_CODE)
_CODES = ("chr", "String.fromCharCode", "String.fromCodePoint")
_DECODED = re.compile(
    r"b(?:16|32|64|85)decode|fromhex|unhexlify|decompress|fromCharCode|fromCodePoint|\batob\b|"
    r"codecs\.decode|Buffer\.from|inflate|gunzip|unescape|rot13|decodeURIComponent|b64_to"
    r"|marshal\.loads"
)
_UNPACKED = re.compile(r"decompress|marshal\.loads|inflate|gunzip")
_CALLED = (SourceKind.MODEL, SourceKind.REQUEST, SourceKind.REMOTE)
_HEX_NAME = re.compile(r"\b_0x[0-9a-f]{4,6}\b")
_ESCAPED = re.compile(r"(?:\\x[0-9a-fA-F]{2}){40}")
_MOST_READ = 400_000
_MANY_NAMES = 30


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place, one a file."""
    told = Told(OBFUSCATED_CODE)
    for reached in entries(facts):
        for effect in reached.effects:
            decoder = _decoder(facts, reached, effect)
            if decoder and told.new(effect.place):
                yield told.effect(
                    reached, effect, "Text that stands encoded in the code is run.", shows=decoder
                )
    yield from _unreadable(facts)


def _decoder(facts: Facts, reached: Reached, effect: Effect) -> str:
    for role in _RUN.get(effect.kind, ()):
        value = effect.operand(role)
        if value is None or any(True for _ in value.deep_sources(*_from_outside(effect, value))):
            continue
        names = [
            *value.externals(),
            *(name for one in value.fields.values() for name in one.externals()),
        ]
        found = next((one for one in names if _DECODED.search(one)), "")
        if found:
            return found
        if effect.kind in _BESIDE and not value.known_text and not value.prefix:
            decoded = _beside(facts, reached, effect)
            if decoded:
                return decoded
    return ""


def _from_outside(effect: Effect, value: Value) -> tuple[SourceKind, ...]:
    """Whose text it is not the code's to hide. A file that is unpacked and run at once is."""
    unpacked = any(_UNPACKED.search(one) for one in value.externals())
    if effect.kind is EffectKind.EVALUATE and unpacked:
        return _CALLED
    return (*_CALLED, SourceKind.FILE)


def _beside(facts: Facts, reached: Reached, effect: Effect) -> str:
    """A decoder of a fixed text in the function that evaluates."""
    around = facts.written.at(effect.place)
    for one in reached.effects:
        data = one.operand("data")
        if one.kind is not EffectKind.DECODE or data is None:
            continue
        if not data.known_text and (one.callee not in _CODES or data.flows):
            continue
        if around is not None and around is facts.written.at(one.place):
            return one.callee
    return ""


def _unreadable(facts: Facts) -> Iterator[Finding]:
    told = Told(UNREADABLE_SOURCE)
    for path in facts.modules:
        file = facts.project.get(path)
        text = "" if file is None else file.text[:_MOST_READ]
        names = set(_HEX_NAME.findall(text)) if "_0x" in text else set()
        escaped = _escaped(text) if "\\x" in text else None
        if len(names) < _MANY_NAMES and escaped is None:
            continue
        line = 1 + text.count("\n", 0, escaped.start()) if escaped else 1
        entry = Entry(EntryKind.IMPORT, path, Place(path, 1), "")
        yield told.at(
            entry,
            Place(path, line),
            f"{len(names):,} names are hex digits only." if not escaped else "Text is all escapes.",
            mark="unreadable",
        )


def _escaped(text: str) -> re.Match[str] | None:
    """The first long run of escaped characters that is no table of an alphabet, in which each
    character stands once."""
    for found in _ESCAPED.finditer(text):
        codes = found[0].lower().split("\\x")[1:]
        if len(set(codes)) < len(codes):
            return found
    return None


CHECK: Check[Facts] = Check((OBFUSCATED_CODE, UNREADABLE_SOURCE), look)
