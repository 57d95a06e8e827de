"""Servers that are on this machine already: scripts, modules, programs, projects, bundles."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from ostiary.inventory.words import program as program_name
from ostiary.supply import bundle
from ostiary.supply.draft import Draft, Question, Unready
from ostiary.supply.interpreters import Interpreter, at, find, in_system, narrow
from ostiary.supply.place import Unplaced, around, at_home, is_folder, located

_NODE = ("node", "nodejs")
_FIRST_LINE = 256


def node(question: Question) -> Draft:
    """``node FILE``. A runner such as ``tsx`` is a program of its own."""
    if program_name(question.argv[0]) not in _NODE:
        return path(question)
    return _script(question, _interpreter(question.argv[0]))


def python(question: Question) -> Draft:
    """``python FILE``, ``python -m MODULE`` and ``python -c CODE``."""
    found = _interpreter(question.argv[0])
    if not {"-m", "-c"} & set(question.options):
        return _with_user_site(_script(question, found), found)
    start = (str(found.program), *question.argv[1 : question.target + 1])
    readable = [*found.readable]
    folder = at_home(question.entry.cwd or question.entry.project or "/")
    if is_folder(folder) and narrow(folder):
        readable += around(folder)
    draft = Draft(start, question.launch.arguments, tuple(readable))
    return _with_user_site(draft, found)


def _interpreter(word: str) -> Interpreter:
    found = find(word)
    if found is None:
        raise Unready(f"{word!r} was not found on this machine", "install it, then scan again")
    return found


def _script(question: Question, runs: Interpreter) -> Draft:
    place = question.target
    if place < 1 or question.argv[place].startswith("-"):
        raise Unready("its launch line names no file")
    file = located(question.argv[place], question.entry)
    start = (str(runs.program), *question.argv[1:place], str(file))
    readable = (*runs.readable, *around(file))
    return Draft(start, question.launch.arguments, readable)


def _with_user_site(draft: Draft, runs: Interpreter) -> Draft:
    """The system's Python also loads what its user installed with ``pip install --user``."""
    base = Path.home() / ".local"
    sites = sorted(base.glob("lib/python3*")) if in_system(runs.program) else []
    if not sites:
        return draft
    env = (*draft.env, ("PYTHONUSERBASE", str(base)))
    return replace(draft, readable=(*draft.readable, *sites), env=env)


def path(question: Question) -> Draft:
    """A program by name or path, with the interpreter that its first line names."""
    word = question.argv[0]
    name = str(located(word, question.entry)) if "/" in word else word
    found = find(name)
    if found is None:
        raise Unready(f"{word!r} was not found or cannot be run", "install it, then scan again")
    real = found.program.resolve()
    words = _first_line(real)
    arguments = question.argv[1:]
    if not words:
        return Draft((str(found.program),), arguments, found.readable)
    runs = _interpreter(words[0])
    draft = Draft(
        start=(str(runs.program), *words[1:], str(found.program)),
        arguments=arguments,
        readable=(*found.readable, *runs.readable, *_beside(real)),
    )
    return _with_user_site(draft, runs) if "python" in words[0] else draft


def _beside(script: Path) -> tuple[Path, ...]:
    """A script in a folder of programs needs nothing of that folder."""
    return (script,) if script.parent.name in ("bin", "shims") else around(script)


def _first_line(file: Path) -> list[str]:
    """The interpreter and its arguments; empty for anything but a script."""
    try:
        with file.open("rb") as opened:
            line = opened.read(_FIRST_LINE).partition(b"\n")[0]
        words = shlex.split(line[2:].decode("utf-8")) if line.startswith(b"#!") else []
    except (OSError, ValueError):
        return []
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if word != "-S" and "=" not in word]
    return words


def uv_project(question: Question) -> Draft:
    """``uv run``: only with the environment that is there, since making one may build code."""
    if question.launch.package is not None and "--with" in question.options:
        raise Unready("uv would make an environment for it", "use uvx with a pinned version")
    folder = _project(question)
    environment = folder / ".venv/bin"
    if not (environment / "python").exists():
        raise Unready(f"{folder} has no environment yet", "run `uv sync` there, then scan again")
    runs = at(environment / "python")
    place = max(question.target, 1)
    word, arguments = question.argv[place], question.launch.arguments
    readable = (*runs.readable, *around(folder))
    if program_name(word).startswith("python"):
        return Draft((str(runs.program),), arguments, readable)
    if word.endswith(".py"):
        entry = replace(question.entry, cwd=str(folder))
        return Draft((str(runs.program), str(located(word, entry))), arguments, readable)
    command = environment / word
    if "/" in word or not command.is_file():
        raise Unready(f"the environment of {folder} has no program {word!r}")
    return Draft((str(runs.program), str(command)), arguments, readable)


def _project(question: Question) -> Path:
    words = question.argv
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in ("--directory", "--project"):
            return located(value if equals else (*words, "")[index + 1], question.entry)
    return located(".", question.entry)


def packed(question: Question) -> bundle.Bundle:
    """An MCP bundle, packed or already unpacked by a client. Raises :class:`Unready`."""
    try:
        found = located(question.argv[0], question.entry)
        if bundle.is_archive(str(found)):
            found = bundle.unpack(found, question.cache)
        while found != found.parent and not (found / "manifest.json").is_file():
            found = found.parent
        return bundle.read(found)
    except (bundle.BadBundle, Unplaced) as error:
        raise Unready(str(error), "get the bundle again from its publisher") from None
