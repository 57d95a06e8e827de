"""The text of an address that is put together: ``new URL(path, base)``, ``urljoin(base, path)``."""

from __future__ import annotations

from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.join import concatenated
from ostiary.analyze.dataflow.value import NOTHING, Text, Value
from ostiary.analyze.knowledge.known import Result

_SLASH = Value(text=("/",), scalar="/", literal=True)


def address_text(result: Result, operands: Operands) -> Text:
    """What is known of the text of a result that is an address.

    A part that may itself name a host leaves nothing known: it would replace the base.
    """
    found = operands.at(result.address_of[0])
    if found is None:
        return ()
    base = operands.at(result.address_of[1]) if len(result.address_of) > 1 else None
    lead = found.prefix
    if base is None or base is NOTHING or "://" in lead or lead.startswith("//"):
        return found.text
    if lead.startswith("/"):
        return concatenated([base, found]).text
    known = found.known_text
    return () if known is None or ":" in known else concatenated([base, _SLASH, found]).text
