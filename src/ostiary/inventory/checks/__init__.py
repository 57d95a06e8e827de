"""Checks on what is configured: one file for each, in the order they run."""

from __future__ import annotations

from ostiary.inventory.checks import (
    approvals,
    broad_filesystem_root,
    config_files,
    container_privileges,
    credentials_held,
    entry_state,
    known_vulnerable_version,
    launch_options,
    lookalike_package,
    plain_http,
    policies,
    program_place,
    remote_bridge,
    same_name,
    secret_in_config,
    shell_launch,
    starts_on_open,
    unpinned_package,
)
from ostiary.model.check import Check, Installation

CHECKS: tuple[Check[Installation], ...] = (
    secret_in_config.CHECK,
    credentials_held.CHECK,
    plain_http.CHECK,
    approvals.CHECK,
    lookalike_package.CHECK,
    known_vulnerable_version.CHECK,
    unpinned_package.CHECK,
    shell_launch.CHECK,
    program_place.CHECK,
    container_privileges.CHECK,
    broad_filesystem_root.CHECK,
    launch_options.CHECK,
    remote_bridge.CHECK,
    same_name.CHECK,
    config_files.CHECK,
    starts_on_open.CHECK,
    policies.CHECK,
    entry_state.CHECK,
)
