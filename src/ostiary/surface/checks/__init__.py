"""Checks on one surface among its neighbours, one a file, listed here."""

from __future__ import annotations

from ostiary.model.check import Check, Neighbourhood
from ostiary.surface.checks import (
    collisions,
    credential_parameter,
    descriptions,
    documented,
    icons,
    impersonation,
    irregular,
    mcp_header,
    mismatch,
    network_ref,
    overlap,
    oversized,
    prompt_arguments,
    resource_uris,
    schema_bomb,
    schema_invalid,
    schema_poisoning,
    shadowing,
    text,
    tool_names,
)

CHECKS: tuple[Check[Neighbourhood], ...] = (
    text.CHECK,
    schema_poisoning.CHECK,
    shadowing.CHECK,
    collisions.CHECK,
    overlap.CHECK,
    impersonation.CHECK,
    mismatch.CHECK,
    network_ref.CHECK,
    schema_bomb.CHECK,
    mcp_header.CHECK,
    resource_uris.CHECK,
    credential_parameter.CHECK,
    documented.CHECK,
    tool_names.CHECK,
    oversized.CHECK,
    descriptions.CHECK,
    schema_invalid.CHECK,
    prompt_arguments.CHECK,
    icons.CHECK,
    irregular.CHECK,
)
