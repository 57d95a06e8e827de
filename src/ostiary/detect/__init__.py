"""What a text can hide: planted instructions, hidden characters, encodings, influence."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage

DETECTORS: tuple[Detector, ...] = ()
"""Every detector of text, in the order in which their hits are listed."""


def judge(passage: Passage) -> Iterator[Hit]:
    """Every hit of every detector in one passage. Linear in its length; never raises."""
    for detector in DETECTORS:
        yield from detector.look(passage)
