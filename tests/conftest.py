"""Shared by all tests: the ``tools`` folder and this folder can be imported.

Generated examples are the same on every run, so that a run in CI says the same twice;
``HYPOTHESIS_PROFILE=explore`` looks for others. None is judged by the time it took.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# A run in the background, or under nohup, ignores these signals, and everything that tests start
# would inherit that; some of it is stopped by them on purpose.
for stopping in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(stopping) is signal.SIG_IGN:
        usual = signal.default_int_handler if stopping is signal.SIGINT else signal.SIG_DFL
        signal.signal(stopping, usual)

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
