"""What a caller is told that is not let in (RFC 6750, section 3; RFC 9728, section 5.1).

The answer to a bad token is the same whatever is wrong with it: why is for the record only.
"""

from __future__ import annotations

from ostiary.identity.bearer import NoToken
from ostiary.identity.metadata import metadata_url
from ostiary.identity.settings import IdentitySettings
from ostiary.model.challenge import Challenge

NAME = "WWW-Authenticate"
RETRY_SECONDS = 5
_LOCAL = "ask the operator for a token: ostiary token issue"
_LOG_IN = "log in again at an identity provider of this gateway, and ask for a token meant for it"


class Refusals:
    """Makes challenges for one set of settings."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._remedy = _LOG_IN if settings.uses_providers else _LOCAL

    def unknown(self, why: NoToken, path: str) -> Challenge:
        """No token was sent, or none that can be read."""
        if not why.broken:
            return self._challenge(401, why.reason, path, ())
        return self._challenge(
            400,
            why.reason,
            path,
            (("error", "invalid_request"), ("error_description", "send one bearer token")),
        )

    def mistyped(self, path: str) -> Challenge:
        """One of our own tokens with a wrong checksum. Anyone can compute that."""
        return self._challenge(
            401,
            "a token of this gateway's form that is cut off or mistyped",
            path,
            (("error", "invalid_token"), ("error_description", "the token is cut off or mistyped")),
        )

    def invalid(self, reason: str, path: str) -> Challenge:
        """A token that opens nothing here."""
        return self._challenge(
            401,
            reason,
            path,
            (
                ("error", "invalid_token"),
                ("error_description", "the token is not valid here, or not any more"),
            ),
        )

    def too_little(self, path: str) -> Challenge:
        """A valid token without the scopes that are needed."""
        return self._challenge(
            403,
            "an access token without the scopes that the settings ask for",
            path,
            (("error", "insufficient_scope"), ("error_description", "more scopes are needed")),
        )

    def unavailable(self, reason: str) -> Challenge:
        """Whether the token is valid cannot be told now, so it is not."""
        return Challenge(
            503,
            reason,
            (("Retry-After", str(RETRY_SECONDS)),),
            "temporarily_unavailable",
            "try again later; the gateway cannot check tokens at the moment",
        )

    def _challenge(
        self, status: int, reason: str, path: str, said: tuple[tuple[str, str], ...]
    ) -> Challenge:
        parts = [("realm", "ostiary"), *said]
        if self._settings.uses_providers:
            if self._settings.scopes and status != 400:
                parts.append(("scope", " ".join(self._settings.scopes)))
            parts.append(("resource_metadata", metadata_url(self._settings, path)))
        value = "Bearer " + ", ".join(f'{name}="{text}"' for name, text in parts)
        error = dict(said).get("error", "")
        return Challenge(status, reason, ((NAME, value),), error, self._remedy)
