"""Shared by all tests: the ``tools`` folder and this folder can be imported."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
