"""Where a value comes from, in words, and whether the caller chooses it."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Source, SourceKind, Value
from ostiary.detect.secrets_named import names_secret
from ostiary.model.visible import NAME, visible

MOST = 12
"""Things named of what goes somewhere; more say no more."""

CALLER = (SourceKind.MODEL,)
_SETTINGS = (SourceKind.ENVIRONMENT, SourceKind.SECRET, SourceKind.FILE)


def by_caller(value: Value | None, harmless: int = 0) -> bool:
    """Whether text of the caller's choosing is in a value, without a guarantee of ``harmless``."""
    return value is not None and any(
        not flow.guarantees & (g.SAFE | harmless) for _, flow in value.deep_sources(*CALLER)
    )


def by_settings(value: Value | None) -> bool:
    """Whether the configuration of the operator is in a value."""
    return value is not None and any(True for _ in value.deep_sources(*_SETTINGS))


def by_address(value: Value | None) -> bool:
    """Whether a setting that is no secret is in a value: an address, a name of a host."""
    return value is not None and any(
        source.kind is not SourceKind.SECRET and not names_secret(first(source.name))
        for source, _ in value.deep_sources(*_SETTINGS)
    )


def from_outside(value: Value | None) -> bool:
    """Whether anything that is not the program's own is in a value."""
    return value is not None and any(True for _ in value.deep_sources())


def carried(values: Iterable[Value | None]) -> tuple[str, ...]:
    """What goes along, in words: ``parameter query``, ``environment variable API_KEY``."""
    found = {
        _words(source)
        for value in values
        if value is not None
        for source, _ in value.deep_sources()
    }
    return tuple(sorted(found))[:MOST]


def secrets_in(value: Value) -> set[str]:
    """Names of the secrets that flow into a value."""
    return {
        name for source, _ in value.deep_sources() if (name := _secret_name(source)) is not None
    }


def _secret_name(source: Source) -> str | None:
    if source.kind is SourceKind.INBOUND_TOKEN:
        return "the caller's token"
    name = first(source.name)
    if source.kind is SourceKind.SECRET:
        return visible(name, NAME) or "a secret"
    if source.kind is SourceKind.ENVIRONMENT and names_secret(name):
        return visible(name, NAME)
    return None


def first(name: str) -> str:
    """A source's own name, without the parts read of it."""
    return name if "://" in name else name.partition(".")[0]


def _words(source: Source) -> str:
    name = visible(first(source.name), NAME)
    if source.kind is SourceKind.MODEL:
        return f"parameter {name}" if name else "arguments of the caller"
    if source.kind is SourceKind.ENVIRONMENT:
        return "command line" if name in _COMMAND_LINE else f"environment variable {name}"
    return _KINDS[source.kind].format(name)


_COMMAND_LINE = frozenset({"argv", "args", "command line"})
_KINDS = {
    SourceKind.REQUEST: "request field {}",
    SourceKind.REMOTE: "what a remote party answered",
    SourceKind.FILE: "content of files",
    SourceKind.SECRET: "secret {}",
    SourceKind.INBOUND_TOKEN: "the caller's token",
    SourceKind.MACHINE: "{} of this machine",
}
