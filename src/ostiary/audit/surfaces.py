"""What a running server was seen to show: judged as a model would see it."""

from __future__ import annotations

from ostiary.model.check import Neighbourhood, run
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.surface.checks import CHECKS


def judge_recorded(recorded: Surface | None) -> tuple[list[Finding], list[NotChecked]]:
    """Findings on the texts and schemas of a recorded surface; none where there is none."""
    if recorded is None:
        return [], []
    return run(CHECKS, Neighbourhood(recorded), recorded.server)
