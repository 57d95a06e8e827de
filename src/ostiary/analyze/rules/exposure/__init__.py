"""Rules on who can come in and what leaks out: transports, tokens, secrets, limits; one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure import (
    all_interfaces,
    any_origin,
    host_unchecked,
    no_authentication,
    secret_logged,
    secret_returned,
    tls_unverified,
    token_passthrough,
    token_unverified,
)
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (
    no_authentication.CHECK,
    all_interfaces.CHECK,
    host_unchecked.CHECK,
    any_origin.CHECK,
    token_passthrough.CHECK,
    token_unverified.CHECK,
    tls_unverified.CHECK,
    secret_logged.CHECK,
    secret_returned.CHECK,
)
