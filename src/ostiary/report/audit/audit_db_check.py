"""The checks that the audit database makes of a pull request, so that ours pass before it is one.

After AUDIT_PR_VALIDATION_PROMPT.md of ModelContextProtocol-Security/audit-db, 2026-02.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.model.visible import visible
from ostiary.report.audit.injection import ordering_paths, orders, unlabelled

_AUDIT = re.compile(
    r"(audits/[^/]+/[^/]+/[^/]+/audits/([A-Za-z0-9][A-Za-z0-9._-]*-\d{4}-\d{2}-\d{2}-\d+))/(.+)"
)
_ANY_AUDIT = re.compile(r"(audits/[^/]+/[^/]+/[^/]+/audits/[^/]+)/.+")
_HOME = re.compile(r"audits/[^/]+/[^/]+/[^/]+/metadata\.json")
_FINDING = re.compile(r"(critical|high|medium|low|info)-\d+-[a-z0-9][a-z0-9-]*\.md")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_TAG = re.compile(r"(?:[A-Za-z][\w@/-]*[-@/_])?v?\d+(?:\.\d+)+(?:[-+.][0-9A-Za-z.+-]+)?|v\d+")
_REQUIRED = ("audit-manifest.json", "security-assessment.md")
_SEVERITIES = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the database would object to."""

    path: str
    says: str
    blocking: bool = True


def is_commit(text: str) -> bool:
    """Whether it is a commit hash: hex digits, at least seven, and not all of them decimal."""
    found = _COMMIT.fullmatch(text) is not None
    return found and (len(text) >= 40 or not text.isdecimal())


def anchored(commit: str, version: str) -> bool:
    """Whether a commit or a release tag says exactly what was audited. Branch names move."""
    return is_commit(commit) or _TAG.fullmatch(version) is not None


def validate_audit_folder(files: Mapping[str, str]) -> tuple[Problem, ...]:
    """Every objection, blocking ones first; nothing blocking means that it is valid."""
    found = [*_names(files), *_json_files(files), *_labels(files)]
    for folder in sorted({hit[1] for path in files if (hit := _AUDIT.fullmatch(path))}):
        found += _audit(folder, files)
    return tuple(sorted(found, key=lambda one: (not one.blocking, one.path, one.says)))


def _names(files: Mapping[str, str]) -> Iterator[Problem]:
    if not any(_AUDIT.fullmatch(path) for path in files):
        yield Problem("audits/", "no folder is named [auditor]-[YYYY-MM-DD]-[seq]")
    wrong: set[str] = set()
    for path in sorted(files):
        loose = _ANY_AUDIT.fullmatch(path)
        if loose and not _AUDIT.fullmatch(path):
            wrong.add(loose[1])
        elif not loose and not _HOME.fullmatch(path):
            yield Problem(path, "stands outside audits/[domain]/[org]/[repo]/")
    for folder in sorted(wrong):
        yield Problem(folder, "is not named [auditor]-[YYYY-MM-DD]-[seq]")


def _json_files(files: Mapping[str, str]) -> Iterator[Problem]:
    for path, text in sorted(files.items()):
        if not path.endswith(".json"):
            continue
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            name = path.rpartition("/")[2]
            yield Problem(
                path,
                f"is no valid JSON: {visible(str(error), 120)}",
                name in ("audit-manifest.json", "metadata.json"),
            )


def _labels(files: Mapping[str, str]) -> Iterator[Problem]:
    for path, text in sorted(files.items()):
        if path.endswith(".json"):
            parsed = _parsed(text)
            if (orders(text) or ordering_paths(parsed)) and not _says_so(parsed):
                yield Problem(path, "holds a prompt injection that _meta does not tell of")
            continue
        lines = unlabelled(text)
        if lines:
            numbers = ", ".join(str(one) for one in lines[:10])
            yield Problem(path, f"holds an unlabelled prompt injection in line {numbers}")


def _says_so(parsed: JsonObject) -> bool:
    meta = as_object(parsed.get("_meta"))
    return meta.get("contains_prompt_injection_examples") is True


def _audit(folder: str, files: Mapping[str, str]) -> Iterator[Problem]:
    for name in _REQUIRED:
        if f"{folder}/{name}" not in files:
            yield Problem(f"{folder}/{name}", "is required and missing")
    home = folder.rpartition("/audits/")[0]
    if f"{home}/metadata.json" not in files:
        yield Problem(f"{home}/metadata.json", "is missing", blocking=False)
    path = f"{folder}/audit-manifest.json"
    if path in files:
        yield from _manifest(path, _parsed(files[path]), folder, files)
    for name in _findings(folder, files):
        if not _FINDING.fullmatch(name):
            yield Problem(
                f"{folder}/findings/{name}", "is not named [severity]-[num]-[description].md", False
            )


def _manifest(
    path: str, manifest: JsonObject, folder: str, files: Mapping[str, str]
) -> Iterator[Problem]:
    target = as_object(manifest.get("target"))
    commit, version = as_text(target.get("commit_hash")), as_text(target.get("version"))
    if not anchored(commit, version):
        yield Problem(path, "names neither a commit hash nor a release tag")
    elif version and not (_TAG.fullmatch(version) or is_commit(version)):
        yield Problem(path, f"version {visible(version, 60)!r} is no release tag but moves")
    if manifest.get("audit_id") != folder.rpartition("/")[2]:
        yield Problem(path, "audit_id is not the name of its folder", blocking=False)
    summary = as_object(manifest.get("findings_summary"))
    there = Counter(name.partition("-")[0] for name in _findings(folder, files))
    for word in _SEVERITIES:
        said = summary.get(word, 0)
        if said != there[word]:
            yield Problem(
                path, f"counts {said} {word} findings where {there[word]} files are", blocking=False
            )


def _findings(folder: str, files: Mapping[str, str]) -> list[str]:
    start = f"{folder}/findings/"
    return sorted(path.removeprefix(start) for path in files if path.startswith(start))


def _parsed(text: str) -> JsonObject:
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return as_object(value)
