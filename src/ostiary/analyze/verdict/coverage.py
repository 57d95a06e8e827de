"""How much of a target's code was read: what a verdict may rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.flow.lexicon import wordset

if TYPE_CHECKING:
    from ostiary.analyze.declare.entry import Unread
    from ostiary.analyze.facts import Facts

_OTHER = {
    ".c": "C",
    ".cc": "C++",
    ".cpp": "C++",
    ".cs": "C#",
    ".dart": "Dart",
    ".ex": "Elixir",
    ".go": "Go",
    ".java": "Java",
    ".kt": "Kotlin",
    ".lua": "Lua",
    ".php": "PHP",
    ".pl": "Perl",
    ".ps1": "PowerShell",
    ".rb": "Ruby",
    ".rs": "Rust",
    ".scala": "Scala",
    ".swift": "Swift",
    ".zig": "Zig",
    ".wasm": "WebAssembly",
    ".so": "machine code",
    ".dll": "machine code",
    ".dylib": "machine code",
    ".exe": "machine code",
    ".node": "machine code",
    ".pyd": "machine code",
    ".pyc": "Python bytecode",
    ".jar": "Java",
}
"""Code whose flow is not followed, by the end of a file's name."""
_BINARY = frozenset({"machine code", "WebAssembly", "Python bytecode"})
_OUT = frozenset({EffectKind.REQUEST, EffectKind.CONNECT, EffectKind.MAIL, EffectKind.LDAP})
_QUIET = wordset(
    """mcp fastmcp pydantic pydantic-settings typing-extensions anyio click typer rich python-dotenv
    pyyaml tomli orjson jinja2 python-dateutil tzdata tzlocal pytz numpy openpyxl
    @modelcontextprotocol/sdk @modelcontextprotocol/server zod zod-to-json-schema ajv commander
    yargs dotenv chalk minimist glob minimatch diff uuid js-yaml lodash date-fns picocolors tslib"""
)
"""Packages that serve, check and shape values and go nowhere by themselves."""
_DENSE = 20
"""Bytes of a program to one of its source: libraries are linked in and tables are large."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read of a target's code and what was not."""

    files: int = 0
    """Files whose flow was followed."""
    partly: tuple[str, ...] = ()
    """Files of these that could not be read whole."""
    minified: tuple[str, ...] = ()
    """Files whose names and lines carry no meaning."""
    unsupported: tuple[str, ...] = ()
    """Languages that were there and are not followed."""
    mostly_unsupported: bool = False
    """Whether there is more code in those than in what was read."""
    unread_declarations: int = 0
    """Declarations of tools that were seen and could not be read whole."""
    outward: int = 0
    """Places in its code that reach out and that nothing is known to lead to."""
    foreign: int = 0
    """Packages of others that it runs with and that may reach out by themselves."""
    why: str = ""
    """Why nothing was read, where that is known."""

    @property
    def source_read(self) -> bool:
        """Whether the code that matters was looked at."""
        return self.files > 0 and not self.mostly_unsupported


def coverage_of(facts: Facts, unread: Iterable[Unread] = ()) -> Coverage:
    """The coverage of one target."""
    other: dict[str, int] = {}
    for path, file in facts.project.files.items():
        language = not_followed(path)
        if language:
            weight = _DENSE if language in _BINARY else 1
            other[language] = other.get(language, 0) + len(file.data) // weight
    read = sum(
        len(file.data) for path, file in facts.project.files.items() if path in facts.modules
    )
    modules = facts.modules.values()
    return Coverage(
        files=len(facts.modules),
        partly=tuple(sorted(one.path for one in modules if one.problems)),
        minified=tuple(sorted(one.path for one in modules if one.minified)),
        unsupported=tuple(sorted(other)),
        mostly_unsupported=sum(other.values()) > read,
        unread_declarations=sum(1 for _ in unread),
        outward=_outward(facts),
        foreign=len(_foreign(facts)),
    )


def _foreign(facts: Facts) -> frozenset[str]:
    return frozenset(
        one.name.lower().replace("_", "-")
        for manifest in facts.manifests
        for one in manifest.dependencies
        if one.group == "runtime"
    ).difference(_QUIET)


def _outward(facts: Facts) -> int:
    led_to = {effect.place for one in facts.tools for effect in one.effects}
    return len(
        {
            effect.place
            for effect in facts.effects
            if effect.kind in _OUT and effect.place not in led_to
        }
    )


def not_followed(path: str) -> str:
    """The language of a file of code whose flow is not followed; empty for every other file."""
    return _OTHER.get(_ending(path), "")


def written_by_people(language: str) -> bool:
    """Whether its files are text."""
    return bool(language) and language not in _BINARY


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""
