"""Rebuilds the table of easily imitated names from dumps of registries.

    python tools/known_names.py DUMP.json [DUMP.json …] [--least 2] [--write]

A name counts as well known when at least ``--least`` dumps list it; names that are in the table
stay. A candidate that is itself nearly a known name is left out and printed, for a person to look
at: it may be the imitation. Dumps are lists of registry records (``{"servers": [{"server":
{"packages": [{"registryType", "identifier"}]}}]}``) or objects keyed by npm package name.
Without ``--write`` it prints what it would add.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ostiary.inventory.known_packages import KNOWN
from ostiary.inventory.lookalikes import canonical, likeness

TABLE = Path(__file__).resolve().parents[1] / "src/ostiary/inventory/known_packages.py"
BLOCKS = {"npm": "_NPM", "pypi": "_PYPI"}
_NPM_NAME = re.compile(r"(?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*")
_PYPI_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")

Name = tuple[str, str]


def names_in(dump: object) -> set[Name]:
    """Ecosystem and name of every package that one dump lists."""
    found = set()
    for ecosystem, name in _pairs(dump):
        shape = _NPM_NAME if ecosystem == "npm" else _PYPI_NAME
        if ecosystem in BLOCKS and len(name) <= 214 and shape.fullmatch(name):
            found.add((ecosystem, canonical(ecosystem, name)))
    return found


def _pairs(dump: object) -> Iterator[Name]:
    records = dump.get("servers") if isinstance(dump, dict) else None
    if isinstance(records, list):
        for record in records:
            for package in record.get("server", {}).get("packages", ()):
                yield str(package.get("registryType")), str(package.get("identifier"))
    elif isinstance(dump, dict):
        for name in dump:
            yield "npm", name


def candidates(dumps: Iterable[object], least: int) -> tuple[list[Name], list[tuple[Name, str]]]:
    """Names to add, and names left out with the known one that they resemble."""
    counted = Counter(name for dump in dumps for name in names_in(dump))
    added, doubtful = [], []
    for (ecosystem, name), count in sorted(counted.items()):
        if count < least or name in KNOWN[ecosystem]:
            continue
        alike = likeness(ecosystem, name)
        if alike is not None and alike.sure:
            doubtful.append(((ecosystem, name), alike.known))
        else:
            added.append((ecosystem, name))
    return added, doubtful


def rewritten(table: str, added: Iterable[Name]) -> str:
    """The source of the table with the names added, sorted and wrapped as it is written."""
    more = list(added)
    for ecosystem, block in BLOCKS.items():
        names = sorted({*KNOWN[ecosystem], *(name for eco, name in more if eco == ecosystem)})
        rows = textwrap.wrap(" ".join(names), 91, break_long_words=False, break_on_hyphens=False)
        body = "\n".join(f'    "{row} "' for row in rows)
        start = table.index(f"\n{block} = (\n") + 1
        end = table.index("\n)\n", start) + 2
        table = f"{table[:start]}{block} = (\n{body}\n){table[end:]}"
    return table


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--least", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(argv)
    dumps = [json.loads(path.read_text(encoding="utf-8")) for path in chosen.dumps]
    added, doubtful = candidates(dumps, chosen.least)
    for (ecosystem, name), known in doubtful:
        print(f"left out  {ecosystem}  {name}  (nearly {known})")
    for ecosystem, name in added:
        print(f"add       {ecosystem}  {name}")
    if chosen.write:
        TABLE.write_text(rewritten(TABLE.read_text(encoding="utf-8"), added), encoding="utf-8")
    print(f"{len(added)} to add, {len(doubtful)} to look at", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
