"""Requirements of Python packaging: most are read without ``packaging``, all as it reads them."""

from __future__ import annotations

import sys
from itertools import product

import pytest
from packaging.requirements import InvalidRequirement, Requirement

from ostiary.analyze.manifests.requirement import Wanted, requirement

NAMES = ("a", "mcp", "ruamel.yaml", "foo-bar_baz", "a-", "-a", "a..b", "A1", "é", "a b", "١")
EXTRAS = ("", "[cli]", "[a,b]", "[a, b]", "[]", " [cli]")
RANGES = (
    *(
        "",
        ">=1",
        " >= 1.0 , < 2",
        "~=1",
        "~=1.4",
        "==1.0",
        "==1.*",
        "===1.0",
        "!=1,!=1.0",
        ">=1,>=1",
    ),
    *(
        ">1.0rc1,<=2024.1.15",
        "=1",
        ">=1,",
        ">=1 <2",
        "==1.0.post1",
        "==1!2",
        ">=1.a",
        "==١",
        "==1c1",
    ),
    *(
        "==1; extra == 'x'",
        "; python_version < '3'",
        " @ https://example.com/a.zip",
        "(>=1)",
        ">=1\n",
    ),
)


def _as_packaging(text: str) -> Wanted | None:
    try:
        one = Requirement(text)
    except InvalidRequirement:
        return None
    exact = [each for each in one.specifier if each.operator in {"==", "==="}]
    fixed = [each.version for each in exact if "*" not in each.version]
    pinned = fixed[0] if len(fixed) == len(one.specifier) == 1 else ""
    return Wanted(one.name, one.url or str(one.specifier), pinned, "extra" in str(one.marker))


def test_every_form_is_read_as_packaging_reads_it() -> None:
    for text in map("".join, product(NAMES, EXTRAS, RANGES)):
        assert requirement(text) == _as_packaging(text), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mcp[cli]>=1.2,<2", Wanted("mcp", "<2,>=1.2", "", False)),
        ("httpx == 0.27.0", Wanted("httpx", "==0.27.0", "0.27.0", False)),
        ("requests", Wanted("requests", "", "", False)),
    ],
)
def test_what_most_write_is_read_without_packaging(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: Wanted
) -> None:
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    assert requirement(text) == expected


def test_a_requirement_of_thousands_of_characters_is_none() -> None:
    assert requirement("a" * 5_000) is None
