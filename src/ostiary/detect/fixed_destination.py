"""An order to send data to an address that the text itself names."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.telling import told
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

FIXED_DESTINATION = Rule(
    id="data-to-fixed-destination",
    title="Order to send data to a fixed address",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Text that tells the agent to send, copy, forward or report something to a URL, an e-mail "
        "address or a number written in the text. Addresses of documentation, sign-up pages and "
        "examples are left alone."
    ),
    attack=(
        "Whatever the agent handles, messages, files, queries, keys, goes to an address the "
        "attacker chose, in calls that look like ordinary work."
    ),
    remedy=(
        "Do not approve the server. Search sent mail, request logs and tool calls for the quoted "
        "address, and block it."
    ),
    references=(
        "MCP03:2025",
        "MCP10:2025",
        "ASI01:2026",
        "LLM01:2026",
        "LLM02:2026",
        "SAFE-T1001",
        "SAFE-T1911",
        "SAFE-T1913",
        "AML.T0086",
        "CWE-201",
        "CWE-1427",
    ),
)


def look(passage: Passage) -> Iterator[Hit]:
    yield from told(FIXED_DESTINATION, passage, lambda one: one.kind == "fixed-destination")


DETECTOR = Detector((FIXED_DESTINATION,), look)
