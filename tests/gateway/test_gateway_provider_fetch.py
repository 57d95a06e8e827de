"""What an identity provider's addresses may be, and what it can make the gateway do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ostiary.gateway.provider_fetch import MOST_BYTES, ProviderFetch
from ostiary.identity.fetching import CannotFetch, Question


class Site(ThreadingHTTPServer):
    """A server on loopback that answers what the test says."""

    daemon_threads = True

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.status = 200
        self.extra: dict[str, str] = {}
        self.content = b"{}"
        self.hangs = threading.Event()
        self.hang = False
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        site = self.server
        site.seen.append(f"{self.command} {self.path}")
        site.headers.append({name.lower(): value for name, value in self.headers.items()})
        site.bodies.append(self.rfile.read(int(self.headers.get("content-length", "0"))))
        if site.hang:
            site.hangs.wait(30)
        self.send_response(site.status)
        for name, value in site.extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(site.content)))
        self.end_headers()
        self.wfile.write(site.content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.hangs.set()
            site.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


def names(*addresses: str) -> ProviderFetch:
    """Asks with a resolver that gives ``addresses`` for every name."""
    return ProviderFetch(resolve=lambda _host, _port: addresses)


def ask(question: Question, fetch: ProviderFetch | None = None) -> bytes:
    async def once() -> bytes:
        return await (fetch or ProviderFetch())(question)

    return asyncio.run(once())


def why(question: Question, fetch: ProviderFetch | None = None) -> str:
    with pytest.raises(CannotFetch) as caught:
        ask(question, fetch)
    return str(caught.value)


def test_a_question_arrives_as_it_was_asked(site: Site) -> None:
    site.content = b'{"a": 1}'
    assert ask(Question(f"{site.url}/x?y=1", loopback=True)) == b'{"a": 1}'
    form = Question(f"{site.url}/ask", loopback=True, form=b"token=t", authorization="Basic eA==")
    assert ask(form) == b'{"a": 1}'
    assert site.seen == ["GET /x?y=1", "POST /ask"]
    assert "authorization" not in site.headers[0]
    assert "cookie" not in site.headers[0]
    assert site.headers[1]["authorization"] == "Basic eA=="
    assert site.bodies[1] == b"token=t"
    assert "token" not in repr(form)
    assert "eA==" not in repr(form)


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://100.100.100.200/",
        "https://0.0.0.0/",
        "https://[::]/",
        "https://255.255.255.255/",
    ],
)
def test_metadata_services_are_refused_whatever_is_allowed(url: str) -> None:
    assert "which is" in why(Question(url, private=True, loopback=True))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1.2.3/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://[fc00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
    ],
)
def test_private_and_loopback_addresses_are_refused_unless_allowed(url: str) -> None:
    text = why(Question(url))
    assert "loopback" in text or "private" in text


def test_leave_for_one_kind_is_none_for_the_other() -> None:
    assert "loopback" in why(Question("https://127.0.0.1:1/", private=True))
    assert "private" in why(Question("https://10.0.0.1:1/", loopback=True))
    assert "private" in why(Question("https://idp.example/", loopback=True), names("10.0.0.1"))


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("93.184.216.34", "127.0.0.1"),
        ("93.184.216.34", "169.254.169.254"),
        ("10.0.0.1", "93.184.216.34"),
        ("::1",),
        ("::ffff:10.0.0.1",),
        (),
        ("not an address",),
    ],
)
def test_every_address_of_a_name_is_checked(addresses: tuple[str, ...]) -> None:
    assert why(Question("https://idp.example/keys"), names(*addresses))


def test_a_name_is_resolved_once_and_what_was_checked_is_called(site: Site) -> None:
    with running() as other:
        answers = iter([["127.0.0.1"], ["169.254.169.254"]])
        asked: list[str] = []

        def rebinding(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return next(answers)

        fetch = ProviderFetch(resolve=rebinding)
        question = Question(f"http://idp.example:{site.server_port}/keys", loopback=True)
        assert ask(question, fetch) == b"{}"
        assert asked == ["idp.example"]
        assert site.headers[0]["host"] == f"idp.example:{site.server_port}"
        assert "link-local" in why(question, fetch)
        assert not other.seen


def test_plain_http_is_for_loopback_only() -> None:
    assert "not https" in why(Question("http://93.184.216.34/"))
    assert "not https" in why(Question("http://10.0.0.1/", private=True))
    assert "loopback" in why(Question("http://127.0.0.1/", private=True))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(site: Site, status: int) -> None:
    with running() as other:
        site.status, site.extra = status, {"Location": f"{other.url}/keys"}
        with pytest.raises(CannotFetch, match="redirects") as caught:
            ask(Question(f"{site.url}/keys", loopback=True))
        assert caught.value.status == status
        assert len(site.seen) == 1
        assert not other.seen


@pytest.mark.parametrize("status", [201, 204, 400, 404, 500])
def test_only_200_is_an_answer(site: Site, status: int) -> None:
    site.status = status
    with pytest.raises(CannotFetch) as caught:
        ask(Question(site.url, loopback=True))
    assert caught.value.status == status


def test_a_flood_ends(site: Site) -> None:
    site.content = b" " * (MOST_BYTES + 1)
    assert "more than" in why(Question(site.url, loopback=True))
    site.content, site.extra = b"x", {"Content-Encoding": "gzip"}
    assert "compresses" in why(Question(site.url, loopback=True))


def test_a_provider_that_hangs_is_left(site: Site) -> None:
    site.hang = True
    assert "Timeout" in why(Question(site.url, loopback=True), ProviderFetch(seconds=0.2))


def test_nobody_there_and_nothing_to_read() -> None:
    with running() as gone:
        url = gone.url
    assert "no answer of http://127.0.0.1" in why(Question(url, loopback=True))
    for bad in ("file:///etc/passwd", "https://u:p@idp.example/", "https://", "gopher://x/"):
        assert why(Question(bad, private=True, loopback=True))


def test_a_waiting_caller_can_leave(site: Site) -> None:
    site.hang = True

    async def leave() -> None:
        fetch = ProviderFetch(seconds=20)
        task = asyncio.create_task(fetch(Question(site.url, loopback=True)))
        while not site.seen:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(leave())
