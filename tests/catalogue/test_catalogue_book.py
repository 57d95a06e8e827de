"""The lock in its place: written without harm, watched, and never an older one in silence."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from catalogue.approvals import approval, item, raw
from ostiary.catalogue import book
from ostiary.catalogue.atomic import print_of, write_file
from ostiary.catalogue.failure import (
    KeyProblem,
    LockMissing,
    LockMoved,
    LockOlder,
    LockUnreadable,
    LockUntrusted,
    LockUnwritable,
)
from ostiary.catalogue.keys import own_key, read_key
from ostiary.catalogue.naming import SERVER_NAME, our_name
from ostiary.catalogue.settings import ApprovalSettings
from ostiary.model.setting import BadSetting


@pytest.fixture
def at(tmp_path: Path) -> ApprovalSettings:
    return settings(tmp_path)


def settings(base: Path, state: str = "state", **table: Any) -> ApprovalSettings:
    return ApprovalSettings.from_table(table, base, base / state)


def write(at: ApprovalSettings, *servers: str) -> book.Page:
    book.write_page(at, book.open_page(at), [approval(name) for name in servers])
    return book.open_page(at)


@pytest.mark.proves("GW-15")
def test_an_approval_is_kept_signed_in_a_file_and_survives_the_process(
    at: ApprovalSettings,
) -> None:
    assert book.open_page(at).lock is None
    with pytest.raises(LockMissing, match="ostiary approve SERVER"):
        book.load_lock(at)
    first = write(at, "shop").lock
    again = book.load_lock(at)
    assert again == first
    assert [one.server for one in again.approvals] == ["shop"]
    assert stat.S_IMODE(at.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(at.seen.stat().st_mode) == 0o600


def test_each_change_grows_the_serial_and_names_what_it_replaced(at: ApprovalSettings) -> None:
    first = write(at, "shop").lock
    second = write(at, "shop", "bank").lock
    assert first is not None
    assert second is not None
    assert (first.serial, second.serial) == (1, 2)
    assert second.previous == first.digest


def test_an_older_lock_put_back_is_refused_until_somebody_means_it(at: ApprovalSettings) -> None:
    write(at, "shop")
    older = at.lock.read_bytes()
    write(at, "shop", "bank")
    book.load_lock(at)
    at.lock.write_bytes(older)
    with pytest.raises(LockOlder, match="--take-older"):
        book.load_lock(at)
    with pytest.raises(LockOlder):
        book.open_page(at)
    assert book.take_older(at).serial == 1
    assert len(book.load_lock(at).approvals) == 1


def test_a_lock_begun_again_goes_on_counting(at: ApprovalSettings) -> None:
    write(at, "shop")
    write(at, "shop", "bank")
    at.lock.unlink()
    at.key.unlink()
    assert book.open_page(at).lock is None
    again = write(at, "shop").lock
    assert again is not None
    assert again.serial == 3


def test_two_locks_with_one_serial_are_not_taken_for_one(at: ApprovalSettings) -> None:
    empty = book.open_page(at)
    book.write_page(at, empty, [approval("shop")])
    one = at.lock.read_bytes()
    at.lock.unlink()
    at.seen.unlink()
    book.write_page(at, empty, [approval("bank")])
    at.lock.write_bytes(one)
    with pytest.raises(LockOlder, match="two people approved at once"):
        book.load_lock(at)


def test_a_gateway_that_never_saw_the_newer_one_remembers_from_its_first_look(
    tmp_path: Path,
) -> None:
    mine, other = settings(tmp_path), settings(tmp_path, "elsewhere")
    write(mine, "shop")
    older = mine.lock.read_bytes()
    key = read_key(mine.key)
    assert key is not None
    other = settings(tmp_path, "elsewhere", trusted_keys=[key.name])
    write(mine, "shop", "bank")
    assert book.load_lock(other).serial == 2
    mine.lock.write_bytes(older)
    with pytest.raises(LockOlder):
        book.load_lock(other)


def test_a_damaged_memory_of_serials_is_not_taken_for_an_empty_one(at: ApprovalSettings) -> None:
    write(at, "shop")
    for damage in (b"", b"{", b"[]", b'{"x": 1}', b'{"x": {"serial": "9", "digest": ""}}'):
        at.seen.write_bytes(damage)
        with pytest.raises(LockUnreadable, match="damaged"):
            book.load_lock(at)


def test_what_somebody_else_wrote_in_between_is_not_overwritten(at: ApprovalSettings) -> None:
    page = book.open_page(at)
    write(at, "shop")
    before = at.lock.read_bytes()
    with pytest.raises(LockMoved, match="nothing was written"):
        book.write_page(at, page, [approval("bank")])
    assert at.lock.read_bytes() == before
    assert sorted(one.name for one in at.lock.parent.iterdir()) == ["ostiary.lock", "state"]


def test_a_failed_write_leaves_the_old_file(at: ApprovalSettings, tmp_path: Path) -> None:
    write(at, "shop")
    before = at.lock.read_bytes()
    with pytest.raises(LockUnwritable, match="nothing was changed"):
        write_file(tmp_path / "ostiary.lock" / "below", b"x", print_of(None))
    assert at.lock.read_bytes() == before


def test_a_link_and_the_mode_of_the_file_are_kept(at: ApprovalSettings, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "ostiary.lock"
    real.parent.mkdir()
    at.lock.symlink_to(real)
    write(at, "shop")
    real.chmod(0o640)
    write(at, "shop", "bank")
    assert at.lock.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_place_that_is_no_file_is_refused_without_waiting(at: ApprovalSettings) -> None:
    os.mkfifo(at.lock)
    with pytest.raises(LockUnreadable, match="not a file"):
        book.open_page(at)


def test_the_version_changes_with_the_file_and_costs_no_reading(at: ApprovalSettings) -> None:
    assert book.lock_version(at.lock) is None
    write(at, "shop")
    first = book.lock_version(at.lock)
    assert first is not None
    assert book.lock_version(at.lock) == first
    write(at, "shop", "bank")
    assert book.lock_version(at.lock) != first


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_signs_nothing(at: ApprovalSettings, mode: int) -> None:
    write(at, "shop")
    at.key.chmod(mode)
    with pytest.raises(KeyProblem, match="read or changed by others"):
        book.load_lock(at)
    with pytest.raises(KeyProblem):
        own_key(at.key)


def test_a_file_that_is_no_key_is_neither_used_nor_replaced(at: ApprovalSettings) -> None:
    write(at, "shop")
    at.key.write_bytes(b"no key")
    with pytest.raises(KeyProblem, match="holds no Ed25519 key"):
        own_key(at.key)
    assert at.key.read_bytes() == b"no key"
    other = at.key.with_name("other.pem")
    at.key.rename(other)
    at.key.symlink_to(other)
    with pytest.raises(KeyProblem, match="cannot be read"):
        own_key(at.key)


def test_the_key_never_prints_itself(at: ApprovalSettings) -> None:
    key = own_key(at.key)
    text = at.key.read_text()
    assert "PRIVATE KEY" in text
    assert "PRIVATE" not in repr(key)
    assert own_key(at.key).name == key.name


def test_a_second_person_signs_without_changing_the_content(tmp_path: Path) -> None:
    ann = settings(tmp_path, "ann")
    ann_key, bob_key = own_key(ann.key).name, own_key(tmp_path / "bob" / "approval-key.pem").name
    bob = settings(tmp_path, "bob", trusted_keys=[ann_key], signatures=2)
    book.write_page(ann, book.open_page(ann), [approval("shop")])
    with pytest.raises(LockUntrusted, match="needs 2"):
        book.load_lock(bob)
    before = book.load_lock(ann).digest
    signed = book.co_sign(bob)
    assert signed.digest == before
    assert set(book.load_lock(bob).signers) == {ann_key, bob_key}
    # A change takes both signatures away: the content is another.
    other = settings(tmp_path, "ann", trusted_keys=[bob_key])
    book.write_page(other, book.open_page(other), [approval("shop"), approval("bank")])
    with pytest.raises(LockUntrusted):
        book.load_lock(bob)


def test_somebody_elses_lock_is_not_built_upon(tmp_path: Path) -> None:
    ann, eve = settings(tmp_path, "ann"), settings(tmp_path, "eve")
    write(eve, "evil")
    with pytest.raises(LockUntrusted):
        book.open_page(ann)
    with pytest.raises(LockUntrusted):
        book.write_page(ann, book.open_page(ann), [approval("shop")])


def test_settings_are_read_with_their_places(tmp_path: Path) -> None:
    key = own_key(tmp_path / "k").name
    at = settings(
        tmp_path, lock="team/ostiary.lock", key="~/k", trusted_keys=[key, key], signatures=2,
        review_days=30,
    )  # fmt: skip
    assert at.lock == tmp_path / "team" / "ostiary.lock"
    assert at.key == Path.home() / "k"
    assert (at.trusted_keys, at.signatures, at.review_days) == ((key,), 2, 30)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"surprise": 1}, "is no setting"),
        ({"lock": 3}, "must be a text"),
        ({"lock": "a\0b"}, "must be a text"),
        ({"lock": ""}, "must be a path"),
        ({"trusted_keys": "ed25519:x"}, "must be a list"),
        ({"trusted_keys": ["ed25519:x"]}, "43 characters"),
        ({"trusted_keys": ["rsa:" + "A" * 43]}, "43 characters"),
        ({"signatures": 0}, "from 1 to 64"),
        ({"signatures": True}, "from 1 to 64"),
        ({"review_days": -1}, "from 0"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(
    tmp_path: Path, table: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadSetting, match=f"^approvals.{next(iter(table))}: .*{says}"):
        settings(tmp_path, **table)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("GitHub (remote)", "github-remote"),
        ("my__server", "my_server"),
        ("Ärger", "arger"),
        ("../../etc", "etc"),
        ("東京", "server"),
        ("-_-", "server"),
        ("x" * 100, "x" * 63),
    ],
)
def test_any_text_becomes_a_name_of_ours(text: str, name: str) -> None:
    assert our_name(text) == name
    assert SERVER_NAME.fullmatch(our_name(text))


def test_ten_thousand_tools_fit(at: ApprovalSettings) -> None:
    items = [item(raw(f"tool_{number}"), "tool", "read") for number in range(10_000)]
    book.write_page(at, book.open_page(at), [approval("large", *items)])
    lock = book.load_lock(at)
    assert len(lock.approvals[0].items) == 10_000
    assert json.loads(at.lock.read_bytes())["serial"] == 1
