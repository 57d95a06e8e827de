"""Asks identity providers, over the same guarded connections as servers; never on a call's path."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from ostiary.gateway.ports import UpstreamFailure
from ostiary.gateway.upstream import addresses
from ostiary.gateway.upstream.addresses import Resolve
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.messages import header_lines
from ostiary.gateway.upstream.reply import Reply
from ostiary.identity.fetching import CannotFetch, Question
from ostiary.probe.failure import ProbeFailure
from ostiary.probe.guarded_http import Place, place

LARGEST = 1024 * 1024
"""Bytes of an answer: metadata, keys or an introspection."""
SECONDS = 10.0


class ProviderClient:
    """Matches :class:`ostiary.identity.fetching.Fetch`. One connection for each question: they
    are rare, and a kept one would be an open door for nothing."""

    def __init__(self, resolve: Resolve = addresses.system) -> None:
        self._resolve = resolve

    async def __call__(self, question: Question) -> bytes:
        """The body of an answer with status 200. Raises :class:`CannotFetch`."""
        try:
            where = place(question.url)
        except ProbeFailure as error:
            raise CannotFetch(str(error)) from None
        resolve = self._resolve
        if question.loopback and not question.private:
            resolve = _loopback_only(resolve)
        limits = Limits(
            connect_seconds=SECONDS,
            answer_seconds=SECONDS,
            answer_bytes=LARGEST,
            connections=1,
            allow_private=question.private or question.loopback,
        )
        pool = Pool("the identity provider", where, limits, resolve)
        try:
            reply = await pool.exchange(_request(question, where), LARGEST, SECONDS)
            body = reply.body or await _rest(reply)
        except UpstreamFailure as failure:
            raise CannotFetch(str(failure)) from None
        finally:
            pool.close()
        if reply.status != 200:
            raise CannotFetch(f"it answered with HTTP status {reply.status}", reply.status)
        return body


async def _rest(reply: Reply) -> bytes:
    parts, size = [], 0
    while part := await reply.read(SECONDS):
        size += len(part)
        if size > LARGEST:
            reply.close()
            raise CannotFetch(f"its answer is larger than {LARGEST:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _request(question: Question, where: Place) -> bytes:
    given = {
        "Host": where.origin.partition("://")[2],
        "User-Agent": "ostiary",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if question.authorization:
        given["Authorization"] = question.authorization
    body = question.form
    if body is not None:
        given["Content-Type"] = "application/x-www-form-urlencoded"
        given["Content-Length"] = str(len(body))
    method = "GET" if body is None else "POST"
    head = f"{method} {where.target} HTTP/1.1\r\n{header_lines(given)}\r\n"
    return head.encode("latin-1") + (body or b"")


def _loopback_only(resolve: Resolve) -> Resolve:
    async def checked(host: str, port: int) -> Sequence[str]:
        found = await resolve(host, port)
        if not all(ip_address(one).is_loopback for one in found):
            raise OSError(f"{host} is not on this machine")
        return found

    return checked
