"""Programs that start a server for somebody: one file per family."""

from __future__ import annotations

from ostiary.inventory.runners import containers, deno, languages, node, npm, python, uv
from ostiary.inventory.runners.runner import Runner

RUNNERS: tuple[Runner, ...] = (
    *npm.RUNNERS,
    *uv.RUNNERS,
    *python.RUNNERS,
    *node.RUNNERS,
    *deno.RUNNERS,
    *containers.RUNNERS,
    *languages.RUNNERS,
)

BY_NAME: dict[str, Runner] = {name: one for one in RUNNERS for name in one.names}
