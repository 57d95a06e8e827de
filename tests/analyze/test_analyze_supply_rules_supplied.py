"""Rules that need what an index, an archive, a source repository or advisories say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analyze.supply_facts import effect, facts
from ostiary.analyze.advisories.advisory import Advisories, Advisory, Affected, Range, gathered
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.rules.supply import SUPPLY_CHECKS
from ostiary.analyze.rules.supply.known_advisory import wanted_packages
from ostiary.analyze.supplied import Difference, Supplied, Trait, Upkeep
from ostiary.model.audit import Proof, Standing, Target, TargetKind
from ostiary.model.check import run
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.standards import TITLES

NOW = datetime(2026, 11, 30, tzinfo=UTC)
PACKAGE: dict[str, object] = {"package.json": {"name": "own", "version": "1.2.0"}}


def supplied(files: dict[str, object] | None = None, *effects: Effect) -> Supplied:
    target = Target(TargetKind.NPM, "npm:own", "own", "1.2.0", "sha256:0", lines=300)
    return Supplied(facts(files or PACKAGE, *effects), target, NOW)


def found(subject: Supplied) -> list[Finding]:
    findings, failed = run(SUPPLY_CHECKS, subject, "the target")
    assert not failed, failed
    return findings


def advisory(
    key: str,
    package: str,
    *events: tuple[str, str],
    ecosystem: str = "npm",
    severity: Severity | None = Severity.HIGH,
) -> Advisory:
    affected = Affected(ecosystem, package, (Range("SEMVER", events),), frozenset())
    return Advisory(key, (), "does harm", severity, "2026-11-20T00:00:00Z", (affected,))


def known(*advisories: Advisory) -> Advisories:
    return gathered(advisories, "2026-11-20T00:00:00Z", len(advisories), 0, frozenset({"npm"}))


FLAW = (("introduced", "1.0.0"), ("fixed", "1.4.0"))


@pytest.mark.proves("SC-07")
def test_the_package_itself_is_affected() -> None:
    one = replace(supplied(), advisories=known(advisory("CVE-1", "own", *FLAW)))
    (finding,) = found(one)
    assert (finding.rule, finding.severity) == ("known-advisory", Severity.HIGH)
    assert "own 1.2.0" in finding.message
    assert "fixed in 1.4.0" in finding.message
    later = replace(one, target=replace(one.target, version="1.4.0"))
    assert found(later) == []


def locked(version: str) -> dict[str, object]:
    return {
        "package.json": {"name": "own", "dependencies": {"left": "^1.0.0"}},
        "package-lock.json": {"packages": {"node_modules/left": {"version": version}}},
    }


def test_a_locked_dependency_is_held_to_its_version_and_not_to_its_range() -> None:
    flaw = known(advisory("CVE-1", "left", *FLAW))
    (hit,) = found(replace(supplied(locked("1.1.0")), advisories=flaw))
    assert (hit.rule, hit.location.file) == ("known-advisory", "package-lock.json")
    assert found(replace(supplied(locked("1.5.0")), advisories=flaw)) == []


@pytest.mark.parametrize(
    ("wanted", "severity", "confidence"),
    [
        ("~1.2.0", Severity.HIGH, Confidence.MEDIUM),
        ("^1.2.0", Severity.INFO, Confidence.HIGH),
        ("1.2.0", Severity.HIGH, Confidence.HIGH),
    ],
)
def test_a_range_is_judged_by_what_it_leaves_open(
    wanted: str, severity: Severity, confidence: Confidence
) -> None:
    files: dict[str, object] = {"package.json": {"name": "own", "dependencies": {"left": wanted}}}
    flaw = known(advisory("CVE-1", "left", *FLAW))
    (hit,) = found(replace(supplied(files), advisories=flaw))
    assert (hit.severity, hit.confidence) == (severity, confidence)
    assert (hit.persona is Persona.PEDANTIC) == (severity is Severity.INFO)


def test_a_range_beyond_the_flaw_is_silent() -> None:
    files: dict[str, object] = {"package.json": {"name": "own", "dependencies": {"left": "^2"}}}
    flaw = known(advisory("CVE-1", "left", *FLAW))
    assert found(replace(supplied(files), advisories=flaw)) == []


def test_a_development_dependency_is_for_strict_readers() -> None:
    files: dict[str, object] = {"package.json": {"devDependencies": {"left": "~1.2.0"}}}
    (hit,) = found(replace(supplied(files), advisories=known(advisory("C", "left", *FLAW))))
    assert (hit.severity, hit.persona) == (Severity.LOW, Persona.STRICT)


@pytest.mark.proves("SC-02")
def test_a_malicious_package_is_critical_wherever_it_stands() -> None:
    files: dict[str, object] = {"package.json": {"devDependencies": {"left": "1.2.0"}}}
    record = known(advisory("MAL-2026-1", "left", ("introduced", "0"), severity=None))
    (hit,) = found(replace(supplied(files), advisories=record))
    assert (hit.rule, hit.severity) == ("known-malicious-package", Severity.CRITICAL)
    one = known(advisory("MAL-2026-1", "left", ("introduced", "9.0.0"), ("fixed", "9.0.1")))
    assert found(replace(supplied(files), advisories=one)) == []


def test_one_package_is_one_finding_with_all_its_advisories() -> None:
    flaws = [advisory(f"CVE-{n}", "own", *FLAW, severity=None) for n in range(6)]
    (hit,) = found(replace(supplied(), advisories=known(*flaws)))
    assert "and 2 more" in hit.message
    assert hit.severity is Severity.MEDIUM


def test_what_would_be_asked_about() -> None:
    assert wanted_packages(supplied(locked("1.1.0"))) == (("npm", "own"), ("npm", "left"))


def releases(*days: int) -> Upkeep:
    """Releases so many days ago; the last one is the target's version."""
    versions = [*(f"0.{n}.0" for n in range(len(days) - 1)), "1.2.0"]
    return Upkeep(
        tuple((name, NOW - timedelta(days=ago)) for name, ago in zip(versions, days, strict=True))
    )


@pytest.mark.proves("UP-19")
def test_two_years_without_a_release() -> None:
    net = effect(EffectKind.REQUEST, "a.js", 1)
    (hit,) = found(replace(supplied(None, net), upkeep=releases(1500, 800)))
    assert (hit.rule, hit.severity, hit.persona) == (
        "abandoned-package",
        Severity.LOW,
        Persona.DEFAULT,
    )
    assert "uses the network" in hit.message
    assert found(replace(supplied(None, net), upkeep=releases(1500, 600))) == []


@pytest.mark.proves("SF-12")
def test_written_once_and_never_updated() -> None:
    net = effect(EffectKind.REQUEST, "a.js", 1)
    (hit,) = found(replace(supplied(None, net), upkeep=releases(400)))
    assert "once and never again" in hit.message
    assert found(replace(supplied(None, net), upkeep=releases(300))) == []


@pytest.mark.proves("UP-20")
def test_an_abandoned_package_may_be_finished() -> None:
    (hit,) = found(replace(supplied(), upkeep=releases(1500, 800)))
    assert (hit.severity, hit.persona) == (Severity.INFO, Persona.PEDANTIC)
    assert "may be acceptable" in hit.message
    assert "uses no network" in hit.message
    large = supplied()
    large = replace(large, target=replace(large.target, lines=9000), upkeep=releases(1500, 800))
    assert found(large)[0].severity is Severity.LOW
    unread = supplied()
    gap = (NotChecked("a.rs", "Rust is not read"),)
    unread = replace(
        unread, facts=replace(unread.facts, not_checked=gap), upkeep=releases(900, 800)
    )
    assert "could not be read whole" in found(unread)[0].message


def test_deprecated_and_withdrawn() -> None:
    fine = releases(900, 10)
    (one,) = found(replace(supplied(), upkeep=replace(fine, deprecated="use other\u202e")))
    assert (one.rule, one.severity) == ("deprecated-package", Severity.MEDIUM)
    assert "\u202e" not in one.message
    (two,) = found(replace(supplied(), upkeep=replace(fine, withdrawn="broken")))
    assert "withdrawn" in two.message
    assert found(replace(supplied(), upkeep=fine)) == []


@pytest.mark.proves("SC-05")
def test_a_release_of_today_and_one_after_a_long_sleep() -> None:
    (plain,) = found(replace(supplied(), upkeep=releases(40, 1)))
    assert (plain.rule, plain.persona) == ("fresh-release", Persona.STRICT)
    (waking,) = found(replace(supplied(), upkeep=releases(800, 1)))
    assert (waking.severity, waking.persona) == (Severity.MEDIUM, Persona.DEFAULT)


@pytest.mark.proves("SC-06")
def test_a_proof_that_does_not_hold() -> None:
    def heard(*proofs: Proof) -> list[tuple[str, Severity]]:
        one = supplied()
        one = replace(one, target=replace(one.target, proofs=proofs))
        return [(each.rule, each.severity) for each in found(one)]

    kind = "npm attestation"
    assert heard(Proof("index digest", Standing.FAILED, "they differ")) == [
        ("origin-check-failed", Severity.CRITICAL)
    ]
    assert heard(Proof(kind, Standing.ABSENT, "")) == [("origin-not-proved", Severity.INFO)]
    assert heard(Proof(kind, Standing.VERIFIED, "")) == []
    assert heard(Proof(kind, Standing.NOT_CHECKED, "offline")) == []
    assert heard() == []


def test_code_that_is_only_in_the_package() -> None:
    files: dict[str, object] = {
        "package.json": {"name": "own", "scripts": {"postinstall": "node lib/setup.js"}},
        "lib/setup.js": "…",
    }
    differences = (
        Difference("lib/setup.js", "only in package"),
        Difference("src/extra.py", "only in package"),
        Difference("src/a.py", "differs"),
        Difference("dist/index.js", "only in package"),
        Difference("README.md", "differs"),
    )
    heard = found(replace(supplied(files), differences=differences))
    assert {(one.location.file, one.severity) for one in heard} == {
        ("lib/setup.js", Severity.HIGH),
        ("src/extra.py", Severity.MEDIUM),
        ("src/a.py", Severity.LOW),
        ("dist/index.js", Severity.INFO),
    }
    assert found(replace(supplied(), differences=())) == []


def test_archives_that_harm_their_reader() -> None:
    traits = (
        Trait("path escape", "../../etc/x", "it would be written outside"),
        Trait("path escape", "../y", "it would be written outside"),
        Trait("odd name", "a\u202eb", "its name holds hidden characters"),
    )
    grave, odd = found(replace(supplied(), traits=traits))
    assert (grave.rule, grave.severity) == ("hostile-archive", Severity.CRITICAL)
    assert "2 entries" in grave.message
    assert (odd.severity, odd.persona) == (Severity.LOW, Persona.STRICT)
    assert "\u202e" not in odd.message


def test_nothing_known_is_nothing_told() -> None:
    assert found(supplied()) == []


def test_every_rule_is_whole() -> None:
    every = [rule for check in SUPPLY_CHECKS for rule in check.rules]
    assert len({rule.id for rule in every}) == len(every)
    for rule in every:
        assert all((rule.what, rule.attack, rule.remedy, rule.references))
        assert len(rule.title.split()) <= 8
        assert not rule.title.endswith(".")
        assert set(rule.references) <= set(TITLES)
