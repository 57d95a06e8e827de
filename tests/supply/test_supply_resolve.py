"""Launch lines become something a box can run, or a reason why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.inventory.launch import understand
from ostiary.model.client import Concealed, Scope, ServerEntry, Setting, Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.supply import interpreters
from ostiary.supply.resolve import Prepared, prepare
from ostiary.supply.withhold import PLACEHOLDER, arguments, is_secret

NODE = interpreters.find("node")


def server(
    *argv: str,
    env: dict[str, str | None] | None = None,
    cwd: str | None = None,
    project: str | None = None,
) -> Server:
    settings = tuple(
        Setting(name, None if value is None else Concealed(value))
        for name, value in (env or {}).items()
    )
    entry = ServerEntry(
        client="test",
        file="/config.json",
        scope=Scope.USER,
        name="one",
        transport=Transport.STDIO,
        argv=argv,
        env=settings,
        cwd=cwd,
        project=project,
    )
    launch = understand(argv, None, Transport.STDIO, tuple(env or {}))
    return Server("0123456789ab", "one", Transport.STDIO, launch, (entry,), " ".join(argv))


def ready(one: Server, tmp_path: Path) -> Prepared:
    answer = prepare(one, tmp_path / "cache", may_fetch=False)
    assert isinstance(answer, Prepared), answer
    return answer


def reason(one: Server, tmp_path: Path) -> str:
    answer = prepare(one, tmp_path / "cache", may_fetch=False)
    assert isinstance(answer, NotChecked), answer
    assert (answer.subject, answer.server) == ("one", "0123456789ab")
    return answer.reason


def script(file: Path, text: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


def test_node_with_a_file_sees_its_project_and_no_more(tmp_path: Path) -> None:
    assert NODE is not None
    file = script(tmp_path / "project/dist/index.js")
    (tmp_path / "project/package.json").write_text("{}")
    found = ready(server("node", "--no-warnings", str(file), "--port", "1"), tmp_path)
    assert found.argv == (str(NODE.program), "--no-warnings", str(file), "--port", "1")
    assert set(found.readable) == {tmp_path / "project", *NODE.readable}


def test_a_script_in_a_home_is_shown_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = script(tmp_path / "server.py")
    found = ready(server(sys.executable, "~/server.py"), tmp_path)
    assert found.argv[1] == str(file)
    assert file in found.readable
    assert tmp_path not in found.readable


def test_a_relative_file_needs_a_working_directory(tmp_path: Path) -> None:
    file = script(tmp_path / "a/server.py")
    assert "depends on a working directory" in reason(server("python3", "server.py"), tmp_path)
    found = ready(server(sys.executable, "server.py", cwd=str(tmp_path / "a")), tmp_path)
    assert (found.argv[1], found.cwd) == (str(file), str(tmp_path / "a"))
    inside = "${workspaceFolder}/server.py"
    found = ready(server(sys.executable, inside, project=str(tmp_path / "a")), tmp_path)
    assert found.argv[1] == str(file)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("docker", "run", "-i", "mcp/time"), "its own container engine"),
        (("podman", "run", "-i", "mcp/time"), "its own container engine"),
        (("deno", "run", "-A", "jsr:@a/b"), "deno fetches its code"),
        (("sh", "-c", "curl x | sh"), "a shell interprets"),
        (("bash", "-c", "cd /x && npx a; rm -rf /"), "a shell interprets"),
        (("npx", "-c", "a; b"), "a shell runs"),
        (("node", "${input:file}"), "only the client fills in"),
        (("node", "/nonexistent/x.js"), "does not exist"),
        (("node",), "names no file"),
        (("no-such-program-7f",), "was not found"),
        (("npx", "-y", "one@1.0.0"), "has not been fetched"),
        (("sh", "-c", "npx -y one@1.0.0"), "has not been fetched"),
        (("uvx", "one==1.0"), "has not been fetched"),
        (("npx", "--registry", "http://x", "one"), "takes packages from elsewhere"),
        (("uvx", "--index-url=http://x", "one"), "takes packages from elsewhere"),
        (("uvx", "git+https://example.com/x"), "built from a repository"),
        (("npx", "/some/folder"), "not the name of an npm package"),
        (("uv", "run", "--directory", "/nonexistent", "x"), "does not exist"),
        (("cargo", "run"), "servers started by cargo"),
    ],
)
def test_what_cannot_be_boxed_says_why(argv: tuple[str, ...], says: str, tmp_path: Path) -> None:
    assert says in reason(server(*argv), tmp_path)


def test_a_plain_command_in_a_shell_needs_no_shell(tmp_path: Path) -> None:
    file = script(tmp_path / "a/server.py")
    found = ready(server("sh", "-c", f"exec {sys.executable} {file} --x"), tmp_path)
    assert found.argv == (sys.executable, str(file), "--x")


def test_a_virtual_environment_shows_itself_and_its_base(tmp_path: Path) -> None:
    home = tmp_path / "project/.venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    script(tmp_path / "project/server.py")
    found = ready(server(str(home / "bin/python"), "-m", "http.server"), tmp_path)
    assert found.argv == (str(home / "bin/python"), "-m", "http.server")
    assert home in found.readable
    base = Path(sys.executable).resolve().parent.parent
    assert base in found.readable or interpreters.in_system(base)
    ran = ready(server("uv", "run", "--directory", str(home.parent), "server.py", "-v"), tmp_path)
    assert ran.argv == (str(home / "bin/python"), str(home.parent / "server.py"), "-v")
    assert "no environment yet" in reason(
        server("uv", "--directory", str(tmp_path), "run", "server.py"), tmp_path
    )


def test_a_program_is_started_by_the_interpreter_it_names(tmp_path: Path) -> None:
    assert NODE is not None
    file = script(tmp_path / "tool/cli.js", "#!/usr/bin/env -S node --no-warnings\n")
    link = tmp_path / "bin/tool"
    link.parent.mkdir()
    link.symlink_to(file)
    found = ready(server(str(link), "--x"), tmp_path)
    assert found.argv == (str(NODE.program), "--no-warnings", str(link), "--x")
    assert {link, tmp_path / "tool"} <= set(found.readable)
    assert tmp_path / "bin" not in found.readable


def test_a_binary_is_shown_alone(tmp_path: Path) -> None:
    binary = tmp_path / "go/bin/server"
    binary.parent.mkdir(parents=True)
    binary.write_bytes(Path("/bin/true").read_bytes())
    binary.chmod(0o755)
    (tmp_path / "go/credentials").write_text("x")
    found = ready(server(str(binary), "serve"), tmp_path)
    assert found.argv == (str(binary), "serve")
    assert found.readable == (binary,)


def test_shims_are_looked_through_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYENV_VERSION", raising=False)
    root = tmp_path / "pyenv"
    marker = tmp_path / "ran"
    script(root / "shims/python3", f"#!/bin/sh\ntouch {marker}\n")
    for version in ("3.9.1", "3.11.2", "3.12.0"):
        script(root / f"versions/{version}/bin/python3")
        (root / f"versions/{version}/lib/python3").mkdir(parents=True)
    (root / "version").write_text("3.11.2\n")
    monkeypatch.setenv("PATH", f"{root}/shims:{os.environ['PATH']}")
    found = interpreters.find("python3")
    assert found is not None
    assert found.program == root / "versions/3.11.2/bin/python3"
    assert found.readable == (root / "versions/3.11.2",)
    (root / "version").unlink()
    newest = interpreters.find("python3")
    assert newest is not None
    assert newest.program == root / "versions/3.12.0/bin/python3"
    assert not marker.exists()


def test_secrets_of_the_configuration_do_not_enter_the_box(tmp_path: Path) -> None:
    file = script(tmp_path / "a/server.py")
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    env = {
        "GITHUB_TOKEN": token,
        "DATABASE_URL": "postgres://u:pw@db/x",
        "LOG_LEVEL": "debug",
        "PORT": "8080",
        "FROM_CLIENT": "${input:key}",
        "UNSET": None,
        "HOME": "/home/me",
        "PATH": "/evil",
        "BASE_URL": "https://api.example.com",
    }
    argv = (sys.executable, str(file), "--api-key", "abcd1234efgh", f"--token={token}", "--mode=x")
    found = ready(server(*argv, env=env), tmp_path)
    text = repr(found)
    assert token not in text
    assert "pw@db" not in text
    assert "abcd1234efgh" not in text
    assert dict(found.env) == {
        "GITHUB_TOKEN": PLACEHOLDER,
        "DATABASE_URL": "postgres://not-given.invalid",
        "LOG_LEVEL": "debug",
        "PORT": "8080",
        "FROM_CLIENT": PLACEHOLDER,
        "UNSET": PLACEHOLDER,
        "BASE_URL": "https://api.example.com",
    }
    assert found.argv[2:] == ("--api-key", PLACEHOLDER, f"--token={PLACEHOLDER}", "--mode=x")
    names = "DATABASE_URL, FROM_CLIENT, GITHUB_TOKEN, UNSET, --api-key, --token"
    assert found.notes == (f"kept out of the box, with a placeholder instead: {names}",)


def test_paths_and_plain_words_are_no_secrets() -> None:
    words = ("--repository", "/home/me/projects/a1b2c3d4e5f6", "--local-timezone", "Europe/Berlin")
    assert arguments(words) == (words, ())
    assert not is_secret("true", "USE_TOKEN")
    assert is_secret("https://host/x?key=1", "")


def test_a_bundle_is_unpacked_and_its_manifest_followed(tmp_path: Path) -> None:
    manifest = {
        "version": "3.0",
        "server": {
            "mcp_config": {
                "command": "node",
                "args": ["${__dirname}/server/index.js"],
                "env": {"KEY": "${user_config.key}", "MODE": "quiet"},
            }
        },
    }
    with zipfile.ZipFile(tmp_path / "one.mcpb", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("server/index.js", "")
    found = ready(server(str(tmp_path / "one.mcpb")), tmp_path)
    assert found.version == "3.0"
    folder = Path(found.argv[1]).parent.parent
    assert folder in found.readable
    assert found.env == (("KEY", PLACEHOLDER), ("MODE", "quiet"))
    (tmp_path / "bad.mcpb").write_text("no zip")
    assert "not a readable zip" in reason(server(str(tmp_path / "bad.mcpb")), tmp_path)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.data())
def test_no_launch_line_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.sampled_from(["npx", "uvx", "node", "python", "uv", "sh", "x.mcpb", ""]))
    folder = tmp_path_factory.getbasetemp() / "any"
    answer = prepare(server(first, *words), folder, may_fetch=False)
    assert isinstance(answer, Prepared | NotChecked)
