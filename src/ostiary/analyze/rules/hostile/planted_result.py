"""Text planted in what a tool answers: orders to the model, lures for the user, hidden "
"characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.value import Place, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import Shown
from ostiary.analyze.rules.hostile.patterns import first, holding
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Pair, Phrase, Words
from ostiary.detect import judge
from ostiary.detect.invisible_markup import INVISIBLE_MARKUP
from ostiary.detect.passage import Hit, Passage
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

PLANTED_RESULT = Rule(
    id="planted-result",
    title="Instruction planted in a tool's result",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reads the texts that a tool answers with, as they stand in the code, with the detectors "
        "of "
        "planted instructions: orders to call other tools, to read files, to keep something from "
        "the user, claimed ranks, hidden characters. Hints on how to use the result are left alone."
    ),
    attack=(
        "The model reads results with the trust it has in the tool and carries the order out with "
        "the powers of every connected server."
    ),
    remedy=(
        "Do not use this server. If it ran, look through the log of tool calls for what the text "
        "asked for."
    ),
    references=("CWE-1427", "CWE-506", "SAFE-T1102", "SAFE-T1404", "MCP06:2025", "ASI01:2026"),
)
LURE_IN_RESULT = Rule(
    id="lure-in-result",
    title="Lure planted in a tool's result",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for texts of fraud in the code of a tool, beside a fixed address: an account that "
        "must be verified now, a prize to be claimed, an infected device, a declined payment, free "
        "software as a program to download."
    ),
    attack="The user trusts the answer, opens the address and hands over passwords or installs it.",
    remedy="Do not use this server.",
    references=("CWE-506", "CWE-451", "SAFE-T1404", "SAFE-T2105", "ASI09:2026"),
)
COMMAND_IN_RESULT = Rule(
    id="planted-command",
    title="Command planted in what is handed on",
    category=Category.POISON,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for commands that grant rights, set themselves up to start again or hand out a "
        "shell, put into the data that a tool works on as something to be run later."
    ),
    attack="Whoever carries out the data (an agent, a workflow, a pipeline) runs the command.",
    remedy="Do not carry out what this tool returns; read the quoted command first.",
    references=("CWE-506", "CWE-74", "SAFE-T1703", "ASI01:2026"),
)

SHORTEST = 30
_SHORT = 12
_MOST_JOINED = 4000
_LONG = 80
_UNSEEN = frozenset({"hidden-characters", "terminal-escape"})
_TELLING = re.compile(
    r"[^\x00-\x7f]|\b(?:ignore|disregard|system|instruction|must|never|do not|don't|always|before|"
    r"first|secret|password|without|override|bypass|restriction|mode|note|important|now call"
    r"|tool|access|disabled|bypassed|unrestricted)\b",
    re.IGNORECASE,
)
_GRAVE = re.compile(
    r"(?:do not|don't|never|without) (?:mention|tell|show|inform|reveal|ask|telling|asking)|~/"
    r"|\.ssh|"
    r"\.env\b|/etc/|\b(?:system|admin)\b[^.]{0,20}(?::|mode|override|note)"
    r"|restrictions? (?:are )?(?:"
    r"disabled|lifted|off)|all (?:safety|security|content) \w+ disabled|has (?:approved"
    r"|authori[sz]ed)",
    re.IGNORECASE,
)
_ALWAYS = frozenset(
    {"hidden-characters", "encoded-instruction", "terminal-escape", "sensitive-file-order"}
)
_LURE = (
    r"\b(?:verify|confirm|update|secure)\b[^.!]{0,40}\b(?:account|identity|payment|billing|card)\b"
    r"|\b(?:account|payment|card|billing)\b[^.!]{0,60}\b(?:suspen\w+|declined|verification|"
    r"immediate attention|required|needs)\b"
    r"|\byou(?:'ve| have)? won\b|\bclaim your (?:prize|reward|gift)\b|\bgift card\b"
    r"|\b(?:device|computer|system) is infected\b|\bvirus(?:es)? (?:detected|found)\b"
    r"|\b(?:free|premium|cracked)\b[^.!]{0,30}\b(?:software|download)\b"
)
_ADDRESS = re.compile(r"https?://[\w.-]+\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_RANK = (
    r"\[(?:system|admin\w*|root|superuser|unrestricted|trust\w*|jailbreak|elevated|safety|filter|"
    r"validation|security|god)[ _-]+(?:\w+[ _-]+)?(?:mode|access|bypassed|disabled|override"
    r"|active|off)"
    r"[^\]]{0,20}\]|\bunrestricted (?:mode|access|privileges)\b|\b(?:safety|security|content) "
    r"(?:restrictions?|filters?|checks?) (?:are |is )?(?:disabled|bypassed|lifted|off)\b"
)
_LATER = re.compile(
    r"^(?:command|cmd|script|run|exec|execute|action|shell|code|hook)$", re.IGNORECASE
)
_COMMANDS = (
    r"\busermod\b[^\n]*\s-a?g\S*\s+(?:sudo|wheel|root|admin)|\|\s*crontab\s+-|/dev/tcp/"
    r"|\bnopasswd\b"
    r"|\bcurl\b[^\n]{0,200}\|\s*(?:ba|z)?sh\b|>>\s*\S*authorized_keys|\bchmod\s+u\+s\b"
)
_NEAR = 6
_COLOURS = re.compile(
    "\x1b\\[(?:(?:0?[0-4]|9|2[2-49]|3[1-69]|9[1-6])(?:;(?:0?[0-4]|9|2[2-49]|3[1-69]|9[1-6]))*)?m"
)
"""What only colours text or sets it off: everything stays to be read, on any ground."""


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a text."""
    planted, lures, commands = Told(PLANTED_RESULT), Told(LURE_IN_RESULT), Told(COMMAND_IN_RESULT)
    answered, luring, later = Shown(facts, _answered), Shown(facts, _luring), Shown(facts, _later)
    for reached in entries(facts):
        if reached.entry.kind is EntryKind.IMPORT:
            continue
        yield from _orders(reached, answered, planted)
        yield from _joined(reached, planted)
        yield from _lures(reached, luring, lures)
        yield from _commands(reached, later, commands)


def _orders(reached: Reached, answered: Shown[Phrase], told: Told) -> Iterator[Finding]:
    for around, phrase in answered.by(reached):
        place = Place(around.file, phrase.line)
        if told.knows(place):
            continue
        hit = _hit(phrase.text, reached)
        if hit is None and first(_RANK, [phrase.text]) and told.new(place):
            yield told.at(
                reached.entry,
                place,
                "The answer claims a rank, or that a protection is off.",
                shows=phrase.text,
                severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
                mark=f"{around.name} rank",
            )
        if hit is None or not told.new(place):
            continue
        grave = hit.rule.id in _ALWAYS or _GRAVE.search(phrase.text)
        yield told.at(
            reached.entry,
            place,
            hit.message,
            shows=hit.excerpt,
            severity=None if grave else Severity.MEDIUM,
            confidence=None if grave else Confidence.MEDIUM,
            mark=f"{around.name} {hit.rule.id} {hit.mark}",
        )


def _joined(reached: Reached, told: Told) -> Iterator[Finding]:
    """Orders of which no piece alone gives one, where the answer is known as a whole."""
    place = reached.entry.place
    for text in dict.fromkeys(_texts(reached.returns, 4)):
        if not SHORTEST <= len(text) <= _MOST_JOINED or not _GRAVE.search(text):
            continue
        hit = _hit(text, reached)
        if hit is not None and told.new(place):
            yield told.at(
                reached.entry,
                place,
                hit.message,
                shows=hit.excerpt,
                mark=f"{reached.entry.name} {hit.rule.id} {hit.mark}",
            )


def _texts(value: Value, deepest: int) -> Iterator[str]:
    yield value.pieces
    if deepest:
        for part in value.fields.values():
            yield from _texts(part, deepest - 1)


def _answered(around: Words) -> Iterator[Phrase]:
    seen = set()
    for phrase in around.returned:
        shortest = SHORTEST if phrase.text.isascii() else _SHORT
        if len(phrase.text) < shortest or phrase.text in seen:
            continue
        if len(phrase.text) >= _LONG or _TELLING.search(phrase.text):
            seen.add(phrase.text)
            yield phrase


def _hit(text: str, reached: Reached) -> Hit | None:
    parameters = frozenset(one.name for one in reached.entry.parameters or ())
    passage = Passage(
        _COLOURS.sub("", text).replace("\0", "…"),
        part=f"result of {reached.entry.name}",
        owner=reached.entry.name,
        parameters=parameters,
    )
    found = [
        one
        for one in judge(passage)
        if one.rule.id != INVISIBLE_MARKUP.id
        and ((one.severity or one.rule.severity) >= Severity.HIGH or one.rule.id in _UNSEEN)
    ]
    found.sort(key=lambda one: one.rule.id not in _ALWAYS)
    return found[0] if found else None


def _lures(reached: Reached, luring: Shown[tuple[Phrase, str]], told: Told) -> Iterator[Finding]:
    for around, (phrase, words) in luring.by(reached):
        place = Place(around.file, phrase.line)
        if told.new(place):
            yield told.at(
                reached.entry,
                place,
                "A text of fraud stands beside a fixed address.",
                shows=phrase.text,
                mark=f"{around.name} {words}",
            )


def _luring(around: Words) -> Iterator[tuple[Phrase, str]]:
    """Texts of fraud beside an address, each with the words that tell."""
    sized = (one.text for one in around.phrases if SHORTEST <= len(one.text) <= 500)
    found = dict(holding(_LURE, dict.fromkeys(sized)))
    for phrase in around.phrases if found else ():
        if phrase.text in found:
            lines = (one.line for one in around.phrases if _ADDRESS.match(one.text))
            near = any(abs(line - phrase.line) <= _NEAR for line in lines)
            if near or _ADDRESS.search(phrase.text):
                yield phrase, found[phrase.text]


def _later(around: Words) -> Iterator[tuple[Pair, str]]:
    """Commands under a key that says they run, each with the words that tell."""
    for pair in around.pairs:
        words = first(_COMMANDS, [pair.text]) if pair.text and _LATER.match(pair.key) else ""
        if words:
            yield pair, words


def _commands(reached: Reached, later: Shown[tuple[Pair, str]], told: Told) -> Iterator[Finding]:
    for around, (pair, words) in later.by(reached):
        place = Place(around.file, pair.line)
        if told.new(place):
            yield told.at(
                reached.entry,
                place,
                f"A command is put under {pair.key} to be run later.",
                shows=pair.text,
                mark=f"{around.name} {words}",
            )


CHECK: Check[Facts] = Check((PLANTED_RESULT, LURE_IN_RESULT, COMMAND_IN_RESULT), look)
