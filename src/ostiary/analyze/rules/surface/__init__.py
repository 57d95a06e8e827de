"""Rules on what a server says of its tools against what its code declares and does; one a file."""

from __future__ import annotations

from ostiary.analyze.rules.surface import claims, listed, manifest
from ostiary.analyze.stated import Declared
from ostiary.model.check import Check

CHECKS: tuple[Check[Declared], ...] = (claims.CHECK, listed.CHECK, manifest.CHECK)
