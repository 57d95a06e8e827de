"""The knowledge for each language, compiled once."""

from __future__ import annotations

from functools import cache

from ostiary.analyze.knowledge import javascript, python
from ostiary.analyze.knowledge.lookup import Knowledge


@cache
def knowledge_of(language: str) -> Knowledge:
    """The compiled tables for ``python``, ``javascript`` or ``typescript`` (the last two are the
    same)."""
    return _compiled("python" if language == "python" else "javascript")


@cache
def _compiled(family: str) -> Knowledge:
    return Knowledge(python.LIBRARIES if family == "python" else javascript.LIBRARIES)
