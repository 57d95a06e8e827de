"""One fact is one finding for a default reader, and nothing is lost for a strict one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.scan.explained import FAMILIES, explained, once
from ostiary.scan.rules import all_rules

RULES = {rule.id: rule for rule in all_rules()}


def finding(rule: str, at: Location, *copies: Location, persona: Persona | None = None) -> Finding:
    evidence = [Evidence(f"{rule} shows", one, f"text at {one.line}") for one in copies or (at,)]
    return RULES[rule].finding(f"{rule} says.", at, evidence=evidence, persona=persona)


def tool(name: str, text: str = "description", server: str = "weather") -> Location:
    return Location(server=server, part=f"tool {name}, {text}")


def key(line: int, file: str = "/home/ada/mcp.json") -> Location:
    return Location(file=file, line=line, client="cursor", server="github", part="header A")


def loud(findings: Iterable[Finding]) -> list[str]:
    return sorted(one.rule for one in findings if one.persona is Persona.DEFAULT)


def test_every_rule_of_the_table_exists_and_each_family_names_two() -> None:
    for family in FAMILIES:
        assert set(family.rules) <= set(RULES)
        assert len(family.rules) > 1


def test_a_planted_text_is_told_once_with_all_that_was_seen() -> None:
    planted = replace(finding("planted-instruction", tool("a")), severity=Severity.HIGH)
    order = finding("sensitive-file-order", tool("a"))
    asks = finding("context-harvesting-parameter", tool("a", "input schema note"))
    told = explained([asks, order, planted])
    assert loud(told) == ["planted-instruction"]
    (one,) = [each for each in told if each.persona is Persona.DEFAULT]
    assert one.severity is Severity.CRITICAL
    assert one.fingerprint == planted.fingerprint
    says = [step.says for step in one.evidence]
    assert "also (sensitive-file-order): sensitive-file-order says." in says
    assert "context-harvesting-parameter shows" in says
    quiet = [each for each in told if each.persona is Persona.STRICT]
    assert {each.rule for each in quiet} == {
        "sensitive-file-order",
        "context-harvesting-parameter",
    }
    assert order.severity in {each.severity for each in quiet}


def test_other_tools_and_other_servers_are_other_facts() -> None:
    apart = [
        finding("planted-instruction", tool("a")),
        finding("hidden-characters", tool("b")),
        finding("hidden-characters", tool("a", server="notes")),
        finding("shell-launch", Location(server="weather", file="/f")),
    ]
    assert loud(explained(apart)) == loud(apart)
    assert sorted(explained(apart), key=repr) == sorted(apart, key=repr)


def test_a_credential_is_told_once_with_every_copy() -> None:
    first, second = key(3), key(9, "/home/ada/other.json")
    told = explained(
        [
            finding("secret-in-config", first),
            finding("secret-in-config", second),
            finding("coarse-credential", first, first, second),
            finding("credential-in-many-places", first, first, second),
            finding("secret-in-config", key(20)),
        ]
    )
    assert loud(told) == ["secret-in-config", "secret-in-config"]
    (one,) = [each for each in told if each.persona is Persona.DEFAULT and each.location.line != 20]
    lines = {(step.location.file, step.location.line) for step in one.evidence}
    assert lines == {(first.file, 3), (second.file, 9)}


def test_two_credentials_of_one_line_stay_two() -> None:
    one = replace(key(3), part="argument 1")
    other = replace(key(3), part="argument 2")
    nowhere = [Location(file="/f", server=name) for name in ("x", "y")]
    found = [finding("secret-in-arguments", at) for at in (one, other, *nowhere)]
    assert loud(explained(found)) == ["secret-in-arguments"] * 4


def test_a_quiet_rule_never_silences_a_loud_one() -> None:
    quiet = finding("planted-instruction", tool("a"), persona=Persona.STRICT)
    told = explained([quiet, finding("hidden-characters", tool("a"))])
    assert loud(told) == ["hidden-characters"]


def test_an_unsure_finding_does_not_gain_confidence() -> None:
    unsure = replace(finding("planted-instruction", tool("a")), confidence=Confidence.LOW)
    told = explained([unsure, finding("hidden-characters", tool("a"))])
    (one,) = [each for each in told if each.rule == "planted-instruction"]
    assert one.confidence is Confidence.LOW


def test_one_fingerprint_is_one_finding_and_the_worst_stays() -> None:
    one = finding("planted-instruction", tool("a"))
    worse = replace(one, severity=Severity.CRITICAL)
    assert once([one, worse]) == [worse]
    assert once([worse, one]) == [worse]


@given(
    st.lists(
        st.builds(
            finding,
            st.sampled_from(sorted({rule for family in FAMILIES for rule in family.rules})),
            st.builds(
                Location,
                file=st.sampled_from([None, "/a", "/b"]),
                line=st.sampled_from([1, 2]),
                client=st.sampled_from([None, "cursor", "zed"]),
                server=st.sampled_from([None, "x", "y"]),
                part=st.sampled_from(["", "tool a, description", "tool b"]),
            ),
        ),
        max_size=12,
    ),
    st.randoms(),
)
def test_nothing_is_lost_and_the_order_does_not_matter(
    found: list[Finding], chance: object
) -> None:
    found = once(found)
    told = explained(found)
    assert sorted(one.fingerprint for one in told) == sorted(one.fingerprint for one in found)
    assert bool(loud(told)) == bool(loud(found))
    worst = max((one.severity for one in found if one.persona is Persona.DEFAULT), default=None)
    shown = max((one.severity for one in told if one.persona is Persona.DEFAULT), default=None)
    assert (shown is None) == (worst is None)
    assert worst is None or (shown is not None and shown >= worst)
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(explained(shuffled), key=repr) == sorted(told, key=repr)


def test_ten_thousand_findings_take_no_time() -> None:
    many = [
        finding(rule, tool(f"t{number}"))
        for number in range(5000)
        for rule in ("planted-instruction", "hidden-characters")
    ]
    assert len(loud(explained(many))) == 5000
    chain = [finding("coarse-credential", key(n), key(n), key(n + 1)) for n in range(3000)]
    assert len(loud(explained(chain))) == 1
