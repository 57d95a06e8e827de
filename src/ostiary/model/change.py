"""What is different since a surface was last seen."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.grade import Severity


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two surfaces of one server."""

    server: str
    part: str
    """What changed: ``version``, ``instructions``, ``tool NAME``, ``prompt NAME`` …"""
    says: str
    """The difference in words: ``now takes a URL``, ``description grew a hidden part``."""
    severity: Severity
    """INFO for the ordinary, MEDIUM to look at, HIGH and above to withhold until approved."""
    before: str = ""
    after: str = ""
    """Visible excerpts, free of secrets."""
    kind: str = "other"
    """``identity``, ``membership`` (added, removed, renamed), ``text``, ``planted`` (a hidden part
    or an instruction), ``contract`` (parameters and schemas), ``claim`` (annotations and declared
    effects), ``power`` (levels and data) or ``other``."""
