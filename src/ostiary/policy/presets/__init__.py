"""The policies that are shipped: one file each, one line here."""

from __future__ import annotations

from typing import NamedTuple

from ostiary.policy.presets import open as open_preset
from ostiary.policy.presets import read_only, regulated, team
from ostiary.policy.statements import Source


class Preset(NamedTuple):
    """One shipped policy."""

    name: str
    sentence: str
    text: str
    """Cedar."""

    @property
    def source(self) -> Source:
        return Source(f"preset:{self.name}", self.text)


PRESETS = (
    Preset("open", open_preset.SENTENCE, open_preset.TEXT),
    Preset("read-only", read_only.SENTENCE, read_only.TEXT),
    Preset("team", team.SENTENCE, team.TEXT),
    Preset("regulated", regulated.SENTENCE, regulated.TEXT),
)

NONE = "none"
"""The name that stands for no preset: only the policies of the files, and default deny."""


def preset(name: str) -> Preset:
    """The preset of that name. Raises ``KeyError``."""
    for one in PRESETS:
        if one.name == name:
            return one
    raise KeyError(name)
