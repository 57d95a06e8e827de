"""Limits as options of ``ostiary approve``, one argument each."""

from __future__ import annotations

from ostiary.model.audit import Limits

_SPECIAL = {"*": "[*]", "?": "[?]", "[": "[[]"}


def approve_options(limits: Limits) -> tuple[str, ...]:
    """The options that set ``limits``; add the server's name and how it is started.

    Hosts cannot be named to ``ostiary approve``: a server that reaches out gets the network, one
    that needs none is refused it, and where that is not known nothing is said, which is no network.
    """
    found = [f"--without={_exactly(name)}" for name in limits.tools_off]
    if limits.network is not None:
        found.append("--allow-network" if limits.network else "--no-network")
    found += [f"--read={path}" for path in limits.paths]
    if not limits.read_only:
        found += [f"--write={path}" for path in limits.paths]
    return tuple(found)


def _exactly(name: str) -> str:
    """``name`` as a pattern that fits nothing else: approve takes patterns of names."""
    return "".join(_SPECIAL.get(char, char) for char in name)
