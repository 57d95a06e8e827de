"""The knowledge for each language, compiled once."""

from __future__ import annotations

from functools import cache

from ostiary.analyze.knowledge.lookup import Knowledge


@cache
def knowledge_of(language: str) -> Knowledge:
    """The compiled tables for ``python``, ``javascript`` or ``typescript`` (the last two are the
    same)."""
    return _compiled("python" if language == "python" else "javascript")


@cache
def _compiled(family: str) -> Knowledge:
    """The tables of a language that the target is not written in are not imported."""
    if family == "python":
        from ostiary.analyze.knowledge import python  # noqa: PLC0415

        return Knowledge(python.LIBRARIES)
    from ostiary.analyze.knowledge import javascript  # noqa: PLC0415

    return Knowledge(javascript.LIBRARIES)
