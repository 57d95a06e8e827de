"""Variables of the environment that are read by a computed name: all of them, or a few."""

from __future__ import annotations

import pytest

from analyze.exposed import python, typescript
from ostiary.model.finding import Finding

WHOLE = "The whole environment is handed to the caller."
FUNCTIONS = """
import os
TABLE = {"eu": "LANG", "us": "TZ"}
KEYS = {"eu": "LANG", "us": "GITHUB_TOKEN"}
def setting(name): return os.environ["APP_" + name]
def named(name): return os.environ[name]
def asked(name): return os.environ.get(name) or ""
def given(name): return os.getenv(name)
@server.tool()
def t(region: str) -> str:
    "Tells how it is set."
    return GIVEN
"""
SCRIPT = """
const TABLE = { eu: "LANG", us: "TZ" };
const named = (name) => process.env[name] ?? "";
const say = (text) => ({ content: [{ type: "text", text }] });
server.tool("t", "Tells how it is set.", { region: z.string() }, async ({ region }) => say(GIVEN));
"""


def _said(found: list[Finding]) -> set[str]:
    return {one.message for one in found}


@pytest.mark.parametrize(
    "given",
    [
        "named('LANG')",
        "setting('REGION')",
        "os.environ[TABLE[region]]",
        "os.environ[f'{region}_URL']",
        "[os.environ[one] for one in ('LANG', 'TZ')]",
        "asked('LANG')",
        "given('LANG')",
        "os.environ.get(TABLE[region], '')",
        "os.environ.get(f'{region}_URL')",
        "[os.environ.get(one) for one in ('LANG', 'TZ')]",
    ],
)
def test_a_few_are_not_all(given: str) -> None:
    assert not _said(python("secret-returned", FUNCTIONS.replace("GIVEN", given)))


@pytest.mark.parametrize(
    "given",
    [
        "os.environ[region]",
        "named(region)",
        "named(region.upper())",
        "asked(region)",
        "given(region)",
        "os.environ.get(region, '')",
        "{one: os.environ.get(one) for one in os.environ}",
        "{one: os.environ[one] for one in os.environ}",
        "dict(os.environ)",
        "os.environ['LANG' if region else 'GITHUB_TOKEN']",
    ],
)
def test_a_walk_through_all_or_a_name_of_the_callers_is_all(given: str) -> None:
    found = python("secret-returned", FUNCTIONS.replace("GIVEN", given))
    assert _said(found) == {WHOLE}


@pytest.mark.parametrize(
    "given",
    [
        "named('GITHUB_TOKEN')",
        "os.environ[KEYS[region]]",
        "[os.environ[one] for one in ('GITHUB_TOKEN', 'LANG')]",
    ],
)
def test_a_credential_among_a_few_is_told_by_its_name(given: str) -> None:
    found = python("secret-returned", FUNCTIONS.replace("GIVEN", given))
    assert _said(found) == {"Environment variable GITHUB_TOKEN is handed to the caller."}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('named("LANG")', set()),
        ("process.env[TABLE[region]]", set()),
        ("process.env[`APP_${region}`]", set()),
        ("process.env[region]", {WHOLE}),
        ("named(region)", {WHOLE}),
        ('Object.keys(process.env).map((one) => process.env[one]).join(",")', {WHOLE}),
        ('["GITHUB_TOKEN", "LANG"].map((one) => named(one)).join(",")', {"GITHUB_TOKEN"}),
    ],
)
def test_the_same_in_scripts(given: str, said: set[str]) -> None:
    found = typescript("secret-returned", SCRIPT.replace("GIVEN", given))
    named = {f"Environment variable {one} is handed to the caller." for one in said - {WHOLE}}
    assert _said(found) == named | (said & {WHOLE})
