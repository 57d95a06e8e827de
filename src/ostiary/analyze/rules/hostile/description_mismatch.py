"""What a tool says of itself against what its code does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import (
    RUNS,
    SENDS,
    carried,
    functions,
    has_payload,
    host_of,
    purpose,
    spaced,
    unused,
)
from ostiary.analyze.rules.hostile.saying import Told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DESCRIPTION_MISMATCH = Rule(
    id="description-code-mismatch",
    title="Does what its description rules out",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Compares the words of a tool with its code. Work that needs nothing but its input (to "
        "format, convert, calculate, validate, count) is held against sending that input to a "
        "fixed "
        "host, keeping it in a fixed file, removing files and running programs; a promise to work "
        "locally against sending; a promise to encrypt or compress against code that cannot."
    ),
    attack=(
        "The person who approves the tool and the model that chooses it rely on the words: data "
        "leaves or stays behind where nobody expects it, or is not protected where they think it "
        "is."
    ),
    remedy="Rely on what the code does; leave the tool off if its words matter to you.",
    references=("CWE-451", "CWE-345", "CWE-201", "MCP03:2025", "CoSAI-MCP-T9"),
)

_PURE = re.compile(
    r"^(?:formats?|converts?|calculates?|comput\w+|validates?|check|checks|verif\w+|pars\w+"
    r"|counts?|"
    r"normali[sz]es?|encodes?|decodes?|sums?|adds? (?:two|the)? ?numbers|compares?|sorts?"
    r"|reverses?|"
    r"upper\w*|lower\w*|slugif\w+|escapes?|unescapes?|evaluates?|tokeni[sz]es?|explains?"
    r"|capitali[sz]\w+|"
    r"rounds?|multipl\w+|divides?|subtracts?|concatenates?|splits?|trims?|describes?)\b"
)
_REACHES = re.compile(
    r"\b(?:api|apis|service|services|online|web|websites?|http|urls?|links?|remote|live|server"
    r"|status|"
    r"internet|network|cloud|account|domain|host|ports?|database|repositor\w+|packages?|files?"
    r"|folders?|"
    r"system|health|log|logs|disk|memory|cluster|container|image|exchange rates?|currenc\w+|with "
    r"(?:gpt|claude|openai|an? llm))\b"
)
_LOCAL = re.compile(
    r"\b(?:locally|offline|on this machine|on your (?:machine|computer)"
    r"|without (?:the )?(?:internet|"
    r"network|sending)|never (?:leaves?|sends?|uploads?)|no (?:network|internet|data is sent)|"
    r"(?:does not|doesn't) (?:send|upload|transmit))\b"
)
_UNCHANGED = re.compile(
    r"\b(?:read[- ]only|(?:does not|doesn't|never|without) (?:modif\w+|chang\w+|writ\w+"
    r"|delet\w+))\b"
)
_CALLERS = (SourceKind.MODEL, SourceKind.REQUEST, SourceKind.FILE)
_CRYPTOGRAPHY = re.compile(
    r"\b(?:aes\w*|rsa|fernet|chacha\w*|cipher\w*|createcipher\w*|encrypt\w*|nacl|secretbox"
    r"|crypto\w*|"
    r"sodium\w*|age|gpg|openssl|subtle)\b"
)
_COMPRESSION = re.compile(
    r"\b(?:compress\w*|pil|pillow|image|sharp|jimp|zlib|gzip|bz2|lzma|zstd\w*|brotli|zipfile"
    r"|tarfile|cv2|"
    r"imagemin|ffmpeg|squoosh|deflate\w*|archiver|jszip|quality|thumbnail|resize)\b"
)
_PROMISES = (
    (
        re.compile(r"\bencrypt\w*\b[^.]{0,60}\b(?:aes|rsa|chacha|gpg|encryption)\b|\bencrypts?\b"),
        _CRYPTOGRAPHY,
        "encrypts",
    ),
    (
        re.compile(r"^compress\w*\b|\bcompress\w* (?:image|file|picture|text|data)"),
        _COMPRESSION,
        "compresses",
    ),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DESCRIPTION_MISMATCH)
    for reached in facts.reached:
        if reached.entry.kind is EntryKind.TOOL and reached.entry.handler is not None:
            yield from _against(facts, reached, told)
            yield from _promised(facts, reached, told)


def _against(facts: Facts, reached: Reached, told: Told) -> Iterator[Finding]:
    said = purpose(reached)
    pure, local = _is_pure(reached), _LOCAL.search(said)
    unchanged = _UNCHANGED.search(said)
    for effect in reached.effects:
        does = ""
        if effect.kind in SENDS and (pure or local) and _sends(facts, effect):
            does = f"sends what it is given to {host_of(facts, effect)}"
        elif pure and _keeps(facts, effect):
            does = "keeps what it is given in a file"
        elif (pure or unchanged) and effect.kind is EffectKind.DELETE_FILE and _others(effect):
            does = "removes files"
        elif pure and effect.kind in RUNS and _beside(facts, effect):
            does = "runs a program"
        if does and told.new(effect.place):
            yield told.effect(
                reached,
                effect,
                f"{reached.entry.name} {does}; its words do not say so.",
                severity=Severity.HIGH if local and effect.kind in SENDS else None,
            )


def _is_pure(reached: Reached) -> bool:
    """Whether the work needs nothing but what is given."""
    entry = reached.entry
    described = spaced(entry.description).strip()
    if not (_PURE.match(described) or _PURE.match(spaced(entry.name))):
        return False
    first = described.split("\n\n")[0]
    return _REACHES.search(f"{spaced(entry.name)} {first}") is None


def _sends(facts: Facts, effect: Effect) -> bool:
    if not host_of(facts, effect) or not has_payload(effect):
        return False
    return any(not flow.guarantees & g.MASKED for _, flow in carried(effect, *_CALLERS))


def _keeps(facts: Facts, effect: Effect) -> bool:
    if effect.kind is not EffectKind.WRITE_FILE:
        return False
    path, content = effect.operand("path"), effect.operand("content")
    if path is not None and any(True for _ in path.deep_sources(SourceKind.MODEL)):
        return False
    fixed = _fixed_path(effect) or _opened(facts, effect)
    if content is not None:
        return fixed and any(True for _ in content.deep_sources(*_CALLERS))
    return fixed


def _opened(facts: Facts, effect: Effect) -> bool:
    """Whether a handle is written that the function opened by a fixed path."""
    around = facts.written.at(effect.place)
    return (
        around is not None
        and "handle" in effect.tags
        and any(
            _fixed_path(one)
            for one in facts.effects
            if one.kind is EffectKind.WRITE_FILE and facts.written.at(one.place) is around
        )
    )


def _fixed_path(effect: Effect) -> bool:
    mode = effect.operand("mode")
    if mode is None or (mode.known_text or "")[:1] not in ("w", "a", "x"):
        return False
    path = effect.operand("path")
    return path is not None and bool(path.known_text)


def _others(effect: Effect) -> bool:
    """Whether what is removed is the caller's, or stands in the code by its full path."""
    path = effect.operand("path")
    if path is None or any("temp" in one.lower() for one in path.externals()):
        return False
    whole = (path.known_text or "").startswith(("/", "~"))
    return whole or any(True for _ in path.deep_sources(SourceKind.MODEL))


def _beside(facts: Facts, effect: Effect) -> bool:
    """Whether a fixed program is started whose output nobody uses, on nothing of the caller's."""
    return _fixed(effect) and unused(facts, effect) and not _helps(effect)


def _fixed(effect: Effect) -> bool:
    value = effect.operand("program") or effect.operand("command")
    return value is not None and bool(value.known_text or value.prefix)


def _helps(effect: Effect) -> bool:
    """Whether the program is given the caller's input to work on."""
    return any(
        True for value in effect.operands.values() for _ in value.deep_sources(SourceKind.MODEL)
    )


def _promised(facts: Facts, reached: Reached, told: Told) -> Iterator[Finding]:
    """Work that needs a library or a program, and nothing of that kind in the code."""
    said = spaced(f"{reached.entry.name} {reached.entry.description}")
    does = (*RUNS, *SENDS, EffectKind.EVALUATE, EffectKind.LOAD_CODE)
    if any(one.kind in does for one in reached.effects):
        return
    for promise, needs, verb in _PROMISES:
        if not promise.search(said):
            continue
        arounds = functions(facts, reached)
        file = reached.entry.handler.file if reached.entry.handler else ""
        if not needs.search(
            _used(facts, file, tuple(one.name for a in arounds for one in a.calls))
        ):
            place = reached.entry.place
            if told.new(place):
                yield told.at(
                    reached.entry,
                    place,
                    f"{reached.entry.name} says that it {verb}; nothing in its code can.",
                    mark=f"{reached.entry.name} {verb}",
                )


def _used(facts: Facts, file: str, calls: tuple[str, ...]) -> str:
    """Modules imported and functions called, as words."""
    module = facts.modules.get(file)
    body = module.body if module is not None else ()
    named = [one.module for one in body if isinstance(one, ir.Import)]
    known = {one.callee for one in facts.effects}
    imported = {local for one in body if isinstance(one, ir.Import) for _, local in one.names}
    outside = [one for one in calls if one.partition(".")[0] in imported]
    return spaced(" ".join([*named, *outside, *known])).replace(".", " ").replace("/", " ")


CHECK: Check[Facts] = Check((DESCRIPTION_MISMATCH,), look)
