"""The system-call filter, run by a small interpreter, so that both architectures are judged."""

from __future__ import annotations

import errno
import struct

import pytest

from ostiary.host.seccomp import assemble
from ostiary.host.syscalls import ABSENT, ARCHITECTURES, FORBIDDEN, Architecture

ALLOW = "allow"
KILL = "kill"
NEW_USER = 0x10000000


def judge(arch: Architecture, number: int, *arguments: int, audit: int | None = None) -> str:
    """What the filter answers to a call."""
    filtered = assemble(arch.machine)
    assert filtered is not None
    words = (*arguments, *([0] * (6 - len(arguments))))
    data = struct.pack("<IIQ6Q", number, audit or arch.audit, 0, *words)
    program = list(struct.iter_unpack("=HBBI", filtered))
    loaded = at = 0
    while True:
        code, yes, no, operand = program[at]
        at += 1
        if code == 0x20:
            loaded = struct.unpack_from("<I", data, operand)[0]
        elif code == 0x06:
            return _answer(operand)
        else:
            holds = {0x15: loaded == operand, 0x25: loaded > operand, 0x45: bool(loaded & operand)}
            at += yes if holds[code] else no


def _answer(value: int) -> str:
    if value == 0x7FFF0000:
        return ALLOW
    if value == 0x80000000:
        return KILL
    assert value >> 16 == 5
    return errno.errorcode[value & 0xFFFF]


@pytest.mark.parametrize("arch", ARCHITECTURES, ids=lambda one: one.machine)
class TestFilter:
    def test_every_listed_call_is_answered_as_listed(self, arch: Architecture) -> None:
        for table, said in ((FORBIDDEN, "EPERM"), (ABSENT, "ENOSYS")):
            for name, numbers in table.items():
                number = numbers[arch.column]
                if number is not None:
                    assert judge(arch, number) == said, name

    def test_every_other_call_is_allowed(self, arch: Architecture) -> None:
        listed = {numbers[arch.column] for numbers in (FORBIDDEN | ABSENT).values()}
        judged = {arch.clone, arch.socket, arch.socketpair, arch.ioctl}
        for number in set(range(463)) - listed - judged:
            assert judge(arch, number) == ALLOW, number

    def test_calls_nobody_has_judged_are_absent(self, arch: Architecture) -> None:
        assert judge(arch, 463) == "ENOSYS"
        assert judge(arch, 0x40000000) == "ENOSYS"
        assert judge(arch, 0xFFFFFFFF) == "ENOSYS"

    def test_another_architecture_is_killed(self, arch: Architecture) -> None:
        assert judge(arch, 0, audit=0x40000003) == KILL

    @pytest.mark.parametrize(
        ("flags", "said"),
        [
            (17, ALLOW),
            (0x003D0F00, ALLOW),
            (NEW_USER | 17, "EPERM"),
            (0x00020000, "EPERM"),
            (0x20000000, "EPERM"),
            (0x40000000, "EPERM"),
        ],
    )
    def test_clone(self, arch: Architecture, flags: int, said: str) -> None:
        assert judge(arch, arch.clone, flags) == said

    @pytest.mark.parametrize(
        ("family", "protocol", "said"),
        [
            (1, 0, ALLOW),
            (2, 6, ALLOW),
            (10, 17, ALLOW),
            (16, 0, ALLOW),
            (16, 12, "EPERM"),
            (17, 0, "EAFNOSUPPORT"),
            (40, 0, "EAFNOSUPPORT"),
            (38, 0, "EAFNOSUPPORT"),
        ],
    )
    def test_socket(self, arch: Architecture, family: int, protocol: int, said: str) -> None:
        assert judge(arch, arch.socket, family, 1, protocol) == said

    def test_socketpair(self, arch: Architecture) -> None:
        assert judge(arch, arch.socketpair, 1) == ALLOW
        assert judge(arch, arch.socketpair, 40) == "EAFNOSUPPORT"

    @pytest.mark.parametrize(("request_", "said"), [(0x5401, ALLOW), (0x5412, "EPERM")])
    def test_typing_into_a_terminal(self, arch: Architecture, request_: int, said: str) -> None:
        assert judge(arch, arch.ioctl, 0, request_) == said
        assert judge(arch, arch.ioctl, 0, 0xFFFFFFFF00000000 | request_) == said


def test_no_filter_for_a_machine_without_a_table() -> None:
    assert assemble("riscv64") is None
