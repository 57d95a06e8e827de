"""What a database statement does, by its words."""

from __future__ import annotations

import re

from ostiary.flow.lexicon import wordset
from ostiary.model.access import Level

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|#[^\n]*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]+")
_CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|DROP|TRUNCATE|CREATE|SET|REMOVE|DETACH)\b")
_GOVERNS = re.compile(
    r"^\W*(GRANT|REVOKE|((CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(USER|ROLE|LOGIN|POLICY|GROUP)))\b"
)
_LEVELS = {
    **dict.fromkeys(
        wordset("SELECT SHOW DESCRIBE DESC EXPLAIN VALUES TABLE LIST RETURN FETCH HELP ASK"),
        Level.READ,
    ),
    **dict.fromkeys(
        wordset(
            """INSERT UPDATE UPSERT REPLACE CREATE ALTER COPY LOAD ATTACH COMMENT RENAME MERGE PUT
            IMPORT NOTIFY EXPORT UNLOAD REFRESH"""
        ),
        Level.WRITE,
    ),
    **dict.fromkeys(wordset("DELETE DROP TRUNCATE PURGE DETACH"), Level.DESTROY),
    **dict.fromkeys(wordset("GRANT REVOKE DENY"), Level.ADMINISTER),
    **dict.fromkeys(wordset("CALL EXEC EXECUTE DO"), Level.EXECUTE),
}
_ASKS = re.compile(
    r"^\W*CALL\s*(?:\{|APOC\.(?:META|HELP)\b|DB\.(?:LABELS|RELATIONSHIPTYPES|PROPERTYKEYS|SCHEMA|"
    r"INDEXES|CONSTRAINTS|INFO|PING|INDEX\.(?:FULLTEXT|VECTOR)\.QUERY\w*)\b|"
    r"DBMS\.(?:COMPONENTS|FUNCTIONS|PROCEDURES|INFO)\b)"
)
"""Procedures of graph databases that tell what there is, and subqueries."""
_FOLLOWED = frozenset({"WITH", "MATCH", "OPTIONAL", "UNWIND", "FOREACH", "USING", "FROM"})
_NOTHING = wordset(
    """BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE SET USE END RESET VACUUM ANALYZE REINDEX
    OPTIMIZE CHECKPOINT LOCK UNLOCK CLOSE DISCARD ABORT PREPARE DEALLOCATE LISTEN"""
)
_BY_CHANGE = {"DELETE": Level.DESTROY, "DROP": Level.DESTROY, "TRUNCATE": Level.DESTROY}
_BY_CHANGE |= {"DETACH": Level.DESTROY, "REMOVE": Level.WRITE}


def levels_of(text: str) -> tuple[Level, ...] | None:
    """The levels of statements of which ``text`` is known; ``None`` if its beginning tells none.

    A zero byte stands for each piece that is not known.
    """
    found: dict[Level, None] = {}
    known = False
    for statement in _COMMENT.sub(" ", text).split(";"):
        told = _statement(statement.upper())
        if told is None:
            continue
        known = True
        found.update(dict.fromkeys(told))
    return tuple(found) if known else None


def _statement(text: str) -> tuple[Level, ...] | None:
    before, _, _ = text.partition("\0")
    first = _WORD.search(before)
    if first is None:
        return None
    word = first.group()
    if _GOVERNS.match(text):
        return (Level.ADMINISTER,)
    if word == "PRAGMA":
        return (Level.WRITE,) if "=" in text else (Level.READ,)
    if word in _FOLLOWED or _ASKS.match(text):
        return _followed(text)
    if word in _LEVELS:
        return (_LEVELS[word],)
    return () if word in _NOTHING else None


def _followed(text: str) -> tuple[Level, ...]:
    changes = {_BY_CHANGE.get(one, Level.WRITE) for one in _CHANGES.findall(text)}
    return tuple(level for level in Level if level in changes) or (Level.READ,)
