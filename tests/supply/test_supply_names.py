"""Names and versions that become arguments of a tool."""

from __future__ import annotations

import os
import re
import select
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.server import Package, Pin
from ostiary.supply.names import (
    Unacceptable,
    npm_spec,
    program,
    pypi_spec,
    requirement,
    same_python_name,
)
from ostiary.supply.tool import environment, run, tail


@pytest.mark.parametrize(
    ("name", "version", "spec"),
    [
        ("mcp", None, "mcp@latest"),
        ("@scope/mcp", "1.2.3", "@scope/mcp@1.2.3"),
        ("mcp", "^1.0.0 || >=2 <3", "mcp@^1.0.0 || >=2 <3"),
        ("mcp", "next", "mcp@next"),
        ("JSONStream", "1.x", "JSONStream@1.x"),
    ],
)
def test_npm_specs(name: str, version: str | None, spec: str) -> None:
    assert npm_spec(Package("npm", name, version, Pin.UNKNOWN)) == spec


@pytest.mark.parametrize(
    ("version", "spec"),
    [
        (None, "mcp"),
        ("latest", "mcp"),
        ("1.0", "mcp==1.0"),
        (">=1,<2", "mcp>=1,<2"),
        ("~=1.4.2", "mcp~=1.4.2"),
        ("==1.*", "mcp==1.*"),
        ("1.0rc1", "mcp==1.0rc1"),
    ],
)
def test_python_specs(version: str | None, spec: str) -> None:
    assert pypi_spec(Package("pypi", "mcp", version, Pin.UNKNOWN)) == spec


def test_extras_and_requirements() -> None:
    package = Package("pypi", "mcp", "1.0", Pin.EXACT)
    assert pypi_spec(package, ("cli", "ws")) == "mcp[cli,ws]==1.0"
    assert requirement("httpx >= 0.27") == "httpx>= 0.27"
    assert requirement("httpx==0.27") == "httpx==0.27"
    for bad in ("-e .", "httpx @ http://x", "./x", "", "x --index-url=http://y"):
        with pytest.raises(Unacceptable):
            requirement(bad)


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_accepted_reads_as_an_option_a_path_or_an_address(name: str, version: str) -> None:
    package = Package("npm", name, version, Pin.UNKNOWN)
    for make in (npm_spec, pypi_spec):
        with suppress(Unacceptable):
            spec = make(package)
            assert re.match(r"[@A-Za-z0-9]", spec)
            assert "://" not in spec
            assert ".." not in spec.partition("@")[0]
            assert not re.search(r"[\n\r\0;&`$(){}\\:]", spec)
    with suppress(Unacceptable):
        chosen = program(name)
        assert "/" not in chosen
        assert not chosen.startswith("-")


def test_python_names_are_compared_as_the_index_does() -> None:
    assert same_python_name("MCP_Server.Git", "mcp-server-git")
    assert not same_python_name("mcp-server-git", "mcp-server-gitt")


def test_tools_inherit_mirrors_and_proxies_and_no_secrets() -> None:
    given_ = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy:1",
        "PIP_INDEX_URL": "http://mirror/simple",
        "UV_INDEX_CORP_PASSWORD": "p",
        "npm_config_registry": "http://mirror/npm",
        "npm_config_//mirror/npm/:_authToken": "t",
        "AWS_SECRET_ACCESS_KEY": "no",
        "GITHUB_TOKEN": "no",
        "NODE_OPTIONS": "--require=/tmp/evil.js",
        "PIP_NO_BINARY": ":all:",
        "PYTHONPATH": "/tmp/evil",
        "npm_config_ignore_scripts": "false",
        "npm_config_script_shell": "/tmp/evil",
        "LD_PRELOAD": "/tmp/evil.so",
        "UV_PYTHON": "/tmp/evil",
    }
    kept = environment(given_)
    assert set(kept) - {"CI", "GIT_ALLOW_PROTOCOL", "GIT_TERMINAL_PROMPT"} == {
        "PATH", "HTTPS_PROXY", "PIP_INDEX_URL", "UV_INDEX_CORP_PASSWORD", "npm_config_registry",
        "npm_config_//mirror/npm/:_authToken",
    }  # fmt: skip


def test_a_tool_that_takes_too_long_ends_with_what_it_started(tmp_path: Path) -> None:
    script = "sleep 600 & echo $! > child; echo waiting; sleep 600"
    ran = run(["/bin/sh", "-c", script], tmp_path, 0.5, 1024 * 1024)
    assert not ran.works
    assert ran.says == "it took longer than 0.5 s; it last said: waiting"
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(int((tmp_path / "child").read_text()))
        assert select.select([handle], [], [], 10)[0] == [handle]
        os.close(handle)


def test_a_tool_that_is_not_there_is_an_answer(tmp_path: Path) -> None:
    ran = run([str(tmp_path / "absent")], tmp_path, 5, 1024)
    assert not ran.works
    assert "could not be started" in ran.says


def test_lines_told_hold_no_secret_and_no_escape() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    said = tail(f"\x1b[31merror\x1b[0m one\n\nGET https://u:pw12345@host/x\ntoken={token}\n")
    assert said.startswith("error one; GET https://***@host/x; token=")
    assert token not in said
    assert "\x1b" not in said
