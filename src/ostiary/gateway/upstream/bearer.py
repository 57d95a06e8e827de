"""The credential of a login, as the side of the servers needs it: looked at for every request."""

from __future__ import annotations

from typing import Protocol


class Bearer(Protocol):
    """The login at one server. Made for one URL; its token goes nowhere else."""

    line: str
    """The header to send now, as it goes over the wire; empty without a token."""

    def denied(self, status: int, challenge: str) -> str:
        """What an HTTP 401 or 403 with this ``WWW-Authenticate`` means, in words of ours with the
        next step, after the name of the server. Remembers what the server needs."""

    async def renewed(self, line: str, status: int) -> bool:
        """After ``line`` was refused with an HTTP ``status``: whether there is another to try."""


class NoBearer:
    """Of a server that the settings give a credential, or that needs none."""

    line = ""

    def denied(self, status: int, challenge: str) -> str:
        del challenge
        return (
            f"refused the gateway's credentials (HTTP {status}); "
            "renew them in the gateway's settings"
        )

    async def renewed(self, line: str, status: int) -> bool:
        del line, status
        return False


NONE = NoBearer()
