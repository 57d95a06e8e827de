"""Hosts that are held against others: what that is worth, however the address goes on."""

from __future__ import annotations

import pytest

from analyze.judged import script, told
from analyze.levels import facts_of
from ostiary.analyze.rules import CHECKS, open_target, request_forgery
from ostiary.model.check import run

FORGED = request_forgery.CHECK
BEFORE = 'const HOSTS = new Set(["a.example.com"]); const u = new URL(a.x); const h = u.host; '
ASKS = "await fetch(`https://${h}/api`);"
CHECK = """const HOSTS = new Set(["a.example.com"]);
function host(address, own) {{
  const h = new URL(address).host.toLowerCase();
  if ({}) {{ return h; }}
  if (!HOSTS.has(h)) {{ throw new Error("no"); }}
  return h;
}}
const h = host(a.x, {});
"""
OWN = 'process.env.HOST || "b.example.com"'


@pytest.mark.parametrize(
    "check",
    [
        "if (h !== process.env.HOST) { throw new Error('no'); }",
        f"if (h !== ({OWN})) {{ throw new Error('no'); }}",
        "if (h !== process.env.HOST && !HOSTS.has(h)) { throw new Error('no'); }",
        f"const own = {OWN}; if (own !== h) return;",
    ],
)
def test_the_host_of_the_operator_is_not_the_caller_s(check: str) -> None:
    assert not script(FORGED, f"{BEFORE}{check}{ASKS}")


@pytest.mark.parametrize(
    "check",
    [
        "if (h === process.env.HOST) { throw new Error('no'); }",
        "if (h !== process.env.HOST && !HOSTS.has(a.x)) { throw new Error('no'); }",
        "if (h !== a.y) { throw new Error('no'); }",
        "if (h !== process.env.HOST) { console.log('no'); }",
        "const answer = await fetch('https://c.example'); if (h !== (await answer.text())) return;",
    ],
)
def test_a_host_that_is_compared_otherwise_is_the_caller_s(check: str) -> None:
    assert script(FORGED, f"{BEFORE}{check}{ASKS}", "x: z.string(), y: z.string()")


@pytest.mark.parametrize("own", [OWN, '"b.example.com"', "process.env.HOST!"])
def test_a_host_that_equals_another_is_as_good_as_that(own: str) -> None:
    assert not script(FORGED, CHECK.format("h === own", own) + ASKS)
    assert script(FORGED, CHECK.format("h !== own", own) + ASKS)
    assert script(FORGED, CHECK.format("h.includes(own)", own) + ASKS)


def test_a_host_that_equals_what_the_caller_gave_is_the_caller_s() -> None:
    (finding,) = script(
        FORGED, CHECK.format("h === own", "a.y") + ASKS, "x: z.string(), y: z.string()"
    )
    assert "Parameter y" in finding.message


GETS = "const get = async (url, options, ms = 3) => fetch(url, { ...options, signal: ms });\n"
LISTED = (
    'const u = new URL(a.x, "https://a.example"); '
    'if (!["a.example", "b.example"].includes(u.hostname)) { throw new Error("no"); } '
)


@pytest.mark.parametrize("address", ["u", "u.href", "u.toString()", "String(u)", "`${u}`"])
def test_an_address_keeps_its_check_in_every_form(address: str) -> None:
    for asks in (f"await fetch({address});", f"await get({address}, {{}}, 1);"):
        assert not script(FORGED, GETS + LISTED + asks)
        assert script(FORGED, GETS + LISTED.replace("throw", "") + asks)
        assert script(FORGED, GETS + LISTED.replace("u.hostname", "u.pathname") + asks)


OPENS = 'const open = require("open"); '


def test_an_encoded_part_of_an_address_opens_nothing_else() -> None:
    made = "const u = new URL(process.env.AUTH); "
    for sets in ("u.searchParams.set('id', a.x);", "u.searchParams.append('id', a.x);"):
        assert not script(open_target.CHECK, OPENS + made + sets + "await open(u.toString());")
    assert not script(
        open_target.CHECK, OPENS + "await open(`${process.env.A}?q=${encodeURIComponent(a.x)}`)"
    )
    for whole in ("await open(a.x);", "await open(new URL(a.x).toString());"):
        assert told(script(open_target.CHECK, OPENS + whole)) == [("open-target", "medium")]


WORKER = {
    "one of its paths": "await fetch(new URL('/api', c.req.url).href);",
    "one of its paths by its origin": "await fetch(`${new URL(c.req.url).origin}/api`);",
    "one of its paths by its host": (
        "const u = new URL(c.req.url); await fetch(`https://${u.host}/a`);"
    ),
    "a setting": "await fetch(`https://${c.env.HOST || 'a.example'}/api`);",
}
RELAYS = {
    "a parameter": "await fetch(new URL(c.req.url).searchParams.get('to'));",
    "a parameter taken apart": (
        "const u = new URL(c.req.url); await fetch(new URL(u.searchParams.get('to')).href);"
    ),
    "the path": "const u = new URL(c.req.url); await fetch('https://' + u.pathname.slice(1));",
    "what was sent": "const sent = await c.req.json(); await fetch(sent.url);",
}


def asked(does: str, *files: str) -> int:
    """Requests that a worker's route makes to a host of a caller's choosing."""
    text = (
        'import { Hono } from "hono"; const app = new Hono<{ Bindings: Env }>();\n'
        f'app.get("/", async (c) => {{ {does} return c.text("x"); }});\nexport default app;\n'
    )
    given = {**dict.fromkeys(files, "name = 'x'"), "app/src/index.ts": text}
    findings, _ = run(CHECKS, facts_of(given), "it")
    return len([one for one in findings if one.rule == "request-forgery"])


@pytest.mark.parametrize("does", WORKER.values(), ids=WORKER)
def test_a_worker_that_asks_itself_is_left_alone(does: str) -> None:
    for file in ("wrangler.toml", "app/wrangler.jsonc", "app/wrangler.canary.json"):
        assert asked(does, file) == 0
    assert asked(does, "other/wrangler.toml") == asked(does) == ("env" not in does)


@pytest.mark.parametrize("does", RELAYS.values(), ids=RELAYS)
def test_a_worker_that_asks_whom_it_is_told_to_is_told(does: str) -> None:
    assert asked(does, "wrangler.toml") == 1


def test_an_address_that_a_tool_is_given_is_not_the_worker_s_own() -> None:
    text = (
        'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\n'
        'import { z } from "zod";\nconst server = new McpServer({ name: "s", version: "1" });\n'
        'server.tool("t", { url: z.string() }, async ({ url }) => { await fetch(new URL(url)); });'
    )
    findings, _ = run(CHECKS, facts_of({"wrangler.toml": "", "a.ts": text}), "it")
    assert [one.rule for one in findings if one.rule == "request-forgery"] == ["request-forgery"]
