"""Rules on where the code comes from and what runs without being asked, one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.supply import (
    install_script,
    licence,
    package_names,
    runs_on_open,
    startup_file,
    unpinned,
)
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (
    install_script.CHECK,
    startup_file.CHECK,
    runs_on_open.CHECK,
    package_names.CHECK,
    unpinned.CHECK,
    licence.CHECK,
)
"""Those that need no more than the target's own files."""
