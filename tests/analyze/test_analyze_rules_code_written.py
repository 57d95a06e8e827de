"""A caller's text kept as a file of code, and files that are none."""

from __future__ import annotations

import pytest

from analyze.test_analyze_rules_injection import found


@pytest.mark.parametrize(
    "body",
    [
        "open(os.path.join(os.path.dirname(__file__), 'extra.py'), 'w').write(text)",
        "with open('hooks/after.sh', 'w') as file:\n        file.write(text)",
    ],
)
def test_a_callers_text_that_becomes_a_file_of_code_is_found(body: str) -> None:
    assert found(f"@server.tool()\ndef t(text: str, name: str):\n    {body}", "code-written")


@pytest.mark.parametrize(
    "body",
    [
        "open('notes.txt', 'w').write(text)",
        "open(name, 'w').write(text)",
        "open(f'{name}.py', 'w').write(text)",
        "open('settings.py', 'w').write('DEBUG = False')",
        "open('settings.py', 'w').write(f'LEVEL = {len(text)}')",
    ],
)
def test_files_of_data_and_files_that_a_caller_names_are_left_alone(body: str) -> None:
    assert not found(f"@server.tool()\ndef t(text: str, name: str):\n    {body}", "code-written")
