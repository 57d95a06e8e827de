"""HTTP statuses that are no answer, in words of ours: nothing of the server's text goes on."""

from __future__ import annotations

import re

from ostiary.gateway.ports import SessionForgotten, UpstreamFailure
from ostiary.gateway.upstream.bearer import NONE, Bearer
from ostiary.gateway.upstream.reply import Reply
from ostiary.gateway.upstream.trouble import Denied, Down

_NO_SESSION = re.compile(rb'"message"\s*:\s*"[^"]{0,100}\bsession\b', re.IGNORECASE)
_MOST_RETRY = 3600.0


def refused(name: str, reply: Reply, session: str, bearer: Bearer = NONE) -> UpstreamFailure:
    """Why an answer with this status is none. ``bearer`` is the login that was used."""
    status = reply.status
    if session and (status == 404 or (status == 400 and _NO_SESSION.search(reply.body[:2000]))):
        # Widespread servers answer 400 with these words where the protocol says 404.
        return SessionForgotten(f"{name} no longer knows the session")
    if status in (401, 403):
        return Denied(f"{name} {bearer.denied(status, reply.header(b'www-authenticate'))}")
    if status in (429, 503):
        retry = _seconds(reply.header(b"retry-after"))
        text = f"{name} is busy (HTTP {status})"
        return UpstreamFailure(text, sent=False, status=503, retry_after=retry)
    return _other(name, status)


def _other(name: str, status: int) -> UpstreamFailure:
    if 200 <= status < 300:
        return UpstreamFailure(f"{name} accepted a request and did not answer it", sent=True)
    if 300 <= status < 400:
        return UpstreamFailure(
            f"{name} redirects (HTTP {status}), which is not followed; approve the URL it moved to",
            sent=False,
        )
    if status in (502, 504):
        return Down(f"{name} answered HTTP {status}", sent=True, status=status)
    return UpstreamFailure(f"{name} answered HTTP {status}", sent=status >= 500)


def _seconds(text: str) -> float | None:
    """A ``Retry-After`` in seconds; a date is not read."""
    if not text.isascii() or not text.strip().isdigit() or len(text) > 9:
        return None
    return min(float(text), _MOST_RETRY)
