"""The logins of a running gateway: the token for each request, renewed before it ends.

Nothing here waits while a call is made: a link looks at one attribute. The file of logins is
looked at once a second, and tokens are renewed beside the calls.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ostiary.catalogue.failure import UnusableLogins, UnusableReference
from ostiary.catalogue.login_form import LoginBook
from ostiary.catalogue.logins import LoginFile, Occupied, login_for
from ostiary.gateway.renewal import CannotRenew, renewed
from ostiary.gateway.server_settings import ServerSettings
from ostiary.identity.fetching import Fetch
from ostiary.model.login import Login, Need
from ostiary.wire.bearer_challenge import BearerChallenge, bearer_challenge

EARLY_SECONDS = 120.0
"""How long before its end a token is renewed, or a third of its life if that is less."""
AGAIN_SECONDS = 30.0
"""Between two tries to renew one token."""
_PLAIN = re.compile(r"[A-Za-z0-9:/._-]{1,80}")
_MOST_SHOWN = 5

Say = Callable[[str], None]


class Credential:
    """The login at one server, for its links. Matches
    :class:`~ostiary.gateway.upstream.bearer.Bearer`."""

    __slots__ = ("_owner", "again", "line", "login", "renewing", "server", "url")

    def __init__(self, owner: Credentials, server: str, url: str) -> None:
        self._owner = owner
        self.server = server
        self.url = url
        self.line = ""
        self.login: Login | None = None
        self.again = 0.0
        self.renewing: asyncio.Task[None] | None = None

    def take(self, login: Login | None) -> None:
        """Go by ``login`` from now on."""
        if login != self.login:
            self.again = 0.0
        self.login = login
        self.line = f"Authorization: Bearer {login.access}\r\n" if login is not None else ""

    def due(self, now: float) -> bool:
        """Whether the token should be renewed now."""
        login = self.login
        if login is None or not login.refresh or login.expires is None or now < self.again:
            return False
        return now >= login.expires - min(EARLY_SECONDS, (login.expires - login.at) / 3)

    def denied(self, status: int, challenge: str) -> str:
        found = bearer_challenge(challenge)
        login = self.login
        stepped = status == 403 and found.error == "insufficient_scope"
        if status == 403 and not stepped:
            return f"refused what was asked with the gateway's login (HTTP {status})"
        if stepped and login is not None and set(found.scopes) <= {*login.asked, *login.scopes}:
            return (
                f"refuses this, although its login was asked for with {_words(found.scopes)}; "
                "ask who runs that server"
            )
        self._owner.needed(self._need(status, found))
        run = f"run `ostiary login {self.server}`"
        if stepped:
            return f"wants {_words(found.scopes)} for this (HTTP {status}); {run}"
        again = " again: the login it had is not accepted" if login is not None else ""
        return f"asks for a login{again} (HTTP {status}); {run}"

    def _need(self, status: int, found: BearerChallenge) -> Need:
        return Need(self.server, self.url, status, found.scopes, found.metadata)

    async def renewed(self, line: str, status: int) -> bool:
        self._owner.look()
        renewable = self.login is not None and bool(self.login.refresh)
        if status == 401 and self.line == line and renewable:
            await self._owner.renew(self)
        return bool(self.line) and self.line != line


class Credentials:
    """All logins of a gateway. Used by one event loop."""

    def __init__(
        self,
        file: LoginFile,
        settings: Mapping[str, ServerSettings],
        fetch: Fetch,
        *,
        environ: Mapping[str, str],
        clock: Callable[[], float],
        say: Say,
    ) -> None:
        """``say`` takes lines for the operator."""
        self._file = file
        self._settings = settings
        self._fetch = fetch
        self._environ = environ
        self._clock = clock
        self._say = say
        self._book = LoginBook()
        self._all: dict[tuple[str, str], Credential] = {}
        self._needs: dict[str, Need] = {}
        self._wrote: dict[str, float] = {}
        self.fault = ""
        """Why the file cannot be used; empty while it can."""
        self._stamp: object = None
        self.look()

    def of(self, server: str, url: str) -> Credential:
        """The login at an approved server; the same one every time."""
        found = self._all.get((server, url))
        if found is None:
            found = self._all[server, url] = Credential(self, server, url)
            found.take(login_for(self._book, server, url))
        return found

    def look(self) -> None:
        """Take up the file if it changed. One that cannot be used opens nothing."""
        stamp = self._file.stamp()
        if stamp == self._stamp:
            return
        first, self._stamp = self._stamp is None, stamp
        try:
            book = self._file.read()
        except UnusableLogins as problem:
            self.fault = str(problem)
            book = LoginBook()
            self._say(f"logins: not used: {self.fault}")
        else:
            self.fault = ""
            if not first and book.logins != self._book.logins:
                self._say("logins: taken up")
        self._take(book)

    def tick(self) -> None:
        """Look at the file, and renew what ends soon. Called every second; never waits."""
        self.look()
        self._write_needs()
        now = self._clock()
        for one in self._all.values():
            if one.renewing is None and one.due(now):
                one.renewing = asyncio.get_running_loop().create_task(self._renew(one))

    async def renew(self, one: Credential) -> None:
        """Try for another token now, once for all who ask at the same time."""
        if one.renewing is None:
            if self._clock() < one.again:
                return
            one.renewing = asyncio.get_running_loop().create_task(self._renew(one))
        await asyncio.shield(one.renewing)

    async def close(self) -> None:
        """Stop renewing."""
        tasks = [one.renewing for one in self._all.values() if one.renewing is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def needed(self, need: Need) -> None:
        """Remember what a server asked for, for the next ``ostiary login``."""
        if need not in self._book.needs:
            self._needs[need.server] = need
            self._write_needs()

    def _take(self, book: LoginBook) -> None:
        self._book = book
        for one in self._all.values():
            one.take(login_for(book, one.server, one.url))

    async def _renew(self, one: Credential) -> None:
        try:
            one.again = self._clock() + AGAIN_SECONDS
            await self._renewed(one)
        except CannotRenew as problem:
            self._say(f"{one.server}: its login could not be renewed: {problem}")
        except Occupied:
            # Somebody else renews or logs in; what comes of it is seen in a second.
            one.again = 0.0
        except UnusableLogins as problem:
            self._say(f"{one.server}: its login could not be kept: {problem}")
        finally:
            one.renewing = None

    async def _renewed(self, one: Credential) -> None:
        """Renew under the file's lock: a token that renews may count once only, and replicas share
        it. Raises :class:`CannotRenew` and :class:`UnusableLogins`."""
        with self._file.changing(wait=False) as book:
            now = LoginBook(tuple(book.logins), tuple(book.needs))
            login = login_for(now, one.server, one.url)
            if login is None or login != one.login or not login.refresh:
                # Somebody else was quicker.
                one.take(login)
                return
            fresh = await self._asked(login)
            needs = list(book.needs)
            book.put(fresh)
            book.needs = needs
            one.take(fresh)
            kept = LoginBook(tuple(book.logins), tuple(book.needs))
        self._book, self._stamp = kept, self._file.stamp()

    async def _asked(self, login: Login) -> Login:
        settings = self._settings.get(login.server, ServerSettings())
        try:
            secret = _secret(settings, login, self._environ)
            return await renewed(
                login,
                secret,
                self._fetch,
                private=settings.limits.allow_private,
                now=self._clock(),
            )
        except UnusableReference as problem:
            raise CannotRenew(str(problem)) from None
        except CannotRenew as problem:
            if not problem.final:
                raise
            self._say(
                f"{login.server}: its login is not renewed any more ({problem}); "
                f"run `ostiary login {login.server}`"
            )
            return replace(login, refresh="")

    def _write_needs(self) -> None:
        """At most once a second for each server: it could ask for something else every time."""
        now = self._clock()
        ready = [one for one in self._needs.values() if now >= self._wrote.get(one.server, 0.0)]
        if not ready:
            return
        try:
            with self._file.changing(wait=False, durable=False) as book:
                for need in ready:
                    book.need(need)
                kept = LoginBook(tuple(book.logins), tuple(book.needs))
        except UnusableLogins:
            # It stays for the next second.
            return
        for need in ready:
            self._wrote[need.server] = now + 1.0
            del self._needs[need.server]
        if kept.logins == self._book.logins:
            self._book, self._stamp = kept, self._file.stamp()


def _secret(settings: ServerSettings, login: Login, environ: Mapping[str, str]) -> str:
    known = settings.login.client_secret
    if login.registration.origin != "settings" or known is None:
        return ""
    return known.resolve(environ).reveal()


def _words(scopes: tuple[str, ...]) -> str:
    """Scopes in words. A server chose them, so only plain ones are repeated."""
    plain = [one for one in scopes if _PLAIN.fullmatch(one)][:_MOST_SHOWN]
    if not plain:
        return "another scope"
    return f"the scope{'s' if len(plain) > 1 else ''} {', '.join(plain)}"
