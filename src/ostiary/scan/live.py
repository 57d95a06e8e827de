"""Starts or calls each server that may be, and records what it declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from ostiary.host.box import BoxSpec, BoxUnavailable, Limits
from ostiary.host.bubblewrap import BoxedServer, Bubblewrap
from ostiary.inventory.naming import names_of
from ostiary.inventory.redact import masked
from ostiary.model.client import Setting
from ostiary.model.outcome import NotChecked
from ostiary.model.server import RunsOn, Server
from ostiary.model.surface import Surface
from ostiary.probe.guarded_http import Reach
from ostiary.probe.launcher import CannotStart
from ostiary.probe.record import ProbeLimits, Target, record
from ostiary.scan.artifact import artifact_of
from ostiary.scan.perform import Progress
from ostiary.scan.request import ScanRequest
from ostiary.supply.resolve import Prepared, prepare
from ostiary.supply.tool import stop_all


@dataclass(frozen=True, slots=True)
class Grants:
    """What one server is allowed while it is recorded."""

    network: bool = False
    env: bool = False
    headers: bool = False
    readable: tuple[Path, ...] = ()


def grants_of(request: ScanRequest, server: Server) -> Grants:
    """The grants of ``request`` that name ``server``."""
    names = names_of(server)
    mine = [one for one in request.grants if one.server in names]
    kinds = {one.what for one in mine}
    paths = tuple(Path(one.path).expanduser().absolute() for one in mine if one.what == "read")
    return Grants("network" in kinds, "env" in kinds, "headers" in kinds, paths)


def connect(
    request: ScanRequest, servers: tuple[Server, ...], progress: Progress
) -> tuple[tuple[Surface, ...], tuple[NotChecked, ...]]:
    """The surfaces of ``servers``, several at once, and why some could not be recorded."""

    running = Running()

    def one(server: Server) -> Surface | NotChecked:
        progress(f"recording {server.name}")
        return _record(request, server, progress, running)

    pool = ThreadPoolExecutor(max_workers=request.jobs)
    waiting = [pool.submit(one, server) for server in servers]
    try:
        answers = [each.result() for each in waiting]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        running.stop()
        wait([each for each in waiting if not each.cancelled()], timeout=_STOPPING)
        raise
    pool.shutdown()
    surfaces = tuple(answer for answer in answers if isinstance(answer, Surface))
    return surfaces, tuple(answer for answer in answers if isinstance(answer, NotChecked))


class Running:
    """What has been started in this scan, so that a person who stops it leaves nothing behind."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._boxes: list[BoxedServer] = []
        self._over = False

    def add(self, box: BoxedServer) -> BoxedServer:
        """Take charge of a box. Raises :class:`CannotStart` once the scan is stopped."""
        with self._lock:
            if not self._over:
                self._boxes.append(box)
                return box
        box.stop()
        raise CannotStart("the scan was stopped")

    def stop(self) -> None:
        """End every box and every package tool; nothing starts after this."""
        with self._lock:
            self._over = True
            boxes = tuple(self._boxes)
        stop_all()
        for box in boxes:
            box.stop()


_STOPPING = 3.0
"""Seconds for the threads of a stopped scan to clear up."""


def _record(
    request: ScanRequest, server: Server, progress: Progress, running: Running
) -> Surface | NotChecked:
    grants = grants_of(request, server)
    limits = ProbeLimits(
        total_seconds=request.seconds, answer_seconds=max(20.0, request.seconds / 2)
    )
    if server.runs_on is RunsOn.REMOTE:
        entry = server.entries[0]
        target = Target(
            key=server.key,
            name=server.name,
            transport=server.transport,
            url=entry.url or "",
            headers=_values(entry.headers) if grants.headers else {},
        )
        answer = record(target, limits, None, Reach(allow_private=request.allow_private))
        return _with(answer, authenticated=bool(target.headers))
    prepared = prepare(server, request.cache, request.fetch, progress)
    if isinstance(prepared, NotChecked):
        return prepared
    target = Target(
        key=server.key,
        name=server.name,
        transport=server.transport,
        argv=prepared.argv,
        env=_environment(server, prepared, grants),
        cwd=prepared.cwd,
    )
    answer = record(target, limits, Boxes(prepared, grants, request.seconds, running), Reach())
    return _with(answer, artifact=artifact_of(server, prepared))


def _with(
    answer: Surface | NotChecked, *, artifact: str = "", authenticated: bool | None = None
) -> Surface | NotChecked:
    if isinstance(answer, NotChecked):
        # Last words of a server may hold any credential, not only those it was given.
        return replace(answer, reason=masked(answer.reason))
    return replace(answer, artifact=artifact, authenticated=authenticated)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Starts one prepared server in a box, with what it was granted and nothing else."""

    prepared: Prepared
    grants: Grants
    seconds: float
    running: Running

    def start(self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None) -> BoxedServer:
        """Start ``argv`` boxed. Raises :class:`CannotStart`."""
        spec = BoxSpec(
            argv=tuple(argv),
            env=env,
            cwd=cwd,
            readable=(*self.prepared.readable, *self.grants.readable),
            network=self.grants.network,
            limits=Limits(wall_seconds=self.seconds + 5),
        )
        try:
            return self.running.add(Bubblewrap().start(spec))
        except BoxUnavailable as error:
            raise CannotStart(str(error), error.remedy) from None


def _environment(server: Server, prepared: Prepared, grants: Grants) -> dict[str, str]:
    env = dict(prepared.env)
    if grants.env:
        env.update(_values(server.entries[0].env))
    return env


def _values(settings: Iterable[Setting]) -> dict[str, str]:
    return {one.name: one.value.reveal() for one in settings if one.value is not None}
