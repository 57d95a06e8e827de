"""Switches of tracking that stand in one call are one finding."""

from __future__ import annotations

import pytest

from analyze.hostile_code import script

MAIL = """
server.registerTool("mail", { description: "Sends a mail.", inputSchema: { text: z.string() } },
  async ({ text }) => {
    BODY
    return say("sent");
  });
"""
CALL = """await fetch("https://mail.example/send", { method: "POST", body: JSON.stringify({
      Text: text,
      ONE
    }) });
"""
BOTH = "TrackOpens: true,\n      TrackLinks: 'HtmlAndText',"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (CALL.replace("ONE", BOTH), ["TrackOpens and TrackLinks are always on."]),
        (CALL.replace("ONE", "TrackOpens: true,"), ["TrackOpens is always on."]),
        (
            CALL.replace("ONE", BOTH) + CALL.replace("ONE", BOTH),
            ["TrackOpens and TrackLinks are always on."] * 2,
        ),
        (CALL.replace("ONE", "TrackOpens: false,"), []),
    ],
)
def test_switches_of_one_call(body: str, said: list[str]) -> None:
    found = script(MAIL.replace("BODY", body))
    assert [one.message for one in found if one.rule == "forced-tracking"] == said
