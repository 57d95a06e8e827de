"""Who is calling when the client started the gateway itself and speaks over its streams."""

from __future__ import annotations

from ostiary.model.principal import Principal, Proof
from ostiary.model.visible import NAME, visible


def process_principal(user: str, client: str = "") -> Principal:
    """The person whose process it is. The operating system vouches for ``user``; ``client`` is what
    the command line that a person wrote says, or empty."""
    return Principal(
        id=f"process:{visible(user, NAME)}",
        proof=Proof.PROCESS,
        name=visible(user, NAME),
        client=visible(client, NAME),
    )
