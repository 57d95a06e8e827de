"""Standard ids sorted into the standards they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ostiary.model import standards


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One standard: who publishes it, which edition, and where an id is explained."""

    name: str
    title: str
    organization: str
    edition: str
    titles: dict[str, str]
    page: str = ""
    """Address of an id's page with ``{}`` for the id's own part; empty if there is none."""

    def help(self, reference: str) -> str | None:
        """Address of the page about ``reference``."""
        return self.page.format(reference.removeprefix("CWE-")) if self.page else None


TAXONOMIES: tuple[Taxonomy, ...] = (
    Taxonomy("OWASP-MCP", "OWASP MCP Top 10", "OWASP", "2025 beta", standards.OWASP_MCP),
    Taxonomy("AISVS", "OWASP AISVS", "OWASP", "1.0", standards.AISVS),
    Taxonomy("OWASP-ASI", "OWASP Top 10 for Agentic Applications", "OWASP", "2026", standards.ASI),
    Taxonomy("OWASP-LLM", "OWASP Top 10 for LLM Applications", "OWASP", "2026", standards.LLM),
    Taxonomy("CoSAI-MCP", "CoSAI MCP Security", "CoSAI", "2026-05-29", standards.COSAI),
    Taxonomy("SAFE-MCP", "SAFE-MCP", "SAFE-MCP", "2026-05-22", standards.SAFE_MCP),
    Taxonomy(
        "ATLAS",
        "MITRE ATLAS",
        "MITRE",
        "5.6.0",
        standards.ATLAS,
        "https://atlas.mitre.org/techniques/{}",
    ),
    Taxonomy(
        "CWE",
        "Common Weakness Enumeration",
        "MITRE",
        "4.16",
        standards.CWE,
        "https://cwe.mitre.org/data/definitions/{}.html",
    ),
    Taxonomy(
        "MCP-SBP",
        "MCP Security Best Practices",
        "Model Context Protocol",
        "2026-07-28",
        standards.BEST_PRACTICES,
    ),
)


def title(reference: str) -> str:
    """The title of a standard id; empty for an id that no table holds."""
    return standards.TITLES.get(reference, "")


def taxonomy(reference: str) -> Taxonomy | None:
    """The standard that an id belongs to."""
    return next((one for one in TAXONOMIES if reference in one.titles), None)


def sorted_out(references: Iterable[str]) -> tuple[tuple[Taxonomy, tuple[str, ...]], ...]:
    """The standards that ``references`` name, each with the ids named, in table order."""
    named = frozenset(references)
    found = ((one, tuple(key for key in one.titles if key in named)) for one in TAXONOMIES)
    return tuple((one, keys) for one, keys in found if keys)
