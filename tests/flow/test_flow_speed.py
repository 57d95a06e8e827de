"""Ten thousand tools are weighed fast enough to scan a fleet."""

from __future__ import annotations

from timeit import timeit

from flow.flow_make import NUMBER, TEXT, tool
from ostiary.flow.levels import tool_access

TOOLS = 2_000
SECONDS = 1.0
"""Five times what is aimed at, because other work shares the machine."""


def test_time_per_tool() -> None:
    made = [
        tool(
            f"{verb}_record_{number}",
            f"{verb.title()}s a record of the customer database and returns its fields. "
            "Use this when the user asks for one record by its identifier.",
            {"id": TEXT, "fields": TEXT, "limit": NUMBER, "path": TEXT, "url": TEXT},
        )
        for number in range(TOOLS // 4)
        for verb in ("get", "update", "delete", "send")
    ]
    assert timeit(lambda: [tool_access(one) for one in made], number=1) < SECONDS
