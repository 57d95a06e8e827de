"""The person behind a gateway: logs in as Ostiary says, approves, and calls through the gateway.

What ``ostiary login`` does is done by its own function; only the browser is a script, which goes
where the person is sent and comes back as the suite's authorization server says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import httpx2

from everything.driver import list_and_call
from gateway.approving import NotSeen, approval_of
from gateway.running import Running
from ostiary.catalogue.login_form import LoginBook
from ostiary.catalogue.logins import LoginFile, login_for
from ostiary.gateway.login.flow import log_in
from ostiary.gateway.login.wanted import CannotLogIn, Desk, NoLoginNeeded, Shown, Wanted
from ostiary.gateway.login_settings import LoginSettings
from ostiary.model.approval import Approval, Start

DOCUMENT = "https://conformance-test.local/client-metadata.json"
"""Where the suite believes the client to describe itself."""
MOST_TRIES = 6
"""More than the suite allows, so that it is Ostiary that ends the matter."""


class Person:
    """Plays one scenario of authorization."""

    def __init__(
        self, name: str, url: str, environment: Mapping[str, str], gateway: Running
    ) -> None:
        self._name = name
        self._url = url
        self._environment = {**environment, "DRIVER_TOKEN": gateway.token}
        self._gateway = gateway
        self._file = LoginFile(gateway.place.state)

    async def play(self, approve: Callable[[Approval], Awaitable[None]]) -> None:
        """Ends when the call was answered, or when Ostiary says that logging in is of no use."""
        told = json.loads(self._environment.get("MCP_CONFORMANCE_CONTEXT", "{}"))
        wanted = await asyncio.to_thread(self._wanted, told)
        try:
            await approve(await self._seen(wanted))
            await self._called(wanted)
        except CannotLogIn:
            return

    async def _seen(self, wanted: Wanted) -> Approval:
        """What the server shows to who has logged in."""
        start = Start("http", url=self._url)
        for _ in range(MOST_TRIES):
            login = login_for(self._book(), self._name, self._url)
            token = login.access if login is not None else ""
            try:
                cache = self._gateway.place.cache
                return await asyncio.to_thread(approval_of, self._name, start, cache, None, token)
            except NotSeen as asks:
                if "asks for credentials" not in str(asks):
                    raise
            await self._log_in(wanted)
        raise CannotLogIn("no end of asking")

    async def _called(self, wanted: Wanted) -> None:
        for _ in range(MOST_TRIES):
            try:
                await list_and_call(self._gateway.endpoint(self._name), self._environment)
            except Exception as failed:
                if f"run `ostiary login {self._name}`" not in words_of(failed):
                    raise
                await self._remembered()
                await self._log_in(wanted)
            else:
                return

    async def _remembered(self) -> None:
        """Until the gateway has written down what the server asked for: at once, or a second later
        where others write at the same moment."""
        while not any(one.server == self._name for one in self._book().needs):
            await asyncio.sleep(0.05)

    async def _log_in(self, wanted: Wanted) -> None:
        try:
            await asyncio.to_thread(log_in, wanted, self._file, Desk(browse))
        except NoLoginNeeded:
            return

    def _book(self) -> LoginBook:
        return self._file.read()

    def _wanted(self, told: Mapping[str, str]) -> Wanted:
        """With what an operator would set: a client that was registered by hand, and where."""
        settings = LoginSettings(client_document=DOCUMENT)
        if "client_id" in told:
            parts = urlsplit(self._url)
            where = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-protected-resource"
            metadata = httpx2.get(where + parts.path).json()
            settings = LoginSettings(
                client_id=told["client_id"], issuer=metadata["authorization_servers"][0]
            )
        return Wanted(
            self._name,
            self._url,
            settings=settings,
            secret=told.get("client_secret", ""),
            private=True,
        )


def browse(shown: Shown) -> None:
    """Stands for the person and the browser: agrees, and comes back where it is sent."""
    with httpx2.Client() as http:
        sent = http.get(shown.address, follow_redirects=False)
        if "location" in sent.headers:
            http.get(sent.headers["location"], follow_redirects=False)


def words_of(error: BaseException) -> str:
    """Everything that an error says, with what it holds."""
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return " ".join([str(error), *map(words_of, inner)])
