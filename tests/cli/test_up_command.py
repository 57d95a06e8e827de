"""``ostiary up`` as an operator, a supervisor and a client that starts it meet it."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cli.command import Ran, ostiary, write
from gateway.approving import write_lock
from gateway.running import Place

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder with settings and a lock of no server."""
    made = Place(tmp_path)
    made.make('[gateway]\nlisten = "127.0.0.1:0"\n')
    write_lock(made.folder, made.state, ())
    return made


def up(place: Place, *arguments: str | Path, stdin: str | None = None) -> Ran:
    """Runs that end by themselves."""
    where = ("--settings", place.settings, "--state", place.state)
    return ostiary("up", *where, *arguments, home=place.folder, stdin=stdin)


@contextmanager
def begun(place: Place, *arguments: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A gateway that runs; it ends in any case."""
    process = subprocess.Popen(
        [*place.command, *arguments],
        cwd=place.folder,
        env=place.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def ask(process: subprocess.Popen[str], message: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(line(process))
    return answer


def records(place: Place) -> list[str]:
    """What the gateway noted of itself, and whether the record is whole."""
    ledger = place.state / "ledger"
    ran = ostiary("log", "query", "--ledger", ledger, "--json", home=place.folder)
    assert ostiary("log", "verify", "--ledger", ledger, home=place.folder).code == 0
    rows = [json.loads(one) for one in ran.out.splitlines()]
    return [one["why"] for one in rows if one["kind"] == "gateway"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("not toml", "ostiary.toml: it is not TOML"),
        ("[gatway]", "gatway: there is no such section"),
        ('[gateway]\nlistne = "x"', "gateway.listne"),
        ("[gateway]\nlisten = 5", "gateway.listen: must be"),
        ('[gateway]\nlisten = "0.0.0.0:0"', "tls_certificate and tls_key"),
        ('[gateway]\ntls_certificate = "c.pem"', "belong together"),
        ("[gateway.limits]\nbody_bytes = 0", "gateway.limits.body_bytes"),
        ('[policy]\npreset = "teem"', "policy.preset: must be one of open"),
        ('[policy]\nfiles = ["none/*.cedar"]', "no file matches"),
        ('[ledger]\ndurability = "maybe"', "ledger.durability: must be one of"),
        ('[ledger]\narguments = "full"', "ostiary log keygen"),
        ('[identity]\nmode = "oauth"', "identity.issuers"),
        ('[approvals]\nlock = "missing.lock"', "approve one with `ostiary approve SERVER`"),
        ('[servers.a]\nenv = { KEY = "s3cr3t" }', "write env:NAME, file:PATH"),
        ("[servers]\na = 3", "a table is needed, [servers.a]"),
    ],
)
def test_a_wrong_setting_stops_the_start_in_words(place: Place, settings: str, says: str) -> None:
    # The usual port may be taken: `make run` leaves a gateway there.
    listen = "" if "[gateway" in settings else '[gateway]\nlisten = "127.0.0.1:0"\n'
    place.make(f"{listen}{settings}\n")
    ran = up(place)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert "s3cr3t" not in ran.err


def test_settings_that_are_not_there_are_wrong_only_if_they_are_named(place: Place) -> None:
    ran = ostiary("up", "--settings", place.folder / "no.toml", home=place.folder)
    assert ran.code == 2
    assert "does not exist" in ran.err


def test_a_certificate_is_looked_at_before_anybody_is_told_to_come(place: Place) -> None:
    tls = '[gateway]\nlisten = "127.0.0.1:0"\ntls_certificate = "c.pem"\ntls_key = "k.pem"\n'
    place.make(tls)
    ran = up(place)
    assert (ran.code, ran.out) == (2, "")
    assert f"gateway.tls_certificate: {place.folder / 'c.pem'} cannot be read" in ran.err
    write(place.folder / "c.pem", "no certificate")
    write(place.folder / "k.pem", "no key")
    ran = up(place)
    assert (ran.code, ran.out) == (2, "")
    assert "no certificate in PEM" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--listen", "nonsense"), "is not HOST:PORT or unix:/PATH"),
        (("--listen", "127.0.0.1:99999"), "is not HOST:PORT or unix:/PATH"),
        (("--listen", "192.0.2.1:80"), "tokens would travel in clear"),
        (("--listen", "unix:relative"), "needs an absolute path"),
        (("--listen", "unix:/" + "x" * 200), "too long"),
        (("--server", "a"), "go with --stdio"),
        (("more",), "unexpected extra argument"),
    ],
)
def test_wrong_use_is_told(place: Place, arguments: Sequence[str], says: str) -> None:
    ran = up(place, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_port_in_use_is_told(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = up(place, "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (ran.code, ran.out) == (2, "")
    assert "Address already in use" in ran.err


def test_listen_overrides_the_settings_and_json_is_one_line(place: Place) -> None:
    place.make('[gateway]\nlisten = "127.0.0.1:1"\n')
    with begun(place, "--listen", "127.0.0.1:0", "--json") as gateway:
        told = json.loads(line(gateway))
        assert told["endpoint"] == told["listening"] + "/mcp"
        assert not told["listening"].endswith(":1")
        gateway.terminate()
        out, err = gateway.communicate(timeout=30)
    assert (gateway.returncode, out, err) == (0, "", "")


def test_a_socket_file_is_taken_from_nobody_who_answers(place: Place) -> None:
    path = place.folder / "s"
    where = ("--listen", f"unix:{path}")
    with begun(place, *where) as gateway:
        assert line(gateway).startswith(f"listening: unix:{path}, at /mcp ")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        ran = up(place, *where)
        assert (ran.code, ran.out) == (2, "")
        assert "Address already in use" in ran.err
        gateway.kill()
        gateway.wait(30)
        with begun(place, *where) as after:
            assert line(after).startswith("listening: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_in_good_order(place: Place, number: signal.Signals) -> None:
    with begun(place) as gateway:
        assert line(gateway).startswith("listening: http://127.0.0.1:")
        gateway.send_signal(number)
        out, err = gateway.communicate(timeout=30)
    assert (gateway.returncode, out, err) == (0, "", "")
    assert records(place) == ["started", "stopped"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_standard_streams_in_good_order(
    place: Place, number: signal.Signals
) -> None:
    with begun(place, "--stdio") as gateway:
        assert ask(gateway, INITIALIZE)["result"]["serverInfo"]["name"] == "ostiary"
        gateway.send_signal(number)
        out, err = gateway.communicate(timeout=30)
    assert (gateway.returncode, out, err) == (0, "", "")
    assert records(place) == ["started", "stopped"]


def test_nohup_is_respected(place: Place) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with begun(place, preexec_fn=ignore) as gateway:
        line(gateway)
        gateway.send_signal(signal.SIGHUP)
        gateway.terminate()
        gateway.communicate(timeout=30)
    assert gateway.returncode == 0


def test_standard_streams_end_with_the_client(place: Place) -> None:
    ran = up(place, "--stdio", stdin="no message\n" + json.dumps(INITIALIZE) + "\n")
    rows = [json.loads(one) for one in ran.out.splitlines()]
    assert ran.code == 0
    assert [one.get("error", {}).get("code") for one in rows] == [-32700, None]
    assert ran.err == ""
    assert records(place) == ["started", "stopped"]


def test_standard_streams_that_nobody_can_wait_for_are_refused(place: Place) -> None:
    with Path(os.devnull).open() as nothing:
        done = subprocess.run(
            [*place.command, "--stdio"],
            env=place.environment,
            stdin=nothing,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input is neither a pipe, a socket nor a terminal" in done.stderr
    with (place.folder / "out").open("w") as file:
        written = subprocess.run(
            [*place.command, "--stdio"],
            env=place.environment,
            input="",
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert written.returncode == 2
    assert "standard output is neither" in written.stderr


def test_a_token_that_opens_nothing_ends_standard_streams(place: Place) -> None:
    done = subprocess.run(
        [*place.command, "--stdio"],
        env={**place.environment, "OSTIARY_TOKEN": "ost_wrong"},
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "OSTIARY_TOKEN: this token opens nothing here" in done.stderr
    assert "ost_wrong" not in done.stderr


def test_two_gateways_share_one_state_folder(place: Place) -> None:
    with begun(place) as one, begun(place) as two:
        assert line(one) != line(two)
        for gateway in (one, two):
            gateway.terminate()
            gateway.communicate(timeout=30)
            assert gateway.returncode == 0
    assert sorted(records(place)) == ["started", "started", "stopped", "stopped"]


def test_a_server_that_nobody_approved_is_told_before_the_client_waits(place: Place) -> None:
    ran = up(place, "--stdio", "--server", "nosuch", stdin="")
    assert (ran.code, ran.out) == (2, "")
    assert "no approved server is called 'nosuch'" in ran.err


def test_a_record_that_cannot_be_ended_is_incomplete_and_no_bug(place: Place) -> None:
    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    with begun(place, preexec_fn=full) as gateway:
        line(gateway)
        resource.prlimit(gateway.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        gateway.terminate()
        out, err = gateway.communicate(timeout=30)
    assert (gateway.returncode, out) == (3, "")
    assert "the end of the record is not signed" in err
    assert "nothing is forwarded until then" in err
