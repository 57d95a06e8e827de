"""Countries of destinations: told only where the name tells, and never guessed."""

from __future__ import annotations

import pytest

from ostiary.analyze.verdict.abroad import DESTINATION_COUNTRY, abroad
from ostiary.analyze.verdict.countries import allowed, country_of
from ostiary.analyze.verdict.weigh import weigh
from ostiary.model.access import Level
from ostiary.model.audit import Context, Deployment, Profile
from ostiary.model.grade import Confidence, Severity
from ostiary.model.standards import TITLES
from report.audited import can, reach


@pytest.mark.parametrize(
    ("host", "country", "confidence"),
    [
        ("s3.eu-central-1.amazonaws.com", "DE", Confidence.HIGH),
        ("bucket.s3.us-east-1.amazonaws.com", "US", Confidence.HIGH),
        ("api.example.de", "DE", Confidence.MEDIUM),
        ("API.Example.CN.", "CN", Confidence.MEDIUM),
        ("www.example.co.uk:8443", "GB", Confidence.MEDIUM),
    ],
)
def test_names_that_tell(host: str, country: str, confidence: Confidence) -> None:
    assert country_of(host) == (country, confidence)


@pytest.mark.parametrize(
    "host",
    [
        "api.example.com",
        "api.example.ai",
        "mcp.example.io",
        "de",
        "",
        "10.0.0.1",
        "[::1]",
        "s3.amazonaws.com",
        "xn--e1afmkfd.xn--p1ai",
        "a b.de",
        "\u0430pi.de",
        "x" * 300 + ".de",
    ],
)
def test_names_that_do_not_tell(host: str) -> None:
    assert country_of(host) is None


def test_the_union_stands_for_its_members() -> None:
    assert allowed("FR", ("EU",))
    assert allowed("FR", ("de", "fr"))
    assert not allowed("CH", ("EU",))
    assert not allowed("GB", ("EU",))


def test_a_fixed_destination_outside_is_found_and_an_unknown_one_not_checked() -> None:
    send = reach(
        "send", can(Level.SEND, "web service"), hosts=("a.example.cn", "b.example.de", "c.com")
    )
    context = Context(Deployment.LAPTOP, Profile.BANK, ("DE", "FR"))
    found, gaps = abroad((send,), context)
    assert [one.message for one in found] == [
        "send sends parameter query to a.example.cn, in CN; allowed are DE, FR"
    ]
    assert [gap.subject for gap in gaps] == ["country of c.com"]
    assert "does not tell" in gaps[0].reason
    assert weigh(found, (send,), context)[0].finding.severity is Severity.CRITICAL
    assert all(key in TITLES for key in DESTINATION_COUNTRY.references)


def test_without_a_country_rule_nothing_is_asked() -> None:
    send = reach("send", can(Level.SEND, "web service"), hosts=("a.example.cn",))
    assert abroad((send,), Context()) == ((), ())
