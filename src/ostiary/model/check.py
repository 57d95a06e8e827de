"""A check: the rules it may report and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ostiary.model.client import Client
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Rule
from ostiary.model.server import Server
from ostiary.model.surface import Surface

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """One file's offer to a registry tuple. ``look`` is pure and never raises on bad input."""

    rules: tuple[Rule, ...]
    look: Callable[[Subject], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A surface and the surfaces it shares a model with: the subject of surface checks."""

    surface: Surface
    neighbours: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class Installation:
    """All clients and merged servers of one scan: the subject of configuration checks."""

    clients: tuple[Client, ...]
    servers: tuple[Server, ...]


def run(
    checks: Iterable[Check[Subject]], subject: Subject, name: str
) -> tuple[list[Finding], list[NotChecked]]:
    """Every finding of every check on one subject; a check that breaks is "not checked"."""
    found: list[Finding] = []
    failed: list[NotChecked] = []
    for check in checks:
        try:
            found.extend(check.look(subject))
        except Exception as error:  # noqa: BLE001 - the top of a check: its failure is an answer
            rules = ", ".join(rule.id for rule in check.rules)
            failed.append(
                NotChecked(
                    subject=f"{rules} on {name}",
                    reason=f"the check failed: {type(error).__name__}: {error}",
                    remedy="report this as a bug, with the input that caused it",
                )
            )
    return found, failed
