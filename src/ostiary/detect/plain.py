"""Text as a model reads it."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Code points that show nothing. What they hide is another detector's affair."""

_MARKS = re.compile("[\u0300-\u036f]+")
_LATIN_WORD = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"\w+")
_LETTERS_APART = re.compile(r"\b(?:[A-Za-z][ .\-_*]){5,4096}[A-Za-z]\b")
_BETWEEN_LETTERS = re.compile(r"[ .\-_*]")

TWINS = dict(
    zip(
        "авекмнорстухіјѕԁɡοαερνιτκυωℓＩӏԛԝһցոսՕզϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ",
        "abekmhopctyxijsdgoaepvitkuwlIlqwhgnuOqcjABEZHIKMNOPTYXABEKMHOPCTYXIJS",
        strict=True,
    )
)
TWIN = re.compile("[" + "".join(TWINS) + "]")


def plain(text: str) -> str:
    """Compatibility forms composed, the invisible removed, look-alikes in Latin words folded.

    ASCII comes back as it is, but for words spelt with blanks between their letters.
    """
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        if TWIN.search(text):
            text = _WORD.sub(_latinise, text)
    return _LETTERS_APART.sub(_join, text)


def _latinise(word: re.Match[str]) -> str:
    """A word of two scripts in Latin; a word of one script as it is."""
    found = word[0]
    if not _LATIN_WORD.search(found):
        return found
    return TWIN.sub(lambda one: TWINS[one[0]], found)


def _join(spelt: re.Match[str]) -> str:
    return _BETWEEN_LETTERS.sub("", spelt[0])


def folded(text: str) -> str:
    """Lower case without Latin accents: the form that the lexicon is written in."""
    if text.isascii():
        return text.lower()
    return unaccented(text.lower()).replace("’", "'").replace("ß", "ss")


_EXAMPLE_HOST = re.compile(r"(?<=[/@.])(?:example|sample)s?(?=[.:/])|(?<=\w\.)example\b")


def spelled_hosts(text: str) -> str:
    """``text`` with the word "example" in names of hosts broken, so that it reads as no example.

    ``evil.example`` is an address; "for example" says that what follows is documentation.
    """
    return _EXAMPLE_HOST.sub("ex-ample", text) if "example" in text or "sample" in text else text


def unaccented(text: str) -> str:
    """Composed characters without Latin and Cyrillic accents."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
