"""Bounded decoders: each turns one way of hiding text back into text, or gives nothing."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import urllib.parse
from collections.abc import Iterator
from functools import cache

from ostiary.detect.automata import PatternSet

MAX_BLOB = 65_536
"""Characters of one blob that are decoded."""
MAX_BLOBS = 32
"""Blobs decoded in one text."""
MIN_READABLE = 8

# No repeat of a group without an upper end: the engine keeps about 150 bytes for every round.
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}(?![A-Za-z0-9+/_-])")
_BASE32 = re.compile(r"(?<![A-Z0-9])[A-Z2-7]{32,}={0,6}(?![A-Z0-9])")
_HEX = re.compile(r"(?:\\x|0x|%|\b)?(?:[0-9A-Fa-f]{2}(?:[ :,]{0,2}(?:\\x|0x|%)?)){12,32768}")
_ESCAPED = re.compile(r"(?:\\u\{?[0-9A-Fa-f]{4,6}\}?|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}){4,16384}")
_ONE_ESCAPE = re.compile(r"\\u\{?([0-9A-Fa-f]{4,6})\}?|\\x([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})")
_PERCENT = re.compile(r"(?<![\w.~+-])(?:[\w.~+-]*%[0-9A-Fa-f]{2}){4,21845}[\w.~+%-]*")
_ENTITY = re.compile(r"(?:&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-z]{2,10});[\w ]{0,3}){4,8192}")
_CHARCODES = re.compile(r"(?:\b\d{2,3}\b[ ,;]{1,2}){11,16384}\d{2,3}\b")
_BINARY = re.compile(r"(?:\b[01]{8}\b[ ,]{0,2}){8,8192}|\b(?:[01]{8}){8,8192}\b")
_ROT = re.compile(
    r"\b(?:orsber|zhfg|nyjnlf|vtaber|frperg|vafgehpgvba\w*|cnffjbeq|hfre|gbby|ernq|svyr|frag|frnq"
    r"|pnyy|qb abg|zragvba|flfgrz|cebzcg|cerivbhf|vzcbegnag|vapyhqr|gur)\b",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"\b(?:erofeb|tsum|syawla|erongi|terces|snoitcurtsni|noitcurtsni|drowssap|resu|loot|daer|elif"
    r"|dnes|llac|noitnem|metsys|tpmorp|suoiverp|tnatropmi|edulcni|eht|erofeb)\b",
    re.IGNORECASE,
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_WORD = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[0-9@$])[A-Za-z0-9@$!]{4,}\b")
_PROSE = re.compile(r"[^\W\d_]{2,}")


def readable(text: str) -> bool:
    """Whether decoded characters are text: printable, with words in it."""
    if len(text) < MIN_READABLE:
        return False
    sample = text[:4096]
    good = sum(char.isprintable() or char in "\n\t\r" for char in sample)
    if good < 0.97 * len(sample):
        return False
    letters = sum(char.isalpha() or char == " " for char in sample)
    return letters > 0.25 * len(sample) and bool(_PROSE.search(sample))


def prose(text: str) -> bool:
    """Whether it reads as a sentence and not as an identifier or a data value."""
    words = _PROSE.findall(text[:4096])
    return len(words) >= 4 or (not text.isascii() and len(text) >= MIN_READABLE)


def decoded(text: str) -> Iterator[tuple[str, str, str]]:
    """``(how, blob, plain text)`` of everything in ``text`` that decodes to readable text."""
    for how, blob, plain in _candidates(text):
        if readable(plain) and plain != blob:
            yield how, blob, plain


def _candidates(text: str) -> Iterator[tuple[str, str, str]]:
    yield from _hidden(text)
    for traced in _traces().match(text.encode("utf-8", "replace")):
        how, pattern, decode, _ = _BLOBS[traced]
        for index, match in enumerate(pattern.finditer(text)):
            if index >= MAX_BLOBS:
                break
            blob = match[0][:MAX_BLOB]
            yield how, blob, decode(blob)
    yield from _whole(text[:MAX_BLOB])


@cache
def _traces() -> PatternSet:
    """Which encodings a text may hold, in one pass."""
    return PatternSet(trace for _, _, _, trace in _BLOBS)


def _hidden(text: str) -> Iterator[tuple[str, str, str]]:
    if text.isascii():
        return
    for how, decode in (
        ("tags block", tags_text),
        ("variation selectors", variation_text),
        ("zero-width binary", zero_width_text),
    ):
        plain = decode(text)
        if plain:
            yield how, "", plain


def _whole(text: str) -> Iterator[tuple[str, str, str]]:
    """Ciphers over the whole text, tried only where their traces are."""
    if len(_ROT.findall(text)) >= 2:
        yield "ROT13", text, codecs.decode(text, "rot13")
    if len(_REVERSED.findall(text)) >= 2:
        yield "reversed text", text, text[::-1]
    if (leet := len(_LEET_WORD.findall(text))) >= 5 and leet > 0.4 * text.count(" "):
        yield "digits for letters", text, text.translate(_LEET)


def _base64(blob: str) -> str:
    body = blob.rstrip("=").replace("-", "+").replace("_", "/")
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return _text(raw)


def _base32(blob: str) -> str:
    body = blob.rstrip("=")
    try:
        return _text(base64.b32decode(body + "=" * (-len(body) % 8)))
    except (binascii.Error, ValueError):
        return ""


def _text(raw: bytes) -> str:
    """Bytes as UTF-8, or as UTF-16 where every other byte is nothing."""
    if raw[1:16:2].count(0) >= 4:
        return raw.decode("utf-16-le", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _hex(blob: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", blob)
    return _text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _escaped(blob: str) -> str:
    return _ONE_ESCAPE.sub(_unescape, blob)


def _unescape(match: re.Match[str]) -> str:
    wide, byte, octal = match.groups()
    code = int(octal, 8) if octal else int(wide or byte, 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _percent(blob: str) -> str:
    return urllib.parse.unquote_plus(blob)


def _charcodes(blob: str) -> str:
    codes = [int(code) for code in re.findall(r"\d{2,3}", blob)]
    return "".join(chr(code) for code in codes) if all(9 <= c < 127 for c in codes) else ""


def _binary(blob: str) -> str:
    bits = re.sub(r"[^01]", "", blob)
    return _text(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8)))


_BLOBS = (
    ("base64", _BASE64, _base64, r"[A-Za-z0-9+/_-]{20}"),
    ("base32", _BASE32, _base32, r"[A-Z2-7]{32}"),
    ("hexadecimal", _HEX, _hex, r"[0-9A-Fa-f]{2}(?:[ :,]{0,2}(?:\\x|0x|%)?[0-9A-Fa-f]{2}){11}"),
    ("escapes", _ESCAPED, _escaped, r"\\[ux0-3]"),
    ("percent encoding", _PERCENT, _percent, r"%[0-9A-Fa-f]{2}"),
    ("HTML entities", _ENTITY, html.unescape, r"&(?:#|[a-z]{2,10};)"),
    ("character codes", _CHARCODES, _charcodes, r"(?:\b\d{2,3}\b[ ,;]{1,2}){11}"),
    ("binary digits", _BINARY, _binary, r"[01]{8}"),
)
"""How, where, by what, and a trace without which it need not be tried."""


_TAGS = re.compile("[\U000e0020-\U000e007e]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def tags_text(text: str) -> str:
    """What characters of the tags block spell (U+E0020 to U+E007E mirror ASCII)."""
    spelt = "".join(chr(ord(char) - 0xE0000) for char in _TAGS.findall(text))
    return spelt if len(spelt) >= 4 else ""


def variation_text(text: str) -> str:
    """What variation selectors spell when each stands for one byte."""
    data = bytearray()
    for char in _SELECTORS.findall(text[:1_000_000]):
        far = char >= "\U000e0100"
        data.append(ord(char) - 0xE0100 + 16 if far else ord(char) - 0xFE00)
    if len(data) < 4:
        return ""
    plain = bytes(data).decode("utf-8", "replace")
    return plain if readable(plain) else ""


_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]")


def zero_width_text(text: str) -> str:
    """What two kinds of zero-width characters spell as bits."""
    found = _ZERO_WIDTH.findall(text[:1_000_000])
    kinds = sorted(set(found))
    if len(found) < 32 or not 2 <= len(kinds) <= 3:
        return ""
    for zero, one in ((kinds[0], kinds[1]), (kinds[1], kinds[0]), (kinds[0], kinds[-1])):
        bits = "".join("0" if char == zero else "1" for char in found if char in (zero, one))
        for width in (8, 7):
            plain = "".join(
                chr(int(bits[i : i + width], 2)) for i in range(0, len(bits) - width + 1, width)
            )
            if readable(plain):
                return plain
    return ""
