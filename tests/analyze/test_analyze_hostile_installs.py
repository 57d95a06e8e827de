"""Packages that a server has fetched while it runs, and those that its manifest asks for."""

from __future__ import annotations

import pytest

from analyze.hostile_code import SCRIPT, judged

MANIFEST = '{"name": "demo", "version": "1.0.0", "devDependencies": {"prettier": "^3.0.0"}}'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("npx prettier --write README.md", False),
        ("npm exec prettier -- --write README.md", False),
        ("npm install prettier", False),
        ("npx prettier@latest --write README.md", True),
        ("npm update prettier", True),
        ("npx other-tool --write README.md", True),
        ("npx other-tool prettier", True),
        ("npm install prettier left-pad", True),
    ],
)
def test_what_the_manifest_asks_for_is_installed_already(line: str, told: bool) -> None:
    files = {"src/index.ts": f'{SCRIPT}execSync("{line}");\n', "package.json": MANIFEST}
    assert any(one.rule == "installs-at-run-time" for one in judged(files)) is told
