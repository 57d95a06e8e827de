"""``ostiary login`` as a person runs it: a real process, and a browser that is a script."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from gateway.running import OSTIARY, Place

Browse = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What one run said."""

    code: int
    out: str
    err: str
    shown: dict[str, Any]
    """What the person was shown; empty if it did not come to that."""


def fetched(url: str) -> tuple[int, str]:
    """Status and ``Location`` of an answer to GET."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def browse(address: str) -> None:
    """Go where one is sent, and come back."""
    _, location = fetched(address)
    if location:
        fetched(location)


def login(place: Place, *words: str, browser: Browse = browse) -> LoggedIn:
    """Run ``ostiary login`` in a place."""
    where = ["--settings", str(place.settings), "--state", str(place.state)]
    process = subprocess.Popen(
        [OSTIARY, "login", *words, *where, "--no-browser", "--json"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    out: list[str] = []
    reader = threading.Thread(target=out.extend, args=(process.stdout,))
    reader.start()
    said, shown = [], {}
    for line in process.stderr:
        said.append(line)
        if line.startswith("{"):
            shown = json.loads(line)
            browser(shown["address"])
    code = process.wait(60)
    reader.join(60)
    process.stdout.close()
    process.stderr.close()
    return LoggedIn(code, "".join(out), "".join(said), shown)
