"""``make bench``: speed and memory of a scan, as ratios against the limits the project sets.

Every number comes from a whole process, as a user would start it. The table goes to
docs/measurements.md by hand, with the machine and the date.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.host.box import BoxSpec
from ostiary.host.bubblewrap import Bubblewrap

OSTIARY = str(Path(sys.executable).with_name("ostiary"))
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: float
    limit: float
    unit: str


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        rows = [
            *help_text(),
            *configurations(base),
            *many_tools(base),
            *large_list(base),
            *boxes(),
            *shadowing_among_many(),
            *many_findings(),
        ]
    print(f"{'what':<58}{'measured':>12}{'limit':>10}{'ratio':>8}")
    for row in rows:
        ratio = row.measured / row.limit
        measured, limit = f"{row.measured:.2f} {row.unit}", f"{row.limit:g} {row.unit}"
        print(f"{row.what:<58}{measured:>12}{limit:>10}{ratio:>8.2f}")
    sys.exit(any(row.measured > row.limit for row in rows))


def help_text() -> list[Row]:
    return [Row("ostiary --help, median of 7", median(lambda: run(["--help"])[0], 7), 0.2, "s")]


def configurations(base: Path) -> list[Row]:
    """50 configuration files of ten clients naming 100 servers, not connecting."""
    home = base / "home"
    projects = lay_configurations(home, base / "projects")
    arguments = ["scan", "--home", str(home), "--json", "--output", str(base / "scan.json")]
    for project in projects:
        arguments += ["--project", str(project)]
    seconds, memory = [], 0.0
    for _ in range(5):
        taken, peak, _ = run(arguments)
        seconds.append(taken)
        memory = max(memory, peak)
    found = json.loads((base / "scan.json").read_text(encoding="utf-8"))
    files = sum(len(client["files"]) for client in found["clients"])
    servers = len(found["servers"])
    print(f"({files} configuration files, {servers} servers)", file=sys.stderr)
    return [
        Row(
            "50 configurations, 100 servers, whole process, median",
            statistics.median(seconds),
            1.0,
            "s",
        ),
        Row("… peak resident memory", memory, 200, "MiB"),
    ]


def lay_configurations(home: Path, projects: Path) -> list[Path]:
    """Ten user files and forty project files, two servers each."""

    def servers(n: int) -> dict[str, object]:
        return {
            f"server-{n}": {"command": "npx", "args": ["-y", f"@example/mcp-server-{n}@1.{n}.0"]},
            f"service-{n}": {
                "command": "uvx",
                "args": [f"mcp-service-{n}=={n}.0"],
                "env": {"TOKEN": "${T}"},
            },
        }

    user_files = (
        ".claude.json", ".cursor/mcp.json", ".config/Claude/claude_desktop_config.json",
        ".gemini/settings.json", ".qwen/settings.json", ".kiro/settings/mcp.json",
        ".factory/mcp.json", ".junie/mcp/mcp.json", ".lmstudio/mcp.json", ".aws/amazonq/mcp.json",
    )  # fmt: skip
    for n, name in enumerate(user_files):
        write(home / name, {"mcpServers": servers(n)})
    folders = []
    for n in range(len(user_files), 50):
        folder = projects / f"project-{n}"
        write(folder / (".mcp.json" if n % 2 else ".cursor/mcp.json"), {"mcpServers": servers(n)})
        folders.append(folder)
    return folders


def many_tools(base: Path) -> list[Row]:
    """10,000 tools of ordinary length: the checks alone, then the whole process."""
    path = base / "many.json"
    write(path, {"tools": tools(10_000)})
    taken, peak, _ = run(["scan", "--surface", str(path), "--json", "--output", os.devnull])
    checks = measured_checks(path)
    return [
        Row("all checks over 10,000 tools", checks, 3.0, "s"),
        Row("… whole process", taken, 6.0, "s"),
        Row("… peak resident memory", peak, 200, "MiB"),
    ]


def measured_checks(path: Path) -> float:
    code = (
        "import sys,time\nfrom ostiary.wire.capture import read_capture\n"
        "from ostiary.surface.checks import CHECKS\n"
        "from ostiary.model.check import Neighbourhood, run\n"
        "surface,=read_capture(open(sys.argv[1],'rb').read(),'many')\n"
        "start=time.perf_counter()\nfound,failed=run(CHECKS, Neighbourhood(surface), 'many')\n"
        "print(time.perf_counter()-start)\nassert not failed, failed\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def large_list(base: Path) -> list[Row]:
    """A tools/list answer of 5 MB, a few long descriptions among them."""
    path = base / "large.json"
    listed = tools(2_000)
    for tool in listed[::10]:
        tool["description"] = str(tool["description"]) + " Returns rows with their columns." * 700
    write(path, {"tools": listed})
    size = path.stat().st_size / 1e6
    taken, peak, _ = run(["scan", "--surface", str(path), "--json", "--output", os.devnull])
    return [
        Row(f"tools/list of {size:.1f} MB, whole process", taken, 6.0, "s"),
        Row("… peak resident memory", peak, 200, "MiB"),
    ]


def boxes() -> list[Row]:
    """A box from its start to the first answer of what runs in it, and to its end."""

    def once() -> float:
        start = time.perf_counter()
        box = Bubblewrap().start(BoxSpec(argv=("/bin/echo", "here")))
        box.stdout.read(1)
        box.stop()
        return time.perf_counter() - start

    return [Row("a box, from start to answer to end, median of 20", median(once, 20), 0.1, "s")]


def shadowing_among_many() -> list[Row]:
    """Every server compared with the 99 others, in one fresh process."""
    code = (
        "import time\nimport bench\nfrom ostiary.wire.capture import read_capture\n"
        "from ostiary.surface.checks import shadowing\n"
        "from ostiary.model.check import Neighbourhood, run\n"
        "surfaces=[bench.renamed(n) for n in range(100)]\n"
        "servers=[read_capture(one, f's{n}')[0] for n, one in enumerate(surfaces)]\n"
        "start=time.perf_counter()\n"
        "for one in servers:\n"
        "    near=tuple(other for other in servers if other is not one)\n"
        "    _, failed=run((shadowing.CHECK,), Neighbourhood(one, near), one.server)\n"
        "    assert not failed, failed\n"
        "print(time.perf_counter()-start)\n"
    )
    return [Row("shadowing among 100 servers of 100 tools", printed(code), 3.0, "s")]


def renamed(server: int) -> bytes:
    """A capture of 100 tools whose names no other server has."""
    listed = tools(100)
    for tool in listed:
        tool["name"] = f"{tool['name']}_s{server}x"
    return json.dumps({"tools": listed}).encode()


def many_findings() -> list[Row]:
    """A fleet with 10,000 findings, in the format that takes longest."""
    code = (
        "import time\nfrom ostiary.report import FORMATS, present\n"
        "from ostiary.report.view import View\nfrom report.sample import RULES, crowd\n"
        "result, worst = crowd(10_000), 0.0\n"
        "for one in FORMATS:\n"
        "    start=time.perf_counter()\n"
        "    present(one.name, result, View(rules=RULES))\n"
        "    worst=max(worst, time.perf_counter()-start)\n"
        "print(worst)\n"
    )
    return [Row("10,000 findings to each format, the slowest", printed(code), 2.0, "s")]


def printed(code: str) -> float:
    """The seconds that a fresh process, which also finds these tools and the tests, prints."""
    here = Path(__file__).parent
    folders = os.pathsep.join([str(here), str(here.parent / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": folders},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def tools(count: int) -> list[dict[str, object]]:
    verbs = ("list", "get", "create", "update", "delete", "search", "send", "export")
    nouns = ("invoice", "customer", "ticket", "branch", "table", "message", "file", "report")
    return [
        {
            "name": f"{verbs[n % 8]}_{nouns[n // 8 % 8]}_{n}",
            "description": f"{verbs[n % 8].title()} a {nouns[n // 8 % 8]} by its id. The id must "
            "come from a search; pages hold fifty items. Returns an object with the fields that "
            "the caller may see, or an error that says which permission is missing. You should "
            "page until the cursor is empty. IMPORTANT: dates are in UTC.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "description": "Identifier as returned by the search"},
                    "limit": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 50,
                        "description": "Page size",
                    },
                    "path": {"type": "string", "description": "Where the result is written"},
                    "dry_run": {"type": "boolean", "description": "Only say what would happen"},
                },
                "required": ["id"],
            },
        }
        for n in range(count)
    ]


def run(arguments: list[str]) -> tuple[float, float, int]:
    """Seconds, peak MiB and exit code of one whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [OSTIARY, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, 3, 4):
        sys.exit(f"ostiary {' '.join(arguments[:2])} failed with {code}")
    return taken, _peak(usage), code


def _peak(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def median(measure: Callable[[], float], times: int) -> float:
    return statistics.median(measure() for _ in range(times))


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    main()
