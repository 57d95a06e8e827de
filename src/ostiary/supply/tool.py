"""Runs a package tool of this machine: bounded, with few inherited variables, quiet on secrets."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ostiary.detect.secrets import find

_NAMES = (
    "HOME LANG LC_ALL PATH TMPDIR TZ USER LOGNAME XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME "
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy "
    "SSL_CERT_FILE SSL_CERT_DIR NIX_SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE "
    "NODE_EXTRA_CA_CERTS PYENV_ROOT PYENV_VERSION NVM_DIR"
)
_KEPT = frozenset(_NAMES.split())
_TOOL_SETTINGS = re.compile(
    r"PIP_(?:CERT|CLIENT_CERT|CACHE_DIR|CONFIG_FILE|DEFAULT_TIMEOUT|EXTRA_INDEX_URL|FIND_LINKS"
    r"|INDEX_URL|NO_INDEX|PROXY|RETRIES|TRUSTED_HOST|KEYRING_PROVIDER)"
    r"|UV_(?:CACHE_DIR|CONFIG_FILE|DEFAULT_INDEX|EXCLUDE_NEWER|EXTRA_INDEX_URL|FIND_LINKS"
    r"|HTTP_TIMEOUT|INDEX(?:_[A-Z0-9_]+)?|INSECURE_HOST|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS"
    r"|NO_INDEX|OFFLINE)"
    r"|npm_config_(?:.*registry|.*_authtoken|ca|cafile|cache|https?[_-]proxy|proxy|noproxy"
    r"|strict[_-]ssl|offline|prefer[_-]offline|userconfig|globalconfig|fetch[_-].*)",
    re.IGNORECASE,
)
"""Where the tools get packages from: a company's mirror must keep working. Nothing that makes them
build, or install somewhere else."""
_running: set[int] = set()
"""Process groups of tools that run now, so that whoever stops a scan can end them."""
_LINES = 4
_TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Ran:
    """How a tool ended."""

    works: bool
    says: str
    """Its first and last lines, without secrets."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that package tools may have."""
    kept = {
        name: value
        for name, value in given.items()
        if name in _KEPT or _TOOL_SETTINGS.fullmatch(name)
    }
    # A dependency that names a repository would be cloned, and could be built.
    return kept | {"GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0", "CI": "1"}


def run(
    argv: list[str],
    folder: Path,
    seconds: float,
    file_bytes: int,
    *,
    env: Mapping[str, str] | None = None,
    into: IO[bytes] | None = None,
) -> Ran:
    """Run a tool in ``folder``. Never raises: a tool that cannot run is an answer, too. ``env``
    adds to its environment; ``into`` takes its standard output, which is otherwise in ``says``
    together with what it tells of itself."""
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                argv,
                cwd=folder,
                env=environment(os.environ) | dict(env or {}),
                stdin=subprocess.DEVNULL,
                stdout=output if into is None else into,
                stderr=subprocess.STDOUT if into is None else output,
                start_new_session=True,
            )
        except OSError as error:
            return Ran(False, f"{argv[0]} could not be started: {error.strerror}")
        with suppress(OSError, ValueError):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        _running.add(process.pid)
        ended = _wait(process, seconds)
        size = output.seek(0, os.SEEK_END)
        output.seek(max(0, size - _TAIL_BYTES))
        said = tail(output.read().decode("utf-8", "replace"))
    if ended is None:
        last = f"; it last said: {said}" if said else ""
        return Ran(False, f"it took longer than {seconds:g} s{last}")
    return Ran(ended == 0, said)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit status; ``None`` if time ran out. Whatever the tool started ends with it."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process.pid)
        process.wait()
        _running.discard(process.pid)


def stop_all() -> None:
    """End every tool that runs now, with whatever it started."""
    for group in tuple(_running):
        _end(group)


def _end(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def tail(text: str) -> str:
    """The first and last lines of a tool's output in one, printable and without secrets."""
    clean = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    lines = [_printable(line) for line in clean.splitlines()]
    kept = [line for line in lines if line and "A complete log of this run" not in line]
    if len(kept) > 2 * _LINES:
        kept = [*kept[:_LINES], "...", *kept[-_LINES:]]
    return without_secrets("; ".join(kept))[:1200]


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in line).strip()


def without_secrets(text: str) -> str:
    """``text`` with credentials and the user part of addresses masked."""
    text = re.sub(r"(?i)(https?://)[^/\s@]{1,300}@", r"\1***@", text)
    for secret in sorted(find(text), key=lambda one: -one.start):
        text = f"{text[: secret.start]}***{text[secret.end :]}"
    return text
