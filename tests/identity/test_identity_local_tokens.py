"""Tokens of this gateway: issued, shown once, used, narrowed, revoked, and their file."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.detect.secrets import find
from ostiary.identity.authenticator import Identity, open_identity
from ostiary.identity.issuing import CannotIssue, NoSuchToken, issue, revoke, seconds
from ostiary.identity.settings import IdentitySettings
from ostiary.identity.token import PREFIX, token_from, well_formed
from ostiary.identity.token_file import IssuedToken, TokenFile, UnusableTokens
from ostiary.model.challenge import Challenge
from ostiary.model.principal import Principal, Proof

NOW = 1_800_000_000.0


def make(
    folder: Path,
    client: str = "editor",
    *,
    seconds: float | None = None,
    only: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> tuple[str, IssuedToken]:
    return issue(
        TokenFile(folder),
        client,
        now=NOW,
        random=os.urandom,
        seconds=seconds,
        only=only,
        groups=groups,
    )


def local(folder: Path) -> Identity:
    return open_identity(IdentitySettings(), folder)


def verify(identity: Identity, authorization: str, now: float = NOW) -> Principal | Challenge:
    return asyncio.run(identity.verify(authorization, "/mcp", now))


def refused(found: Principal | Challenge) -> Challenge:
    assert isinstance(found, Challenge), found
    return found


@pytest.mark.proves("EN-19")
def test_nobody_comes_in_without_a_token(tmp_path: Path) -> None:
    identity = local(tmp_path)
    for header in ("", "Bearer x", f"Bearer {token_from(os.urandom(32))}", "Basic YTpi"):
        assert identity.known(header, NOW) is None
        challenge = refused(verify(identity, header))
        assert challenge.status == 401
        name, value = challenge.headers[0]
        assert name == "WWW-Authenticate"
        assert value.startswith('Bearer realm="ostiary"')
        assert "resource_metadata" not in value
    assert identity.metadata("/mcp") is None


def test_a_token_stands_for_its_client(tmp_path: Path) -> None:
    identity = local(tmp_path)
    token, issued = make(tmp_path, groups=("b", "a", "b"))
    found = identity.known(f"Bearer {token}", NOW)
    assert found == Principal(
        id="local:editor",
        proof=Proof.TOKEN,
        name="editor",
        groups=("a", "b"),
        client="editor",
        token_id=issued.id,
    )
    assert verify(identity, f"bearer  {token}") == found
    assert identity.known(f"Bearer {token}", NOW, "/mcp/files") == found


def test_only_a_hash_is_kept(tmp_path: Path) -> None:
    token, issued = make(tmp_path)
    kept = [path.read_bytes() for path in tmp_path.iterdir()]
    assert not [one for one in kept if token.encode() in one or token[4:20].encode() in one]
    assert token not in repr(issued)
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.fresh"))


def test_a_revoked_token_ends_within_a_second_and_the_others_stay(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    identity = open_identity(
        IdentitySettings(), tmp_path, told=lambda word, one: told.append((word, one.id))
    )
    first, gone = make(tmp_path)
    second, _ = make(tmp_path, "ci")
    assert identity.known(f"Bearer {first}", NOW)
    assert identity.known(f"Bearer {second}", NOW)
    assert revoke(TokenFile(tmp_path), ids=(gone.id,)) == (gone,)
    assert identity.known(f"Bearer {first}", NOW + 1) is None
    assert identity.known(f"Bearer {second}", NOW + 1)
    reason = refused(verify(identity, f"Bearer {first}", NOW + 1)).reason
    assert reason == "a token that is unknown or revoked"
    third, late = make(tmp_path)
    assert identity.known(f"Bearer {third}", NOW + 2)
    assert told == [("revoked", gone.id), ("issued", late.id)]


@pytest.mark.parametrize("jump", [-3_600.0, -0.001, 0.25, 3_600.0])
def test_a_clock_that_jumps_delays_no_revocation(tmp_path: Path, jump: float) -> None:
    identity = local(tmp_path)
    token, one = make(tmp_path)
    assert identity.known(f"Bearer {token}", NOW)
    revoke(TokenFile(tmp_path), ids=(one.id,))
    assert identity.known(f"Bearer {token}", NOW + jump) is None


def test_a_token_expires(tmp_path: Path) -> None:
    identity = local(tmp_path)
    token, issued = make(tmp_path, seconds=60)
    assert identity.known(f"Bearer {token}", NOW + 59.9)
    assert identity.known(f"Bearer {token}", NOW + 60) is None
    challenge = refused(verify(identity, f"Bearer {token}", NOW + 60))
    assert challenge.reason == f"token {issued.id} expired"
    assert "expired" not in str(challenge.headers)


def test_a_mistyped_token_is_told_apart(tmp_path: Path) -> None:
    identity = local(tmp_path)
    token, _ = make(tmp_path)
    other = "a" if token[10] == "b" else "b"
    for typo in (token[:-1], token + "0", token[:10] + other + token[11:]):
        challenge = refused(verify(identity, f"Bearer {typo}"))
        assert (challenge.status, challenge.error) == (401, "invalid_token")
        assert "mistyped" in challenge.headers[0][1]
    unknown = refused(verify(identity, f"Bearer {token_from(os.urandom(32))}"))
    assert "mistyped" not in unknown.headers[0][1]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 52), st.sampled_from("0Az_-"))
def test_every_slip_of_one_sign_is_noticed(entropy: bytes, at: int, sign: str) -> None:
    token = token_from(entropy)
    assert token.startswith(PREFIX)
    assert len(token) == 53
    assert well_formed(token)
    changed = token[:at] + sign + token[at + 1 :]
    assert well_formed(changed) == (changed == token)


def test_scanners_find_a_token_that_got_lost() -> None:
    for number in range(50):
        token = token_from(bytes([number]) * 32)
        (found,) = find(f"see https://gate.example/?t={token}.")
        assert (found.kind, found.end - found.start) == ("Ostiary token", len(token))


def test_tokens_do_not_repeat() -> None:
    assert len({token_from(number.to_bytes(32)) for number in range(2_000)}) == 2_000
    with pytest.raises(ValueError, match="32 random bytes"):
        token_from(b"short")


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"form": 2, "tokens": []}',
        '{"form": 1, "tokens": [{}]}',
        '{"form": 1, "form": 1, "tokens": []}',
        # Without its narrowing a token would open everything; without its end it would not end.
        "no only",
        "no expires",
        "no hash",
        "twice",
    ],
)
def test_a_damaged_file_opens_nothing(tmp_path: Path, damage: str) -> None:
    identity = local(tmp_path)
    token, _ = make(tmp_path, seconds=600, only=("files",))
    assert identity.known(f"Bearer {token}", NOW)
    path = tmp_path / "tokens.json"
    content = json.loads(path.read_text())
    if damage.startswith("no "):
        del content["tokens"][0][{"hash": "sha256"}.get(damage[3:], damage[3:])]
        damage = json.dumps(content)
    elif damage == "twice":
        content["tokens"] *= 2
        damage = json.dumps(content)
    path.write_text(damage)
    assert identity.known(f"Bearer {token}", NOW + 1) is None
    challenge = refused(verify(identity, f"Bearer {token}", NOW + 1))
    assert challenge.status == 503
    assert str(path) in challenge.reason
    assert str(path) not in str(challenge.headers)
    with pytest.raises(UnusableTokens):
        make(tmp_path)
    assert path.read_text() == damage


def test_a_file_that_others_can_write_opens_nothing(tmp_path: Path) -> None:
    identity = local(tmp_path)
    token, _ = make(tmp_path)
    (tmp_path / "tokens.json").chmod(0o620)
    assert "others" in refused(verify(identity, f"Bearer {token}")).reason
    (tmp_path / "tokens.json").chmod(0o600)
    assert identity.known(f"Bearer {token}", NOW + 1)


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    real, trap = tmp_path / "real", tmp_path / "trap"
    token, _ = make(real)
    trap.mkdir()
    (trap / "tokens.json").symlink_to(real / "tokens.json")
    assert refused(verify(local(trap), f"Bearer {token}")).status == 503
    with pytest.raises(UnusableTokens):
        make(trap)
    os.mkfifo(tmp_path / "tokens.json")
    assert refused(verify(local(tmp_path), f"Bearer {token}")).status == 503


def test_a_removed_file_ends_all_tokens(tmp_path: Path) -> None:
    identity = local(tmp_path)
    token, _ = make(tmp_path)
    assert identity.known(f"Bearer {token}", NOW)
    (tmp_path / "tokens.json").unlink()
    assert identity.known(f"Bearer {token}", NOW + 1) is None


def test_what_a_crash_left_is_in_nobodys_way(tmp_path: Path) -> None:
    first, _ = make(tmp_path)
    (tmp_path / "tokens.json.fresh").write_text("half a fi")
    second, _ = make(tmp_path, "ci")
    identity = local(tmp_path)
    assert identity.known(f"Bearer {first}", NOW)
    assert identity.known(f"Bearer {second}", NOW)


ISSUER = """
import os, sys, pathlib
from ostiary.identity.issuing import issue
from ostiary.identity.token_file import TokenFile
for at in range(10):
    issue(TokenFile(pathlib.Path(sys.argv[1])), f"{sys.argv[2]}-{at}", now=1.0, random=os.urandom)
"""


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", ISSUER, str(tmp_path), f"writer{number}"])
        for number in range(3)
    ]
    assert [one.wait(60) for one in writers] == [0, 0, 0]
    tokens = TokenFile(tmp_path).read()
    assert len({one.client for one in tokens}) == 30
    assert len({one.id for one in tokens}) == 30


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    token, _ = make(tmp_path)

    def fail() -> None:
        with file.changing() as tokens:
            tokens.clear()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert local(tmp_path).known(f"Bearer {token}", NOW)


def random_bytes() -> Iterator[bytes]:
    yield from (b"a" * 32, b"same", b"b" * 32, b"same", b"diff")


def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    given_bytes = random_bytes()
    ids = [
        issue(TokenFile(tmp_path), "c", now=NOW, random=lambda _: next(given_bytes))[1].id
        for _ in range(2)
    ]
    assert ids == [b"same".hex(), b"diff".hex()]


def test_what_cannot_be_issued_says_why(tmp_path: Path) -> None:
    for client in ("", "a b", "x" * 65, "ed\u0456tor", "../x", "a\nb", "-x"):
        with pytest.raises(CannotIssue, match="no name for a client"):
            make(tmp_path, client)
    with pytest.raises(CannotIssue, match="no name of a group"):
        make(tmp_path, groups=("a\nb",))
    with pytest.raises(CannotIssue, match="names no server"):
        make(tmp_path, only=("GitHub",))
    assert not (tmp_path / "tokens.json").exists()
    with pytest.raises(NoSuchToken, match="nothing was revoked"):
        revoke(TokenFile(tmp_path), ids=("nobody",))


@pytest.mark.parametrize(
    ("text", "value"),
    [("30d", 2_592_000.0), ("12h", 43_200.0), ("90m", 5_400.0), ("2w", 1_209_600.0)],
)
def test_spans_of_time(text: str, value: float) -> None:
    assert seconds(text) == value
    assert seconds("never") is None


@pytest.mark.parametrize("text", ["", "0d", "-1d", "1.5d", "30", "d", "1y", "99999w", "1d ", "٣d"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(CannotIssue, match="no time to live"):
        seconds(text)
