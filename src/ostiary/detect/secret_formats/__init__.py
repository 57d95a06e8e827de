"""Formats of credentials, one file per family."""

from __future__ import annotations

from ostiary.detect.secret_formats import (
    ai,
    clouds,
    code_hosts,
    databases,
    keys,
    messaging,
    own,
    payments,
    registries,
    services,
)
from ostiary.detect.secret_formats.form import SecretFormat

FORMATS: tuple[SecretFormat, ...] = (
    *code_hosts.FORMATS,
    *clouds.FORMATS,
    *ai.FORMATS,
    *messaging.FORMATS,
    *payments.FORMATS,
    *registries.FORMATS,
    *services.FORMATS,
    *databases.FORMATS,
    *keys.FORMATS,
    *own.FORMATS,
)
"""In order of precedence: where two overlap, the earlier one names the secret."""
