"""Rights that services grant by name, and which names grant nearly everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ostiary.detect.linear import compiled, readable


@dataclass(frozen=True, slots=True)
class Scope:
    """A right by its name."""

    pattern: str
    """RE2 over one whole name."""
    opens: str
    plain: bool = False
    """Whether the name is a common word, which counts only where it is given as a scope."""


SCOPES: Final = (
    Scope(r"https://mail\.google\.com/?", "all mail, deleting for good included"),
    Scope(r"https://www\.googleapis\.com/auth/drive", "every file of the drive, to change too"),
    Scope(
        r"https://www\.googleapis\.com/auth/cloud-platform", "every service of the cloud account"
    ),
    Scope(r"https://www\.googleapis\.com/auth/calendar", "every calendar, sharing included"),
    Scope(r"https://www\.googleapis\.com/auth/contacts", "every contact, to change too"),
    Scope(
        r"https://www\.googleapis\.com/auth/admin\.directory\.(?:user|group|domain|orgunit)",
        "the directory of the organisation, to change too",
    ),
    Scope(r"(?:https://graph\.microsoft\.com/)?Mail\.ReadWrite(?:\.All)?", "all mail, to change"),
    Scope(
        r"(?:https://graph\.microsoft\.com/)?"
        r"(?:Files|Sites|Directory|User|Group|Application|RoleManagement)\."
        r"(?:ReadWrite|FullControl|Manage)\.All",
        "everything of that kind in the organisation, to change",
    ),
    Scope(r"full_access_as_app|full_access_as_user", "every mailbox of the organisation"),
    Scope(r"https://management\.azure\.com/\.default", "every resource of the subscription"),
    Scope(
        r"admin:(?:org|enterprise|repo_hook|org_hook|public_key|gpg_key)|site_admin|delete_repo",
        "the administration of repositories or of the organisation",
    ),
    Scope(r"repo", "every private repository, to change too", plain=True),
    Scope(r"admin(?:[.:]\S*)?|\S+[.:]admin", "administration", plain=True),
    Scope(
        r"\*|\*:\*|\S+[:.]\*|all|full|full[_-]access|root|sudo|superuser|god",
        "everything",
        plain=True,
    ),
)


_FULL: Final = "|".join(f"(?:{one.pattern})" for one in SCOPES if not one.plain)
_EVERY: Final = "|".join(f"(?:{one.pattern})" for one in SCOPES)


def opens_much(text: str) -> bool:
    """Whether a text may hold the full name of such a right."""
    return compiled(_FULL).search(readable(text)) is not None


@lru_cache(maxsize=4096)
def opened(name: str, *, given: bool) -> str:
    """What a right opens beyond what a tool needs, in words; empty if it is narrow or no right.

    ``given`` says that the name stands where scopes are given."""
    bare = readable(name.strip())
    if not bare or len(bare) > 120 or " " in bare:
        return ""
    if not compiled(_EVERY if given else _FULL).fullmatch(bare):
        return ""
    for one in SCOPES:
        if (given or not one.plain) and compiled(one.pattern).fullmatch(bare):
            return one.opens
    return ""
