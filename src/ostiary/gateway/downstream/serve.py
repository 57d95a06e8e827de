"""The HTTP server around the application: uvicorn with our connection; its stop ends streams."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import uvicorn

from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.protocol import limited
from ostiary.gateway.downstream.settings import GatewaySettings
from ostiary.model.setting import BadSetting

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


def check_tls(settings: GatewaySettings) -> None:
    """Whether the certificate and its key can be used, before anybody is told to come.
    Raises :class:`~ostiary.model.setting.BadSetting`."""
    if not settings.tls_certificate:
        return
    for name in ("tls_certificate", "tls_key"):
        path = Path(getattr(settings, name))
        try:
            path.open("rb").close()
        except OSError as error:
            raise BadSetting(
                f"gateway.{name}", f"{path} cannot be read ({error.strerror})"
            ) from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.tls_certificate, settings.tls_key, password=lambda: ""
        )
    except ssl.SSLError:
        raise BadSetting(
            "gateway.tls_certificate",
            f"{settings.tls_certificate} and {settings.tls_key} are no certificate in PEM with the "
            "key that belongs to it, without a passphrase",
        ) from None
