"""A worry stated in words, read as topics, and answered from the changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ostiary.model.access import Level
from ostiary.model.grade import Confidence, Severity
from ostiary.model.version_change import Answer, ChangeKind, Reply, VersionChange

_PART = re.compile(r"[?!;.\n]+")
_QUESTION = re.compile(r"[^?\n]+\??")
_MOST_CHARACTERS = 2000
_MOST_REASONS = 12


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing people worry about."""

    name: str
    """As it is shown: ``writes``."""
    words: tuple[str, ...]
    """Beginnings of words, or of several words with one blank between them."""
    concerns: Callable[[VersionChange], bool]
    needs: str
    """What must have been looked at for a "no": ``code`` or ``manifests``."""
    compared: str
    """What was compared, for a "no"."""


def _kinds(*kinds: ChangeKind) -> Callable[[VersionChange], bool]:
    return lambda change: change.kind in kinds


def _level(*levels: Level) -> Callable[[VersionChange], bool]:
    """A tool gained one of the levels, or came with it."""
    wanted = {level.value for level in levels}
    kinds = {ChangeKind.LEVEL, ChangeKind.TOOL_ADDED}
    return lambda change: change.kind in kinds and bool(wanted & set(change.topic.split(", ")))


def _either(*tests: Callable[[VersionChange], bool]) -> Callable[[VersionChange], bool]:
    return lambda change: any(test(change) for test in tests)


def _gained_script(change: VersionChange) -> bool:
    return change.kind is ChangeKind.SCRIPT and not change.topic.startswith("lost ")


_LEVELS = "the levels of every tool, from its code"
_CODE, _MANIFESTS = "code", "manifests"

TOPICS: tuple[Topic, ...] = (
    Topic(
        "self-update",
        ("update", "self-update", "selfupdate", "auto-update", "upgrade", "patches itself"),
        _kinds(ChangeKind.SELF_UPDATE),
        _CODE,
        "findings about code that it fetches for itself",
    ),
    Topic(
        "writes",
        ("write", "modif", "edit", "creat", "save", "store", "overwrit", "read-only", "read only"),
        _either(_level(Level.WRITE, Level.DESTROY), _kinds(ChangeKind.STORED)),
        _CODE,
        _LEVELS,
    ),
    Topic(
        "deletes",
        ("delet", "destr", "wipe", "drop", "erase", "remove data", "remove file"),
        _level(Level.DESTROY),
        _CODE,
        _LEVELS,
    ),
    Topic(
        "runs commands",
        ("execut", "shell", "command", "run code", "runs code", "subprocess", "eval"),
        _level(Level.EXECUTE),
        _CODE,
        _LEVELS,
    ),
    Topic(
        "sends data",
        (
            "send", "exfiltrat", "phone home", "phones home", "telemetr", "track", "analytic",
            "leak", "upload", "destination", "network", "host", "country", "countries", "internet",
            "somewhere", "outbound", "contact", "connect",
        ),
        _either(_level(Level.SEND), _kinds(ChangeKind.DESTINATION)),
        _CODE,
        "every destination in its code",
    ),
    Topic(
        "spends money",
        ("spend", "pay", "money", "buy", "purchase", "bill", "charge"),
        _level(Level.SPEND),
        _CODE,
        _LEVELS,
    ),
    Topic(
        "administers",
        ("admin", "permission", "role", "privilege", "grant access", "root"),
        _level(Level.ADMINISTER),
        _CODE,
        _LEVELS,
    ),
    Topic(
        "reads secrets",
        ("secret", "credential", "token", "password", "api key", "key", "environment"),
        _kinds(ChangeKind.CREDENTIAL),
        _CODE,
        "the names of every credential that its code reads",
    ),
    Topic(
        "dependencies",
        ("dependenc", "package", "librar", "supply chain", "supply-chain", "module"),
        _kinds(ChangeKind.DEPENDENCY_ADDED, ChangeKind.DEPENDENCY_CHANGED),
        _MANIFESTS,
        "what its manifests ask for",
    ),
    Topic(
        "install scripts",
        ("install", "postinstall", "setup script", "hook", "on open", "starts by itself"),
        _gained_script,
        _MANIFESTS,
        "scripts that run by themselves",
    ),
    Topic(
        "publisher",
        ("maintainer", "publish", "owner", "author", "account", "hijack", "taken over", "takeover"),
        _kinds(ChangeKind.PUBLISHER, ChangeKind.PROVENANCE),
        _MANIFESTS,
        "who may publish it and what could be proved of its origin",
    ),
    Topic(
        "provenance",
        ("provenance", "attest", "signature", "signed", "integrity"),
        _kinds(ChangeKind.PROVENANCE),
        _MANIFESTS,
        "what could be proved of its origin",
    ),
    Topic(
        "tools",
        ("tool", "capabilit", "feature", "parameter", "argument", "break"),
        _kinds(ChangeKind.TOOL_ADDED, ChangeKind.TOOL_REMOVED, ChangeKind.TOOL_CHANGED),
        _CODE,
        "its tools and their parameters",
    ),
    Topic(
        "texts for the model",
        ("descri", "instruct", "prompt", "poison", "inject", "rug pull", "rugpull", "wording"),
        _kinds(ChangeKind.TEXT),
        _CODE,
        "every text that a model would see",
    ),
    Topic(
        "flaws",
        ("vulnerab", "flaw", "bug", "cve", "finding", "insecure", "worse", "malicious", "malware"),
        _kinds(ChangeKind.FINDING, ChangeKind.SELF_UPDATE),
        _CODE,
        "the findings of both audits",
    ),
    Topic(
        "licence",
        ("licence", "license"),
        _kinds(ChangeKind.LICENCE),
        _MANIFESTS,
        "what its manifest says of its licence",
    ),
)  # fmt: skip

KNOWN = ", ".join(topic.name for topic in TOPICS)


def topics_of(text: str) -> tuple[Topic, ...]:
    """Every topic that the words name, in the order of the table."""
    plain = " " + " ".join(re.findall(r"[a-z][a-z-]*", text[:_MOST_CHARACTERS].lower())) + " "
    return tuple(one for one in TOPICS if any(f" {word}" in plain for word in one.words))


def answers(
    concern: str,
    changes: Sequence[VersionChange],
    not_seen: Iterable[tuple[str, str]] = (),
) -> tuple[Answer, ...]:
    """One answer to each question, in their order. ``not_seen`` says what of ``code`` or
    ``manifests`` was not looked at, and why: there no change means nothing, so the answer is
    unknown and never no.
    """
    seen = tuple(not_seen)
    found = [one.strip() for one in _QUESTION.findall(concern[:_MOST_CHARACTERS])]
    asked = tuple(dict.fromkeys(one for one in found if re.search(r"\w", one)))
    return tuple(_answer(one, changes, seen) for one in asked)


def _answer(
    concern: str, changes: Sequence[VersionChange], not_seen: tuple[tuple[str, str], ...]
) -> Answer:
    parts = [part.strip() for part in _PART.split(concern) if part.strip()]
    read = [(part, topics_of(part)) for part in parts]
    topics = tuple(dict.fromkeys(topic for _, each in read for topic in each))
    unread = [part for part, each in read if not each]
    if not topics:
        reason = f"this concern is not one that can be read here; known ones: {KNOWN}"
        return Answer(concern, Reply.UNKNOWN, (reason,), Confidence.LOW)
    yes = [change for change in changes if any(topic.concerns(change) for topic in topics)]
    names = tuple(topic.name for topic in topics)
    if yes:
        return _yes(concern, yes, names)
    return _no(concern, topics, not_seen, unread)


def _yes(concern: str, yes: list[VersionChange], names: tuple[str, ...]) -> Answer:
    told = sorted(yes, key=lambda one: (-one.severity, one.says))
    reasons = [one.says + _silent(one) for one in told[:_MOST_REASONS]]
    if len(told) > _MOST_REASONS:
        reasons.append(f"and {len(told) - _MOST_REASONS} more")
    grave = told[0].severity >= Severity.MEDIUM
    confidence = Confidence.HIGH if grave else Confidence.MEDIUM
    return Answer(concern, Reply.YES, tuple(reasons), confidence, names)


def _silent(one: VersionChange) -> str:
    return "; the release notes do not speak of it" if one.mentioned is False else ""


def _no(
    concern: str,
    topics: tuple[Topic, ...],
    not_seen: tuple[tuple[str, str], ...],
    unread: list[str],
) -> Answer:
    names = tuple(topic.name for topic in topics)
    needs = {topic.needs for topic in topics}
    gaps = [why for what, why in not_seen if what in needs]
    if unread:
        gaps.append(
            f"“{unread[0][:80]}” is not a concern that can be read here; known ones: {KNOWN}"
        )
    if gaps:
        return Answer(concern, Reply.UNKNOWN, tuple(gaps[:_MOST_REASONS]), Confidence.LOW, names)
    compared = tuple(dict.fromkeys(topic.compared for topic in topics))
    reasons = tuple(f"compared and found no such change: {one}" for one in compared)
    return Answer(concern, Reply.NO, reasons, Confidence.MEDIUM, names)
