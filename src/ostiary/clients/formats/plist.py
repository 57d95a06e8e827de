"""Property lists of macOS, in which values are often JSON kept as text."""

from __future__ import annotations

import json
import plistlib
from xml.parsers.expat import ExpatError

from ostiary.clients.formats.document import Document, Unreadable, plain
from ostiary.model.json import JsonValue


def read_plist(data: bytes) -> Document:
    """The property list in ``data``, XML or binary. Raises :class:`Unreadable`."""
    try:
        value = plain(plistlib.loads(data))
    except Unreadable:
        raise
    except (ValueError, ExpatError, RecursionError, OverflowError, KeyError, TypeError) as error:
        raise Unreadable(f"not a valid property list ({type(error).__name__})") from None
    except (IndexError, AttributeError, MemoryError) as error:
        raise Unreadable(f"a damaged property list ({type(error).__name__})") from None
    if isinstance(value, dict):
        return Document({key: _unfolded(one) for key, one in value.items()})
    return Document(value)


def _unfolded(value: JsonValue) -> JsonValue:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return plain(json.loads(value))
    except (ValueError, RecursionError):
        return value
