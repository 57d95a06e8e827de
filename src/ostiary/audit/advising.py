"""A worker's turn to ask a model about what it read."""

from __future__ import annotations

from multiprocessing.connection import Connection

from ostiary.analyze.project import Project
from ostiary.audit.ask import ask
from ostiary.audit.asked import Asked
from ostiary.audit.bounded import unbound
from ostiary.audit.conclude import conclude
from ostiary.audit.messages import ADVICE, ASKING
from ostiary.audit.order import Adviser
from ostiary.audit.reading import Reading
from ostiary.audit.stored import from_bytes, to_bytes


def advise(
    adviser: Adviser, found: bytes | Reading, project: Project, asked: Asked, line: Connection
) -> None:
    """Tell what a model says of the result for this reader. The limits on reading are not for
    it."""
    line.send_bytes(ASKING)
    unbound()
    reading = from_bytes(Reading, found) if isinstance(found, bytes) else found
    advice = ask(adviser, conclude(reading, asked.context).result, project)
    line.send_bytes(ADVICE + to_bytes(advice))
