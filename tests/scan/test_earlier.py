"""Memory across scans: exact servers first, then the lineage of a package."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ostiary.inventory.servers import merge
from ostiary.model.client import Scope, ServerEntry, Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.scan.earlier import forebears, keep, lineage, remembered


@dataclass
class Kept:
    """A memory that lasts as long as a test."""

    surfaces: dict[str, Surface] = field(default_factory=dict)
    broken: bool = False

    def last(self, key: str) -> Surface | NotChecked | None:
        return NotChecked("memory", "damaged") if self.broken else self.surfaces.get(key)

    def keep(self, surface: Surface) -> NotChecked | None:
        self.surfaces[surface.key] = surface
        return None


def server(package: str, *arguments: str, name: str = "notes") -> Server:
    entry = ServerEntry(
        client="cursor",
        file="/home/a/.cursor/mcp.json",
        scope=Scope.USER,
        name=name,
        transport=Transport.STDIO,
        argv=("npx", "-y", package, *arguments),
    )
    (merged,) = merge([entry])
    return merged


def surface(of: Server, version: str) -> Surface:
    return Surface(server=of.name, key=of.key, revision=None, claimed_version=version)


@pytest.mark.proves("RD-24")
def test_an_upgrade_is_compared_with_the_version_before() -> None:
    memory = Kept()
    old, new = server("@acme/notes@1.0.0", "--all"), server("@acme/notes@1.1.0", "--all")
    assert old.key != new.key
    keep([old], [surface(old, "1.0.0")], memory)
    seen, damaged = remembered([new], memory)
    assert (seen, damaged) == ({}, [])
    before = forebears([new], [surface(new, "1.1.0")], seen, memory)
    assert before[new.key].claimed_version == "1.0.0"


def test_the_same_server_is_compared_with_itself_and_not_with_its_kin() -> None:
    memory = Kept()
    old, new = server("@acme/notes@1.0.0"), server("@acme/notes@1.1.0")
    keep([old, new], [surface(old, "1.0.0"), surface(new, "1.1.0")], memory)
    seen, _ = remembered([old, new], memory)
    assert [one.claimed_version for one in seen.values()] == ["1.0.0", "1.1.0"]
    assert forebears([old, new], [surface(old, "1.0.0")], seen, memory) == {}


def test_other_arguments_and_other_packages_are_no_kin() -> None:
    here = lineage(server("@acme/notes@1.0.0", "/srv/a"))
    assert here == lineage(server("@acme/notes@2.0.0", "/srv/a"))
    assert here != lineage(server("@acme/notes@1.0.0", "/srv/b"))
    assert here != lineage(server("@acme/other@1.0.0", "/srv/a"))


def test_a_lineage_does_not_carry_a_secret() -> None:
    token = "ghp_" + "R7qX2mVb9KtLw4Zc8NsYd3HfJ6Pa1GuEo5Ti"
    other = "ghp_" + "Z7qX2mVb9KtLw4Zc8NsYd3HfJ6Pa1GuEo5Ti"
    assert lineage(server("a@1", "--token", token)) == lineage(server("a@1", "--token", other))


def test_a_name_that_changed_is_the_name_now() -> None:
    memory = Kept()
    was, now = server("@acme/notes@1.0.0", name="old"), server("@acme/notes@1.0.0", name="now")
    keep([was], [surface(was, "1.0.0")], memory)
    seen, _ = remembered([now], memory)
    assert [one.server for one in seen.values()] == ["now"]


def test_a_damaged_memory_is_told_and_the_scan_goes_on() -> None:
    one = server("@acme/notes@1.0.0")
    seen, damaged = remembered([one], Kept(broken=True))
    assert seen == {}
    assert [problem.reason for problem in damaged] == ["damaged"]
