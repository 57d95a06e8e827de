"""Bytes of a Python file → its text, by Python's own rules for encodings, and never an error."""

from __future__ import annotations

import codecs
import re
import warnings

from ostiary.model.visible import NAME, visible

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_READ = re.compile(
    r"utf-?8(-sig)?|(us-)?ascii|latin-?1|iso-latin-1|l1|iso-?8859-?\d{1,2}|cp\d{3,4}"
    r"|windows-\d{3,4}|koi8-[rut]|mac-\w+|gb2312|gbk|gb18030|big5(-?hkscs)?|shift-?jis\w*|sjis"
    r"|euc-\w+|iso-?2022-\w+|utf-?7|unicode-escape|raw-unicode-escape"
)
"""Encodings that decode in linear time and alike everywhere. Python takes a few more."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text with ``\\n`` as its only line end, and what is wrong with its bytes, in words."""
    encoding, problems = _encoding(data)
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    text = _strict(data, encoding)
    if text is None:
        problems.append(f"line 1: holds bytes that are no {encoding}; they were left out")
        text = data.decode(encoding, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(f"line {line}: holds NUL bytes, which Python refuses; read as blanks")
        text = text.replace("\0", " ")
    return sound(text), tuple(problems)


def sound(text: str) -> str:
    """``text`` without lone halves of characters, which no output could hold."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return data.decode(encoding)
    except ValueError:
        return None


def _encoding(data: bytes) -> tuple[str, list[str]]:
    for mark, name in _WIDE_MARKS:
        if data.startswith(mark):
            return name, [f"line 1: is {name}, which Python does not run; read all the same"]
    declared = _declared(data)
    wanted = declared.lower().replace("_", "-")
    if not wanted:
        return "utf-8", []
    if _READ.fullmatch(wanted):
        try:
            return codecs.lookup(wanted).name, []
        except LookupError:
            pass
    shown = visible(declared, NAME)
    return "utf-8", [f"line 1: declares the encoding {shown}, which is not read; taken as UTF-8"]


def _declared(data: bytes) -> str:
    """The encoding that a comment on one of the first two lines declares (PEP 263)."""
    for line in data[:4096].splitlines()[:2]:
        if found := _COOKIE.match(line):
            return found[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return ""
