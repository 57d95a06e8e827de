"""``ostiary token`` as a person uses it."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ostiary.cli.token import command
from ostiary.identity.authenticator import open_identity
from ostiary.identity.settings import IdentitySettings


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--state", str(folder)])


@pytest.mark.proves("GW-04")
def test_a_token_is_issued_listed_used_and_revoked(tmp_path: Path) -> None:
    state = tmp_path / "state"
    words = ("--client", "triage", "--only", "github/*issue*", "--group", "devs")
    made = run(state, "issue", *words, "--expires", "30d")
    assert made.exit_code == 0
    token = made.stdout.strip()
    assert "shown once" in made.stderr
    assert token not in made.stderr
    assert stat.S_IMODE(state.stat().st_mode) == 0o700

    identity = open_identity(IdentitySettings(), state)
    now = time.time()
    principal = identity.known(f"Bearer {token}", now)
    assert principal is not None
    assert (principal.id, principal.only) == ("local:triage", ("github/*issue*",))
    assert (principal.groups, principal.expires is not None) == (("devs",), True)

    listed = run(state, "list")
    assert "only github/*issue*" in listed.stdout
    assert token not in listed.stdout
    (entry,) = json.loads(run(state, "list", "--json").stdout)
    assert (entry["id"], entry["client"]) == (principal.token_id, "triage")
    assert entry["expired"] is False
    assert token not in json.dumps(entry)

    gone = run(state, "revoke", principal.token_id)
    assert gone.stdout == f"revoked {principal.token_id}, issued for triage\n"
    assert identity.known(f"Bearer {token}", now + 1) is None
    assert "nobody comes in" in run(state, "list").stdout


def test_json_holds_the_token_once(tmp_path: Path) -> None:
    said = json.loads(run(tmp_path, "issue", "--client", "ci", "--json").stdout)
    assert said["token"].startswith("ost_")
    assert said["only"] is None
    forever = json.loads(
        run(tmp_path, "issue", "--client", "ci", "--expires=never", "--json").stdout
    )
    assert forever["expires"] is None
    assert "without an end" in run(tmp_path, "list").stdout
    gone = json.loads(run(tmp_path, "revoke", "--client", "ci", "--json").stdout)
    assert {one["id"] for one in gone} == {said["id"], forever["id"]}
    assert "token" not in gone[0]


def test_everything_is_revoked_at_once(tmp_path: Path) -> None:
    for client in ("a", "b"):
        run(tmp_path, "issue", "--client", client)
    assert run(tmp_path, "revoke", "--all").stdout.count("revoked") == 2
    assert run(tmp_path, "revoke", "--all").stdout == "no token was issued\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("issue",), "--client"),
        (("issue", "--client", "a b"), "no name for a client"),
        (("issue", "--client", "a", "--expires", "soon"), "no time to live"),
        (("issue", "--client", "a", "--only", "Git"), "names no server"),
        (("issue", "--client", "a", "--group", "a b"), "no name of a group"),
        (("revoke",), "say which"),
        (("revoke", "x", "--all"), "say which"),
        (("revoke", "x"), "nothing was revoked"),
        (("revoke", "--client", "x"), "nothing was revoked"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    found = run(tmp_path, *words)
    assert found.exit_code != 0
    assert says in found.stderr
    assert not (tmp_path / "tokens.json").exists()


def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{")
    for words in (("list",), ("issue", "--client", "a"), ("revoke", "--all")):
        found = run(tmp_path, *words)
        assert found.exit_code != 0
        assert "is damaged" in found.stderr
    assert (tmp_path / "tokens.json").read_text() == "{"
