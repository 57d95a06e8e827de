"""The official conformance suite, both frozen sets: our ends alone, then through the gateway.

Server leg: suite → gateway → everything server. Client leg: suite's server ← gateway ← client.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from everything import suite
from everything.behind import under_test
from everything.serving import everything_at
from gateway.running import running_gateway
from ostiary.model.approval import Start

pytestmark = pytest.mark.skipif(
    not suite.SUITE.exists(), reason="the suite is not installed: run tools/setup.sh test"
)


@pytest.mark.parametrize("revision", suite.REVISIONS)
def test_the_everything_server_alone_passes(revision: str) -> None:
    with everything_at() as url:
        found = suite.run_server(url, revision)
    assert suite.short(found, suite.required(revision, "server")) == {}


@pytest.mark.proves("GW-22")
@pytest.mark.parametrize("revision", suite.REVISIONS)
def test_the_server_leg_passes_through_the_gateway(revision: str, tmp_path: Path) -> None:
    with (
        everything_at() as url,
        running_gateway(tmp_path, {"everything": Start("http", url=url)}) as gateway,
    ):
        found = suite.run_server(gateway.endpoint("everything"), revision, gateway.token)
    assert suite.short(found, suite.required(revision, "server")) == {}


@pytest.mark.parametrize("revision", suite.REVISIONS)
def test_the_client_alone_passes(revision: str, tmp_path: Path) -> None:
    with under_test(tmp_path, gateway=False) as (command, environment):
        found = suite.run_client(command, revision, environment)
    assert suite.short(found, suite.required(revision, "client")) == {}


@pytest.mark.proves("GW-22")
@pytest.mark.parametrize("revision", suite.REVISIONS)
def test_the_client_leg_passes_through_the_gateway(revision: str, tmp_path: Path) -> None:
    """In scenarios of authorization, the gateway and who runs it are the client together: they
    log in, and the tested client calls through the gateway."""
    with under_test(tmp_path, gateway=True) as (command, environment):
        found = suite.run_client(command, revision, environment)
    assert suite.short(found, suite.required(revision, "client")) == {}


@pytest.mark.parametrize("revision", suite.REVISIONS)
def test_the_page_tells_the_results(revision: str) -> None:
    page = (suite.ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    servers, clients = (suite.required(revision, leg) for leg in suite.LEGS)
    for leg, way, count in (
        ("server", "gateway before it", len(servers)),
        ("client", "gateway behind it", len(clients)),
    ):
        assert f"| {revision} | {leg} | {way} | {count} of {count} |" in page
