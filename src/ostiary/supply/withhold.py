"""Keeps secrets of a configuration out of the box: a placeholder stands where one was."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ostiary.detect.secrets import find
from ostiary.detect.secrets_named import looks_random, names_secret
from ostiary.model.client import Setting

PLACEHOLDER = "not-given-to-the-box"
"""Long enough for servers that only look whether a key was set."""
_NOWHERE = "not-given.invalid"
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]{0,30}://")
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]|\{\{.*\}\}|%[A-Za-z_]+%")
_PACKAGE = re.compile(
    r"(?:@[a-z0-9._-]{1,64}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?:\[[a-z0-9,._-]{1,64}\])?"
    r"(?:==|@)[0-9]{1,4}(?:\.[0-9]{1,6}){1,3}(?:[ab.+-]?[a-z0-9]{1,8})?"
)
"""A package with its version, which is long and varied and no secret."""
_USER_PART = re.compile(r"(?i)[a-z][a-z0-9+.-]*://[^/\s]*@|[?&][^=&]*=")
_BOX_OWNS = frozenset(
    ("HOME", "LOGNAME", "PATH", "SHELL", "TEMP", "TMP", "TMPDIR", "USER", "USERPROFILE")
)


def environment(settings: Iterable[Setting]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables a box may have, and the names whose values were kept back."""
    given: dict[str, str] = {}
    kept_back: list[str] = []
    for one in settings:
        if one.name.upper() in _BOX_OWNS or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", one.name):
            continue
        value = one.value.reveal() if one.value is not None else None
        if value is None or is_secret(value, one.name):
            given[one.name] = stand_in(value or "")
            kept_back.append(one.name)
        else:
            given[one.name] = value
    return given, tuple(sorted(kept_back))


def arguments(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Arguments a box may have, and what the withheld ones were for."""
    given: list[str] = []
    kept_back: list[str] = []
    flag = ""
    for word in words:
        name, equals, value = word.partition("=") if word.startswith("-") else ("", "", word)
        if not equals and name:
            flag = name
            given.append(word)
            continue
        called = name or flag
        if is_secret(value, called):
            given.append(f"{name}{equals}{stand_in(value)}")
            kept_back.append(called or "an argument")
        else:
            given.append(word)
        flag = ""
    return tuple(given), tuple(sorted(set(kept_back)))


def is_secret(value: str, name: str) -> bool:
    """Whether a value stays outside: a credential, one that may be, or one not filled in."""
    if not value or value.lower() in ("true", "false", "yes", "no", "on", "off"):
        return False
    if _VARIABLE.search(value) or _USER_PART.search(value):
        return True
    if names_secret(name) or next(find(value, name), None) is not None:
        return True
    return looks_random(value) and not value.startswith("/") and not _PACKAGE.fullmatch(value)


def stand_in(value: str) -> str:
    """What the box gets instead: an address of the same scheme for an address, else a word."""
    scheme = _SCHEME.match(value)
    return f"{scheme[0].lower()}{_NOWHERE}" if scheme else PLACEHOLDER
