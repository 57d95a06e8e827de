"""Scan receipts: bound to bytes, rules and scope, and never clean by default."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.receipt import KEY, rule_set_ref
from ostiary.report.audit.sheet import CannotReport, Sheet
from ostiary.report.view import View
from report.audited import (
    BAD,
    CLEAN,
    EVERY,
    FLAWED,
    READ,
    RULES,
    SLOPPY,
    TARGET,
    UNREAD,
    at,
    audited,
    reach,
)

SCHEMA = {
    "type": "object",
    "required": [
        "scanner",
        "scanned_artifact_digest",
        "scan_scope",
        "verdict",
        "scanned_at",
        "attestation",
    ],
    "properties": {
        "scanned_artifact_digest": {"pattern": "^[a-z0-9]+:[a-f0-9]+$"},
        "scan_scope": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "verdict": {"enum": ["clean", "warnings", "findings", "inconclusive"]},
        "attestation": {
            "enum": ["publisher-asserted", "registry-attested", "third-party-attested"]
        },
    },
    "if": {"properties": {"verdict": {"const": "inconclusive"}}},
    "then": {"required": ["inconclusive_reason"]},
    "else": {"not": {"required": ["inconclusive_reason"]}},
}
"""What the proposal requires, as of August 2026."""


def receipts(*results: AuditResult) -> list[dict[str, Any]]:
    view = View(generated="2026-11-20T12:00:00Z", rules=RULES)
    entries = json.loads(present("receipt", Sheet(results, view)))
    return [entry["_meta"][KEY][0] for entry in entries]


@pytest.mark.parametrize("result", EVERY)
def test_a_receipt_is_what_the_proposal_asks_for(result: AuditResult) -> None:
    (one,) = receipts(result)
    jsonschema.validate(one, SCHEMA)
    assert one["scanned_artifact_digest"] == result.target.digest
    assert one["freshness_expires_at"] == "2026-12-20T12:00:00Z"
    assert one["completeness"] == result.completeness.value


def test_verdicts_are_never_better_than_what_was_looked_at() -> None:
    assert [one["verdict"] for one in receipts(FLAWED, CLEAN, BAD, UNREAD)] == [
        "findings",
        "clean",
        "findings",
        "inconclusive",
    ]
    (sloppy,) = receipts(audited(SLOPPY.finding("x", at("a.ts", 1))))
    assert sloppy["verdict"] == "warnings"
    (unread,) = receipts(UNREAD)
    assert unread["inconclusive_reason"] == "unsupported_package_type"
    dark = audited(tools=(READ, reach("dark", found=False)))
    (excluded,) = receipts(dark)
    assert excluded["inconclusive_reason"] == "scope_excludes_handler_validation"
    assert "handlers" not in excluded["scan_scope"]


def test_the_rule_set_is_named_by_all_its_texts() -> None:
    reference = rule_set_ref(RULES)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", reference)
    assert rule_set_ref(reversed(RULES)) == reference
    assert rule_set_ref(RULES[1:]) != reference
    assert rule_set_ref((replace(RULES[0], remedy="Other."), *RULES[1:])) != reference
    moved = replace(RULES[0], what="ab", attack="c"), replace(RULES[0], what="a", attack="bc")
    assert rule_set_ref(moved[:1]) != rule_set_ref(moved[1:])


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:XYZ", "abc"])
def test_nothing_is_said_of_bytes_that_are_not_named(digest: str) -> None:
    view = View(generated="2026-11-20T12:00:00Z", rules=RULES)
    bare = replace(FLAWED, target=replace(TARGET, digest=digest))
    (entry,) = json.loads(present("receipt", Sheet((bare,), view)))
    assert "_meta" not in entry
    assert "no digest" in entry["refused"]


def test_without_a_time_there_is_no_receipt() -> None:
    with pytest.raises(CannotReport, match="needs the time"):
        present("receipt", Sheet((FLAWED,), View(rules=RULES)))
