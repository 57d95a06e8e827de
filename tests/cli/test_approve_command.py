"""Approving as a person or a pipeline does it: real servers in real boxes, a real lock."""

from __future__ import annotations

import json
import shutil
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from cli.command import Ran, example_servers, ostiary, write
from probe.loopback import Seen, by_hand, reply

HERE = ("--despite", "launch-from-temporary-folder=it is a test")
"""The servers of these tests lie where everybody can write, which alone would stop them."""
SECRET = "ghp_" + "R7qX2mVb9KtLw4Zc8NsYd3HfJ6Pa1GuEo5Ti"


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    return example_servers(tmp_path / "servers")


@pytest.fixture
def home(tmp_path: Path, servers: Path) -> Path:
    entries: dict[str, Any] = {
        name: {"command": "python3", "args": [str(servers / f"{name}.py")]}
        for name in ("weather", "notes", "quotes")
    }
    entries["broken"] = {"command": "python3", "args": [str(servers / "nowhere.py")]}
    write(tmp_path / "home" / ".kiro" / "settings" / "mcp.json", {"mcpServers": entries})
    return tmp_path / "home"


def approve(home: Path, *arguments: str, **more: Any) -> Ran:
    return ostiary("approve", *arguments, *HERE, home=home, **more)


def lock(home: Path) -> Any:
    return json.loads((home / "ostiary.lock").read_text(encoding="utf-8"))


def update(servers: Path) -> None:
    shutil.copy(servers / "quotes" / "later.py", servers / "quotes.py")


@pytest.mark.proves("EN-25", "GW-15")
def test_only_what_somebody_approved_is_in_the_lock(home: Path) -> None:
    before = approve(home, "--json").json
    assert {one["name"] for one in before["waiting"]} == {"broken", "notes", "quotes", "weather"}
    ran = approve(home, "quotes", "--yes", "--owner", "ann", "--reason", "wisdom",
                  "--review-by", "+30d", "--limit", "calls=60", "--group", "staff")  # fmt: skip
    assert ran.code == 0, ran.err
    assert "quotes: approved, 1 item\n" in ran.out
    own = home / ".local" / "state" / "ostiary"
    assert own.stat().st_mode & 0o077 == 0
    one = lock(home)["servers"]["quotes"]
    assert (one["owner"], one["reason"], one["groups"]) == ("ann", "wisdom", ["staff"])
    assert one["limits"] == {"calls_per_minute": 60}
    assert one["artifact"].startswith("file:quotes.py sha256:")
    assert list(one["tools"]) == ["daily_quote"]
    after = approve(home, "--json").json
    assert {one["name"] for one in after["waiting"]} == {"broken", "notes", "weather"}
    assert after["approved"] == ["quotes"]


def test_what_to_do_is_told_in_options_that_there_are(home: Path) -> None:
    ran = approve(home, "broken", "--yes")
    assert ran.code == 3
    line = ("--command", "no-such-program", "--yes")
    assert "install it, then approve it again" in approve(home, "other", *line).out
    ends = write(home.parent / "servers" / "ends.py", "raise SystemExit(3)\n")
    told = approve(home, "ends", "--command", f"python3 {ends}", "--yes")
    assert told.code == 3
    assert "add --allow-network, variables in [servers.ends.env] of ostiary.toml" in told.out
    assert "--grant" not in told.out
    package = ("--command", "uvx mcp-server-nowhere==1.0.0", "--no-fetch", "--yes")
    assert "leave --no-fetch out" in approve(home, "package", *package).out


def test_nothing_starts_and_nothing_is_signed_without_a_yes(home: Path, servers: Path) -> None:
    marker = servers / "started"
    (servers / "quotes.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    ran = approve(home, "quotes")
    assert ran.code == 2
    assert "nothing was started" in ran.err
    assert "start in a box: python3" in ran.err
    assert "quotes.py" in ran.err
    assert not marker.exists()
    assert not (home / "ostiary.lock").exists()
    dry = approve(home, "weather", "--dry-run", "--yes")
    assert "not approved; nothing was signed" in dry.out
    assert not (home / "ostiary.lock").exists()


def test_poisoned_tools_stay_outside_and_the_rest_is_approved(home: Path) -> None:
    ran = approve(home, "weather", "notes", "--yes")
    assert ran.code == 1, ran.err
    found = lock(home)["servers"]
    assert list(found["weather"]["tools"]) == ["get_alerts"]
    left = {one["name"]: one["why"] for one in found["weather"]["left_out"]}
    assert left["get_forecast"].startswith("planted-instruction (critical)")
    hidden = {one["name"]: one["why"] for one in found["notes"]["left_out"]}
    assert hidden["search_notes"].startswith("hidden-characters")
    assert "left out: tool get_forecast" in ran.out
    named = approve(home, "weather", "--without", "get_forecast", "--yes")
    assert named.code == 0


def test_a_finding_can_stand_with_a_reason_that_is_kept(home: Path) -> None:
    ran = approve(
        home, "weather", "--yes", "--despite", "planted-instruction=known, and harmless here",
        "--despite", "sensitive-file-order=same text",
    )  # fmt: skip
    assert ran.code == 0, ran.err + ran.out
    one = lock(home)["servers"]["weather"]
    assert sorted(one["tools"]) == ["get_alerts", "get_forecast"]
    assert {each["rule"]: each["reason"] for each in one["accepted"]} == {
        "launch-from-temporary-folder": "it is a test",
        "planted-instruction": "known, and harmless here",
        "sensitive-file-order": "same text",
    }
    again = approve(home, "weather", "--yes")
    assert again.code == 0
    assert "(accepted)" in again.out
    wrong = approve(home, "weather", "--yes", "--despite", "no-such-rule=why")
    assert wrong.code == 2
    assert "no rule is called so" in wrong.err


@pytest.mark.proves("RD-02", "RD-10")
def test_approving_again_tells_what_changed_and_only_that(home: Path, servers: Path) -> None:
    assert approve(home, "quotes", "--yes").code == 0
    same = approve(home, "quotes", "--yes", "--dry-run")
    assert "nothing changed since it was approved" in same.out
    update(servers)
    ran = approve(home, "quotes", "--yes", "--dry-run", "--json")
    changes = {(one["part"], one["says"]) for one in ran.json["proposals"][0]["changes"]}
    assert any("URL" in says for _, says in changes)
    assert any(part == "tool delete_cache" for part, _ in changes)
    assert any(part == "code" for part, _ in changes)
    told = approve(home, "quotes", "--yes", "--dry-run").out
    assert "changed: tool daily_quote" in told
    assert "left out: tool daily_quote: planted-instruction" in told
    assert lock(home)["serial"] == 1


def test_changed_code_is_approved_alone_only_if_it_shows_the_same(
    home: Path, servers: Path
) -> None:
    assert approve(home, "quotes", "--yes", "--owner", "ann").code == 0
    first = lock(home)["servers"]["quotes"]
    with (servers / "quotes.py").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert approve(home, "quotes", "--artifact-only", "--yes").code == 0
    second = lock(home)["servers"]["quotes"]
    assert second["artifact"] != first["artifact"]
    assert {**second, "artifact": "", "approved_at": ""} == {
        **first, "artifact": "", "approved_at": "",
    }  # fmt: skip
    update(servers)
    refused = approve(home, "quotes", "--artifact-only", "--yes")
    assert refused.code == 2
    assert "shows other things than when it was approved" in refused.err
    assert lock(home)["serial"] == 2


def test_what_a_person_set_stays_with_the_definition(home: Path) -> None:
    ran = approve(home, "quotes", "--yes", "--level", "daily_*=read,send", "--label",
                  "daily_quote=private", "--limit", "seconds=3")  # fmt: skip
    assert ran.code == 0, ran.err
    assert approve(home, "quotes", "--yes").code == 0
    one = lock(home)["servers"]["quotes"]
    assert one["tools"]["daily_quote"]["levels"] == ["read", "send"]
    assert one["tools"]["daily_quote"]["labels"] == ["private"]
    assert one["limits"] == {"answer_seconds": 3.0}
    unknown = approve(home, "quotes", "--yes", "--level", "daily_quote=unknown")
    assert "level unknown, so policy takes the worst: daily_quote" in unknown.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--level", "daily_quote=harmless"], "levels are"),
        (["--level", "daily_quote"], "TOOL=read,write"),
        (["--level", "no_such_tool=read"], "shows nothing called 'no_such_tool'"),
        (["--without", "no_such_tool"], "shows nothing called"),
        (["--only", "weekly_*"], "shows nothing called"),
        (["--label", "daily_quote=BAD!"], "lower-case"),
        (["--despite", "planted-instruction="], "RULE=REASON"),
        (["--limit", "calls=many"], "calls=N"),
        (["--limit", "calls=nan"], "calls=N"),
        (["--limit", "calls=0.5"], "parts of one"),
        (["--review-by", "2020-01-01"], "has passed"),
        (["--review-by", "soon"], "+90d"),
        (["--artifact-only"], "was never approved"),
        (["--as", "Not__OK"], "cannot be the name"),
        (["--command", "x", "--url", "https://y.example"], "exclude each other"),
    ],
)
def test_an_unclear_wish_is_refused_and_nothing_is_signed(
    home: Path, arguments: list[str], says: str
) -> None:
    ran = approve(home, "quotes", "--yes", *arguments)
    assert ran.code == 2, ran.out
    assert says in ran.err
    assert not (home / "ostiary.lock").exists()


def test_a_server_that_cannot_be_looked_at_is_not_approved(home: Path) -> None:
    ran = approve(home, "broken", "quotes", "--yes", "--json")
    assert ran.code == 3
    assert ran.json["approved"] == ["quotes"]
    assert "nowhere.py" in ran.json["not_checked"][0]["reason"]
    assert list(lock(home)["servers"]) == ["quotes"]


def test_a_server_can_be_given_by_its_command_and_under_any_name(home: Path, servers: Path) -> None:
    line = f"python3 {servers / 'quotes.py'}"
    ran = approve(home, "wisdom", "--command", line, "--yes")
    assert ran.code == 0, ran.err
    assert lock(home)["servers"]["wisdom"]["start"]["command"][0] == "python3"
    alike = approve(home, "wis-d0m", "--command", line, "--yes")
    assert alike.code == 2
    assert "too like 'wisdom'" in alike.err


def test_pasted_configuration_is_approved_without_a_client(home: Path, servers: Path) -> None:
    block = {
        "mcpServers": {"My Quotes": {"command": "python3", "args": [str(servers / "quotes.py")]}}
    }
    ran = approve(home, "--from-config", "-", "--yes", stdin=json.dumps(block))
    assert ran.code == 0, ran.err
    assert list(lock(home)["servers"]) == ["my-quotes"]


def test_secrets_stay_out_of_the_lock_and_the_way_to_give_them_is_told(
    home: Path, servers: Path
) -> None:
    entry = {
        "command": "python3",
        "args": [str(servers / "quotes.py")],
        "env": {"GITHUB_TOKEN": SECRET, "LOG_LEVEL": "debug"},
    }
    write(home / ".kiro" / "settings" / "mcp.json", {"mcpServers": {"quotes": entry}})
    ran = approve(home, "quotes", "--yes")
    assert ran.code == 0, ran.err
    text = (home / "ostiary.lock").read_text(encoding="utf-8")
    assert SECRET not in text + ran.out + ran.err
    assert lock(home)["servers"]["quotes"]["start"]["env"] == ["GITHUB_TOKEN", "LOG_LEVEL"]
    assert '"GITHUB_TOKEN" = "env:GITHUB_TOKEN"' in ran.out
    assert '"LOG_LEVEL" = "literal:debug"' in ran.out
    write(
        home / "ostiary.toml",
        '[servers.quotes.env]\nGITHUB_TOKEN = "env:THE_TOKEN"\nLOG_LEVEL = "literal:debug"\n',
    )
    given = approve(home, "quotes", "--yes", environment={"THE_TOKEN": SECRET})
    assert "does not hold" not in given.out
    asked = approve(home, "quotes", environment={"THE_TOKEN": SECRET})
    assert "with values for GITHUB_TOKEN, LOG_LEVEL" in asked.err
    assert SECRET not in (home / "ostiary.lock").read_text(encoding="utf-8") + given.out + given.err
    lacking = approve(home, "quotes", "--yes")
    assert "the variable THE_TOKEN is not set" in lacking.out


def test_a_secret_on_the_command_line_is_refused_with_a_way_out(home: Path, servers: Path) -> None:
    line = f"python3 {servers / 'quotes.py'} --token {SECRET}"
    ran = approve(home, "quotes", "--command", line, "--yes")
    assert ran.code == 2
    assert "environment variable" in ran.err
    url = approve(home, "shop", "--url", f"https://shop.example/mcp?token={SECRET}", "--yes")
    assert url.code == 2
    assert "give it in a header" in url.err
    assert SECRET not in ran.out + ran.err + url.out + url.err


def test_settings_say_how_a_server_is_started(home: Path, servers: Path) -> None:
    write(
        home / "ostiary.toml",
        f"""
        [approvals]
        lock = "team/approved.lock"
        review_days = 0
        [servers.wisdom]
        command = ["python3", "{servers / "quotes.py"}"]
        network = false
        read = ["data"]
        """,
    )
    (home / "data").mkdir()
    assert approve(home, "wisdom", "--yes").code == 0
    found = json.loads((home / "team" / "approved.lock").read_text(encoding="utf-8"))
    assert found["servers"]["wisdom"]["start"]["read"] == [str(home / "data")]
    assert found["servers"]["wisdom"]["review_by"] == ""
    write(home / "ostiary.toml", "[approvals]\nsurprise = 1\n")
    broken = approve(home, "wisdom", "--yes")
    assert broken.code == 2
    assert "approvals.surprise" in broken.err


def test_withdrawing_takes_a_server_out(home: Path) -> None:
    assert approve(home, "quotes", "--yes").code == 0
    asked = approve(home, "quotes", "--withdraw")
    assert asked.code == 2
    assert "quotes" in lock(home)["servers"]
    assert approve(home, "quotes", "--withdraw", "--yes").code == 0
    assert lock(home)["servers"] == {}
    missing = approve(home, "quotes", "--withdraw", "--yes")
    assert missing.code == 2
    assert "is not approved" in missing.err


@pytest.mark.proves("GW-15")
def test_each_decision_is_in_the_record(home: Path) -> None:
    approve(home, "quotes", "--yes", "--reason", "wisdom")
    approve(home, "quotes", "--withdraw", "--yes", "--reason", "enough of it")
    ran = ostiary("log", "query", "--kind", "approval", "--json", home=home)
    rows = [json.loads(line) for line in ran.out.splitlines()]
    told = {row["method"]: row for row in rows}
    assert told["approval/approved"]["why"] == "wisdom"
    assert told["approval/approved"]["server"] == "quotes"
    assert told["approval/withdrawn"]["why"] == "enough of it"
    assert ostiary("log", "verify", home=home).code == 0


def test_nothing_is_approved_that_cannot_be_recorded(home: Path) -> None:
    write(home / ".local" / "state" / "ostiary" / "ledger", "a file where the record should be")
    ran = approve(home, "quotes", "--yes")
    assert ran.code == 2
    assert "could not be recorded" in ran.err
    assert not (home / "ostiary.lock").exists()


def test_a_forged_lock_is_not_built_upon(home: Path) -> None:
    approve(home, "quotes", "--yes")
    text = (home / "ostiary.lock").read_text(encoding="utf-8")
    (home / "ostiary.lock").write_text(text.replace('"read"', '"send"'), encoding="utf-8")
    for arguments in (("weather", "--yes"), (), ("--sign", "--yes"), ("--take-older", "--yes")):
        ran = approve(home, *arguments)
        assert ran.code == 2
        assert "was changed after" in ran.err
    assert "weather" not in (home / "ostiary.lock").read_text(encoding="utf-8")


def test_an_older_lock_is_told_and_taken_only_on_request(home: Path) -> None:
    approve(home, "quotes", "--yes")
    older = (home / "ostiary.lock").read_bytes()
    approve(home, "quotes", "--withdraw", "--yes")
    (home / "ostiary.lock").write_bytes(older)
    ran = approve(home)
    assert ran.code == 2
    assert "somebody put an older lock back" in ran.err
    assert approve(home, "--take-older", "--yes").code == 0
    assert approve(home, "--json").json["approved"] == ["quotes"]


def test_two_people_sign_one_lock(home: Path, tmp_path: Path) -> None:
    key = approve(home, "--show-key").out.strip()
    bob = tmp_path / "bob"
    bob.mkdir()
    own = ostiary("approve", "--show-key", "--json", home=bob).json["key"]
    approve(home, "quotes", "--yes")
    settings = write(
        home / "ostiary.toml",
        f'[approvals]\ntrusted_keys = ["{key}", "{own}"]\nsignatures = 2\n',
    )
    ran = ostiary("approve", "--sign", "--yes", "--settings", settings, home=bob)
    assert ran.code == 0, ran.err
    assert [one["key"] for one in lock(home)["signatures"]] == sorted([key, own])
    again = ostiary("review", "--offline", home=home)
    assert again.code == 0, again.err


def test_hostile_names_cannot_act_on_the_terminal(home: Path, servers: Path) -> None:
    (servers / "quotes.py").write_text(
        "from tiny_mcp import serve, tool\n"
        "serve('q', '1', [tool('a\\x1b[2J\\u202eb', 'Get \\x1b]0;x\\x07 it.', None)])\n",
        encoding="utf-8",
    )
    ran = approve(home, "quotes", "--yes")
    assert ran.code in (0, 1)
    assert not any(char in ran.out + ran.err for char in "\x1b\x07\u202e")
    assert "\u202e" not in (home / "ostiary.lock").read_text(encoding="utf-8")


def test_two_servers_never_share_a_name(home: Path, servers: Path) -> None:
    entries = {
        name: {"command": "python3", "args": [str(servers / f"{file}.py")]}
        for name, file in (("My Quotes", "quotes"), ("my-quotes", "weather"))
    }
    block = json.dumps({"mcpServers": entries})
    ran = approve(home, "--from-config", "-", "--yes", stdin=block)
    assert ran.code == 2
    assert "one by one with --as" in ran.err
    assert not (home / "ostiary.lock").exists()
    one = approve(home, "My Quotes", "--from-config", "-", "--as", "sayings", "--yes", stdin=block)
    assert one.code == 0, one.err
    again = approve(home, "sayings", "sayings", "--yes")
    assert again.code == 0, again.err


def test_a_lost_key_is_no_dead_end(home: Path) -> None:
    approve(home, "quotes", "--yes")
    approve(home, "quotes", "--yes")
    (home / ".local" / "state" / "ostiary" / "approval-key.pem").unlink()
    refused = approve(home, "quotes", "--yes")
    assert refused.code == 2
    assert "move the file away and approve the servers yourself" in refused.err
    (home / "ostiary.lock").unlink()
    assert approve(home, "quotes", "--yes").code == 0
    assert approve(home, "--json").json["approved"] == ["quotes"]


def shop(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
    """A remote server that wants a credential, in the handshake era."""
    if seen.headers.get("authorization") != f"Bearer {SECRET}":
        reply(handler, 401)
        return
    if seen.method != "POST":
        reply(handler, 405)
        return
    asked = json.loads(seen.body)
    result: dict[str, Any] = {}
    if asked["method"] == "initialize":
        result = {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "shop", "version": "1"},
            "instructions": "Ask before you buy.",
        }
    elif asked["method"] == "tools/list":
        schema = {"type": "object", "properties": {}}
        result = {
            "tools": [{"name": "get_price", "description": "Gets it.", "inputSchema": schema}]
        }
    elif "id" not in asked:
        reply(handler, 202)
        return
    elif asked["method"] != "ping":
        refused = {"code": -32601, "message": "no such method"}
        answer = {"jsonrpc": "2.0", "id": asked["id"], "error": refused}
        reply(handler, 200, json.dumps(answer).encode(), Content_Type="application/json")
        return
    answer = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
    reply(handler, 200, json.dumps(answer).encode(), Content_Type="application/json")


def test_a_remote_server_is_approved_with_its_credential_named_and_not_kept(home: Path) -> None:
    (home / "credential").write_text(f"Bearer {SECRET}\n", encoding="utf-8")
    with by_hand(shop) as hand:
        write(
            home / "ostiary.toml",
            f'[servers.shop]\nurl = "{hand.origin}/mcp"\nallow_private = true\n'
            '[servers.shop.headers]\nAuthorization = "file:credential"\n',
        )
        asked = approve(home, "shop")
        assert "with values for Authorization" in asked.err
        assert not hand.seen
        ran = approve(home, "shop", "--yes", "--despite", "plain-http=it is a test")
        assert ran.code == 0, ran.err + ran.out
        same = ostiary("review", "--yes", home=home)
        assert "shows what was approved" in same.out, same.out + same.err
        (home / "credential").write_text("Bearer another\n", encoding="utf-8")
        assert ostiary("review", "--yes", home=home).code == 3
    one = lock(home)["servers"]["shop"]
    assert one["start"]["headers"] == ["Authorization"]
    assert one["instructions"]["text"] == "Ask before you buy."
    assert list(one["tools"]) == ["get_price"]
    text = (home / "ostiary.lock").read_text(encoding="utf-8")
    assert SECRET not in text + ran.out + ran.err + asked.err + same.out
