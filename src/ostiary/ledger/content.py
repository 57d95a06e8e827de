"""Arguments and results in the form the settings ask for, before they become part of an event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256

import orjson

from ostiary.detect.secrets import Secret, find
from ostiary.detect.secrets_named import names_secret
from ostiary.ledger.line import LARGEST_LINE
from ostiary.ledger.sealing import Sealer, sealer
from ostiary.ledger.settings import Form, LedgerSettings
from ostiary.model.event import RecordUnwritable
from ostiary.model.json import JsonObject, JsonValue

LARGEST_TEXT = 2_000
"""Characters of one text that are kept in the redacted form."""

LARGEST_VALUE = 8_000
"""Characters of all texts together that are kept in the redacted form."""

MOST_VALUES = 1_000
DEEPEST = 12
_MARGIN = 600
"""Characters read beyond what is kept, so that a credential at the cut is seen whole."""
_LONGEST_NAME = 200
_LARGEST_SEALED = LARGEST_LINE // 2


def content_of(
    value: JsonObject, form: Form, seal: Sealer | None = None, *, encoded: bytes | None = None
) -> JsonObject:
    """What the record keeps of ``value``: members ``form`` and ``bytes``, and ``sha256``, with
    ``redacted`` the ``value``, with ``full`` what only the auditor can read.

    The digest is over the JSON with sorted names and no blanks; with ``encoded`` it is over those
    bytes, which saves the caller an encoding. Where something is hidden there is no digest, since
    a short secret could be guessed with it. Raises :class:`RecordUnwritable` for a value that
    cannot be kept as asked.
    """
    data = canonical_bytes(value) if encoded is None else encoded
    kept: JsonObject = {"form": form.value, "bytes": len(data)}
    hidden = form is Form.FULL
    if form is Form.REDACTED:
        kept["value"], hidden = redacted(value)
    elif form is Form.FULL:
        if seal is None or len(data) > _LARGEST_SEALED:
            raise RecordUnwritable(
                "the content is too large to be recorded in full"
                if seal is not None
                else "the content cannot be recorded in full without the auditor's key"
            )
        kept.update(seal.seal(data))
    if not hidden:
        kept["sha256"] = sha256(data).hexdigest()
    return kept


def canonical_bytes(value: JsonValue) -> bytes:
    """JSON with sorted names and no blanks: equal values, equal bytes."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return _plain(value)


def _plain(value: JsonValue) -> bytes:
    try:
        return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    except RecursionError:
        raise RecordUnwritable("the content is nested too deeply to be recorded") from None


def redacted(value: JsonObject) -> tuple[JsonValue, bool]:
    """``value`` with what looks like a credential masked, bounded in size and depth; and whether
    anything was masked.

    Masked texts say what they were, for example ``[credential]``; what was left out says so.
    """
    first = _Redaction(masking=False)
    kept = first.of(value, "", 0)
    # Most arguments hold no credential: one look at all texts together tells.
    together = _APART.join(first.texts)
    if not any(True for finder in FINDERS for _ in finder(together, "")):
        return kept, first.hidden
    second = _Redaction(masking=True)
    kept = second.of(value, "", 0)
    return kept, second.hidden


class _Redaction:
    """One pass over one value, with what is left of its budget."""

    def __init__(self, *, masking: bool) -> None:
        self._masking = masking
        self._characters = LARGEST_VALUE
        self._values = MOST_VALUES
        self.texts: list[str] = []
        """What was kept without a look at it."""
        self.hidden = False
        """Whether something was masked."""

    def of(self, value: JsonValue, name: str, depth: int) -> JsonValue:
        self._values -= 1
        if isinstance(value, str):
            return self._text(value, name)
        if isinstance(value, dict | list):
            if depth >= DEEPEST or self._values < 0:
                return f"[{len(value)} values left out]"
            if isinstance(value, dict):
                return self._object(value, name, depth)
            return self._each(value, name, depth)
        return self._number(value, name)

    def _number(self, value: float | None, name: str) -> JsonValue:
        if value is None or isinstance(value, bool) or not name or not _secret_name(name):
            return value
        if len(str(value)) < _SHORTEST_NUMBER:
            return value
        self.hidden = True
        return "[credential]"

    def _object(self, value: JsonObject, within: str, depth: int) -> JsonObject:
        """``within`` is the name it stands under: what a credential's name holds stays hidden
        whatever the names inside it are."""
        kept: JsonObject = {}
        secret = bool(within) and _secret_name(within)
        for name, inner in value.items():
            if self._values <= 0:
                kept["[left out]"] = len(value) - len(kept)
                break
            shown = name if len(name) < _SHORTEST_NAME else self._text(name, "")
            kept[shown] = self.of(inner, within if secret else name, depth + 1)
        return kept

    def _each(self, value: list[JsonValue], name: str, depth: int) -> list[JsonValue]:
        kept: list[JsonValue] = []
        for inner in value:
            if self._values <= 0:
                kept.append(f"[{len(value) - len(kept)} values left out]")
                break
            kept.append(self.of(inner, name, depth + 1))
        return kept

    def _text(self, text: str, name: str) -> str:
        size = len(text)
        room = min(LARGEST_TEXT, self._characters)
        if size > room:
            if room <= 0:
                return f"[{size} characters left out]"
            self._characters -= room
            shown = self._masked(text[: room + _MARGIN], name)
            return f"{shown[:room]}[cut: {size} characters]"
        self._characters -= size
        return self._masked(text, name)

    def _masked(self, text: str, name: str) -> str:
        named = name if name and _secret_name(name) else ""
        if not self._masking and not named:
            self.texts.append(text)
            return text
        shown = text
        for finder in FINDERS:
            shown = _without(shown, finder(shown, named))
        self.hidden = self.hidden or shown != text
        return shown


_SHORTEST_NUMBER = 4
_SHORTEST_NAME = 8
_APART = "\n\n\n"


@lru_cache(maxsize=4096)
def _known_name(name: str) -> bool:
    return names_secret(name)


def _secret_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _known_name(name)


def _without(text: str, hits: Iterable[Secret]) -> str:
    shown, end = "", 0
    for hit in hits:
        shown += f"{text[end : hit.start]}[{hit.kind}]"
        end = hit.end
    return shown + text[end:] if end else text


Finder = Callable[[str, str], Iterable[Secret]]

FINDERS: tuple[Finder, ...] = (find,)
"""Everything that finds something to hide in a text. Each takes the text and the name it is the
value of, if that name usually holds a credential; hits come in order and do not overlap."""


class Contents:
    """Arguments and results in the forms of one ledger's settings, ready for an event."""

    def __init__(self, settings: LedgerSettings) -> None:
        """Raises :class:`~ostiary.ledger.failure.LedgerUnusable` for an auditor's key that cannot
        be used."""
        self._arguments = settings.arguments
        self._results = settings.results
        self._sealer = sealer(settings.auditor) if settings.auditor else None

    def arguments(self, value: JsonObject, least: str = "") -> JsonObject:
        """An event's ``content`` for arguments; ``least`` is a form that a rule asks for, which
        counts if it keeps more. Raises :class:`RecordUnwritable`."""
        form = _more(self._arguments, least)
        return {"arguments": content_of(value, form, self._sealer)}

    def results(
        self, value: JsonObject, least: str = "", encoded: bytes | None = None
    ) -> JsonObject:
        """An event's ``content`` for a result; ``encoded`` is its JSON if it is at hand. Raises
        :class:`RecordUnwritable`."""
        form = _more(self._results, least)
        return {"results": content_of(value, form, self._sealer, encoded=encoded)}


def _more(form: Form, least: str) -> Form:
    """Whichever of two forms keeps more."""
    return form if not least else max(form, Form(least), key=list(Form).index)
