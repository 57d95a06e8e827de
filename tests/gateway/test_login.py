"""A gateway that logs in at servers: what works for a user, and what an attacker gets of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx2
import pytest

from cli.command import ostiary
from gateway.approving import approval_of
from gateway.login_command import fetched, login
from gateway.protected import Authority, Protected, authority, protected
from gateway.running import POLICY, Place, Running, started, until
from ostiary.catalogue.logins import LoginFile, login_for
from ostiary.model.approval import Start

SETTINGS = POLICY + '[gateway]\nlisten = "127.0.0.1:0"\n[servers.notes]\nallow_private = true\n'


def place_of(folder: Path, more: str = "") -> Place:
    place = Place(folder)
    place.make(SETTINGS + more)
    return place


def approved(place: Place, server: Protected) -> None:
    """Approve what the server shows to who has logged in."""
    known = login_for(LoginFile(place.state).read(), "notes", server.url)
    token = known.access if known else ""
    place.approve([approval_of("notes", Start("http", url=server.url), place.cache, None, token)])


@contextmanager
def both() -> Iterator[tuple[Authority, Protected]]:
    with authority() as issuer, protected(issuer.issuer, issuer.check) as server:
        yield issuer, server


@contextmanager
def logged_in(folder: Path, more: str = "") -> Iterator[tuple[Authority, Protected, Place]]:
    """A server, its authorization server, and a place that is logged in and has approved it."""
    place = place_of(folder, more)
    with both() as (issuer, server):
        ran = login(place, "notes", "--url", server.url)
        assert ran.code == 0, ran.err
        approved(place, server)
        yield issuer, server, place


def call(gateway: Running, tool: str) -> httpx2.Response:
    """One call in the handshake era, in a session of its own."""
    address = gateway.endpoint("notes")
    accept = {"Accept": "application/json, text/event-stream"}
    with httpx2.Client(headers={**gateway.headers, **accept}, timeout=30) as http:
        first = http.post(address, json=_message("initialize", 1))
        if first.status_code != 200:
            return first
        session = {"Mcp-Session-Id": first.headers["mcp-session-id"]}
        session["MCP-Protocol-Version"] = "2025-11-25"
        told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        http.post(address, json=told, headers=session)
        return http.post(address, json=_message("tools/call", 2, tool), headers=session)


def _message(method: str, ident: int, tool: str = "") -> dict[str, Any]:
    params: dict[str, Any] = {"name": tool, "arguments": {}}
    if method == "initialize":
        client = {"name": "test", "version": "1"}
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": params}


def secrets_of(issuer: Authority) -> set[str]:
    return {*issuer.tokens, *issuer.renewing}


@pytest.mark.proves("GW-34")
def test_the_gateway_holds_the_token_and_the_client_does_not(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (issuer, server, place), started(place) as gateway:
        answer = call(gateway, "read")
        assert answer.json()["result"]["content"][0]["text"] == "did read"
        token = server.seen[-1].removeprefix("Bearer ")
        assert token in issuer.tokens
        assert gateway.token not in "".join(server.seen)
        assert token not in answer.text + json.dumps(dict(answer.headers)) + "".join(gateway.said)
    kept = [path for path in place.state.rglob("*") if path.is_file()]
    for secret in secrets_of(issuer):
        assert not [path for path in kept if secret.encode() in path.read_bytes()]
    assert oct(LoginFile(place.state).path.stat().st_mode & 0o777) == "0o600"


def test_a_person_is_shown_what_it_is_about_and_no_token(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    with both() as (issuer, server):
        ran = login(place, "notes", "--url", server.url)
        assert ran.code == 0, ran.err
        assert ran.shown["authorization_server"] == issuer.issuer
        assert (ran.shown["resource"], ran.shown["scopes"]) == (server.url, ["mcp"])
        assert ran.shown["address"].startswith(f"{issuer.issuer}/authorize?")
        listed = login(place, "--list")
        assert json.loads(listed.out)[0]["scopes"] == ["mcp"]
        said = ran.out + ran.err + listed.out + listed.err
        assert not [one for one in secrets_of(issuer) if one in said]
        request = issuer.asked[0]
        assert request["code_challenge_method"] == "S256"
        assert request["resource"] == server.url == issuer.forms[0]["resource"]
        assert issuer.registered[0]["application_type"] == "native"


@pytest.mark.proves("GW-05")
def test_a_call_beyond_the_scope_says_what_to_do_and_no_more(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (issuer, server, place), started(place) as gateway:
        refused = call(gateway, "write")
        said = refused.text + json.dumps(dict(refused.headers))
        assert "run `ostiary login notes`" in said
        assert "the scope write" in said
        assert "secret words" not in said
        assert "www-authenticate" not in refused.headers
        assert server.origin not in said
        again = login(place, "notes", "--url", server.url)
        assert again.code == 0, again.err
        assert issuer.asked[-1]["scope"].split() == ["mcp", "write"]
        done = call(gateway, "write")
        assert done.json()["result"]["content"][0]["text"] == "did write"
        assert call(gateway, "read").status_code == 200


def test_without_a_login_the_caller_is_told_to_log_in(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (_, _, place):
        assert login(place, "notes", "--forget").code == 0
        with started(place) as gateway:
            assert "run `ostiary login notes`" in call(gateway, "read").text


def test_a_scope_that_was_asked_for_is_not_asked_for_again(tmp_path: Path) -> None:
    """A server that is never content does not send a person round and round."""
    with logged_in(tmp_path) as (issuer, server, place), started(place) as gateway:
        server.checks = lambda token, url: ("mcp",) if issuer.check(token, url) else None
        assert "run `ostiary login notes`" in call(gateway, "write").text
        assert login(place, "notes", "--url", server.url).code == 0
        assert "every" not in issuer.asked[-1]["scope"]
        said = call(gateway, "write").text
        assert "run `ostiary login" not in said
        assert "ask who runs that server" in said
        count = len(issuer.asked)
        assert login(place, "notes", "--url", server.url).code == 0  # it answers: none is needed
        assert len(issuer.asked) == count


def test_a_token_is_renewed_before_it_ends_and_once(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (issuer, server, place):
        known = LoginFile(place.state).read().logins[0]
        with LoginFile(place.state).changing() as book:
            book.put(replace(known, at=time.time() - 60, expires=time.time() + 5))
        with started(place) as gateway:
            until(lambda: len(issuer.forms) > 1)
            until(lambda: LoginFile(place.state).read().logins[0].access != known.access)
            fresh = LoginFile(place.state).read().logins[0]
            assert issuer.forms[-1]["grant_type"] == "refresh_token"
            assert issuer.forms[-1]["resource"] == server.url
            assert fresh.refresh != known.refresh
            assert call(gateway, "read").status_code == 200
            assert server.seen[-1] == f"Bearer {fresh.access}"
            assert len(issuer.forms) == 2


def test_a_token_that_the_server_refuses_is_renewed_within_the_call(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (issuer, server, place), started(place) as gateway:
        assert call(gateway, "read").status_code == 200
        issuer.tokens.clear()
        assert call(gateway, "read").json()["result"]
        assert issuer.forms[-1]["grant_type"] == "refresh_token"
        assert server.seen[-1].removeprefix("Bearer ") in issuer.tokens


def test_a_login_that_ended_is_told_to_operator_and_caller(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (issuer, _, place), started(place) as gateway:
        issuer.tokens.clear()
        issuer.refuses = True
        assert "run `ostiary login notes`" in call(gateway, "read").text
        until(lambda: any("is not renewed any more" in line for line in gateway.said))
        assert LoginFile(place.state).read().logins[0].refresh == ""


def test_the_token_goes_to_no_other_origin_after_the_lock_changed(tmp_path: Path) -> None:
    """CWE-522: a server that moves, or is moved, takes no token with it."""
    with logged_in(tmp_path) as (issuer, server, place):
        with protected(issuer.issuer, lambda token, url: ("mcp",)) as other:
            start = Start("http", url=other.url)
            place.approve([approval_of("notes", start, place.cache, None, "anything")])
            with started(place) as gateway:
                count = len(other.seen)
                call(gateway, "read")
                assert len(other.seen) > count
                assert not [one for one in other.seen[count:] if one]
        assert issuer.check(LoginFile(place.state).read().logins[0].access, server.url)


def moved(address: str, **changes: str) -> str:
    """The address with other parts of its query."""
    parts = urlsplit(address)
    pairs = dict(httpx2.QueryParams(parts.query).items())
    return urlunsplit(parts._replace(query=urlencode({**pairs, **changes})))


def test_an_answer_with_another_state_is_not_used(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    statuses: list[int] = []

    def attacked(address: str) -> None:
        _, location = fetched(address)
        for forged in (
            moved(location, state="of-an-attacker", code="of-an-attacker"),
            location.partition("?")[0] + "?code=of-an-attacker",
            location + "&state=twice",
            location.replace("/callback", "/other"),
        ):
            statuses.append(fetched(forged)[0])
        fetched(location)

    with both() as (issuer, server):
        ran = login(place, "notes", "--url", server.url, browser=attacked)
        assert ran.code == 0, ran.err
        assert statuses == [400, 400, 400, 404]
        assert [one["code"] for one in issuer.forms] != ["of-an-attacker"]
        assert len(issuer.forms) == 1


def wrong_issuer(issuer: Authority, server: Protected) -> None:
    issuer.iss = "https://honest.example"


def no_issuer(issuer: Authority, server: Protected) -> None:
    issuer.iss = None


def slash(issuer: Authority, server: Protected) -> None:
    issuer.iss = issuer.issuer + "/"


def error_of_another(issuer: Authority, server: Protected) -> None:
    issuer.iss, issuer.error = "https://honest.example", "shown_words"


def other_metadata(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"issuer": "https://honest.example"}


def no_pkce(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"code_challenge_methods_supported": None}


def plain_pkce(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"code_challenge_methods_supported": ["plain"]}


def other_resource(issuer: Authority, server: Protected) -> None:
    server.resource = "https://other.example/mcp"


def cloud_metadata(issuer: Authority, server: Protected) -> None:
    server.challenge_metadata = "http://169.254.169.254/latest/meta-data/"


def cloud_token_endpoint(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"token_endpoint": "http://169.254.169.254/token"}


def script_address(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"authorization_endpoint": "javascript:alert(1)//"}


def shell_address(issuer: Authority, server: Protected) -> None:
    issuer.metadata = {"authorization_endpoint": "file:///bin/sh"}


def compressed(issuer: Authority, server: Protected) -> None:
    issuer.coding = "gzip"


ATTACKS = {
    compressed: "compresses its answer",
    wrong_issuer: "RFC 9207",
    no_issuer: "RFC 9207",
    slash: "RFC 9207",
    error_of_another: "RFC 9207",
    other_metadata: "RFC 8414",
    no_pkce: "PKCE",
    plain_pkce: "PKCE",
    other_resource: "another resource",
    cloud_metadata: "instance credentials",
    cloud_token_endpoint: "instance credentials",
    script_address: "no address is guessed",
    shell_address: "no address is guessed",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: str(one.__name__))
def test_no_login_comes_of_an_attack(attack: Any, tmp_path: Path) -> None:
    place = place_of(tmp_path)
    with both() as (issuer, server):
        attack(issuer, server)
        ran = login(place, "notes", "--url", server.url)
        assert ran.code == 2, ran.err
        assert ATTACKS[attack] in ran.err
        assert "shown_words" not in ran.err
        assert not [form for form in issuer.forms if form["grant_type"] == "authorization_code"]
        assert not issuer.tokens
    assert LoginFile(place.state).read().logins == ()


def test_nothing_private_is_called_unless_it_is_allowed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.make(POLICY)
    with both() as (issuer, server):
        ran = login(place, "notes", "--url", server.url)
        assert ran.code == 2
        assert "loopback" in ran.err
        assert not server.seen
        assert not issuer.asked


REGISTERED = (
    '[servers.notes.login]\nclient_id = "by-hand"\nclient_secret = "file:secret"\n'
    'issuer = "{issuer}"\n'
)


@pytest.mark.proves("GW-28")
def test_a_client_registered_by_hand_proves_itself_to_its_issuer_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hand-made-secret\n", encoding="utf-8")
    with both() as (issuer, server), authority() as thief:
        place = place_of(tmp_path, REGISTERED.format(issuer=issuer.issuer))
        assert login(place, "notes", "--url", server.url).code == 0
        assert not issuer.registered
        assert issuer.proofs[0].startswith("Basic ")
        assert b"hand-made-secret" not in LoginFile(place.state).path.read_bytes()
        assert LoginFile(place.state).read().logins[0].registration.secret == ""
        issuer.tokens.clear()
        server.issuer = thief.issuer
        ran = login(place, "notes", "--url", server.url)
        assert ran.code == 2
        assert "register there and change the settings" in ran.err
        assert not thief.registered
        assert not thief.forms
        assert not thief.asked


def test_a_secret_without_an_issuer_is_refused(tmp_path: Path) -> None:
    """Else any server could name an authorization server that is given the secret."""
    text = '[servers.notes.login]\nclient_id = "a"\nclient_secret = "env:S"\n'
    ran = login(place_of(tmp_path, text), "notes", "--url", "https://a.example/mcp")
    assert ran.code != 0
    assert "issuer" in ran.err


@pytest.mark.parametrize("change", ["opened", "tampered", "other key"])
def test_a_file_of_logins_that_cannot_be_trusted_opens_nothing(change: str, tmp_path: Path) -> None:
    with logged_in(tmp_path) as (_, server, place):
        file = LoginFile(place.state).path
        if change == "opened":
            file.chmod(0o644)
        elif change == "tampered":
            data = bytearray(file.read_bytes())
            data[-20] ^= 1
            file.write_bytes(data)
        else:
            (place.state / "logins.key").unlink()
        assert login(place, "--list").code == 2
        with started(place) as gateway:
            count = len(server.seen)
            call(gateway, "read")
            assert not [one for one in server.seen[count:] if one]
            assert any("logins: not used" in line for line in gateway.said)


def test_two_who_change_the_file_do_not_lose_each_others_logins(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (_, _, place):
        file = LoginFile(place.state)
        known = file.read().logins[0]

        async def put(name: str) -> None:
            def change() -> None:
                with file.changing() as book:
                    book.put(replace(known, server=name))

            await asyncio.to_thread(change)

        async def all_at_once() -> None:
            await asyncio.gather(*(put(f"s{number}") for number in range(12)))

        asyncio.run(all_at_once())
        assert len(file.read().logins) == 13
        assert [path.name for path in place.state.glob(".logins.*")] == []


def test_the_missing_part_is_named(tmp_path: Path) -> None:
    """Whoever installed no ``login`` is told so, and nothing else breaks."""
    missing = tmp_path / "missing" / "mcp"
    missing.mkdir(parents=True)
    text = "raise ModuleNotFoundError(\"No module named 'mcp'\", name='mcp')\n"
    (missing / "__init__.py").write_text(text, encoding="utf-8")
    path = {"PYTHONPATH": str(missing.parent)}
    where = ("--url", "https://a.example/mcp")
    ran = ostiary("login", "notes", *where, home=tmp_path, environment=path)
    assert ran.code == 2
    assert "ostiary[login]" in ran.err
    assert ostiary("login", "--list", home=tmp_path, environment=path).code == 0


def test_approving_without_a_login_names_it(tmp_path: Path) -> None:
    with both() as (_, server):
        words = ("--url", server.url, "--allow-private", "--yes")
        ran = ostiary("approve", "notes", *words, home=tmp_path)
        assert "run `ostiary login notes`" in ran.out


def test_approving_looks_with_the_token_and_writes_none(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    with both() as (issuer, server):
        assert login(place, "notes", "--url", server.url).code == 0
        where = ("--settings", place.settings, "--state", place.state)
        words = ("--url", server.url, "--yes", "--reason", "a test")
        ran = ostiary("approve", "notes", *words, *where, home=tmp_path)
        lock = (tmp_path / "ostiary.lock").read_text(encoding="utf-8")
        assert ran.code == 0, ran.err + ran.out
        for secret in secrets_of(issuer):
            assert secret not in ran.out + ran.err + lock
        assert "authorization" not in lock.lower()
        with started(place) as gateway:
            assert call(gateway, "read").json()["result"]
