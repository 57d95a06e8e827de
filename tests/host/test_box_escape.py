"""A hostile server tries to read, to reach and to write what is outside its box."""

from __future__ import annotations

import json
import os
import select
import socket
from pathlib import Path

import pytest

from host.boxing import HOSTILE, PREFIX, PYTHON, Boxes, answer, spec
from ostiary.host.box import BoxSpec

SECRET = "planted-5f1d0c7e"


def plant(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SECRET)
    return str(file)


def nothing_leaked(found: dict[str, str]) -> None:
    assert SECRET not in json.dumps(found)
    assert [one for one in found.values() if one.startswith("got")] == []


def only_the_way_in(*given: Path) -> dict[str, str]:
    """How homes must look: of the folders above what was given, nothing but the way there."""
    names: dict[Path, set[str]] = {Path("/home"): {"box"}}
    for path in given:
        for folder in path.parents:
            if Path("/home") in (folder, *folder.parents):
                names.setdefault(folder, set()).add(path.relative_to(folder).parts[0])
    inside = [folder for folder in names if any(one in (folder, *folder.parents) for one in given)]
    return {
        str(folder): f"got {sorted(names[folder])!r}" for folder in names if folder not in inside
    }


def test_keys_and_password_files_are_not_there(start: Boxes, tmp_path: Path) -> None:
    key = plant(tmp_path / "home/.ssh/id_ed25519")
    home = Path.home()
    paths = [key, str(home / ".ssh/id_rsa"), str(home / ".bashrc"), str(home / ".profile")]
    found = answer(start("read", *paths, "/etc/shadow", "/etc/machine-id", "/proc/kcore"))
    nothing_leaked({path: said for path, said in found.items() if path != "/proc/kcore"})
    assert found["/proc/kcore"] in ("got b''", "PermissionError", "FileNotFoundError")


def test_homes_sockets_and_system_folders_are_not_there(start: Boxes, tmp_path: Path) -> None:
    nothing_leaked(answer(start("listing", "/var", "/run", "/sys", "/mnt", "/boot", str(tmp_path))))
    home = Path.home()
    expected = only_the_way_in(HOSTILE, PREFIX)
    seen = answer(start("listing", "/etc", str(home), str(home / ".ssh"), *expected))
    assert {folder: seen[folder] for folder in expected} == expected
    assert "'shadow'" not in seen["/etc"]
    assert "'ssh'" not in seen["/etc"]
    assert seen[str(home / ".ssh")] == "FileNotFoundError"


def test_users_are_stubs(start: Boxes) -> None:
    found = answer(start("read", "/etc/passwd"))
    assert found["/etc/passwd"].count(":box:/home/box:") == 1
    assert "root" not in found["/etc/passwd"]


@pytest.mark.parametrize("place", ["environment", "command line"])
def test_the_scanners_environment_is_not_there(
    start: Boxes, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("OSTIARY_TEST_TOKEN", SECRET)
    found = answer(start("environments"))
    own = json.loads(found.pop("own"))
    assert SECRET not in json.dumps(found)
    assert set(own) <= {
        "HOME", "LANG", "LC_CTYPE", "LOGNAME", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "TMPDIR",
        "USER",
    }  # fmt: skip
    assert own["HOME"] == "/home/box"


def test_variables_given_to_the_box_are_not_on_any_command_line(start: Boxes) -> None:
    wanted = spec("stay")
    box = start.start(
        BoxSpec(wanted.argv, {"GIVEN": SECRET}, readable=wanted.readable, limits=wanted.limits)
    )
    box.stdout.read(1)
    lines = [entry.read_bytes() for entry in Path("/proc").glob("[0-9]*/cmdline") if entry.exists()]
    assert not [line for line in lines if SECRET.encode() in line]


def test_other_processes_cannot_be_seen_or_touched(start: Boxes) -> None:
    found = answer(start("processes", str(os.getpid())))
    seen = json.loads(found["seen"])
    assert len(seen) <= 3
    assert os.getpid() not in seen or max(seen) < 10
    assert found["kill"] in ("ProcessLookupError", "PermissionError")
    assert found["root"] in ("PermissionError", "got ['bin', 'dev', 'etc', 'home']") or (
        SECRET not in found["root"]
    )
    assert found["ptrace"] == "Operation not permitted"


def test_dangerous_system_calls_are_refused(start: Boxes) -> None:
    found = answer(start("calls"))
    refused = "Operation not permitted"
    absent = "Function not implemented"
    assert found == {
        "unshare user": refused,
        "clone user": refused,
        "clone3": absent,
        "mount": refused,
        "umount": refused,
        "chroot": refused,
        "keyctl": refused,
        "bpf": refused,
        "perf": refused,
        "userfaultfd": refused,
        "io_uring": absent,
        "memfd": absent,
        "setns": refused,
        "module": refused,
        "unknown": absent,
        "packet": "OSError",
        "vsock": "OSError",
        "netlink": "PermissionError",
        "setuid": found["setuid"],
    }
    assert not found["setuid"].startswith("got")


def test_calls_in_another_numbering_end_the_box(start: Boxes) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("only x86_64 has a second numbering")
    box = start("foreign_calls")
    assert box.stdout.read() == b""
    assert box.ended() in ("was killed by SIGSYS", "was killed by SIGSEGV")


def test_no_network_not_even_this_machines(start: Boxes, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        udp.bind(("127.0.0.1", 0))
        abstract.bind("\0ostiary-test-abstract")
        abstract.listen()
        unix.bind(str(tmp_path / "socket"))
        unix.listen()
        ports = (str(tcp.getsockname()[1]), str(udp.getsockname()[1]))
        box = start("network", *ports, "ostiary-test-abstract", str(tmp_path / "socket"))
        found = answer(box)
        reached, _, _ = select.select([tcp, udp, abstract, unix], [], [], 0)
    assert reached == []
    assert [name for name, said in found.items() if said.startswith("got") and name != "udp"] == []


def test_nothing_outside_can_be_written(start: Boxes, tmp_path: Path) -> None:
    given = tmp_path / "project"
    plant(given / "server.py")
    paths = ["/x", "/usr/x", "/etc/x", "/etc/passwd", "/dev/x", "/proc/sys/kernel/core_pattern"]
    paths += ["/proc/sysrq-trigger", "/home/x", str(HOSTILE), str(given / "server.py")]
    paths += [str(given / "x"), str(Path.home() / ".ostiary-test"), str(PREFIX / "x")]
    nothing_leaked(answer(start("write", *paths, also=(given,))))
    assert (given / "server.py").read_text() == SECRET
    assert sorted(one.name for one in given.iterdir()) == ["server.py"]


def test_private_folders_are_bounded(start: Boxes) -> None:
    size = 4 * 1024 * 1024
    limits = spec("fill").limits.__class__(wall_seconds=20, file_bytes=size)
    found = answer(start("fill", "/tmp", "/home/box", "/dev/shm", limits=limits))
    for folder in ("/tmp", "/home/box", "/dev/shm"):
        written, _, number = found[folder].split()
        assert int(written) <= size
        assert int(number) in (27, 28)


@pytest.mark.proves("DG-11")
@pytest.mark.parametrize("granted", ["readable", "writable"])
def test_client_configuration_and_secrets_in_a_given_folder_stay_outside(
    start: Boxes, tmp_path: Path, granted: str
) -> None:
    project = tmp_path / "project"
    plant(project / "README.md")
    inside = [
        ".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json", ".claude/settings.json", ".env",
        ".env.local", "app/.mcp.json", "app/.gemini/settings.json", ".ssh/id_rsa", ".npmrc",
    ]  # fmt: skip
    hidden = [plant(project / name) for name in inside]
    project.chmod(0o777)
    wanted = spec("read", *hidden, str(project / "README.md"))
    readable = wanted.readable + ((project,) if granted == "readable" else ())
    writable = (project,) if granted == "writable" else ()
    box = start.start(BoxSpec(wanted.argv, readable=readable, writable=writable))
    found = answer(box)
    assert SECRET in found.pop(str(project / "README.md"))
    assert SECRET not in json.dumps(found)
    argv = spec("write", *hidden).argv
    said = answer(start.start(BoxSpec(argv, readable=readable, writable=writable)))
    assert [one for one in said.values() if one.startswith("got")] == []
    assert all(Path(one).read_text() == SECRET for one in hidden)


def test_a_folder_argument_that_was_not_given_is_there_and_empty(
    start: Boxes, tmp_path: Path
) -> None:
    plant(tmp_path / "notes/private.txt")
    plant(tmp_path / "notes/.git/config")
    notes = str(tmp_path / "notes")
    wanted = spec("listing", notes, f"{notes}/.git")
    argv = (*wanted.argv, f"--root={notes}")
    found = answer(start.start(BoxSpec(argv, readable=wanted.readable)))
    assert found[notes] == "got ['.git']"
    assert found[f"{notes}/.git"] == "got ['HEAD', 'objects', 'refs']"


def test_a_folder_argument_is_not_shown_by_being_an_argument(start: Boxes, tmp_path: Path) -> None:
    secret = plant(tmp_path / "notes/private.txt")
    argv = (str(PYTHON), str(HOSTILE), "read", secret, str(tmp_path / "notes"))
    found = answer(start.start(BoxSpec(argv, readable=(HOSTILE, PREFIX))))
    assert found[secret] == "FileNotFoundError"
