"""Measures an audit of code on labelled servers: part of ``make corpus``.

Real vulnerable servers before and after their mend, benign servers, deliberately vulnerable ones,
hostile servers of our own, and other auditors beside. Servers of others are read from bare git
mirrors (``--mirrors`` or OSTIARY_MIRRORS, ``owner+name/repo`` each) and from package indexes;
nothing of them is kept here and nothing of them ever runs.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path

from corpus_code import artefacts, benign, deliberate, hostile, vulnerable
from corpus_code.found import Auditor
from corpus_code.others import auditors
from corpus_code.ours import OSTIARY, available, knowing, noting
from corpus_code.tables import Measured, beside, details
from corpus_code.trees import Mirrors

SETS = ("vulnerable", "benign", "published", "artefacts", "dvmcp", "cisco", "avb", "hostile")


def measure(auditor: Auditor, data: Path, mirrors: Mirrors, sets: set[str]) -> Measured:
    """Everything that was asked for, of one auditor."""
    one = Measured(auditor.name, auditor.version)
    if "vulnerable" in sets and (data / vulnerable.LABELS).is_file() and mirrors.folder:
        one.cases = list(vulnerable.measure(auditor, data, mirrors))
    if "benign" in sets and mirrors.folder:
        one.quiet = list(benign.measure(auditor, mirrors))
    if "published" in sets:
        one.published = list(benign.measure(auditor, mirrors, published=True))
    if "artefacts" in sets:
        one.artefacts = list(artefacts.measure(auditor))
    if "dvmcp" in sets:
        one.dvmcp = deliberate.dvmcp(auditor, mirrors)
    if "cisco" in sets:
        one.cisco = deliberate.cisco(auditor, mirrors)
    if "avb" in sets:
        one.avb = deliberate.agent_vuln_bench(auditor, mirrors)
    if "hostile" in sets:
        one.hostile, one.hostile_line = hostile.measure(auditor)
    return one


def several(data: Path, mirrors: Mirrors, sets: set[str], processes: int) -> Auditor:
    """Ours, with everything that will be asked read at once in some processes."""
    folders: dict[Path, None] = {}
    measure(noting(folders), data, mirrors, sets)
    return knowing(folders, processes)


def said(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def plain(value: object) -> object:
    """For JSON: frozen sets sorted, scores as they are."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("OSTIARY_DATA", "../shared/data"))
    parser.add_argument("--mirrors", default=os.environ.get("OSTIARY_MIRRORS"))
    parser.add_argument("--only", help=f"comma-separated: {', '.join(SETS)}")
    parser.add_argument("--auditor", help="part of the name of the only auditor to ask")
    parser.add_argument("--no-peers", action="store_true", help="leave other auditors out")
    parser.add_argument("--no-ours", action="store_true", help="ask other auditors only")
    parser.add_argument(
        "--processes", type=int, default=1, help="of ours; more than one blurs the seconds"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is behind each row")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    chosen = parser.parse_args()
    sets = set(chosen.only.split(",")) if chosen.only else set(SETS)
    if sets - set(SETS):
        parser.error(f"no such set: {', '.join(sorted(sets - set(SETS)))}")
    mirrors = Mirrors(Path(chosen.mirrors).resolve() if chosen.mirrors else None)
    if mirrors.folder is None:
        print("servers of others are not measured: set OSTIARY_MIRRORS to a folder of bare mirrors")
    asked, missing = ([], []) if chosen.no_peers else auditors()
    if not chosen.no_ours:
        why = available()
        asked, missing = (
            ([OSTIARY, *asked], missing) if not why else (asked, [("Ostiary", why), *missing])
        )
    asked = [one for one in asked if not chosen.auditor or chosen.auditor in one.name]
    everybody = []
    data = Path(chosen.data)
    for auditor in asked:
        said(f"{auditor.name}: {', '.join(name for name in SETS if name in sets)}")
        ours = auditor is OSTIARY and chosen.processes > 1
        asking = several(data, mirrors, sets, chosen.processes) if ours else auditor
        everybody.append(measure(asking, data, mirrors, sets))
    print("\n### Code: Ostiary beside others\n")
    print(beside(everybody, missing))
    for one in everybody:
        if chosen.verbose or one.name == OSTIARY.name:
            print("\n".join(details(one, verbose=chosen.verbose)))
    if chosen.json:
        listed = [dataclasses.asdict(one) for one in everybody]
        chosen.json.write_text(json.dumps(listed, indent=1, default=plain) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
