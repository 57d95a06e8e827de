"""What the code of each tool does, as levels, destinations, credentials and stores."""

from __future__ import annotations

from ostiary.analyze.levels.reach import tool_reach

__all__ = ["tool_reach"]
