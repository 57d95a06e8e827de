from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.access import Level
from ostiary.model.client import Permission, SpeaksOf
from ostiary.model.grade import Confidence
from ostiary.report.access_map import UNKNOWN, rows, unknown_servers
from ostiary.report.picture import picture
from report.sample import GHOST, SAMPLE, crowd

CURSOR, CLAUDE, ZED, LOOSE = rows(SAMPLE)


@pytest.mark.proves("CR-20")
def test_every_client_shows_every_server_and_its_levels() -> None:
    assert [row.name for row in CURSOR.servers] == [
        "github",
        GHOST.name,
        SAMPLE.servers[1].name,
    ]
    assert {mark.level: mark.confidence for mark in CURSOR.marks} == {
        Level.READ: Confidence.HIGH,
        Level.WRITE: Confidence.HIGH,
        Level.DESTROY: Confidence.LOW,
        Level.SEND: Confidence.MEDIUM,
    }
    assert CURSOR.servers[0].objects == ("repository", "issue")
    assert ZED.servers == ()
    assert LOOSE.client == ""
    assert [row.name for row in LOOSE.servers] == ["loose"]


def test_a_server_nobody_looked_at_is_unknown_and_not_harmless() -> None:
    ghost = next(row for row in CURSOR.servers if row.key == GHOST.key)
    assert (ghost.known, ghost.how_known, ghost.marks) == (False, UNKNOWN, ())
    assert CURSOR.unknown == 1
    assert unknown_servers(SAMPLE) == (GHOST.key,)


def test_who_is_asked_comes_from_the_entry_before_the_client() -> None:
    asked = {row.name: row.asked for row in (*CURSOR.servers, *CLAUDE.servers)}
    assert asked[SAMPLE.servers[1].name] == "nobody (trust: true)"
    assert CURSOR.servers[0].asked == "nobody (yolo: true)"
    assert CLAUDE.servers[1].asked == "not for search"
    assert asked["shell"] == "a person approves each call"


def test_a_setting_about_one_server_does_not_speak_for_the_client() -> None:
    effect = "runs this server without asking"
    one = SpeaksOf.SERVER
    trust = Permission("mcpServers.trust", "true", effect, True, "f", speaks_of=one)
    client = replace(SAMPLE.clients[0], permissions=(trust,))
    row = rows(replace(SAMPLE, clients=(client, *SAMPLE.clients[1:])))[0]
    assert row.asked == client.decides
    assert row.bypass == ("mcpServers.trust: true",)
    assert row.servers[0].asked == client.decides


def test_an_entry_that_is_off_approves_nothing() -> None:
    notes = SAMPLE.servers[1]
    off = replace(notes, entries=tuple(replace(one, enabled=False) for one in notes.entries))
    servers = (SAMPLE.servers[0], off, *SAMPLE.servers[2:])
    row = next(r for r in rows(replace(SAMPLE, servers=servers))[0].servers if r.key == notes.key)
    assert row.enabled is False
    assert row.asked == "nobody (yolo: true)"


def test_policies_say_how_strong_they_are() -> None:
    assert CLAUDE.control.startswith("A: by identity")
    assert CLAUDE.control_note == "allow and deny lists match command lines"
    assert ZED.control == "C: by name only, and names can be chosen freely"
    assert CLAUDE.policies[0].endswith("(/etc/policy.json:3, managed)")
    assert CLAUDE.policies[1].endswith("the user can change it)")


def test_contradicted_claims_and_credentials_stand_at_their_server() -> None:
    github = CURSOR.servers[0]
    assert github.contradicted == ("create_issue: read-only, but it creates issues",)
    assert github.holds == ("GITHUB_TOKEN",)


def test_the_picture_of_a_small_map_has_a_box_for_everyone_and_arrows_for_flows() -> None:
    drawn = picture(rows(SAMPLE))
    assert [box.label for box in drawn.clients] == ["Cursor", "Claude Desktop", "Used by no client"]
    assert len(drawn.servers) == 5
    assert [box.hot for box in drawn.servers] == [True, False, True, False, False]
    assert [arc.label for arc in drawn.arcs] == ["1", ""]
    assert sum(not box.known for box in drawn.servers) == 1
    assert sum(line.hot for line in drawn.edges) == 2


def test_an_arrow_goes_to_the_server_this_client_has_and_not_to_its_namesake() -> None:
    other = replace(SAMPLE.access[1].servers[1], server="f66666666666", name="github")
    second = replace(SAMPLE.access[1], servers=(other,))
    alone = replace(SAMPLE, access=(SAMPLE.access[0], second))
    drawn = picture(rows(alone))
    ends = {arc.path.split()[-1] for arc in drawn.arcs}
    namesakes = [box for box in drawn.servers if box.label == "github"]
    assert len(namesakes) >= 2
    assert str(namesakes[0].middle + 5) in ends
    assert not {str(box.middle + d) for box in namesakes[1:] for d in (5, -5)} & ends


def test_the_picture_of_a_fleet_stays_readable() -> None:
    drawn = picture(rows(crowd()))
    assert len(drawn.clients) <= 16
    assert len(drawn.servers) <= 24
    assert drawn.height <= 1400
    assert "A box that stands for several" in drawn.says
    assert "Nothing is known of 25 servers" in drawn.says


def test_flows_of_a_fleet_keep_their_servers_apart() -> None:
    big = crowd()
    flow = SAMPLE.access[0].flows[0]
    names = [server.name for server in big.access[0].servers[:2]]
    steps = tuple(replace(step, server=names[n % 2]) for n, step in enumerate(flow.steps))
    first = replace(big.access[0], flows=(replace(flow, steps=steps),))
    drawn = picture(rows(replace(big, access=(first, *big.access[1:]))))
    assert {box.label for box in drawn.servers if box.hot} == set(names)
    assert drawn.arcs
