"""``make bench``: the gateway beside nginx, nothing, and other gateways; then its own figures.

Needs what ``tools/setup.sh bench`` installs. One core has the gateway, another has the load and
the server behind. A repetition counts only if other programs were quiet meanwhile; a ``~`` marks
rows for which too few were. The tables go to docs/measurements.md by hand.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench_figures import figures
from bench_rows import Bench, Pace
from bench_tables import reached, tables

QUICK = Pace(warm=1, alone=1, crowd=1, repetitions=1)


def main() -> None:
    arguments = read_arguments()
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        sys.exit("wrk or taskset is missing; run: tools/setup.sh bench")
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(Path(place), QUICK if arguments.quick else Pace())
        try:
            rows = [] if arguments.figures else list(bench.rows(arguments.only))
            bench.close_all_but_upstream()
            own = [] if arguments.only else list(figures(Path(place), bench.upstream))
        finally:
            bench.close()
    goals = reached(rows, own)
    if arguments.json:
        found = {
            "rows": [asdict(one) for one in rows],
            "figures": [asdict(one) for one in own],
            "goals": [{**asdict(one), "met": one.met} for one in goals],
        }
        print(json.dumps(found, indent=1))
    else:
        print(tables(rows, own, goals))
    sys.exit(not all(one.met for one in goals))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--quick", action="store_true", help="one short repetition each")
    parser.add_argument("--figures", action="store_true", help="only the gateway's own figures")
    parser.add_argument(
        "--only", choices=("ours", "stdio", "peers"), help="only these rows, and no figures"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
