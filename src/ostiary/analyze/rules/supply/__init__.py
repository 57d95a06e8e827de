"""Rules on where the code comes from and what runs without being asked, one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.supply import (
    archive_traits,
    install_script,
    known_advisory,
    licence,
    package_names,
    package_source,
    provenance,
    runs_on_open,
    startup_file,
    unpinned,
    upkeep,
)
from ostiary.analyze.supplied import Supplied
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

SUPPLY_CHECKS: tuple[Check[Supplied], ...] = (
    known_advisory.CHECK,
    provenance.CHECK,
    archive_traits.CHECK,
    package_source.CHECK,
    upkeep.CHECK,
)
"""Those that need what an index, an archive, a source repository or advisories say."""
