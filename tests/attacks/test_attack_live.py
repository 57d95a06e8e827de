"""A scan that starts hostile servers, and one that is stopped in the middle."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
from pathlib import Path

import pytest

from attacks.attack import OSTIARY, attack, configured, environment

SCANNER = os.fsencode(OSTIARY)
STUBBORN = """
import os, signal, sys
for number in (1, 2, 15):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
sys.stdout.write("x\\n")
sys.stdout.flush()
signal.pause()
"""


def hostile(tmp_path: Path, code: str, count: int = 1) -> list[str]:
    """A home whose servers run ``code``, and the grants that let the box see it."""
    folder = tmp_path / "servers"
    folder.mkdir()
    grants: list[str] = []
    servers = {}
    for number in range(count):
        file = folder / f"{tmp_path.name}-{number}.py"
        file.write_text(code, encoding="utf-8")
        servers[f"s{number}"] = {"command": "python3", "args": [str(file)]}
        grants += ["--grant", f"s{number}:read={folder}"]
    configured(tmp_path, servers)
    return grants


def running(mark: str) -> list[int]:
    """Processes whose command line holds ``mark``."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            # A box that bwrap had not finished when it was killed runs nothing of a server.
            boxing = line.startswith(b"/usr/bin/bwrap") or SCANNER in line
            if mark.encode() in line and not boxing:
                found.append(int(folder.name))
    return found


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5)[0])
    finally:
        os.close(handle)


def wait_for(mark: str, process: subprocess.Popen[bytes]) -> None:
    """Until a server runs; each look waits for the process instead of the clock."""
    for _ in range(400):
        if running(mark):
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail("no server was started")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_stopped_scan_leaves_nothing_and_ends_at_once(
    tmp_path: Path, number: signal.Signals
) -> None:
    grants = hostile(tmp_path, STUBBORN, 6)
    mark = f"{tmp_path.name}-"
    process = subprocess.Popen(
        [OSTIARY, "scan", "--connect", "--no-fetch", "--seconds", "60", *grants],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            wait_for(mark, process)
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    while left := running(mark):  # what had begun sees that nobody is there, and ends
        assert gone(left[0]), "a server outlives the scan"
    assert b"Traceback" not in err
    assert process.returncode == (-number if number is signal.SIGKILL else 128 + number)


@pytest.mark.parametrize(
    "launch",
    [
        {"command": "~nosuchuser/x"},
        {"command": "node", "args": ["~nosuchuser/x.js"]},
        {"command": "python3", "args": ["x.py"], "cwd": "~nosuchuser"},
        {"command": "python3", "args": ["-c", "1"], "cwd": "/a\0b"},
        {"command": "a\0b", "args": ["\0"]},
        {"command": "--version"},
        {"command": ""},
        {"command": "npx", "args": ["-y", "--call=touch /tmp/x", "y"]},
        {"command": "node", "args": ["-e", "1"]},
        {"url": "file:///etc/passwd"},
        {"url": "http://[::1"},
        {"url": "http://user:pass@169.254.169.254/"},
    ],
    ids=str,
)
def test_an_odd_launch_line_is_not_checked(tmp_path: Path, launch: dict[str, object]) -> None:
    configured(tmp_path, {"s": launch})
    seen = attack(
        "scan", "--connect", "--no-fetch", "--json", "--seconds", "3", "--grant", "s:env",
        home=tmp_path,
    )  # fmt: skip
    assert seen.code in (3, 4)
    assert seen.not_checked


def test_last_words_of_a_server_carry_no_secret_and_no_escape(tmp_path: Path) -> None:
    token = "ghp_" + "Zq8Lw3Xv9Rt2Ym5Kc7Bn1Hd4Jf6Gs0PaEuIo"
    said = f"boom {token} \x1b]52;c;AAAA\x07"
    grants = hostile(tmp_path, f"import sys; sys.stderr.write({said!r}); sys.exit(3)")
    seen = attack("scan", "--connect", "--no-fetch", "--json", *grants, home=tmp_path)
    assert "boom" in seen.not_checked[0]["reason"]
    assert token.encode() not in seen.out
    assert b"\\u001b" not in seen.out


def asked(tmp_path: Path, keys: bytes) -> tuple[int, str]:
    """A scan on a terminal of its own, given ``keys`` at the question."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execve(OSTIARY, ["ostiary", "scan", "--no-fetch"], environment(tmp_path, TERM="dumb"))
    shown = b""
    answered = False
    for _ in range(300):
        if not select.select([terminal], [], [], 1)[0]:
            # A key between the question and the reading of the answer can be lost: press again.
            if answered and keys == b"\x03":
                os.write(terminal, keys)
            continue
        try:
            data = os.read(terminal, 65_536)
        except OSError:
            break
        shown += data
        if not answered and b"each [none]" in shown:
            os.write(terminal, keys)
            answered = True
    assert answered, shown[-500:]
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode("utf-8", "replace")


@pytest.mark.parametrize("keys", [b"\n", b"none\n", b"\x04", b"\x03", b"each\n\n"])
def test_silence_means_no_and_the_whole_command_is_shown(tmp_path: Path, keys: bytes) -> None:
    proof = tmp_path / "started"
    long = "x" * 10_000 + "\x1b[2K\u202eend-of-command"
    servers = {"s\x1b[31m": {"command": "touch", "args": [str(proof), long]}}
    configured(tmp_path, servers)
    code, shown = asked(tmp_path, keys)
    assert code in (0, 1, 3, 4, 130), shown[-300:]
    assert "x" * 10_000 in shown
    assert "end-of-command" in shown
    question = shown[: shown.index("each [none]")]
    assert "\x1b[31m" not in question
    assert "\u202e" not in question
    assert not proof.exists()


def test_secrets_in_names_are_masked(tmp_path: Path) -> None:
    token = "ghp_" + "Zq8Lw3Xv9Rt2Ym5Kc7Bn1Hd4Jf6Gs0PaEuIo"
    configured(tmp_path, {f"a {token}": {"command": "npx", "args": ["x"], "env": {token: "y"}}})
    for form in ([], ["--json"], ["--sarif"], ["--markdown"]):
        seen = attack("scan", "--no-connect", "--pedantic", *form, home=tmp_path)
        assert token not in seen.out.decode() + seen.err
    assert json.loads(attack("scan", "--no-connect", "--json", home=tmp_path).out)["servers"]
