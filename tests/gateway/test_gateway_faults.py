"""What can go wrong while the gateway runs, caused for real: nothing fails open or is lost."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.running import OSTIARY, POLICY, Running, program, running_gateway, started, until
from gateway.talking import HELLO, Talk
from ostiary.model.approval import Start

MISCHIEF = Path(__file__).with_name("servers") / "mischief.py"


def start() -> Start:
    return program(MISCHIEF)


@contextlib.contextmanager
def gateway(tmp_path: Path, more: str = "") -> Iterator[Running]:
    limits = "[servers.odd]\nanswer_seconds = 2\nanswer_bytes = 1000000\nfailures = 50\n"
    with running_gateway(tmp_path, {"odd": start()}, settings=POLICY + limits + more) as running:
        yield running


def talk(running: Running, server: str = "odd") -> Talk:
    return Talk(running.endpoint(server), running.token).open()


def verified(running: Running) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(OSTIARY), "log", "verify", "--ledger", str(running.place.state / "ledger")],
        capture_output=True, text=True, env=running.place.environment, check=False,
    )  # fmt: skip


def outcomes(running: Running) -> list[str]:
    return [one["effect"] for one in running.place.record("--kind", "outcome", "--tool", "do")]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with gateway(tmp_path_factory.mktemp("shared")) as running:
        yield running


def test_a_server_that_dies_in_a_call_fails_that_call_and_serves_the_next(shared: Running) -> None:
    client = talk(shared)
    said = client.call("do", what="die")
    assert "may have acted" in said.message["error"]["message"]
    assert client.call("echo", text="again").text == "again"


def test_a_server_that_hangs_is_given_up(shared: Running) -> None:
    client = talk(shared)
    said = client.call("do", what="hang")
    assert "odd did not answer" in said.message["error"]["message"]


@pytest.mark.parametrize("what", ["twice", "nan", "oversized"])
def test_an_answer_that_is_not_one_clear_message_is_no_answer(shared: Running, what: str) -> None:
    client = talk(shared)
    said = client.call("do", what=what)
    assert "error" in said.message
    assert client.call("echo", text="after").text == "after"


@pytest.mark.parametrize("what", ["garbage", "stranger", "flood"])
def test_noise_around_an_answer_does_not_hide_it(shared: Running, what: str) -> None:
    client = talk(shared)
    said = client.call("do", what=what)
    assert said.text == f"did {what}"
    assert client.call("echo", text="after").text == "after"


@pytest.mark.proves("RD-02", "RD-10", "RD-22", "CR-21")
def test_a_tool_that_changes_in_a_session_is_withheld_and_told(shared: Running) -> None:
    client = talk(shared)
    assert client.tools() == ["echo", "do"]
    client.call("do", what="turn-and-say")
    refused = client.call("echo", text="x")
    assert refused.message["result"]["isError"]
    assert "withheld" in refused.text
    assert "id_rsa" not in refused.text
    assert client.tools() == ["do"]
    assert client.call("do", what="nothing").text == "did nothing"
    drift = shared.place.record("--kind", "drift")
    assert any("description" in json.dumps(one["detail"]) for one in drift)
    client.call("do", what="back")
    assert client.call("echo", text="honest").text == "honest"


def test_a_changed_tool_is_withheld_from_the_list_even_if_the_server_does_not_say_so(
    shared: Running,
) -> None:
    client = talk(shared)
    client.call("do", what="turn")
    assert client.tools() == ["do"]
    assert "withheld" in client.call("echo", text="x").text
    client.call("do", what="back")


def test_a_tool_nobody_approved_stays_outside(shared: Running) -> None:
    client = talk(shared)
    client.call("do", what="grow")
    assert "more" not in client.tools()
    assert "withheld" in client.call("more").text


def test_a_client_that_goes_away_leaves_an_outcome(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        client = talk(running)
        client.seconds = 0.1
        with pytest.raises(TimeoutError):
            client.call("do", what="nap")
        client.seconds = 30
        assert client.call("echo", text="on").text == "on"
        deadline = time.monotonic() + 20
        while not outcomes(running) and time.monotonic() < deadline:
            assert client.call("echo", text="on").text == "on"
        assert outcomes(running)


@pytest.mark.proves("EN-07")
def test_a_full_disk_refuses_calls_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        client = talk(running)
        assert client.call("echo", text="before").text == "before"
        segment = max((running.place.state / "ledger").glob("*/*.log"))
        pid = running.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        size = segment.stat().st_size + 100
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
        said = client.call("echo", text="during")
        assert "record" in json.dumps(said.message)
        assert "during" not in json.dumps(said.message)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        assert client.call("echo", text="after").text == "after"
        assert verified(running).returncode == 0


def test_kill_under_load_loses_nothing_acknowledged(tmp_path: Path) -> None:
    answered: list[str] = []
    with gateway(tmp_path) as running:
        stop = threading.Event()

        def work(name: int) -> None:
            with contextlib.suppress(Exception):
                client = talk(running)
                while not stop.is_set():
                    text = f"{name}-{len(answered)}"
                    if client.call("echo", text=text).text == text:
                        answered.append(text)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for one in threads:
            one.start()
        while len(answered) < 200:
            assert running.process.poll() is None
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        stop.set()
        for one in threads:
            one.join()
        requests = running.place.record("--kind", "request", "--tool", "echo")
        kept = {one["content"]["arguments"]["value"]["text"] for one in requests}
        assert set(answered) <= kept
        assert verified(running).returncode in (0, 3), verified(running).stdout
        with started(running.place) as again:
            assert talk(again).call("echo", text="again").text == "again"
        done = verified(running)
        assert done.returncode == 0, done.stdout


def test_a_damaged_record_is_told_and_the_gateway_goes_on_beside_it(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        assert talk(running).call("echo", text="secret-to-find").text == "secret-to-find"
        place = running.place
    segment = max((place.state / "ledger").glob("*/*.log"))
    data = segment.read_bytes()
    segment.write_bytes(data.replace(b"secret-to-find", b"secret-to-fine", 1))
    assert verified(running).returncode == 1
    with started(place) as again:
        assert talk(again).call("echo", text="on").text == "on"
    done = verified(running)
    assert done.returncode == 1
    assert segment.name in done.stdout + done.stderr


def test_a_broken_policy_file_changes_nothing_and_is_told(tmp_path: Path) -> None:
    rules = tmp_path / "own.cedar"
    rules.write_text(forbidding("do"))
    policy = POLICY + 'files = ["own.cedar"]\n'
    with running_gateway(tmp_path, {"odd": start()}, settings=policy) as running:
        client = talk(running)
        assert client.tools() == ["echo"]
        rules.write_text("permit (principal, action, resource")
        until(lambda: any("policy" in line and "stays" in line for line in running.said))
        assert client.tools() == ["echo"]
        assert "did x" not in json.dumps(client.call("do", what="x").message)
        rules.write_text(forbidding("none"))
        until(lambda: client.tools() == ["echo", "do"])


def test_code_that_changed_is_not_started_and_told(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_bytes(MISCHIEF.read_bytes())
    start = program(script)
    with running_gateway(tmp_path, {"odd": start}) as running:
        assert talk(running).call("echo", text="before").text == "before"
        place = running.place
    script.write_text(script.read_text(encoding="utf-8") + "\n# shipped an update\n")
    with started(place) as running:
        client = Talk(running.endpoint("odd"), running.token)
        said = client.ask("initialize", HELLO)
        assert "not the code that was approved" in said.message["error"]["message"]
        assert any(
            one["thing"].startswith("code") for one in running.place.record("--kind", "drift")
        )


@pytest.mark.proves("RD-06")
def test_a_withdrawn_server_is_gone_at_once(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        client = talk(running, "")
        assert "odd__echo" in client.tools()
        subprocess.run(
            [str(OSTIARY), "approve", "--withdraw", "odd", "--yes",
             "--settings", str(running.place.settings), "--state", str(running.place.state)],
            cwd=running.place.folder, env=running.place.environment, check=True,
            capture_output=True,
        )  # fmt: skip
        until(lambda: client.tools() == [])
        assert "error" in client.call("odd__echo", text="x").message


def forbidding(tool: str) -> str:
    return (
        '@id("own")\n@text("Nobody does.")\n'
        f'forbid (principal, action == Action::"call", resource == Tool::"odd/{tool}");\n'
    )
