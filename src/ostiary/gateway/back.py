"""What goes back to a caller whose request was not carried out."""

from __future__ import annotations

from dataclasses import replace

from ostiary.gateway.door import Pass, Refusal
from ostiary.gateway.encode import encode, failure, id_of
from ostiary.gateway.leg import IdInUse
from ostiary.gateway.ports import Era, Inbound, Outbound, RecordUnwritable, UpstreamFailure
from ostiary.gateway.routes import BadRequest, Route
from ostiary.gateway.sessions import UnknownSession
from ostiary.gateway.upstreams import Upstream
from ostiary.model.json import as_object
from ostiary.wire.denial import denial, unknown
from ostiary.wire.mcp_headers import Problem, check_parameters

SESSION_NOT_FOUND = -32001
UPSTREAM_FAILED = -32010
"""A server did not answer; implementation-defined (JSON-RPC 2.0, section 5.1)."""
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603


class HeadersDisagree(ValueError):
    """An ``Mcp-Param-*`` header says something other than the body."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def check_headers(inbound: Inbound, way: Route, upstream: Upstream) -> None:
    """Raises :class:`HeadersDisagree`."""
    parameters = upstream.shown.parameters.get(way.name) if way.kind == "tool" else None
    if parameters:
        arguments = as_object(way.message.get("params")).get("arguments")
        problem = check_parameters(parameters, arguments, dict(inbound.headers))
        if problem is not None:
            raise HeadersDisagree(problem)


def known_problem(inbound: Inbound, error: Exception) -> Outbound | None:
    """What a caller is told of a request that could not be carried out; ``None`` for a fault of
    ours."""
    if isinstance(error, UnknownSession):
        return told(inbound, 404, SESSION_NOT_FOUND, f"Session not found: {error}")
    if isinstance(error, RecordUnwritable):
        text = f"nothing was done, because it could not be recorded: {error}"
        return told(inbound, 503, INTERNAL_ERROR, text)
    if isinstance(error, HeadersDisagree):
        return told(inbound, 400, error.problem.code, error.problem.message)
    if isinstance(error, BadRequest | IdInUse):
        code = INVALID_PARAMS if isinstance(error, BadRequest) else INVALID_REQUEST
        return told(inbound, 400 if inbound.era is Era.STATELESS else 200, code, str(error))
    return None


def failed(inbound: Inbound, server: str, why: UpstreamFailure) -> Outbound:
    """A server did not answer, and what that means for the request."""
    done = "it may have acted on the request" if why.sent else "nothing was done"
    status = why.status if inbound.era is Era.STATELESS else 200
    found = told(inbound, status, UPSTREAM_FAILED, f"{server} did not answer: {why}; {done}")
    if why.retry_after is None:
        return found
    return replace(found, headers=(("Retry-After", str(max(1, round(why.retry_after)))),))


def denied(inbound: Inbound, refusal: Refusal | Pass) -> Outbound:
    """A refusal; a pass to something that is gone is answered as if it had never been."""
    if isinstance(refusal, Pass):
        message, status = unknown(inbound.message, inbound.era)
    else:
        message, status = denial(inbound.message, refusal.decision, refusal.call, inbound.era)
    return Outbound(encode(message), status)


def told(inbound: Inbound, status: int, code: int, text: str) -> Outbound:
    """A JSON-RPC error."""
    return Outbound(encode(failure(id_of(inbound.message), code, text)), status)
