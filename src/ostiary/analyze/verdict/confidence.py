"""How sure a verdict is, and every reason for not being surer."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.verdict.coverage import Coverage
from ostiary.model.audit import Proof, Standing, ToolReach
from ostiary.model.counted import counted
from ostiary.model.grade import Confidence
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import NAME, visible

_GRAVE = 2
"""Doubts that bring confidence down to low."""


def with_code(tools: tuple[ToolReach, ...]) -> int:
    """How many tools have code that was found."""
    return sum(1 for one in tools if one.handler is not None)


def confidence(
    coverage: Coverage,
    tools: tuple[ToolReach, ...],
    not_checked: tuple[NotChecked, ...],
    proofs: tuple[Proof, ...],
) -> tuple[Confidence, str]:
    """The confidence of a verdict that rests on what was not found, with its explanation."""
    if not coverage.source_read:
        return Confidence.LOW, f"Its code was not read: {_unread(coverage)}."
    doubts = list(_doubts(coverage, tools, not_checked))
    known = (
        f"{counted(coverage.files, 'file')} and the code behind {with_code(tools)} of "
        f"{counted(len(tools), 'tool')} read"
    )
    origin = _origin(proofs)
    if not doubts:
        return Confidence.HIGH, f"{known}; {origin}."
    grade = Confidence.MEDIUM if len(doubts) < _GRAVE else Confidence.LOW
    return grade, f"{known}, but {'; '.join(doubts)}; {origin}."


def _doubts(
    coverage: Coverage, tools: tuple[ToolReach, ...], not_checked: tuple[NotChecked, ...]
) -> Iterator[str]:
    missing = len(tools) - with_code(tools)
    if not tools:
        yield "no tool was found in it"
    elif missing:
        yield f"the code behind {missing} of {counted(len(tools), 'tool')} was not found"
    if coverage.unread_declarations:
        yield f"{counted(coverage.unread_declarations, 'declaration')} could not be read whole"
    if coverage.minified:
        yield f"{counted(len(coverage.minified), 'file')} minified, so names tell nothing"
    if coverage.partly:
        yield f"{counted(len(coverage.partly), 'file')} could not be read whole"
    if coverage.unsupported:
        yield f"code in {', '.join(coverage.unsupported)} was not followed"
    if not_checked:
        first = visible(not_checked[0].subject, NAME)
        more = f" and {len(not_checked) - 1} more" if len(not_checked) > 1 else ""
        yield f"not checked: {first}{more}"


def _origin(proofs: tuple[Proof, ...]) -> str:
    verified = [one.kind for one in proofs if one.standing is Standing.VERIFIED]
    if verified:
        return f"verified of its origin: {visible(', '.join(verified), 200)}"
    return "nothing proves where the bytes come from, so it holds for these bytes only"


def _unread(coverage: Coverage) -> str:
    if coverage.why:
        return visible(coverage.why, 200)
    if coverage.unsupported:
        return f"it is mostly {', '.join(coverage.unsupported)}, whose flow is not followed"
    return "no source was found in it"
