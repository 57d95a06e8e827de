"""Asks a program, usually a model, about one audit. It may question and explain, never clear."""

from __future__ import annotations

import hashlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from typing import IO

from ostiary.analyze.project import Project
from ostiary.audit.asking import NotAdvice, request, understood
from ostiary.audit.order import Adviser
from ostiary.audit.prompts import prompts_digest
from ostiary.model.advice import Advice
from ostiary.model.audit import AuditResult
from ostiary.model.version_change import Comparison

_PIECE = 64 * 1024


class NoAnswer(Exception):
    """The program gave none. The message ends the sentence "NAME …"."""


def ask(
    adviser: Adviser,
    result: AuditResult,
    project: Project,
    comparison: Comparison | None = None,
) -> Advice:
    """What the program says of ``result``, and of how it differs from an earlier version. Never
    raises for what the program does."""
    program = shutil.which(adviser.words[0])
    advice = Advice(adviser.name, _digest(program), prompts_digest(result.context.goals))
    try:
        if program is None:
            raise NoAnswer("was not found")
        data = _run((program, *adviser.words[1:]), request(result, project, comparison), adviser)
        model, entries = understood(data, result)
    except (NoAnswer, NotAdvice) as error:
        return replace(advice, problem=str(error))
    return replace(advice, model=model, entries=entries)


def _digest(program: str | None) -> str:
    """Over the file that is run, which may be a script or the runner of one."""
    if program is None:
        return ""
    try:
        with open(program, "rb") as file:  # noqa: PTH123 - hashlib wants a real file
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError:
        return ""


def _run(words: tuple[str, ...], asked: bytes, adviser: Adviser) -> bytes:
    with tempfile.TemporaryFile() as given:
        given.write(asked)
        given.seek(0)
        try:
            process = subprocess.Popen(
                words,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise NoAnswer(f"could not be started: {error.strerror}") from None
    try:
        assert process.stdout is not None
        data = _read(process.stdout, adviser)
        code = process.wait(timeout=max(adviser.seconds, 1))
    except subprocess.TimeoutExpired:
        raise NoAnswer("did not end after its answer") from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if code:
        raise NoAnswer(f"ended with code {code}")
    return data


def _read(stream: IO[bytes], adviser: Adviser) -> bytes:
    """Everything it writes, within its time and size."""
    deadline = time.monotonic() + adviser.seconds
    data = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            raise NoAnswer(f"took longer than {adviser.seconds:g} s")
        piece = os.read(stream.fileno(), _PIECE)
        if not piece:
            return bytes(data)
        data += piece
        if len(data) > adviser.most_bytes:
            raise NoAnswer(f"answered with more than {adviser.most_bytes:,} bytes")
