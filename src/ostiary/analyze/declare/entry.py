"""An entry: something outside can make this code run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.analyze.dataflow.value import Closure, Place, Value
from ostiary.model.json import JsonObject


class EntryKind(StrEnum):
    """Who makes it run."""

    TOOL = "tool"
    PROMPT = "prompt"
    RESOURCE = "resource"
    """A resource or a resource template."""
    ROUTE = "route"
    """An HTTP route or middleware."""
    IMPORT = "import"
    """A module's own statements: they run when the server starts, or when the package is
    imported."""
    INSTALL = "install"
    """A script that a package manager runs."""
    CALLBACK = "callback"
    """Answers something else of the protocol, or a timer."""
    EXPORT = "export"
    """A function handed out with no caller in sight: who calls it is not known."""


@dataclass(frozen=True, slots=True)
class EntryParameter:
    """One parameter as the code declares it."""

    name: str
    schema: JsonObject
    """Its JSON Schema, as far as it can be derived; ``{}`` if not at all."""
    guarantees: int = 0
    """What the schema guarantees: an enum is ``CHOSEN``, an integer ``NUMBER``, an anchored pattern
    what it excludes."""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the target."""

    kind: EntryKind
    name: str
    """Tool, prompt or resource name; method and path of a route; path of a module."""
    place: Place
    """Where it is declared."""
    framework: str
    """``fastmcp``, ``mcp low-level``, ``typescript-sdk McpServer`` …"""
    title: str = ""
    description: str = ""
    parameters: tuple[EntryParameter, ...] | None = None
    """``None`` if the schema could not be derived."""
    annotations: JsonObject = field(default_factory=dict, hash=False)
    uri: str = ""
    """URI or URI template of a resource."""
    handler: Closure | None = None
    """The code that answers; ``None`` if it could not be found."""
    binds: tuple[Value, ...] = ()
    """The arguments the handler is called with, sources in place."""
    keywords: Mapping[str, Value] = field(default_factory=dict, hash=False)
    before: tuple[tuple[Closure, tuple[Value, ...]], ...] = ()
    """Functions of the schema that run on arguments before the handler: refinements, transforms."""
    around: tuple[Closure, ...] = ()
    """What decorators of the target put around the handler: it runs with the same arguments."""
    dispatched: bool = False
    """Whether one handler serves many entries and tells them apart by name."""
    internal: bool = False
    """Whether it is declared for the program alone and not for a model."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A declaration that was seen and could not be read whole."""

    place: Place
    reason: str
