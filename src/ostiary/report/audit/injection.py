"""Text that orders a reading model about, and the labels the CSA audit database asks for."""

from __future__ import annotations

import re

BEGIN = "<!-- BEGIN_PROMPT_INJECTION_EXAMPLE -->"
END = "<!-- END_PROMPT_INJECTION_EXAMPLE -->"
_CAUTION = "> [!CAUTION] PROMPT_INJECTION_EXAMPLE"
_START_LINE = "# === PROMPT_INJECTION_EXAMPLE_START ==="
_END_LINE = "# === PROMPT_INJECTION_EXAMPLE_END ==="
_MARKER = re.compile(r"(?i)PROMPT[_\\]{1,2}INJECTION[_\\]{1,2}EXAMPLE")
_ORDERS = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|every\s+){0,3}"
    r"(?:previous|prior|above|earlier|preceding|former|system|other)\b"
    r"|\byou\s+are\s+now\b"
    r"|\bnew\s+instructions?\s*:"
    r"|\bsystem\s+prompt\s*:|<\s*/?\s*(?:system|important|instructions?)\s*>"
    r"|\bdo\s+not\s+(?:tell|mention|inform|reveal|show)\s+(?:this\s+)?(?:to\s+)?the\s+user\b"
    r"|\bwithout\s+(?:telling|informing|asking)\s+the\s+user\b"
    r"|\bbefore\s+using\s+(?:this|any)\s+tool\b"
    r"|\bact\s+as\s+(?:an?\s+)?(?:unrestricted|different|root|admin)\b"
)
"""Phrases that are an order to a model with confidence. Markup that our own escaping puts between
words is taken off before they are looked for."""
_ESCAPES = re.compile(r"\\([\\`*_\[\]<>|~&$])|<!-- -->")


def orders(text: str) -> bool:
    """Whether ``text`` surely tries to order a reading model about."""
    return _ORDERS.search(_ESCAPES.sub(r"\1", text)) is not None


def ordering_paths(value: object, path: str = "") -> tuple[str, ...]:
    """Paths, with dots, of the keys and strings of a JSON value that order a model about."""
    if isinstance(value, str):
        return (path,) if orders(value) else ()
    found: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            where = f"{path}.{key}" if path else str(key)
            found += (where,) if orders(str(key)) else ordering_paths(item, where)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            found += ordering_paths(item, f"{path}.{number}")
    return tuple(found)


def without_markers(text: str) -> str:
    """``text`` in which a stranger's imitation of a label ends no label of ours."""
    return _MARKER.sub("prompt-injection-example", text)


def labelled(lines: list[str]) -> list[str]:
    """``lines`` with every one that orders a model about between the two markers."""
    found: list[str] = []
    inside = False
    for line in lines:
        ordering = orders(line)
        if ordering and not inside:
            found.append(BEGIN)
        if inside and not ordering:
            found.append(END)
        inside = ordering
        found.append(line)
    return [*found, END] if inside else found


def unlabelled(text: str) -> tuple[int, ...]:
    """Numbers of the lines, from 1, that order a model about outside every label."""
    found: list[int] = []
    until = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not until and bare in _ENDS:
            until = _ENDS[bare]
        elif (until == ">" and not bare.startswith(">")) or (until and bare == until):
            until = ""
        if not until and orders(line):
            found.append(number)
    return tuple(found)


_ENDS = {BEGIN: END, _START_LINE: _END_LINE, _CAUTION: ">"}
