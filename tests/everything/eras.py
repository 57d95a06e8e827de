"""Makes a server that speaks both eras refuse one of them, as servers of the other era do."""

from __future__ import annotations

import json
from typing import Any

STATELESS = "2026-07-28"


def only(eras: str, app: Any) -> Any:
    """``app`` for ``both``, ``handshake`` or ``stateless`` clients."""
    return app if eras == "both" else _Only(eras, app)


class _Only:
    def __init__(self, eras: str, app: Any) -> None:
        self._stateless = eras == "stateless"
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        modern = headers.get(b"mcp-protocol-version", b"").decode() == STATELESS
        if modern is self._stateless:
            await self._app(scope, receive, send)
        else:
            await self._refuse(send)

    async def _refuse(self, send: Any) -> None:
        error: dict[str, Any] = {"code": -32000, "message": "Bad Request: no valid session"}
        if self._stateless:
            data = {"supported": [STATELESS], "requested": "2025-11-25"}
            error = {"code": -32022, "message": "Unsupported protocol version", "data": data}
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
        kind = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 400, "headers": kind})
        await send({"type": "http.response.body", "body": body})
