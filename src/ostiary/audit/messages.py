"""What a worker says to whoever started it: a first byte, then the rest."""

from __future__ import annotations

from multiprocessing.connection import Connection

TOLD, TARGET, READ, UNKEPT, PAST, ASKING, ADVICE, DONE = (bytes([one]) for one in b"tnrfpqad")
"""First bytes: progress, who the target is (reading begins), reading begins, why the
answer was not kept, its history, a model is being asked, what it adds, the answer."""


class Teller:
    """Sends what is being done now to whoever watches."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def __call__(self, text: str) -> None:
        self._line.send_bytes(TOLD + text.encode("utf-8", "replace"))
