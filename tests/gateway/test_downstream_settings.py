"""``[gateway]``: what may be set, what is refused, and what a listener on TLS or a socket does."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.downstream_parts import Callers, Scripted, gate
from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.serve import server
from ostiary.gateway.downstream.settings import GatewaySettings, Limits
from ostiary.model.json import JsonObject
from ostiary.model.setting import BadSetting
from probe.certificates import self_signed

OUTSIDE: JsonObject = {
    "listen": "0.0.0.0:8443",
    "allowed_hosts": ["mcp.example.com"],
    "tls_proxy": True,
}


def test_without_a_table_only_this_machine_can_connect() -> None:
    made = GatewaySettings.from_table({})
    assert (made.host, made.port, made.loopback) == ("127.0.0.1", 7411, True)


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:0", "127.0.0.1", 0),
        ("localhost:1", "localhost", 1),
        ("[::1]:7411", "::1", 7411),
        ("127.8.8.8:65535", "127.8.8.8", 65535),
    ],
)
def test_addresses_of_this_machine(listen: str, host: str, port: int) -> None:
    made = GatewaySettings.from_table({"listen": listen})
    assert (made.host, made.port, made.loopback) == (host, port, True)


def test_a_socket_is_of_this_machine() -> None:
    made = GatewaySettings.from_table({"listen": "unix:/run/ostiary.sock"})
    assert (made.unix, made.loopback) == ("/run/ostiary.sock", True)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.168.1.2", "mcp.example.com", "[fe80::1]"])
def test_beyond_this_machine_tls_and_names_are_needed(host: str) -> None:
    listen = f"{host}:8443"
    with pytest.raises(BadSetting, match=r"gateway\.listen: .*clear"):
        GatewaySettings.from_table({"listen": listen, "allowed_hosts": ["a.example"]})
    with pytest.raises(BadSetting, match=r"gateway\.allowed_hosts: .*rebinding"):
        GatewaySettings.from_table({"listen": listen, "tls_proxy": True})
    made = GatewaySettings.from_table(OUTSIDE | {"listen": listen})
    assert not made.loopback


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ({"listen": 7411}, "gateway.listen"),
        ({"listen": "7411"}, "gateway.listen"),
        ({"listen": ":7411"}, "gateway.listen"),
        ({"listen": "127.0.0.1:"}, "gateway.listen"),
        ({"listen": "127.0.0.1:70000"}, "gateway.listen"),
        ({"listen": "127.0.0.1:-1"}, "gateway.listen"),
        ({"listen": "::1:7411"}, "gateway.listen"),
        ({"listen": "unix:relative"}, "gateway.listen"),
        ({"allowed_hosts": "a.example"}, "gateway.allowed_hosts"),
        ({"allowed_hosts": ["https://a.example"]}, "gateway.allowed_hosts"),
        ({"allowed_hosts": ["*"]}, "gateway.allowed_hosts"),
        ({"allowed_hosts": [""]}, "gateway.allowed_hosts"),
        ({"allowed_origins": ["*"]}, "gateway.allowed_origins"),
        ({"allowed_origins": ["null"]}, "gateway.allowed_origins"),
        ({"allowed_origins": ["https://a.example/path"]}, "gateway.allowed_origins"),
        ({"allowed_origins": [5]}, "gateway.allowed_origins"),
        ({"tls_certificate": "c.pem"}, "gateway.tls_key"),
        ({"tls_key": "k.pem"}, "gateway.tls_key"),
        ({"tls_key": 5}, "gateway.tls_key"),
        ({"tls_proxy": "yes"}, "gateway.tls_proxy"),
        ({"lisen": "x"}, "gateway.lisen"),
        ({"limits": []}, "gateway.limits"),
        ({"limits": {"body": 5}}, "gateway.limits.body"),
        ({"limits": {"depth": 129}}, "gateway.limits.depth"),
        ({"limits": {"calls": True}}, "gateway.limits.calls"),
        ({"limits": {"calls": 1.5}}, "gateway.limits.calls"),
    ],
)
def test_mistakes_are_named(table: JsonObject, name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        GatewaySettings.from_table(table)
    assert caught.value.name == name


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_can_be_set_and_none_can_be_taken_away(name: str) -> None:
    made = GatewaySettings.from_table({"limits": {name: 7}})
    assert getattr(made.limits, name) == 7
    for value in (0, -1):
        with pytest.raises(BadSetting, match="whole number"):
            GatewaySettings.from_table({"limits": {name: value}})


def test_names_and_origins_of_the_owner() -> None:
    table: JsonObject = {
        "allowed_hosts": ["MCP.example.com", "other.example:8443"],
        "allowed_origins": ["https://Console.example.com"],
    }
    with gate(GatewaySettings.from_table(table)) as front:

        def status(host: str, origin: str = "") -> int:
            headers = {"Host": host} | ({"Origin": origin} if origin else {})
            return front.call("ping", headers=headers).status

        assert status("mcp.example.com") == 200
        assert status("mcp.EXAMPLE.com:443") == 200
        assert status("other.example:8443") == 200
        assert status("other.example") == 421
        assert status("sub.mcp.example.com") == 421
        assert status("mcp.example.com:x") == 421
        assert status("mcp.example.com", "https://console.example.com") == 200
        assert status("mcp.example.com", "http://console.example.com") == 403
        assert status("mcp.example.com", "https://mcp.example.com") == 403


def test_over_tls(tmp_path: Path) -> None:
    chain = self_signed(tmp_path / "own.pem", "localhost")
    table: JsonObject = {"tls_certificate": str(chain), "tls_key": str(chain)}
    client = ssl.create_default_context(cafile=str(chain))
    with gate(GatewaySettings.from_table(table)) as front:
        wanted = front.bytes_of(
            b'{"jsonrpc":"2.0","id":1,"method":"ping"}',
            "POST",
            "/mcp",
            {"Origin": f"https://localhost:{front.port}"},
        )
        with front.connect() as plain, client.wrap_socket(plain, server_hostname="localhost") as s:
            s.sendall(wanted)
            assert s.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert b"200 OK" not in front.raw(wanted), "nothing is answered in clear"


def test_over_a_socket_of_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sock"
    settings = GatewaySettings.from_table({"listen": f"unix:{path}"})

    async def talk() -> list[bytes]:
        app = Downstream(
            Scripted(),
            Callers(),
            settings,
            clock=time.time,
            monotonic=time.monotonic,
            token=lambda: "unused",
        )
        running = server(app, settings)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        serving = asyncio.ensure_future(running.serve([listener]))
        answers = []
        for host in ("localhost", "localhost:7411", "evil.example"):
            while not running.started:
                await asyncio.sleep(0)
            reader, writer = await asyncio.open_unix_connection(str(path))
            head = f"GET /nothing HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            answers.append((await reader.read()).partition(b"\r\n")[0])
            writer.close()
            await writer.wait_closed()
        running.should_exit = True
        await serving
        listener.close()
        return answers

    answers = asyncio.run(talk())
    assert [line.split()[1] for line in answers] == [b"404", b"421", b"421"]
