"""What each tool can do: from evidence, then from what a person says; a claim lowers nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.flow.audited import with_code
from ostiary.flow.levels import tool_access
from ostiary.model.access import Capability, Level, ToolAccess
from ostiary.model.audited import Audited
from ostiary.model.grade import Confidence
from ostiary.model.surface import Item, Tool


@dataclass(frozen=True, slots=True)
class Sight:
    """Levels and labels of one item, with what speaks for them."""

    levels: tuple[str, ...]
    """Sorted; empty is unknown."""
    labels: tuple[str, ...]
    evidence: tuple[str, ...]
    """``write: words: 'update' in the name``, one for each level."""
    by: str = "evidence"
    """``evidence``, ``person`` or ``earlier approval``."""
    contradicted: tuple[str, ...] = ()
    """Claims of the server that the evidence speaks against."""


def seen_in(item: Item, audited: Audited | None = None) -> Sight:
    """What evidence says of ``item``, that of its code first where exactly this was ``audited``.
    Reading a resource or prompt is what its method does."""
    if not isinstance(item, Tool):
        return Sight((Level.READ.value,), (), (f"read: getting a {item.kind} is reading",))
    access = tool_access(item)
    if audited is not None:
        (access,) = with_code((access,), audited)
    told = [one for one in access.capabilities if _counts(one)]
    return Sight(
        levels=tuple(sorted(one.level.value for one in told)),
        labels=_labels(access),
        evidence=tuple(_says(one) for one in told),
        contradicted=access.contradicted,
    )


def _counts(one: Capability) -> bool:
    """Whether a level stands on something.

    Anything may raise a level. Reading only is believed where more than the server's own hint
    speaks for it; a tool of which nothing else is known stays unknown.
    """
    if one.level is not Level.READ:
        return True
    return one.confidence > Confidence.LOW and any(basis.kind != "hint" for basis in one.basis)


def _says(one: Capability) -> str:
    basis = "; ".join(basis.says for basis in one.basis[:3])
    return f"{one.level.value} ({one.confidence} confidence): {basis}"


def _labels(access: ToolAccess) -> tuple[str, ...]:
    found = {
        "outward": access.outward,
        "private": access.private,
        "untrusted": access.untrusted,
    }
    return tuple(name for name, sure in found.items() if sure is not None)
