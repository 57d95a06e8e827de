"""Hidden literals uncovered: what base64, hex digits, character codes or a reversal stand for.

Only literals, and only short ones: names of modules and functions that a reader should not see.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Final

from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.value import Value

LONGEST: Final = 2000
_LAST_CODE: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def uncovered(name: str, operands: Operands) -> str | None:
    """The text that a call of a decoder gives for a literal; ``None`` where it is not known."""
    found = _DECODERS.get(name)
    return None if found is None else found(operands)


def backwards(value: Value) -> Value | None:
    """A literal text, or a row of known elements, from its end to its beginning."""
    text = value.known_text
    if text is not None:
        return literal(text[::-1]) if len(text) <= LONGEST else None
    known, rest = items_of(value)
    if not known or rest is not None:
        return None
    return Value(fields={str(at): one for at, one in enumerate(reversed(known))})


def literal(text: str) -> Value:
    """A text that is wholly known."""
    return Value(text=(text,), scalar=text, literal=True)


def _given(operands: Operands) -> bytes | None:
    first = operands.at(0)
    text = None if first is None else first.known_text
    if text is None and first is not None and isinstance(first.scalar, bytes):
        return first.scalar[:LONGEST]
    return text.encode("utf-8", "replace") if text and len(text) <= LONGEST else None


def _read(data: bytes | None, by: Callable[[bytes], bytes]) -> str | None:
    try:
        return None if data is None else by(data).decode("utf-8")
    except (ValueError, binascii.Error):
        return None


def _base64(operands: Operands) -> str | None:
    return _read(_given(operands), _from_base64)


def _from_base64(data: bytes) -> bytes:
    return base64.urlsafe_b64decode(data.replace(b"+", b"-").replace(b"/", b"_") + b"==")


def _hex(operands: Operands) -> str | None:
    return _read(_given(operands), binascii.unhexlify)


def _buffer(operands: Operands) -> str | None:
    how = operands.at(1)
    by = _ENCODINGS.get("" if how is None else how.known_text or "")
    return None if by is None else by(operands)


def _codes(operands: Operands) -> str | None:
    given = operands.at("rest:0")
    known, rest = ((), None) if given is None else items_of(given)
    codes = [one.scalar for one in known if one.literal and type(one.scalar) is int]
    if rest is not None or not codes or len(codes) != len(known) or len(codes) > LONGEST:
        return None
    if any(not 0 <= one <= _LAST_CODE or one in _SURROGATES for one in codes):
        return None
    return "".join(map(chr, codes))


_ENCODINGS: Final = {"base64": _base64, "base64url": _base64, "hex": _hex}
_DECODERS: Final[dict[str, Callable[[Operands], str | None]]] = {
    **dict.fromkeys(
        ("base64.b64decode", "base64.urlsafe_b64decode", "base64.standard_b64decode"), _base64
    ),
    **dict.fromkeys(("binascii.a2b_base64", "base64.decodebytes", "atob"), _base64),
    **dict.fromkeys(("bytes.fromhex", "bytearray.fromhex", "binascii.unhexlify"), _hex),
    **dict.fromkeys(("String.fromCharCode", "String.fromCodePoint", "chr"), _codes),
    "Buffer.from": _buffer,
}
