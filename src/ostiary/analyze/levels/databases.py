"""Statements, documents and keys of databases."""

from __future__ import annotations

import re

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Hole, SourceKind, Value
from ostiary.analyze.levels.hosts import host_of
from ostiary.analyze.levels.origins import by_caller, by_settings, carried
from ostiary.analyze.levels.statements import levels_of
from ostiary.analyze.levels.vendors import vendor_of
from ostiary.analyze.levels.work import Work, location
from ostiary.flow.lexicon import wordset
from ostiary.flow.words import name_verbs
from ostiary.model.access import DataClass, Level
from ostiary.model.audit import Destination
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_EMBEDDED = ("sqlite", "duckdb", "aiosqlite", "libsql", "better-sqlite3", "chromadb.Persistent")
_ANY = (Level.READ, Level.WRITE, Level.DESTROY)
ASKS = wordset(
    """type ttl pttl exists keys dbsize info ping time role object memory_usage randomkey strlen
    subscribe psubscribe ssubscribe unsubscribe punsubscribe monitor lastsave hlen hexists hkeys
    hvals hstrlen hrandfield llen lindex lpos scard sismember smismember srandmember sinter sunion
    sdiff sintercard zcard zcount zrank zrevrank zscore zmscore zinter zunion zdiff zlexcount xlen
    xread xinfo xinfo_stream xinfo_groups xpending"""
)
"""Commands of caches that change nothing, whatever verb their name looks like."""
_DESTROYS = frozenset({"del", "drop", "flushall", "flushdb", "dropdatabase", "unlink"})


def statement(work: Work, effect: Effect) -> None:
    """A query with its text."""
    query = effect.operand("query")
    loose = "by name" in effect.tags
    if loose and _better(work, effect):
        return
    known = None if query is None else levels_of(query.pieces)
    thing = _thing(effect)
    if known is not None:
        _known(work, effect, known, thing)
    elif _written_by_caller(query):
        _free(work, effect, query, thing)
    elif not loose:
        work.note(Level.READ, MEDIUM, effect, "asks a database", thing)
        if "builder" not in effect.tags:
            says = "runs a statement of which nothing is known"
            work.note(Level.WRITE, LOW, effect, says, thing)
    else:
        return
    work.data.add(DataClass.DATABASE)


_STATEMENT = re.compile(r"(?i)sql|quer|statement|command|cypher|script|expression|(^|\b)q($|\b)")


def _written_by_caller(query: Value | None) -> bool:
    """Whether the caller writes the statement, and not only a part of one: it arrives as it is,
    begins with theirs, or is named so."""
    if query is None or not by_caller(query):
        return False
    first = query.text[0] if query.text else None
    began = set(first.of) if isinstance(first, Hole) else set()
    return any(
        source in began or flow.guarantees & g.EXACT or _STATEMENT.search(source.name)
        for source, flow in query.deep_sources(SourceKind.MODEL)
        if not isinstance(first, str)
    )


def _better(work: Work, effect: Effect) -> bool:
    """Whether another fact tells more of the same call."""
    return any(
        one.place == effect.place and one is not effect and "by name" not in one.tags
        for one in work.reached.effects
    )


def _known(work: Work, effect: Effect, levels: tuple[Level, ...], thing: str) -> None:
    for level in levels:
        sure = HIGH
        if level in (Level.WRITE, Level.DESTROY) and _only_reads(work):
            sure = LOW
        work.note(level, sure, effect, f"the statement it runs can {level.value}", thing)
        if level is Level.WRITE and sure is HIGH:
            work.keep(f"rows of a database{_where(work)}")


def _free(work: Work, effect: Effect, query: Value | None, thing: str) -> None:
    """A statement of the caller may do whatever its account may."""
    checked = query is not None and all(
        flow.guarantees & (g.READ_ONLY_SQL | g.SAFE) for _, flow in query.deep_sources()
    )
    capped = checked or _only_reads(work)
    loose = "by name" in effect.tags
    for level in _ANY:
        says = "runs a statement of the caller"
        if capped and level is not Level.READ:
            says += ", checked or opened to read only"
        sure = MEDIUM if loose else HIGH
        if level is not Level.READ and (capped or (loose and level not in work.said)):
            sure = LOW
        work.note(level, sure, effect, says, thing)
    if not capped:
        work.keep(f"rows of a database{_where(work)}")


def _only_reads(work: Work) -> bool:
    """Whether the database itself is told to refuse changes."""
    for one in work.reached.effects:
        if one.kind is EffectKind.SQL:
            text = one.operands["query"].pieces.upper() if "query" in one.operands else ""
            if "READ ONLY" in text or "QUERY_ONLY" in text:
                return True
        if one.kind is EffectKind.DATABASE and _opened_to_read(one):
            return True
    return False


def _opened_to_read(effect: Effect) -> bool:
    options = effect.operand("options")
    address = effect.operand("address")
    if address is not None and "mode=ro" in address.pieces:
        return True
    if options is None:
        return False
    told = [options, *(options.fields.get(one) for one in ("readonly", "readOnly", "read_only"))]
    return any(one is not None and one.literal and one.scalar is True for one in told)


def _thing(effect: Effect) -> str:
    vendor = vendor_of(effect.callee, effect.tags)
    return f"{vendor.label} database" if vendor and vendor.label != "database" else "database"


def _where(work: Work) -> str:
    for one in work.reached.effects:
        if one.kind is EffectKind.DATABASE:
            place = _address(one)
            return f" at {place}" if place else ""
    return ""


def _address(effect: Effect) -> str:
    address = effect.operand("address")
    if address is not None and (known := address.known_text):
        return known.rpartition("@")[2][:80]
    if by_caller(address):
        return "an address of the caller's choosing"
    return "a configured address" if by_settings(address) else ""


def connection(work: Work, effect: Effect) -> None:
    """A database that is opened. One in a file goes nowhere."""
    work.data.add(DataClass.DATABASE)
    if any(effect.callee.startswith(one) for one in _EMBEDDED):
        return
    address = effect.operand("address")
    host, how = host_of(address)
    carries = carried(
        operand
        for one in work.reached.effects
        if one.kind in (EffectKind.SQL, EffectKind.NOSQL)
        for operand in one.operands.values()
    )
    work.goes(Destination(host, how, carries, location(effect.place)))


def document(work: Work, effect: Effect) -> None:
    """A query of a document store, a cache or a store of vectors."""
    if "by name" in effect.tags and _better(work, effect):
        return
    vendor = vendor_of(effect.callee, effect.tags)
    thing = vendor.label if vendor is not None else "database"
    work.data.add(vendor.data if vendor and vendor.data else DataClass.DATABASE)
    method = effect.callee.rpartition(".")[2]
    sure = MEDIUM if "by name" in effect.tags else HIGH
    if "command" in effect.tags:
        _command(work, effect, thing)
        return
    level = _method_level(method)
    if "write" in effect.tags and level is Level.READ:
        level = Level.WRITE
    work.note(level, sure, effect, f"calls {method} of {thing}", thing)
    if level is Level.WRITE:
        work.keep(f"records in {thing}")


def _method_level(method: str) -> Level:
    if method.lower() in _DESTROYS:
        return Level.DESTROY
    if method.lower() in ASKS:
        return Level.READ
    said = [one.verb.level for one in name_verbs(method)]
    if Level.DESTROY in said:
        return Level.DESTROY
    if Level.WRITE in said or method.lower().startswith(("set", "h", "l", "r", "s", "z", "x")):
        return Level.WRITE if not _reads(method) else Level.READ
    return Level.READ


def _reads(method: str) -> bool:
    lower = method.lower()
    return any(one in lower for one in ("get", "range", "members", "scan", "find", "search", "pop"))


def _command(work: Work, effect: Effect, thing: str) -> None:
    if by_caller(effect.operand("query")):
        for level in _ANY:
            work.note(level, HIGH, effect, f"gives {thing} a command of the caller", thing)
    else:
        work.note(Level.READ, MEDIUM, effect, f"gives {thing} a command of its own", thing)
