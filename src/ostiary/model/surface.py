"""What a server says of itself: everything a model would see. All of it is a claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, as_object, as_text


@dataclass(frozen=True, slots=True)
class Item:
    """A tool, prompt, resource or template exactly as received. ``raw`` is what is digested."""

    kind: str
    """``tool``, ``prompt``, ``resource`` or ``template``."""
    name: str
    """The name; for a resource its URI, for a template its URI template."""
    raw: JsonObject = field(hash=False)
    digest: str
    """SHA-256 over the RFC 8785 form of ``raw``."""

    @property
    def title(self) -> str:
        return as_text(self.raw.get("title"))

    @property
    def description(self) -> str:
        return as_text(self.raw.get("description"))


@dataclass(frozen=True, slots=True)
class Tool(Item):
    """A tool definition."""

    @property
    def input_schema(self) -> JsonObject:
        return as_object(self.raw.get("inputSchema"))

    @property
    def output_schema(self) -> JsonObject:
        return as_object(self.raw.get("outputSchema"))

    @property
    def annotations(self) -> JsonObject:
        return as_object(self.raw.get("annotations"))

    @property
    def properties(self) -> dict[str, JsonObject]:
        """Top-level parameters of the input schema."""
        found = as_object(self.input_schema.get("properties"))
        return {name: as_object(schema) for name, schema in found.items()}


@dataclass(frozen=True, slots=True)
class Surface:
    """Everything one server declared at one time."""

    server: str
    """The server's name as we call it; never taken from ``serverInfo``."""
    key: str
    """Key of the :class:`~ostiary.model.server.Server`, or a digest for a captured file."""
    revision: str | None
    """Protocol revision that was negotiated; ``None`` when unknown."""
    claimed_name: str = ""
    claimed_version: str = ""
    instructions: str = ""
    capabilities: JsonObject = field(default_factory=dict, hash=False)
    tools: tuple[Tool, ...] = ()
    prompts: tuple[Item, ...] = ()
    resources: tuple[Item, ...] = ()
    templates: tuple[Item, ...] = ()
    missing: tuple[str, ...] = ()
    """Parts that were declared and could not be read, with the reason."""
    irregular: tuple[str, ...] = ()
    """What the server did against the protocol while it was recorded, in words."""
    source: str = "live"
    """``live``, ``memory`` or the path of the captured file."""
    meta: JsonObject = field(default_factory=dict, hash=False)
    """The rest of the discover or initialize answer, as received."""
    artifact: str = ""
    """What answered, as far as it is known: a package with version and digest, or a file's
    digest. A change here with the same surface is code that changed while its words did not."""
    authenticated: bool | None = None
    """For a remote server: whether credentials were sent to record it; ``None`` when unknown."""

    def items(self) -> Iterator[Item]:
        """Every item, tools first."""
        yield from self.tools
        yield from self.prompts
        yield from self.resources
        yield from self.templates
