from __future__ import annotations

import pytest

from detect.test_secrets import body, jwt, with_checksum
from inventory.entries import entry
from ostiary.inventory.credentials import credentials, holds
from ostiary.inventory.servers import merge
from ostiary.model.access import Credential
from ostiary.model.client import Concealed, ServerEntry, Setting

TOKEN = with_checksum("ghp_")
PLAIN = body(20)


def listed(*entries: ServerEntry) -> tuple[Credential, ...]:
    return credentials(merge(entries))


@pytest.mark.proves("CR-22")
def test_one_value_in_many_places_is_one_credential() -> None:
    (one,) = listed(
        entry("a", "npx a", env={"GITHUB_TOKEN": TOKEN}),
        entry("b", "npx b", env={"GITHUB_TOKEN": TOKEN}, client="zed"),
        entry("c", ("npx", "c", "--token", TOKEN)),
    )
    assert one.name == "GITHUB_TOKEN"
    assert one.kind == "GitHub classic token"
    assert one.servers == ("a", "b", "c")
    assert len(one.places) == 3
    assert one.coarse
    assert TOKEN not in repr(one)


def test_where_credentials_stand() -> None:
    found = listed(
        entry("a", "npx a", headers={"X-API-Key": PLAIN}),
        entry("b", url=f"https://b.example.org/?token={body(20, seed='u')}"),
        entry("c", "npx c", raw={"oauth": {"tokens": [{"access_token": body(24, seed="o")}]}}),
        entry("d", ("npx", "d", f"postgres://root:{body(9)}@h/d")),
    )
    names = {one.name: one for one in found}
    assert set(names) == {"X-API-Key", "token", "access_token", "PostgreSQL password"}
    assert names["PostgreSQL password"].coarse
    assert names["token"].breadth == "not known"


def test_references_are_no_copies_but_are_held() -> None:
    one = entry("a", "npx a", env={"TOKEN": "${TOKEN}", "API_KEY": None, "DEBUG": "1"})
    assert listed(one) == ()
    assert holds(one) == ("API_KEY", "TOKEN")


def test_the_line_of_a_setting_is_told() -> None:
    (one,) = listed(entry("a", "npx a", env={"TOKEN": PLAIN}, file="/x.json"))
    assert one.places == ("/x.json:9",)


def test_a_token_says_what_it_claims() -> None:
    (one,) = listed(entry("a", "npx a", env={"SUPABASE_KEY": jwt({"role": "service_role"})}))
    assert one.coarse
    assert one.breadth == "service_role; never expires"


def test_the_same_value_with_a_better_name_tells_more() -> None:
    (one,) = listed(
        entry("a", "npx a", env={"DATABASE_URL": f"mysql://app:{PLAIN}@h/d"}),
        entry("b", "npx b", env={"PASSWORD": PLAIN}),
    )
    assert one.kind == "MySQL password"


def test_deep_and_odd_fields_are_no_obstacle() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"token": deep}
    odd = Setting("TOKEN", Concealed("\ud800" * 20))
    from dataclasses import replace

    one = replace(entry("a", "npx a", raw={"x": deep}), env=(odd,))  # type: ignore[dict-item]
    assert isinstance(listed(one), tuple)
