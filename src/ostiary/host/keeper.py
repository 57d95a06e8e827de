"""One thread a box: starts it, watches its limits, and ends it."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, cast

from ostiary.host.box import MEBIBYTE, BoxUnavailable, Limits
from ostiary.host.cgroup import Group
from ostiary.host.output import Direct, ReaderGone, Relay, Tail, TooMuch
from ostiary.host.watch import usage

_UNBOUNDED_LOOK = 0.25
"""Most seconds between two looks where the kernel does not bound memory and processes."""
_GRACE = 5.0
"""Seconds for the kernel to clear a killed box away."""
_STOPPED = "stopped by the scan"
_BOTH = frozenset({"memory", "pids"})


class Over(Exception):
    """The box has to end. Says why."""


class Box:
    """A bwrap process whose program has been given the word to go."""

    def __init__(self, process: subprocess.Popen[bytes], init: int, group: Group | None) -> None:
        self.process = process
        self.init = init
        """The first process of the box, as the host numbers it. Everything ends with it."""
        self.group = group
        self._handle = open_handle(init)

    def kill(self) -> None:
        """End every process of the box; returns when the kernel has cleared them away."""
        if self._handle is None:
            self.process.kill()
        else:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            with selectors.DefaultSelector() as selector:
                selector.register(self._handle, selectors.EVENT_READ)
                selector.select(_GRACE)
            os.close(self._handle)
        self.process.wait()
        if self.group is not None:
            self.group.remove()


def open_handle(pid: int) -> int | None:
    """A pidfd, which never comes to mean another process; ``None`` before Linux 5.3."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


class Keeper(threading.Thread):
    """Owns a box from start to end.

    The thread that starts bwrap must outlive the box: the kernel takes the end of that thread for
    the death of the parent (``prctl(2)``, PR_SET_PDEATHSIG).
    """

    def __init__(self, launch: Callable[[], Box], limits: Limits) -> None:
        super().__init__(name="box keeper", daemon=True)
        self._launch = launch
        self._limits = limits
        self._wake_read, self._wake_write = os.pipe()
        self._relay = Direct() if limits.output_bytes is None else Relay(limits.output_bytes)
        self._tail = Tail(limits.output_bytes)
        self._ready = threading.Event()
        self._failure: BoxUnavailable | None = None
        self._lock = threading.Lock()
        self._ended: str | None = None
        self._deadline = 0.0
        self._next_look = 0.0
        self._between_looks = limits.look_seconds
        self._stdin: BinaryIO | None = None
        self.init = 0

    def begin(self) -> tuple[BinaryIO, BinaryIO]:
        """Start the box: its input and its output. Raises :class:`BoxUnavailable`."""
        self.start()
        self._ready.wait()
        reader = self._relay.reader
        if self._failure is not None or self._stdin is None or reader is None:
            self.join()
            if reader is not None:
                reader.close()
            raise self._failure or BoxUnavailable("the box has no input")
        return self._stdin, reader

    def stop(self) -> None:
        """End the box and wait until it is gone."""
        with self._lock:
            if self._wake_write >= 0:
                os.write(self._wake_write, b"x")
        self.join()
        for stream in (self._stdin, self._relay.reader):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def ended(self) -> str | None:
        return self._ended

    def tail(self) -> str:
        return self._tail.text()

    def run(self) -> None:
        try:
            box = self._launch()
        except BoxUnavailable as error:
            self._failure = error
            self._close()
            self._ready.set()
            return
        self.init = box.init
        self._stdin = cast("BinaryIO", box.process.stdin)
        if isinstance(self._relay, Direct):
            self._relay.reader = cast("BinaryIO", box.process.stdout)
        if box.group is None or box.group.controls != _BOTH:
            self._between_looks = min(self._between_looks, _UNBOUNDED_LOOK)
        self._deadline = time.monotonic() + self._limits.wall_seconds
        self._ready.set()
        try:
            self._keep(box)
        finally:
            self._close()

    def _close(self) -> None:
        with self._lock:
            os.close(self._wake_read)
            os.close(self._wake_write)
            self._wake_write = -1
        self._relay.close()

    def _keep(self, box: Box) -> None:
        stdout, stderr = box.process.stdout, box.process.stderr
        if stdout is None or stderr is None:
            box.kill()
            return
        with selectors.DefaultSelector() as selector:
            self._relay.attach(stdout.fileno(), selector)
            self._tail.attach(stderr.fileno(), selector)
            selector.register(self._wake_read, selectors.EVENT_READ, self._wake)
            reason = self._until_over(box, selector)
        enforced = self._enforced(box)
        box.kill()
        self._tail.finish()
        self._ended = reason or enforced or status_in_words(box.process.returncode)
        if reason != _STOPPED:
            self._relay.finish(self._wake_read, max(self._deadline, time.monotonic() + _GRACE))
        if stdout is not self._relay.reader:
            stdout.close()
        stderr.close()

    def _until_over(self, box: Box, selector: selectors.BaseSelector) -> str | None:
        """Pass output on until the box has to end (why) or has ended by itself (``None``)."""
        outer = open_handle(box.process.pid)
        if outer is not None:
            selector.register(outer, selectors.EVENT_READ, lambda: None)
        try:
            while box.process.poll() is None:
                self._turn(box, selector)
        except ReaderGone:
            return _STOPPED
        except TooMuch as where:
            return f"wrote more than {self._limits.output_bytes} bytes to {where}"
        except Over as why:
            return str(why)
        finally:
            if outer is not None:
                selector.unregister(outer)
                os.close(outer)
        return None

    def _turn(self, box: Box, selector: selectors.BaseSelector) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Over(f"ran longer than {self._limits.wall_seconds:g} s")
        for key, _ in selector.select(min(self._between_looks, left)):
            key.data()
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + self._between_looks
            self._tail.go_on()
            self._look(box)

    def _wake(self) -> None:
        raise Over(_STOPPED)

    def _look(self, box: Box) -> None:
        enforced = self._enforced(box)
        if enforced:
            raise Over(enforced)
        if box.group is not None and box.group.controls == _BOTH:
            return
        used = usage(box.init)
        if used.processes >= self._limits.processes:
            raise Over(self._words("pids"))
        if used.memory_bytes > self._limits.memory_bytes:
            raise Over(self._words("memory"))

    def _enforced(self, box: Box) -> str | None:
        limit = box.group.exceeded() if box.group is not None else None
        return self._words(limit) if limit else None

    def _words(self, limit: str) -> str:
        if limit == "pids":
            return f"reached {self._limits.processes} processes and threads"
        return f"used more than {self._limits.memory_bytes // MEBIBYTE} MiB of memory"


def status_in_words(code: int) -> str:
    """An exit status of bwrap, which passes on its program's, in words."""
    number = -code if code < 0 else code - 128
    known = {one.value: one.name for one in signal.Signals}
    if (code < 0 or code > 128) and number in known:
        return f"was killed by {known[number]}"
    return f"exited with status {code}"
