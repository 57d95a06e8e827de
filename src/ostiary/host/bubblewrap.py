"""The reference box: Linux namespaces by way of bubblewrap."""

from __future__ import annotations

import functools
import itertools
import json
import os
import resource
import selectors
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ostiary.host import cgroup, identity, seccomp
from ostiary.host.box import BoxSpec, BoxUnavailable, Limits
from ostiary.host.descriptors import Descriptor, holding, pipe
from ostiary.host.identity import Identity
from ostiary.host.keeper import Box, Keeper
from ostiary.host.walls import PATH, etc_files, walls

_INSTALL = "install bubblewrap 0.8 or later (Debian, Ubuntu, Fedora: package `bubblewrap`)"
_NEEDED = ("--disable-userns", "--size", "--perms", "--info-fd", "--block-fd", "--args")
_START_SECONDS = 15.0
_OWN_PROCESSES = 8
"""Room for bwrap's own, so that whoever watches sees the limit passed instead of forks failing."""
_numbers = itertools.count(1)

_GATE = 'read -r word && [ "$word" = go ] || exit 125; exec "$@"'
"""Runs first in the box. If the scanner dies before it says go, nothing of a stranger runs."""


class BoxedServer:
    """A running box. Matches what a prober of servers expects of a running server."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.stdin: BinaryIO
        self.stdout: BinaryIO
        self.stdin, self.stdout = keeper.begin()

    @property
    def init(self) -> int:
        """The box's first process, as the host numbers it."""
        return self._keeper.init

    def stderr_tail(self) -> str:
        """The last bytes of standard error, as text."""
        return self._keeper.tail()

    def ended(self) -> str | None:
        """Why the box is over, in words; ``None`` while it runs."""
        return self._keeper.ended()

    def wait(self, seconds: float) -> str | None:
        """Wait until the box is over by itself, at most ``seconds``; why it is, else ``None``."""
        self._keeper.join(seconds)
        return self._keeper.ended()

    def stop(self) -> None:
        """End everything in the box and wait until it is gone. May be called again."""
        self._keeper.stop()


class Bubblewrap:
    """Makes boxes with the ``bwrap`` program."""

    def __init__(self, program: str | None = None, groups: bool = True) -> None:
        """``program`` if it is not on the system's path. Without ``groups``, memory and processes
        are watched from outside even where control groups could enforce them."""
        self._program = program or shutil.which("bwrap", path=PATH)
        self.groups = groups
        self._reason: str | None = None
        self._tried = False

    def available(self) -> str | None:
        """Why no box can be made here; ``None`` if one can. Makes one to find out, once."""
        if not self._tried:
            missing = self._missing()
            self._reason = f"{missing}; {_INSTALL}" if missing else self._try()
            self._tried = True
        return self._reason

    def start(self, spec: BoxSpec) -> BoxedServer:
        """Start a program in a box. Raises :class:`BoxUnavailable`."""
        reason = self._missing()
        if reason:
            raise BoxUnavailable(reason, _INSTALL)
        number = next(_numbers)
        return BoxedServer(Keeper(lambda: self._launch(spec, number), spec.limits))

    def _missing(self) -> str | None:
        if not sys.platform.startswith("linux"):
            return "boxes need Linux"
        if self._program is None:
            return "the program bwrap is missing"
        if seccomp.assemble() is None:
            return f"there is no system-call filter for {os.uname().machine}"
        known = _options(self._program)
        missing = [option for option in _NEEDED if option not in known]
        return f"{self._program} is too old (it has no {missing[0]})" if missing else None

    def _try(self) -> str | None:
        limits = Limits(wall_seconds=_START_SECONDS)
        try:
            box = self.start(BoxSpec(argv=("/bin/true",), limits=limits))
        except BoxUnavailable as error:
            return f"{error}; {error.remedy}"
        box.stdout.read()
        box.stop()
        ended = box.ended()
        if ended == "exited with status 0":
            return None
        return f"a trial box failed: {ended}: {box.stderr_tail().strip()}"

    def _launch(self, spec: BoxSpec, number: int) -> Box:
        who = identity.choose(spec, number)
        group = cgroup.make(cgroup.places(), number, spec.limits) if self.groups else None
        try:
            return self._spawn(spec, who, group)
        except BaseException:
            if group is not None:
                group.remove()
            raise

    def _spawn(self, spec: BoxSpec, who: Identity, group: cgroup.Group | None) -> Box:
        with ExitStack() as stack:
            info_read, info_write = (stack.enter_context(end) for end in pipe())
            block_read, block_write = (stack.enter_context(end) for end in pipe())
            command, handles = self._command(spec, who, stack, info_write, block_read)
            process = _popen(command, [one.number for one in handles])
            stack.enter_context(_killed_on_error(process))
            info_write.close()
            box = Box(process, _first_process(process, info_read.number), group)
            try:
                _limit(box, spec.limits, who)
                os.write(block_write.number, b"x")
                os.write(process.stdin.fileno() if process.stdin else -1, b"go\n")
            except OSError as error:
                box.kill()
                raise BoxUnavailable(_why(process, error)) from None
            return box

    def _command(
        self, spec: BoxSpec, who: Identity, stack: ExitStack, info: Descriptor, block: Descriptor
    ) -> tuple[list[str], list[Descriptor]]:
        def keep(content: bytes) -> str:
            handles.append(stack.enter_context(holding(content)))
            return str(handles[-1].number)

        handles = [info, block]
        program = seccomp.assemble()
        if program is None or self._program is None:
            raise BoxUnavailable("no box can be made here", _INSTALL)
        options = ["--perms", "0755", "--dir", "/etc"]
        for path, text in etc_files(who, spec.network).items():
            options += ["--perms", "0644", "--ro-bind-data", keep(text.encode()), path]
        options += walls(spec, who, Path.home())
        options += ["--seccomp", keep(program)]
        options += ["--info-fd", str(info.number), "--block-fd", str(block.number)]
        # Not on the command line: other users of the machine could read the environment there.
        packed = keep("".join(f"{option}\0" for option in options).encode())
        command = [self._program, "--args", packed, "--", "/bin/sh", "-c", _GATE, "sh"]
        return [*command, *who.prefix, *spec.argv], handles


@functools.cache
def _options(program: str) -> str:
    try:
        done = subprocess.run(
            [program, "--help"], capture_output=True, text=True, timeout=10, check=False, env={}
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout + done.stderr


def _popen(command: list[str], handles: list[int]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env={"PATH": PATH},
            pass_fds=handles,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise BoxUnavailable(f"{command[0]} could not be started: {error}", _INSTALL) from None


def _first_process(process: subprocess.Popen[bytes], info: int) -> int:
    """Wait for bwrap to say which process is the box's first."""
    told = b""
    with selectors.DefaultSelector() as selector:
        selector.register(info, selectors.EVENT_READ)
        while selector.select(_START_SECONDS):
            data = os.read(info, 4096)
            told += data
            with suppress(ValueError, KeyError, TypeError):
                return int(json.loads(told)["child-pid"])
            if not data:
                break
    process.kill()
    _, said = process.communicate()
    words = said.decode("utf-8", "replace").strip() or "it said nothing"
    raise BoxUnavailable(f"bubblewrap could not make the box: {words}", _advice(words))


def _advice(words: str) -> str:
    if "amespace" in words or "uid map" in words or "RTM_NEWADDR" in words:
        return "allow user namespaces for bwrap (sysctl or AppArmor profile), or run as root"
    return "check that this system lets bwrap make namespaces and mounts"


def _limit(box: Box, limits: Limits, who: Identity) -> None:
    """Bind the box's first process, which has started nothing yet. Raises :class:`OSError`."""
    bounds = {
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if limits.cpu_seconds is not None:
        bounds[resource.RLIMIT_CPU] = limits.cpu_seconds
    controls = box.group.controls if box.group is not None else frozenset()
    if box.group is not None:
        box.group.add(box.init)
    if "memory" not in controls:
        bounds[resource.RLIMIT_DATA] = limits.memory_bytes
    if who.counted:
        bounds[resource.RLIMIT_NPROC] = limits.processes + _OWN_PROCESSES
    for kind, wanted in bounds.items():
        _, hard = resource.prlimit(box.init, kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.prlimit(box.init, kind, (value, value))
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, box.init, 10)


@contextmanager
def _killed_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        raise


def _why(process: subprocess.Popen[bytes], error: OSError) -> str:
    """Why a box did not come to be: its own last words, where it has already ended."""
    if not isinstance(error, ProcessLookupError | BrokenPipeError) or process.stderr is None:
        return f"a limit of the box could not be set: {error}"
    said = process.stderr.read(4096).decode("utf-8", "replace").strip()
    return f"the box ended while it was made: {said or error}"
