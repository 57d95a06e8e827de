"""What the last run, another process or another user left is met in the open."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ledger_make import Clocks, event, files, filled, opened, reasons, text_of, verified
from ostiary.ledger.failure import LedgerInUse, LedgerUnusable
from ostiary.ledger.verify import Verdict
from ostiary.model.event import RecordUnwritable


def test_a_torn_last_record_is_cut_kept_aside_and_told(tmp_path: Path) -> None:
    filled(tmp_path, 5, segment_bytes=1 << 20)
    _unclose(tmp_path)
    path = files(tmp_path)[-1]
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b'{"hash":"abc')
    assert verified(tmp_path).verdict is Verdict.INCOMPLETE
    ledger = opened(tmp_path)
    assert "12 bytes of an unfinished record were cut" in ledger.notes[0]
    ledger.append(event(6))
    ledger.close()
    assert (path.parent / f"00000001.torn-{size}").read_bytes() == b'{"hash":"abc'
    assert b'"method":"ledger/recovered"' in text_of(tmp_path)
    report = verified(tmp_path)
    assert report.verdict is Verdict.INTACT
    assert "12 bytes" in "".join(report.chains[0].notes)


def _unclose(folder: Path) -> None:
    """As if the last run had been killed: its head says open."""
    ledger = opened(folder)
    os.close(ledger._place.lock)


def test_a_run_that_ended_without_closing_is_told(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    _unclose(tmp_path)
    opened(tmp_path).close()
    assert b"ended without closing the record" in text_of(tmp_path)
    assert verified(tmp_path).verdict is Verdict.INTACT


@given(data=st.data())
def test_a_damaged_record_is_left_as_it_is_and_goes_on_in_a_fresh_segment(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    filled(folder, 12)
    path = files(folder)[-1]
    text = bytearray(path.read_bytes())
    text[data.draw(st.integers(0, len(text) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(text))
    ledger = opened(folder)
    for number in range(20):
        ledger.append(event(number))
    ledger.close()
    assert path.read_bytes() == bytes(text)
    report = verified(folder)
    assert report.verdict is Verdict.TAMPERED
    assert "the segment before was damaged" in reasons(report)
    shutil.rmtree(folder)


def test_a_shortened_record_does_not_pass_as_a_whole_one_later(tmp_path: Path) -> None:
    filled(tmp_path, 20)
    path = files(tmp_path)[-1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    ledger = opened(tmp_path)
    assert "the signed head names record" in ledger.notes[0]
    ledger.append(event(50))
    ledger.close()
    report = verified(tmp_path)
    assert report.verdict is Verdict.TAMPERED
    assert "records are missing" in reasons(report)


def test_a_removed_last_segment_or_head_does_not_pass(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    shutil.copytree(tmp_path / "ledger", tmp_path / "copy")
    files(tmp_path)[-1].unlink()
    opened(tmp_path).close()
    assert verified(tmp_path).verdict is Verdict.TAMPERED
    shutil.rmtree(tmp_path / "ledger")
    (tmp_path / "copy").rename(tmp_path / "ledger")
    (tmp_path / "ledger" / "01" / "head.json").unlink()
    assert verified(tmp_path).verdict is Verdict.TAMPERED
    opened(tmp_path).close()
    report = verified(tmp_path)
    assert report.verdict is Verdict.TAMPERED
    assert "there is no head file" in reasons(report)


def test_a_file_changed_under_a_running_gateway_is_noticed(tmp_path: Path) -> None:
    for act in ("remove", "grow", "cut"):
        folder = tmp_path / act
        folder.mkdir()
        ledger = opened(folder, segment_bytes=1 << 20)
        ledger.append(event(1))
        path = files(folder)[0]
        if act == "remove":
            path.unlink()
        elif act == "grow":
            path.write_bytes(path.read_bytes() + b"more\n")
        else:
            os.truncate(path, 100)
        for number in range(10):
            ledger.append(event(number))
        ledger.close()
        assert len(files(folder)) == (1 if act == "remove" else 2)
        report = verified(folder)
        assert report.verdict is Verdict.TAMPERED, act
        assert "the segment before was damaged" in reasons(report)


def test_one_chain_has_one_writer(tmp_path: Path) -> None:
    first = opened(tmp_path, writer="a")
    with pytest.raises(LedgerInUse, match="another process writes"):
        opened(tmp_path, writer="a")
    second = opened(tmp_path)
    third = opened(tmp_path)
    assert {second.writer, third.writer} == {"01", "02"}
    for ledger in (first, second, third):
        ledger.append(event(1))
        ledger.close()
    opened(tmp_path, writer="a").close()
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_a_closed_ledger_takes_nothing(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.close()
    ledger.close()
    with pytest.raises(RecordUnwritable, match="closed"):
        ledger.append(event(1))


def test_a_clock_that_jumps_is_noted_and_order_stays(tmp_path: Path) -> None:
    clocks = Clocks()
    ledger = opened(tmp_path, clocks)
    first = ledger.append(event(1))
    clocks.pass_time(3600)
    ledger.append(event(2))
    clocks.wall -= 86_400
    second = ledger.append(event(3, at=clocks.wall))
    clocks.wall += 7200
    ledger.append(event(4, at=clocks.wall))
    ledger.close()
    assert second.number > first.number
    text = text_of(tmp_path)
    assert b"the clock was set back" in text
    assert b"the clock was set forward" in text
    assert text.count(b'"method":"ledger/clock"') == 2
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_checkpoints_come_by_count_and_by_time(tmp_path: Path) -> None:
    clocks = Clocks()
    ledger = opened(tmp_path, clocks, checkpoint_records=1000, segment_bytes=1 << 20)
    ledger.append(event(1))
    ledger.tick()
    assert text_of(tmp_path).count(b'"kind":"checkpoint"') == 1
    clocks.pass_time(61)
    ledger.tick()
    ledger.tick()
    assert text_of(tmp_path).count(b'"kind":"checkpoint"') == 2
    clocks.pass_time(25 * 3600)
    ledger.tick()
    assert len(files(tmp_path)) == 2
    ledger.close()
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    key = tmp_path / "ledger.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o640)
    with pytest.raises(LedgerUnusable, match="can be read or changed by others"):
        opened(tmp_path)


def test_a_key_file_that_is_none_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "ledger.key"
    key.write_text("no key")
    key.chmod(0o600)
    with pytest.raises(LedgerUnusable, match="holds no private key"):
        opened(tmp_path)
    key.unlink()
    key.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LedgerUnusable, match="cannot read the key"):
        opened(tmp_path)
    key.unlink()
    os.mkfifo(key, 0o600)
    with pytest.raises(LedgerUnusable, match="is not a file"):
        opened(tmp_path)


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    (tmp_path / "ledger").chmod(0o777)
    with pytest.raises(LedgerUnusable, match="can be changed by others"):
        opened(tmp_path)


def test_a_fresh_key_is_told_and_earlier_records_stay_good(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    (tmp_path / "ledger.key").unlink()
    filled(tmp_path, 5)
    report = verified(tmp_path)
    assert report.verdict is Verdict.INTACT
    assert len(report.chains[0].keys) == 2


def test_names_that_are_no_writer_are_refused(tmp_path: Path) -> None:
    for name in ("..", "a/b", "A", "-", "x" * 41):
        with pytest.raises(LedgerUnusable):
            opened(tmp_path, writer=name)


def test_what_only_looks_like_json_can_still_be_recorded(tmp_path: Path) -> None:
    ledger = opened(tmp_path, segment_bytes=1 << 20)
    ledger.append(event(1, why="\ud800 \u2028\n\r\x1b[2J", detail={"big": 2**80, "\n": "\x00"}))
    ledger.append(event(2, detail={"nan": float("nan")}))
    with pytest.raises(RecordUnwritable, match="cannot be written as JSON"):
        ledger.append(event(3, detail={"x": {1, 2}}))
    ledger.append(event(4))
    ledger.close()
    assert len(text_of(tmp_path).splitlines()) == text_of(tmp_path).count(b"\n")
    assert verified(tmp_path).verdict is Verdict.INTACT


@pytest.mark.parametrize("begun", [b"", b'{"hash":"0123'])
def test_a_segment_that_was_just_begun_is_no_damage(tmp_path: Path, begun: bytes) -> None:
    filled(tmp_path, 10, segment_bytes=1 << 20)
    _unclose(tmp_path)
    fresh = tmp_path / "ledger" / "01" / "00000002.log"
    fresh.write_bytes(begun)
    assert verified(tmp_path).verdict is Verdict.INCOMPLETE
    ledger = opened(tmp_path)
    assert f"{len(begun)} bytes of an unfinished record" in ledger.notes[0]
    for number in range(30):
        ledger.append(event(number))
    ledger.close()
    assert (fresh.parent / "00000002.torn-0").read_bytes() == begun
    assert len(files(tmp_path)) > 1
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_the_very_first_segment_may_be_unfinished(tmp_path: Path) -> None:
    folder = tmp_path / "ledger" / "01"
    folder.mkdir(parents=True, mode=0o700)
    (tmp_path / "ledger").chmod(0o700)
    (folder / "00000001.log").write_bytes(b"{")
    opened(tmp_path).close()
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_an_emptied_last_segment_is_no_unfinished_one(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    last = files(tmp_path)[-1]
    last.write_bytes(b"")
    assert verified(tmp_path).verdict is Verdict.TAMPERED
    opened(tmp_path).close()
    assert verified(tmp_path).verdict is Verdict.TAMPERED


def test_a_name_of_megabytes_is_cut(tmp_path: Path) -> None:
    ledger = opened(tmp_path, segment_bytes=1 << 20)
    ledger.append(event(1, thing="resource:file:///" + "x" * 3_000_000))
    ledger.close()
    assert b"[cut: 3000017 characters]" in text_of(tmp_path)
    assert len(text_of(tmp_path)) < 20_000
    assert verified(tmp_path).verdict is Verdict.INTACT
