"""What was aimed at beside what was measured, and both as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench_figures import Figure
from bench_process import GATEWAY_CORE, LOAD_CORE
from bench_rows import Row

HEADS = (
    *("in front", "requests/s, 1 connection", "p50 ms", "p99 ms", "added p50", "added p99"),
    *("requests/s, 32 connections", "p50 ms", "p99 ms", "CPU µs a call", "memory MB"),
    "requests at the server",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that was aimed at."""

    what: str
    measured: float
    unit: str
    aim: float
    least: bool = False
    """Whether the aim is the least, not the most."""
    quiet: bool = True
    """Whether the machine was quiet enough for the figure to say anything."""

    @property
    def met(self) -> bool:
        return self.measured >= self.aim if self.least else self.measured <= self.aim

    @property
    def word(self) -> str:
        if not self.quiet:
            return "unclear: other programs were busy"
        return "met" if self.met else "missed"


def reached(rows: Sequence[Row], own: Sequence[Figure]) -> list[Goal]:
    """What was aimed at, with what was measured."""
    limits = [
        Goal(one.what, one.measured, one.unit, one.limit) for one in own if one.limit is not None
    ]
    if not rows:
        return limits
    quiet = all(one.quiet for one in rows if one.kind not in {"python", "node"})
    return [replace(one, quiet=quiet) for one in (*_ratios(rows), *_costs(rows))] + limits


def _ratios(rows: Sequence[Row]) -> list[Goal]:
    def rate(kind: str, group: str) -> float:
        found = [one for one in rows if (one.kind, one.group) == (kind, group)]
        return max((one.crowd.rate for one in found if one.crowd), default=0.0)

    ours = rate("ours", "http")
    nginx, python, off = (rate(kind, "http") for kind in ("nginx", "python", "bare"))
    goals = []
    if nginx:
        goals.append(Goal("of nginx's requests/s", ours / nginx, "", 1 / 3, least=True))
    if python:
        goals.append(Goal("times the fastest Python peer", ours / python, "", 10, least=True))
    if off:
        slower = (1 - ours / off) * 100
        goals.append(Goal("fewer requests/s with everything on than off", slower, "%", 10))
    boxed = rate("ours", "stdio")
    if boxed:
        goals.append(Goal("requests/s before a boxed stdio server", boxed, "", 3000, least=True))
    return goals


def _costs(rows: Sequence[Row]) -> list[Goal]:
    goals = []
    for row in rows:
        if row.kind != "ours" or row.group == "stdio" or row.alone is None:
            continue
        p50, p99 = added(row, rows)
        era = "stateless" if row.group == "stateless" else "handshake"
        goals += [
            Goal(f"added p50, one connection, {era} era", p50, "ms", 0.4),
            Goal(f"added p99, one connection, {era} era", p99, "ms", 2),
            Goal(f"requests at the server for one call, {era} era", row.requests, "", 1),
        ]
    return goals


def added(row: Row, rows: Sequence[Row]) -> tuple[float, float]:
    """Milliseconds that a row adds to nothing in front, at p50 and p99 with one connection."""
    direct = next((one for one in rows if (one.kind, one.group) == ("direct", row.group)), None)
    if direct is None or direct.alone is None or row.alone is None:
        return 0.0, 0.0
    return row.alone.p50 - direct.alone.p50, row.alone.p99 - direct.alone.p99


def tables(rows: Sequence[Row], own: Sequence[Figure], goals: Sequence[Goal]) -> str:
    """All tables."""
    parts = [*_speed(rows), *_goals(goals), "", "| figure | measured |", "|-|-|"]
    parts += [f"| {one.what} | {_number(one.measured)} {one.unit} |" for one in own]
    return "\n".join(parts)


def _speed(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    return [
        f"Gateway on core {GATEWAY_CORE}; load and server on core {LOAD_CORE}.",
        "",
        f"| {' | '.join(HEADS)} |",
        "|-" * len(HEADS) + "|",
        *(f"| {' | '.join(_cells(row, rows))} |" for row in rows),
        "",
    ]


def _cells(row: Row, rows: Sequence[Row]) -> list[str]:
    alone, crowd = row.alone, row.crowd
    if alone is None or crowd is None:
        return [row.name, f"not run: {row.not_run}", *[""] * (len(HEADS) - 2)]
    compared = row.group != "stdio" and row.kind != "direct"
    p50, p99 = added(row, rows)
    bad = alone.bad + crowd.bad
    name = row.name + ("" if row.quiet else " ~")
    return [
        name + (f" ({bad} bad answers: {alone.example or crowd.example})" if bad else ""),
        f"{alone.rate:,.0f}",
        f"{alone.p50:.2f}",
        f"{alone.p99:.2f}",
        f"{p50:+.2f}" if compared else "",
        f"{p99:+.2f}" if compared else "",
        f"{crowd.rate:,.0f}",
        f"{crowd.p50:.2f}",
        f"{crowd.p99:.2f}",
        f"{crowd.micros:,.0f}",
        f"{row.megabytes:.0f}",
        f"{row.requests:.1f}" if row.requests else "",
    ]


def _goals(goals: Sequence[Goal]) -> list[str]:
    parts = ["| aim | measured | limit | |", "|-|-|-|-|"]
    for one in goals:
        unit = f" {one.unit}" if one.unit else ""
        limit = f"{'≥' if one.least else '≤'} {one.aim:,.3g}{unit}"
        parts.append(f"| {one.what} | {_number(one.measured)}{unit} | {limit} | {one.word} |")
    return parts


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
