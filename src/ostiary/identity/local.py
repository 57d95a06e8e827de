"""Callers with a token that this gateway issued."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.files.stamp import Stamp
from ostiary.identity.token import PREFIX, digest, well_formed
from ostiary.identity.token_file import IssuedToken, TokenFile, UnusableTokens
from ostiary.model.principal import Principal, Proof

LOOK_SECONDS = 0.25
"""How often the file is looked at while calls come in: how late a revocation may take effect."""

Told = Callable[[str, IssuedToken], None]
"""Is told ``issued`` or ``revoked``, and which token, when the running gateway learns of it."""


class LocalTokens:
    """The issued tokens of one state folder, as they are now.

    Nothing watches the file: a look-up first makes sure that the file was looked at a quarter of a
    second ago, which four calls a second pay with the time of one ``stat``.
    """

    def __init__(self, file: TokenFile, told: Told | None = None) -> None:
        self._file = file
        self._told = told
        self._looked = float("-inf")
        self._stamp: Stamp | None = None
        self._tokens: dict[bytes, IssuedToken] = {}
        self._principals: dict[bytes, Principal] = {}
        self._last: dict[bytes, IssuedToken] = {}
        self.fault = ""
        """Why no token can be used at the moment; empty if they can."""

    def known(self, token: str, now: float) -> Principal | None:
        """The principal of ``token``, if it is issued, not revoked and not expired."""
        if not 0.0 <= now - self._looked < LOOK_SECONDS:
            self.look(now)
        found = self._principals.get(digest(token))
        if found is None or (found.expires is not None and now >= found.expires):
            return None
        return found

    def refused(self, token: str) -> str:
        """Why :meth:`known` gave nothing, for the record; empty for a wrong checksum."""
        if not well_formed(token):
            return ""
        one = self._tokens.get(digest(token))
        return "a token that is unknown or revoked" if one is None else f"token {one.id} expired"

    def look(self, now: float) -> None:
        """Read the file again if it changed. Whatever is wrong with it, no token of it opens."""
        self._looked = now
        stamp = self._file.stamp()
        if stamp == self._stamp:
            return
        first = self._stamp is None
        self._stamp = stamp
        try:
            tokens, self.fault = self._file.read(), ""
        except UnusableTokens as error:
            tokens, self.fault = (), str(error)
        self._tokens = {bytes.fromhex(one.hash): one for one in tokens}
        self._principals = {key: principal(one) for key, one in self._tokens.items()}
        if not self.fault:
            before, self._last = self._last, self._tokens
            if not first and self._told is not None:
                _tell(self._told, before, self._tokens)


def _tell(told: Told, before: dict[bytes, IssuedToken], after: dict[bytes, IssuedToken]) -> None:
    for key in after.keys() - before.keys():
        told("issued", after[key])
    for key in before.keys() - after.keys():
        told("revoked", before[key])


def ours(token: str) -> bool:
    """Whether a token claims to be issued by a gateway like this one."""
    return token.startswith(PREFIX)


def principal(one: IssuedToken) -> Principal:
    """Whom a token stands for."""
    return Principal(
        id=f"local:{one.client}",
        proof=Proof.TOKEN,
        name=one.client,
        groups=tuple(sorted(set(one.groups))),
        client=one.client,
        only=one.only,
        expires=one.expires,
        token_id=one.id,
    )
