"""A narrowed token reaches what it was narrowed to and nothing else, whatever policy allows."""

from __future__ import annotations

from ostiary.identity.narrow import within
from ostiary.model.asked import Asked, Verb
from ostiary.model.decision import Decision, deny


class Narrowed:
    """Holds a caller to its token's ``only``."""

    name = "token"

    def check(self, asked: Asked) -> Decision | None:
        only = asked.principal.only
        target = asked.target
        if only is None or not target.server:
            # The joined endpoint is nobody's: what is behind it is checked one by one.
            return None
        # Nobody knows what a method of no revision is about, so only a whole server covers it.
        kind = "method" if asked.verb is Verb.OTHER else target.kind
        if within(only, target.server, kind, target.name):
            return None
        return deny(
            self.name,
            f"this token was issued for {', '.join(only)} and reaches nothing else",
            "use a token that covers it, or ask for one",
            hidden=True,
        )
