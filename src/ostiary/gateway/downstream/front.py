"""The front of every HTTP request: headers read once, targets, ``Host`` and ``Origin`` checked
before anything else looks at them.

Sources: RFC 9110 and 9112; MCP 2026-07-28, basic/transports/streamable-http, "Security & Endpoint".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.downstream.settings import GatewaySettings, Limits
from ostiary.wire.mcp_headers import PARAM_PREFIX
from ostiary.wire.stateless import HEADER_MISMATCH

Scope = MutableMapping[str, Any]

_READ = {
    name.encode(): name
    for name in (
        *("host", "origin", "authorization", "content-type", "content-length", "accept"),
        *("transfer-encoding", "upgrade", "content-encoding"),
        *("mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name"),
    )
}
"""The headers that anything depends on. Two of a kind are refused: one reader would take the first
and another the last (CWE-444). Only ``Accept`` may come in parts (RFC 9110, section 5.3)."""
_PARAM = PARAM_PREFIX.encode()
LONGEST_TARGET = 8192
_VISIBLE = re.compile(r"[\x21-\x7e]{1,8192}")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True)
class Front:
    """One request, headers read."""

    method: str
    path: str
    """As sent: nothing is unquoted, because no path of ours needs it."""
    headers: dict[str, str]
    """By lower-case name; only those that are used. Values without white space around them."""
    params: tuple[tuple[str, str], ...]
    """``Mcp-Param-*`` headers, names in lower case."""


def read_front(scope: Scope, limits: Limits) -> Front:
    """The request in an ASGI scope. Raises :class:`Refused`."""
    raw_path: bytes = scope["raw_path"]
    if raw_path[:1] != b"/":
        raise Refused(400, "the request target must be a path")
    size = len(raw_path) + len(scope["query_string"])
    if size > LONGEST_TARGET:
        raise Refused(414, "the request target is too long")
    lines: list[tuple[bytes, bytes]] = scope["headers"]
    if len(lines) > limits.header_count:
        raise Refused(431, "too many headers")
    headers: dict[str, str] = {}
    params: list[tuple[str, str]] = []
    for name, value in lines:
        size += len(name) + len(value)
        known = _READ.get(name)
        if known is not None:
            text = value.decode("latin-1").strip(" \t")
            headers[known] = text if known not in headers else _again(headers, known, text)
        elif name.startswith(_PARAM):
            params.append((name.decode("latin-1"), value.decode("latin-1").strip(" \t")))
    if size > limits.header_bytes:
        raise Refused(431, "the headers are too large")
    if len(dict(params)) != len(params):
        raise Refused(400, "an Mcp-Param header occurs twice", code=HEADER_MISMATCH)
    _refuse_framing(headers)
    return Front(scope["method"], raw_path.decode("latin-1"), headers, tuple(params))


def _again(headers: dict[str, str], name: str, value: str) -> str:
    if name != "accept":
        raise Refused(400, f"the header {name} occurs twice")
    return f"{headers[name]},{value}"


def _refuse_framing(headers: dict[str, str]) -> None:
    """Refuse what two HTTP readers could delimit in two ways (RFC 9112, section 6.3)."""
    coding = headers.get("transfer-encoding")
    if coding is not None and (coding.lower() != "chunked" or "content-length" in headers):
        raise Refused(400, "the length of the request is ambiguous")
    if "upgrade" in headers:
        # What follows would be of another protocol, and the parser reads no body before it.
        raise Refused(400, "no other protocol is spoken here; leave out Upgrade")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "the body must not be compressed")


def is_visible(text: str) -> bool:
    """Whether a session id has only characters that one may have (2025-11-25, "Session
    Management")."""
    return _VISIBLE.fullmatch(text) is not None


class Names:
    """Which ``Host`` and ``Origin`` may be used. Protects from pages whose name was pointed at this
    machine (DNS rebinding, CWE-350) and from pages of other sites."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._hosts = frozenset(settings.allowed_hosts)
        self._origins = frozenset(settings.allowed_origins)
        self._own: dict[int | None, tuple[frozenset[str], frozenset[str]]] = {}

    def check(self, front: Front, port: int | None) -> None:
        """Raises :class:`Refused`. ``port`` is where the request came in; ``None`` on a unix
        socket."""
        hosts, origins = self._own.get(port) or self._own_names(port)
        host = front.headers.get("host", "").lower()
        if host not in hosts and not self._allowed_host(host):
            raise Refused(
                421, "this Host is not served here; gateway.allowed_hosts lists those that are"
            )
        origin = front.headers.get("origin")
        if origin is None or origin.lower() in origins or origin.lower() in self._origins:
            return
        raise Refused(403, "pages of this Origin may not call; see gateway.allowed_origins")

    def _allowed_host(self, host: str) -> bool:
        if host in self._hosts:
            return True
        name, mark, port = host.rpartition(":")
        return bool(mark) and port.isascii() and port.isdigit() and name in self._hosts

    def _own_names(self, port: int | None) -> tuple[frozenset[str], frozenset[str]]:
        """The loopback names at this port, as a Host and as an Origin."""
        usual = {"https": 443, "http": 80}
        scheme = "https" if self._settings.tls_certificate else "http"
        hosts = {f"{name}:{port}" for name in _LOOPBACK_NAMES if port is not None}
        if port is None or port == usual[scheme]:
            hosts.update(_LOOPBACK_NAMES)
        origins = _origins(hosts, scheme) if port is not None else frozenset()
        self._own[port] = frozenset(hosts), origins
        return self._own[port]


def _origins(hosts: Iterable[str], scheme: str) -> frozenset[str]:
    return frozenset(f"{scheme}://{host}" for host in hosts)
