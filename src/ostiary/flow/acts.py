"""From the verbs of a name and a description to levels, with their objects in view."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.flow.evidence import Weighed
from ostiary.flow.facts import Facts
from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.objects import GOVERNED, JOBS, PAID, QUERIED, RUNNABLE, SENT
from ostiary.flow.lexicon.verbs import VERBS, Verb
from ostiary.flow.queries import weigh_query
from ostiary.model.access import Level
from ostiary.model.grade import Confidence

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_MAKES = wordset("create add write append submit insert put make reply edit update set")
_KEYED = wordset("key keys token tokens secret password credential credentials")
_PACKAGES = wordset("package packages extension dependency dependencies plugin npm pip")
_MONEY = wordset(
    """funds money token tokens eth sol btc usdc crypto payment balance coins nft wallet"""
)
_PLACED = wordset("place confirm capture finalize create modify submit make execute new")
_WEB = wordset("http request browser url endpoint api playwright puppeteer")
_HTTP_OBJECTS = _WEB | wordset("json data body method")
_RESOLVED = wordset(
    """issue issues comment comments thread threads conflict conflicts ticket alert alerts incident
    discussion case review finding findings error errors problem"""
)
"""What is closed when it is resolved; anything else is looked up."""
_POINTED = wordset("drag mouse cursor element elements")
_DROPPED = QUERIED | wordset("table tables collection index schema view column partition")
_MAIL = wordset("email emails mail message messages sms call phone")
_AFTER_GOVERNED = wordset(
    """to from rule rules settings setting key keys group groups password role roles in value"""
)
_LESS = {
    "clear": MEDIUM,
    "clean": MEDIUM,
    "reset": LOW,
    "restore": LOW,
    "replace": LOW,
    "cancel": LOW,
    "archive": LOW,
    "move": LOW,
    "deactivate": LOW,
    "revoke": LOW,
    "rollback": LOW,
}
"""Verbs that may also destroy, and how surely."""


def weigh_words(facts: Facts, weighed: Weighed) -> None:
    """Add what the name and the description say the tool does."""
    for said in facts.said:
        sure = said.verb.sure and not said.verb.weak
        _act(
            said.verb,
            HIGH if sure else MEDIUM,
            f"words: '{said.written}' in the name",
            facts,
            weighed,
        )
    for said in facts.told:
        told_to_read = facts.read_only and (facts.only_reads or not facts.said)
        if told_to_read and said.verb.level is not Level.READ:
            continue
        strong = said.head and said.verb.sure and not said.verb.weak and not facts.said
        again = said.head and said.verb.level is not None and said.verb.level in weighed.levels
        confidence = HIGH if strong or again else MEDIUM
        says = f"words: '{said.written}' in the description"
        _act(said.verb, confidence, says, facts, weighed)
    for word, level in facts.foreign:
        confidence = LOW if facts.only_reads else MEDIUM
        weighed.note(level, confidence, "words", f"words: '{word}' in the description")
    _governed(facts, weighed)
    _for_good(facts, weighed)


def _act(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    _BY_LEVEL[verb.level](verb, confidence, says, facts, weighed)


def _read(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    weighed.note(Level.READ, confidence, "words", says)
    if verb.word == "query":
        weigh_query(facts, weighed, says)


def _write(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    word = verb.word
    if word == "resolve" and not facts.says(_RESOLVED):
        weighed.note(Level.READ, MEDIUM, "words", says)
        return
    weighed.note(Level.WRITE, confidence, "words", says)
    if word in _LESS:
        weighed.note(Level.DESTROY, min(confidence, _LESS[word]), "words", says)
    if word in _MAKES and word != "put":
        _made(confidence, says, facts, weighed)
    elif word in ("put", "patch") and _is_request(word, facts):
        weighed.note(Level.SEND, HIGH, "words", "words: an HTTP request to a given URL")
    elif word in ("upload", "push"):
        weighed.note(Level.SEND, MEDIUM, "words", says)
    elif word in ("install", "setup"):
        level = MEDIUM if facts.says(_PACKAGES) else LOW
        weighed.note(Level.EXECUTE, level, "words", says)
    elif word in ("start", "launch", "trigger", "invoke", "deploy", "call"):
        _started(says, facts, weighed)
    if word in _PLACED and facts.named(PAID):
        _paid(confidence, says, facts, weighed)


def _is_request(verb: str, facts: Facts) -> bool:
    """Whether ``put`` or ``patch`` is the HTTP method: nothing but the request is its object."""
    after = facts.words[facts.words.index(verb) + 1 :] if verb in facts.words else ()
    return facts.takes.has("url") and facts.named(_WEB) and _HTTP_OBJECTS.issuperset(after)


def _made(confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    """To make a comment, an issue or a message is to send."""
    if "draft" in facts.words:
        return
    objects = [word for word in facts.words if word in SENT or not _plain_verb(word)]
    if objects and (objects[-1] in SENT or "_".join(objects[-2:]) in SENT):
        made_anew = "edit" not in says and "update" not in says and "'set'" not in says
        weighed.note(Level.SEND, confidence if made_anew else MEDIUM, "words", says)


def _plain_verb(word: str) -> bool:
    """``link`` and ``branch`` end a name as nouns; ``write`` does not."""
    return word in VERBS and VERBS[word].sure and VERBS[word].level is not None


def _started(says: str, facts: Facts, weighed: Weighed) -> None:
    process = facts.named(RUNNABLE)
    given = facts.takes.has("command", "code")
    sure = LOW if not process else HIGH if given else MEDIUM
    weighed.note(Level.EXECUTE, sure, "words", says)


def _paid(confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    if facts.words[-1] == "invoice" or facts.words[-1] not in PAID:
        confidence = min(confidence, MEDIUM)
    weighed.note(Level.SPEND, confidence, "words", says)


def _destroy(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    if verb.word == "drop" and facts.says(_POINTED) and not facts.says(_DROPPED):
        weighed.note(Level.WRITE, MEDIUM, "words", says)
        return
    if verb.word in ("remove", "discard", "unregister") and "from" in facts.words:
        confidence = min(confidence, MEDIUM)
    if verb.word in ("flush", "forget"):
        confidence = min(confidence, MEDIUM)
    if verb.word == "clean":
        weighed.note(Level.WRITE, MEDIUM, "words", says)
        confidence = LOW
    weighed.note(Level.DESTROY, confidence, "words", says)
    if facts.named(_WEB) and facts.takes.has("url"):
        weighed.note(Level.SEND, MEDIUM, "words", "words: an HTTP request to a given URL")


def _execute(verb: Verb, _: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    in_name = not RUNNABLE.isdisjoint(word for word in facts.words if word != verb.word)
    if in_name or "command" in facts.takes.free or "code" in facts.takes.free:
        weighed.note(Level.EXECUTE, HIGH, "words", says)
    elif facts.named(QUERIED) or facts.takes.has("sql"):
        weigh_query(facts, weighed, says)
    elif not RUNNABLE.isdisjoint(facts.opening) or verb.word in ("exec", "eval", "bash", "shell"):
        weighed.note(Level.EXECUTE, HIGH if verb.sure else MEDIUM, "words", says)
    elif not QUERIED.isdisjoint(facts.opening):
        weigh_query(facts, weighed, says)
    elif verb.word == "evaluate":
        weighed.note(Level.READ, MEDIUM, "words", says)
    elif facts.says(JOBS):
        weighed.note(Level.WRITE, MEDIUM, "words", says)
        weighed.note(Level.EXECUTE, LOW, "words", says)
    else:
        weighed.note(Level.EXECUTE, LOW, "words", says)


def _send(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    if verb.word == "forward" and not facts.says(_MAIL):
        weighed.note(Level.READ, LOW, "words", says)
        return
    if verb.word == "post" and facts.takes.has("url"):
        confidence = HIGH
    weighed.note(Level.SEND, confidence, "words", says)


def _spend(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    if not verb.sure:
        money = facts.says(_MONEY) or {"amount", "quantity"} & facts.takes.names
        if verb.word == "transfer" and not money:
            weighed.note(Level.WRITE, MEDIUM, "words", says)
            return
        confidence = confidence if money else LOW
    weighed.note(Level.SPEND, confidence, "words", says)


def _administer(
    verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed
) -> None:
    if verb.word in ("rotate", "regenerate", "suspend", "promote") and not (
        facts.named(_KEYED) or facts.named(GOVERNED)
    ):
        weighed.note(Level.WRITE, MEDIUM, "words", says)
        return
    weighed.note(Level.ADMINISTER, confidence, "words", says)
    if verb.word in _LESS:
        weighed.note(Level.DESTROY, _LESS[verb.word], "words", says)
    if verb.word == "invite":
        weighed.note(Level.SEND, LOW, "words", says)


def _vague(verb: Verb, confidence: Confidence, says: str, facts: Facts, weighed: Weighed) -> None:
    word = verb.word
    if word == "manage":
        weighed.note(Level.READ, MEDIUM, "words", says)
        if not facts.read_only:
            weighed.note(Level.WRITE, min(confidence, MEDIUM), "words", says)
    elif word in ("submit", "request"):
        if len(facts.said) < 2:
            weighed.note(Level.WRITE, MEDIUM, "words", says)
        if word == "submit":
            _made(MEDIUM, says, facts, weighed)
    elif word in ("generate", "render", "open"):
        weighed.note(Level.READ, MEDIUM, "words", says)


def _governed(facts: Facts, weighed: Weighed) -> None:
    """A change to users, roles, keys or policies is administration."""
    changes = weighed.at_least(Level.WRITE, MEDIUM) or weighed.at_least(Level.DESTROY, MEDIUM)
    if not changes or facts.only_reads or not facts.said:
        return
    words = facts.words
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        known = word in GOVERNED or (word == "key" and _is_key(words, place))
        known = known or (word == "group" and not following and facts.says(_OF_PEOPLE))
        if known:
            last = not following or following in _AFTER_GOVERNED or following in GOVERNED
            says = f"words: '{word}' decides who may do what"
            weighed.note(Level.ADMINISTER, HIGH if last else LOW, "words", says)
            return
        if word in ("config", "configuration", "settings", "setting"):
            sure = MEDIUM if words[0] == "set" and place == 1 else LOW
            weighed.note(Level.ADMINISTER, sure, "words", f"words: '{word}' in the name")


_OF_PEOPLE = wordset("user users iam okta member members directory security")
_KEY_KINDS = wordset(
    """api access service vault ssh kms provisioning private encryption signing deploy"""
)


def _is_key(words: tuple[str, ...], place: int) -> bool:
    return place > 0 and words[place - 1] in _KEY_KINDS


def _for_good(facts: Facts, weighed: Weighed) -> None:
    if facts.for_good and not facts.read_only and Level.DESTROY in weighed.levels:
        says = "words: the description says that it cannot be undone"
        weighed.note(Level.DESTROY, HIGH, "words", says)


_BY_LEVEL: dict[Level | None, Callable[[Verb, Confidence, str, Facts, Weighed], None]] = {
    None: _vague,
    Level.READ: _read,
    Level.WRITE: _write,
    Level.DESTROY: _destroy,
    Level.EXECUTE: _execute,
    Level.SEND: _send,
    Level.SPEND: _spend,
    Level.ADMINISTER: _administer,
}
