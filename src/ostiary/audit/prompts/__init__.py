"""Questions that are handed to a model about a server, one a file, listed here.

A question asks for what rules cannot decide. The answer is never a clearance: see
:mod:`ostiary.audit.ask`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ostiary.model.goal import Goal

NAMES = (
    "purpose",
    "destinations",
    "steering",
    "authority",
    "harm",
    "updates",
    "changes",
    "quality",
    "proof",
)
"""In the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question."""

    name: str
    text: str


@cache
def prompts() -> tuple[Prompt, ...]:
    """Every question, in order."""
    folder = resources.files(__name__)
    return tuple(Prompt(name, (folder / f"{name}.md").read_text("utf-8")) for name in NAMES)


def asked(goals: tuple[Goal, ...] = ()) -> tuple[Prompt, ...]:
    """Every question, and those of the reader's goals after them."""
    own = (
        Prompt(f"goal {one.id}", f"{one.title}\n\n{one.why}\n\n{one.question}\n")
        for one in goals
        if one.question
    )
    return (*prompts(), *own)


def prompts_digest(goals: tuple[Goal, ...] = ()) -> str:
    """``sha256:`` over all of them: another question is another digest."""
    whole = hashlib.sha256()
    for one in asked(goals):
        for part in (one.name, one.text):
            data = part.encode()
            whole.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{whole.hexdigest()}"
