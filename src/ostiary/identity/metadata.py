"""Which identity providers this gateway trusts, as clients read it (RFC 9728)."""

from __future__ import annotations

import re

from ostiary.identity.settings import Audience, IdentitySettings
from ostiary.model.json import JsonObject

WELL_KNOWN = "/.well-known/oauth-protected-resource"
_PATH = re.compile(r"(/[A-Za-z0-9_~.-]+)*/?")


def resource(settings: IdentitySettings, path: str) -> str | None:
    """The identifier (RFC 8707) of the endpoint ``path``; ``None`` for what is no endpoint's path.

    Paths hold only characters that stand for themselves in URLs and in quoted header values.
    """
    if not _PATH.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
        return None
    if settings.audience is Audience.GATEWAY:
        return settings.resource
    return settings.resource + path.rstrip("/")


def metadata_url(settings: IdentitySettings, path: str) -> str:
    """Where the metadata for ``path`` is; for the gateway as a whole if the path is none."""
    known = path.rstrip("/") if resource(settings, path) is not None else ""
    return f"{settings.resource}{WELL_KNOWN}{known}"


def document(settings: IdentitySettings, path: str) -> JsonObject | None:
    """The metadata of one endpoint (RFC 9728, section 2), or ``None``."""
    name = resource(settings, path)
    if name is None or not settings.uses_providers:
        return None
    found: JsonObject = {
        "resource": name,
        "authorization_servers": [one.issuer for one in settings.issuers],
        "bearer_methods_supported": ["header"],
        "resource_name": settings.name or "Ostiary",
    }
    if settings.scopes:
        found["scopes_supported"] = list(settings.scopes)
    return found
