"""What may be shown of a configuration: everything but the secrets."""

from __future__ import annotations

from ostiary.detect.secrets_named import is_placeholder, names_secret
from ostiary.inventory.reading import secrets as read_secrets
from ostiary.inventory.words import quote
from ostiary.model.client import ServerEntry
from ostiary.model.visible import visible

MASK = "***"
_BETWEEN = "\x1f\x1e\x1f"
_MOST = 500
"""So many values of one command line are hunted in its other words."""
_SHORTEST = 6
"""A value shorter than this is masked where it was found, but not hunted for elsewhere."""


def masked(text: str, name: str = "") -> str:
    """``text`` with every credential replaced. ``name`` is what it is the value of, if anything."""
    return _without(text, _values(text, name), name)


def shown_url(url: str) -> str:
    """An address with its credentials masked, and hidden characters made visible."""
    return visible(masked(url))


def shown_command(entry: ServerEntry) -> str:
    """The command line or address of an entry as a person would read it.

    Nothing is left out but secrets; hidden characters are named.
    """
    if not entry.argv:
        return shown_url(entry.url) if entry.url else entry.transport.value
    words = shown_words(entry.argv)
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """The word as a shell would need it; the mask alone is no reason for quotation marks."""
    bare = word.replace(MASK, "x")
    return word if quote(bare) == bare else quote(word)


def shown_words(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a command line as a person may read them: masked, hidden characters named."""
    return tuple(visible(word) for word in masked_words(argv))


def masked_words(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a command line, masked; a secret found in one word is masked in all."""
    found: set[str] = set()
    words: list[str] = []
    for word, name in zip(argv, option_names(argv), strict=True):
        found |= _values(word, name)
        words.append(_masked_here(word, name))
    joined = _masked_copies(_BETWEEN.join(words), found)
    without = joined.split(_BETWEEN)
    if len(without) != len(words):
        without = [_masked_copies(word, found) for word in words]
    return tuple(without)


def option_names(argv: tuple[str, ...]) -> tuple[str, ...]:
    """For each word the option it is the value of: ``--token`` for what follows ``--token``."""
    names = [""]
    for before in argv[:-1]:
        name = before if before.startswith("-") and "=" not in before else ""
        names.append(name if names_secret(name) else "")
    return tuple(names[: len(argv)])


def _values(text: str, name: str) -> set[str]:
    return {text[one.start : one.end] for one in read_secrets(text, name)}


def _without(text: str, secrets: set[str], name: str) -> str:
    return _masked_copies(_masked_here(text, name), secrets)


def _masked_here(text: str, name: str) -> str:
    """Masks the spans found; again, because what stood beside one may now be seen for itself."""
    for _ in range(4):
        spans = read_secrets(text, name)
        if not spans:
            break
        pieces, end = [], 0
        for one in spans:
            pieces += [text[end : one.start], MASK]
            end = one.end
        text = "".join((*pieces, text[end:]))
    return text


def _masked_copies(text: str, secrets: set[str]) -> str:
    """Masks every copy of known values, longest first."""
    hunted = sorted(
        (one for one in secrets if len(one) >= _SHORTEST), key=lambda one: (-len(one), one)
    )
    for value in hunted[:_MOST]:
        if not is_placeholder(value):
            text = text.replace(value, MASK)
    return text
