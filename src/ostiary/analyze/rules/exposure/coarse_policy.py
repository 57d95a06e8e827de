"""Policies that come with the server and grant everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.project import SourceFile
from ostiary.detect.linear import compiled
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, one_line, visible

COARSE_POLICY = Rule(
    id="coarse-policy",
    title="A policy grants everything",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at policies, templates of infrastructure, manifests and documents that come with "
        'the server: every action on every resource of a cloud (`"Action": "*"`, `*:*`), its '
        "administrator policies and roles, every verb on every resource of a cluster and "
        "cluster-admin, GRANT ALL, and privileged containers. What is denied is left alone. In a "
        "document it weighs low: a reader is told to grant it for a start, and it stays."
    ),
    attack=(
        "The server, and whoever steers the model that uses it, can do whatever they want in the "
        "account, the cluster or the database."
    ),
    remedy=(
        "Grant the actions that its tools use on the resources they need. Use an account with "
        "nothing else in it until then."
    ),
    references=(
        "CWE-250",
        "CWE-269",
        "CWE-732",
        "MCP02:2025",
        "MCP-SBP:scope-minimization",
        "CoSAI-MCP-T9",
        "ASI03:2026",
    ),
)


@dataclass(frozen=True, slots=True)
class _Grant:
    """Words that grant everything."""

    pattern: str
    holds: tuple[str, ...]
    """Lower case: without one of them nothing matches."""
    says: str


_GRANTS: Final = (
    _Grant(
        r"(?i)[\"']?\bActions?[\"']?\s*[:=]\s*(?:\[?\s*[\"'](?:\*|\*:\*)[\"']|-\s*[\"']?\*[\"']?\s*$|"
        r"\n\s*-\s*[\"'](?:\*|\*:\*)[\"'])",
        ("action",),
        "every action is allowed",
    ),
    _Grant(
        r"arn:aws:iam::aws:policy/(?:AdministratorAccess|IAMFullAccess)|"
        r"(?i)(?:policy|managed)\w*[\"']?\s*[:=(]\s*\[?[\"']?AdministratorAccess",
        ("administratoraccess", "iamfullaccess"),
        "a policy of administrators is attached",
    ),
    _Grant(
        r"roles/(?:owner|editor|iam\.securityAdmin)\b",
        ("roles/",),
        "a role over the whole project is given",
    ),
    _Grant(
        r"(?s)resources:\s*\[?\s*(?:-\s*)?[\"']\*[\"']\]?.{0,80}?"
        r"verbs:\s*\[?\s*(?:-\s*)?[\"']\*[\"']|"
        r"verbs:\s*\[?\s*(?:-\s*)?[\"']\*[\"']\]?.{0,80}?"
        r"resources:\s*\[?\s*(?:-\s*)?[\"']\*[\"']",
        ("verbs:",),
        "every verb on every resource of the cluster is allowed",
    ),
    _Grant(
        r"(?s)kind:\s*ClusterRole\s.{0,60}?name:\s*cluster-admin\b",
        ("cluster-admin",),
        "cluster-admin is bound",
    ),
    _Grant(
        r"(?i)\bGRANT\s+ALL(?:\s+PRIVILEGES)?\s+ON\s+(?:\*\.\*|ALL\s|DATABASE|SCHEMA)",
        ("grant",),
        "all rights on a database are granted",
    ),
    _Grant(r"(?m)^\s*privileged:\s*true\b", ("privileged:",), "a container is privileged"),
    _Grant(
        r"/var/run/docker\.sock:/var/run/docker\.sock",
        ("docker.sock",),
        "a container controls its host's Docker",
    ),
)
_SETTINGS: Final = (".json", ".yaml", ".yml", ".tf", ".sql", ".toml", ".hcl", ".bicep")
_DOCUMENTS: Final = (".md", ".mdx", ".rst")
_LARGEST: Final = 400_000
_DENIES: Final = r"(?i)deny|never|do not|don't|avoid|instead of|rather than|too broad|example of"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each file and kind of grant."""
    for file in facts.project.files.values():
        if file.link or is_apart(file.path) or len(file.data) > _LARGEST:
            continue
        document = file.path.lower().endswith(_DOCUMENTS)
        if document or file.path.lower().endswith(_SETTINGS):
            yield from _read(file, document=document)


def _read(file: SourceFile, *, document: bool) -> Iterator[Finding]:
    text = file.text
    low = text.casefold()
    for grant in _GRANTS:
        if not any(one in low for one in grant.holds):
            continue
        for match in compiled(grant.pattern).finditer(text):
            start, _ = match.span()
            if compiled(_DENIES).search(text[max(0, start - 160) : start]):
                continue
            line = text.count("\n", 0, start) + 1
            yield _told(file.path, line, grant, match.group() or "", document=document)
            break


def _told(path: str, line: int, grant: _Grant, found: str, *, document: bool) -> Finding:
    place = Location(file=path, line=line)
    told = " in a document" if document else ""
    return COARSE_POLICY.finding(
        f"Everything is granted{told}: {grant.says}.",
        place,
        evidence=[Evidence(grant.says, place, visible(one_line(found, EXCERPT), EXCERPT))],
        severity=Severity.LOW if document else Severity.MEDIUM,
        persona=Persona.STRICT if document else Persona.DEFAULT,
        mark=f"{path} {grant.says}",
    )


CHECK: Check[Facts] = Check((COARSE_POLICY,), look)
