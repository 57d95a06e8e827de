"""What a text can hide: planted instructions, hidden characters, encodings, influence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ostiary.detect import (
    confusable_characters,
    consent_bypass,
    context_harvesting,
    encoded,
    fixed_destination,
    hidden_characters,
    invisible_markup,
    other_servers,
    planted_instruction,
    preference,
    role_marker,
    sensitive_file,
    terminal_escape,
)
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.secrets import find

DETECTORS: tuple[Detector, ...] = (
    planted_instruction.DETECTOR,
    sensitive_file.DETECTOR,
    fixed_destination.DETECTOR,
    consent_bypass.DETECTOR,
    other_servers.DETECTOR,
    encoded.DETECTOR,
    hidden_characters.DETECTOR,
    terminal_escape.DETECTOR,
    role_marker.DETECTOR,
    confusable_characters.DETECTOR,
    invisible_markup.DETECTOR,
    preference.DETECTOR,
    context_harvesting.DETECTOR,
)
"""Every detector of text, in the order in which their hits are listed."""


WORD_DETECTORS: tuple[Detector, ...] = (
    sensitive_file.DETECTOR,
    preference.DETECTOR,
    context_harvesting.DETECTOR,
)
"""Those that can say something of a few printable ASCII characters."""
SHORT = 15
"""Characters below which a printable ASCII text holds a name at most."""

LONG_WORD = 23
"""The same for a text without blanks: too short for an encoding that says anything."""


def judge(passage: Passage) -> Iterator[Hit]:
    """Every hit of every detector in one passage. Linear in its length; never raises."""
    text = passage.text
    short = len(text) <= SHORT or (len(text) <= LONG_WORD and " " not in text)
    word = short and text.isascii() and text.isprintable()
    for detector in WORD_DETECTORS if word else DETECTORS:
        for hit in detector.look(passage):
            yield replace(hit, excerpt=masked(hit.excerpt))


def masked(text: str) -> str:
    """``text`` with the credentials in it replaced by their kind."""
    pieces: list[str] = []
    end = 0
    for secret in find(text):
        pieces += [text[end : secret.start], f"<{secret.kind}>"]
        end = secret.end
    return "".join((*pieces, text[end:]))
