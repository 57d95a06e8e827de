"""What a file of the build does, by its words, where no front end read it.

``setup.py`` and scripts of the build are no part of the server and are left out of its code; what
runs on installation is looked at all the same, by the names of the calls in it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.analyze.project import SourceFile
from ostiary.analyze.rules.supply.command_words import MOST_CHARACTERS, Doing, doings

_MAX_CHARACTERS = 400_000
_FETCHING = re.compile(
    r"(?:^|\.)(?:urlopen|urlretrieve|create_connection|HTTPS?Connection)\Z"
    r"|^(?:requests|httpx|urllib3|aiohttp)\.\w+\Z"
)
_RUNNING = re.compile(
    r"^(?:subprocess\.\w+|os\.(?:system|popen|exec\w+|spawn\w+|startfile)|exec|eval|runpy\.\w+"
    r"|pty\.spawn|Popen|check_call|check_output)\Z"
)
_JS_FETCHING = re.compile(r"\bhttps?\.(?:get|request)\s*\(|\bfetch\s*\(|\baxios\b|\bgot\s*\(")
_JS_RUNNING = re.compile(
    r"\b(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|eval|runInThisContext)\s*\("
    r"|\bnew Function\s*\("
)
_SCRIPT = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Lines of one file at which its words show something; 0 where they do not."""

    file: str
    fetches: int = 0
    runs: int = 0
    """The first run at or behind the fetch; the first at all where nothing is fetched."""
    hidden: int = 0


def spoken(file: SourceFile) -> Spoken | None:
    """What the words show; ``None`` for a file of another kind."""
    text = file.text[:_MAX_CHARACTERS]
    if file.path.endswith(".py"):
        return _summary(file.path, list(_python(text)))
    if file.path.endswith(_SCRIPT):
        return _summary(file.path, list(_script(text)))
    return None


def _summary(path: str, found: list[tuple[str, int]]) -> Spoken:
    first = {what: min(line for one, line in found if one == what) for what, _ in found}
    fetched = first.get("fetch", 0)
    later = [line for what, line in found if what == "run" and line >= fetched]
    return Spoken(path, fetched, min(later, default=first.get("run", 0)), first.get("hidden", 0))


def _python(text: str) -> Iterator[tuple[str, int]]:
    """By syntax, so that comments and strings say nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _dotted(node.func)
        if _FETCHING.search(name):
            yield "fetch", node.lineno
        elif _RUNNING.search(name):
            yield "run", node.lineno
            if name in {"exec", "eval"} and _decodes(node):
                yield "hidden", node.lineno


def _dotted(func: ast.expr) -> str:
    names: list[str] = []
    while isinstance(func, ast.Attribute) and len(names) < 20:
        names.append(func.attr)
        func = func.value
    if isinstance(func, ast.Name):
        names.append(func.id)
    return ".".join(reversed(names))


def _decodes(node: ast.Call) -> bool:
    """Whether a call inside the arguments uncovers hidden text."""
    last = {
        one.func.attr if isinstance(one.func, ast.Attribute) else _dotted(one.func)
        for each in node.args
        for one in ast.walk(each)
        if isinstance(one, ast.Call)
    }
    return not last.isdisjoint({"b64decode", "fromhex", "decompress", "unhexlify", "loads"})


def _script(text: str) -> Iterator[tuple[str, int]]:
    for number, row in enumerate(text.split("\n"), 1):
        line = row[:MOST_CHARACTERS]
        if line.lstrip().startswith(("//", "*", "/*")):
            continue
        if _JS_FETCHING.search(line):
            yield "fetch", number
        if _JS_RUNNING.search(line):
            yield "run", number
            if Doing.HIDDEN in doings(line):
                yield "hidden", number
