"""Rules and standards as SARIF descriptors and taxonomies."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.grade import Confidence, Severity
from ostiary.model.rule import Rule
from ostiary.report.json_text import Json
from ostiary.report.rules_page import rule_markdown
from ostiary.report.taxonomy import Taxonomy, sorted_out, taxonomy, title

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
    Severity.INFO: "0.5",
}
"""``security-severity`` as code-scanning tools read it: a string in the bands of CVSS."""

_PRECISION = {Confidence.LOW: "low", Confidence.MEDIUM: "medium", Confidence.HIGH: "high"}


def level(severity: Severity) -> str:
    """SARIF's level for a severity."""
    return _LEVELS[severity]


def component_index(references: Iterable[str]) -> dict[str, int]:
    """Names of the standards used, each with its place in ``run.taxonomies``."""
    return {one.name: number for number, (one, _) in enumerate(sorted_out(references))}


def taxonomies(references: Iterable[str]) -> list[Json]:
    """The standards used, each with just the ids used."""
    return [
        {
            "name": one.name,
            "organization": one.organization,
            "version": one.edition,
            "shortDescription": {"text": one.title},
            "isComprehensive": False,
            "taxa": [_taxon(one, key) for key in keys],
        }
        for one, keys in sorted_out(references)
    ]


def _taxon(standard: Taxonomy, key: str) -> Json:
    found: dict[str, Json] = {"id": key, "shortDescription": {"text": standard.titles[key]}}
    page = standard.help(key)
    if page:
        found["helpUri"] = page
    return found


def driver_rule(rule: Rule, components: dict[str, int]) -> Json:
    """A rule as a ``reportingDescriptor``."""
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {
            "text": f"{rule.what}\n\nWhy: {rule.attack}\n\nWhat to do: {rule.remedy}",
            "markdown": rule_markdown(rule, heading=False),
        },
        "defaultConfiguration": {"level": level(rule.severity)},
        "relationships": [
            {
                "target": {
                    "id": key,
                    "toolComponent": {
                        "name": standard.name,
                        "index": components[standard.name],
                    },
                },
                "kinds": ["relevant"],
            }
            for key, standard in _placed(rule.references)
        ],
        "properties": {
            "tags": _tags(rule),
            "precision": _PRECISION[rule.confidence],
            "security-severity": _SCORES[rule.severity],
            "persona": rule.persona.word,
        },
    }


def _placed(references: tuple[str, ...]) -> list[tuple[str, Taxonomy]]:
    found = ((key, taxonomy(key)) for key in dict.fromkeys(references))
    return [(key, standard) for key, standard in found if standard is not None]


def _tags(rule: Rule) -> list[Json]:
    """At most twenty, the number code-scanning tools accept."""
    tags = ["security", rule.category.value]
    for key in dict.fromkeys(rule.references):
        tags.append(f"external/cwe/{key.lower()}" if key.startswith("CWE-") else f"{key}")
    return [tag if title(tag) == "" else f"{tag} {title(tag)}"[:100] for tag in tags[:20]]
