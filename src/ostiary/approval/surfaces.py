"""An approval as the surface that was approved, so that checks and differences can read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ostiary.model.approval import Approval, ApprovedItem
from ostiary.model.surface import Item, Surface, Tool

Kind = TypeVar("Kind", bound=Item)


def surface_of(approval: Approval, key: str = "") -> Surface:
    """What was approved of a server, as if it had just been recorded."""
    return Surface(
        server=approval.server,
        key=key or approval.key,
        revision=approval.revision or None,
        instructions=approval.instructions_text,
        capabilities=approval.capabilities_declared,
        tools=_made(Tool, _of(approval, "tool")),
        prompts=_made(Item, _of(approval, "prompt")),
        resources=_made(Item, _of(approval, "resource")),
        templates=_made(Item, _of(approval, "template")),
        source="memory",
        artifact=approval.artifact,
    )


def _of(approval: Approval, kind: str) -> Iterable[ApprovedItem]:
    return (one for one in approval.items if one.kind == kind)


def _made(sort: type[Kind], items: Iterable[ApprovedItem]) -> tuple[Kind, ...]:
    return tuple(
        sort(kind=one.kind, name=one.name, raw=one.definition, digest=one.digest) for one in items
    )
