"""Where an address leads: a host that the code fixes, or who chooses it."""

from __future__ import annotations

import re

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import External, Hole, Recipe, Source, SourceKind, Value
from ostiary.analyze.levels.origins import by_address
from ostiary.flow.lexicon import wordset
from ostiary.flow.words import tokens

FIXED, CONFIGURED, CHOSEN, UNKNOWN = (
    "fixed",
    "configured",
    "chosen by the caller",
    "not known",
)
_HOLDS_HOST = g.FIXED_HOST | g.URL_ENCODED | g.PLAIN | g.SAFE
_NAME = re.compile(r"^(?:[\w.+%~!$&'()*,;=-]*(?::[^@/?#]*)?@)?(\[[0-9A-Fa-f:.]+\]|[\w.-]+)")
_BASES = ("base_url", "baseURL", "baseUrl", "prefixUrl", "prefix_url", "url", "endpoint_url")

Where = tuple[str, str]
"""Host name (empty where it is not fixed) and how it comes about."""


def host_of(value: Value | None, client: Value | None = None) -> Where:
    """The host that an address names. ``client`` is what the call is made on: it may know the
    first part of the address."""
    if value is None:
        return base_of(client) or ("", UNKNOWN)
    known = value.known_text
    lead = value.prefix
    if known is not None and "://" not in known and not known.startswith("//"):
        return base_of(client) or bare(known)
    if "://" in lead or lead.startswith("//"):
        return _after_scheme(value)
    if lead.startswith("/") or (lead and "://" not in value.pieces):
        return base_of(client) or ("", _who(value, value.text))
    if client is not None and (found := base_of(client)) is not None and not lead:
        return found if _who(value, value.text) is not CONFIGURED else ("", CONFIGURED)
    return "", _who(value, value.text)


_NO_HOST = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
"""A scheme with no place after it: ``about:blank``, ``data:text/html,…``."""
_LIKE_HOST = re.compile(r"(?:.*@)?(?:.*\.[a-z]{2,}|[\d.]+|localhost|\[.*\])(?::\d+)?|.*:\d+", re.I)


def bare(text: str) -> Where:
    """A host without a scheme: ``db.example.com:5432``. Before a path it has to look like one:
    ``api/v1/users`` is a path itself."""
    head, slash, _ = text.partition("/")
    found = _NAME.match(head)
    if found is None or _NO_HOST.match(head) or (slash and not _LIKE_HOST.fullmatch(head)):
        return "", UNKNOWN
    return found.group(1).lower(), FIXED


def _after_scheme(value: Value) -> Where:
    """The literal host after ``://``, if all of it is literal."""
    rest = value.pieces.partition("//")[2]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    if "\0" in host.partition(":")[0] or not host:
        return "", _who(value, _holes_before_path(value))
    found = _NAME.match(host)
    return (found.group(1).lower().strip("[]"), FIXED) if found else ("", UNKNOWN)


def _holes_before_path(value: Value) -> tuple[str | Hole, ...]:
    before: list[str | Hole] = []
    seen = ""
    for piece in value.text:
        before.append(piece)
        seen += piece if isinstance(piece, str) else "\0"
        if "/" in seen.partition("//")[2]:
            break
    return tuple(before)


def _who(value: Value, pieces: tuple[str | Hole, ...]) -> str:
    """Who chooses what stands first in an address."""
    hole = next((one for one in pieces if isinstance(one, Hole)), None)
    origins = set(hole.of) if hole is not None and hole.of else None
    moving = [
        source
        for source, flow in value.deep_sources()
        if (origins is None or source in origins)
        and not (source.kind is SourceKind.MODEL and flow.guarantees & _HOLDS_HOST)
    ]
    kinds = {source.kind for source in moving}
    if hole is None and not any(_names_address(one, value) for one in moving):
        kinds.discard(SourceKind.MODEL)
    if kinds & {SourceKind.ENVIRONMENT, SourceKind.FILE, SourceKind.SECRET}:
        return CONFIGURED
    if SourceKind.MODEL in kinds:
        return CHOSEN
    return UNKNOWN


_ADDRESS = wordset(
    """url urls uri uris href link links host hosts hostname address addresses endpoint domain
    server site website webpage page target connection dsn origin webhook callback feed proxy ip"""
)


def _names_address(source: Source, value: Value) -> bool:
    """Whether what a caller gives may be the address itself: it arrives as it is, or is named
    so. Else it went through code that is not known, as a thing that is looked up does; a part of
    what flows in whole is read by that code, and its name says nothing."""
    if value.flows and source in value.flows and value.flows[source].guarantees & g.EXACT:
        return True
    name = source.name
    outer, _, part = name.rpartition(".")
    if outer and part and any(one.name == outer for one, _ in value.sources(source.kind)):
        name = outer
    return source.kind is not SourceKind.MODEL or not _ADDRESS.isdisjoint(tokens(name))


def base_of(client: Value | None) -> Where | None:
    """What the client was made with says of its host; ``None`` if it says nothing."""
    if client is None:
        return None
    for ref in client.refs:
        if isinstance(ref, External) and ref.made_with is not None:
            address = _base(ref.made_with)
            if address is not None:
                return host_of(address)
    return ("", CONFIGURED) if by_address(client) else None


def _base(made: Recipe) -> Value | None:
    for name in _BASES:
        given = made.keywords.get(name)
        if given is None and made.args:
            given = made.args[0].fields.get(name)
        if given is not None:
            return given
    return None
