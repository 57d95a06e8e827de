"""The canonical form (RFC 8785) and the digest over it that pins and drift rest on."""

from __future__ import annotations

import hashlib
import re

import orjson
import rfc8785

from ostiary.model.json import JsonValue


class NoCanonicalForm(ValueError):
    """The value has no RFC 8785 form, for example an integer beyond 2**53."""


_FAST = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS
_SLOW = re.compile(rb"[:,\[]-?(?:[0-9]+[.eE]|[0-9]{16})|null|[\xf0-\xf4]")
"""Where the fast encoder may not write what RFC 8785 asks for: a fraction, an integer near 2**53,
a ``null`` (which may have been a NaN), and keys beyond the first plane, which sort differently."""


def canonical(value: JsonValue) -> bytes:
    """The RFC 8785 bytes of ``value``. Raises :class:`NoCanonicalForm`.

    A fast encoder writes the same bytes for most definitions, five times as quickly.
    """
    if isinstance(value, dict | list):
        try:
            found = orjson.dumps(value, option=_FAST)
        except (TypeError, RecursionError):
            found = b"null"
        if _SLOW.search(found) is None:
            return found
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise NoCanonicalForm(str(error) or "nested too deeply") from None


def digest(value: JsonValue) -> str:
    """SHA-256 in hex over the canonical form; a value without one is digested as refused.

    Integers beyond 2**53 occur in honest schemas (``maximum``), so they are written as strings
    before digesting instead of leaving the item without a pin.
    """
    try:
        return hashlib.sha256(canonical(value)).hexdigest()
    except NoCanonicalForm:
        return hashlib.sha256(canonical(_with_large_integers_as_text(value))).hexdigest()


def _with_large_integers_as_text(value: JsonValue) -> JsonValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        return f"integer:{value}"
    if isinstance(value, list):
        return [_with_large_integers_as_text(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_large_integers_as_text(item) for key, item in value.items()}
    return value
