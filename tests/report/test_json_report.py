from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.scan import ScanResult
from ostiary.report.json_report import SCHEMA, render
from ostiary.report.json_text import document
from report.sample import EMPTY, HIDDEN, LEAKED, SAMPLE, crowd

DOCS = Path(__file__).parents[2] / "docs"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=20,
)


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DOCS / "schema/scan.schema.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("result", [SAMPLE, EMPTY, crowd(20, 3, 9)], ids=["all", "none", "many"])
def test_the_report_is_what_the_schema_says(result: ScanResult) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(render(result)), schema(), jsonschema.Draft202012Validator)
    timed = json.loads(render(result, "2026-11-20T12:00:00Z"))
    jsonschema.validate(timed, schema(), jsonschema.Draft202012Validator)


def test_the_schema_knows_every_key_and_no_other() -> None:
    report = json.loads(render(SAMPLE))
    report["findings"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, schema(), jsonschema.Draft202012Validator)


def test_the_page_documents_every_top_level_key() -> None:
    page = (DOCS / "json-schema.md").read_text("utf-8")
    assert SCHEMA in page
    assert not [key for key in json.loads(render(SAMPLE)) if f"| `{key}` |" not in page]


def test_keys_stand_in_a_fixed_order_and_things_on_lines_of_their_own() -> None:
    text = render(SAMPLE)
    assert list(json.loads(text))[:5] == ["schema", "tool", "headline", "completeness", "scope"]
    assert len([line for line in text.splitlines() if line.startswith('  {"fingerprint"')]) == 9


def test_strings_arrive_as_they_were_and_only_ascii_is_written() -> None:
    text = render(SAMPLE)
    assert text.isascii()
    assert "\x1b" not in text
    found = json.loads(text)["servers"][3]["name"]
    assert found == SAMPLE.servers[3].name.replace("\ud800", "⟨U+D800⟩")
    assert HIDDEN.startswith("zero\u200bwidth")


def test_findings_carry_fingerprints_and_references() -> None:
    report = json.loads(render(SAMPLE))
    leaked = report["findings"][1]
    assert leaked["fingerprint"] == LEAKED.fingerprint
    assert leaked["references"] == ["MCP01:2025", "CWE-312", "AISVS-1.0:10.2.3"]
    assert report["completeness"] == "INCOMPLETE"
    assert report["counts"]["findings"]["medium"] == 6


@pytest.mark.proves("CR-20")
def test_the_access_map_has_unions_evidence_and_what_is_unknown() -> None:
    access = json.loads(render(SAMPLE))["access"]
    cursor = access["clients"][0]
    assert cursor["unknown_servers"] == 1
    assert {"level": "destroy", "confidence": "low"} in cursor["levels"]
    assert cursor["flows"][0]["steps"][0]["tool"] == "get_file"
    tool = access["servers"][0]["tools"][0]
    assert tool["capabilities"][0]["basis"] == [{"kind": "schema", "says": "takes repository"}]


def paired(value: Any) -> Any:
    """``value`` with halves of surrogate pairs written out, as the report does."""
    if isinstance(value, str):
        return "".join(f"⟨U+{ord(c):04X}⟩" if "\ud800" <= c <= "\udfff" else c for c in value)
    if isinstance(value, dict):
        return {paired(key): paired(item) for key, item in value.items()}
    return [paired(item) for item in value] if isinstance(value, list) else value


@given(VALUES, st.integers(0, 4))
def test_any_value_comes_back_at_any_depth(value: Any, depth: int) -> None:
    text = document(value, depth)
    assert text.isascii()
    assert json.loads(text) == paired(value)
