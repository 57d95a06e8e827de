"""Calls of service libraries, weighed by the verb in their own name: ``delete_pod``."""

from __future__ import annotations

import re

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.knowledge.acting import UNKNOWN
from ostiary.analyze.levels.databases import ASKS
from ostiary.analyze.levels.hosts import FIXED, base_of
from ostiary.analyze.levels.hosts import UNKNOWN as NOWHERE
from ostiary.analyze.levels.origins import by_caller, carried
from ostiary.analyze.levels.programs import PROGRAMS
from ostiary.analyze.levels.vendors import Vendor, vendor_of
from ostiary.analyze.levels.work import Work, location
from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.objects import GOVERNED
from ostiary.flow.words import Said, name_verbs, tokens
from ostiary.model.access import DataClass, Level
from ostiary.model.audit import Destination
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_HTTP = {
    "GET": Level.READ,
    "HEAD": Level.READ,
    "POST": Level.WRITE,
    "PUT": Level.WRITE,
    "PATCH": Level.WRITE,
    "DELETE": Level.DESTROY,
}
_HOUSEHOLD = wordset(
    """close connect start stop open reconnect disconnect ping format render process handle set
    setup configure initialize initialise init register load is has format compile log end reset
    build pin lock unlock flush on once off emit subscribe unsubscribe use apply resolve convert
    parse complete count copy clone map sort filter match track label tag test trace type touch
    save restore mark install make record follow send"""
)
"""Verbs of keeping a connection or an object, which change nothing that others see."""
_ENDS = frozenset({"close", "connect", "disconnect", "reconnect"})
"""Those of a connection alone."""
_GIT = PROGRAMS["git"].words
_ASKS_FOR = frozenset({"review", "check", "simulate", "validate", "generate"})
"""Words of calls about rights that change none."""
_COMPUTES = wordset(
    """format parse render encode decode convert compile validate calculate compute escape quote
    normalize serialize deserialize sort filter map has is count estimate infer translate"""
)
"""Verbs of work that stays inside the program, whatever follows them."""
_LOOKS_UP = frozenset({"git.Repo().commit", "git.Repo().tag", "git.Repo().remote"})
"""Nouns that look like verbs: they give the thing of that name."""
_CACHE = "Redis"
_GIT_LABEL = "Git repository"
_SECRET = re.compile(r"(?i)secret|password|credential|private_?key|api_?key")
_NOISE = wordset("namespaced for all namespaces command async sync with by the of and to in")


def call(work: Work, effect: Effect) -> None:
    """One call of a library, if its service is known or its name says what it does."""
    vendor = vendor_of(effect.callee, effect.tags)
    known = UNKNOWN not in effect.tags
    if vendor is None and known:
        return
    method = effect.callee.rpartition(".")[2].removesuffix("()").removesuffix("Command")
    if method.endswith("=") or "client" in effect.tags or "process input" in effect.tags:
        return
    level, plain = _level(effect.callee, vendor)
    if (
        level is None
        or (plain and method in _ENDS)
        or (vendor is None and (plain or not by_caller(effect.operand("arguments"))))
    ):
        return
    if method in _ANYTHING:
        _anything(work, effect, vendor)
        return
    sure = _sure(work, level, vendor, effect, plain=plain)
    thing = _thing(method, vendor, effect)
    work.note(level, sure, effect, f"calls {_short(effect.callee)}", thing)
    if level not in (Level.READ, Level.DESTROY) and not plain:
        _governs(work, effect, method, thing, vendor)
    if vendor is not None:
        _reached(work, effect, vendor, level)
    if _SECRET.search(method) and level is Level.READ:
        work.data.add(DataClass.CREDENTIALS)


_ANYTHING = wordset(
    """call_api callApi request api_request apiRequest make_request makeRequest api call invoke
    run_command runCommand"""
)
"""Methods that carry any request: what is asked for stands in their arguments."""


def _anything(work: Work, effect: Effect, vendor: Vendor | None) -> None:
    if vendor is None:
        return
    says = f"calls {_short(effect.callee)}"
    if work.reads:
        work.note(Level.READ, MEDIUM, effect, says, vendor.label)
    sure = LOW if work.reads else MEDIUM
    work.note(Level.WRITE, sure, effect, says, vendor.label)
    _reached(work, effect, vendor, Level.READ if work.reads else Level.WRITE)


def _level(callee: str, vendor: Vendor | None) -> tuple[Level | None, bool]:
    """The level a method's name speaks for, and whether the verb says little."""
    method = callee.rpartition(".")[2].removesuffix("Command")
    exact = _exact(callee, method, vendor)
    if exact is not None:
        return exact, False
    said = name_verbs(method)
    if not said or said[0].verb.level is None or said[0].verb.word in _COMPUTES:
        return None, True
    return said[0].verb.level, _plain(said[0], tokens(method))


def _exact(callee: str, method: str, vendor: Vendor | None) -> Level | None:
    """The level of a method whose name means one thing only."""
    if method.upper() in _HTTP and (method.isupper() or method.islower()):
        return _HTTP[method.upper()]
    if callee in _LOOKS_UP:
        return Level.READ
    if vendor is not None and vendor.label == _GIT_LABEL:
        return _GIT.get(method.replace("_", "-"))
    if vendor is not None and vendor.label == _CACHE and method in ASKS:
        return Level.READ
    return Level.EXECUTE if "exec" in tokens(method) else None


def _plain(said: Said, words: tuple[str, ...]) -> bool:
    return said.verb.level is not Level.READ and len(words) == 1 and said.verb.word in _HOUSEHOLD


def _sure(
    work: Work, level: Level, vendor: Vendor | None, effect: Effect, *, plain: bool
) -> Confidence:
    if vendor is None or plain:
        return LOW
    if level is Level.READ or UNKNOWN not in effect.tags:
        return HIGH
    if level is Level.WRITE:
        return work.sure(level)
    return HIGH if by_caller(effect.operand("arguments")) else MEDIUM


def _thing(method: str, vendor: Vendor | None, effect: Effect) -> str:
    words = [one for one in tokens(method)[1:] if one not in _NOISE][:3]
    label = vendor.label if vendor is not None else _package(effect.callee)
    return " ".join([label, *words])


def _package(callee: str) -> str:
    head = callee.partition("(")[0]
    if head.startswith("@"):
        scope, _, rest = head.partition("/")
        return f"{scope}/{rest.partition('.')[0]}"
    return head.partition(".")[0]


def _short(callee: str) -> str:
    bare = callee.replace("()", "")
    return bare if len(bare) < 60 else f"…{bare[-58:]}"


def _governs(work: Work, effect: Effect, method: str, thing: str, vendor: Vendor | None) -> None:
    """To change who may do what is to administer."""
    if vendor is None or GOVERNED.isdisjoint(tokens(method)):
        return
    if not _ASKS_FOR.isdisjoint(tokens(method)):
        return
    work.note(Level.ADMINISTER, MEDIUM, effect, f"calls {_short(effect.callee)}", thing)


def _reached(work: Work, effect: Effect, vendor: Vendor, level: Level) -> None:
    if vendor.data is not None:
        work.data.add(vendor.data)
    if level is Level.WRITE:
        work.keep(f"changes in {vendor.label}")
    if vendor.local:
        return
    host, how = (vendor.host, FIXED) if vendor.host else ("", NOWHERE)
    if not host:
        host, how = base_of(effect.operand("client")) or (host, how)
    sends = carried(effect.operands.values())
    work.goes(Destination(host, how, sends, location(effect.place)))
