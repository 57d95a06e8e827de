"""Issues and revokes the tokens that clients of this gateway come in with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from ostiary.identity.narrow import UnclearPattern, checked
from ostiary.identity.token import BITS, digest, token_from
from ostiary.identity.token_file import IssuedToken, TokenFile
from ostiary.model.span import span

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}")
_LONGEST = timedelta(days=3_660)
MOST_TOKENS = 10_000

Random = Callable[[int], bytes]
"""So many bytes that nobody can guess."""


class CannotIssue(ValueError):
    """A token that cannot be issued as it was asked for. The message says what to change."""


class NoSuchToken(ValueError):
    """Nothing was revoked, because nothing is issued under that name."""


def issue(
    file: TokenFile,
    client: str,
    *,
    now: float,
    random: Random,
    seconds: float | None = None,
    only: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> tuple[str, IssuedToken]:
    """A token for ``client``, and what is remembered of it. ``seconds`` is how long it lives;
    without ``only`` it opens all that policy allows.
    Raises :class:`CannotIssue` and :class:`~ostiary.identity.token_file.UnusableTokens`.
    """
    _check(client, only, groups)
    token = token_from(random(BITS // 8))
    with file.changing() as tokens:
        if len(tokens) >= MOST_TOKENS:
            raise CannotIssue(f"there are {MOST_TOKENS:,} tokens; revoke those that are not used")
        used = {one.id for one in tokens}
        name = random(4).hex()
        while name in used:
            name = random(4).hex()
        issued = IssuedToken(
            id=name,
            client=client,
            hash=digest(token).hex(),
            issued=now,
            expires=None if seconds is None else now + seconds,
            only=tuple(sorted(set(only))) if only else None,
            groups=tuple(sorted(set(groups))),
        )
        tokens.append(issued)
    return token, issued


def revoke(
    file: TokenFile, *, ids: Sequence[str] = (), client: str = "", every: bool = False
) -> tuple[IssuedToken, ...]:
    """Revoke tokens by their ids, those of one client, or every one; what was revoked.
    Raises :class:`NoSuchToken` and :class:`~ostiary.identity.token_file.UnusableTokens`."""
    with file.changing() as tokens:
        known = {one.id for one in tokens}
        missing = [one for one in ids if one not in known]
        if missing:
            raise NoSuchToken(f"no token has the id {missing[0]!r}; nothing was revoked")
        gone = tuple(
            one for one in tokens if every or one.id in ids or (client and one.client == client)
        )
        if client and not gone:
            raise NoSuchToken(f"no token was issued for {client!r}; nothing was revoked")
        tokens[:] = [one for one in tokens if one not in gone]
    return gone


def seconds(text: str) -> float | None:
    """How long ``30d``, ``12h`` or ``never`` is, in seconds; ``None`` is for ever.
    Raises :class:`CannotIssue`."""
    if text == "never":
        return None
    lives = span(text)
    if not lives or lives > _LONGEST:
        raise CannotIssue(f"{text!r} is no time to live: write 30d, 12h, 8w or never")
    return lives.total_seconds()


def _check(client: str, only: Sequence[str], groups: Sequence[str]) -> None:
    if not _NAME.fullmatch(client):
        raise CannotIssue(
            f"{client!r} is no name for a client: up to 64 letters, digits and . _ @ -"
        )
    for group in groups:
        if not _GROUP.fullmatch(group):
            raise CannotIssue(f"{group!r} is no name of a group: letters, digits and . _ : @ / -")
    try:
        for pattern in only:
            checked(pattern)
    except UnclearPattern as error:
        raise CannotIssue(str(error)) from None
