"""What counts as found, silent and false when an audit is measured: the measuring itself."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from corpus_code import benign, hostile, trees, vulnerable
from corpus_code.benign import NOT_SHIPPED, SERVERS, VERDICTS, Quiet
from corpus_code.classes import CHALLENGES, CISCO, FLAWS, HOSTILE
from corpus_code.deliberate import Score, _answered
from corpus_code.found import Answer, Auditor, Found, each, severity_of
from corpus_code.others import agent_audit, semgrep
from corpus_code.ours import knowing, look, noting
from corpus_code.published import unpack_tar
from corpus_code.tables import Measured, details, row
from corpus_code.trees import Mirrors
from corpus_code.vulnerable import Pair, judge

PAIR = Pair(id="P", repo="a/b", vuln="x^", fixed="x", cls="cmdi", hunks=[("src/a.ts", 10, 12)])


def found(line: int, *cwes: int, rule: str = "r", path: str = "src/a.ts") -> Found:
    return Found(rule, "", frozenset(cwes), "high", path, line)


@pytest.mark.parametrize(
    ("one", "strict", "loose"),
    [
        (found(7, 78), True, True),
        (found(15, 78), True, True),
        (found(16, 78), False, True),
        (found(11, 22), False, False),
        (found(11, rule="command-injection"), True, True),
        (found(11, 78, path="src/b.ts"), False, False),
    ],
)
def test_a_hit_is_of_the_class_and_within_three_lines(
    one: Found, strict: bool, loose: bool
) -> None:
    outcome = judge(PAIR, Answer((one,)), Answer())
    assert (outcome.strict, outcome.loose) == (strict, loose)


def test_silence_is_judged_only_of_what_was_found_and_mended() -> None:
    hit = Answer((found(11, 78),))
    assert judge(PAIR, hit, Answer()).silent is True
    assert judge(PAIR, hit, Answer((found(200, 78),))).silent is False
    assert judge(PAIR, hit, Answer((found(200, 22),))).silent is True
    assert judge(PAIR, Answer(), Answer()).silent is None
    assert judge(PAIR, hit, None).silent is None
    assert judge(PAIR, hit, Answer(failed="crashed")).silent is None


def test_every_label_has_a_class() -> None:
    listed = tomllib.loads((hostile.SET / "expected.toml").read_text("utf-8"))["server"]
    assert {one["class"] for one in listed} == set(HOSTILE)
    assert len(CISCO) == 14
    assert sorted(CHALLENGES) == list(range(1, 11))
    assert not {kind for kinds in CHALLENGES.values() for kind in kinds} - set(FLAWS)


def test_forty_benign_servers_are_known() -> None:
    assert len(SERVERS) >= 40
    assert all(one.repository or one.published for one in SERVERS)


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("src/server.py", False),
        ("src/testing_tools.py", False),
        ("src/latest/index.ts", False),
        ("tests/test_x.py", True),
        ("src/x.test.ts", True),
        ("pkg/e2e/run.ts", True),
        ("vitest.config.ts", True),
        ("worker-configuration.d.ts", True),
    ],
)
def test_code_of_tests_is_not_the_server(path: str, left_out: bool) -> None:
    assert bool(NOT_SHIPPED.search(path)) is left_out


def test_one_run_over_many_folders_is_told_apart(tmp_path: Path) -> None:
    answer = Answer((found(1, path="a/x.py"), found(2, path="ab/x.py")), 4.0)
    auditor = Auditor("by file", lambda folder: answer, by_file=True)
    said = dict(each(auditor, tmp_path, [tmp_path / "a", tmp_path / "ab"]))
    assert [one.line for one in said[tmp_path / "a"].found] == [1]
    assert [one.path for one in said[tmp_path / "ab"].found] == ["x.py"]
    assert said[tmp_path / "a"].seconds == 2.0


def test_a_server_is_hit_at_its_line_and_its_twin_has_to_be_quiet() -> None:
    def look(folder: Path) -> Answer:
        here = (folder / "src" / "index.ts").is_file() and folder.parent.name == "letter-post"
        one = Found("fixed-recipient", "", frozenset({201}), "high", "src/index.ts", 25)
        return Answer((one,) if here else ())

    anywhere, at_line = hostile.measure(Auditor("test", look))
    assert (anywhere.hit, at_line.hit, anywhere.total) == (1, 1, 54)
    assert [name for name, _ in anywhere.false] == ["letter-post"]


def test_files_come_out_of_a_mirror_at_a_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "TREES", tmp_path / "trees")
    work = tmp_path / "mirrors" / "a+b" / "repo"
    work.mkdir(parents=True)

    def git(*words: str) -> None:
        named = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *named, *words], cwd=work, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch=main")
    (work / "src").mkdir()
    (work / "src" / "a.py").write_text("one\n")
    (work / ".gitattributes").write_text("* export-ignore\n")
    (work / "link").symlink_to("/etc/hostname")
    git("add", "--all")
    git("commit", "--quiet", "-m", "one")
    (work / "src" / "a.py").write_text("two\n")
    git("commit", "--quiet", "--all", "-m", "two")
    mirrors = Mirrors(tmp_path / "mirrors")
    new, old = mirrors.tree("a/b"), mirrors.tree("a/b", "HEAD^", "src")
    assert new is not None
    assert old is not None
    assert (new / "src" / "a.py").read_text() == "two\n"
    assert (old / "a.py").read_text() == "one\n"
    assert not (new / "link").exists()
    assert mirrors.tree("a/b", "no-such-revision") is None
    assert Mirrors(None).tree("a/b") is None


def test_an_archive_writes_nothing_outside(tmp_path: Path) -> None:
    archive = tmp_path / "x.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("package/ok.js", "package/../../out.js"):
            member = tarfile.TarInfo(name)
            member.size = 2
            tar.addfile(member, io.BytesIO(b"x\n"))
        link = tarfile.TarInfo("package/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)
    place = tmp_path / "inner" / "place"
    place.mkdir(parents=True)
    unpack_tar(archive, place)
    assert [one.name for one in tmp_path.rglob("*.js")] == ["ok.js"]
    assert not (place / "link").is_symlink()


def test_what_others_say_is_brought_to_one_form(tmp_path: Path) -> None:
    place = {"file_path": str(tmp_path / "a.py"), "start_line": 3}
    report = {
        "findings": [
            {"rule_id": "A", "title": "t", "severity": "CRITICAL", "tier": tier,
             "cwe_id": "CWE-078", "location": place}
            for tier in ("WARN", "SUPPRESSED")
        ]
    }  # fmt: skip
    assert list(agent_audit(report, tmp_path)) == [
        Found("A", "t ", frozenset({78}), "critical", "a.py", 3)
    ]
    extra = {"severity": "ERROR", "metadata": {"cwe": ["CWE-89: SQL"]}}
    match = {"check_id": "x.y.sql", "path": "a.py", "start": {"line": 1}, "extra": extra}
    assert list(semgrep({"results": [match]}, tmp_path)) == [
        Found("sql", "", frozenset({89}), "high", "a.py", 1)
    ]
    assert severity_of("something else") == "low"


def test_what_was_not_measured_says_so() -> None:
    assert set(row(Measured("nobody"))[1:]) == {"not measured"}


def test_what_a_mend_left_is_told_apart_from_false_findings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vulnerable, "left_by_mends", lambda: {("P", "src/a.ts")})
    hit = Answer((found(11, 78),))
    quiet = judge(PAIR, hit, Answer())
    flawed = judge(PAIR, hit, Answer((found(50, 78),)))
    assert row(Measured("x", cases=[quiet]))[3] == "1/1"
    assert row(Measured("x", cases=[quiet, flawed]))[3] == "1/2, 1 still flawed"
    monkeypatch.setattr(vulnerable, "left_by_mends", set)
    assert row(Measured("x", cases=[quiet, flawed]))[3] == "1/2"


def test_every_adjudication_names_a_server_or_a_case_and_says_why() -> None:
    listed = tomllib.loads(VERDICTS.read_text("utf-8"))
    names = {one.name for one in SERVERS}
    for one in listed.get("finding", []):
        assert one["server"] in names
        assert one["verdict"] in ("false", "true", "capability")
        assert one["why"].endswith(".")
    assert all(one["case"] and one["why"].endswith(".") for one in listed.get("left", []))


def test_nothing_is_adjudicated_twice() -> None:
    listed = tomllib.loads(VERDICTS.read_text("utf-8")).get("finding", [])
    assert len(benign.verdicts().words) == len(listed)


def test_what_a_person_made_of_findings_is_counted_by_severity_and_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "verdicts.toml"
    finding = '[[finding]]\nserver = "s"\nrule = "r"\npath = "src/a.ts"\nwhy = "."\n'
    one_part = f'{finding}verdict = "false"\npart = "tool b"\n'
    written.write_text(f'{finding}verdict = "true"\n{one_part}', "utf-8")
    monkeypatch.setattr(benign, "VERDICTS", written)
    medium = [replace(found(line), severity="medium") for line in (1, 2, 3)]
    medium[1] = replace(medium[1], part="tool b")
    medium[2] = replace(medium[2], path="src/b.ts")
    quiet = Quiet("s", 1000, (found(9),), tuple(medium), 0.0, "")
    told = "\n".join(details(Measured("x", quiet=[quiet]), verbose=True)).splitlines()
    assert "high on benign servers: 1 in 1000 lines of 1 servers: 1 true" in told
    assert "medium: 3, 3.000 per 1,000 lines: 1 false, 1 not looked at, 1 true" in told
    assert "medium, false or not looked at: 2.000 per 1,000 lines" in told
    assert [line for line in told if line.startswith("- (medium)")] == [
        "- (medium) s: r src/a.ts:2 x1 [false]",
        "- (medium) s: r src/a.ts:1 x1 [true]",
        "- (medium) s: r src/b.ts:3 x1 [not looked at]",
    ]


def test_a_label_of_a_json_file_stands_for_the_file() -> None:
    score = Score()
    said = (found(40, path="a/config.json"), found(40, path="a/x.py"))
    _answered(score, "S", [("config.json", 1), ("x.py", 1), ("x.py", 36)], said)
    assert score.hits == {"S": ["config.json:1", "x.py:36"]}
    assert score.missed == {"S": ["x.py:1"]}


def test_folders_that_are_read_by_several_processes_give_the_same_answers(tmp_path: Path) -> None:
    folders: dict[Path, None] = {}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("import os\ndef f(cmd):\n    os.system('x ' + cmd)\n")
        noting(folders).look(tmp_path / name)
    asked = knowing(folders, 2)
    for folder in folders:
        assert asked.look(folder).found == look(folder).found
        assert asked.look(folder).found
