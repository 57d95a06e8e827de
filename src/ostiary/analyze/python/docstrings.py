"""What a docstring says of each parameter, in the styles in use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LONGEST: Final = 100_000
_LINE: Final = 400
_SECTION: Final = re.compile(r"(?:Args|Arguments|Parameters|Params|Keyword Args)\s*:?\s*")
_RULE: Final = re.compile(r"-{3,}\s*")
_OTHER: Final = re.compile(
    r"(?:Returns?|Raises|Yields?|Examples?|Notes?|Warnings?|See Also|Attributes|References)\s*:?\s*"
)
_ENTRY: Final = re.compile(r"(\s*)\*{0,2}(\w+)\s*(?:\([^)]{0,200}\))?\s*:\s*(.*)")
_NUMPY: Final = re.compile(r"\*{0,2}(\w+)(?:\s*:.*)?")
_FIELD: Final = re.compile(r":param(?:\s+[^:]{0,80}?)?\s+\*{0,2}(\w+)\s*:\s*(.*)")


def described(doc: str) -> dict[str, str]:
    """Descriptions by the name of the parameter: Google's, NumPy's and Sphinx's styles."""
    lines = [line[:_LINE] for line in doc[:_LONGEST].split("\n")]
    found: dict[str, list[str]] = {}
    for name, text in (*_fields(lines), *_sections(lines)):
        found.setdefault(name, []).append(text)
    return {name: " ".join(filter(None, texts)) for name, texts in found.items()}


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    """``:param name: text``, continued by indented lines."""
    name = ""
    for line in lines:
        field = _FIELD.match(line.strip()) if ":param" in line else None
        if field:
            name = field[1]
            yield name, field[2].strip()
        elif name and line.startswith((" ", "\t")) and not line.lstrip().startswith(":"):
            yield name, line.strip()
        else:
            name = ""


def _sections(lines: list[str]) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(lines):
        stripped = lines[at].strip()
        at += 1
        if not _SECTION.fullmatch(stripped):
            continue
        numpy = at < len(lines) and bool(_RULE.fullmatch(lines[at].strip()))
        body = []
        at += numpy
        while at < len(lines) and not _OTHER.fullmatch(lines[at].strip()):
            body.append(lines[at])
            at += 1
        yield from _numpy(body) if numpy else _google(body)


def _google(lines: list[str]) -> Iterator[tuple[str, str]]:
    """``name (type): text`` with deeper lines that go on."""
    name, depth = "", -1
    for line in lines:
        entry = _ENTRY.fullmatch(line)
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        if entry and (depth < 0 or indent <= depth):
            name, depth = entry[2], indent
            yield name, entry[3].strip()
        elif name and indent > depth:
            yield name, line.strip()
        else:
            return


def _numpy(lines: list[str]) -> Iterator[tuple[str, str]]:
    """``name : type`` with its text on deeper lines."""
    names: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if line.startswith((" ", "\t")):
            for name in names:
                yield name, line.strip()
            continue
        heads = [_NUMPY.fullmatch(one.strip()) for one in line.partition(":")[0].split(",")]
        names = [head[1] for head in heads if head]
