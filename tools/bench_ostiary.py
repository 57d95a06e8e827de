"""Our gateway as the benchmark starts it: with everything on, and bare."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from bench_ground import HTTP, STDIO, Ground, http_server, lay, stdio_server
from bench_load import Endpoint
from bench_process import GATEWAY_CORE, LOAD_CORE, Running, free_port, start, wait_for_port
from ostiary.model.approval import Approval

HERE = Path(__file__).parent
OSTIARY = str(Path(sys.executable).with_name("ostiary"))


def up(folder: Path, approvals: Iterable[Approval]) -> tuple[Running, Ground]:
    """``ostiary up`` as a user starts it, everything on."""
    folder.mkdir()
    ground = lay(folder, free_port(), approvals)
    running = start(command(ground), folder / "up.log", core=GATEWAY_CORE)
    wait_for_port(running, ground.port)
    return running, ground


def command(ground: Ground) -> list[str]:
    return [
        OSTIARY, "up", "--settings", str(ground.settings), "--state", str(ground.state),
    ]  # fmt: skip


def endpoint(ground: Ground, server: str = HTTP, *, stateless: bool = False) -> Endpoint:
    return Endpoint(ground.port, f"/mcp/{server}", ground.token, stateless=stateless)


def everything_on(folder: Path, upstream: int) -> tuple[Running, Ground]:
    return up(folder / "on", [http_server(upstream)])


def in_a_box(folder: Path) -> tuple[Running, Endpoint]:
    """Everything on, in front of the echo server, which runs in its box."""
    python = Path(sysconfig.get_config_var("BINDIR")) / f"python{sys.version_info[0]}"
    command = (str(python), "-I", str(HERE / "bench_echo.py"), str(LOAD_CORE))
    running, ground = up(folder / "box", [stdio_server(command, folder / "cache")])
    return running, endpoint(ground, STDIO)


def bare(folder: Path, upstream: int, *, stateless: bool = False) -> tuple[Running, Endpoint]:
    """Everything off."""
    port = free_port()
    running = start(
        [sys.executable, str(HERE / "bench_bare.py"), str(port), str(upstream)],
        folder / f"bare-{port}.log",
        core=GATEWAY_CORE,
    )
    wait_for_port(running, port)
    return running, Endpoint(port, f"/mcp/{HTTP}", stateless=stateless)
