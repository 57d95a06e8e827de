"""What can be wrong with a lock or a key, each told with its next step."""

from __future__ import annotations


class LockProblem(Exception):
    """A lock cannot be used or written. The message says what, of which file, and what to do."""


class LockMissing(LockProblem):
    """There is no lock: nothing has been approved."""


class LockUnreadable(LockProblem):
    """The file cannot be read, or is not a lock in a form that this version knows."""


class LockMergeConflict(LockProblem):
    """Version control left both sides of a conflict in the file."""


class LockTampered(LockProblem):
    """What is signed is not what stands in the file."""


class LockUntrusted(LockProblem):
    """Too few keys that are trusted here have signed the lock."""


class LockOlder(LockProblem):
    """The lock is older than one that was in force here."""


class LockMoved(LockProblem):
    """Somebody else changed the file since it was read. Nothing was written."""


class LockUnwritable(LockProblem):
    """The file cannot be written. What was there still is."""


class KeyProblem(LockProblem):
    """The key that signs approvals cannot be used."""


class UnusableReference(LockProblem):
    """A reference to a secret cannot be understood or followed. Never holds the secret."""


class UnusableLogins(LockProblem):
    """The logins at remote servers cannot be read, trusted or written. Never holds a token."""
