"""From an approved server to the command that a box can run, held to the code that was approved."""

from __future__ import annotations

from pathlib import Path

from ostiary.approval.start import given_server
from ostiary.gateway.ports import UpstreamFailure
from ostiary.model.approval import Approval
from ostiary.model.outcome import NotChecked
from ostiary.scan.artifact import artifact_of
from ostiary.supply.resolve import Prepared, prepare
from ostiary.surface.pins import Withheld, judge_artifact


class CodeChanged(UpstreamFailure):
    """The code that would run is not the code that was approved."""

    def __init__(self, server: str, problem: Withheld) -> None:
        super().__init__(
            f"{problem.reason}; look at it and run `ostiary approve {server}`",
            sent=False,
            status=503,
        )
        self.problem = problem


def prepared(approval: Approval, cache: Path) -> Prepared:
    """What to run for ``approval``; packages are fetched if they are not in ``cache``.

    Raises :class:`UpstreamFailure` if it cannot be had, or is not the code that was approved.
    """
    server = given_server(approval.server, approval.start)
    found = prepare(server, cache, may_fetch=True)
    if isinstance(found, NotChecked):
        raise UpstreamFailure(f"it cannot be started: {found.reason}", sent=False, status=503)
    problem = judge_artifact(approval, artifact_of(server, found))
    if problem is not None:
        raise CodeChanged(approval.server, problem)
    return found
