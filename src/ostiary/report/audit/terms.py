"""The limits of a verdict in words, and the command that takes them over."""

from __future__ import annotations

import shlex

from ostiary.analyze.verdict.options import approve_options
from ostiary.model.audit import AuditResult, Limits, Verdict, VerdictKind

_USABLE = (VerdictKind.USE, VerdictKind.USE_WITH_LIMITS)


def limit_lines(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """Each limit with its short name; none where it is not to be used. Names of tools and folders
    are strangers' text."""
    if verdict.kind not in _USABLE:
        return ()
    limits = verdict.limits
    lines: list[tuple[str, str]] = []
    if limits.read_only:
        lines.append(("read only", "what is left of it only reads"))
    if limits.tools_off:
        lines.append(("tools off", ", ".join(limits.tools_off)))
    hosts = _hosts(limits)
    if hosts:
        lines.append(("network", hosts))
    if limits.paths:
        lines.append(("folders", ", ".join(limits.paths)))
    lines += [("also", note) for note in limits.notes]
    return tuple(lines)


def approve_line(result: AuditResult) -> str:
    """The command that approves it under its limits; empty where it must not be approved."""
    if result.verdict.kind not in _USABLE:
        return ""
    options = approve_options(result.verdict.limits)
    return " ".join(["ostiary approve NAME", *(shlex.quote(one) for one in options)])


def _hosts(limits: Limits) -> str:
    if limits.hosts and limits.hosts_known:
        return f"only {', '.join(limits.hosts)}"
    if limits.hosts:
        return f"{', '.join(limits.hosts)} and others that the code does not fix"
    if limits.network is None:
        return "not known; without --allow-network its box has none"
    return "needed; the code does not fix to which hosts" if limits.network else "none is needed"
