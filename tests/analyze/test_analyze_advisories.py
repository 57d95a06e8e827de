"""Advisories of OSV form: records, versions, ranges, and the severity of a vector."""

from __future__ import annotations

import json

import pytest

from ostiary.analyze.advisories import semver
from ostiary.analyze.advisories.advisory import Affected, Range, gathered
from ostiary.analyze.advisories.cvss import base_score, severity_of
from ostiary.analyze.advisories.match import Opening, Verdict, admits, affects, opening
from ostiary.analyze.advisories.osv import NotOsv, read_osv
from ostiary.model.grade import Severity


def record(**more: object) -> dict[str, object]:
    affected = {
        "package": {"ecosystem": "npm", "name": "left"},
        "ranges": [
            {"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"fixed": "1.4.2"}]},
            {"type": "GIT", "repo": "x", "events": [{"introduced": "0"}]},
        ],
    }
    return {
        "id": "GHSA-xxxx",
        "modified": "2026-11-01T00:00:00Z",
        "aliases": ["CVE-2026-1"],
        "summary": "Left\nruns commands",
        "affected": [affected],
        **more,
    }


def read(**more: object) -> bytes:
    return json.dumps(record(**more)).encode()


def npm(*events: tuple[str, str], versions: tuple[str, ...] = ()) -> Affected:
    ranges = (Range("SEMVER", events),) if events else ()
    return Affected("npm", "left", ranges, frozenset(versions))


def pypi(*events: tuple[str, str], versions: tuple[str, ...] = ()) -> Affected:
    ranges = (Range("ECOSYSTEM", events),) if events else ()
    return Affected("pypi", "left", ranges, frozenset(versions))


def test_a_record() -> None:
    one = read_osv(read(database_specific={"severity": "HIGH"}))
    assert one is not None
    assert (one.id, one.label, one.severity) == ("GHSA-xxxx", "CVE-2026-1", Severity.HIGH)
    assert one.summary == "Left runs commands"
    assert one.affected[0].fixed == ("1.4.2",)
    assert not one.malicious


def test_a_withdrawn_record_speaks_of_nothing() -> None:
    assert read_osv(read(withdrawn="2026-01-01T00:00:00Z")) is None


def test_a_malicious_package() -> None:
    one = read_osv(read(id="MAL-2026-1"))
    assert one is not None
    assert one.malicious


def test_the_severity_of_a_vector_where_no_word_is_given() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    one = read_osv(read(severity=[{"type": "CVSS_V3", "score": vector}]))
    assert one is not None
    assert one.severity is Severity.CRITICAL
    bare = read_osv(read())
    assert bare is not None
    assert bare.severity is None


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 5.9),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
    ],
)
def test_scores_are_those_that_the_specification_publishes(vector: str, score: float) -> None:
    assert base_score(vector) == score


@pytest.mark.parametrize("vector", ["", "CVSS:4.0/AV:N", "CVSS:3.1/AV:Z/AC:L", "CVSS:3.1/" * 99])
def test_other_vectors_have_no_score(vector: str) -> None:
    assert severity_of(vector) is None


BROKEN = [
    b"",
    b"[]",
    b"{}",
    b'{"id": "x"}',
    b"\xff",
    b'{"id": "x", "id": "y", "modified": "z"}',
    b"[" * 1000,
]


@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_record_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(NotOsv, match=r"\w"):
        read_osv(data)


def test_a_record_of_odd_types_is_read_as_far_as_it_goes() -> None:
    odd = {
        "affected": [1, {"package": 3}, {"package": {"ecosystem": "npm", "name": "a"}, "ranges": 3}]
    }
    one = read_osv(read(**odd, aliases=7, severity="x"))
    assert one is not None
    assert [each.package for each in one.affected] == ["a"]


def test_versions_inside_and_outside_of_a_range() -> None:
    one = npm(("introduced", "1.0.0"), ("fixed", "1.4.2"))
    assert affects(one, "1.0.0") is Verdict.YES
    assert affects(one, "1.4.1") is Verdict.YES
    assert affects(one, "1.4.2-beta.1") is Verdict.YES
    assert affects(one, "1.4.2") is Verdict.NO
    assert affects(one, "0.9.9") is Verdict.NO
    assert affects(one, "1.0.0-rc.1") is Verdict.NO
    assert affects(one, "garbage") is Verdict.UNKNOWN


def test_several_intervals_in_any_order() -> None:
    one = npm(("fixed", "2.5.0"), ("introduced", "2.0.0"), ("introduced", "0"), ("fixed", "1.5.0"))
    found = {version: affects(one, version) for version in ("1.4.0", "1.6.0", "2.1.0", "2.5.0")}
    assert [found[each] for each in sorted(found)] == [
        Verdict.YES,
        Verdict.NO,
        Verdict.YES,
        Verdict.NO,
    ]


def test_last_affected_and_no_end() -> None:
    one = npm(("introduced", "0"), ("last_affected", "1.2.3"))
    assert (affects(one, "1.2.3"), affects(one, "1.2.4")) == (Verdict.YES, Verdict.NO)
    assert affects(npm(("introduced", "0")), "99.0.0") is Verdict.YES


def test_python_versions_are_compared_as_python_does() -> None:
    one = pypi(("introduced", "0"), ("fixed", "1.10"))
    assert affects(one, "1.9") is Verdict.YES
    assert affects(one, "1.10rc1") is Verdict.YES
    assert affects(one, "1.10.0") is Verdict.NO
    assert affects(one, "1!0.1") is Verdict.NO
    assert affects(pypi(versions=("1.0",)), "1.0.0") is Verdict.YES


def test_versions_named_one_by_one() -> None:
    one = npm(versions=("1.0.16",))
    assert (affects(one, "1.0.16"), affects(one, "1.0.15")) == (Verdict.YES, Verdict.NO)


def test_commits_alone_say_nothing_of_versions() -> None:
    one = Affected("npm", "left", (Range("GIT", (("introduced", "0"),)),), frozenset())
    assert affects(one, "1.0.0") is Verdict.UNKNOWN


def test_prereleases_have_the_order_of_the_specification() -> None:
    order = ("alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1")
    found = [semver.parse(one) for one in (*(f"1.0.0-{pre}" for pre in order), "1.0.0")]
    assert None not in found
    assert sorted(found, key=lambda one: one or semver.Semver((0, 0, 0))) == found
    assert semver.parse("v1.2.3+build") == semver.Semver((1, 2, 3))
    assert semver.parse("1.2") is None


RANGES = [
    ("^1.2.3", "1.9.9", True),
    ("^1.2.3", "2.0.0", False),
    ("^1.2.3", "1.2.2", False),
    ("^0.2.3", "0.2.9", True),
    ("^0.2.3", "0.3.0", False),
    ("^0.0.3", "0.0.4", False),
    ("^1.x", "1.0.0", True),
    ("~1.2.3", "1.2.9", True),
    ("~1.2.3", "1.3.0", False),
    ("~1", "1.9.0", True),
    ("1.2", "1.2.7", True),
    ("1.x", "2.0.0", False),
    ("*", "7.0.0", True),
    ("", "7.0.0", True),
    (">=1.2 <2", "1.5.0", True),
    (">= 1.2.0 < 2.0.0", "2.0.0", False),
    (">1.2", "1.2.9", False),
    (">1.2", "1.3.0", True),
    ("<=1.2", "1.2.9", True),
    ("<=1.2", "1.3.0", False),
    ("1.2.3 - 2.3", "2.3.9", True),
    ("1.2.3 - 2.3.4", "2.3.5", False),
    ("^1 || ^3", "3.1.0", True),
    ("^1 || ^3", "2.1.0", False),
    ("^1.2.3-beta.2", "1.2.3-beta.4", True),
    ("^1.2.3", "1.2.4-beta.1", False),
    ("=1.2.3", "1.2.3", True),
    ("v1.2.3", "1.2.3", True),
]


@pytest.mark.parametrize(("wanted", "version", "expected"), RANGES)
def test_npm_ranges(wanted: str, version: str, expected: bool) -> None:
    assert admits("npm", wanted, version) is expected


@pytest.mark.parametrize("wanted", ["latest", "git+https://x", "^a.b", "1.2.3.4", "||" * 600])
def test_what_is_no_range_is_not_judged(wanted: str) -> None:
    assert admits("npm", wanted, "1.0.0") is None


def test_what_an_open_range_means_for_a_flaw() -> None:
    flaw = npm(("introduced", "1.0.0"), ("fixed", "1.4.2"))
    assert opening(flaw, "^1.2.0") is Opening.MAY
    assert opening(flaw, "~1.2.0") is Opening.MUST
    assert opening(flaw, "^2.0.0") is Opening.CLOSED
    assert opening(npm(("introduced", "0")), "^2.0.0") is Opening.MUST
    assert opening(pypi(("introduced", "0"), ("fixed", "2")), ">=1,<2") is Opening.MUST
    assert opening(pypi(("introduced", "0"), ("fixed", "2")), ">=1") is Opening.MAY
    assert opening(pypi(("introduced", "0"), ("fixed", "2")), ">=2") is Opening.CLOSED


def test_records_are_found_by_the_name_as_the_index_compares_it() -> None:
    affected = {"package": {"ecosystem": "PyPI", "name": "Some_Package"}, "versions": ["1"]}
    one = read_osv(read(affected=[affected]))
    assert one is not None
    found = gathered([one], "", 1, 0, frozenset({"pypi"}))
    assert found.about("pypi", "some.package") == (one,)
    assert found.about("npm", "some.package") == ()
