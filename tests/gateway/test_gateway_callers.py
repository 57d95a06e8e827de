"""What each caller sees and may do, by policy, through a running gateway."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.approving import approval_of, with_levels
from gateway.running import OSTIARY, Running, program, running_gateway
from gateway.talking import Talk, stateless, stateless_headers
from ostiary.model.approval import Start

TABLES = Path(__file__).with_name("servers") / "tables.py"
LEVELS = {
    "list_rows": ("read",),
    "write_row": ("write",),
    "drop_table": ("destroy",),
    "list_issues": ("read",),
    "create_issue": ("write",),
}
OWN = """
@id("own/hr-is-for-hr")
@text("What belongs to hr is for hr.")
forbid (principal, action, resource == Resource::"tables/table://hr/salaries")
unless { principal in Group::"hr" };

@id("own/interns-issues-only")
@text("Interns work on issues only.")
forbid (principal in Group::"interns", action == Action::"call", resource)
unless { resource == Tool::"tables/list_issues" || resource == Tool::"tables/create_issue" };

@id("own/shop-tables")
@text("Clerks write into the orders of the shop, and nowhere else.")
@remedy("Name base shop and table orders.")
forbid (
  principal in Group::"clerks", action == Action::"call", resource == Tool::"tables/write_row"
)
unless {
  context.arguments.hasTag("base") && context.arguments.getTag("base") == "shop" &&
  context.arguments.hasTag("table") && context.arguments.getTag("table") == "orders"
};
"""
SETTINGS = """
[policy]
preset = "PRESET"
files = ["own.cedar"]
[policy.groups]
writers = ["clerks", "hr"]
operators = ["admins"]
"""


def tables() -> Start:
    return program(TABLES)


def gateway(folder: Path, preset: str) -> Any:
    (folder / "own.cedar").write_text(OWN, encoding="utf-8")
    approval = with_levels(approval_of("tables", tables(), folder / "cache"), LEVELS)
    return running_gateway(
        folder, approvals=[approval], settings=SETTINGS.replace("PRESET", preset)
    )


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with gateway(tmp_path_factory.mktemp("team"), "team") as running:
        yield running


def caller(running: Running, name: str, *groups: str, server: str = "tables") -> Talk:
    token = running.place.token(name, groups=groups)
    return Talk(running.endpoint(server), token).open()


def listed(client: Talk, method: str, key: str, by: str) -> list[str]:
    return [one[by] for one in client.ask(method).message["result"][key]]


@pytest.mark.proves("GW-01")
@pytest.mark.parametrize("server", ["tables", ""], ids=["one", "joined"])
def test_each_caller_sees_the_tools_it_may_use(team: Running, server: str) -> None:
    prefix = "" if server else "tables__"

    def seen(name: str, *groups: str) -> set[str]:
        return {
            one.removeprefix(prefix) for one in caller(team, name, *groups, server=server).tools()
        }

    assert seen("anyone") == {"list_rows", "list_issues"}
    assert seen("clerk", "clerks") == {"list_rows", "list_issues", "write_row", "create_issue"}
    assert seen("intern", "interns", "clerks") == {"list_issues", "create_issue"}


@pytest.mark.proves("GW-01")
def test_one_callers_list_is_never_anothers(team: Running) -> None:
    for _ in range(3):
        assert "tables__write_row" in caller(team, "clerk", "clerks", server="").tools()
        assert "tables__write_row" not in caller(team, "anyone", server="").tools()


@pytest.mark.proves("GW-02")
def test_each_caller_sees_and_reads_the_resources_it_may(team: Running) -> None:
    anyone, hr = caller(team, "anyone"), caller(team, "hr", "hr")
    assert listed(anyone, "resources/list", "resources", "uri") == ["table://shop/orders"]
    assert "table://hr/salaries" in listed(hr, "resources/list", "resources", "uri")
    refused = anyone.ask("resources/read", {"uri": "table://hr/salaries"}).message
    unknown = anyone.ask("resources/read", {"uri": "table://hr/none"}).message
    assert refused["error"]["code"] == unknown["error"]["code"]
    assert hr.ask("resources/read", {"uri": "table://hr/salaries"}).message["result"]["contents"]
    assert anyone.ask("resources/read", {"uri": "table://shop/returns"}).message["result"]


@pytest.mark.proves("GW-11")
def test_read_only_trusts_no_word_of_the_server(tmp_path: Path) -> None:
    with gateway(tmp_path, "read-only") as running:
        client = caller(running, "writer", "clerks", "hr", "admins")
        assert set(client.tools()) == {"list_rows", "list_issues"}
        assert client.call("list_rows", base="shop", table="orders").text == "did list_rows"
        said = client.call("write_row", base="shop", table="orders", row="x")
        assert "did write_row" not in json.dumps(said.message)


@pytest.mark.proves("GW-13", "GW-31", "GW-32", "EN-06")
def test_a_right_is_an_action_on_an_object_by_the_arguments(team: Running) -> None:
    clerk = caller(team, "clerk", "clerks")
    assert clerk.call("write_row", base="shop", table="orders", row="1").text == "did write_row"
    for base, table in (("shop", "prices"), ("hr", "orders"), ("SHOP", "orders"), ("", "orders")):
        said = clerk.call("write_row", base=base, table=table, row="1")
        assert said.message["result"]["isError"]
        assert "own/shop-tables" in said.text
        assert "Name base shop and table orders." in said.text
    assert "own/shop-tables" in clerk.call("write_row", row="1").text


@pytest.mark.proves("GW-12")
def test_lists_of_what_is_allowed_and_blocked_hold_in_the_path(team: Running) -> None:
    intern = caller(team, "intern", "interns", "clerks")
    assert intern.call("create_issue", repo="a", title="b").text == "did create_issue"
    for name in ("list_rows", "write_row", "drop_table"):
        assert "did" not in json.dumps(intern.call(name, base="shop", table="orders").message)


def test_what_nobody_can_be_asked_about_is_refused_in_words(team: Running) -> None:
    admin = caller(team, "admin", "admins")
    said = admin.call("drop_table", base="shop", table="orders")
    assert said.message["result"]["isError"]
    assert "did drop_table" not in said.text


def test_the_stateless_era_gets_the_same_and_a_private_list(team: Running) -> None:
    token = team.place.token("modern")
    client = Talk(team.endpoint(""), token)
    message = stateless("tools/list")
    result = client.post(message, stateless_headers(message)).message["result"]
    assert [tool["name"] for tool in result["tools"]] == [
        "tables__list_rows",
        "tables__list_issues",
    ]
    assert result["cacheScope"] == "private"


@pytest.mark.proves("GW-15", "EN-07", "IF-17")
def test_the_record_says_who_did_what_with_which_right_and_why(team: Running) -> None:
    clerk = caller(team, "recorded", "clerks")
    clerk.call("write_row", base="shop", table="orders", row="1")
    clerk.call("write_row", base="hr", table="orders", row="1")
    events = team.place.record("--client", "recorded", "--tool", "write_row")
    allowed, done, refused = (
        next(one for one in events if one["kind"] == kind)
        for kind in ("request", "outcome", "refused")
    )
    assert allowed["principal"] == "local:recorded"
    assert allowed["levels"] == ["write"]
    assert allowed["rules"]
    assert allowed["why"]
    assert allowed["policy"]
    assert allowed["lock"]
    assert allowed["content"]["arguments"]["value"]["base"] == "shop"
    assert done["effect"] == "ok"
    assert done["content"]["results"]["sha256"]
    assert refused["rules"][0] == "policy:own/shop-tables"
    changed = subprocess.run(
        [str(OSTIARY), "log", "actions", "--ledger", str(team.place.state / "ledger"), "--json"],
        capture_output=True, text=True, env=team.place.environment, check=True,
    ).stdout  # fmt: skip
    assert "write_row" in changed
    assert "list_rows" not in changed


NGINX = """
daemon off; pid FOLDER/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f;
  uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
  server {
    listen unix:FOLDER/front.sock;
    if ($request_method !~ ^(GET|POST|DELETE)$) { return 405; }
    location /mcp { proxy_pass GATEWAY; proxy_http_version 1.1; proxy_set_header Connection "";
                    proxy_set_header Host gate.example; proxy_buffering off; }
    location / { return 403; }
  }
}
"""


@pytest.mark.proves("SO-14")
def test_a_firewall_may_stand_in_front(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed: run tools/setup.sh test")
    settings = (
        '[policy]\npreset = "open"\n[gateway]\nlisten = "127.0.0.1:0"\n'
        'allowed_hosts = ["gate.example"]\n'
    )
    with running_gateway(tmp_path, {"tables": tables()}, settings=settings) as running:
        config = tmp_path / "nginx.conf"
        config.write_text(
            NGINX.replace("FOLDER", str(tmp_path)).replace("GATEWAY", running.address)
        )
        front = subprocess.Popen([nginx, "-c", str(config), "-p", str(tmp_path)])
        try:
            said = through(tmp_path / "front.sock", running.token)
            assert "list_rows" in said
            assert "403" in through(tmp_path / "front.sock", running.token, path="/healthz")
        finally:
            front.terminate()
            front.wait(30)


def through(front: Path, token: str, path: str = "/mcp") -> str:
    """Status and body of a request that goes through the firewall."""
    message = stateless("tools/list")
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {token}",
        **stateless_headers(message),
    }
    connection = http.client.HTTPConnection("front")
    connection.sock = connected(front)
    try:
        connection.request("POST", path, json.dumps(message), headers)
        answer = connection.getresponse()
        return f"{answer.status} {answer.read().decode()}"
    finally:
        connection.close()


def connected(front: Path) -> socket.socket:
    deadline = time.monotonic() + 30
    while True:
        made = socket.socket(socket.AF_UNIX)
        try:
            made.connect(str(front))
        except OSError:
            made.close()
            assert time.monotonic() < deadline
        else:
            return made
