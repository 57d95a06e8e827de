"""Clients made for an address that a caller chose: through configuration, defaults and copies."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of, goes_to, likely, python, typescript
from analyze.test_analyze_rules_injection import found
from ostiary.analyze.rules.request_forgery import CHECK
from ostiary.model.access import Level
from ostiary.model.check import run
from ostiary.model.finding import Finding

SERVER = """
import dataclasses
from unknown_service import Service
@dataclasses.dataclass
class Config:
    url: str
    token: str
    def default(): return Config(url="https://api.example", token="")
class Client:
    def __init__(self, config=None):
        self.config = config or Config.default()
        self.service = Service(url=self.config.url, token=self.config.token)
@server.tool()
def t(address: str, mail: str):
    base = Config(url="https://api.example", token="")
    {body}
"""
MADE_FIRST = """
import httpx, requests, urllib.request
@server.tool()
def t(address: str, mail: str):
    {body}
"""
MOVED_FIRST = {
    "urllib": "urllib.request.urlopen(urllib.request.Request(address, data=b'x'))",
    "prepared": (
        "s = requests.Session(); s.send(s.prepare_request(requests.Request('GET', address)))"
    ),
    "prepared by itself": "requests.Session().send(requests.Request('GET', address).prepare())",
    "built": "c = httpx.Client(); c.send(c.build_request('GET', address))",
}
CARRIED = {
    name: body.replace("data=b'x'", "data=mail.encode()")
    .replace("address, data", "'https://api.example/x', data")
    .replace("'GET', address", "'POST', 'https://api.example/x', data=mail")
    for name, body in MOVED_FIRST.items()
}
HITS = {
    "given": "Client(Config(url=address, token=''))",
    "by a changed copy": "Client(dataclasses.replace(base, url=address))",
    "without a class": "Service(base_url=address, auth=mail)",
}
MISSES = {
    "the default": "Client()",
    "another field": "Client(dataclasses.replace(base, token=mail))",
    "no client": "Service(url=address)",
}


@pytest.mark.parametrize("body", HITS.values(), ids=list(HITS))
def test_a_client_for_an_address_of_the_caller_is_found(body: str) -> None:
    assert found(SERVER.replace("{body}", body), "request-forgery")


@pytest.mark.parametrize("body", MISSES.values(), ids=list(MISSES))
def test_a_client_for_an_address_of_the_operator_is_left_alone(body: str) -> None:
    assert not found(SERVER.replace("{body}", body), "request-forgery")


@pytest.mark.parametrize("body", MOVED_FIRST.values(), ids=list(MOVED_FIRST))
def test_the_address_of_a_request_that_is_made_first_counts(body: str) -> None:
    assert found(MADE_FIRST.replace("{body}", body), "request-forgery")


@pytest.mark.parametrize("body", CARRIED.values(), ids=list(CARRIED))
def test_what_such_a_request_carries_moves_no_host(body: str) -> None:
    text = MADE_FIRST.replace("{body}", body)
    assert not found(text, "request-forgery")
    assert goes_to(python(text)) == {("api.example", "fixed")}


OCTOKIT = """
import { Octokit } from "@octokit/rest";
const gh = new Octokit({ auth: process.env.GITHUB_TOKEN });
server.tool("t", { owner: z.string(), repo: z.string() }, async ({ owner, repo }) => {
  const { data } = await gh.{call};
  return { content: [{ type: "text", text: JSON.stringify(data) }] };
});
"""


def moved(text: str) -> list[Finding]:
    found, failed = run((CHECK,), facts_of({"src/index.ts": TYPESCRIPT + text}), "the server")
    assert not failed
    return found


@pytest.mark.parametrize(
    ("call", "level"),
    [
        ("issues.listForRepo({ owner, repo })", Level.READ),
        ("rest.repos.downloadTarballArchive({ owner, repo, ref: 'x' })", Level.READ),
        ("rest.issues.addLabels({ owner, repo, labels: [] })", Level.WRITE),
        ("rest.actions.deleteRepoSecret({ owner, repo })", Level.DESTROY),
    ],
)
def test_a_service_s_own_library_goes_to_its_host(call: str, level: Level) -> None:
    text = OCTOKIT.replace("{call}", call)
    assert moved(text) == []
    tool = typescript(text)
    assert goes_to(tool) == {("api.github.com", "fixed")}
    assert likely(tool) == {level}


MAILER = """
import nodemailer from "nodemailer";
const mail = nodemailer.createTransport({ host: process.env.SMTP });
server.tool("t", { to: z.string(), urls: z.array(z.string()), body: z.string() },
  async ({ to, urls, body }) => {
    await mail.sendMail({ from: process.env.FROM, to, attachments: {attachments} });
    return { content: [{ type: "text", text: "sent" }] };
});
"""


@pytest.mark.proves("MS-15")
@pytest.mark.parametrize(
    "attachments", ["urls.map((path) => ({ path }))", "[{ filename: 'a', href: urls[0] }]"]
)
def test_what_a_mailer_is_to_attach_is_fetched_by_it(attachments: str) -> None:
    assert moved(MAILER.replace("{attachments}", attachments))


@pytest.mark.parametrize(
    "attachments",
    [
        "urls.map((filename) => ({ filename, content: body }))",
        "[{ filename: urls[0], path: './logo.png' }]",
        "[]",
    ],
)
def test_what_is_attached_from_elsewhere_is_not(attachments: str) -> None:
    assert moved(MAILER.replace("{attachments}", attachments)) == []


@pytest.mark.parametrize(
    ("part", "hit"),
    [
        ("z.object({ filename: z.string(), path: z.string() })", True),
        ("z.object({ filename: z.string(), href: z.string() })", True),
        ("z.any()", True),
        ("z.object({ filename: z.string(), content: z.string() })", False),
    ],
)
def test_whole_attachments_are_what_their_schema_lets_through(part: str, hit: bool) -> None:
    text = MAILER.replace("urls: z.array(z.string())", f"attachments: z.array({part})")
    given = text.replace("urls", "attachments").replace("{attachments}", "attachments")
    assert bool(moved(given)) is hit


def test_a_route_of_the_caller_may_be_an_address() -> None:
    assert moved(OCTOKIT.replace("{call}", "request(owner)"))
