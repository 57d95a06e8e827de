"""Programs that others wrote, before and behind the gateway.

Each client lists the tools, calls one, does not see the one that policy denies, and is told why
when it calls that one all the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from everything.serving import TESTS, everything_at
from everything.suite import MODULES, node
from gateway.running import Place, Running, running_gateway
from ostiary.model.approval import Start

EVERYTHING = TESTS / "everything"
ROOT = TESTS.parent
FIRST = ROOT / ".tools" / "first" / "bin" / "python"
INSPECTOR = MODULES / "@modelcontextprotocol" / "inspector" / "clients" / "launcher" / "build"
HIDDEN = "test_error_handling"
POLICY = """
[policy]
preset = "open"
files = ["own.cedar"]
"""
CEDAR = f"""
@id("no-errors")
@text("Tools that only fail are of no use.")
forbid (principal, action in Action::"use", resource)
when {{ resource.name == "{HIDDEN}" }};

@id("no-nagging")
@text("People are not asked for their names.")
@remedy("Ask for something else.")
forbid (principal, action == Action::"call", resource)
when {{
  context.arguments.hasTag("message") && context.arguments.getTag("message") like "*name*"
}};
"""

pytestmark = [
    pytest.mark.skipif(
        not MODULES.exists() or not FIRST.exists(),
        reason="the clients are not installed: run tools/setup.sh test",
    )
]


@dataclass(frozen=True, slots=True)
class Client:
    """One program, and how it is told what to do."""

    name: str
    command: tuple[str, ...]
    stateless: bool = False


SDKS = (
    Client("python-1", (str(FIRST), str(EVERYTHING / "python_first.py"))),
    Client("python-2-handshake", (sys.executable, str(EVERYTHING / "python_second.py"))),
    Client("python-2-stateless", (sys.executable, str(EVERYTHING / "python_second.py")), True),
    Client("typescript-1", (node(), str(EVERYTHING / "sdk_one.mjs"))),
    Client("typescript-2-handshake", (node(), str(EVERYTHING / "sdk_two.mjs"))),
    Client("typescript-2-stateless", (node(), str(EVERYTHING / "sdk_two.mjs")), True),
)
OVER_SSE = tuple(one for one in SDKS if one.name in ("python-1", "typescript-1"))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("clients")
    (folder / "own.cedar").write_text(CEDAR, encoding="utf-8")
    with (
        everything_at() as url,
        running_gateway(folder, {"everything": Start("http", url=url)}, settings=POLICY) as running,
    ):
        yield running


def asked(client: Client, prefix: str = "", **job: Any) -> dict[str, Any]:
    """What the client printed."""
    told = {
        "tool": f"{prefix}test_simple_text",
        "arguments": {},
        "refused": [
            [f"{prefix}{HIDDEN}", {}],
            [f"{prefix}test_elicitation", {"message": "Your name?"}],
        ],
        "stateless": client.stateless,
        **job,
    }
    ran = subprocess.run(
        [*client.command, json.dumps(told)],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found


def check(found: dict[str, Any], prefix: str = "") -> None:
    assert f"{prefix}test_simple_text" in found["tools"]
    assert f"{prefix}{HIDDEN}" not in found["tools"]
    assert "This is a simple text response for testing." in json.dumps(found["called"])
    hidden, denied = (json.dumps(one) for one in found["refused"])
    assert f"Unknown tool: {prefix}{HIDDEN}" in hidden
    assert "no use" not in hidden
    assert "People are not asked for their names." in denied
    assert "Ask for something else." in denied
    assert "no-nagging" in denied


@pytest.mark.parametrize("client", SDKS, ids=lambda one: one.name)
def test_over_streamable_http(gateway: Running, client: Client) -> None:
    found = asked(client, transport="http", url=gateway.endpoint("everything"), token=gateway.token)
    check(found)


@pytest.mark.parametrize("client", SDKS, ids=lambda one: one.name)
def test_over_streamable_http_with_all_servers_joined(gateway: Running, client: Client) -> None:
    found = asked(
        client,
        "everything__",
        transport="http",
        url=gateway.endpoint(),
        token=gateway.token,
    )
    check(found, "everything__")


@pytest.mark.parametrize("client", OVER_SSE, ids=lambda one: one.name)
def test_over_http_with_sse(gateway: Running, client: Client) -> None:
    url = gateway.endpoint("everything", "sse")
    check(asked(client, transport="sse", url=url, token=gateway.token))


@pytest.mark.parametrize("client", SDKS, ids=lambda one: one.name)
def test_over_standard_streams(gateway: Running, client: Client, tmp_path: Path) -> None:
    place = _beside(gateway.place, tmp_path)
    words = [*place.command, "--stdio", "--server", "everything"]
    found = asked(
        client, transport="stdio", command=words[0], args=words[1:], env=place.environment
    )
    check(found)


def _beside(place: Place, folder: Path) -> Place:
    """The same gateway once more, with a record of its own."""
    other = Place(folder)
    other.make(place.settings.read_text(encoding="utf-8"))
    for name in ("ostiary.lock", "own.cedar"):
        (folder / name).write_bytes((place.folder / name).read_bytes())
    key = place.state / "approval-key.pem"
    (other.state / key.name).write_bytes(key.read_bytes())
    (other.state / key.name).chmod(0o600)
    return other


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_the_inspector(gateway: Running, era: str) -> None:
    def inspect(*words: str) -> tuple[int, str]:
        ran = subprocess.run(
            [
                node(),
                str(INSPECTOR / "index.js"),
                "--cli",
                gateway.endpoint("everything"),
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--header",
                f"Authorization: Bearer {gateway.token}",
                "--format",
                "json",
                *words,
            ],
            env={"PATH": os.environ["PATH"], "HOME": str(gateway.place.folder)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    code, listed = inspect("--method", "tools/list")
    assert code == 0, listed
    assert "test_simple_text" in listed
    assert HIDDEN not in listed
    code, called = inspect("--method", "tools/call", "--tool-name", "test_simple_text")
    assert code == 0, called
    assert "This is a simple text response for testing." in called
