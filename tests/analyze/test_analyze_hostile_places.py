"""Places where credentials are kept, and what is asked there that anybody may know."""

from __future__ import annotations

import pytest

from ostiary.analyze.rules.hostile.credential_places import kept_at

STORE = "Library/Keychains/login.keychain-db"


def test_certificates_of_a_key_store_are_no_credentials() -> None:
    assert kept_at((STORE,)) is not None
    assert kept_at((STORE, "/usr/bin/security", "find-certificate", "-a", "-p")) is None


@pytest.mark.parametrize(
    "more",
    ["find-generic-password", "dump-keychain", "~/.gnupg/private-keys-v1.d", "~/.ssh/id_rsa"],
)
def test_what_else_is_asked_beside_certificates_counts(more: str) -> None:
    assert kept_at((STORE, "find-certificate", more)) is not None
