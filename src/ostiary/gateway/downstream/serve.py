"""The HTTP server around the application: uvicorn with our connection; its stop ends streams."""

from __future__ import annotations

import socket

import uvicorn

from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.protocol import limited
from ostiary.gateway.downstream.settings import GatewaySettings

_GRACE = 5
"""Seconds that requests in work get when the gateway stops."""


class Server(uvicorn.Server):
    """Serves the application. ``await serve()`` runs until ``should_exit`` is set."""

    def __init__(self, app: Downstream, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.stop()
        await super().shutdown(sockets)


def server(app: Downstream, settings: GatewaySettings) -> Server:
    """A server for ``app``. Signals are the caller's: run ``serve()`` with sockets, or let uvicorn
    bind what the settings say."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        uds=settings.unix or None,
        http=limited(settings.limits),
        loop="uvloop",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        # A warning for each malformed request would let strangers write our log.
        log_level="error",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.limits.idle_seconds,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
        backlog=2048,
    )
    return Server(app, config)
