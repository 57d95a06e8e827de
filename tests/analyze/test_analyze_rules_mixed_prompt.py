"""Callers' text among instructions to a model, and text that is no such thing."""

from __future__ import annotations

import pytest

from analyze.test_analyze_rules_injection import found

BEGINS = (
    "SAYS = 'You are a careful assistant.'\n@server.tool()\ndef t(text: str, count: int):\n    "
)


@pytest.mark.parametrize(
    "body",
    [
        "return f'{SAYS} The person says: {text}'",
        "said = SAYS\n    said += '\\n' + text\n    return said",
        "return 'You are an agent for mail.\\n' + text",
    ],
)
def test_text_that_joins_both_is_found(body: str) -> None:
    (finding,) = found(BEGINS + body, "mixed-prompt")
    assert finding.message.startswith("text stands")
    assert finding.evidence


@pytest.mark.parametrize(
    "body",
    [
        "return [{'role': 'system', 'content': SAYS}, {'role': 'user', 'content': text}]",
        "return f'{SAYS} Answer in {count} words.'",
        "return f'You are here: {text}'",
        "return SAYS",
    ],
)
def test_messages_of_their_own_and_other_text_are_left_alone(body: str) -> None:
    assert not found(BEGINS + body, "mixed-prompt")


def test_prompts_that_people_choose_are_left_alone() -> None:
    assert not found(
        "@server.prompt()\ndef p(text: str):\n    return f'You are a careful assistant. {text}'",
        "mixed-prompt",
    )
