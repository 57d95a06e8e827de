"""Request heads: the part that never changes is written once."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary import __version__
from ostiary.gateway.upstream import messages
from ostiary.gateway.upstream.bearer import NONE, Bearer
from ostiary.probe.guarded_http import Place

_OURS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "last-event-id",
        "mcp-protocol-version",
        "mcp-session-id",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
"""Headers that belong to the transport; no setting may give them."""


_PASSED = ("mcp-", "last-event-id")
"""Headers of single requests that are sent; a caller's credentials are never among them."""


class Heads:
    """Heads of requests to one place with one caller's credentials."""

    def __init__(self, where: Place, own: Mapping[str, str], bearer: Bearer = NONE) -> None:
        """``own`` are headers of the settings, ``bearer`` the login that is used where they hold
        no ``Authorization``. Raises :class:`ValueError` for invalid ones."""
        named = any(name.lower() == "authorization" for name in own)
        self.bearer: Bearer = NONE if named else bearer
        given = {name: value for name, value in own.items() if name.lower() not in _OURS}
        self._where = where
        self._shared = (
            f"Host: {where.origin.partition('://')[2]}\r\n"
            f"User-Agent: ostiary/{__version__}\r\n"
            "Accept-Encoding: identity\r\n"
            f"{messages.header_lines(given)}"
        )
        self._post = self._line("POST", where.target) + (
            "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
        )
        self._known: dict[tuple[str, str], str] = {}

    def post(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """A whole POST. Raises :class:`ValueError` for a header that cannot be sent."""
        lines = self._lines(headers)
        head = f"{self._post}{self.bearer.line}{lines}Content-Length: {len(body)}\r\n\r\n"
        return head.encode("latin-1") + body

    def post_to(self, target: str, body: bytes) -> bytes:
        """A whole POST to another target of the same origin, without MCP headers."""
        head = (
            f"{self._line('POST', target)}{self.bearer.line}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("latin-1") + body

    def get(self, headers: Mapping[str, str]) -> bytes:
        """A whole GET that asks for an event stream."""
        line = f"{self._line('GET', self._where.target)}{self.bearer.line}"
        head = f"{line}Accept: text/event-stream\r\n"
        return f"{head}{self._lines(headers)}\r\n".encode("latin-1")

    def delete(self, headers: Mapping[str, str]) -> bytes:
        """A whole DELETE."""
        line = f"{self._line('DELETE', self._where.target)}{self.bearer.line}"
        return f"{line}{self._lines(headers)}\r\n".encode("latin-1")

    def _line(self, method: str, target: str) -> str:
        return f"{method} {target} HTTP/1.1\r\n{self._shared}"

    def _lines(self, headers: Mapping[str, str]) -> str:
        """Headers of one request. Lines that come again and again are checked once."""
        lines = []
        for one in headers.items():
            line = self._known.get(one)
            if line is None:
                line = messages.header_lines(dict([one]))
                if not one[0].lower().startswith(_PASSED):
                    line = ""
                if len(self._known) >= 256:
                    self._known.clear()
                self._known[one] = line
            lines.append(line)
        return "".join(lines)
