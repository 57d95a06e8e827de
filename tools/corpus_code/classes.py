"""Which finding is of which class: reads ``classes.toml``, the one table for every auditor."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_code.found import Found


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of flaw or of malice."""

    cwes: frozenset[int]
    words: re.Pattern[str]

    def has(self, one: Found) -> bool:
        return bool(one.cwes & self.cwes) or bool(self.words.search(f"{one.rule} {one.says}"))


def _kinds(section: Mapping[str, Mapping[str, Any]]) -> dict[str, Kind]:
    return {
        name: Kind(frozenset(one["cwes"]), re.compile(one["words"], re.IGNORECASE))
        for name, one in section.items()
    }


_TABLE = tomllib.loads(Path(__file__).with_name("classes.toml").read_text("utf-8"))
FLAWS = _kinds(_TABLE["flaws"])
CISCO = _kinds(_TABLE["cisco"])
HOSTILE = _kinds(_TABLE["hostile"])
CHALLENGES: dict[int, tuple[str, ...]] = {
    int(number): tuple(kinds) for number, kinds in _TABLE["challenges"].items()
}


def any_of(kinds: Iterable[Kind], found: Iterable[Found]) -> list[Found]:
    """The findings that are of one of the classes."""
    wanted = list(kinds)
    return [one for one in found if any(kind.has(one) for kind in wanted)]
