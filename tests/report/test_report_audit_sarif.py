"""Audits as SARIF: code flows, stable fingerprints, suppressions, where the code comes from."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ostiary.analyze.verdict.assess import RULES as VERDICT_RULES
from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.sheet import Sheet
from ostiary.report.view import View
from report.audited import (
    ACCEPTED,
    EVERY,
    FLAWED,
    INJECT,
    RULES,
    TARGET,
    UNREAD,
    audited,
    flow,
)


def runs(*results: AuditResult) -> list[dict[str, Any]]:
    log = json.loads(present("sarif", Sheet(results, View(rules=RULES), ACCEPTED)))
    assert log["version"] == "2.1.0"
    found: list[dict[str, Any]] = log["runs"]
    return found


def test_each_target_is_a_run_of_its_own() -> None:
    found = runs(*EVERY)
    assert len(found) == 4
    assert len({one["automationDetails"]["id"] for one in found}) == 4


def test_a_data_flow_is_a_code_flow_in_order_from_source_to_sink() -> None:
    (run,) = runs(FLAWED)
    result = next(one for one in run["results"] if one["ruleId"] == "argument-injection")
    (code_flow,) = result["codeFlows"]
    (thread,) = code_flow["threadFlows"]
    steps = thread["locations"]
    assert [step["executionOrder"] for step in steps] == [1, 2, 3]
    assert [step["importance"] for step in steps] == ["essential", "important", "essential"]
    assert steps[-1]["kinds"] == ["danger"]
    where = [
        (
            step["location"]["physicalLocation"]["artifactLocation"]["uri"],
            step["location"]["physicalLocation"]["region"]["startLine"],
        )
        for step in steps
    ]
    assert where == [("src/server.ts", 12), ("src/run.ts", 30), ("src/server.ts", 40)]
    assert "path: str" in steps[0]["location"]["message"]["text"]


def test_rules_stand_at_their_index_with_texts_and_standards() -> None:
    (run,) = runs(FLAWED)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    escape = next(one for one in rules if one["id"] == "path-escape")
    assert "external/cwe/cwe-22" in escape["properties"]["tags"]
    assert escape["properties"]["security-severity"] == "8.0"


def test_fingerprints_stay_while_lines_move() -> None:
    before = runs(audited(flow(INJECT, "git_log", "path becomes an option", 40)))
    after = runs(audited(flow(INJECT, "git_log", "path becomes an option", 90)))
    assert before != after
    first, second = before[0]["results"][0], after[0]["results"][0]
    assert first["partialFingerprints"] == second["partialFingerprints"]


def test_accepted_findings_are_suppressed_results() -> None:
    (run,) = runs(FLAWED)
    (accepted,) = [one for one in run["results"] if "suppressions" in one]
    assert accepted["suppressions"][0]["kind"] == "external"
    assert accepted["suppressions"][0]["status"] == "accepted"


def test_what_was_not_checked_fails_the_invocation() -> None:
    (run,) = runs(UNREAD)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "Go is not followed" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert run["properties"]["verdict"] == "not enough information"


def test_the_revision_is_told_and_a_strange_source_left_out() -> None:
    (run,) = runs(FLAWED)
    assert run["versionControlProvenance"] == [
        {"repositoryUri": TARGET.source, "revisionId": TARGET.revision}
    ]
    for source in ("", "git@host:x", "https://a b", "https://\u202eevil", "javascript:alert(1)"):
        (other,) = runs(replace(FLAWED, target=replace(TARGET, source=source)))
        assert "versionControlProvenance" not in other


@pytest.mark.parametrize("result", EVERY)
def test_messages_hold_no_link_and_no_escape_sequence(result: AuditResult) -> None:
    (run,) = runs(result)
    said = [one["message"]["text"] for one in run["results"]]
    said += [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert not [text for text in said if "](" in text or "\x1b" in text]


@pytest.mark.proves("SC-09")
def test_rules_are_mapped_to_the_owasp_top_10_for_llm() -> None:
    log = json.loads(present("sarif", Sheet((FLAWED,), View(rules=VERDICT_RULES))))
    (run,) = log["runs"]
    names = [one["name"] for one in run["taxonomies"]]
    top = run["taxonomies"][names.index("OWASP-LLM")]
    assert top["version"] == "2026"
    assert {"id": "LLM03:2026", "shortDescription": {"text": "Excessive Agency"}} in top["taxa"]
    power = next(one for one in run["tool"]["driver"]["rules"] if one["id"] == "transitive-power")
    targets = [one["target"] for one in power["relationships"]]
    assert {
        "id": "LLM03:2026",
        "toolComponent": {"name": "OWASP-LLM", "index": names.index("OWASP-LLM")},
    } in targets
