"""Boxes for tests. Where none can be made the tests fail: an untested box is not a box."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host.boxing import Boxes
from ostiary.host.bubblewrap import Bubblewrap


@pytest.fixture(params=["groups", "watched"])
def needs_box(request: pytest.FixtureRequest) -> Bubblewrap:
    """Bubblewrap with control groups where they can be written, and without."""
    boxes = Bubblewrap(groups=request.param == "groups")
    reason = boxes.available()
    if reason is not None:
        pytest.fail(f"no box can be made here, so nothing about boxes is proved: {reason}")
    return boxes


@pytest.fixture
def start(needs_box: Bubblewrap) -> Iterator[Boxes]:
    """Starts attacks in boxes, and ends them after the test."""
    boxes = Boxes(needs_box)
    yield boxes
    boxes.stop()
