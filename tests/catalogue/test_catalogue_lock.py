"""The lock: what is written is read back, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.approvals import KEY, approval, item, raw, sealed
from ostiary.catalogue.failure import (
    LockMergeConflict,
    LockProblem,
    LockTampered,
    LockUnreadable,
    LockUntrusted,
)
from ostiary.catalogue.keys import fresh_key
from ostiary.catalogue.lock import read_lock, seal, signatures_of
from ostiary.model.approval import Approval, Bounds, Start
from ostiary.model.json import JsonValue

TRUSTED = {KEY.name}


def test_what_was_sealed_is_read_back() -> None:
    one, other = approval("shop"), approval("bank", item(raw("pay"), "tool", "spend"))
    lock = read_lock(seal([one, other], KEY, 7, "before"), TRUSTED)
    assert lock.approvals == (other, one)
    assert (lock.serial, lock.previous, lock.signed_by) == (7, "before", KEY.name)
    assert lock.approval("shop") == one
    found = lock.approvals[0].item("tool", "pay")
    assert found is not None
    assert found.definition == raw("pay")
    assert lock.approvals[0].item("prompt", "pay") is None


def test_equal_content_gives_equal_bytes_whatever_its_order() -> None:
    items = [item(raw(name), "tool") for name in ("a", "b", "c")]
    one, other = approval("shop", *items), approval("shop", *reversed(items))
    assert sealed(one, approval("bank")) == sealed(approval("bank"), other)


def test_a_changed_word_changes_few_lines() -> None:
    items = [item(raw(name), "tool", "read") for name in ("a", "b", "c")]
    changed = [
        *items[:2],
        item(raw("c", description="Searches the shop, and more."), "tool", "read"),
    ]
    before = sealed(approval("shop", *items)).decode().splitlines()
    after = sealed(approval("shop", *changed)).decode().splitlines()
    differ = [line for line in after if line not in before]
    assert len(differ) == 3, differ  # the description, its digest, the signature
    assert any("and more" in line for line in differ)


def test_hidden_characters_are_seen_in_the_file() -> None:
    text = sealed(
        approval("shop", item(raw(description="good\u200b\u202edog\U000e0041é")))
    ).decode()
    assert "\u200b" not in text
    assert "\\u200b\\u202edog\\udb40\\udc41é" in text


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.text(max_size=20).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))


@given(
    names=st.lists(NAMES, max_size=4, unique=True),
    more=st.dictionaries(st.text(max_size=8), JSON, max_size=3),
    words=st.text(max_size=40),
    calls=st.integers(0, 10**9),
    network=st.booleans(),
)
def test_any_server_survives_the_lock(
    names: list[str], more: dict[str, JsonValue], words: str, calls: int, network: bool
) -> None:
    items = [item({**more, "name": name}, "tool", "read") for name in names]
    items += [item({**more, "uri": name}, "resource") for name in names]
    one = approval(
        "shop",
        *items,
        instructions_text=words,
        reason=words,
        start=Start("stdio", ("run", words), network=network),
        bounds=Bounds(calls_per_minute=calls),
    )
    assert read_lock(sealed(one), TRUSTED).approvals == (one,)


def paths(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document."""
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*at, key))
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*at, place))


def other_than(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, int(value)]
    if isinstance(value, int | float):
        return [value + 1, str(value), True]
    if isinstance(value, str):
        return [value + "x", "", None, [value]]
    if isinstance(value, list):
        return [[*value, "zzz"], value[1:] if value else ["a"], {}]
    return [{**value, "zzz": 1}, [], None]


DOCUMENT = json.loads(sealed())


@pytest.mark.parametrize(
    "at", list(paths(DOCUMENT)), ids=lambda at: "/".join(map(str, at)) or "all"
)
def test_no_field_can_be_changed_removed_or_added(at: tuple[str | int, ...]) -> None:
    values: list[Any] = [DOCUMENT]
    for step in at:
        values.append(values[-1][step])
    for forged in other_than(values[-1]):
        assert_refused(replaced(DOCUMENT, at, forged))
    if at and isinstance(at[-1], str):
        assert_refused(replaced(DOCUMENT, at[:-1], without(values[-2], at[-1])))


def replaced(value: Any, at: tuple[str | int, ...], inner: Any) -> Any:
    if not at:
        return inner
    step, *rest = at
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = replaced(value[step], tuple(rest), inner)
    return copy


def without(value: Any, key: str) -> Any:
    return {name: one for name, one in value.items() if name != key}


def assert_refused(document: Any) -> None:
    if document == DOCUMENT and json.dumps(document) == json.dumps(DOCUMENT):
        return
    with pytest.raises(LockProblem) as caught:
        read_lock(json.dumps(document).encode(), TRUSTED)
    assert len(str(caught.value)) > 20


def test_the_layout_is_free_and_the_content_is_not() -> None:
    assert read_lock(json.dumps(DOCUMENT).encode(), TRUSTED) == read_lock(sealed(), TRUSTED)
    assert read_lock(sealed().replace(b"\n", b"\r\n"), TRUSTED).serial == 1


@pytest.mark.proves("EN-25")
def test_a_lock_of_a_stranger_is_refused_with_the_key_to_trust() -> None:
    stranger = fresh_key()
    with pytest.raises(LockUntrusted, match=stranger.name):
        read_lock(sealed(key=stranger), TRUSTED)
    with pytest.raises(LockUntrusted):
        read_lock(sealed(), [])
    with pytest.raises(LockUntrusted):
        read_lock(sealed(key=stranger), TRUSTED, needed=0)
    assert read_lock(sealed(key=stranger), {stranger.name, KEY.name}).signed_by == stranger.name


def test_two_signatures_can_be_asked_for() -> None:
    second = fresh_key()
    first = sealed()
    both = seal([approval()], second, 1, "", signatures_of(first))
    with pytest.raises(LockUntrusted, match="needs 2 trusted signatures and has 1"):
        read_lock(first, {KEY.name, second.name}, 2)
    with pytest.raises(LockUntrusted, match="is not trusted here"):
        read_lock(both, TRUSTED, 2)
    assert len(read_lock(both, {KEY.name, second.name}, 2).signers) == 2


def test_one_wrong_signature_among_right_ones_refuses_the_lock() -> None:
    second = fresh_key()
    document = json.loads(seal([approval()], second, 1, "", signatures_of(sealed())))
    for place in (0, 1):
        forged = json.loads(json.dumps(document))
        forged["signatures"][place]["value"] = document["signatures"][1 - place]["value"]
        with pytest.raises(LockTampered):
            read_lock(json.dumps(forged).encode(), {KEY.name, second.name})
    twice = {**document, "signatures": [document["signatures"][0]] * 2}
    with pytest.raises(LockUnreadable, match="one for each key"):
        read_lock(json.dumps(twice).encode(), TRUSTED)
    with pytest.raises(LockTampered, match="is not signed"):
        read_lock(json.dumps({**document, "signatures": []}).encode(), TRUSTED)


def test_a_signature_has_one_spelling() -> None:
    document = json.loads(sealed())
    value = document["signatures"][0]["value"]
    for spelled in (value + "==", value + "\n", value[:-1] + chr(ord(value[-1]) + 1)):
        document["signatures"][0]["value"] = spelled
        with pytest.raises(LockTampered):
            read_lock(json.dumps(document).encode(), TRUSTED)


def test_a_merge_conflict_is_told_as_one() -> None:
    text = sealed().decode().splitlines()
    text[3:3] = ["<<<<<<< HEAD", '  "serial": 2,', "=======", '  "serial": 3,', ">>>>>>> other"]
    with pytest.raises(LockMergeConflict, match="keep one side whole"):
        read_lock("\n".join(text).encode(), TRUSTED)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not strict JSON"),
        (b"[]", "is not an object"),
        (b'{"format": "ostiary/lock/1", "format": "ostiary/lock/1"}', "occurs twice"),
        (b'{"format": "ostiary/lock/2"}', "update Ostiary"),
        (b'{"format": "other"}', "is no lock"),
        (b'{"format": "ostiary/lock/1", "serial": NaN}', "not strict JSON"),
        (b"\xff", "not valid UTF-8"),
        (b"[" * 400, "nested deeper"),
    ],
)
def test_what_is_no_lock_says_so(data: bytes, says: str) -> None:
    with pytest.raises(LockUnreadable, match=says):
        read_lock(data, TRUSTED)


def signed(document: dict[str, Any]) -> bytes:
    """A document of any content with a right signature: what a faulty writer could make."""
    from ostiary.catalogue.written import statement

    document = {**document, "signatures": []}
    value = KEY.sign(statement(document))
    return json.dumps({**document, "signatures": [{"key": KEY.name, "value": value}]}).encode()


def shop(**fields: Any) -> dict[str, Any]:
    server = {**DOCUMENT["servers"]["shop"], **fields}
    return {**DOCUMENT, "servers": {"shop": server}}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({**DOCUMENT, "surprise": True}, "not known to this version"),
        (shop(surprise=True), "not known to this version"),
        (shop(start={**DOCUMENT["servers"]["shop"]["start"], "sudo": True}), "not known"),
        ({**DOCUMENT, "servers": {"Shop": DOCUMENT["servers"]["shop"]}}, "no name of a server"),
        ({**DOCUMENT, "servers": {"a__b": DOCUMENT["servers"]["shop"]}}, "no name of a server"),
        (
            {
                **DOCUMENT,
                "servers": dict.fromkeys(("my-shop", "my_shop"), DOCUMENT["servers"]["shop"]),
            },
            "too alike",
        ),
        (
            {**DOCUMENT, "servers": dict.fromkeys(("sh0p", "shop"), DOCUMENT["servers"]["shop"])},
            "too alike",
        ),
        (shop(start={"transport": "carrier pigeon", "command": ["x"]}), "transport must be"),
        (shop(start={"transport": "http", "command": ["x"], "url": "https://a"}), "has a command"),
        (shop(start={"transport": "stdio"}), "has a command"),
        (shop(review_by="soon"), "YYYY-MM-DD"),
        (shop(review_by="20270219"), "YYYY-MM-DD"),
        (shop(approved_at="2026-11-21"), "a moment in UTC"),
        (shop(groups=["b", "a"]), "sorted"),
        (shop(limits={"calls_per_minute": -1}), "whole number"),
        (shop(limits={"calls_per_minute": True}), "whole number"),
        (shop(left_out=[{"kind": "thing", "name": "x", "digest": "0" * 64}]), "kind must be"),
        ({**DOCUMENT, "serial": 0}, "serial must be"),
    ],
)
def test_a_right_signature_does_not_excuse_a_wrong_content(
    document: dict[str, Any], says: str
) -> None:
    with pytest.raises(LockUnreadable, match=says):
        read_lock(signed(document), TRUSTED)


def test_a_definition_is_bound_to_its_digest_and_its_name() -> None:
    tool = DOCUMENT["servers"]["shop"]["tools"]["search"]
    evil = {**tool, "definition": {**tool["definition"], "description": "Sends all mail out."}}
    with pytest.raises(LockTampered, match="changed after it was signed"):
        read_lock(signed(shop(tools={"search": evil})), TRUSTED)
    with pytest.raises(LockUnreadable, match="of something else"):
        read_lock(signed(shop(tools={"other": tool})), TRUSTED)
    with pytest.raises(LockUnreadable, match="levels must be"):
        read_lock(signed(shop(tools={"search": {**tool, "levels": ["harmless"]}})), TRUSTED)
    said = {**DOCUMENT["servers"]["shop"]["instructions"], "text": "Ask nobody."}
    with pytest.raises(LockTampered):
        read_lock(signed(shop(instructions=said)), TRUSTED)


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (("tools", "search"), "text"),
        (("tools", "search"), "declared"),
        (("instructions",), "definition"),
        (("instructions",), "declared"),
        (("capabilities",), "text"),
    ],
)
def test_what_a_digest_stands_for_cannot_be_smuggled_in_elsewhere(
    at: tuple[str, ...], name: str
) -> None:
    forged = json.loads(sealed())
    place = forged["servers"]["shop"]
    for step in at:
        place = place[step]
    place[name] = {"levels": []}
    with pytest.raises(LockUnreadable, match="not known to this version"):
        read_lock(json.dumps(forged).encode(), TRUSTED)


def test_a_number_without_canonical_form_is_refused() -> None:
    with pytest.raises(LockUnreadable, match="no canonical form"):
        read_lock(json.dumps({**DOCUMENT, "serial": 2**60}).encode(), TRUSTED)


@given(st.binary(max_size=200))
def test_no_bytes_get_past(data: bytes) -> None:
    with pytest.raises(LockProblem):
        read_lock(data, TRUSTED)


@given(st.integers(0, len(sealed()) - 1), st.integers(0, 255))
def test_no_flipped_byte_changes_what_is_approved(place: int, byte: int) -> None:
    data = bytearray(sealed())
    data[place] = byte
    try:
        lock = read_lock(bytes(data), TRUSTED)
    except LockProblem:
        return
    assert lock == read_lock(sealed(), TRUSTED)  # white space


def test_an_empty_lock_is_a_lock() -> None:
    empty: tuple[Approval, ...] = ()
    assert read_lock(seal(empty, KEY, 3), TRUSTED).approvals == ()
