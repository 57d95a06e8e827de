"""Servers on pipes: honest ones are recorded whole, hostile ones end in a named reason."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ostiary.model.client import Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.probe.launcher import CannotStart
from ostiary.probe.record import ProbeLimits, Reach, Target, record
from ostiary.wire.canonical import digest
from probe.unboxed import Unboxed, script

QUICK = ProbeLimits(total_seconds=20, answer_seconds=1.5, era_seconds=1.5)


def run(
    *argv: str, limits: ProbeLimits = QUICK, launcher: Unboxed | None = None, token: str = ""
) -> Surface | NotChecked:
    mine = launcher or Unboxed()
    target = Target("k", "srv", Transport.STDIO, argv=argv, env={"TOKEN": token})
    answer = record(target, limits, mine, Reach())
    assert all(server.ended() for server in mine.started), "nothing outlives the recording"
    return answer


def hostile(how: str, limits: ProbeLimits = QUICK, token: str = "") -> Surface | NotChecked:
    return run(*script("hostile", how), limits=limits, token=token)


def recorded(answer: Surface | NotChecked) -> Surface:
    assert isinstance(answer, Surface), answer
    return answer


def refused(answer: Surface | NotChecked) -> str:
    assert isinstance(answer, NotChecked), answer
    assert answer.server == "srv"
    return answer.reason


@pytest.mark.proves("SA-21", "RD-24")
def test_a_real_server_is_recorded_whole_in_the_stateless_era() -> None:
    limits = ProbeLimits(total_seconds=60, answer_seconds=30, era_seconds=30)
    surface = recorded(run(*script("genuine"), limits=limits))
    assert surface.revision == "2026-07-28"
    assert (surface.claimed_name, surface.claimed_version) == ("genuine", "1.2.3")
    assert surface.server == "srv"
    assert surface.instructions == "Ask before you write."
    assert [tool.name for tool in surface.tools] == ["read_note", "write_note"]
    assert surface.tools[0].annotations["readOnlyHint"] is True
    assert [one.name for one in surface.prompts] == ["summarise"]
    assert [one.name for one in surface.resources] == ["note://all"]
    assert [one.name for one in surface.templates] == ["note://{title}"]
    assert all(one.digest == digest(one.raw) for one in surface.items())
    assert not surface.missing
    assert not surface.irregular
    assert surface.source == "live"


@pytest.mark.proves("SA-21")
def test_a_slow_start_that_outlasts_the_era_question_still_ends_in_a_surface() -> None:
    limits = ProbeLimits(total_seconds=60, answer_seconds=30, era_seconds=0.05)
    surface = recorded(run(*script("genuine"), limits=limits))
    assert surface.revision in ("2025-11-25", "2026-07-28")
    assert len(list(surface.items())) == 5


def test_the_handshake_is_spoken_with_servers_that_know_nothing_else() -> None:
    surface = recorded(hostile("old_revision"))
    assert surface.revision == "2024-11-05"
    assert surface.instructions == "old"
    assert surface.meta["serverInfo"] == {"name": "hostile", "version": "0"}


def test_a_server_that_ignores_what_it_does_not_know_gets_the_handshake() -> None:
    surface = recorded(hostile("mute_on_discover", ProbeLimits(30, 10, era_seconds=0.3)))
    assert [tool.name for tool in surface.tools] == ["t"]


def test_a_server_that_dies_of_discover_is_started_again() -> None:
    launcher = Unboxed()
    surface = recorded(run(*script("hostile", "dies_on_discover"), launcher=launcher))
    assert len(launcher.started) == 2
    assert [tool.name for tool in surface.tools] == ["t"]
    assert surface.irregular == ("it ends when the first request is server/discover",)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("silent", "did not answer within 1.5 seconds"),
        ("exits", "ended with status 3 before it answered; its last words: no licence file"),
        ("unknown_revision", "share no protocol revision; it chose '1999-01-01'"),
        ("other_era_only", "share no protocol revision; it offers 2031-01-01"),
        ("floods_requests", "more than 200 requests of its own"),
        ("garbage", "more than 200 lines to standard output that are no JSON-RPC message"),
    ],
)
def test_without_a_hello_the_reason_is_named(how: str, reason: str) -> None:
    assert reason in refused(hostile(how))


def test_an_endless_line_ends() -> None:
    limits = ProbeLimits(20, 5, 5, message_bytes=1_000_000)
    assert "line longer than 1,000,000 bytes" in refused(hostile("endless_line", limits))


@pytest.mark.parametrize(
    ("how", "missing"),
    [
        ("partial", "did not answer within 1.5 seconds"),
        ("closes_stdout", "closed its standard output before it answered"),
        ("wrong_id", "an answer with the id 4711, which was not asked"),
        ("text_id", "an answer with the id '3', which was not asked"),
        ("two_readings", "the key 'tools' occurs twice"),
        ("deep", "nested deeper than 128 levels"),
    ],
)
def test_after_a_hello_what_fails_is_missing(how: str, missing: str) -> None:
    surface = recorded(hostile(how))
    assert surface.claimed_name == "hostile"
    assert len(surface.missing) == 1
    assert surface.missing[0].startswith("tools: ")
    assert missing in surface.missing[0]


def test_cursor_loops_and_endless_pages_end_with_what_was_read() -> None:
    looped = recorded(hostile("cursor_loop"))
    assert len(looped.tools) == 2
    assert looped.missing == ("tools: page 2 leads back to an earlier page",)
    endless = recorded(hostile("endless_pages", ProbeLimits(20, 5, 5, pages=30)))
    assert len(endless.tools) == 30
    assert endless.missing == ("tools: it goes on after 30 pages",)


def test_a_million_tools_are_cut_and_counted() -> None:
    limits = ProbeLimits(60, 30, 5, message_bytes=40_000_000, items=100)
    surface = recorded(hostile("million_tools", limits))
    assert len(surface.tools) == 100
    assert surface.missing == ("tools: more than 100, the rest is not recorded",)
    assert "line longer" in recorded(hostile("million_tools", ProbeLimits(60, 30, 5))).missing[0]


def test_five_megabytes_of_tools_are_no_problem() -> None:
    surface = recorded(hostile("five_megabytes", ProbeLimits(60, 30, 5)))
    assert len(surface.tools) == 1000
    assert sum(len(tool.description) for tool in surface.tools) == 5_000_000
    assert not surface.missing


def test_total_bytes_are_bounded() -> None:
    limits = ProbeLimits(60, 30, 5, total_bytes=1_000_000)
    surface = recorded(hostile("five_megabytes", limits))
    assert surface.missing == ("tools: it sent more than 1,000,000 bytes",)


def test_a_second_answer_to_one_request_is_noted_and_not_used() -> None:
    surface = recorded(hostile("two_answers"))
    assert [tool.name for tool in surface.tools] == ["t"]
    assert "request 3 was answered more than once" in surface.irregular


def test_a_flood_on_standard_error_stops_nothing() -> None:
    surface = recorded(hostile("floods_stderr"))
    assert [tool.name for tool in surface.tools] == ["t"]


def test_noise_on_standard_output_is_tolerated_and_told() -> None:
    surface = recorded(hostile("noisy"))
    assert [tool.name for tool in surface.tools] == ["t"]
    assert surface.irregular == ("standard output: 3 lines that are no JSON-RPC message",)


def test_requests_of_the_server_get_a_safe_answer() -> None:
    surface = recorded(hostile("asks"))
    refusal = '"error": {"code": -32601, "message": "Method not found"}'
    assert [tool.name for tool in surface.tools] == [
        '{"id": "mine 0", "jsonrpc": "2.0", "result": {}}',
        *(f'{{{refusal}, "id": "mine {number}", "jsonrpc": "2.0"}}' for number in (1, 2, 3)),
    ]


def test_items_are_kept_raw_and_malformed_ones_are_named() -> None:
    surface = recorded(hostile("bad_items"))
    assert [tool.name for tool in surface.tools] == ["t", "t", "t"]
    assert surface.tools[1].raw["x-unknown"] == {"kept": [1, 2.5]}
    assert surface.missing == (
        "tools[1]: not an object",
        "tools[2]: a tool without a name",
    )


def test_granted_values_never_reach_the_reason() -> None:
    reason = refused(hostile("echoes_environment", token="ghs_veryprivate"))
    assert "ghs_veryprivate" not in reason
    assert "token is ***" in reason


def test_what_cannot_be_started_is_named() -> None:
    assert "No such file" in refused(run("/no/such/program"))

    class Boxless(Unboxed):
        def start(self, *_: object) -> None:  # type: ignore[override]
            raise CannotStart("there is no box", "install one")

    answer = run("x", launcher=Boxless())
    assert isinstance(answer, NotChecked)
    assert (answer.reason, answer.remedy) == ("there is no box", "install one")
    unknown = record(Target("k", "srv", Transport.WEBSOCKET), QUICK, Unboxed(), Reach())
    assert "websocket" in refused(unknown)


def test_local_servers_do_not_pay_for_an_http_client() -> None:
    look = (
        "import sys, ostiary.probe.record, ostiary.wire.capture;"
        "print(sorted(name for name in sys.modules if name in "
        "('httpx2', 'httpcore2', 'h11', 'asyncio', 'anyio', 'ssl')))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
