from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from ostiary.model.finding import Location
from ostiary.report.file_uri import file_uri
from ostiary.report.sarif import render
from report.sample import EMPTY, FLOATING, POISONED, RULES, SAMPLE, crowd

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
NAME = {"type": "string", "minLength": 1}
ARTIFACT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": NAME},
}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "message": TEXT,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": ARTIFACT,
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "fullyQualifiedName", "kind"],
                "additionalProperties": False,
                "properties": {"name": NAME, "fullyQualifiedName": NAME, "kind": NAME},
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "level", "message", "locations", "partialFingerprints"],
    "additionalProperties": False,
    "properties": {
        "ruleId": NAME,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "rank": {"type": "number", "minimum": 0, "maximum": 100},
        "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": NAME},
        "codeFlows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["threadFlows"],
                "properties": {
                    "threadFlows": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["locations"],
                            "properties": {
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["location"],
                                        "properties": {"location": LOCATION},
                                    },
                                }
                            },
                        },
                    }
                },
            },
        },
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "properties": {"type": "object"},
    },
}
RULE = {
    "type": "object",
    "required": ["id", "name", "shortDescription", "fullDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": NAME,
        "name": NAME,
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": {**TEXT, "required": ["text", "markdown"]},
        "defaultConfiguration": {"type": "object"},
        "relationships": {
            "type": "array",
            "uniqueItems": True,
            "items": {"type": "object", "required": ["target"]},
        },
        "properties": {
            "type": "object",
            "required": ["tags", "precision", "security-severity"],
            "properties": {"tags": {"type": "array", "maxItems": 20, "uniqueItems": True}},
        },
    },
}
PART_OF_SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results", "invocations", "columnKind"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "semanticVersion", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "items": RULE,
                                        "uniqueItems": True,
                                    }
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["executionSuccessful"]},
                    },
                },
            },
        },
    },
}
"""The parts of the SARIF 2.1.0 schema that this report uses, tightened to what it promises."""


def run(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)["runs"][0]
    return found


SARIF = run(render(SAMPLE, RULES))


@pytest.mark.parametrize("result", [SAMPLE, EMPTY, crowd(40, 3, 9)], ids=["all", "none", "many"])
def test_the_report_is_valid(result: Any) -> None:
    jsonschema.validate(json.loads(render(result, RULES)), PART_OF_SARIF)


@pytest.mark.proves("SC-09")
def test_rules_map_to_standards_that_the_run_describes() -> None:
    standards = SARIF["taxonomies"]
    for rule in SARIF["tool"]["driver"]["rules"]:
        assert rule["relationships"]
        for relation in rule["relationships"]:
            part = relation["target"]["toolComponent"]
            standard = standards[part["index"]]
            assert standard["name"] == part["name"]
            assert relation["target"]["id"] in [taxon["id"] for taxon in standard["taxa"]]
    titles = {t["id"]: t["shortDescription"]["text"] for one in standards for t in one["taxa"]}
    assert titles["LLM01:2026"] == "Prompt Injection"
    assert titles["CWE-1427"] == "Improper Neutralization of Input Used for LLM Prompting"
    tags = next(r for r in SARIF["tool"]["driver"]["rules"] if r["id"] == "poisoned-text")
    assert "external/cwe/cwe-1427" in tags["properties"]["tags"]


def test_results_point_at_their_rule_and_keep_their_fingerprint() -> None:
    rules = SARIF["tool"]["driver"]["rules"]
    for found, finding in zip(SARIF["results"], SAMPLE.findings, strict=False):
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"] == finding.rule
        assert found["partialFingerprints"] == {"ostiary/v1": finding.fingerprint}


def test_a_rule_that_is_not_described_still_gives_a_result() -> None:
    found = run(render(SAMPLE, (FLOATING,)))["results"][0]
    assert found["ruleId"] == "poisoned-text"
    assert "ruleIndex" not in found


def test_a_finding_on_a_surface_lies_in_the_file_that_brings_the_server_in() -> None:
    place = SARIF["results"][0]["locations"][0]
    assert (
        place["physicalLocation"]["artifactLocation"]["uri"] == "file:///home/ann/.cursor/mcp.json"
    )
    assert place["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 5}
    assert [one["kind"] for one in place["logicalLocations"]] == [
        "client",
        "server",
        "part",
        "pointer",
    ]


def test_the_path_of_evidence_is_a_code_flow() -> None:
    steps = SARIF["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    said = [step["location"]["message"]["text"] for step in steps]
    assert said[0].startswith("an obligation on the agent: Before using this tool")
    assert said[1] == "secrecy: do not mention this to the user"


def test_gaps_make_the_run_unsuccessful() -> None:
    invocation = SARIF["invocations"][0]
    assert invocation["executionSuccessful"] is False
    notes = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert len(notes) == 2
    assert notes[0].endswith("To check it: run again with --grant ghost:network")
    complete = run(render(replace(SAMPLE, not_checked=()), RULES))["invocations"][0]
    assert complete["executionSuccessful"] is True


def test_accepted_findings_are_marked_and_not_dropped() -> None:
    accepted = SARIF["results"][-1]
    assert accepted["suppressions"][0]["kind"] == "external"
    assert accepted["suppressions"][0]["justification"].endswith("(until 2027-01-31)")
    assert len([one for one in SARIF["results"] if "suppressions" in one]) == 1


def test_no_stranger_can_place_a_link_in_a_message() -> None:
    assert "](javascript" in POISONED.message
    assert "](" not in json.dumps([one["message"] for one in SARIF["results"]])


def test_files_of_the_one_project_are_relative_to_it() -> None:
    inside = FLOATING.finding("x", Location(file="/src/shop/.mcp.json", line=1))
    scope = replace(SAMPLE.scope, projects=("/src/shop/",))
    found = run(render(replace(EMPTY, scope=scope, findings=(inside,)), RULES))
    assert found["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///src/shop/"}}
    artifact = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": ".mcp.json", "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/home/ann/a b#c?.json", "file:///home/ann/a%20b%23c%3F.json"),
        ("C:\\Users\\Ann\\mcp.json", "file:///C:/Users/Ann/mcp.json"),
        ("\\\\host\\share\\x", "file://host/share/x"),
        ("//double/x", "file:////double/x"),
        ("a:b/mcp.json", "a%3Ab/mcp.json"),
        ("/h/\udcff", "file:///h/%FF"),
        ("/h/\ud800", "file:///h/%3F"),
        ("/h/größe", "file:///h/gr%C3%B6%C3%9Fe"),
    ],
)
def test_paths_become_uris(path: str, uri: str) -> None:
    assert file_uri(path) == uri
