"""``python tools/conformance.py``: the official conformance suite through the gateway, as a table.

With ``--write`` the table goes into docs/conformance.md. The tests hold the gateway to it.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "conformance.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
sys.path.insert(0, str(ROOT / "tests"))

from everything import suite  # noqa: E402 - the tests hold the two ends
from everything.behind import under_test  # noqa: E402
from everything.serving import everything_at  # noqa: E402
from gateway.running import running_gateway  # noqa: E402
from ostiary.model.approval import Start  # noqa: E402


@dataclass(frozen=True, slots=True)
class Row:
    """One set on one leg."""

    revision: str
    leg: str
    way: str
    asked: tuple[str, ...]
    found: dict[str, suite.Verdict]
    seconds: float

    @property
    def short(self) -> dict[str, str]:
        return suite.short(self.found, self.asked)

    @property
    def line(self) -> str:
        checks = sum(len(self.found[one].passed) for one in self.asked if one in self.found)
        passed = len(self.asked) - len(self.short)
        return (
            f"| {self.revision} | {self.leg} | {self.way} | {passed} of {len(self.asked)} "
            f"| {checks} |"
        )


HEAD = "| set | leg | what is tested | required scenarios passed | checks passed |\n|-|-|-|-|-|"


def rows() -> Iterator[Row]:
    """Every set on every leg: each end alone, then through the gateway."""
    for revision in suite.REVISIONS:
        servers = suite.required(revision, "server")
        clients = suite.required(revision, "client")
        with everything_at() as url:
            with _clock() as took:
                found = suite.run_server(url, revision)
            yield Row(revision, "server", "everything server alone", servers, found, took[0])
            with _folder() as folder:
                start = Start("http", url=url)
                with running_gateway(folder, {"everything": start}) as gateway, _clock() as took:
                    found = suite.run_server(
                        gateway.endpoint("everything"), revision, gateway.token
                    )
            yield Row(revision, "server", "gateway before it", servers, found, took[0])
        for behind in (False, True):
            with (
                _folder() as folder,
                under_test(folder, gateway=behind) as (command, extra),
                _clock() as took,
            ):
                found = suite.run_client(command, revision, extra)
            way = "gateway behind it" if behind else "client alone"
            yield Row(revision, "client", way, clients, found, took[0])


@contextmanager
def _clock() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.monotonic()
    yield took
    took.append(time.monotonic() - began)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        yield Path(folder)


def written(page: str, table: str) -> str:
    """``page`` with ``table`` between its marks."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the client tells of every fault that a scenario plays
    lines, failed = [HEAD], False
    for row in rows():
        lines.append(row.line)
        print(f"{row.line} {row.seconds:.1f} s")
        for name, why in row.short.items():
            failed = True
            print(f"    {name}: {why}")
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(written(page, "\n".join(lines)), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
