"""Starts or calls each server that may be, and records what it declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary.host.box import BoxSpec, BoxUnavailable, Limits
from ostiary.host.bubblewrap import BoxedServer, Bubblewrap
from ostiary.inventory.naming import names_of
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

    def one(server: Server) -> Surface | NotChecked:
        progress(f"recording {server.name}")
        return _record(request, server, progress)

    with ThreadPoolExecutor(max_workers=request.jobs) as pool:
        answers = list(pool.map(one, servers))
    surfaces = tuple(answer for answer in answers if isinstance(answer, Surface))
    return surfaces, tuple(answer for answer in answers if isinstance(answer, NotChecked))


def _record(request: ScanRequest, server: Server, progress: Progress) -> Surface | NotChecked:
    grants = grants_of(request, server)
    limits = ProbeLimits(total_seconds=request.seconds)
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
    answer = record(target, limits, Boxes(prepared, grants, request.seconds), Reach())
    return _with(answer, artifact=artifact_of(server, prepared))


def _with(
    answer: Surface | NotChecked, *, artifact: str = "", authenticated: bool | None = None
) -> Surface | NotChecked:
    if isinstance(answer, NotChecked):
        return answer
    return replace(answer, artifact=artifact, authenticated=authenticated)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Starts one prepared server in a box, with what it was granted and nothing else."""

    prepared: Prepared
    grants: Grants
    seconds: float

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
            return Bubblewrap().start(spec)
        except BoxUnavailable as error:
            raise CannotStart(str(error), error.remedy) from None


def _environment(server: Server, prepared: Prepared, grants: Grants) -> dict[str, str]:
    env = dict(prepared.env)
    if grants.env:
        env.update(_values(server.entries[0].env))
    return env


def _values(settings: Iterable[Setting]) -> dict[str, str]:
    return {one.name: one.value.reveal() for one in settings if one.value is not None}
