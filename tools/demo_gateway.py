"""The second half of ``make run``: approve servers, bring the gateway up, and come in as a client.

The gateway stays up in the background; the next ``make run`` takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "out" / "gateway"
OSTIARY = str(Path(sys.executable).with_name("ostiary"))
SERVERS = ROOT / "examples" / "servers"
PORT = 7411
SETTINGS = f"""\
# Everything that is not said here has its default: see docs/settings.md.
[gateway]
listen = "127.0.0.1:{PORT}"

[policy]
preset = "read-only"
"""
FINDINGS = 1


def main() -> int:
    stop_the_last()
    lay_out()
    title("1. Approve: each server is run in a box, looked at, and pinned with a signature")
    approve("quotes", f"python3 {PLACE}/servers/quotes.py")
    approve("weather", f"python3 {PLACE}/servers/weather.py")
    approve("time", "uvx mcp-server-time==2026.8.18 --local-timezone UTC")
    title("2. Bring the gateway up, with a token for one client")
    token = ostiary("token", "issue", "--client", "demo", "--state", state()).stdout.split()[0]
    address = start()
    print(f"the gateway listens on {address}")
    title("3. Come in as a client (the Python SDK), list what there is, and call")
    asyncio.run(call(f"{address}/mcp", token))
    title("4. The record: who asked what, what was decided and why; and whether anybody touched it")
    place = ("--ledger", str(PLACE / "state" / "ledger"))
    print(ostiary("log", "query", *place, "--client", "demo", "--limit", "12").stdout)
    done = ostiary("log", "verify", *place)
    print(done.stdout, end="")
    title("The gateway is up. One line for a client")
    print(
        f"  claude mcp add --transport http ostiary {address}/mcp "
        f'--header "Authorization: Bearer {token}"'
    )
    print(
        f"\nstop it: kill {(PLACE / 'pid').read_text()}; look: ostiary log follow {' '.join(place)}"
    )
    return done.returncode


def stop_the_last() -> None:
    """End the gateway of the run before, if it is still up and ours."""
    try:
        number = int((PLACE / "pid").read_text())
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"ostiary" in command and str(PLACE).encode() in command:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        with contextlib.suppress(OSError):
            while Path(f"/proc/{number}").exists() and b"Z" not in status(number):
                os.sched_yield()


def status(number: int) -> bytes:
    return Path(f"/proc/{number}/stat").read_bytes().rpartition(b")")[2].split()[0]


def lay_out() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "servers").mkdir(parents=True)
    for name in ("tiny_mcp.py", "weather.py"):
        shutil.copy(SERVERS / name, PLACE / "servers" / name)
    shutil.copy(SERVERS / "quotes" / "first.py", PLACE / "servers" / "quotes.py")
    (PLACE / "ostiary.toml").write_text(SETTINGS, encoding="utf-8")


def approve(name: str, command: str) -> None:
    done = ostiary(
        "approve", name, "--command", command, "--reason", "make run",
        "--read", str(PLACE / "servers"), "--yes",
        # A checkout may lie in a temporary folder, which is a finding of its own.
        "--despite", "launch-from-temporary-folder=the demonstration's own servers",
        "--settings", str(PLACE / "ostiary.toml"), "--state", state(),
    )  # fmt: skip
    print(done.stdout.rstrip())
    if done.returncode not in (0, FINDINGS):
        print(done.stderr.rstrip())


def start() -> str:
    log = (PLACE / "gateway.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [OSTIARY, "up", "--settings", str(PLACE / "ostiary.toml"), "--state", state(), "--json"],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
        cwd=PLACE,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit((PLACE / "gateway.log").read_text(encoding="utf-8"))
    (PLACE / "pid").write_text(str(process.pid), encoding="utf-8")
    address: str = json.loads(line)["listening"]
    return address


async def call(url: str, token: str) -> None:
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    async with Client(streamable_http_client(url, http_client=http)) as client:
        listed = await client.list_tools()
        print("tools listed:", ", ".join(tool.name for tool in listed.tools))
        await tell(client, "quotes__daily_quote", {"topic": "doors"})
        await tell(client, "time__get_current_time", {"timezone": "UTC"})
        await tell(client, "weather__get_forecast", {"city": "Oslo", "sidenote": "..."})


async def tell(client: Any, name: str, arguments: dict[str, str]) -> None:
    print(f"\ncall {name}")
    try:
        result = await client.call_tool(name, arguments)
    except Exception as error:  # noqa: BLE001 - whatever the gateway says is what is shown
        print(f"  -> {error}")
        return
    for block in result.content:
        print("  -> " + str(getattr(block, "text", block)).replace("\n", "\n     "))


def ostiary(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([OSTIARY, *words], capture_output=True, text=True, check=False, cwd=PLACE)


def state() -> str:
    return str(PLACE / "state")


def title(text: str) -> None:
    print(f"\n== {text}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
