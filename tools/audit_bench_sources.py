"""Generated sources for ``make bench``: servers that grow, and files made to be hard to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

FILE = 50_000
"""Bytes of one generated file; a server grows by files, and each file by tools."""

_PY_HEAD = """import os
import subprocess
from mcp.server.fastmcp import FastMCP
{imports}
mcp = FastMCP("grown")
"""
_PY_TOOL = '''

def step_{n}(text: str, depth: int) -> str:
    parts = [one.strip() for one in text.split(",") if one]
    if depth > {n} % 7:
        return os.path.join("base", *parts)
    return {call}("/".join(parts), depth + 1)


@mcp.tool()
def tool_{n}(text: str, flag: bool = False) -> str:
    """Tool {n}."""
    place = step_{n}(text, 0)
    if flag:
        subprocess.run(["ls", place], check=False)
    with open(place, encoding="utf-8") as handle:
        return handle.read()
'''
_JS_HEAD = """import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
"""
_JS_TOOL = """
export function step{n}(text, depth) {{
  const parts = text.split(",").map((one) => one.trim()).filter(Boolean);
  if (depth > {n} % 7) return path.join("base", ...parts);
  return {call}(parts.join("/"), depth + 1);
}}
const shape{n} = {{ text: z.string(), flag: z.boolean() }};
server.tool("tool{n}", "Tool {n}.", shape{n}, async ({{ text, flag }}) => {{
  const place = step{n}(text, 0);
  if (flag) execFile("ls", [place]);
  return {{ content: [{{ type: "text", text: await readFile(place, "utf8") }}] }};
}});
"""


def grown(folder: Path, suffix: str, size: int) -> None:
    """A server of ``size`` bytes in files of fifty thousand, each calling into the last."""
    folder.mkdir(parents=True, exist_ok=True)
    count = max(1, size // FILE)
    for number in range(count):
        text = "".join(_file(suffix, number))
        (folder / f"part_{number}.{suffix}").write_text(text, encoding="utf-8")


def _file(suffix: str, number: int) -> Iterator[str]:
    before, python = number - 1, suffix == "py"
    first = number * 1000
    if python:
        yield _PY_HEAD.format(imports=f"from part_{before} import *" if number else "")
    else:
        yield _JS_HEAD
        if number:
            yield f'import {{ step{before * 1000} }} from "./part_{before}.js";\n'
        yield 'const server = new McpServer({ name: "grown", version: "1.0.0" });\n'
    written, n = 0, first
    while written < FILE:
        stem = "step_" if python else "step"
        other = n - 1 if n > first else (before * 1000 if number else n)
        text = (_PY_TOOL if python else _JS_TOOL).format(n=n, call=f"{stem}{other}")
        yield text
        written += len(text)
        n += 1


def _minified(folder: Path) -> None:
    """One line of a megabyte."""
    one = (
        "var a{n}=function(e){{return e&&e.length>{n}?"
        'require("fs").readFileSync(e):a{m}(e)}},b{n}=1;'
    )
    text = "".join(one.format(n=n, m=max(n - 1, 0)) for n in range(12_000))
    (folder / "index.js").write_text(text[:1_000_000], encoding="utf-8")


def _nested_js(folder: Path) -> None:
    (folder / "index.js").write_text("x = " + "[" * 100_000 + "]" * 100_000 + ";\n", "utf-8")


def _nested_py(folder: Path) -> None:
    (folder / "server.py").write_text("x = " + "(" * 100_000 + "1" + ")" * 100_000 + "\n", "utf-8")


def _nested_calls(folder: Path) -> None:
    body = "f(" * 5_000 + "x" + ")" * 5_000
    (folder / "server.py").write_text(f"def f(x):\n    return {body}\n", encoding="utf-8")
    (folder / "index.js").write_text(f"function f(x) {{ return {body}; }}\n", encoding="utf-8")


def _cyclic(folder: Path) -> None:
    """Two hundred files that all import the next one, and call round and round."""
    for n in range(200):
        m = (n + 1) % 200
        (folder / f"m{n}.py").write_text(
            f"from m{m} import f{m}\n\n\ndef f{n}(x):\n    return f{m}([x, f{m}(x)])\n", "utf-8"
        )
        (folder / f"m{n}.js").write_text(
            f'import {{ f{m} }} from "./m{m}.js";\n'
            f"export const f{n} = (x) => f{m}([x, f{m}(x)]);\n",
            "utf-8",
        )


def _huge(folder: Path) -> None:
    """Ten megabytes of data in one module."""
    (folder / "data.py").write_text("X = [\n" + '    "abcdefgh",\n' * 650_000 + "]\n", "utf-8")


def _branches(folder: Path) -> None:
    """Paths that double at each of five hundred branches."""
    lines = ["def f(x, y):"]
    lines += [f"    x = x + y if y[{n}] else [x, y, {n}]" for n in range(500)]
    (folder / "server.py").write_text("\n".join([*lines, "    return x", ""]), encoding="utf-8")


def _concatenated(folder: Path) -> None:
    """A text of twenty thousand parts in one expression."""
    (folder / "server.py").write_text("x = " + " + ".join(["'a'"] * 20_000) + "\n", "utf-8")
    (folder / "index.js").write_text("x = " + " + ".join(["'a'"] * 20_000) + ";\n", "utf-8")


def _bytes(folder: Path) -> None:
    """No text at all under names of sources."""
    (folder / "server.py").write_bytes(bytes(range(256)) * 4_000)
    (folder / "index.ts").write_bytes(b"\xff\xfe\x00\xd8" * 100_000)


def _links(folder: Path) -> None:
    """A folder that holds itself, and a link out of it."""
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "server.py").symlink_to("/dev/zero")


PATHOLOGICAL: dict[str, Callable[[Path], None]] = {
    "one minified line of 1 MB": _minified,
    "100,000 nested brackets, JavaScript": _nested_js,
    "100,000 nested brackets, Python": _nested_py,
    "5,000 nested calls": _nested_calls,
    "cyclic imports and calls": _cyclic,
    "one file of 10 MB": _huge,
    "500 branches in a row": _branches,
    "20,000 joined texts": _concatenated,
    "bytes that are no text": _bytes,
    "links in circles": _links,
}
