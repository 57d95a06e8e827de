"""What follows from a tool's reach: each power with its chain, and none where a link is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.analyze.verdict.administers import ADMINISTERS_SYSTEMS, administers
from ostiary.analyze.verdict.flaw import Flaw, flaw_of
from ostiary.analyze.verdict.power import TRANSITIVE_POWER, powers
from ostiary.analyze.verdict.powers import POWERS
from ostiary.analyze.verdict.weigh import weigh
from ostiary.model.access import DataClass, Level, ServerAccess, ToolAccess
from ostiary.model.audit import Context, Deployment, Destination, Profile, ToolReach
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Severity
from ostiary.model.standards import TITLES
from report.audited import can, reach

QUERY = reach("query", can(Level.WRITE, "database table"), stores=("rows of the jobs table",))
DATABASE = replace(QUERY, access=replace(QUERY.access, data=(DataClass.DATABASE,)))


def marks(*tools: ToolReach, neighbours: tuple[ServerAccess, ...] = ()) -> set[str]:
    return {one.mark.partition(":")[0] for one in powers(tools, neighbours)}


def only(name: str, *tools: ToolReach, neighbours: tuple[ServerAccess, ...] = ()) -> Finding:
    found = [one for one in powers(tools, neighbours) if one.mark.partition(":")[0] == name]
    assert len(found) == 1
    return found[0]


@pytest.mark.proves("SA-15")
def test_a_database_that_is_also_the_bus_is_control_of_what_listens() -> None:
    found = only("database-is-bus", DATABASE)
    assert "control of every program that takes its work from there" in found.message
    assert [step.says for step in found.evidence] == [
        "query can write database table",
        "programs that listen to the table or queue do what its entries say",
        "so it comes to control of every program that takes its work from there",
    ]
    assert found.severity is Severity.HIGH


def test_a_service_elsewhere_is_no_database_whatever_it_is_about() -> None:
    written = (can(Level.WRITE, "remote service"),)
    asks = replace(DATABASE, access=replace(DATABASE.access, capabilities=written), stores=())
    assert "database-is-shared" not in marks(asks)
    assert "database-is-shared" in marks(DATABASE)


def test_a_tool_that_is_declared_twice_is_named_once() -> None:
    found = only("database-is-bus", DATABASE, DATABASE)
    assert found.message.startswith("query comes to control")


def test_a_calendar_event_is_no_bus_and_reading_is_no_control() -> None:
    calendar = reach("add_event", can(Level.WRITE, "event"))
    assert "database-is-bus" not in marks(calendar)
    reads = replace(
        DATABASE, access=replace(DATABASE.access, capabilities=(can(Level.READ, "jobs table"),))
    )
    assert "database-is-bus" not in marks(reads)


@pytest.mark.proves("SA-12")
def test_a_file_tool_that_reaches_the_client_configuration_can_do_anything() -> None:
    anywhere = reach("write_file", can(Level.WRITE, "file"), places_files=Confidence.HIGH)
    found = only("client-configuration", anywhere)
    assert "execution of programs" in found.message
    assert "--write DIR" in found.remedy
    assert "client-configuration" not in marks(reach("write_file", can(Level.WRITE, "file")))
    weakly = reach("write_file", can(Level.WRITE, "file"), places_files=Confidence.LOW)
    assert "client-configuration" not in marks(weakly)
    named = reach("setup", can(Level.WRITE, "file"), stores=("~/.cursor/mcp.json",))
    assert "client-configuration-named" in marks(named)


def test_a_secret_that_a_server_sends_to_sign_in_is_not_read_by_its_tools() -> None:
    where = Destination("", "configured", ("secret entry of the key ring",), Location())
    signs_in = replace(reach("search", can(Level.READ, "note")), destinations=(where,))
    assert "credential-store" not in marks(signs_in)
    assert "credential-store" in marks(reach("get", can(Level.READ, "vault of secrets")))


@pytest.mark.proves("SA-25")
def test_a_file_tool_beside_a_web_container_runs_code_there() -> None:
    writes = reach("save", can(Level.WRITE, "file"))
    web = ServerAccess(
        "k" * 12,
        "site",
        "API wrapper",
        "surface",
        (ToolAccess("reload", (can(Level.EXECUTE, "nginx"),)),),
    )
    found = only("web-root", writes, neighbours=(web,))
    assert "save together with reload of site" in found.message
    assert [step.says for step in found.evidence][:2] == [
        "save can write file",
        "reload of site can execute nginx",
    ]
    assert found.evidence[1].location.server == "site"
    assert "web-root" not in marks(writes)
    idle = replace(web, tools=(ToolAccess("status", (can(Level.READ, "nginx"),)),))
    assert "web-root" not in marks(writes, neighbours=(idle,))


def test_one_tool_is_not_its_own_neighbour() -> None:
    both = reach("run", can(Level.WRITE, "file"), can(Level.EXECUTE, "program"))
    assert "file-and-run" not in marks(both)
    assert "file-and-run" in marks(both, reach("save", can(Level.WRITE, "file")))


@pytest.mark.parametrize(
    ("tool", "power"),
    [
        (reach("run", can(Level.WRITE, "docker.sock")), "docker-socket"),
        (reach("apply", can(Level.ADMINISTER, "Kubernetes")), "cluster"),
        (reach("invite", can(Level.ADMINISTER, "collaborator")), "grants"),
        (reach("set_record", can(Level.WRITE, "DNS record")), "dns"),
        (reach("push", can(Level.WRITE, "repository")), "pipeline"),
        (reach("publish", can(Level.SEND, "package registry")), "publishes"),
        (reach("search", can(Level.READ, "mailbox")), "mailbox"),
        (reach("put", can(Level.WRITE, "key"), hosts=("redis",)), "broker"),
        (reach("get", can(Level.READ, "keychain")), "credential-store"),
        (reach("call", can(Level.EXECUTE, "remote host")), "remote-shell"),
        (reach("plan", can(Level.WRITE, "terraform")), "infrastructure"),
        (reach("eval", can(Level.EXECUTE, "debugger")), "debugger"),
        (reach("remember", can(Level.WRITE, "memory")), "memory"),
    ],
)
def test_each_power_is_found_by_what_the_tool_touches(tool: ToolReach, power: str) -> None:
    assert power in marks(tool)


def test_a_guess_of_a_level_gives_no_power() -> None:
    guess = reach("run", can(Level.WRITE, "docker.sock", sure=Confidence.LOW))
    assert powers((guess,)) == ()


def test_plain_tools_have_no_further_power() -> None:
    assert powers((reach("time", can(Level.READ, "clock")), reach("add"))) == ()


def test_fingerprints_do_not_move_with_lines_or_order() -> None:
    one = only("database-is-bus", DATABASE)
    moved = replace(DATABASE, place=replace(DATABASE.place, line=400))
    again = only("database-is-bus", reach("time", can(Level.READ, "clock")), moved)
    assert again.fingerprint == one.fingerprint


def test_the_table_is_whole() -> None:
    assert len({one.id for one in POWERS}) == len(POWERS)
    for one in POWERS:
        assert one.levels
        assert one.pattern or one.data or one.anywhere
        assert bool(one.neighbour) == bool(one.neighbour_levels)
        assert one.gains[0].islower()
        assert not one.because.endswith(".")
    for rule in (TRANSITIVE_POWER, ADMINISTERS_SYSTEMS):
        assert not [key for key in rule.references if key not in TITLES]


def test_administering_is_named_once_a_tool_and_weighs_by_where() -> None:
    tool = reach("reboot", can(Level.ADMINISTER, "machine"))
    (found,) = administers((tool, reach("time", can(Level.READ, "clock"))))
    assert found.message == "reboot administers machine"
    assert flaw_of(found) is Flaw.AUTHORITY
    home, work = Context(), Context(Deployment.ENTERPRISE, Profile.GOVERNMENT)
    assert weigh((found,), (tool,), home)[0].finding.severity is Severity.INFO
    assert weigh((found,), (tool,), work)[0].finding.severity is Severity.CRITICAL
    assert administers((reach("x", can(Level.ADMINISTER, "y", sure=Confidence.LOW)),)) == ()
