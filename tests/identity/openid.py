"""A real OpenID provider in a process of its own, and a person who logs in at it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from house.repository import ROOT

MODULES = ROOT / ".tools" / "npm" / "node_modules"
OWN_NODE = ROOT / ".tools" / "node" / "bin" / "node"
SCRIPT = ROOT / "tests" / "fixtures" / "openid_provider.mjs"
SERVICE = ("nightly-report", "secret-of-nightly-report")
CALLBACK = "http://127.0.0.1/callback"
GATEWAY = ("gateway", "secret of the gateway: +%&")


class OpenIdProvider:
    """One running provider."""

    def __init__(self, seconds: int = 0) -> None:
        """With ``seconds``, clients may register themselves, and access tokens live that long."""
        assert (MODULES / "oidc-provider").is_dir(), "run `make setup-test`"
        node = str(OWN_NODE) if OWN_NODE.exists() else shutil.which("node")
        assert node
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(MODULES), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.issuer = str(self._said()["issuer"])

    def _said(self) -> dict[str, object]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the provider did not start"
        said = json.loads(line)
        assert isinstance(said, dict)
        return said

    def rotate(self, how: str) -> None:
        """Sign with other keys from now on: ``replace``, or ``add`` to the old ones."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"rotate": how}) + "\n")
        self._process.stdin.flush()
        self._said()

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def service_token(self, resource: str, scope: str = "mcp") -> str:
        """A token for a service account (RFC 6749, section 4.4)."""
        form = {"grant_type": "client_credentials", "resource": resource, "scope": scope}
        return self._granted(form, SERVICE)["access_token"]

    def person_token(self, person: str, resource: str, scope: str = "mcp") -> str:
        """A token for a person who logs in and consents: authorization code with PKCE."""
        return self._tokens(person, resource, scope)["access_token"]

    def id_token(self, person: str, resource: str) -> str:
        """What tells the client who logged in, and is meant for nobody else."""
        return self._tokens(person, resource, "mcp")["id_token"]

    def _tokens(self, person: str, resource: str, scope: str) -> dict[str, str]:
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "client_id": "desktop",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": f"openid {scope}",
            "resource": resource,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
            "nonce": secrets.token_urlsafe(16),
        }
        came_back = self.log_in(f"{self.issuer}/auth?{urlencode(query)}", person)
        code = parse_qs(urlsplit(came_back).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "client_id": "desktop",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
            "resource": resource,
        }
        return self._granted(form)

    def revoke(self, token: str, client: tuple[str, str] = SERVICE) -> None:
        """Revoke a token of a client (RFC 7009)."""
        status, _, _ = self._send("POST", "/token/revocation", {"token": token}, client)
        assert status == 200

    def _granted(
        self, form: dict[str, str], client: tuple[str, str] | None = None
    ) -> dict[str, str]:
        status, body, _ = self._send("POST", "/token", form, client)
        assert status == 200, body
        found = json.loads(body)
        assert isinstance(found, dict)
        return found

    def log_in(self, url: str, person: str, back: str = CALLBACK) -> str:
        """Where a person's browser ends who logs in and consents at ``url``: at ``back``."""
        cookies: dict[str, str] = {}
        form: dict[str, str] | None = None
        for _ in range(12):
            status, body, where = self._send("POST" if form else "GET", url, form, cookies=cookies)
            form = None
            if where.startswith(back):
                return where
            if where:
                url = urljoin(self.issuer, where)
                continue
            assert status == 200, body
            action = re.search(r'action="([^"]+)"', body)
            prompt = re.search(r'name="prompt" value="([a-z]+)"', body)
            assert action, body
            assert prompt, body
            url, form = urljoin(self.issuer, action[1]), {"prompt": prompt[1]}
            if prompt[1] == "login":
                form |= {"login": person, "password": "any"}
        raise AssertionError("the log-in does not end")

    def _send(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        client: tuple[str, str] | None = None,
        cookies: dict[str, str] | None = None,
    ) -> tuple[int, str, str]:
        parts = urlsplit(urljoin(self.issuer, url))
        headers = {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if client:
            pair = base64.b64encode(":".join(client).encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = HTTPConnection(parts.netloc, timeout=30)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        if cookies is not None:
            for line in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                cookies[name] = value
        return answer.status, body, answer.getheader("Location") or ""


@contextmanager
def openid_provider(seconds: int = 0) -> Iterator[OpenIdProvider]:
    """A provider that runs while the block does."""
    provider = OpenIdProvider(seconds)
    try:
        yield provider
    finally:
        provider.stop()
