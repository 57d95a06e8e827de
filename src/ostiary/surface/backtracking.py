"""Patterns whose matching can take time exponential in the text (CWE-1333)."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_PATTERN = 4000
_ESCAPES_OF_NOTHING = "bBAZzG"


@dataclass(slots=True)
class _Group:
    """What stands inside one group so far."""

    mandatory: bool = False
    """Whether the running alternative holds an element that must consume a character once."""
    repeats: bool = False
    """Whether the running alternative holds an element that repeats without bound."""
    hollow: bool = False
    """Whether some alternative holds a repeating element and nothing mandatory."""
    ambiguous: bool = False
    """Whether something inside can already run away."""
    fences: list[bool] = field(default_factory=list)

    def close(self) -> None:
        """End one alternative."""
        self.hollow = self.hollow or (self.repeats and not self.mandatory)
        self.mandatory = self.repeats = False


def runs_away(pattern: str) -> bool:
    """Whether the pattern repeats a group that consists of nothing but a repetition.

    ``(a+)+`` and ``(\\w+\\s?)*`` do; ``(-[a-z]+)*`` does not, because each round must eat a hyphen.
    Linear in the pattern; a pattern that is not understood counts as harmless.
    """
    text = pattern[:MAX_PATTERN]
    stack = [_Group()]
    at = 0
    while at < len(text):
        char = text[at]
        if char == "(":
            stack.append(_Group())
            at = _after_group_flags(text, at + 1)
            continue
        if char == "|":
            stack[-1].close()
            at += 1
            continue
        inner = None
        if char == ")":
            if len(stack) == 1:
                return False
            inner = stack.pop()
            inner.close()
            at += 1
        else:
            width = _width(text, at)
            zero = char in "^$" or (char == "\\" and text[at + 1 : at + 2] in _ESCAPES_OF_NOTHING)
            at += width
            if zero:
                continue
        least, unbounded, at = _quantifier(text, at)
        _take(stack[-1], inner, least, unbounded)
        if stack[-1].ambiguous:
            return True
    return False


def _take(group: _Group, inner: _Group | None, least: int, unbounded: bool) -> None:
    """Add one element, a character or a closed group, to the group it stands in."""
    if inner is not None and inner.hollow and unbounded:
        group.ambiguous = True
    group.repeats = group.repeats or unbounded or (inner is not None and inner.hollow)
    if least > 0 and not unbounded and not (inner is not None and inner.hollow):
        group.mandatory = True


def _after_group_flags(text: str, at: int) -> int:
    """The position after ``?:``, ``?=``, ``?<name>`` and their like."""
    if text[at : at + 1] != "?":
        return at
    end = at + 1
    while end < len(text) and text[end] not in ":=!>)":
        end += 1
    if text[end : end + 1] == ")":
        return end
    return end + 1


def _width(text: str, at: int) -> int:
    """How many characters one element takes: an escape, a class or one character."""
    if text[at] == "\\":
        return 2
    if text[at] != "[":
        return 1
    end = at + 1
    if text[end : end + 1] == "^":
        end += 1
    if text[end : end + 1] == "]":
        end += 1
    while end < len(text) and text[end] != "]":
        end += 2 if text[end] == "\\" else 1
    return end - at + 1


def _quantifier(text: str, at: int) -> tuple[int, bool, int]:
    """(least count, unbounded, position after it)."""
    char = text[at : at + 1]
    least, unbounded = 1, False
    if char in ("*", "+"):
        least, unbounded, at = (1 if char == "+" else 0), True, at + 1
    elif char == "?":
        least, at = 0, at + 1
    elif char == "{":
        end = text.find("}", at)
        body = text[at + 1 : end] if end > 0 else ""
        low, comma, high = body.partition(",")
        if low.strip().isdigit() and (not high.strip() or high.strip().isdigit()):
            least = int(low[:6])
            unbounded = bool(comma) and (not high.strip() or int(high[:6]) > 50)
            at = end + 1
    if text[at : at + 1] in ("?", "+") and text[at : at + 1]:
        at += 1 if char else 0
    return least, unbounded, at
