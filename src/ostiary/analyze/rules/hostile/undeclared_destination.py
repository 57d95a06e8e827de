"""Copies of what a tool handles, sent to a place its words do not tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, Source, SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import (
    RUNS,
    SENDS,
    Shown,
    carried,
    domain,
    has_payload,
    host_of,
    purpose,
    unused,
)
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

UNDECLARED_DESTINATION = Rule(
    id="undeclared-destination",
    title="Data is sent to an undeclared destination",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for what a caller gives a tool, what the tool was answered elsewhere, files and "
        "facts "
        "of the machine sent to a fixed host whose answer nobody reads, where neither the tool's "
        "name nor its description tells of sending and no other part of the server uses that host "
        "for its work; also for a repository or file pushed to a fixed address. Counters without "
        "such data are left to another rule."
    ),
    attack=(
        "Everything that passes through the tool (searches, meetings, private repositories, "
        "documents) reaches a party that the user never chose, while the tool works as expected."
    ),
    remedy=(
        "Do not use this server, or give its box only the hosts that its purpose needs. Ask its "
        "author what the second address is for."
    ),
    references=("CWE-506", "CWE-201", "SAFE-T1911", "SAFE-T1913", "MCP10:2025", "AML.T0086"),
)
USAGE_REPORTED = Rule(
    id="undeclared-usage-report",
    title="Use is reported to an undisclosed host",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "The same requests where no data of the caller is seen in them: counters, start-up "
        "reports, "
        "crash reports."
    ),
    attack="A third party learns when, where and how often the server is used.",
    remedy="Switch it off if there is a setting, or leave the host out of the box's list.",
    references=("CWE-201", "MCP10:2025", "CoSAI-MCP-T5"),
)

_SAYS_SO = re.compile(
    r"\b(?:sends?|sent|sending|posts?|publish\w*|notif\w*|shares?|uploads?|submit\w*|reports?"
    r"|logs?|"
    r"logging|telemetry|analytics|sync\w*|webhooks?|e?mails?|messages?|alerts?|push\w*|exports?|"
    r"creates?|updates?|adds?|deletes?|removes?|sets?|writes?|registers?|records?|forwards?|"
    r"delivers?|subscribes?|triggers?|starts?|stops?|runs?|executes?|invokes?|call\w*|feedback|"
    r"broadcasts?|replies|reply|comments?|saves?|stores?|backs? up|backups?|mirrors?|ping\w*)\b"
)
_CHAT = re.compile(
    r"^(?:api\.telegram\.org|hooks\.slack\.com|(?:canary\.|ptb\.)?discord(?:app)?\.com"
    r"|[\w.-]+\.webhook\.office\.com|webhook\.site)$"
)
"""Hosts where people read what arrives: nothing is saved, set or deleted there."""
_ABOUT_CHAT = re.compile(
    r"\b(?:sends?|sent|sending|posts?|publish\w*|notif\w*|shares?|submit\w*|reports?|messages?|"
    r"alerts?|forwards?|delivers?|broadcasts?|replies|reply|comments?|feedback|webhooks?|chats?|"
    r"channels?|slack|telegram|discord|teams|bots?)\b"
)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_CALLERS = (SourceKind.MODEL, SourceKind.REQUEST)
_TAKEN = (SourceKind.FILE, SourceKind.SECRET, SourceKind.REMOTE, SourceKind.MACHINE)
_PUSHES = re.compile(r"\b(?:push\w*|mirror\w*|publish\w*|upload\w*|deploy\w*|sync\w*)\b")
_PUSHED = (
    r"\bgit\b[^\n]{0,200}\bpush\b[^\n]{0,120}(?:https?://|ssh://|git@)[\w.-]+\.[a-z]{2,}\S*"
    r"|\bpush\s+(?:--mirror|--all)\s+(?:https?://|ssh://|git@)\S+"
    r"|\bgit\b[^\n]{0,120}\bremote\s+add\b[^\n]{0,60}(?:https?://|git@)[\w.-]+\.[a-z]{2,}\S*"
    r"|\bcurl\b[^\n]{0,200}(?:\s-d\b|--data\S*|\s-t\b|\s-f\b|--upload-file|--form)[^\n]{0,200}"
    r"https?://[\w.-]+\.[a-z]{2,}"
    r"|\bcurl\b[^\n]{0,200}https?://[\w.-]+\.[a-z]{2,}\S*[^\n]{0,120}(?:\s-d\b|--data\S*|\s-t\b|"
    r"\s-f\b|--upload-file|--form)"
    r"|\b(?:scp|rsync)\b[^\n]{0,200}\s[\w.-]+@[\w.-]+\.[a-z]{2,}:"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    copies, counts = Told(UNDECLARED_DESTINATION), Told(USAGE_REPORTED)
    copied = Shown(facts, _copied)
    used = _used(facts)
    for reached in entries(facts):
        if any(one.kind in RUNS for one in reached.effects):
            yield from _pushed(reached, copied, copies)
        for effect in reached.effects:
            if effect.kind is EffectKind.MAIL:
                yield from _mailed(reached, effect, copies)
            elif effect.kind in SENDS:
                yield from _sent(facts, reached, effect, used, (copies, counts))


def _sent(
    facts: Facts, reached: Reached, effect: Effect, used: frozenset[str], told: tuple[Told, Told]
) -> Iterator[Finding]:
    host = host_of(facts, effect)
    if not host or domain(host) in used or not has_payload(effect):
        return
    if not unused(facts, effect):
        return
    copies, counts = told
    source = _data(effect)
    tool = reached.entry.kind is not EntryKind.IMPORT
    if source is not None and (tool or source.kind not in _CALLERS):
        excused = _ABOUT_CHAT if _CHAT.search(host) else _SAYS_SO
        if excused.search(purpose(reached)) or not copies.new(effect.place):
            return
        yield copies.effect(
            reached, effect, f"{source.name or 'What it is given'} is sent to {host}.", shows=host
        )
    elif counts.new(effect.place):
        yield counts.effect(reached, effect, f"A report is sent to {host}.", shows=host)


def _mailed(reached: Reached, effect: Effect, told: Told) -> Iterator[Finding]:
    """A message to a fixed address from a tool that speaks of no message."""
    to = effect.operand("to")
    address = _ADDRESS.search(to.known_text or "") if to is not None else None
    source = _data(effect)
    if address is None or source is None or _SAYS_SO.search(purpose(reached)):
        return
    if reached.entry.kind is not EntryKind.IMPORT and told.new(effect.place):
        yield told.effect(
            reached, effect, f"{source.name} is sent to {address[0]}.", shows=address[0]
        )


def _data(effect: Effect) -> Source | None:
    """A caller's text, a file, or what another party answered: not a name or a number."""
    for source, flow in carried(effect, *_CALLERS, *_TAKEN):
        if not flow.guarantees & (g.SAFE | g.MASKED):
            return source
    return None


def _used(facts: Facts) -> frozenset[str]:
    """Domains whose answers the server works with."""
    found = set()
    for reached in facts.reached:
        for effect in reached.effects:
            if effect.kind in SENDS and not unused(facts, effect):
                host = host_of(facts, effect)
                if host:
                    found.add(domain(host))
    return frozenset(found)


def _pushed(reached: Reached, copied: Shown[tuple[int, str]], told: Told) -> Iterator[Finding]:
    """Arguments of programs that send a repository or a file to an address in the code."""
    if _PUSHES.search(purpose(reached)):
        return
    for around, (line, words) in copied.by(reached):
        place = Place(around.file, line)
        if told.new(place):
            yield told.at(
                reached.entry,
                place,
                "A copy is sent to a fixed address.",
                shows=words,
                mark=f"{around.name} push",
            )


def _copied(around: Words) -> Iterator[tuple[int, str]]:
    for phrase in around.phrases:
        addressed = "://" in phrase.text or "@" in phrase.text
        words = first(_PUSHED, [phrase.text]) if addressed else ""
        if words:
            yield phrase.line, words


CHECK: Check[Facts] = Check((UNDECLARED_DESTINATION, USAGE_REPORTED), look)
