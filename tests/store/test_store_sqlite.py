"""The memory of surfaces: what is kept, for how long, and what happens when it cannot be."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.json import JsonObject
from ostiary.model.surface import Surface, Tool
from ostiary.store.memory import MemoryFull, MemoryUnreadable, NotKept
from ostiary.store.sqlite import SqliteMemory, surface_digest
from ostiary.surface.difference import differences
from surface.surface_make import item, surface, tool

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
FULL = surface(
    tool("read", "Reads.", annotations={"readOnlyHint": True}, _meta={"vendor": {"n": 2**60}}),
    tool("read", "Again."),
    key="k1",
    revision="2025-06-18",
    claimed_name="näme",
    claimed_version="1.0",
    instructions="Hello\u202e there.",
    capabilities={"tools": {"listChanged": True}},
    prompts=(item("prompt", "p", arguments=[{"name": "a"}]),),
    resources=(item("resource", "file:///a", name="a"),),
    templates=(item("template", "x://{y}", name="y"),),
    missing=("prompts[1]: not an object",),
    meta={"ttlMs": 5},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ostiary" / "memory.db"


@pytest.mark.proves("SA-06", "RD-21")
def test_a_surface_comes_back_as_it_was(path: Path) -> None:
    with SqliteMemory.open(path) as memory:
        assert memory.last("k1") is None
        memory.keep(FULL, NOON)
    with SqliteMemory.open(path) as memory:
        last = memory.last("k1")
    assert last is not None
    assert last.surface == replace(FULL, source="memory")
    assert [one.digest for one in last.surface.tools] == [one.digest for one in FULL.tools]
    assert (last.first_seen, last.last_seen, last.sightings) == (NOON, NOON, 1)
    assert last.digest == surface_digest(FULL)
    assert differences(last.surface, FULL) == ()


@pytest.mark.proves("RD-22", "CR-21")
def test_what_changed_since_the_last_scan_is_found(path: Path) -> None:
    with SqliteMemory.open(path) as memory:
        memory.keep(FULL, NOON)
        before = memory.last("k1")
        assert before is not None
        now = replace(FULL, tools=(*FULL.tools, tool("wipe", "Wipe the disk.")))
        assert "tool wipe" in {change.part for change in differences(before.surface, now)}


@pytest.mark.proves("RD-24")
def test_spans_are_kept_and_an_equal_sight_lengthens_the_last(path: Path) -> None:
    other = replace(FULL, claimed_version="1.1")
    with SqliteMemory.open(path) as memory:
        for sight, day in ((FULL, 0), (FULL, 1), (other, 2), (FULL, 3)):
            memory.keep(sight, NOON + timedelta(days=day))
        spans = memory.history("k1")
    told = [(one.surface.claimed_version, one.sightings, one.last_seen.day) for one in spans]
    assert told == [("1.0", 2, 2), ("1.1", 1, 3), ("1.0", 1, 4)]
    assert spans[0].digest == spans[2].digest


def test_keys_do_not_mix_and_a_renamed_server_is_the_same(path: Path) -> None:
    with SqliteMemory.open(path) as memory:
        memory.keep(FULL, NOON)
        memory.keep(replace(FULL, server="other name"), LATER)
        memory.keep(replace(FULL, key="k2"), LATER)
        first = memory.history("k1")
    assert len(first) == 1
    assert first[0].surface.server == "other name"


def test_a_list_not_read_once_does_not_hide_a_change(path: Path) -> None:
    whole = surface(tool("a", "Reads."), key="k")
    cut = surface(key="k", missing=("tools: timed out",))
    with SqliteMemory.open(path) as memory:
        memory.keep(whole, NOON)
        memory.keep(cut, LATER)
        last = memory.last("k")
    assert last is not None
    assert last.surface.tools == whole.tools
    assert differences(last.surface, surface(tool("a", "Deletes all."), key="k"))


def test_only_the_owner_may_read_it(path: Path) -> None:
    old = os.umask(0)
    try:
        SqliteMemory.open(path).close()
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    SqliteMemory.open(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("junk", [b"not a database at all, but long enough to be one" * 30])
def test_a_damaged_file_is_named_and_left_alone(path: Path, junk: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(junk)
    with pytest.raises(MemoryUnreadable, match="move it aside") as told:
        SqliteMemory.open(path)
    assert str(path) in str(told.value)
    assert path.read_bytes() == junk


def test_a_file_damaged_in_the_middle_is_told_when_it_is_read(path: Path) -> None:
    with SqliteMemory.open(path) as memory:
        memory.keep(FULL, NOON)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE content SET bytes = x'00'")
    connection.close()
    with SqliteMemory.open(path) as memory, pytest.raises(MemoryUnreadable, match="damaged"):
        memory.last("k1")


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(MemoryUnreadable, match="another program"):
        SqliteMemory.open(path)
    assert path.read_bytes() == before


def test_a_newer_format_is_refused(path: Path) -> None:
    SqliteMemory.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(MemoryUnreadable, match="newer Ostiary"):
        SqliteMemory.open(path)


def test_a_place_that_cannot_hold_a_file_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(MemoryUnreadable, match="cannot be used"):
        SqliteMemory.open(blocked / "memory.db")
    with pytest.raises(MemoryUnreadable, match="cannot be used"):
        SqliteMemory.open(tmp_path)


def test_a_surface_that_would_not_read_back_is_not_kept(path: Path) -> None:
    deep: JsonObject = {"type": "string"}
    for _ in range(300):
        deep = {"properties": {"a": deep}}
    raw: JsonObject = {"name": "t", "inputSchema": deep}
    hostile = surface(Tool("tool", "t", raw, "0" * 64), key="k1")
    with SqliteMemory.open(path) as memory:
        memory.keep(FULL, NOON)
        with pytest.raises(NotKept, match="box"):
            memory.keep(hostile, LATER)
        last = memory.last("k1")
    assert last is not None
    assert last.surface.tools == FULL.tools


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        env={**os.environ, "PYTHONPATH": tests},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_full_disk_is_told_and_nothing_is_lost(path: Path) -> None:
    with SqliteMemory.open(path) as memory:
        memory.keep(FULL, NOON)
    code = """
        import resource, sys, random
        from datetime import UTC, datetime
        from pathlib import Path
        from ostiary.store.memory import MemoryFull
        from ostiary.store.sqlite import SqliteMemory
        from surface.surface_make import surface, tool
        random.seed(1)
        big = surface(tool("a", random.randbytes(400_000).hex()), key="k1")
        with SqliteMemory.open(Path(sys.argv[1])) as memory:
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
            try:
                memory.keep(big, datetime.now(UTC))
            except MemoryFull as error:
                print(error)
    """
    process = run_python(code, str(path))
    said, broke = process.communicate(timeout=60)
    assert process.returncode == 0, broke
    assert "make room" in said
    with SqliteMemory.open(path) as memory:
        last = memory.last("k1")
    assert last is not None
    assert last.surface.tools == FULL.tools


def test_several_scans_at_once_lose_nothing(path: Path) -> None:
    code = """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from ostiary.store.sqlite import SqliteMemory
        from surface.surface_make import surface, tool
        for turn in range(15):
            with SqliteMemory.open(Path(sys.argv[1])) as memory:
                one = surface(tool("a", f"{sys.argv[2]} {turn}"), key=sys.argv[2])
                memory.keep(one, datetime.now(UTC))
    """
    running = [run_python(code, str(path), f"k{number}") for number in range(3)]
    for process in running:
        _, broke = process.communicate(timeout=60)
        assert process.returncode == 0, broke
    with SqliteMemory.open(path) as memory:
        counts = [len(memory.history(f"k{number}")) for number in range(3)]
    assert counts == [15, 15, 15]


def test_a_held_file_is_told_and_not_waited_for_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ostiary.store.sqlite.BUSY_SECONDS", 0.05)
    with SqliteMemory.open(path) as memory:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MemoryFull, match="no other program"):
            memory.keep(FULL, NOON)
        holder.execute("ROLLBACK")
        holder.close()
        memory.keep(FULL, NOON)
        assert memory.last("k1") is not None


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        max_size=5,
    ),
    st.text(max_size=30),
)
def test_anything_a_server_says_comes_back_or_is_refused(meta: JsonObject, says: str) -> None:
    one = surface(
        tool("t", says, _meta=meta), key="k", instructions=says, claimed_name=says, meta=meta
    )
    memory = SqliteMemory(sqlite3.connect(":memory:", isolation_level=None), Path(":memory:"))
    memory._prepare()
    try:
        memory.keep(one, NOON)
    except NotKept:
        assert memory.last("k") is None
    else:
        last = memory.last("k")
        assert last is not None
        assert surface_digest(last.surface) == surface_digest(one)
        assert differences(last.surface, replace(one, source="memory")) == ()
    finally:
        memory.close()


def test_an_empty_surface_is_a_surface(path: Path) -> None:
    empty = Surface("box", "k", None)
    with SqliteMemory.open(path) as memory:
        memory.keep(empty, NOON)
        last = memory.last("k")
    assert last is not None
    assert last.surface == replace(empty, source="memory")
