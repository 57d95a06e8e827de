"""MCP over HTTP headers, revision 2026-07-28: which era a message is of, what its headers must
repeat of its body, and what we send ourselves.

Source: specification 2026-07-28, basic/transports/streamable-http, "Request Metadata" and "Server
Validation"; basic/index, "_meta". Two readers of one request must not see two requests (CWE-444).
"""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.wire import handshake, stateless
from ostiary.wire.header_parameters import (
    HeaderParameter,
    check_param_headers,
    check_parameters,
    header_parameters,
    invalid_header_parameters,
    param_headers,
)
from ostiary.wire.header_values import (
    MARK,
    Problem,
    decode_value,
    encode_value,
    is_plain,
    mismatch,
)

__all__ = [
    "HeaderParameter",
    "Problem",
    "check_param_headers",
    "check_parameters",
    "check_stateless",
    "header_parameters",
    "invalid_header_parameters",
    "is_stateless",
    "request_headers",
    "unsupported",
]

INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
VERSION_HEADER = "mcp-protocol-version"
METHOD_HEADER = "mcp-method"
NAME_HEADER = "mcp-name"
PARAM_PREFIX = "mcp-param-"
SUPPORTED = (stateless.REVISION,)
"""Revisions of the stateless era that are spoken."""
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""The parameter that ``Mcp-Name`` repeats, by method."""


def is_stateless(message: JsonObject, revision: str | None) -> bool:
    """Whether a message is of the stateless era. ``revision`` is its ``MCP-Protocol-Version``
    header, ``None`` where there is none or the transport has no headers.

    Either mark suffices, so that a message whose header and body disagree meets the rules of the
    stateless era and is refused there.
    """
    if revision is not None and revision not in handshake.REVISIONS:
        return True
    params = message.get("params")
    if not isinstance(params, dict):
        return False
    meta = params.get("_meta")
    return isinstance(meta, dict) and stateless.VERSION_KEY in meta


def check_stateless(message: JsonObject, headers: Mapping[str, str] | None) -> Problem | None:
    """What is wrong with a message of the stateless era, or ``None``.

    ``headers`` by lower-case name, ``None`` where the transport has none. First the envelope, then
    the headers against the body, then the revision: a caller that disagrees with itself is told so.
    """
    method = message.get("method")
    if not isinstance(method, str):
        return Problem(INVALID_REQUEST, "revision 2026-07-28 has no answers from client to server")
    if "id" not in message:
        return _check_notification(message, headers)
    params = message.get("params")
    if not isinstance(params, dict):
        return Problem(INVALID_PARAMS, "params._meta is missing")
    meta = params.get("_meta")
    fault = _envelope_fault(meta)
    if fault is not None:
        return Problem(INVALID_PARAMS, fault)
    revision = as_object(meta).get(stateless.VERSION_KEY)
    problem = None
    if headers is not None:
        problem = _check_headers(method, params, revision, headers)
    return problem or _check_revision(revision)


def _envelope_fault(meta: JsonValue) -> str | None:
    if not isinstance(meta, dict):
        return "params._meta is missing or no object"
    if not isinstance(meta.get(stateless.VERSION_KEY), str):
        return f"params._meta lacks {stateless.VERSION_KEY}"
    if not isinstance(meta.get(stateless.CAPABILITIES_KEY), dict):
        return f"params._meta lacks {stateless.CAPABILITIES_KEY}"
    return None


def _check_headers(
    method: str, params: JsonObject, revision: JsonValue, headers: Mapping[str, str]
) -> Problem | None:
    given = headers.get(VERSION_HEADER)
    if given != revision:
        return mismatch("MCP-Protocol-Version", given, "the revision in params._meta")
    given = headers.get(METHOD_HEADER)
    if given != method:
        return mismatch("Mcp-Method", given, "the method in the body")
    key = NAMED_BY.get(method)
    return None if key is None else _check_name(params.get(key), headers.get(NAME_HEADER), key)


def _check_name(name: JsonValue, given: str | None, key: str) -> Problem | None:
    if given is None:
        # A body without a name is refused for that, by whoever judges the body.
        return None if name is None else mismatch("Mcp-Name", None, f"params.{key}")
    if given == name and is_plain(given) and not given.startswith(MARK):
        return None
    if decode_value(given) == name and name is not None:
        return None
    return mismatch("Mcp-Name", given, f"params.{key}")


def _check_notification(message: JsonObject, headers: Mapping[str, str] | None) -> Problem | None:
    """The revision does not say which headers a notification needs; those given must be true."""
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    claimed = meta.get(stateless.VERSION_KEY) if isinstance(meta, dict) else None
    if headers is None:
        return _check_revision(claimed) if isinstance(claimed, str) else None
    revision = headers.get(VERSION_HEADER)
    if revision is None or (claimed is not None and claimed != revision):
        return mismatch("MCP-Protocol-Version", revision, "the revision in params._meta")
    given = headers.get(METHOD_HEADER)
    if given is not None and given != message["method"]:
        return mismatch("Mcp-Method", given, "the method in the body")
    return _check_revision(revision)


def _check_revision(revision: JsonValue) -> Problem | None:
    if revision in SUPPORTED:
        return None
    return unsupported(str(revision), SUPPORTED)


def unsupported(revision: str, supported: tuple[str, ...]) -> Problem:
    """The refusal of a revision that is not spoken (specification, basic/versioning)."""
    data: JsonObject = {"supported": list(supported), "requested": revision[:80]}
    return Problem(stateless.UNSUPPORTED_VERSION, "Unsupported protocol version", data=data)


def request_headers(
    message: JsonObject, revision: str, parameters: tuple[HeaderParameter, ...] = ()
) -> dict[str, str]:
    """The MCP headers to send with ``message``, in the era of ``revision``.

    ``parameters`` are those of the called tool, see :func:`header_parameters`.
    """
    headers = {"MCP-Protocol-Version": revision}
    method = message.get("method")
    if revision in handshake.REVISIONS or not isinstance(method, str):
        return headers
    headers["Mcp-Method"] = encode_value(method)
    params = message.get("params")
    key = NAMED_BY.get(method)
    if key is None or not isinstance(params, dict):
        return headers
    name = params.get(key)
    if isinstance(name, str):
        headers["Mcp-Name"] = encode_value(name)
    if parameters and method == "tools/call":
        headers.update(param_headers(parameters, params.get("arguments")))
    return headers
