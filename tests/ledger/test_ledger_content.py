"""What is kept of arguments and results: digests, masked values, or what only an auditor reads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ledger_make import event, opened, settings
from ostiary.ledger.content import (
    LARGEST_TEXT,
    LARGEST_VALUE,
    Contents,
    canonical_bytes,
    content_of,
    redacted,
)
from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.reading import records, revealed
from ostiary.ledger.sealing import CannotReveal, auditor_key, make_auditor, reveal, sealer
from ostiary.ledger.settings import Durability, Form, LedgerSettings
from ostiary.model.event import RecordUnwritable
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting

TOKEN = "ghp_" + "9dKeWq72LmZx81TtYbUvR4cNo3HsPj6FiGaB"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text(max_size=12), JSON, max_size=5)


def test_a_digest_is_of_the_sorted_json() -> None:
    kept = content_of({"b": 1, "a": "x"}, Form.DIGEST)
    data = b'{"a":"x","b":1}'
    assert kept == {
        "form": "digest",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    assert content_of({}, Form.DIGEST, encoded=data)["sha256"] == kept["sha256"]


@given(OBJECTS)
def test_equal_values_have_equal_digests_and_every_value_has_one(value: JsonObject) -> None:
    shuffled = dict(reversed(list(value.items())))
    assert canonical_bytes(value) == canonical_bytes(shuffled)
    assert content_of(value, Form.DIGEST)["bytes"]
    for strange in ({"n": 2**80}, {"s": "\ud800"}, {"f": float("inf")}):
        assert content_of({**value, **strange}, Form.DIGEST)["sha256"]


def test_what_looks_like_a_credential_is_masked() -> None:
    value: JsonObject = {
        "repo": "website",
        "token": TOKEN,
        "password": "correct-horse-battery",
        "pin_token": 123456,
        "credentials": {"user": "x", "value": "hunter2hunter2", "list": [{"v": "tr0ub4dor99"}]},
        "note": f"use {TOKEN} please",
        "deep": [{"authorization": "Bearer abcdef0123456789abcdef"}, [f"x {TOKEN}"]],
        TOKEN: "as a name",
    }
    kept = content_of(value, Form.REDACTED)
    text = json.dumps(kept)
    for secret in (
        TOKEN,
        "correct-horse-battery",
        "123456",
        "hunter2",
        "tr0ub4dor",
        "abcdef0123456789",
    ):
        assert secret not in text
    assert "sha256" not in kept, "a short secret could be guessed with it"
    shown = kept["value"]
    assert isinstance(shown, dict)
    assert shown["repo"] == "website"
    assert shown["note"] == "use [GitHub classic token] please"


def test_values_without_credentials_stay_as_they_are() -> None:
    value: JsonObject = {"a": [1, 2.5, None, True, {"b": "text\u202e"}], "title": "Login broken"}
    kept = content_of(value, Form.REDACTED)
    assert kept["value"] == value
    assert kept["sha256"] == content_of(value, Form.DIGEST)["sha256"]


def test_what_is_kept_is_bounded() -> None:
    value: JsonObject = {f"k{n}": "x" * 5_000 for n in range(40)}
    value["many"] = list(range(100_000))
    deep: JsonValue = "end"
    for _ in range(200):
        deep = [deep]
    value["deep"] = deep
    kept, _ = redacted(value)
    text = json.dumps(kept)
    assert len(text) < LARGEST_VALUE + 20_000
    assert "[cut: 5000 characters]" in text
    assert "values left out]" in text


def test_a_credential_at_the_cut_does_not_show_its_beginning() -> None:
    padding = "word " * ((LARGEST_TEXT - 30) // 5)
    kept, hidden = redacted({"t": f"{padding} {TOKEN} rest" + "!" * 100})
    assert hidden
    assert TOKEN[:12] not in json.dumps(kept)


@given(OBJECTS, st.sampled_from([Form.DIGEST, Form.REDACTED]))
def test_anything_can_be_kept(value: JsonObject, form: Form) -> None:
    assert content_of(value, form)["form"] == form.value


def test_full_content_opens_with_the_auditors_key_only(tmp_path: Path) -> None:
    public = make_auditor(tmp_path / "auditor")
    assert (tmp_path / "auditor").stat().st_mode & 0o777 == 0o600
    make_auditor(tmp_path / "other")
    seal = sealer(public)
    value: JsonObject = {"token": TOKEN}
    first, second = (content_of(value, Form.FULL, seal) for _ in range(2))
    assert TOKEN not in json.dumps(first)
    assert "sha256" not in first
    assert first["sealed"] != second["sealed"]
    assert first["nonce"] != second["nonce"]
    key = auditor_key(tmp_path / "auditor")
    assert json.loads(reveal(key, dict(first))) == value
    with pytest.raises(CannotReveal):
        reveal(auditor_key(tmp_path / "other"), dict(first))
    with pytest.raises(CannotReveal):
        reveal(key, {**first, "nonce": second["nonce"]})
    with pytest.raises(FileExistsError):
        make_auditor(tmp_path / "auditor")
    with pytest.raises(RecordUnwritable):
        content_of(value, Form.FULL)


def test_full_content_goes_through_the_record(tmp_path: Path) -> None:
    public = make_auditor(tmp_path / "auditor")
    contents = Contents(
        replace(settings(tmp_path), arguments=Form.FULL, results=Form.FULL, auditor=public)
    )
    ledger = opened(tmp_path)
    kept = {**contents.arguments({"secret": TOKEN}), **contents.results({"ok": True})}
    ledger.append(event(1, content=kept))
    ledger.append(event(2, content=contents.arguments({"bare": 1})))
    ledger.close()
    found = [one for one in records(tmp_path / "ledger") if one.kind == "request"]
    assert TOKEN not in str(found[0].fields)
    key = auditor_key(tmp_path / "auditor")
    opened_content = revealed(found[0], key).fields["content"]
    assert isinstance(opened_content, dict)
    assert opened_content["arguments"] == {
        "form": "full", "bytes": 53, "value": {"secret": TOKEN}
    }  # fmt: skip
    assert '{"bare":1}' in json.dumps(revealed(found[1], key).fields, separators=(",", ":"))
    make_auditor(tmp_path / "other")
    wrong = revealed(found[0], auditor_key(tmp_path / "other"))
    assert "sealed to another key" in str(wrong.fields["content"])


def test_settings_are_read_and_judged(tmp_path: Path) -> None:
    told = LedgerSettings.from_table(
        {
            "path": "record",
            "durability": "disk",
            "arguments": "full",
            "auditor": "auditor.pub",
            "segment_mib": 1,
            "keep_days": 30,
        },
        tmp_path,
    )
    assert told.path == tmp_path / "record"
    assert told.key == tmp_path / "ledger.key"
    assert told.durability is Durability.DISK
    assert told.segment_bytes == 1 << 20
    assert told.keep_days == 30
    plain = LedgerSettings.from_table({}, tmp_path)
    assert (plain.arguments, plain.results) == (Form.REDACTED, Form.DIGEST)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path", 5), ("path", ""), ("durability", "always"), ("arguments", "none"),
        ("arguments", "full"), ("results", True), ("segment_mib", 0), ("keep_days", -1),
        ("checkpoint_records", "many"), ("checkpoint_seconds", float("nan")),
        ("segment_hours", True), ("typo", 1), ("keep_days", 0.5),
    ],
)  # fmt: skip
def test_bad_settings_are_named(tmp_path: Path, name: str, value: JsonValue) -> None:
    with pytest.raises(BadSetting, match=r"^ledger\."):
        LedgerSettings.from_table({name: value}, tmp_path)


def test_an_auditor_file_without_such_a_key_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    bad = replace(settings(tmp_path), arguments=Form.FULL, auditor=tmp_path / "ledger.key.pub")
    with pytest.raises(LedgerUnusable, match="holds no auditor's key"):
        Contents(bad)
    with pytest.raises(LedgerUnusable, match="cannot read the public key"):
        Contents(replace(bad, auditor=tmp_path / "nowhere"))
