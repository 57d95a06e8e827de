"""Which address a token may go to, and what a file of logins is after anything was done to it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.catalogue.failure import UnusableLogins
from ostiary.catalogue.login_form import LoginBook, unwritten, written
from ostiary.catalogue.logins import LoginFile, Occupied, login_for, within
from ostiary.model.login import Login, Need, Registration

LOGIN = Login(
    server="notes",
    url="https://a.example/mcp",
    issuer="https://id.example",
    resource="https://a.example/mcp",
    token_endpoint="https://id.example/token",
    registration=Registration("client", "dynamic", secret="secret-of-client"),
    access="access-of-login",
    at=1.0,
    refresh="renewing-of-login",
)


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        ("https://a.example/mcp", "https://a.example/mcp"),
        ("https://a.example/mcp/x", "https://a.example/mcp"),
        ("https://a.example/mcp?x=1", "https://a.example"),
        ("https://A.example:443/mcp", "https://a.example/"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
    ],
)
def test_a_token_goes_to_its_resource(url: str, resource: str) -> None:
    assert within(url, resource)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/mcp",
        "https://a.example:444/mcp",
        "https://a.example.evil.example/mcp",
        "https://evil.example/mcp",
        "https://evil.example@a.example/mcp",
        "https://a.example@evil.example/mcp",
        "https://a.example/mcpx",
        "https://a.example/",
        "https://a.example/mcp/../other",
        "https://a.example/mcp/%2e%2e/other",
        "https://a.example/mcp//x/y",
        "https://a.example:x/mcp",
        "https://[a.example/mcp",
        "wss://a.example/mcp",
        "",
    ],
)
def test_a_token_goes_nowhere_else(url: str) -> None:
    assert not within(url, "https://a.example/mcp")
    assert login_for(LoginBook((LOGIN,)), "notes", url) is None


def test_a_login_is_of_one_server_and_one_owner() -> None:
    book = LoginBook((LOGIN,))
    assert login_for(book, "notes", LOGIN.url) is LOGIN
    assert login_for(book, "other", LOGIN.url) is None
    assert login_for(book, "notes", LOGIN.url, owner="alice") is None


def test_nothing_prints_a_secret() -> None:
    assert "of-login" not in repr(LOGIN)
    assert "of-client" not in repr(LOGIN)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXT, st.lists(TEXT).map(tuple), st.one_of(st.none(), st.floats(0, 1e12)))
def test_what_is_written_reads_the_same(
    text: str, scopes: tuple[str, ...], expires: float | None
) -> None:
    login = replace(LOGIN, access=text, scopes=scopes, expires=expires)
    book = LoginBook((login,), (Need("notes", text, 403, scopes, text),))
    assert unwritten(written(book)) == book


@pytest.mark.parametrize("at", [0, 5, 20, 40, -1])
def test_no_byte_of_the_file_may_change(at: int, tmp_path: Path) -> None:
    file = LoginFile(tmp_path)
    with file.changing() as book:
        book.put(LOGIN)
    assert file.read() == LoginBook((LOGIN,))
    data = bytearray(file.path.read_bytes())
    data[at] ^= 1
    file.path.write_bytes(data)
    with pytest.raises(UnusableLogins):
        file.read()
    with pytest.raises(UnusableLogins), file.changing() as book:
        book.put(LOGIN)
    assert file.path.read_bytes() == data


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").write_bytes(b"x")
    LoginFile(tmp_path).path.symlink_to(tmp_path / "else")
    with pytest.raises(UnusableLogins):
        LoginFile(tmp_path).read()


def test_who_may_not_wait_is_told_that_somebody_is_writing(tmp_path: Path) -> None:
    file = LoginFile(tmp_path)
    with file.changing(), pytest.raises(Occupied), file.changing(wait=False):
        pass


def test_a_fault_while_changing_changes_nothing(tmp_path: Path) -> None:
    file = LoginFile(tmp_path)
    with contextlib.suppress(ZeroDivisionError), file.changing() as book:
        book.put(LOGIN)
        raise ZeroDivisionError
    assert file.read() == LoginBook()
