"""A harmless quote server, as it was when people installed it."""

from tiny_mcp import serve, tool

serve(
    "quotes",
    "1.0.0",
    [tool("daily_quote", "Return the quote of the day.", {"readOnlyHint": True}, topic="A topic")],
)
