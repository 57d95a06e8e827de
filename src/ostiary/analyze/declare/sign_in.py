"""What a client of a remote server is asked to do while a person signs in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import (
    Closure,
    Flow,
    Hole,
    Instance,
    Place,
    Source,
    SourceKind,
    Value,
)
from ostiary.analyze.declare.entry import Entry, EntryKind

ASKED: Final = "redirectToAuthorization"
"""The SDK's provider is handed the address that the remote server named."""


def sign_ins(engine: Engine) -> Iterator[Entry]:
    """One entry a method that the SDK calls with an address of the remote server's choosing."""
    for one, _ in engine.methods.get(ASKED, ()):
        method = engine.class_methods.get(one.number, {}).get(ASKED)
        if method is not None and method.function.kind == "method":
            yield _entry(replace(method, bound=Value(refs=(Instance(one),))), one.name)


def _entry(method: Closure, owner: str) -> Entry:
    source = Source(SourceKind.REMOTE, "address to sign in at", "the remote server")
    address = Value(flows={source: Flow(g.EXACT)}, text=(Hole((source,)),))
    return Entry(
        kind=EntryKind.CALLBACK,
        name=f"{owner}.{ASKED}",
        place=Place(method.file, method.function.line, method.function.column),
        framework="typescript-sdk OAuthClientProvider",
        handler=method,
        binds=(address,),
    )
