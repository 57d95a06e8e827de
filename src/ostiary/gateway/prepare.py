"""From an approved server to the command that a box can run, held to the code that was approved."""

from __future__ import annotations

from pathlib import Path

from ostiary.gateway.ports import UpstreamFailure
from ostiary.inventory.servers import merge
from ostiary.model.approval import Approval
from ostiary.model.client import Scope, ServerEntry, Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.scan.artifact import artifact_of
from ostiary.supply.resolve import Prepared, prepare
from ostiary.surface.pins import judge_artifact


def server_of(approval: Approval) -> Server:
    """The approved server as a scan would have found it."""
    start = approval.start
    entry = ServerEntry(
        client="ostiary",
        file="ostiary.lock",
        scope=Scope.PROJECT,
        name=approval.server,
        transport=Transport(start.transport),
        argv=start.command,
        url=start.url or None,
        cwd=start.cwd or None,
    )
    return merge([entry])[0]


def prepared(approval: Approval, cache: Path) -> Prepared:
    """What to run for ``approval``; packages are fetched if they are not in ``cache``.

    Raises :class:`UpstreamFailure` if it cannot be had, or is not the code that was approved.
    """
    server = server_of(approval)
    found = prepare(server, cache, may_fetch=True)
    if isinstance(found, NotChecked):
        raise UpstreamFailure(f"it cannot be started: {found.reason}", sent=False, status=503)
    problem = judge_artifact(approval, artifact_of(server, found))
    if problem is not None:
        raise UpstreamFailure(
            f"{problem.reason}; look at it and run `ostiary approve {approval.server}`",
            sent=False,
            status=503,
        )
    return found
