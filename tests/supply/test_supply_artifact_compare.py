"""Which files of a package its source does not have."""

from __future__ import annotations

from ostiary.analyze.supplied import Difference
from ostiary.supply.artifact.compare import compare
from ostiary.supply.artifact.gather import Stated


def test_finds_what_is_only_in_the_package_and_what_differs() -> None:
    package = {"a.py": Stated(1, "1"), "evil.py": Stated(1, "2"), "b.py": Stated(1, "3")}
    source = {"src/a.py": Stated(1, "1"), "b.py": Stated(1, "4"), "tests/x.py": Stated(1, "9")}
    assert compare(package, source) == (
        Difference("b.py", "differs"),
        Difference("evil.py", "only in package"),
    )


def test_what_a_build_writes_is_expected() -> None:
    names = ("a.dist-info/RECORD", "dist/a.js.map", "dist/a.d.ts", "PKG-INFO", "a.egg-info/x.txt")
    assert compare({name: Stated(1, "1") for name in names}, {}) == ()


def test_known_place_in_a_monorepo_wins() -> None:
    package = {"index.js": Stated(1, "evil")}
    source = {"a/index.js": Stated(1, "good"), "b/index.js": Stated(1, "evil")}
    assert compare(package, source, "a") == (Difference("index.js", "differs"),)
