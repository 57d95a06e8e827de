"""Logging in by a real OpenID provider: registration, step up, renewal, and the end of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.login_command import LoggedIn, fetched, login
from gateway.protected import Protected, protected
from gateway.running import POLICY, Place, started, until
from gateway.test_login import approved, call
from identity.openid import MODULES, OpenIdProvider, openid_provider
from ostiary.catalogue.logins import LoginFile
from ostiary.model.login import Login

pytestmark = pytest.mark.skipif(
    not (MODULES / "oidc-provider").is_dir(), reason="run tools/setup.sh test"
)
SETTINGS = POLICY + '[gateway]\nlisten = "127.0.0.1:0"\n[servers.notes]\nallow_private = true\n'
BY_HAND = '[servers.notes.login]\nclient_id = "desktop"\nissuer = "{issuer}"\nscopes = ["openid"]\n'


@dataclass
class Scene:
    """A provider, a server that takes its tokens, and a place of a gateway."""

    provider: OpenIdProvider
    server: Protected
    place: Place

    def log_in(self) -> LoggedIn:
        """As Alice, who agrees."""

        def browser(address: str) -> None:
            back = parse_qs(urlsplit(address).query)["redirect_uri"][0]
            fetched(self.provider.log_in(address, "alice", back))

        return login(self.place, "notes", "--url", self.server.url, browser=browser)

    @property
    def kept(self) -> Login:
        return LoginFile(self.place.state).read().logins[0]


@contextmanager
def scene(folder: Path, seconds: int, more: str = "") -> Iterator[Scene]:
    with openid_provider(seconds) as provider:
        keys = KeySet.import_key_set(httpx2.get(f"{provider.issuer}/jwks").json())

        def checks(token: str, resource: str) -> tuple[str, ...] | None:
            try:
                claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
            except (JoseError, ValueError):
                return None
            sound = claims["aud"] == resource and claims["exp"] > time.time()
            return tuple(claims["scope"].split()) if sound else None

        with protected(provider.issuer, checks) as server:
            place = Place(folder)
            place.make(SETTINGS + more.format(issuer=provider.issuer))
            yield Scene(provider, server, place)


@pytest.mark.proves("GW-28", "GW-34")
def test_a_client_that_registers_itself_logs_in_steps_up_and_renews(tmp_path: Path) -> None:
    with scene(tmp_path, seconds=9) as at:
        ran = at.log_in()
        assert ran.code == 0, ran.err
        assert ran.shown["client"] == "dynamic"
        approved(at.place, at.server)
        with started(at.place) as gateway:
            assert call(gateway, "read").json()["result"]["content"][0]["text"] == "did read"
            assert "the scope write" in call(gateway, "write").text
            assert at.log_in().code == 0
            assert {"mcp", "write"} <= set(at.kept.asked)
            assert call(gateway, "write").json()["result"]["content"][0]["text"] == "did write"
            first = at.kept.access
            until(lambda: at.kept.access != first)
            assert call(gateway, "write").json()["result"]
            assert at.server.seen[-1] != f"Bearer {first}"
        said = ran.out + ran.err + "".join(gateway.said)
        assert at.kept.access not in said
        assert at.kept.refresh not in said


def test_a_login_that_was_revoked_ends(tmp_path: Path) -> None:
    with scene(tmp_path, seconds=4) as at:
        ran = at.log_in()
        assert ran.code == 0, ran.err
        approved(at.place, at.server)
        known = at.kept.registration
        at.provider.revoke(at.kept.refresh, (known.client_id, known.secret))
        with started(at.place) as gateway:
            until(lambda: any("is not renewed any more" in line for line in gateway.said))
            until(lambda: time.time() > (at.kept.expires or 0))
            assert "run `ostiary login notes`" in call(gateway, "read").text
            assert at.log_in().code == 0
            assert call(gateway, "read").json()["result"]


def test_a_client_that_was_registered_by_hand_logs_in(tmp_path: Path) -> None:
    with scene(tmp_path, seconds=0, more=BY_HAND) as at:
        ran = at.log_in()
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["logins"][0]["client"] == "settings"
        assert at.kept.registration.client_id == "desktop"
        approved(at.place, at.server)
        with started(at.place) as gateway:
            assert call(gateway, "read").json()["result"]
