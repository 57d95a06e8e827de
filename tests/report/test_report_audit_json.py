"""The JSON of audits: what its schema says, whole, and safe to hand on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.as_json import SCHEMA
from ostiary.report.audit.sheet import Sheet
from ostiary.report.view import View
from report.audited import ACCEPTED, BAD, CLEAN, EVERY, FLAWED, UNREAD, audited

DOCS = Path(__file__).parents[2] / "docs"


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DOCS / "schema/audit-1.schema.json").read_text("utf-8"))
    return loaded


def read(*results: AuditResult, generated: str = "") -> dict[str, Any]:
    sheet = Sheet(results, View(generated=generated), ACCEPTED)
    loaded: dict[str, Any] = json.loads(present("json", sheet))
    return loaded


@pytest.mark.parametrize("results", [EVERY, (), (FLAWED,), (audited(),)])
def test_the_report_is_what_the_schema_says(results: tuple[AuditResult, ...]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(read(*results), schema(), jsonschema.Draft202012Validator)
    timed = read(*results, generated="2026-11-20T12:00:00Z")
    jsonschema.validate(timed, schema(), jsonschema.Draft202012Validator)
    assert timed["schema"] == SCHEMA


@pytest.mark.parametrize("key", ["surprise", "generated"])
def test_the_schema_refuses_what_it_does_not_know(key: str) -> None:
    report = read(FLAWED)
    report["audits"][0][key] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, schema(), jsonschema.Draft202012Validator)


def test_the_page_documents_every_key_of_report_and_audit() -> None:
    page = (DOCS / "json-schema.md").read_text("utf-8").partition("of an audit")[2]
    report = read(FLAWED)
    assert not [key for key in (*report, *report["audits"][0]) if f"`{key}`" not in page]


def test_each_tool_carries_the_facts_that_scan_and_gateway_use() -> None:
    tools = {one["tool"]: one for one in read(FLAWED)["audits"][0]["tools"]}
    ask = tools["ask"]
    assert ask["capabilities"][0]["level"] == "send"
    assert ask["capabilities"][0]["basis"][0]["kind"] == "source"
    assert ask["destinations"][0]["host"] == "api.example.org"
    assert ask["destinations"][0]["carries"] == ["parameter query"]
    assert ask["credentials"] == ["API_KEY"]
    assert ask["handler"]["line"] == 12


@pytest.mark.proves("SA-26")
def test_every_verdict_has_reasons_what_would_change_them_and_explained_confidence() -> None:
    for one in EVERY:
        verdict = read(one)["audits"][0]["verdict"]
        assert verdict["reasons"]
        assert all(reason["says"] and reason["changes_if"] for reason in verdict["reasons"])
        assert verdict["confidence"] in ("high", "medium", "low")
        assert verdict["confidence_says"]


def test_completeness_is_told_for_each_and_for_all() -> None:
    report = read(CLEAN, UNREAD)
    assert [one["completeness"] for one in report["audits"]] == ["COMPLETE", "INCOMPLETE"]
    assert report["completeness"] == "INCOMPLETE"
    assert read(CLEAN)["completeness"] == "COMPLETE"


def test_both_severities_are_told_where_the_context_changes_one() -> None:
    found = read(FLAWED)["audits"][0]["findings"]
    sloppy = next(one for one in found if one["rule"] == "unbounded-read")
    assert sloppy["severity"] == sloppy["general_severity"] == "low"
    assert sloppy["weighed"] == ""
    assert "hidden-recipient" in [one["rule"] for one in read(BAD)["audits"][0]["findings"]]


def test_only_ascii_is_written_and_accepted_findings_stay_visible() -> None:
    text = present("json", Sheet(EVERY, View(), ACCEPTED))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["audits"][0]["suppressed"][0]["finding"]["rule"] == "no-authentication"
    assert json.loads(text)["audits"][1]["suppressed"] == []


@pytest.mark.proves("SA-27")
def test_the_class_of_server_and_its_roles_are_recorded() -> None:
    audit = read(FLAWED)["audits"][0]
    assert audit["kind"] == "API wrapper"
    assert [one["name"] for one in audit["roles"]] == [
        "API orchestrator",
        "credential holder",
        "inside actor",
    ]


@pytest.mark.proves("SA-06")
def test_the_state_when_it_was_chosen_is_bound_to_digests() -> None:
    """What a later audit is compared with: the bytes, every definition, every power."""
    audit = read(FLAWED)["audits"][0]
    assert audit["target"]["digest"] == FLAWED.target.digest
    tools = audit["surface"]["tools"]
    assert [(one["name"], one["definition"]["name"]) for one in tools] == [
        (one.access.tool, one.access.tool) for one in FLAWED.tools
    ]
    assert all(one["digest"] for one in tools)
    assert read(FLAWED) == read(FLAWED)
