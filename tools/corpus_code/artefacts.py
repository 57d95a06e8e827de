"""Vulnerable and mended artifacts as npm serves them: bundled, and in part minified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus_code.classes import FLAWS
from corpus_code.found import Auditor, Found
from corpus_code.published import Published


@dataclass(frozen=True, slots=True)
class Pair:
    """One artifact with a flaw of a class, and the next one without it."""

    name: str
    vulnerable: str
    mended: str
    kind: str


PAIRS = (
    Pair("figma-developer-mcp", "0.5.0", "0.6.4", "path"),
    Pair("figma-developer-mcp", "0.6.0", "0.6.4", "cmdi"),
    Pair("mcp-remote", "0.1.15", "0.1.16", "cmdi"),
    Pair("@executeautomation/database-server", "1.1.0", "", "sqli"),
    Pair("godot-mcp", "0.1.0", "", "cmdi"),
    Pair("@wonderwhy-er/desktop-commander", "0.2.40", "0.2.41", "path"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    label: str
    kind: str
    hit: bool
    """A finding of the class, medium or worse."""
    after: tuple[Found, ...] | None
    """High findings of the class in the mended one; ``None`` if there is none."""
    seconds: float
    failed: str


def measure(auditor: Auditor) -> Iterator[Outcome]:
    for pair in PAIRS:
        folder = Published("npm", pair.name, pair.vulnerable).folder()
        label, kind = f"{pair.name}@{pair.vulnerable}", FLAWS[pair.kind]
        if folder is None:
            yield Outcome(label, pair.kind, False, None, 0.0, "cannot be fetched")
            continue
        answer = auditor.look(folder)
        after: tuple[Found, ...] | None = None
        mended = Published("npm", pair.name, pair.mended).folder() if pair.mended else None
        if mended is not None:
            said = auditor.look(mended).found
            after = tuple(one for one in said if one.high and kind.has(one))
        hit = any(one.medium and kind.has(one) for one in answer.found)
        yield Outcome(label, pair.kind, hit, after, answer.seconds, answer.failed)
