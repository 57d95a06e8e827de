"""Servers of vendors that are what they say: every finding of medium or worse is looked at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus_code.found import Auditor, Found
from corpus_code.published import Published
from corpus_code.trees import Mirrors

SOURCES = frozenset({".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"})
NOT_SHIPPED = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|specs?|e2e|fixtures?|testdata|test-utils|evals?|benchmarks?"
    r"|examples?|node_modules|vendor|mocks?)(/|$)"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|\.(test|spec|bench)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$"
    r"|(^|/)(vitest|jest|playwright|eslint|prettier|rollup|vite|tsup)[^/]*\.config\.[cm]?[jt]s$"
)
"""Paths whose code is not the server: tests, examples, declarations, settings of tools."""
VERDICTS = Path(__file__).with_name("adjudicated.toml")
NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True)
class Server:
    """One benign server: its sources in a mirror, and what is published of it."""

    name: str
    repository: str
    under: str = ""
    published: Published | None = None


def _server(one: dict[str, str]) -> Server:
    index = next((index for index in ("npm", "pypi") if index in one), "")
    name, _, version = one.get(index, "").rpartition("@")
    published = Published(index, name, version) if index else None
    return Server(one["name"], one.get("repository", ""), one.get("under", ""), published)


SERVERS = tuple(
    _server(one)
    for one in tomllib.loads(Path(__file__).with_name("benign.toml").read_text("utf-8"))["server"]
)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What one auditor said of one benign server."""

    name: str
    lines: int
    high: tuple[Found, ...]
    medium: tuple[Found, ...]
    """Those that are just medium."""
    seconds: float
    failed: str


def folder_of(server: Server, mirrors: Mirrors, *, published: bool = False) -> Path | None:
    """Its sources; its published artifact if asked for, or if no mirror has the sources."""
    if not published and server.repository:
        tree = mirrors.tree(server.repository, "HEAD", server.under)
        if tree is not None:
            return tree
    return server.published.folder() if server.published else None


def shipped(folder: Path) -> list[Path]:
    """Source files that are the server itself."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in SOURCES
        and path.is_file()
        and not NOT_SHIPPED.search(path.relative_to(folder).as_posix())
    ]


def lines_of(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") + 1 for path in shipped(folder))


def measure(auditor: Auditor, mirrors: Mirrors, *, published: bool = False) -> Iterator[Quiet]:
    """Every server that can be had, with its findings of medium or worse outside tests."""
    for server in SERVERS:
        folder = folder_of(server, mirrors, published=published)
        if folder is None or (published and server.published is None):
            continue
        answer = auditor.look(folder)
        found = [one for one in answer.found if one.medium and not NOT_SHIPPED.search(one.path)]
        yield Quiet(
            server.name,
            lines_of(folder),
            tuple(one for one in found if one.high),
            tuple(one for one in found if not one.high),
            answer.seconds,
            answer.failed,
        )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a person made of each finding.

    ``false`` (it is not so), ``true`` (a flaw) or ``capability`` (what the server is for).
    """

    words: Mapping[tuple[str, str, str, str], str]

    def of(self, server: str, one: Found) -> str:
        """The word for the part of the server, else for the whole file."""
        named = (server, one.rule, one.path)
        whole = self.words.get((*named, ""), NOT_LOOKED_AT)
        return self.words.get((*named, one.part), whole)


def verdicts() -> Verdicts:
    """All that is written down."""
    listed = tomllib.loads(VERDICTS.read_text("utf-8")).get("finding", [])
    return Verdicts(
        {
            (one["server"], one["rule"], one["path"], one.get("part", "")): one["verdict"]
            for one in listed
        }
    )
