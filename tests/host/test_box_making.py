"""When a box cannot be made, who runs in it, and what it must not be given."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from host.boxing import HOSTILE, PREFIX, Boxes, answer, ending, spec
from ostiary.host import cgroup
from ostiary.host.box import BoxSpec, BoxUnavailable, Limits
from ostiary.host.bubblewrap import _GATE, Bubblewrap
from ostiary.host.doctor import measure
from ostiary.host.keeper import status_in_words
from ostiary.host.watch import usage
from ostiary.host.withheld import withheld


def test_a_missing_program_is_named() -> None:
    boxes = Bubblewrap(program="/nonexistent/bwrap")
    assert "bwrap is too old" in (boxes.available() or "")
    with pytest.raises(BoxUnavailable) as caught:
        boxes.start(BoxSpec(argv=("/bin/true",)))
    assert "install bubblewrap" in caught.value.remedy


def fake(folder: Path, *lines: str) -> str:
    """A program that has every option and then does what a refused bwrap does."""
    options = "--disable-userns --size --perms --info-fd --block-fd --args"
    script = ["#!/bin/sh", f'[ "$1" = --help ] && echo "{options}" && exit 0', *lines]
    file = folder / "bwrap"
    file.write_text("\n".join(script) + "\n")
    file.chmod(0o755)
    return str(file)


def test_refused_user_namespaces_are_told_with_what_to_do(tmp_path: Path) -> None:
    program = fake(tmp_path, "echo 'bwrap: setting up uid map: Permission denied' >&2", "exit 1")
    reason = Bubblewrap(program=program).available() or ""
    assert "setting up uid map: Permission denied" in reason
    assert "allow user namespaces" in reason
    assert [(one.name, one.works) for one in measure(Bubblewrap(program=program))] == [
        ("box", False)
    ]


def test_nothing_starts_if_the_scanner_dies_before_it_says_go(tmp_path: Path) -> None:
    marker = tmp_path / "started"
    command = ["/bin/sh", "-c", _GATE, "sh", "/usr/bin/touch", str(marker)]
    assert subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 125
    assert not marker.exists()


@pytest.mark.parametrize("path", ["/", "/etc", "/home", "/tmp", "/proc/self", "/run", "/root"])
def test_whole_system_folders_are_refused(needs_box: Bubblewrap, path: str) -> None:
    if not Path(path).is_dir():
        pytest.skip(f"no {path} here")
    with pytest.raises(BoxUnavailable, match="was not put into the box"):
        needs_box.start(BoxSpec(argv=("/bin/true",), readable=(Path(path),)))


def test_a_home_a_socket_and_a_missing_path_are_refused(
    needs_box: Bubblewrap, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        for path in (Path.home(), tmp_path / "socket", tmp_path / "missing"):
            with pytest.raises(BoxUnavailable):
                needs_box.start(BoxSpec(argv=("/bin/true",), readable=(path,)))


def test_a_link_to_a_home_is_refused(needs_box: Bubblewrap, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(Path.home())
    with pytest.raises(BoxUnavailable, match="whole home"):
        needs_box.start(BoxSpec(argv=("/bin/true",), readable=(tmp_path / "link",)))


def test_a_program_that_is_not_there_says_so(start: Boxes) -> None:
    box = start.start(BoxSpec(argv=("/nonexistent/server",), limits=Limits(wall_seconds=10)))
    assert ending(box) in ("exited with status 127", "exited with status 126")
    assert "/nonexistent/server" in box.stderr_tail()


def test_error_output_cannot_act_on_a_terminal(start: Boxes) -> None:
    argv = ("/bin/sh", "-c", r"printf 'red \033[31m bell \007\nnext' >&2")
    box = start.start(BoxSpec(argv=argv))
    ending(box)
    assert box.stderr_tail() == "red  [31m bell  \nnext"


def test_root_becomes_a_user_that_owns_nothing(needs_box: Bubblewrap) -> None:
    if os.geteuid() != 0:
        pytest.skip("only for root; an ordinary user is mapped in its own namespace")
    box = needs_box.start(spec("stay"))
    box.stdout.read(1)
    owners = [
        entry.stat().st_uid
        for entry in Path("/proc").glob("[0-9]*")
        if str(HOSTILE).encode() in _command(entry) and b"stay" in _command(entry)
    ]
    box.stop()
    assert max(owners) >= 0x50000000


def _command(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


def test_roots_private_files_can_still_be_given(start: Boxes, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("for the server")
    (tmp_path / "private").chmod(0o600)
    wanted = spec("read", str(tmp_path / "private"))
    readable = (*wanted.readable, tmp_path / "private")
    found = answer(start.start(BoxSpec(wanted.argv, readable=readable)))
    assert found[str(tmp_path / "private")] == "got b'for the server'"
    calls = answer(start.start(BoxSpec(spec("calls").argv, readable=readable)))
    assert calls["unshare user"] == "Operation not permitted"


def test_a_granted_folder_can_be_written_and_only_it(start: Boxes, tmp_path: Path) -> None:
    (tmp_path / "granted").mkdir()
    wanted = spec("write", str(tmp_path / "granted/new"), str(tmp_path / "other"), "/usr/x")
    box = start.start(
        BoxSpec(wanted.argv, readable=wanted.readable, writable=(tmp_path / "granted",))
    )
    said = answer(box)
    assert said[str(tmp_path / "granted/new")] == "got 3"
    assert said["/usr/x"] == "OSError"
    assert (tmp_path / "granted/new").read_text() == "out"
    assert not (tmp_path / "other").exists()


def test_an_ordinary_user_gets_the_same_box() -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    python = shutil.which("python3.11", path="/usr/bin") or shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("no Python outside root's home")
    source = Path(sys.modules["ostiary"].__file__ or "").parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(source / "host", folder / "ostiary/host")
        (folder / "ostiary/__init__.py").write_text("")
        shutil.copy(HOSTILE, folder / "hostile.py")
        (folder / "try.py").write_text(AS_NOBODY)
        done = subprocess.run(
            [python, "-B", str(folder / "try.py"), str(folder)],
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={},
            cwd="/",
        )
    assert done.stderr == ""
    assert done.stdout.split("\n") == [
        "True True True", "reached 40 processes and threads", "used more than 128 MiB of memory",
        "stopped by the scan", "0", "",
    ]  # fmt: skip


AS_NOBODY = """
import json, sys
from pathlib import Path
folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
from ostiary.host.box import BoxSpec, Limits
from ostiary.host.bubblewrap import Bubblewrap
from ostiary.host.watch import usage
# Above the 41 processes of the attack on memory: a slow look may find all of them at once.
little = Limits(wall_seconds=30, processes=80, memory_bytes=128 * 1024 * 1024)

def start(attack, *words, limits=little):
    argv = (sys.executable, str(folder / "hostile.py"), attack, *words)
    return Bubblewrap().start(BoxSpec(argv, readable=(folder / "hostile.py",), limits=limits))

def all_of(box):
    said = b""
    while more := box.stdout.read(65536):
        said += more
    return said

calls = json.loads(all_of(start("calls")))
seen = json.loads(all_of(start("listing", "@/home", "@/var")))
tried = json.loads(all_of(start("write", "@/x", "@/dev/x", "@/etc/x")))
print(
    calls["unshare user"] == "Operation not permitted",
    seen == {"/home": "got ['box']", "/var": "FileNotFoundError"},
    not [one for one in tried.values() if one.startswith("got")],
)
few = Limits(wall_seconds=30, processes=40)
for attack, bounds in (("fork_bomb", few), ("memory_shared_out", little)):
    box = start(attack, limits=bounds)
    all_of(box)
    print(box.ended())
box = start("daemonize")
box.stdout.read(1)
box.stop()
print(box.ended())
print(usage(box.init).processes)
"""


def test_a_status_in_words() -> None:
    assert status_in_words(0) == "exited with status 0"
    assert status_in_words(139) == "was killed by SIGSEGV"
    assert status_in_words(-9) == "was killed by SIGKILL"
    assert status_in_words(255) == "exited with status 255"


def test_usage_of_a_process_that_is_gone() -> None:
    assert usage(2**22 + 1).processes == 0


def test_the_doctor_measures_every_layer(needs_box: Bubblewrap) -> None:
    layers = {one.name: one for one in measure(needs_box)}
    assert list(layers) == [
        "box", "user", "user namespaces", "network", "processes apart", "files",
        "shared memory and host name", "system-call filter", "capabilities", "memory limit",
        "process limit",
    ]  # fmt: skip
    broken = {name for name, one in layers.items() if not one.works}
    assert broken <= {"process limit", "memory limit"}


def test_groups_of_version_2_are_made_beside_the_own_group(tmp_path: Path) -> None:
    (tmp_path / "app/own").mkdir(parents=True)
    (tmp_path / "app/cgroup.subtree_control").write_text("cpu memory pids\n")
    mounts = f"30 1 0:26 / {tmp_path} rw,nosuid - cgroup2 cgroup2 rw\n"
    (place,) = cgroup.hierarchies(mounts, "0::/app/own\n")
    assert place == cgroup.Hierarchy(tmp_path / "app", 2, frozenset({"memory", "pids"}))
    group = cgroup.make([place], 7, Limits(memory_bytes=1000, processes=5))
    assert group is not None
    folder = tmp_path / f"app/ostiary-{os.getpid()}-7"
    assert (folder / "memory.max").read_text() == "1000"
    assert (folder / "pids.max").read_text() == "5"
    group.add(123)
    assert (folder / "cgroup.procs").read_text() == "123"
    assert group.exceeded() is None
    (folder / "memory.events").write_text("low 0\noom 3\noom_kill 1\n")
    assert group.exceeded() == "memory"


def test_groups_of_version_1_are_found_for_each_controller() -> None:
    mounts = (
        "30 1 0:26 / /cg/memory rw - cgroup cgroup rw,memory\n"
        "31 1 0:27 /outer /cg/pids rw - cgroup cgroup rw,pids\n"
        "32 1 0:28 / /cg/cpu rw - cgroup cgroup rw,cpu\n"
        "nonsense\n"
    )
    found = cgroup.hierarchies(mounts, "4:memory:/a\n8:pids:/outer/b\n")
    assert found == (
        cgroup.Hierarchy(Path("/cg/memory/a"), 1, frozenset({"memory"})),
        cgroup.Hierarchy(Path("/cg/pids/b"), 1, frozenset({"pids"})),
    )


def test_groups_that_killed_scanners_left_are_removed(tmp_path: Path) -> None:
    for name in ("ostiary-4194304999-1", f"ostiary-{os.getpid()}-1", "other"):
        (tmp_path / name).mkdir()
    cgroup.sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"ostiary-{os.getpid()}-1", "other"]


def test_what_is_withheld(tmp_path: Path) -> None:
    for name in ("a/.mcp.json", "a/b/c/.env", ".cursor/mcp.json", "server.py", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    covered = {str(one.relative_to(tmp_path)) for one in withheld((tmp_path,), ("/bin/true",))}
    assert covered == {"a/.mcp.json", ".cursor", ".env"}
    running = ("/usr/bin/python3", str(tmp_path / ".cursor/mcp.json"))
    left = {str(one.relative_to(tmp_path)) for one in withheld((tmp_path,), running)}
    assert left == {"a/.mcp.json", ".env"}
    assert PREFIX.is_dir()
