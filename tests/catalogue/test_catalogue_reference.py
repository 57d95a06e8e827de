"""References to secrets: followed when asked, never printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ostiary.catalogue.failure import UnusableReference
from ostiary.catalogue.secret_reference import LARGEST, reference, references
from ostiary.model.setting import BadSetting

NAME = "servers.shop.env.TOKEN"


def test_each_form_leads_to_its_value(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    for text, value in (
        ("env:SHOP", "from-env"),
        ("file:token", "from-file"),
        ("literal:a:b", "a:b"),
    ):
        found = reference(NAME, text, tmp_path)
        assert found.resolve({"SHOP": "from-env"}).reveal() == value
        shown = f"{found!r} {found} {found.resolve({'SHOP': 'from-env'})}"
        assert value not in shown


def test_only_the_last_line_break_is_no_part_of_the_value(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"-----BEGIN\nabc\n-----END\n")
    found = reference(NAME, "file:key", tmp_path)
    assert found.resolve({}).reveal() == "-----BEGIN\nabc\n-----END"


@pytest.mark.parametrize(
    "text", ["hunter2-hunter2", "", "vault:x", "env:", "env:A B", "file:", "ENV:A", 7, None, ["a"]]
)
def test_a_bare_value_is_refused_and_not_repeated(text: object, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=f"^{NAME}: ") as caught:
        reference(NAME, text, tmp_path)  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)


def test_what_is_not_there_is_told_by_its_place(tmp_path: Path) -> None:
    for text, environ, says in (
        ("env:SHOP", {}, "is not set"),
        ("env:SHOP", {"SHOP": ""}, "is empty"),
        ("file:nowhere", {}, "cannot be read"),
        ("file:.", {}, "cannot be read: Is a directory"),
    ):
        with pytest.raises(UnusableReference, match=says):
            reference(NAME, text, tmp_path).resolve(environ)


def test_files_that_cannot_hold_a_secret_are_refused(tmp_path: Path) -> None:
    loose, empty, large, binary = (
        tmp_path / name for name in ("loose", "empty", "large", "binary")
    )
    loose.write_text("secret-value")
    loose.chmod(0o666)
    empty.write_text("\n")
    large.write_bytes(b"x" * (LARGEST + 1))
    binary.write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "pipe")
    for name, says in (
        ("loose", "everybody can write"),
        ("empty", "holds no value"),
        ("large", "larger than"),
        ("binary", "not text"),
        ("pipe", "is not a file"),
    ):
        with pytest.raises(UnusableReference, match=says) as caught:
            reference(NAME, f"file:{name}", tmp_path).resolve({})
        assert "secret-value" not in str(caught.value)


def test_a_table_of_references_names_each(tmp_path: Path) -> None:
    found = references("servers.shop.env", {"A": "env:B", "C": "literal:d"}, tmp_path)
    assert {key: one.name for key, one in found.items()} == {
        "A": "servers.shop.env.A",
        "C": "servers.shop.env.C",
    }
    with pytest.raises(BadSetting, match=r"servers\.shop\.env\.X"):
        references("servers.shop.env", {"X": "plain"}, tmp_path)
