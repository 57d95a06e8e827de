"""Whatever is done to a closed record by somebody without its key is found."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ledger_make import event, files, filled, opened, reasons, settings, text_of, verified
from ostiary.ledger.head import Head, read_head
from ostiary.ledger.line import joined, link, parted
from ostiary.ledger.retention import removable
from ostiary.ledger.verify import Anchor, Verdict


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    filled(folder)
    assert len(files(folder)) >= 3
    assert verified(folder).verdict is Verdict.INTACT
    return folder


@contextmanager
def copy(whole: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "copy"
        shutil.copytree(whole, folder)
        yield folder


@pytest.mark.proves("EN-07")
@given(data=st.data())
def test_any_changed_byte_is_found(whole: Path, data: st.DataObject) -> None:
    with copy(whole) as folder:
        path = data.draw(st.sampled_from(files(folder)))
        text = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(text) - 1))
        text[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(text))
        report = verified(folder)
        assert report.verdict is Verdict.TAMPERED
        row = bytes(path.read_bytes()[:place]).count(b"\n") + 1
        assert report.flaws[0].file in (str(path), str(path.parent / "head.json"))
        if report.flaws[0].file == str(path):
            assert abs(report.flaws[0].line - row) <= 1


@given(data=st.data())
def test_any_lines_moved_doubled_taken_away_or_put_in_are_found(
    whole: Path, data: st.DataObject
) -> None:
    with copy(whole) as folder:
        path = data.draw(st.sampled_from(files(folder)))
        lines = path.read_bytes().splitlines(keepends=True)
        pick = st.integers(0, len(lines) - 1)
        one, other = data.draw(pick), data.draw(pick)
        changes = {
            "swap": _swapped(lines, one, other),
            "delete": lines[:one] + lines[one + 1 :],
            "double": [*lines[:one], lines[one], *lines[one:]],
            "insert": [*lines[:one], lines[other], *lines[one:]],
            "forge": [*lines[:one], _forged(lines, one), *lines[one:]],
        }
        changed = changes[data.draw(st.sampled_from(sorted(changes)))]
        if changed == lines:
            return
        path.write_bytes(b"".join(changed))
        assert verified(folder).verdict is Verdict.TAMPERED


def _swapped(lines: list[bytes], one: int, other: int) -> list[bytes]:
    moved = list(lines)
    moved[one], moved[other] = moved[other], moved[one]
    return moved


def _forged(lines: list[bytes], place: int) -> bytes:
    """A line that fits where it is put, as somebody who knows the format would make it."""
    before = parted(lines[place - 1][:-1]) if place else None
    body = parted(lines[place][:-1])
    assert body is not None
    mark = before[0] if before else b"0" * 64
    return joined(link(mark, body[1]), body[1])


@given(data=st.data())
def test_any_cut_is_found(whole: Path, data: st.DataObject) -> None:
    with copy(whole) as folder:
        path = data.draw(st.sampled_from(files(folder)))
        text = path.read_bytes()
        path.write_bytes(text[: data.draw(st.integers(0, len(text) - 1))])
        assert verified(folder).verdict is Verdict.TAMPERED


@given(data=st.data())
def test_removed_renamed_and_doubled_files_are_found(whole: Path, data: st.DataObject) -> None:
    with copy(whole) as folder:
        paths = files(folder)
        one, other = data.draw(st.permutations(paths))[:2]
        act = data.draw(st.sampled_from(["remove", "replace", "add", "exchange"]))
        if act == "remove":
            one.unlink()
        elif act == "replace":
            shutil.copy(one, other)
        elif act == "add":
            shutil.copy(one, one.with_name("00000099.log"))
        else:
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)
        assert verified(folder).verdict is Verdict.TAMPERED


@given(data=st.data())
def test_a_changed_head_says_the_same_or_is_found(whole: Path, data: st.DataObject) -> None:
    with copy(whole) as folder:
        path = folder / "ledger" / "01" / "head.json"
        said = read_head(path)
        text = bytearray(path.read_bytes())
        text[data.draw(st.integers(0, len(text) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(text))
        if verified(folder).verdict is not Verdict.TAMPERED:
            assert read_head(path) == said


def test_a_rewritten_chain_needs_the_key(whole: Path) -> None:
    """Rehashing everything after a change is easy; the checkpoints in it are not."""
    with copy(whole) as folder:
        mark = b"0" * 64
        for path in files(folder):
            lines = []
            for line in path.read_bytes().splitlines():
                parts = parted(line)
                assert parts is not None
                body = parts[1].replace(b"create_issue", b"delete_repos")
                body = body.replace(b'"previous":"' + parts[0], b'"previous":"' + mark)
                mark = link(mark, body)
                lines.append(joined(mark, body))
            path.write_bytes(b"".join(lines))
        report = verified(folder)
        assert report.verdict is Verdict.TAMPERED
        assert "wrong signature" in reasons(report)


def test_a_record_signed_with_another_key_is_not_believed(whole: Path, tmp_path: Path) -> None:
    filled(tmp_path)
    with copy(whole) as folder:
        shutil.rmtree(folder / "ledger")
        shutil.copytree(tmp_path / "ledger", folder / "ledger")
        report = verified(folder)
        assert report.verdict is Verdict.TAMPERED
        assert "not among the public keys believed" in reasons(report)


def test_an_old_copy_is_found_by_what_was_kept_outside(whole: Path) -> None:
    with copy(whole) as folder:
        shutil.copytree(folder / "ledger", folder / "old")
        ledger = opened(folder)
        kept = ledger.append(event(99))
        ledger.close()
        anchor = Anchor(kept.number, kept.hash, kept.writer, "a note")
        assert verified(folder, anchor).verdict is Verdict.INTACT
        shutil.rmtree(folder / "ledger")
        (folder / "old").rename(folder / "ledger")
        assert verified(folder).verdict is Verdict.INTACT, "a chain cannot know its own future"
        report = verified(folder, anchor)
        assert report.verdict is Verdict.TAMPERED
        assert "known from a note, is not here" in reasons(report)
        wrong = Anchor(5, "f" * 64, "", "a note")
        assert "has another hash" in reasons(verified(folder, wrong))


def test_a_chain_that_vanishes_is_missed_by_the_others(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    for number in range(60):
        first.append(event(number))
        second.append(event(number))
    first.close()
    second.close()
    assert {path.name for path in (tmp_path / "ledger").iterdir()} == {"01", "02"}
    assert verified(tmp_path).verdict is Verdict.INTACT
    shutil.rmtree(tmp_path / "ledger" / "01")
    report = verified(tmp_path)
    assert report.verdict is Verdict.TAMPERED
    assert "known from the header of 02's segment" in reasons(report)


def test_the_end_that_no_checkpoint_signed_is_told(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    for number in range(3):
        ledger.append(event(number))
    report = verified(tmp_path)
    assert report.verdict is Verdict.INTACT
    assert report.chains[0].live
    assert report.chains[0].unsigned == 3
    ledger.close()
    assert not verified(tmp_path).chains[0].live
    assert verified(tmp_path).chains[0].unsigned == 0


def test_every_record_is_one_line_whose_hash_covers_its_bytes(whole: Path) -> None:
    mark = b"0" * 64
    for line in text_of(whole).splitlines():
        parts = parted(line)
        assert parts is not None
        assert parts[0] == link(mark, parts[1])
        mark = parts[0]
    head: Head = read_head(whole / "ledger" / "01" / "head.json")
    assert head.hash == mark.decode()
    assert head.closed


@pytest.mark.proves("EN-07")
def test_retention_removes_whole_segments_and_says_so(tmp_path: Path) -> None:
    from ledger.ledger_make import Clocks

    clocks = Clocks()
    ledger = opened(tmp_path, clocks, keep_days=2)
    for number in range(40):
        ledger.append(event(number))
        clocks.pass_time(3 * 3600)
    ledger.close()
    assert files(tmp_path)[0].name != "00000001.log"
    report = verified(tmp_path)
    assert report.verdict is Verdict.INTACT
    assert report.chains[0].removed > 0
    early = Anchor(1, "0" * 64, "01", "a note")
    assert verified(tmp_path, early).verdict is Verdict.INCOMPLETE
    files(tmp_path)[0].unlink()
    report = verified(tmp_path)
    assert report.verdict is Verdict.TAMPERED
    assert "are missing" in reasons(report)


def test_retention_leaves_what_is_not_sealed(tmp_path: Path) -> None:
    one = filled(tmp_path)
    folder = one.path / "01"
    assert removable(folder, 3, 9e9)
    first = files(tmp_path)[0]
    first.write_bytes(first.read_bytes() + b"x")
    assert not removable(folder, 3, 9e9)
    assert not settings(tmp_path).keep_days


@given(junk=st.binary(min_size=1, max_size=40), fresh=st.booleans())
def test_whatever_follows_a_closed_record_is_found(whole: Path, junk: bytes, fresh: bool) -> None:
    with copy(whole) as folder:
        last = files(folder)[-1]
        if fresh:
            last.with_name("00000050.log").write_bytes(junk)
        else:
            last.write_bytes(last.read_bytes() + junk)
        assert verified(folder).verdict is Verdict.TAMPERED
