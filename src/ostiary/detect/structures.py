"""The shapes of a planted instruction: an obligation on the agent and a foreign object.

A word alone never makes a structure. Each function looks for one shape in one sentence and its
neighbours; counter-evidence (an argument that the call yields, text about attacks, a user who is
asked) is part of the shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ostiary.detect.names import Scene
from ostiary.detect.passage import Passage
from ostiary.detect.reading import Sentence, reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Severity

MUST = Signal.MUST.value
DEMAND = Signal.DEMAND.value
ASK = Signal.ASK.value
ORDER = Signal.ORDER.value
CALL = Signal.CALL.value
RUN = Signal.RUN.value
READ = Signal.READ.value
SEND = Signal.SEND.value
ALTER = Signal.ALTER.value
SAY = Signal.SAY.value
INCLUDE = Signal.INCLUDE.value
SECRECY = Signal.SECRECY.value
HUSH = Signal.HUSH.value
PRETEXT = Signal.PRETEXT.value
PRIORITY = Signal.PRIORITY.value
IGNORE = Signal.IGNORE.value
DISABLED = Signal.DISABLED.value
OUTAGE = Signal.OUTAGE.value
INSTEAD = Signal.INSTEAD.value
REGARDLESS = Signal.REGARDLESS.value
AUTO = Signal.AUTO.value
WHENASKED = Signal.WHENASKED.value
SECRETS = Signal.SECRETS.value
CONTEXT = Signal.CONTEXT.value
CONSENT = Signal.CONSENT.value
HARM = Signal.HARM.value
UPGRADED = Signal.UPGRADED.value
PROMO = Signal.PROMO.value
TRIGGER = Signal.TRIGGER.value
PRAISE = Signal.PRAISE.value
DOCUMENTED = Signal.DOCUMENTED.value
DESCRIPTIVE = Signal.DESCRIPTIVE.value
CONFIRM = Signal.CONFIRM.value
SHELL = Signal.SHELL.value
SETUP = Signal.SETUP.value
SENSITIVE = Signal.SENSITIVE.value
STARTUP = Signal.STARTUP.value
PATH = Signal.PATH.value
URL = Signal.URL.value
URI = Signal.URI.value
EMAIL = Signal.EMAIL.value
PHONE = Signal.PHONE.value
LITERAL = Signal.LITERAL.value
MESSAGE = Signal.MESSAGE.value
NAMELIKE = Signal.NAMELIKE.value

MAX_SHAPES = 40
"""More in one passage add nothing to the verdict."""

BINDS = MUST | DEMAND | ASK | ORDER
"""Anything that turns a description into a demand."""
ACTS = CALL | RUN | READ | SEND | ALTER | SAY | INCLUDE
PLOT = SECRECY | PRETEXT | PRIORITY | REGARDLESS | HUSH | IGNORE
"""What honest documentation of one's own parameters has no use for, next to a demand."""


@dataclass(frozen=True, slots=True)
class Structure:
    """One shape found."""

    kind: str
    severity: Severity
    says: str
    text: str
    """The sentence, not yet made visible."""


Look = Callable[[Sentence, Scene], "Structure | None"]


def _descriptive(sentence: Sentence) -> bool:
    """Text about attacks, not an attack: it names them and obliges nobody."""
    return bool(sentence.own & DESCRIPTIVE) and not sentence.own & (MUST | DEMAND | SECRECY)


def _bound(sentence: Sentence) -> bool:
    """Whether the agent is obliged: outright, or because rank or secrecy stand beside."""
    return bool(sentence.own & (MUST | DEMAND) or sentence.near & (PRIORITY | SECRECY))


def shell_command(sentence: Sentence, scene: Scene) -> Structure | None:
    """The agent is to run a command that is no argument of the tool."""
    if not sentence.has(SHELL, RUN | CALL | ALTER | INCLUDE | READ | HARM | DEMAND) or _descriptive(
        sentence
    ):
        return None
    if sentence.own & (MUST | DEMAND) and scene.runs_a_download(sentence):
        return Structure(
            "shell-command",
            Severity.CRITICAL,
            "it tells the agent to run a program from an address that the text itself names",
            sentence.text,
        )
    bound = _bound(sentence) or (sentence.has(ORDER) and sentence.near & MUST)
    if (
        not bound
        or not sentence.around(ORDER | PRETEXT | PRIORITY)
        or (sentence.own & DESCRIPTIVE and not sentence.around(PRIORITY | SECRECY))
    ):
        return None
    if not sentence.around(PRETEXT | PRIORITY | SECRECY | HUSH | SENSITIVE | HARM | CONSENT):
        return None
    if scene.runs_commands and not sentence.around(PRIORITY | SECRECY):
        return None
    return Structure(
        "shell-command",
        Severity.CRITICAL if sentence.around(SENSITIVE | SECRECY) else Severity.HIGH,
        "it tells the agent to run a shell command",
        sentence.text,
    )


def startup_file(sentence: Sentence, _: Scene) -> Structure | None:
    """The agent is to write into a file that is run or obeyed later."""
    if not sentence.has(STARTUP, ALTER | INCLUDE) or not _bound(sentence):
        return None
    if not sentence.around(PRETEXT | PRIORITY | SECRECY | SHELL) or _descriptive(sentence):
        return None
    return Structure(
        "startup-file",
        Severity.CRITICAL,
        "it tells the agent to write into a file that is run or obeyed later",
        sentence.text,
    )


def sensitive_file(sentence: Sentence, scene: Scene) -> Structure | None:
    """The agent is to take in a credentials file, or it is said to be carried off."""
    if not sentence.has(SENSITIVE | STARTUP, READ | RUN | INCLUDE | SEND | CALL | HARM):
        return None
    if _descriptive(sentence):
        return None
    carried = sentence.own & SENSITIVE and (
        scene.carries_off(sentence) or (sentence.has(INCLUDE) and scene.into_argument(sentence))
    )
    if not carried and not _ordered_to_read(sentence):
        return None
    return Structure(
        "sensitive-file",
        Severity.CRITICAL,
        "it tells the agent to read a file that holds credentials or account data",
        sentence.text,
    )


def _ordered_to_read(sentence: Sentence) -> bool:
    if not _bound(sentence) or not sentence.around(ORDER | SECRECY | PRIORITY | INCLUDE | SEND):
        return False
    if sentence.own & DOCUMENTED and not sentence.near & (SECRECY | PRIORITY):
        return False
    return bool(sentence.near & (PRETEXT | SECRECY | PRIORITY | SECRETS | INCLUDE))


def foreign_resource(sentence: Sentence, _: Scene) -> Structure | None:
    """The agent is to read a resource or a file and hand out what it holds."""
    if not sentence.has(URI | PATH, READ | CALL, MUST | DEMAND | ASK):
        return None
    if sentence.own & URL and not sentence.around(SECRETS, SECRECY):
        return None
    if not sentence.around(ORDER | TRIGGER, INCLUDE | SAY | SEND, SECRETS | SECRECY | PRIORITY):
        return None
    grave = sentence.around(SECRETS | SECRECY) and sentence.around(PRIORITY | SECRECY | TRIGGER)
    if not grave and not sentence.own & SECRETS:
        return None
    return Structure(
        "foreign-resource",
        Severity.CRITICAL,
        "it tells the agent to read another resource and pass on what it holds",
        sentence.text,
    )


def fixed_destination(sentence: Sentence, scene: Scene) -> Structure | None:
    """Data are to go to an address that the text itself names."""
    if not sentence.has(URL | EMAIL | PHONE, SEND, MUST | DEMAND | ASK | AUTO | ORDER):
        return None
    if _descriptive(sentence):
        return None
    if scene.documents_address(sentence) and not sentence.near & (SECRECY | PRIORITY | HUSH):
        return None
    weight = bool(sentence.own & (MUST | DEMAND)) + bool(sentence.own & (ORDER | WHENASKED))
    weight += 2 * bool(sentence.near & (SECRECY | PRIORITY | HUSH)) + bool(sentence.near & PRETEXT)
    weight += bool(sentence.own & (SECRETS | CONTEXT)) + bool(scene.sends_there(sentence))
    if weight < 3:
        return None
    return Structure(
        "fixed-destination",
        Severity.CRITICAL if sentence.around(SECRECY | HUSH | SECRETS | CONTEXT) else Severity.HIGH,
        "it tells the agent to send data to an address that the text itself names",
        sentence.text,
    )


def altered_request(sentence: Sentence, scene: Scene) -> Structure | None:
    """What the user asked for is to be replaced by something else."""
    if not sentence.own & ALTER or _descriptive(sentence) or scene.cleans_up(sentence):
        return None
    weight = 3 * bool(sentence.own & REGARDLESS) + 3 * bool(sentence.near & SECRECY)
    weight += bool(sentence.own & (MUST | DEMAND)) + bool(sentence.own & WHENASKED)
    weight += bool(sentence.near & PRIORITY) + bool(sentence.near & PRETEXT)
    weight += 2 * bool(scene.rewrites(sentence))
    weight += bool(sentence.own & LITERAL or scene.others(sentence))
    weight -= bool(sentence.own & (DESCRIPTIVE | DOCUMENTED))
    if weight < 5 or not (sentence.own & (AUTO | REGARDLESS) or _bound(sentence)):
        return None
    if not sentence.own & REGARDLESS and not scene.changes_input(sentence):
        return None
    return Structure(
        "altered-request",
        Severity.HIGH,
        "it has the agent replace what the user asked for",
        sentence.text,
    )


def side_message(sentence: Sentence, scene: Scene) -> Structure | None:
    """The user is to be told something that is no result."""
    if not sentence.has(SAY, MESSAGE) or not sentence.own & (
        MUST | DEMAND | PRIORITY | ORDER | ASK
    ):
        return None
    weight = bool(sentence.near & MUST or sentence.own & DEMAND) + bool(sentence.own & ORDER)
    weight += 2 * bool(sentence.near & (PRIORITY | SECRECY)) + bool(sentence.near & PROMO)
    weight += 2 * bool(scene.others(sentence) and sentence.own & CALL)
    weight += 2 * bool(scene.quotes_to_user(sentence))
    if weight < 5 or sentence.own & CONFIRM or scene.unsaid(sentence):
        return None
    if scene.exemplifies(sentence) and not sentence.near & (MUST | DEMAND | PRIORITY | SECRECY):
        return None
    return Structure(
        "side-message",
        Severity.HIGH if sentence.near & (PRIORITY | SECRECY | PROMO) else Severity.MEDIUM,
        "it has the agent tell the user a message that is no result of the tool",
        sentence.text,
    )


def forced_call(sentence: Sentence, scene: Scene) -> Structure | None:
    """Another tool is to be called first or after, for a reason that is no argument of this one."""
    if not sentence.has(MUST | DEMAND, CALL, ORDER) or sentence.own & CONFIRM:
        return None
    others = scene.ordered(sentence)
    if not others or not sentence.around(PRETEXT | SECRECY | PRIORITY):
        return None
    if scene.readies_parameter(sentence, others) and not sentence.near & SECRECY:
        return None
    weight = 1 - 2 * bool(scene.only_preparation(others))
    weight += scene.pretexts(sentence) + bool(sentence.beside & PRETEXT) >= 2
    weight += 2 * bool(sentence.near & (SECRECY | PRIORITY))
    weight += bool(sentence.own & DEMAND) + bool(sentence.own & SAY and scene.to_user(sentence))
    weight += bool(scene.known_foreign(others)) - 2 * bool(sentence.own & DOCUMENTED)
    weight += bool(sentence.near & PROMO & ~sentence.own)
    if weight < 3:
        return None
    return Structure(
        "forced-call",
        Severity.HIGH if sentence.near & (SECRECY | PRIORITY) else Severity.MEDIUM,
        f"it makes the agent call {others[0]} for a reason that is no argument of this tool",
        sentence.text,
    )


def redirection(sentence: Sentence, scene: Scene) -> Structure | None:
    """A working tool is called unusable and the agent sent to another."""
    if not sentence.has(DISABLED):
        return None
    if not sentence.whole & INSTEAD and not scene.offers_itself(sentence):
        return None
    mentions = scene.others(sentence, own=True)
    if not mentions or not sentence.around(OUTAGE | PRIORITY | SECRECY):
        return None
    weight = 2 * bool(sentence.near & (PRIORITY | SECRECY)) + bool(sentence.whole & (MUST | DEMAND))
    weight += bool(sentence.whole & PRAISE) + bool(sentence.own & OUTAGE)
    weight += bool(scene.own_name(sentence) or scene.others(sentence))
    weight += bool(sentence.whole & WHENASKED) + bool(scene.offers_itself(sentence))
    if weight < 3:
        return None
    return Structure(
        "redirection",
        Severity.MEDIUM,
        "it declares a tool unusable and sends the agent to another",
        sentence.text,
    )


def rewritten_tool(sentence: Sentence, scene: Scene) -> Structure | None:
    """The text says how another tool works from now on."""
    if not sentence.has(UPGRADED) or not scene.others(sentence):
        return None
    if not sentence.whole & (PRIORITY | MUST | DEMAND | REGARDLESS | SECRECY | ALTER):
        return None
    if not sentence.around(ALTER | MUST | DEMAND | REGARDLESS | SECRECY):
        return None
    return Structure(
        "rewritten-tool",
        Severity.HIGH,
        f"it says how another tool, {scene.others(sentence)[0]}, is to behave",
        sentence.text,
    )


def rank_claim(sentence: Sentence, scene: Scene) -> Structure | None:
    """A tag or a heading that claims rank, with an obligation under it."""
    if not sentence.has(PRIORITY) or not sentence.around(MUST, ACTS):
        return None
    if not sentence.around(SECRECY | SECRETS | IGNORE | CONSENT | HARM | SENSITIVE):
        return None
    if _descriptive(sentence) or sentence.near & CONFIRM:
        return None
    if not sentence.near & (SECRECY | IGNORE | CONSENT) and not scene.tagged(sentence):
        return None
    return Structure(
        "rank-claim",
        Severity.HIGH,
        "it claims the rank of a system message and gives orders under it",
        sentence.text,
    )


def set_aside(sentence: Sentence, scene: Scene) -> Structure | None:
    """The agent is to forget what it was told."""
    if not sentence.own & IGNORE or sentence.own & DESCRIPTIVE:
        return None
    if not (
        sentence.own & (MUST | DEMAND | ASK | SECRECY | PRIORITY) or scene.imperative(sentence)
    ):
        return None
    return Structure(
        "set-aside",
        Severity.HIGH,
        "it tells the agent to set its instructions aside",
        sentence.text,
    )


def secrecy(sentence: Sentence, scene: Scene) -> Structure | None:
    """Something is to be kept from the user, next to something the agent is to do."""
    if not sentence.own & SECRECY or _descriptive(sentence) or scene.lacks(sentence):
        return None
    object_ = SECRETS | SENSITIVE | SHELL | URL | URI | EMAIL | PATH | CONTEXT | LITERAL
    weight = bool(sentence.near & (MUST | DEMAND)) + bool(sentence.near & object_)
    weight += bool(sentence.near & (SEND | READ | RUN | INCLUDE | CALL | ALTER))
    weight += bool(scene.others(sentence)) + bool(sentence.near & ORDER)
    weight += bool(sentence.near & (PRIORITY | REGARDLESS | ALTER | HARM))
    weight += bool(sentence.own & REGARDLESS) + bool(scene.imperative(sentence))
    weight -= 3 * bool(scene.protects(sentence))
    if weight < 3:
        return None
    grave = sentence.near & (SECRETS | SENSITIVE | SEND | CONTEXT)
    return Structure(
        "secrecy",
        Severity.CRITICAL if grave else Severity.HIGH,
        "it tells the agent to keep something from the user",
        sentence.text,
    )


def secret_handed_on(sentence: Sentence, scene: Scene) -> Structure | None:
    """Credentials or private data are to be put into an answer, an argument or a message."""
    if not sentence.has(SECRETS | CONTEXT, INCLUDE | SEND):
        return None
    if not _bound(sentence) and not sentence.own & ASK:
        return None
    if not sentence.own & SECRETS and not sentence.around(SECRECY | URL | EMAIL | PRIORITY):
        return None
    sly = sentence.around(SECRECY | PRIORITY | IGNORE | TRIGGER | HUSH)
    if not sly and not scene.collects(sentence):
        return None
    if _descriptive(sentence) or scene.forbids(sentence) or scene.names_columns(sentence):
        return None
    return Structure(
        "secret-handed-on",
        Severity.CRITICAL,
        "it has the agent hand on credentials or private data",
        sentence.text,
    )


def hidden_trigger(sentence: Sentence, _: Scene) -> Structure | None:
    """A word in the input that sets off another action."""
    if not sentence.has(TRIGGER) or not sentence.around(MUST):
        return None
    if not sentence.around(SECRETS | URI | SHELL | SECRECY | SENSITIVE | HARM | EMAIL):
        return None
    if not sentence.around(READ | CALL | RUN | SEND | INCLUDE) or _descriptive(sentence):
        return None
    if not sentence.around(SECRECY | PRIORITY | SENSITIVE | URI | SHELL | HARM):
        return None
    return Structure(
        "hidden-trigger",
        Severity.HIGH,
        "a word in the input is to set off another action",
        sentence.text,
    )


_SWITCH = re.compile(r"\bmust (?:explicitly )?be (?:set to )?(?:true|false)\b", re.IGNORECASE)
"""What is said of a parameter that has to be switched on before anything happens."""


def harmful_order(sentence: Sentence, scene: Scene) -> Structure | None:
    """Something is to be destroyed, paid or switched off along the way."""
    if not sentence.has(HARM) or not _bound(sentence) or sentence.around(CONFIRM):
        return None
    if not sentence.around(PRETEXT | PRIORITY | SECRECY | SHELL) or _descriptive(sentence):
        return None
    if (not sentence.own & (DEMAND | SECRECY) and not sentence.near & PRIORITY) or scene.spares(
        sentence
    ):
        return None
    if _SWITCH.search(sentence.text) and not sentence.own & (SHELL | SECRECY | PRIORITY | PATH):
        return None
    return Structure(
        "harmful-order",
        Severity.HIGH,
        "it orders something destructive along the way",
        sentence.text,
    )


STRUCTURES: tuple[Look, ...] = (
    shell_command,
    startup_file,
    sensitive_file,
    foreign_resource,
    fixed_destination,
    altered_request,
    side_message,
    forced_call,
    redirection,
    rewritten_tool,
    rank_claim,
    set_aside,
    secrecy,
    secret_handed_on,
    hidden_trigger,
    harmful_order,
)

NEEDED = (
    SENSITIVE
    | HARM
    | ALTER
    | SECRECY
    | IGNORE
    | DISABLED
    | UPGRADED
    | MUST
    | DEMAND
    | ASK
    | DEMAND
    | PRIORITY
    | ORDER
)
"""Without any of these in a sentence no structure can stand there."""


@lru_cache(maxsize=4)
def shapes(passage: Passage) -> tuple[Structure, ...]:
    """Every structure in a passage, in reading order; at most ``MAX_SHAPES``."""
    read = reading(passage.text)
    if not read.whole & NEEDED:
        return ()
    scene = Scene(passage)
    found: list[Structure] = []
    for sentence in read.sentences:
        found.extend(structures(sentence, scene))
        if len(found) >= MAX_SHAPES:
            break
    return tuple(found)


def structures(sentence: Sentence, scene: Scene) -> list[Structure]:
    """Every shape in one sentence."""
    if not sentence.own & NEEDED:
        return []
    return [found for look in STRUCTURES if (found := look(sentence, scene)) is not None]
