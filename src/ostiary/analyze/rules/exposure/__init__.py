"""Rules on who can come in and what leaks out: transports, tokens, secrets, limits; one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure import (
    all_interfaces,
    any_origin,
    coarse_policy,
    coarse_scope,
    coarse_tool,
    credential_in_clear,
    debugging,
    error_details,
    file_modes,
    guessable_token,
    host_unchecked,
    master_key,
    no_authentication,
    open_redirect,
    secret_in_code,
    secret_logged,
    secret_returned,
    session_in_url,
    tls_unverified,
    token_passthrough,
    token_unverified,
    unasked_configuration,
    weak_password_hash,
)
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (
    no_authentication.CHECK,
    all_interfaces.CHECK,
    host_unchecked.CHECK,
    any_origin.CHECK,
    session_in_url.CHECK,
    open_redirect.CHECK,
    token_passthrough.CHECK,
    token_unverified.CHECK,
    tls_unverified.CHECK,
    credential_in_clear.CHECK,
    secret_in_code.CHECK,
    secret_logged.CHECK,
    secret_returned.CHECK,
    error_details.CHECK,
    guessable_token.CHECK,
    weak_password_hash.CHECK,
    debugging.CHECK,
    file_modes.CHECK,
    coarse_tool.CHECK,
    coarse_scope.CHECK,
    coarse_policy.CHECK,
    master_key.CHECK,
    unasked_configuration.CHECK,
)
