"""What an index names cannot make us read this machine's files or ask its services."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.get import get, save
from supply.shelf import registry


def test_files_only_beside_an_index_of_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    for near in ("", "https://index.example/simple", "http://127.0.0.1:1/simple"):
        with pytest.raises(Unobtainable, match="is not an https address"):
            get(secret.as_uri(), 10, 5, near=near)
        with pytest.raises(Unobtainable):
            save(secret.as_uri(), tmp_path / "copy", 10, 5, near=near)
    assert get(secret.as_uri(), 10, 5, near=tmp_path.as_uri())[2] == b"x"
    with pytest.raises(Unobtainable, match="larger"):
        get(secret.as_uri(), 0, 5, near=tmp_path.as_uri())


def test_local_services_only_if_they_are_the_index(tmp_path: Path) -> None:
    with registry(tmp_path / "shelf") as shelf:
        shelf.add({"name": "a", "version": "1"}, {})
        address = f"{shelf.address}/a"
        for near in ("", "https://index.example/", "http://127.0.0.1:1/"):
            with pytest.raises(Unobtainable):
                get(address, 10_000, 5, near=near)
        assert not shelf.asked
        assert b'"versions"' in get(address, 10_000, 5, near=shelf.address)[2]
        with pytest.raises(Unobtainable, match="sends more than 5 bytes"):
            get(address, 5, 5, near=shelf.address)
        with pytest.raises(Unobtainable, match="answered 404"):
            get(f"{shelf.address}/b", 5, 5, near=shelf.address)
