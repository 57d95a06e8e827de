"""Media types of requests: ``Content-Type`` and ``Accept`` (RFC 9110, sections 8.3 and 12.5.1)."""

from __future__ import annotations

from functools import lru_cache

_JSON = "application/json"
_STREAM = "text/event-stream"


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """Whether a body is JSON in UTF-8."""
    kind, *parameters = [part.strip().lower() for part in content_type.split(";")]
    charset = [one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset")]
    return kind == _JSON and all(one in ("utf-8", "utf8") for one in charset)


@lru_cache(maxsize=256)
def accepts(accept: str, *, stream_only: bool = False) -> bool:
    """Whether a client takes both forms of an answer, or with ``stream_only`` an event stream."""
    kinds = {_kind(part) for part in accept.lower().split(",")}
    takes_stream = bool(kinds & {_STREAM, "text/*", "*/*"})
    return takes_stream and (stream_only or bool(kinds & {_JSON, "application/*", "*/*"}))


def _kind(part: str) -> str:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    refused = any(one.replace(" ", "") in ("q=0", "q=0.0", "q=0.00") for one in parameters)
    return "" if refused else kind
