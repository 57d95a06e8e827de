"""Compiled patterns of Python: the text of ``re.compile(…)``, with its flags put before it."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.value import External, Recipe, Value

_MADE: Final = ("re.compile()", "regex.compile()")
_FLAGS: Final = {
    "ASCII": "a",
    "A": "a",
    "IGNORECASE": "i",
    "I": "i",
    "MULTILINE": "m",
    "M": "m",
    "DOTALL": "s",
    "S": "s",
    "UNICODE": "",
    "U": "",
    "VERBOSE": "x",
    "X": "x",
}


def compiled(value: Value) -> str | None:
    """The pattern that ``value`` is, if it is one that is wholly known."""
    found = {
        _pattern(one.made_with)
        for one in value.refs
        if isinstance(one, External) and one.name in _MADE and one.made_with is not None
    }
    return found.pop() if len(found) == 1 and len(value.refs) == 1 else None


def _pattern(made: Recipe) -> str | None:
    given = made.args[0] if made.args else made.keywords.get("pattern")
    text = None if given is None else given.known_text
    flags = made.args[1] if len(made.args) > 1 else made.keywords.get("flags")
    return marked(text, flags)


def marked(text: str | None, flags: Value | None) -> str | None:
    """A pattern with its flags put before it; ``None`` where either is not known."""
    marks = "" if flags is None else flag_marks(flags)
    if text is None or marks is None:
        return None
    return f"(?{marks}){text}" if marks else text


def flag_marks(flags: Value) -> str | None:
    """Flags as letters of a pattern; ``None`` where one of them is not known."""
    names = [name.rpartition(".")[2] for name in flags.externals()]
    if not names or any(name not in _FLAGS for name in names):
        return None
    return "".join(sorted({_FLAGS[name] for name in names} - {""}))
