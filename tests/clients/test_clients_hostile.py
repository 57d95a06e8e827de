"""Hostile files and trees: a named "not checked", never a crash, a hang or a step outside."""

from __future__ import annotations

import json
import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from clients.machine import client, entry, look, write
from ostiary.clients.discover import Discovery, discover
from ostiary.clients.formats.document import Unreadable
from ostiary.clients.formats.yaml_text import read_yaml
from ostiary.clients.where import Where, other_home, other_system, this_machine

GOOD = {"mcpServers": {"good": {"command": "x"}}}
OTHER = {".codex/config.toml": '[mcp_servers.c]\ncommand = "x"\n'}


def reasons(found: Discovery) -> str:
    return " | ".join(f"{one.subject}: {one.reason}" for one in found.not_checked)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000, "nested deeper than 200"),
        (b'{"mcpServers": {"a": "\xff"}}', "byte 22 is not valid UTF-8"),
        (b'{"mcpServers": {', "line 1, column 17"),
        (b"\x00" * 1000, "line 1, column 1"),
    ],
)
def test_a_bad_file_is_named_and_costs_no_other(content: bytes, says: str, tmp_path: Path) -> None:
    found = look(write(tmp_path, {".cursor/mcp.json": content, **OTHER}))
    assert says in reasons(found)
    assert found.not_checked[0].file == str(tmp_path / ".cursor/mcp.json")
    assert found.not_checked[0].remedy
    assert client(found, "cursor").files[0].digest is not None
    assert entry(found, "codex", "c").argv == ("x",)


def test_a_file_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {".cursor/mcp.json": "{}"}) / ".cursor/mcp.json"
    with path.open("r+b") as file:
        file.truncate(100 * 1024 * 1024)
    found = look(tmp_path)
    assert "104,857,600 bytes, more than the limit of 33,554,432" in reasons(found)


def test_things_that_are_no_files(tmp_path: Path) -> None:
    for folder in (".cursor", ".codex", ".kiro/settings", ".junie/mcp"):
        (tmp_path / folder).mkdir(parents=True)
    os.mkfifo(tmp_path / ".cursor/mcp.json")
    (tmp_path / ".codex/config.toml").mkdir()
    (tmp_path / ".junie/mcp/mcp.json").symlink_to("/dev/zero")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / ".kiro/settings/mcp.json"))
    found = look(tmp_path)
    listener.close()
    for kind in ("is a named pipe", "is a directory", "is a device", "is a socket"):
        assert kind in reasons(found)


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor/mcp.json").symlink_to("mcp.json")
    (tmp_path / ".kiro").symlink_to(".kiro")
    found = look(tmp_path)
    assert "links lead in a circle" in reasons(found)
    plugins = tmp_path / ".claude/plugins/cache"
    plugins.mkdir(parents=True)
    (plugins / "again").symlink_to("..")
    write(plugins, {"m/.mcp.json": GOOD})
    assert [one.name for one in client(look(tmp_path), "claude-code").entries] == ["good"]


def test_a_dangling_link_is_absent(tmp_path: Path) -> None:
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor/mcp.json").symlink_to("nowhere")
    assert not look(tmp_path).not_checked


def test_a_huge_directory_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.clients.disk.MAX_NAMES", 50)
    write(tmp_path, {f".gemini/extensions/e{n}/x": "" for n in range(60)})
    assert "more than 50 entries" in reasons(look(tmp_path))


def test_a_walk_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.clients.places.MAX_FOLDERS", 20)
    write(tmp_path, {f".claude/plugins/cache/p{n}/x": "" for n in range(40)})
    assert "the walk stopped after 20 directories" in reasons(look(tmp_path))


def test_a_deep_plugin_tree_is_walked_to_a_depth(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 60)
    write(tmp_path, {f".claude/plugins/cache/{deep}/.mcp.json": GOOD, ".claude/x": ""})
    assert client(look(tmp_path), "claude-code").entries == ()


def test_too_many_servers_are_cut_and_told(tmp_path: Path) -> None:
    servers = {f"s{n}": {"command": "x"} for n in range(2_500)}
    found = look(write(tmp_path, {".cursor/mcp.json": {"mcpServers": servers}}))
    assert len(client(found, "cursor").entries) == 2_000
    assert "500 servers beyond the first 2,000 were not read" in reasons(found)


def test_too_many_projects_are_cut_and_told(tmp_path: Path) -> None:
    projects: dict[str, object] = {f"/nowhere/{n}": {} for n in range(400)}
    found = look(write(tmp_path, {".claude.json": {"projects": projects}}))
    assert "400 are known; only 300 were looked into" in reasons(found)


@pytest.mark.parametrize(
    "path", ["", "relative", "//host/share", "\\\\host\\share", "/nul\0byte", "/" + "x" * 5000]
)
def test_odd_project_paths_are_not_followed(path: str, tmp_path: Path) -> None:
    found = look(write(tmp_path, {".claude.json": {"projects": {path: {}}}}))
    assert [one.id for one in found.clients] == ["claude-code"]


def test_what_was_asked_for_and_is_missing_is_named(tmp_path: Path) -> None:
    assert "there is no such home" in reasons(discover(other_home(tmp_path / "no", ())))
    assert "there is no such directory" in reasons(discover(other_system(tmp_path / "no", ())))
    assert "no such project directory" in reasons(look(tmp_path, tmp_path / "no"))


def as_nobody(where: Where) -> list[tuple[str, str]]:
    """What a user without rights finds: a child that gives its own up, and its answer."""
    discover(where)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setgid(65534)
        os.setuid(65534)
        found = [(one.subject, one.reason) for one in discover(where).not_checked]
        os.write(writing, json.dumps(found).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return [(one[0], one[1]) for one in json.loads(text)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_closed_files_and_directories_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("open")
    for parent in (home, *home.parents):
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    write(
        home, {".cursor/mcp.json": GOOD, ".codex/config.toml": "", ".kiro/settings/mcp.json": GOOD}
    )
    (home / ".cursor/mcp.json").chmod(0)
    (home / ".kiro").chmod(0)
    found = as_nobody(this_machine({"HOME": str(home)}, ()))
    assert (str(home / ".cursor/mcp.json"), "permission denied") in found
    assert (str(home / ".kiro"), "permission denied") in found
    home.chmod(0o700)
    assert (str(home), "permission denied") in as_nobody(this_machine({"HOME": str(home)}, ()))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_nobody_makes_a_scanner_with_more_rights_read_for_them(tmp_path: Path) -> None:
    secret = write(tmp_path, {"roots/mcp.json": GOOD}) / "roots/mcp.json"
    secret.chmod(0o600)
    home = tmp_path / "home"
    (home / ".cursor").mkdir(parents=True)
    (home / ".cursor/mcp.json").symlink_to(secret)
    os.chown(home, 65534, 65534)
    found = discover(other_home(home, ()))
    assert "may not read the file that it leads to" in reasons(found)
    assert client(found, "cursor").entries == ()
    secret.chmod(0o644)
    assert entry(discover(other_home(home, ())), "cursor", "good").argv == ("x",)


def test_a_root_is_never_left(tmp_path: Path) -> None:
    """Links of an image lead to places in the image, however they are written."""
    image, host = tmp_path / "image", tmp_path / "host"
    write(host, {"mcp.json": {"mcpServers": {"outside": {"command": "x"}}}})
    write(
        image,
        {
            "home/ann/.keep": "",
            "srv/real.json": {"mcpServers": {"inside": {"command": "x"}}},
            "srv/etc/managed-mcp.json": GOOD,
        },
    )
    home = image / "home/ann"
    for folder in (".cursor", ".kiro/settings", ".junie/mcp", ".warp", ".ai/mcp"):
        (home / folder).mkdir(parents=True)
    (home / ".cursor/mcp.json").symlink_to("/srv/real.json")
    (home / ".kiro/settings/mcp.json").symlink_to("../../../../../../../../srv/real.json")
    (home / ".junie/mcp/mcp.json").symlink_to(host / "mcp.json")
    (home / ".warp/.mcp.json").symlink_to("../../../../host/mcp.json")
    (home / ".ai/mcp/mcp.json").symlink_to("/home/ann/.ai/mcp/other")
    (home / ".ai/mcp/other").symlink_to("mcp.json")
    (image / "etc").mkdir()
    (image / "etc/claude-code").symlink_to("/srv/etc")
    found = discover(other_system(image, ()))
    names = {one.id: [e.name for e in one.entries] for one in found.clients}
    assert names["cursor"] == ["inside"]
    assert names["kiro"] == ["inside"]
    assert names["claude-code"] == ["good"]
    assert "outside" not in str(names)
    assert names.get("junie", []) == []
    assert names.get("warp", []) == []
    assert "/home/ann/.ai/mcp/mcp.json: symbolic links lead in a circle" in reasons(found)
    assert all(one.file.startswith("/") and str(tmp_path) not in one.file
               for each in found.clients for one in each.entries)  # fmt: skip


def test_homes_of_a_root_stay_inside_it(tmp_path: Path) -> None:
    image, host = tmp_path / "image", tmp_path / "host"
    write(host, {"eve/.cursor/mcp.json": {"mcpServers": {"outside": {"command": "x"}}}})
    write(image, {"var/home/ann/.cursor/mcp.json": GOOD, "root/.codex/config.toml": ""})
    (image / "home").symlink_to("/var/home")
    (image / "Users").symlink_to(host)
    where = other_system(image, ())
    found = discover(where)
    assert {one.id for one in found.clients} == {"codex", "cursor"}
    assert client(found, "cursor").homes == ("/home/ann",)
    assert [one.name for one in client(found, "cursor").entries] == ["good"]


def test_projects_of_a_root(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "srv/app/.mcp.json": GOOD,
            "home/ann/code/.cursor/mcp.json": GOOD,
            "home/ann/.claude.json": {"projects": {"/home/ann/code": {}, "/../../etc": {}}},
        },
    )
    found = discover(other_system(tmp_path, [Path("/srv/app")]))
    assert entry(found, "claude-code", "good").project == "/srv/app"
    assert entry(found, "cursor", "good").file == "/home/ann/code/.cursor/mcp.json"


def test_an_image_may_not_use_our_environment(tmp_path: Path) -> None:
    write(tmp_path, {"home/ann/.keep": "", "x/config.toml": '[mcp_servers.a]\ncommand = "x"\n'})
    assert other_system(tmp_path, ()).environment == {}
    assert other_home(tmp_path, ()).environment == {}


def test_the_same_input_gives_the_same_answer(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".cursor/mcp.json": GOOD, ".claude.json": GOOD, ".kiro/settings/mcp.json": b"{", **OTHER},
    )
    assert look(tmp_path) == look(tmp_path)


def test_fifty_files_with_a_hundred_servers_are_read(tmp_path: Path) -> None:
    projects = []
    for number in range(50):
        servers = {f"s{number}-{n}": {"command": "npx", "args": ["-y", "p"]} for n in range(2)}
        projects.append(
            write(tmp_path / f"p{number}", {".cursor/mcp.json": {"mcpServers": servers}})
        )
    found = look(tmp_path, *projects)
    assert len(client(found, "cursor").entries) == 100
    assert not found.not_checked


def test_names_of_directories_never_act_as_patterns(tmp_path: Path) -> None:
    write(tmp_path, {"axb/.cursor/mcp.json": {"mcpServers": {"other": {"command": "x"}}}})
    odd = write(tmp_path / "a*b", {".cursor/mcp.json": GOOD, "x.code-workspace": {}})
    found = look(tmp_path / "home", odd)
    assert [one.name for one in client(found, "cursor").entries] == ["good"]
    home = write(tmp_path / "{user}|{a|b}[x]*", {".cursor/mcp.json": GOOD})
    assert [one.name for one in client(look(home), "cursor").entries] == ["good"]


def test_one_user_does_not_speak_for_another(tmp_path: Path) -> None:
    servers = {"mcpServers": {"a": {"command": "x"}}}
    write(
        tmp_path,
        {
            "home/ann/.gemini/settings.json": {**servers, "mcp": {"excluded": ["a"]}},
            "home/bob/.gemini/settings.json": servers,
            "home/ann/.claude.json": servers,
            "home/bob/.claude.json": servers,
            "home/ann/.claude/settings.json": {"permissions": {"allow": ["mcp__a"]}},
            "home/ann/.config/goose/config.yaml": "GOOSE_MODE: approve\n",
            "home/bob/.config/goose/config.yaml": "x: 1\n",
        },
    )
    found = discover(other_system(tmp_path, ()))
    gemini = {one.file.split("/")[2]: one.enabled for one in client(found, "gemini-cli").entries}
    assert gemini == {"ann": False, "bob": True}
    claude = client(found, "claude-code").entries
    approved = {one.file.split("/")[2]: one.tools.auto_approve_all for one in claude}
    assert approved == {"ann": True, "bob": False}
    modes = {one.file.split("/")[2]: one.bypass for one in client(found, "goose").permissions}
    assert modes == {"ann": False, "bob": True}


@pytest.mark.parametrize(
    "text",
    ["[" + "a," * 260_000 + "]", "- a\n" * 130_000, "- &a 1\n" + "- *a\n" * 100_000],
    ids=["flow", "block", "aliases"],
)
def test_yaml_of_many_values_stops_before_it_costs_memory(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="keys and values"):
            read_yaml(text.encode()[: 512 * 1024])
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    finally:
        tracemalloc.stop()
