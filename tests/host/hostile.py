"""A server that tries to get out of its box. Runs inside; says in JSON what it managed."""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(action: Callable[[], object]) -> str:
    """What came of it: ``got …`` or the name of the error."""
    try:
        return f"got {action()!r}"[:400]
    except OSError as error:
        return error.__class__.__name__


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def names(folder: str) -> list[str]:
    return sorted(one.name for one in Path(folder).iterdir())


def read(paths: list[str]) -> dict[str, str]:
    return {path: attempt(lambda p=path: Path(p).read_bytes()[:200]) for path in paths}  # type: ignore[misc]


def listing(paths: list[str]) -> dict[str, str]:
    return {path: attempt(lambda p=path: names(p)) for path in paths}  # type: ignore[misc]


def environments(_: list[str]) -> dict[str, str]:
    found = {"own": json.dumps(dict(os.environ))}
    for pid in (name for name in names("/proc") if name.isdigit()):
        for part in ("environ", "cmdline", "mem"):
            with contextlib.suppress(OSError):
                found[f"{pid} {part}"] = Path("/proc", pid, part).read_bytes().decode("latin-1")
    return found


def processes(words: list[str]) -> dict[str, str]:
    target = int(words[0])
    return {
        "seen": json.dumps(sorted(int(name) for name in names("/proc") if name.isdigit())),
        "kill": attempt(lambda: os.kill(target, signal.SIGKILL)),
        "signal first": attempt(lambda: os.kill(1, signal.SIGKILL)),
        "root": attempt(lambda: names("/proc/1/root")),
        "ptrace": call(101, 117, 16, 1),
    }


def call(x86: int, arm: int, *arguments: int) -> str:
    """A raw system call, by its number on x86_64 and aarch64."""
    number = arm if os.uname().machine == "aarch64" else x86
    ctypes.set_errno(0)
    result = LIBC.syscall(number, *arguments, 0, 0, 0)
    return f"got {result}" if result >= 0 else os.strerror(ctypes.get_errno())


def calls(_: list[str]) -> dict[str, str]:
    return {
        "unshare user": call(272, 97, 0x10000000),
        "clone user": call(56, 220, 0x10000000 | signal.SIGCHLD, 0),
        "clone3": call(435, 435, 0, 0),
        "mount": call(165, 40, 0, 0, 0),
        "umount": call(166, 39, 0),
        "chroot": call(161, 51, 0),
        "keyctl": call(250, 219, 0, 0),
        "bpf": call(321, 280, 0, 0),
        "perf": call(298, 241, 0, 0),
        "userfaultfd": call(323, 282, 0),
        "io_uring": call(425, 425, 1, 0),
        "memfd": call(319, 279, 0, 0),
        "setns": call(308, 268, 0, 0),
        "module": call(175, 105, 0, 0),
        "unknown": call(500, 500, 0),
        "packet": attempt(lambda: socket.socket(17, socket.SOCK_RAW)),
        "vsock": attempt(lambda: socket.socket(40, socket.SOCK_STREAM)),
        "netlink": attempt(lambda: socket.socket(16, socket.SOCK_RAW, 12)),
        "setuid": attempt(lambda: os.setuid(0)),
    }


def network(words: list[str]) -> dict[str, str]:
    port, udp, abstract, path = int(words[0]), int(words[1]), words[2], words[3]

    def stream(family: int, address: tuple[str, int] | str) -> str:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.settimeout(2)
            one.connect(address)
            return "connected"

    def datagram() -> int:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            return one.sendto(b"out", ("127.0.0.1", udp))

    return {
        "tcp": attempt(lambda: stream(socket.AF_INET, ("127.0.0.1", port))),
        "tcp outside": attempt(lambda: stream(socket.AF_INET, ("192.0.2.1", 80))),
        "abstract": attempt(lambda: stream(socket.AF_UNIX, "\0" + abstract)),
        "unix": attempt(lambda: stream(socket.AF_UNIX, path)),
        "udp": attempt(datagram),
        "name": attempt(lambda: socket.getaddrinfo("example.com", 80)),
    }


def write(paths: list[str]) -> dict[str, str]:
    return {path: attempt(lambda p=path: Path(p).write_text("out")) for path in paths}  # type: ignore[misc]


def fill(paths: list[str]) -> dict[str, str]:
    """How many bytes fit below each folder."""
    found: dict[str, str] = {}
    for folder in paths:
        written = 0
        try:
            for turn in range(64):
                with Path(folder, f"filler-{turn}").open("wb", buffering=0) as file:
                    for _ in range(64):
                        written += file.write(b"x" * 1024 * 1024)
        except OSError as error:
            found[folder] = f"{written} {error.__class__.__name__} {error.errno}"
        else:
            found[folder] = str(written)
    return found


def fork_bomb(_: list[str]) -> None:
    while True:
        with contextlib.suppress(OSError):
            os.fork()


def memory_bomb(_: list[str]) -> None:
    held: list[bytearray] = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))


def memory_shared_out(_: list[str]) -> None:
    """Many processes that each hold little."""
    for _turn in range(40):
        if os.fork() == 0:
            break
    held = bytearray(24 * 1024 * 1024)
    time.sleep(600)
    del held


def flood(words: list[str]) -> None:
    handle = int(words[0])
    while True:
        os.write(handle, b"x" * 65536)


def spin(_: list[str]) -> None:
    while True:
        pass


def stay(_: list[str]) -> None:
    """Ignore every request to end."""
    for number in range(1, 64):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    say({"ready": True})
    while True:
        time.sleep(600)


def daemonize(words: list[str]) -> None:
    """Leave a detached process behind; its command line holds the given token."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, __file__, "stay", *words])
        os._exit(0)
    os.wait()
    if words[1:] != ["leave"]:
        time.sleep(600)


def foreign_calls(_: list[str]) -> None:
    """Use the 32-bit system call gate, which numbers calls in another way."""
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, getpid; int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    ctypes.CFUNCTYPE(ctypes.c_int)(address)()


def echo(words: list[str]) -> None:
    sys.stdout.write(words[0] * int(words[1]))


ATTACKS: dict[str, Callable[[list[str]], object]] = {
    one.__name__: one
    for one in (
        read, listing, environments, processes, calls, network, write, fill, fork_bomb,
        memory_bomb, memory_shared_out, flood, spin, stay, daemonize, foreign_calls, echo,
    )
}  # fmt: skip

if __name__ == "__main__":
    # A leading @ hides a path from whoever makes stand-ins for folders on the command line.
    answer = ATTACKS[sys.argv[1]]([word.removeprefix("@") for word in sys.argv[2:]])
    if answer is not None:
        say(answer)
