"""Records the surface of one live server: everything it would show a model, or why not."""

from __future__ import annotations

from collections.abc import Callable

from ostiary import __version__
from ostiary.model.client import Transport
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.model.visible import one_line
from ostiary.probe.conversation import converse
from ostiary.probe.failure import EndedAtOnce, ProbeFailure
from ostiary.probe.guarded_http import Reach
from ostiary.probe.launcher import CannotStart, Launcher, RunningServer
from ostiary.probe.limits import Budget, ProbeLimits
from ostiary.probe.stdio import StdioChannel
from ostiary.probe.target import Target
from ostiary.wire.surface import Gathered

__all__ = ["ProbeLimits", "Reach", "Target", "record"]

CLIENT: JsonObject = {"name": "ostiary", "version": __version__}
_BY_URL = (Transport.HTTP, Transport.SSE)


def record(
    target: Target, limits: ProbeLimits, launcher: Launcher | None, reach: Reach
) -> Surface | NotChecked:
    """The surface of ``target``, or the reason why there is none.

    Never raises for anything the server does, and returns within ``limits.total_seconds`` and a
    few seconds to stop the server. Safe to call from several threads at once. ``launcher`` is
    needed for stdio, ``reach`` for HTTP.
    """
    try:
        heard = _heard(target, Budget(limits), launcher, reach)
    except (ProbeFailure, CannotStart) as failure:
        return _not_checked(target, str(failure), failure.remedy)
    except Exception as error:  # noqa: BLE001 - a stranger is on the other side: no answer breaks a scan
        return _not_checked(
            target,
            f"recording failed: {type(error).__name__}: {one_line(str(error))}",
            "report this as a bug, with the server that caused it",
        )
    return heard.surface(target.name, target.key, "live")


def _heard(target: Target, budget: Budget, launcher: Launcher | None, reach: Reach) -> Gathered:
    if target.transport in _BY_URL or (target.transport is Transport.UNKNOWN and target.url):
        # Only remote servers pay for the import of an HTTP client.
        from ostiary.probe.remote import converse_http  # noqa: PLC0415

        return converse_http(target, budget, reach, CLIENT)
    if target.transport in (Transport.STDIO, Transport.UNKNOWN) and target.argv:
        if launcher is None:
            raise CannotStart("there is nothing to start it with")
        return _stdio(target, budget, launcher)
    raise CannotStart(f"a server of the transport {target.transport.value!r} cannot be recorded")


def _stdio(target: Target, budget: Budget, launcher: Launcher) -> Gathered:
    """Both eras first; servers that end on an unknown first request get a second start."""
    try:
        return _started(target, budget, launcher, modern=True)
    except EndedAtOnce:
        if budget.over():
            raise
        heard = _started(target, budget, launcher, modern=False)
        heard.irregular.append("it ends when the first request is server/discover")
        return heard


def _started(target: Target, budget: Budget, launcher: Launcher, *, modern: bool) -> Gathered:
    server = _start(lambda: launcher.start(target.argv, target.env, target.cwd))
    channel = StdioChannel(server, budget, CLIENT, target.mask)
    try:
        return converse(channel, budget, CLIENT, modern=modern)
    finally:
        channel.close()


def _start(start: Callable[[], RunningServer]) -> RunningServer:
    try:
        return start()
    except CannotStart:
        raise
    except Exception as error:  # noqa: BLE001 - a launcher may be anybody's
        remedy = getattr(error, "remedy", "")
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotStart(
            f"it could not be started: {one_line(reason or type(error).__name__)}",
            remedy if isinstance(remedy, str) else "",
        ) from None


def _not_checked(target: Target, reason: str, remedy: str) -> NotChecked:
    return NotChecked(
        subject=f"server {target.name}",
        reason=target.mask(reason),
        remedy=remedy.replace("SERVER:", f"{target.name}:"),
        server=target.name,
    )
