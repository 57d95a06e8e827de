"""Literals of JavaScript: strings decoded exactly, numbers in every form, templates, regexes."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from ostiary.analyze.ir import Constant, Expr, Opaque, Regex, Template, counted
from ostiary.analyze.typescript.lowering import Lowering

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})"
    r"|(\r\n|[\s\S]))"
)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_LINE_ENDS: Final = frozenset({"\n", "\r", "\r\n", "\u2028", "\u2029"})
_WHOLE_FLOAT: Final = 2.0**53
_ENTITY: Final = {"&quot;": '"', "&apos;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}


def decoded(raw: str) -> str:
    """A string's text with its escapes resolved. A lone surrogate, which no UTF-8 can hold, stands
    as U+FFFD."""
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_character, raw)
    if _LONE.search(text):
        text = _PAIR.sub(lambda pair: _joined(pair[0]), text)
        text = _LONE.sub("\ufffd", text)
    return text


def _character(match: re.Match[str]) -> str:
    braced, four, two, octal, other = match.groups()
    if octal is not None:
        return chr(int(octal, 8))
    digits = braced or four or two
    if digits is not None:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    if other in _LINE_ENDS:
        return ""
    return _SIMPLE.get(other, other)


def _joined(pair: str) -> str:
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + (ord(pair[1]) - 0xDC00))


def text_of(low: Lowering, node: Node) -> str:
    """The text of a string literal."""
    end = node.end_byte
    data = low.source.data
    closed = end - node.start_byte >= 2 and data[end - 1] in b"\"'`"
    return decoded(low.source.slice(node.start_byte + 1, end - 1 if closed else end))


def string(low: Lowering, node: Node) -> Expr:
    return Constant(*low.at(node), text_of(low, node))


def number(low: Lowering, node: Node) -> Expr:
    line, column = low.at(node)
    value = number_value(low.source.text(node))
    return Opaque(line, column, ()) if value is None else Constant(line, column, value)


def number_value(text: str) -> int | float | None:
    """A number as Python's: whole ones are ``int`` however they are written (minifiers write
    ``3e3`` for 3000); ``None`` for what is no number."""
    digits = text.replace("_", "").lower().removesuffix("n")
    try:
        if digits[:2] in {"0x", "0o", "0b"}:
            return counted(int(digits, 0))
        if len(digits) > 1 and digits[0] == "0" and digits.isdigit():
            if not set(digits) & {"8", "9"}:
                return counted(int(digits, 8))
            return int(digits) if len(digits) < 300 else float(digits)
        if digits.isdecimal() and len(digits) < 300:
            return int(digits)
        value = float(digits)
    except (ValueError, OverflowError):
        return None
    return int(value) if value.is_integer() and abs(value) <= _WHOLE_FLOAT else value


def template(low: Lowering, node: Node) -> Template:
    """A template literal: text between the substitutions, and the substitutions."""
    return pieces(low, node, cooked=True)


def pieces(low: Lowering, node: Node, *, cooked: bool) -> Template:
    """``cooked`` resolves escapes; ``String.raw`` gets the text as written."""
    parts: list[Expr] = []
    line, column = low.at(node)
    start = node.start_byte + 1
    for child in node.named_children:
        if child.type != "template_substitution":
            continue
        _text_piece(low, parts, (start, child.start_byte), (line, column), cooked=cooked)
        inner = [one for one in child.named_children if not low.is_comment(one)]
        parts.append(low.expr(inner[0] if inner else None))
        start = child.end_byte
    end = node.end_byte
    if end > start and low.source.data[end - 1 : end] == b"`":
        end -= 1
    _text_piece(low, parts, (start, end), (line, column), cooked=cooked)
    return Template(line, column, tuple(parts))


def _text_piece(
    low: Lowering, parts: list[Expr], span: tuple[int, int], at: tuple[int, int], *, cooked: bool
) -> None:
    if span[1] <= span[0]:
        return
    raw = low.source.slice(*span).replace("\r\n", "\n").replace("\r", "\n")
    parts.append(Constant(*at, decoded(raw) if cooked else raw))


def template_expression(low: Lowering, node: Node) -> Expr:
    """A template without substitutions is a plain string."""
    lowered = template(low, node)
    if not lowered.parts:
        return Constant(lowered.line, lowered.column, "")
    if len(lowered.parts) == 1 and isinstance(lowered.parts[0], Constant):
        return lowered.parts[0]
    return lowered


def regex(low: Lowering, node: Node) -> Expr:
    pattern = node.child_by_field_name("pattern")
    flags = node.child_by_field_name("flags")
    return Regex(
        *low.at(node),
        "" if pattern is None else low.source.text(pattern),
        "" if flags is None else low.source.text(flags),
    )


def true(low: Lowering, node: Node) -> Expr:
    return Constant(*low.at(node), True)


def false(low: Lowering, node: Node) -> Expr:
    return Constant(*low.at(node), False)


def nothing(low: Lowering, node: Node) -> Expr:
    """``null`` and ``undefined``."""
    return Constant(*low.at(node), None)


def attribute_text(raw: str) -> str:
    """The text of a JSX attribute, whose escapes are entities."""
    return re.sub(r"&[a-z]+;", lambda found: _ENTITY.get(found[0], found[0]), raw)
