"""Other gateways, each started as its own documents say, from its own environment.

``tools/setup.sh bench`` installs them under ``.tools/bench``. One that is missing or does not
start is a line of the table that says so.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_load import ID, Endpoint
from bench_process import (
    GATEWAY_CORE,
    LOAD_CORE,
    NotReady,
    Running,
    free_port,
    start,
    wait_for_port,
)

HOME = Path(__file__).resolve().parent.parent / ".tools" / "bench"
ECHO = Path(__file__).with_name("bench_echo.py")
STDIO_COMMAND = (sys.executable, "-I", "-S", str(ECHO), str(LOAD_CORE))


class NotHere(RuntimeError):
    """The peer is not installed. The message says how to install it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a peer runs and what it stands in front of."""

    folder: Path
    upstream: int
    """Port of the HTTP server behind it."""


Launch = Callable[[Ground], tuple[Running, Endpoint]]


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    launch: Launch
    python: bool = True
    stdio: bool = False
    """Whether the server behind it is spoken to over its standard streams."""


FASTMCP = """
import asyncio, sys
from fastmcp import Client
from fastmcp.server import create_proxy
url, port, shared = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shared"
options = dict(transport="http", port=port, json_response=True, show_banner=False,
               log_level="ERROR")
async def main():
    if not shared:
        return await create_proxy(url).run_async(**options)
    async with Client(url) as client:
        await create_proxy(client).run_async(**options)
asyncio.run(main())
"""


def fastmcp(shared: str) -> Launch:
    def launch(ground: Ground) -> tuple[Running, Endpoint]:
        port = free_port()
        url = f"http://127.0.0.1:{ground.upstream}/mcp"
        command = [_program("fastmcp", "python"), "-c", FASTMCP, url, str(port), shared]
        return _up(command, ground, f"fastmcp-{shared}", port), Endpoint(port)

    return launch


def hangar(ground: Ground) -> tuple[Running, Endpoint]:
    """Called through its tool ``hangar_call``, without its own authentication."""
    port = free_port()
    config = ground.folder / "hangar.json"
    fast = {"rps": 1_000_000, "burst": 1_000_000}
    remote = {"mode": "remote", "endpoint": f"http://127.0.0.1:{ground.upstream}/mcp"}
    written = {"mcp_servers": {"raw": remote}, "rate_limit": {**fast, "per_caller": fast}}
    config.write_text(json.dumps(written), encoding="utf-8")
    running = _up(
        [
            _program("mcp-hangar", "mcp-hangar"), "serve", "--config", str(config),
            "--http", "--port", str(port), "--log-level", "ERROR",
        ],
        ground, "hangar", port, env={"HOME": str(ground.folder)},
    )  # fmt: skip
    call = {"mcp_server": "raw", "tool": "echo", "arguments": {"text": f"hello {ID}"}}
    return running, Endpoint(port, tool="hangar_call", arguments={"calls": [call]})


def contextforge(stateful: str) -> Launch:
    def launch(ground: Ground) -> tuple[Running, Endpoint]:
        """SQLite, no Redis, one worker; its factory rate limit would answer 429."""
        port, name = free_port(), f"contextforge-{stateful}"
        folder = ground.folder / name
        folder.mkdir()
        key = secrets.token_urlsafe(32)
        env = {
            "JWT_SECRET_KEY": key,
            "AUTH_ENCRYPTION_SECRET": secrets.token_urlsafe(32),
            "PLATFORM_ADMIN_EMAIL": "bench@example.com",
            "PLATFORM_ADMIN_PASSWORD": f"Aa1!{secrets.token_urlsafe(16)}",
            "DEFAULT_USER_PASSWORD": f"Aa1!{secrets.token_urlsafe(16)}",
            "BASIC_AUTH_PASSWORD": f"Aa1!{secrets.token_urlsafe(16)}",
            "DATABASE_URL": f"sqlite:///{folder}/mcp.db",
            "CACHE_TYPE": "memory",
            "SSRF_ALLOW_LOCALHOST": "true",
            "SSRF_ALLOW_PRIVATE_NETWORKS": "true",
            "RATE_LIMITING_ENABLED": "false",
            "USE_STATEFUL_SESSIONS": stateful,
            "MCPGATEWAY_SESSION_AFFINITY_ENABLED": stateful,
            "LOG_LEVEL": "ERROR",
            "HOME": str(folder),
        }
        program = _program("contextforge", "mcpgateway")
        command = [program, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        running = _up(command, ground, name, port, env=env, cwd=folder)
        try:
            token = _contextforge_token(key, env, folder)
            server = _contextforge_server(port, token, ground.upstream)
        except Exception:
            running.stop()
            raise
        return running, Endpoint(port, f"/servers/{server}/mcp", token, tool="raw-echo")

    return launch


def _contextforge_token(key: str, env: dict[str, str], folder: Path) -> str:
    command = [
        _program("contextforge", "python"), "-m", "mcpgateway.utils.create_jwt_token",
        "--username", env["PLATFORM_ADMIN_EMAIL"], "--admin", "--exp", "600", "--secret", key,
    ]  # fmt: skip
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=env, cwd=folder, timeout=60
    )
    return done.stdout.split()[-1]


def _contextforge_server(port: int, token: str, upstream: int) -> str:
    def ask(path: str, body: object = None) -> list[dict[str, str]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = json.load(answer)
        return found if isinstance(found, list) else [found]

    url = f"http://127.0.0.1:{upstream}/mcp"
    ask("/gateways", {"name": "raw", "url": url, "transport": "STREAMABLEHTTP"})
    tools = [one["id"] for one in ask("/tools")]
    made = ask("/servers", {"server": {"name": "bench", "associated_tools": tools}})
    return made[0]["id"]


def mcp_proxy(ground: Ground) -> tuple[Running, Endpoint]:
    port = free_port()
    program = _program("mcp-proxy", "mcp-proxy")
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--log-level", "ERROR", "--"]
    return _up([*command, *STDIO_COMMAND], ground, "mcp-proxy", port), Endpoint(port)


def mcp_proxy_npm(ground: Ground) -> tuple[Running, Endpoint]:
    port = free_port()
    program = _program("npm/node_modules", "mcp-proxy", ".bin")
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--server", "stream", "--"]
    return _up([*command, *STDIO_COMMAND], ground, "mcp-proxy-npm", port), Endpoint(port)


def supergateway(ground: Ground) -> tuple[Running, Endpoint]:
    port = free_port()
    command = [
        _program("npm/node_modules", "supergateway", ".bin"), "--stdio", " ".join(STDIO_COMMAND),
        "--outputTransport", "streamableHttp", "--stateful", "--port", str(port),
        "--logLevel", "none",
    ]  # fmt: skip
    return _up(command, ground, "supergateway", port), Endpoint(port)


PEERS = (
    Peer("FastMCP 4.1.2 proxy, one shared session", fastmcp("shared")),
    Peer("FastMCP 4.1.2 proxy, default", fastmcp("default")),
    Peer("mcp-hangar 2.34.4", hangar),
    Peer("ContextForge 1.1.0, sessions kept", contextforge("true")),
    Peer("ContextForge 1.1.0, default", contextforge("false")),
    Peer("mcp-proxy 0.13.0 (PyPI)", mcp_proxy, stdio=True),
    Peer("mcp-proxy 6.7.19 (npm)", mcp_proxy_npm, python=False, stdio=True),
    Peer("supergateway 4.0.0 (npm)", supergateway, python=False, stdio=True),
)


def _program(folder: str, name: str, under: str = "bin") -> str:
    path = HOME / folder / under / name
    if not path.exists():
        raise NotHere("not installed; `tools/setup.sh bench` installs it")
    return str(path)


def _up(
    command: Sequence[str],
    ground: Ground,
    name: str,
    port: int,
    *,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Running:
    log = ground.folder / f"{name}.log"
    running = start(command, log, core=GATEWAY_CORE, env=env, cwd=cwd)
    try:
        wait_for_port(running, port, 60)
    except NotReady:
        running.stop()
        raise
    return running
