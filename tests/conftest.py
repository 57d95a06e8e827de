"""Shared by all tests: the ``tools`` folder and this folder can be imported.

Generated examples are the same on every run, so that a run in CI says the same twice;
``HYPOTHESIS_PROFILE=explore`` looks for others. None is judged by the time it took.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
