"""Shared by all tests: the ``tools`` folder and this folder can be imported; no example is
judged by the time it takes."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")
