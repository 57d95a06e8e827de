"""A classic reverse proxy in front that decides by headers alone: nothing gets past its rules."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.downstream_parts import Gate, Reply, gate, modern, parse, read_all, read_until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONFIG = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/front;
    location / {{
      if ($http_mcp_protocol_version != "2026-07-28") {{ return 403; }}
      if ($http_mcp_method = "tools/list") {{ return 403; }}
      if ($http_mcp_name = "hang") {{ return 403; }}
      proxy_pass http://127.0.0.1:{port};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host 127.0.0.1:{port};
    }}
  }}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@dataclass
class Firewall:
    """nginx with rules on MCP headers, and the gateway behind it."""

    behind: Gate
    path: Path

    def connect(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(20)
        sock.connect(str(self.path))
        return sock

    def raw(self, data: bytes) -> bytes:
        with self.connect() as sock:
            sock.sendall(data)
            return read_all(sock)

    def call(self, name: str, **headers: str) -> Reply:
        body, own = modern("tools/call", {"name": name})
        own |= {key.replace("_", "-"): value for key, value in headers.items()}
        return parse(self.raw(self.behind.bytes_of(body, "POST", "/mcp", own)))


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as sock:
        return sock.connect_ex(str(path)) == 0


@pytest.fixture(scope="module")
def firewall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firewall]:
    folder = tmp_path_factory.mktemp("nginx")
    assert NGINX
    with gate() as behind:
        config = folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, port=behind.port))
        check = [NGINX, "-e", str(folder / "error.log"), "-c", str(config)]
        process = subprocess.Popen(check, stderr=subprocess.PIPE)
        try:
            while not listens(folder / "front"):
                assert process.poll() is None, (folder / "error.log").read_text()
            yield Firewall(behind, folder / "front")
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.mark.proves("SO-14")
def test_its_rules_hold_for_what_the_gateway_does(firewall: Firewall) -> None:
    assert firewall.call("echo").status == 200
    assert firewall.call("hang").status == 403
    before = len(firewall.behind.relay.inbounds)
    disguised = [
        firewall.call("hang", Mcp_Name="echo"),
        firewall.call("hang", Mcp_Name="HANG"),
        firewall.call("hang", Mcp_Name=""),
        firewall.call("hang", mcp_name="echo"),
        firewall.call("hang", Mcp_Name="echo\r\nMcp-Name: hang"),
        firewall.call("hang", Mcp_Method="tools/list"),
        firewall.call("hang", Mcp_Method="ping"),
        firewall.call("hang", MCP_Protocol_Version="2025-11-25"),
        firewall.call("hang", MCP_Protocol_Version="2026-07-28 "),
    ]
    assert {reply.status for reply in disguised} <= {400, 403}
    assert len(firewall.behind.relay.inbounds) == before


def test_a_name_in_base64_is_the_firewalls_to_decode(firewall: Firewall) -> None:
    """The one disguise that the specification allows: a rule has to know it, as our page says."""
    before = len(firewall.behind.relay.inbounds)
    with firewall.connect() as sock:
        body, own = modern("tools/call", {"name": "hang"})
        own["Mcp-Name"] = "=?base64?aGFuZw==?="
        sock.sendall(firewall.behind.bytes_of(body, "POST", "/mcp", own))
        firewall.behind.relay.wait_for(lambda: len(firewall.behind.relay.inbounds) > before)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: {size}\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding: xchunked\r\nContent-Length: {size}\r\n",
        b"Transfer-Encoding:\x0bchunked\r\nContent-Length: {size}\r\n",
        b"Transfer-Encoding : chunked\r\nContent-Length: {size}\r\n",
        b"Content-Length: 0\r\nContent-Length: {size}\r\n",
        b"Content-Length: 0\r\nTransfer-Encoding: chunked, identity\r\n",
    ],
)
@pytest.mark.proves("SO-14")
def test_no_second_request_is_smuggled_past_it(firewall: Firewall, framing: bytes) -> None:
    before = len(firewall.behind.relay.inbounds)
    body, own = modern("tools/call", {"name": "hang"})
    hidden = firewall.behind.bytes_of(body, "POST", "/mcp", own)
    shown, own = modern("tools/call", {"name": "echo"})
    own |= {"Connection": "keep-alive"}
    outer = firewall.behind.bytes_of(shown, "POST", "/mcp", own, drop=("Content-Length",))
    head, _, _ = outer.partition(b"\r\n\r\n")
    size = b"%d" % len(b"0\r\n\r\n" + hidden)
    data = head + b"\r\n" + framing.replace(b"{size}", size) + b"\r\n0\r\n\r\n" + hidden
    with firewall.connect() as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        read_all(sock)
    reached = [one.message for one in firewall.behind.relay.inbounds[before:]]
    assert not any("hang" in str(one) for one in reached)


@pytest.mark.proves("SO-14")
def test_streams_pass_it_without_delay(firewall: Firewall) -> None:
    body, own = modern("tools/call", {"name": "hang_after_progress"})
    with firewall.connect() as sock:
        sock.sendall(firewall.behind.bytes_of(body, "POST", "/mcp", own))
        assert b" 200 " in read_until(sock, b"notifications/progress")
    firewall.behind.relay.wait_for(lambda: "hang_after_progress" in firewall.behind.relay.cancelled)
