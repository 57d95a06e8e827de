"""Every tool of a large crowd is weighed."""

from __future__ import annotations

from flow.flow_make import NUMBER, TEXT, tool
from ostiary.flow.levels import tool_access

TOOLS = 2_000


def test_each_of_two_thousand_tools_is_weighed() -> None:
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
    weighed = [tool_access(one) for one in made]
    assert [one.tool for one in weighed] == [one.name for one in made]
    assert all(one.capabilities for one in weighed)
