"""Clients of work trackers: what is asked of them reads, and what is put into them is sent."""

from __future__ import annotations

from analyze.levels import goes_to, likely, typescript
from ostiary.model.access import Level

SERVER = """
import {{ LinearClient }} from "@linear/sdk";
const client = new LinearClient({{ apiKey: process.env.LINEAR_API_KEY }});
server.tool("t", "Does it.", {{ q: z.string() }}, async ({{ q }}) => {{
    const found = await client.{call};
    return {{ content: [{{ type: "text", text: JSON.stringify(found) }}] }};
}});
"""


def test_what_is_asked_of_a_tracker_is_no_message() -> None:
    for call in ("issues({ filter: q })", "client.request(q, {})"):
        tool = typescript(SERVER.format(call=call))
        assert Level.SEND not in likely(tool)
        assert goes_to(tool) == {("api.linear.app", "fixed")}


def test_what_is_put_into_a_tracker_is_sent_to_where_its_library_goes() -> None:
    tool = typescript(SERVER.format(call="createComment({ body: q })"))
    assert {Level.SEND, Level.WRITE} <= likely(tool)
    assert goes_to(tool) == {("api.linear.app", "fixed")}
