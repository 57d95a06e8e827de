"""Our names for servers: what may be one, which are too alike, and one made from any text."""

from __future__ import annotations

import re
import unicodedata

SERVER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]|_(?!_)){0,62}(?<!_)")
"""No two underscores in a row: on the joined endpoint the first pair ends the server's name."""
_OTHER = re.compile(r"[^a-z0-9_-]+")


def clash_key(name: str) -> str:
    """Equal for names that a person or a model takes for one another."""
    return name.replace("-", "").replace("_", "").replace("1", "l").replace("0", "o")


def our_name(text: str) -> str:
    """A name for a server that its users call ``text``; ``server`` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"_+", "_", _OTHER.sub("-", plain))
    return plain.strip("-_")[:63].strip("-_") or "server"
