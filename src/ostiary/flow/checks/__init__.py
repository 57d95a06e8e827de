"""Checks on what can be reached, one a file, listed here."""

from __future__ import annotations

from ostiary.flow.checks import (
    approvals,
    broad_server_credential,
    claim_contradicted,
    local_program,
    no_annotations,
    open_remote,
    over_broad_tool,
    toxic_flow,
)
from ostiary.flow.subject import Access
from ostiary.model.check import Check

CHECKS: tuple[Check[Access], ...] = (
    toxic_flow.CHECK,
    claim_contradicted.CHECK,
    approvals.CHECK,
    broad_server_credential.CHECK,
    over_broad_tool.CHECK,
    local_program.CHECK,
    open_remote.CHECK,
    no_annotations.CHECK,
)
"""Every check of this room."""
