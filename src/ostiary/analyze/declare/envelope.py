"""Handlers that get the arguments inside something else: ``request.params.path``.

Beside the arguments such a request holds what the server put there, which is not the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure, Value

_WORDS: Final = ("params", "arguments", "args", "input")


def envelope(engine: Engine, handlers: Iterable[tuple[Closure, frozenset[str]]]) -> str:
    """Under which name the handlers of one kind find the arguments they declare; empty where one
    of them reads an argument off what it is given, or none looks further in."""
    found = ""
    for handler, names in handlers:
        first = 0 if handler.bound is None or not handler.file.endswith(".py") else 1
        for origin in engine.summary(handler).reads:
            if origin.function != handler.number or origin.position != first or not origin.path:
                continue
            word = origin.path[0]
            if word in _WORDS:
                inner = origin.path[1] if len(origin.path) > 1 else ""
                found = found or (word if inner in names else "")
            elif word in names:
                return ""
    return found


def enclosed(given: Value, word: str) -> Value:
    """What the handler is called with."""
    return Value(fields={word: given}) if word else given
