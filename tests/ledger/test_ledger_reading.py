"""Asking the record: filters, search tables that can be thrown away, exports, what was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ledger_make import NOON, event, files, filled, opened
from ostiary.ledger.actions import after_action
from ostiary.ledger.exports import EXPORTERS
from ostiary.ledger.exports.cef import cef
from ostiary.ledger.exports.ocsf import event as ocsf_event
from ostiary.ledger.reading import Follower, Record, record_of, records
from ostiary.ledger.search import FILE, open_search
from ostiary.ledger.wanted import UnclearTime, Wanted, when
from ostiary.model.event import Event, EventKind

NASTY = st.text(
    alphabet=st.sampled_from("ab|=\\\n\r\"',\x00\x1b\u2028\u202e\u200b\x85 \ud800é"), max_size=12
)


def found(folder: Path, wanted: Wanted, limit: int | None = None) -> list[Record]:
    search = open_search(folder / "ledger")
    try:
        search.catch_up()
        return list(search.find(wanted, limit))
    finally:
        search.close()


def test_filters_find_what_they_name(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.append(event(1))
    ledger.append(event(2, principal="local:other", thing="tool:read_file", server="files"))
    ledger.append(event(3, kind=EventKind.REFUSED, effect="deny", why="Not on a Sunday"))
    ledger.append(event(4, session="s-2", agent="", client="cli", thing="prompt:create_issue"))
    ledger.close()

    def numbers(**asked: object) -> list[int]:
        return [int(one.at - NOON) for one in found(tmp_path, Wanted(events_only=True, **asked))]  # type: ignore[arg-type]

    assert numbers() == [4, 3, 2, 1]
    assert numbers(who="local:other") == [2]
    assert numbers(who="local:*") == [4, 3, 2, 1]
    assert numbers(tool="read_*") == [2]
    assert numbers(tool="create_issue") == [4, 3, 1]
    assert numbers(tool="tool:create_issue") == [3, 1]
    assert numbers(effect="deny") == [3]
    assert numbers(kind="refused") == [3]
    assert numbers(session="s-2") == [4]
    assert numbers(agent="planner", client="editor") == [3, 2, 1]
    assert numbers(call="call-2") == [2]
    assert numbers(server="files") == [2]
    assert numbers(text="SUNDAY") == [3]
    assert numbers(since=NOON + 2, until=NOON + 3) == [3, 2]
    assert [one.kind for one in found(tmp_path, Wanted(kind="checkpoint"))]


@given(pattern=NASTY, text=NASTY)
def test_tables_and_filters_agree_about_any_text(
    tmp_path_factory: pytest.TempPathFactory, pattern: str, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    ledger = opened(folder)
    ledger.append(event(1, principal=text, why=text))
    ledger.close()
    for asked in (Wanted(who=pattern or "x"), Wanted(who=text or "x"), Wanted(text=pattern)):
        whole = {one.hash for one in records(folder / "ledger") if asked.matches(one)}
        assert {one.hash for one in found(folder, asked)} == whole


def test_tables_are_filled_behind_and_rebuilt(tmp_path: Path) -> None:
    filled(tmp_path, 30)
    assert len(found(tmp_path, Wanted(kind="request"))) == 30
    ledger = opened(tmp_path)
    ledger.append(event(31))
    assert len(found(tmp_path, Wanted(kind="request"))) == 31
    ledger.close()
    tables = tmp_path / "ledger" / FILE
    tables.write_bytes(b"no database at all" * 100)
    assert len(found(tmp_path, Wanted(kind="request"))) == 31
    tables.unlink()
    assert len(found(tmp_path, Wanted(kind="request"), 5)) == 5


def test_tables_never_tell_what_the_record_does_not(tmp_path: Path) -> None:
    filled(tmp_path, 30)
    found(tmp_path, Wanted())
    path = files(tmp_path)[-1]
    text = path.read_bytes()
    path.write_bytes(text.replace(b"local:editor", b"local:nobody"))
    assert not [one for one in found(tmp_path, Wanted(who="local:editor")) if one.segment == 3]
    files(tmp_path)[0].unlink()
    assert min(one.segment for one in found(tmp_path, Wanted())) == 2


def test_following_tells_what_comes_and_nothing_else(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.append(event(1))
    follower = Follower(tmp_path / "ledger")
    assert list(follower.fresh()) == []
    first.append(event(2))
    second = opened(tmp_path)
    for number in range(30):
        second.append(event(100 + number))
    first.append(event(3))
    told = [one.text("call") for one in follower.fresh() if one.kind == "request"]
    assert told[:2] == ["call-2", "call-3"]
    assert len(told) == 32
    with files(tmp_path)[-1].open("ab") as file:
        file.write(b'{"hash":"half')
    assert list(follower.fresh()) == []
    first.close()
    second.close()


def test_times_are_read() -> None:
    assert when("1970-01-02", 0) == 86_400
    assert when("1970-01-01T01:00:00+01:00", 0) == 0
    assert when("90m", 10_000) == 4_600
    for bad in ("", "soon", "12", "9999999d" * 9, "2026-13-01"):
        with pytest.raises(UnclearTime):
            when(bad, 0)


def _record(**changes: object) -> Record:
    one = event(1, **changes)
    from ostiary.ledger.line import encode, joined, link

    body = encode(7, one)
    found = record_of("01", 1, 0, joined(link(b"0" * 64, body), body)[:-1])
    assert found is not None
    return found


@given(NASTY, NASTY)
def test_no_name_can_begin_a_line_or_a_field(one: str, other: str) -> None:
    record = _record(principal=one, thing=f"tool:{other}", why=one + other, server=other)
    for exporter in EXPORTERS:
        line = exporter.line(record)
        assert line.splitlines() == [line], exporter.name
        line.encode("utf-8")
    line = cef(record)
    head = re.split(r"(?<!\\)\|", line, maxsplit=7)
    assert head[:6] == ["CEF:0", "Ostiary", "Ostiary", head[3], "request", "MCP request forwarded"]
    keys = re.findall(r"(?:^| )(\w+)(?<!\\)=", re.sub(r"\\.", "_", head[7]))
    assert set(keys) <= {
        "rt", "externalId", "app", "suser", "requestClientApplication", "destinationServiceName",
        "requestMethod", "act", "reason", "fileHash",
        *(f"cs{n}{label}" for n in range(1, 7) for label in ("", "Label")),
    }  # fmt: skip
    assert len(keys) == len(set(keys))


REQUIRED = {
    6003: {"actor", "api", "src_endpoint"},
    3002: {"user", "service"},
    2004: {"finding_info"},
    0: set(),
}
BASE = {"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"}
ACTIVITIES = {
    6003: {1, 2, 3, 4, 99}, 3002: {99}, 2004: {1}, 0: {99}
}  # fmt: skip


@pytest.mark.parametrize("kind", list(EventKind))
def test_ocsf_events_have_what_their_class_requires(kind: EventKind) -> None:
    nobody = {name: "" for name in ("principal", "client", "server", "thing", "session", "agent")}
    for bare in (_record(kind=kind), _record(kind=kind, levels=(), **nobody)):
        told = json.loads(json.dumps(ocsf_event(bare)))
        class_uid = told["class_uid"]
        assert told.keys() >= BASE | REQUIRED[class_uid]
        assert told["activity_id"] in ACTIVITIES[class_uid]
        assert told["type_uid"] == class_uid * 100 + told["activity_id"]
        assert told["category_uid"] == class_uid // 1000
        assert isinstance(told["time"], int)
        assert told["metadata"]["version"]
        assert told["metadata"]["product"]["name"]
        if class_uid == 6003:
            assert told["api"]["operation"]
            assert told["api"]["request"]["uid"]
            assert {"user", "session", "app_name", "app_uid"} & told["actor"].keys()
            assert told["actor"]["user"].get("name") or told["actor"]["user"].get("uid")
            assert told["src_endpoint"]["svc_name"]
        if class_uid == 2004:
            assert told["finding_info"]["uid"]


def test_ocsf_says_what_was_done_and_whether_it_was_let_through() -> None:
    done = {
        ("read",): 2, ("read", "write"): 3, ("destroy", "write"): 4, ("send",): 1, (): 99,
    }  # fmt: skip
    for levels, activity in done.items():
        assert ocsf_event(_record(levels=levels))["activity_id"] == activity
    refused = ocsf_event(_record(kind=EventKind.REFUSED, effect="deny"))
    assert (refused["action"], refused["disposition"]) == ("Denied", "Blocked")
    assert refused["status"] == "Failure"
    assert ocsf_event(_record())["action"] == "Allowed"


@pytest.mark.proves("IF-17")
def test_after_action_tells_everything_that_was_changed(tmp_path: Path) -> None:
    ledger = opened(tmp_path)

    def call(number: int, outcome: str = "ok", **changes: object) -> None:
        ledger.append(event(number, **changes))
        if outcome:
            ledger.append(
                Event(EventKind.OUTCOME, NOON + number, call=f"call-{number}", effect=outcome)
            )

    call(1, levels=("read",))
    call(2, levels=("read", "write"))
    call(3, levels=(), outcome="failed")
    call(4, method="resources/read", levels=(), thing="resource:file:///a")
    call(5, method="x/unknown", levels=(), outcome="")
    call(6, session="s-2", levels=("destroy",), outcome="cancelled")
    call(8, method="listen", thing="server:", levels=())
    ledger.append(event(7, kind=EventKind.REFUSED, levels=("write",), effect="deny"))
    ledger.close()
    first, second = after_action(records(tmp_path / "ledger"))
    assert [(one.record.text("call"), one.outcome, one.certain) for one in first.actions] == [
        ("call-2", "ok", True),
        ("call-3", "failed", False),
        ("call-5", "unknown", False),
    ]
    assert first.refused == 1
    assert (first.principal, first.agent, first.session) == ("local:editor", "planner", "s-1")
    assert [one.outcome for one in second.actions] == ["cancelled"]
