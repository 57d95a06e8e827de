"""A published attestation verifies offline for its own artifact and fails for anything else.

``published.json`` is the attestation of one release of pypi-attestations (Apache-2.0), as its
own tests carry it."""

from __future__ import annotations

import base64
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from ostiary.model.audit import Proof, Standing
from ostiary.supply.artifact.proofs import Artifact, verify
from ostiary.supply.artifact.repository import same_repository

pytest.importorskip("sigstore")

PUBLISHED = Path(__file__).parents[1] / "fixtures/attestations/published.json"
DIGEST = "9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3"
SOURCE = "https://github.com/trailofbits/pypi-attestations"


def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PUBLISHED.read_bytes())
    return found


def held(value: object, digest: str = DIGEST, repository: str = "") -> tuple[Proof, ...]:
    data = json.dumps(value).encode()
    return verify(data, "PyPI attestation", Artifact((("sha256", digest),), repository))


def test_real_attestation_verifies_offline() -> None:
    (proof,) = held(read())
    assert proof.standing is Standing.VERIFIED, proof.says
    assert "trailofbits/pypi-attestations/.github/workflows/release.yml" in proof.says


def test_same_in_the_form_that_an_index_serves() -> None:
    served = {"version": 1, "attestation_bundles": [{"attestations": [read()]}]}
    built = held(served, repository=f"git+{SOURCE}.git")
    assert [one.standing for one in built] == [Standing.VERIFIED] * 2
    claimed = held(served, repository="https://github.com/somebody/else")
    assert claimed[1].kind == "source repository"
    assert claimed[1].standing is Standing.FAILED


def test_other_artifact_fails() -> None:
    (proof,) = held(read(), "0" * 64)
    assert proof.standing is Standing.FAILED
    assert "another artifact" in proof.says


def test_changed_statement_fails() -> None:
    changed = read()
    statement = base64.b64decode(changed["envelope"]["statement"])
    swapped = statement.replace(DIGEST.encode(), b"0" * 64)
    assert swapped != statement
    changed["envelope"]["statement"] = base64.b64encode(swapped).decode()
    (proof,) = held(changed, "0" * 64)
    assert proof.standing is Standing.FAILED
    assert "does not verify" in proof.says


def test_without_its_log_entry_it_fails() -> None:
    changed = read()
    changed["verification_material"]["transparency_entries"] = []
    assert held(changed)[0].standing is Standing.FAILED


@pytest.mark.parametrize("value", [None, [], {}, {"envelope": 3}, {"mediaType": "x"}, "x"])
def test_garbage_fails_and_never_raises(value: object) -> None:
    assert {one.standing for one in held(value)} == {Standing.FAILED}


def test_missing_extra_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (proof,) = held(read())
    assert proof.standing is Standing.NOT_CHECKED
    assert "not installed" in proof.says


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://github.com/O/r.git", "git@github.com:o/r", True),
        ("github:o/r", "https://www.github.com/o/r/tree/main/x", True),
        ("git+ssh://git@h/o/r.git", "https://h/o/r/", True),
        ("https://h/o/r", "https://h/o/r2", False),
        ("https://h.evil/o/r", "https://h/o/r", False),
        ("", "", False),
    ],
)
def test_same_repository(one: str, other: str, same: bool) -> None:
    assert same_repository(one, other) is same
