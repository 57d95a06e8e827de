"""TLS to a pinned address still asks for, and verifies, the name."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from ostiary.probe.record import Reach
from probe.certificates import listening, self_signed
from probe.loopback import by_hand
from probe.test_probe_http_hostile import always, honest, reason, run, surface


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of ``good.example`` and its key, in one file."""
    return self_signed(tmp_path_factory.mktemp("tls") / "good.pem", "good.example")


def test_the_name_is_asked_for_and_verified_at_the_pinned_address(certificate: Path) -> None:
    names: list[str | None] = []
    context = listening(certificate, names)
    reach = Reach(
        allow_private=True,
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=certificate),
    )
    with by_hand(honest, lambda plain: context.wrap_socket(plain, server_side=True)) as hand:
        port = hand.origin.rpartition(":")[2]
        assert surface(run(f"https://good.example:{port}/", reach)).tools
        assert hand.seen[0].headers["host"] == f"good.example:{port}"
        seen = len(hand.seen)
        assert "certificate verify failed" in reason(run(f"https://other.example:{port}/", reach))
        untrusting = Reach(allow_private=True, resolve=lambda *_: ["127.0.0.1"])
        answer = run(f"https://good.example:{port}/", untrusting)
        assert "certificate verify failed" in reason(answer)
        assert len(hand.seen) == seen
    assert names[0] == "good.example"


def test_https_never_falls_back_to_http(certificate: Path) -> None:
    context = listening(certificate, [])
    reach = Reach(
        allow_private=True,
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=certificate),
    )
    with by_hand(honest) as plain:
        down = always(307, Location=f"{plain.origin}/mcp")
        with by_hand(down, lambda one: context.wrap_socket(one, server_side=True)) as hand:
            port = hand.origin.rpartition(":")[2]
            answer = run(f"https://good.example:{port}/", reach)
        assert not plain.seen
    assert "redirects from https to http://127.0.0.1" in reason(answer)
