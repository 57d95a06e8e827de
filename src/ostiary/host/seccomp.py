"""The system-call filter of every box, assembled by hand as classic BPF (``seccomp(2)``)."""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator

from ostiary.host.syscalls import ABSENT, ARCHITECTURES, FORBIDDEN, LAST_KNOWN, Architecture

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_ABOVE = 0x25  # BPF_JMP | BPF_JGT | BPF_K
_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

_KILL = 0x80000000
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000

_NUMBER = 0  # offsets in struct seccomp_data
_ARCH = 4
_ARGS = 16

_NEW_NAMESPACES = 0x7E020000
"""CLONE_NEWUSER, NEWNS, NEWPID, NEWNET, NEWIPC, NEWUTS and NEWCGROUP."""
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_NETLINK_ROUTE = 0
_TERMINAL_INJECTION = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type into the terminal of whoever started the scan."""

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""


def _argument(index: int) -> Instruction:
    """Load the low half of an argument (both architectures are little-endian)."""
    return (_LOAD, 0, 0, _ARGS + 8 * index)


def _refuse(number: int, error: int) -> Iterator[Instruction]:
    yield (_EQUAL, 0, 1, number)
    yield (_RETURN, 0, 0, _ERRNO | error)


def _table(arch: Architecture) -> Iterator[Instruction]:
    for table, error in ((FORBIDDEN, errno.EPERM), (ABSENT, errno.ENOSYS)):
        for numbers in table.values():
            number = numbers[arch.column]
            if number is not None:
                yield from _refuse(number, error)


def _clone(arch: Architecture) -> list[Instruction]:
    return [
        (_EQUAL, 0, 4, arch.clone),
        _argument(0),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _socket(arch: Architecture) -> list[Instruction]:
    """Local and internet sockets, and routing netlink, which lists network interfaces."""
    return [
        (_EQUAL, 0, 11, arch.socket),
        _argument(0),
        (_EQUAL, 4, 0, _UNIX),
        (_EQUAL, 3, 0, _INET),
        (_EQUAL, 2, 0, _INET6),
        (_EQUAL, 2, 0, _NETLINK),
        (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
        _argument(2),
        (_EQUAL, 0, 1, _NETLINK_ROUTE),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    ]


def _socketpair(arch: Architecture) -> list[Instruction]:
    return [
        (_EQUAL, 0, 4, arch.socketpair),
        _argument(0),
        (_EQUAL, 1, 0, _UNIX),
        (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _ioctl(arch: Architecture) -> list[Instruction]:
    first, second = _TERMINAL_INJECTION
    return [
        (_EQUAL, 0, 5, arch.ioctl),
        _argument(1),
        (_EQUAL, 1, 0, first),
        (_EQUAL, 0, 1, second),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _instructions(arch: Architecture) -> list[Instruction]:
    return [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, arch.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 0, 1, LAST_KNOWN),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        *_clone(arch),
        *_socket(arch),
        *_socketpair(arch),
        *_ioctl(arch),
        *_table(arch),
        (_RETURN, 0, 0, _ALLOW),
    ]


def assemble(machine: str | None = None) -> bytes | None:
    """The filter for a machine as ``struct sock_filter[]``; ``None`` for one without a table."""
    name = machine or platform.machine()
    arch = next((one for one in ARCHITECTURES if one.machine == name), None)
    if arch is None:
        return None
    return b"".join(struct.pack("=HBBI", *one) for one in _instructions(arch))
