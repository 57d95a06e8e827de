"""Runs a gateway until it is told to stop: over HTTP, or over one client's standard streams."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import uvloop

from ostiary.catalogue.failure import LockProblem
from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.limits import Limiter
from ostiary.gateway.downstream.serve import Server, check_tls, server
from ostiary.gateway.downstream.stdio import Stdio, StreamsUnusable, claim_stdout
from ostiary.gateway.encode import encode
from ostiary.gateway.service import Say, Service
from ostiary.gateway.settings import Settings
from ostiary.gateway.strangers import Strangers
from ostiary.identity.process import process_principal
from ostiary.ledger.failure import LedgerUnusable
from ostiary.model.challenge import Challenge
from ostiary.model.principal import Principal
from ostiary.model.setting import BadSetting
from ostiary.policy.rules import BadPolicy

PROBLEMS = (BadSetting, LockProblem, BadPolicy, LedgerUnusable, StreamsUnusable)
"""Why a gateway does not start; each says what to do."""

Ready = Callable[[str], None]
"""Takes the address of the gateway once it answers there."""


_YOUNG = 20_000
"""Objects that may be made before the collector looks for circles: a call makes a hundred or two,
and leaves none."""


def run(serving: Coroutine[None, None, None]) -> None:
    """Run a gateway on the event loop that it is made for."""
    # What was imported lives as long as the process; the collector need not look at it again.
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)
    uvloop.run(serving)


async def serve_http(settings: Settings, cache: Path, say: Say, ready: Ready) -> None:
    """Serve until a signal asks to stop. Raises what :class:`Service` raises."""
    check_tls(settings.gateway)
    listener = _listener(settings)
    try:
        service = Service(settings, cache, say)
    except BaseException:
        listener.close()
        raise
    web = _web(service, settings)

    def stop() -> None:
        web.should_exit = True

    try:
        serving = asyncio.ensure_future(web.serve(sockets=[listener]))
        await _beside(service, serving, stop, lambda: ready(_address(settings, listener)))
    finally:
        await service.close()


async def serve_stdio(
    settings: Settings, cache: Path, say: Say, who: tuple[str, str], server: str
) -> None:
    """Serve the client that started this process until its output ends or a signal asks to stop.

    ``who`` is the user and the name of the client; ``server`` is empty for all servers joined.
    A token in the variable OSTIARY_TOKEN takes the place of the process's own user. Raises what
    :class:`Service` raises, and :class:`~ostiary.gateway.downstream.stdio.StreamsUnusable`.
    """
    sink = claim_stdout()
    service = Service(settings, cache, say)
    try:
        if server and server not in service.standing.upstreams.servers:
            raise BadSetting("--server", f"no approved server is called {server!r}")
        principal = await _process(service, who)
        limits = settings.gateway.limits
        limiter = Limiter(limits, time.monotonic)
        stdio = Stdio(service.relay, principal, server, limits, limiter)
        serving = asyncio.ensure_future(stdio.serve(sys.stdin.buffer, sink))
        await _beside(service, serving, serving.cancel, lambda: None)
    finally:
        await service.close()


async def _beside(
    service: Service,
    serving: asyncio.Future[None],
    stop: Callable[[], object],
    begun: Callable[[], None],
) -> None:
    """Look after ``service`` for as long as it serves; ``stop`` ends serving. Raises what ended
    either of them."""
    watching = asyncio.ensure_future(service.run())
    try:
        with _signals(stop):
            begun()
            await asyncio.wait({watching, serving}, return_when=asyncio.FIRST_COMPLETED)
            stop()
            await asyncio.wait({serving})
            for one in (serving, watching):
                if one.done() and not one.cancelled():
                    one.result()
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _process(service: Service, who: tuple[str, str]) -> Principal:
    token = os.environ.get("OSTIARY_TOKEN", "")
    if not token:
        return process_principal(*who)
    found = await service.identity.verify(f"Bearer {token}", "/mcp", time.time())
    if isinstance(found, Challenge):
        raise BadSetting("OSTIARY_TOKEN", f"this token opens nothing here: {found.reason}")
    return found


def _web(service: Service, settings: Settings) -> Server:
    def metadata(path: str) -> bytes | None:
        found = service.identity.metadata(path)
        return None if found is None else encode(found)

    app = Downstream(
        service.relay,
        service.identity,
        settings.gateway,
        clock=time.time,
        monotonic=time.monotonic,
        token=lambda: secrets.token_urlsafe(24),
        metadata=metadata,
        unready=service.unready,
        unauthenticated=Strangers(service.note, time.time),
    )
    return server(app, settings.gateway)


def _listener(settings: Settings) -> socket.socket:
    chosen = settings.gateway
    try:
        if chosen.unix:
            return _unix(Path(chosen.unix))
        family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((chosen.host, chosen.port))
        listener.listen(2048)
    except OSError as error:
        where = chosen.unix or f"{chosen.host}:{chosen.port}"
        why = error.strerror or error
        raise BadSetting(
            "gateway.listen", f"cannot listen on {where} ({why}); name another place"
        ) from None
    return listener


def _unix(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if path.is_socket():
        if _answers(path):
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        path.unlink()
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(2048)
    return listener


def _answers(path: Path) -> bool:
    """Whether a process listens there: a socket that a killed gateway left behind has none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        trial.settimeout(1)
        try:
            trial.connect(str(path))
        except ConnectionRefusedError:
            return False
        except TimeoutError:
            return True
    return True


def _address(settings: Settings, listener: socket.socket) -> str:
    chosen = settings.gateway
    if chosen.unix:
        return f"unix:{chosen.unix}"
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    scheme = "https" if chosen.tls_certificate else "http"
    return f"{scheme}://{host}:{listener.getsockname()[1]}"


@contextlib.contextmanager
def _signals(stop: Callable[[], object]) -> Iterator[None]:
    """Stop in good order when a person, a supervisor or a closing terminal asks to. What the one
    who started us has switched off (``nohup``) stays so."""
    loop = asyncio.get_running_loop()
    asked = [
        one
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(one) is not signal.SIG_IGN
    ]
    for one in asked:
        loop.add_signal_handler(one, stop)
    try:
        yield
    finally:
        for one in asked:
            loop.remove_signal_handler(one)
