"""Which indexes pip and uv of this machine are set to. No index is built in here."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.tool import run

_NAMED = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
_MORE = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL")
_SETTING = re.compile(r"^(?:global|install|download)\.(index-url|extra-index-url)='(.*)'$", re.M)
_DEFAULT = re.compile(r"\((?:default|by default:?)\s*<?(https?://[^\s)>]+)")
_ANSWER = 256 * 1024


def indexes(folder: Path, options: AcquireOptions) -> tuple[str, ...]:
    """Addresses, the first one first. Raises :class:`Unobtainable` if none is set."""
    main = next((os.environ[name] for name in _NAMED if os.environ.get(name)), "")
    more = [one for name in _MORE for one in os.environ.get(name, "").split()]
    pip = _pip()
    if pip:
        said = _say([*pip, "config", "list"], folder, options)
        for key, value in _SETTING.findall(said):
            if key == "index-url":
                main = main or value
            else:
                more.extend(value.replace("\\n", " ").split())
        if not main:
            main = _first(_DEFAULT, _say([*pip, "download", "--help"], folder, options))
    uv = shutil.which("uv")
    if not main and uv:
        main = _first(_DEFAULT, _say([uv, "pip", "install", "--help"], folder, options))
    # uv names an index as NAME=URL
    found = [re.sub(r"^[A-Za-z0-9_-]+=(?=[a-z]+://)", "", one) for one in (main, *more) if one]
    if not found:
        raise Unobtainable(
            "no index of Python packages is set up on this machine",
            "install pip or uv, or set PIP_INDEX_URL",
        )
    return tuple(dict.fromkeys(found))


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-I", "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    return [found] if found else []


def _say(argv: list[str], folder: Path, options: AcquireOptions) -> str:
    with tempfile.TemporaryFile(dir=folder) as answer:
        run(argv, folder, options.wall_seconds, _ANSWER, into=answer)
        answer.seek(0)
        return re.sub(r"\s*\n\s{8,}", " ", answer.read(_ANSWER).decode("utf-8", "replace"))


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
