"""A host that is compared by a part of its text, where it is decided whom to trust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.written.walk import Nodes
from ostiary.flow.lexicon import wordset
from ostiary.flow.words import tokens
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

HOST_BY_PART = Rule(
    id="host-by-part",
    title="Host is compared by a part of its text",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for hosts of addresses compared with a fixed domain by in, includes, indexOf or "
        "startsWith, and by endsWith without a dot before the domain, in functions whose name says "
        "that they check or decide, and where the comparison ends in an error. Comparisons of the "
        "whole host, and of its end with the dot, are left alone."
    ),
    attack=(
        "example.com.evil.example and evil-example.com pass: whoever names the host has the server "
        "call, or hand credentials to, a host of their own."
    ),
    remedy="Compare the whole host, or its end with the dot before the domain.",
    references=("CWE-918", "CWE-20", "MCP-SBP:server-side-request-forgery", "CoSAI-MCP-T3"),
)

_HOSTS: Final = wordset("hostname host netloc domain")
_DECIDES: Final = wordset(
    "is valid validate allow allowed allows check checks trust trusted safe verify verified ensure "
    "assert permitted permit accept accepted match matches belongs block blocked authorized"
)
_DOMAIN: Final = re.compile(r"\.?(?:[a-z0-9-]+\.)+[a-z]{2,}")
_METHODS: Final = wordset("includes indexOf startsWith startswith find contains")
_ENDS: Final = wordset("endsWith endswith")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each function."""
    for path in facts.modules:
        if is_apart(path):
            continue
        for function in facts.written.functions(path):
            found = list(_compared(function, facts.written.nodes(function)))
            if found:
                yield _told(path, function, found)


def _compared(function: ir.FunctionDef, nodes: Nodes) -> Iterator[tuple[ir.Node, str]]:
    if not _DECIDES.isdisjoint(tokens(function.name)):
        yield from _by_part(nodes)
        return
    for node in nodes.of(ir.If):
        if any(isinstance(one, ir.Throw) for one in node.then):
            yield from _by_part(Nodes(node.test))


def _by_part(nodes: Nodes) -> Iterator[tuple[ir.Node, str]]:
    """Comparisons of a host by part, with the text that each looks for."""
    for node in nodes.among(ir.Compare, ir.Call):
        if isinstance(node, ir.Compare) and node.op in ("in", "not-in") and _is_host(node.right):
            text = _domain(node.left)
        elif isinstance(node, ir.Call) and isinstance(node.callee, ir.Member) and node.args:
            text = _asked(node.callee, node.args[0])
        else:
            continue
        if text:
            yield node, text


def _asked(callee: ir.Member, given: ir.Expr) -> str:
    text = _domain(given) if _is_host(callee.base) else ""
    open_end = callee.name in _ENDS and not text.startswith(".")
    return text if open_end or callee.name in _METHODS else ""


def _domain(node: ir.Expr) -> str:
    text = node.value if isinstance(node, ir.Constant) else None
    return text if isinstance(text, str) and _DOMAIN.fullmatch(text.lower()) else ""


def _is_host(node: ir.Expr) -> bool:
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        return node.callee.name in ("lower", "toLowerCase") and _is_host(node.callee.base)
    name = (
        node.id if isinstance(node, ir.Name) else node.name if isinstance(node, ir.Member) else ""
    )
    words = tokens(name)
    return bool(words) and words[-1] in _HOSTS


def _told(file: str, function: ir.FunctionDef, found: list[tuple[ir.Node, str]]) -> Finding:
    first = found[0][0]
    name = visible(function.name, NAME)
    return HOST_BY_PART.finding(
        f"{name} compares a host by a part of its text.",
        Location(file=file, line=first.line, column=first.column),
        evidence=[
            Evidence(
                f"looks for {visible(text, NAME)}",
                Location(file=file, line=node.line, column=node.column),
            )
            for node, text in found[:6]
        ],
        mark=f"{file} {function.name}",
    )


CHECK: Check[Facts] = Check((HOST_BY_PART,), look)
