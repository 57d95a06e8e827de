"""What a reworded text now says, promises or talks about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.surface.drift.words import RESTRAINTS, text_words, themes
from ostiary.surface.excerpt import changed

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.\-/][A-Za-z0-9]+)+|`[^`\s]{1,128}`|[A-Za-z]\w*")
_COMPOUND = re.compile(r"[_\-]|[a-z][A-Z]")
_TOOL_WORD = re.compile(r"\b(?:tool|function)s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reworded:
    """One text of one part, before and after."""

    server: str
    part: str
    """The part in words, for example ``tool search``."""
    field: str
    """``description``, ``title``, ``parameter url, description`` …"""
    before: str
    after: str
    owner: str = ""
    """Name of the item the text belongs to; its own name is no other tool."""

    def change(self, says: str, severity: Severity, kind: str = "text") -> Change:
        """A change at this place, with the differing excerpts."""
        old, new = changed(self.before, self.after)
        return Change(self.server, self.part, says, severity, old, new, kind)


def reworded(text: Reworded, tools: frozenset[str]) -> Iterator[Change]:
    """The changes that one rewording means. ``tools`` are all tool names of the server."""
    if text.before == text.after:
        return
    found = [*_themes(text), *_other_tools(text, tools)]
    if not found:
        says = f"{text.field} {_how(text.before, text.after)}"
        found = [text.change(says, _ordinary(text))]
    yield from found


def _themes(text: Reworded) -> Iterator[Change]:
    old, new = text_words(text.before), text_words(text.after)
    earlier = themes(old)
    gained = [theme for theme in themes(new) if theme not in earlier]
    if gained and text.before:
        yield text.change(f"{text.field} now speaks of {' and '.join(gained)}", Severity.MEDIUM)
    lost = sorted((RESTRAINTS & old) - new)
    if lost:
        words = ", ".join(f"“{word}”" for word in lost)
        yield text.change(f"{text.field} no longer says {words}", Severity.MEDIUM)


def _how(before: str, after: str) -> str:
    if not before:
        return "was added"
    if not after:
        return "was taken away"
    if " ".join(before.split()) == " ".join(after.split()):
        return "changed in white space only"
    if after.startswith(before) or after.endswith(before):
        return f"grew by {len(after) - len(before):,} characters"
    if before.startswith(after) or before.endswith(after):
        return f"shrank by {len(before) - len(after):,} characters"
    return "was reworded"


def _ordinary(text: Reworded) -> Severity:
    """A rewording by itself is worth a line; white space is not."""
    same = " ".join(text.before.split()) == " ".join(text.after.split())
    return Severity.INFO if same else Severity.LOW


def _other_tools(text: Reworded, tools: frozenset[str]) -> Iterator[Change]:
    named = mentions(text.after) - mentions(text.before) - {text.owner}
    own = sorted(name for name in named & tools)
    if own:
        says = f"{text.field} now talks about other tools of this server: {_some(own)}"
        yield text.change(says, Severity.LOW)
    if _TOOL_WORD.search(text.after):
        foreign = sorted(
            name for name in named - tools if _COMPOUND.search(name) and _as_tool(name, text.after)
        )
        if foreign:
            says = f"{text.field} now talks about tools that are not its own: {_some(foreign)}"
            yield text.change(says, Severity.MEDIUM)


def mentions(text: str) -> frozenset[str]:
    """Identifiers in a text: compound names, code spans, and single words before a bracket."""
    return frozenset(found.strip("`").removesuffix("()") for found in _NAME.findall(text[:50_000]))


def _as_tool(name: str, text: str) -> bool:
    """Whether the text calls ``name`` a tool."""
    quoted = rf"[`'\"]?{re.escape(name)}[`'\"]?"
    pattern = (
        rf"\b(?:tool|function)s?\s+(?:called\s+|named\s+)?{quoted}|{quoted}\s+(?:tool|function)s?\b"
    )
    return re.search(pattern, text, re.IGNORECASE) is not None


def _some(names: list[str]) -> str:
    more = len(names) - 5
    return ", ".join(names[:5]) + (f" and {more} more" if more > 0 else "")
