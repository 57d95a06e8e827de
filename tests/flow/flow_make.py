"""Tools, servers and clients for the tests of this room."""

from __future__ import annotations

from ostiary.flow.levels import DANGER
from ostiary.inventory.servers import merge
from ostiary.model.access import Level, ToolAccess
from ostiary.model.client import Client, Permission, Scope, ServerEntry, ToolRules, Transport
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.server import Server
from ostiary.model.surface import Surface, Tool

TEXT: JsonObject = {"type": "string"}
DEFAULT = ToolRules()
NUMBER: JsonObject = {"type": "number"}


def tool(
    name: str,
    description: str = "",
    parameters: dict[str, JsonObject] | None = None,
    hints: JsonObject | None = None,
    schema: JsonObject | None = None,
) -> Tool:
    properties: dict[str, JsonValue] = dict(parameters or {})
    raw: JsonObject = {
        "name": name,
        "description": description,
        "inputSchema": schema or {"type": "object", "properties": properties},
    }
    if hints is not None:
        raw["annotations"] = hints
    return Tool(kind="tool", name=name, raw=raw, digest=name)


def entry(
    name: str,
    *argv: str,
    client: str = "desk",
    url: str | None = None,
    rules: ToolRules = DEFAULT,
    enabled: bool = True,
    line: int = 1,
) -> ServerEntry:
    return ServerEntry(
        client=client,
        file=f"/home/ana/{client}.json",
        scope=Scope.USER,
        name=name,
        transport=Transport.HTTP if url else Transport.STDIO,
        argv=argv,
        url=url,
        tools=rules,
        enabled=enabled,
        line=line,
    )


def client(
    *entries: ServerEntry, id: str = "desk", permissions: tuple[Permission, ...] = ()
) -> Client:
    own = tuple(one for one in entries if one.client == id)
    return Client(
        id=id,
        name=id.title(),
        homes=("/home/ana",),
        files=(),
        entries=own,
        permissions=permissions,
    )


def servers(*entries: ServerEntry) -> tuple[Server, ...]:
    return merge(entries)


def surface(server: Server, *tools: Tool, source: str = "live") -> Surface:
    return Surface(server=server.name, key=server.key, revision=None, tools=tools, source=source)


FETCH = tool("fetch", "Fetches a URL from the internet.", {"url": TEXT})
READ_FILE = tool("read_file", "Read a file.", {"path": TEXT})
WRITE_FILE = tool("write_file", "Write a file.", {"path": TEXT, "content": TEXT})
SEND_MAIL = tool("send_email", "Send an email.", {"to": TEXT, "subject": TEXT, "body": TEXT})
RUN = tool("run_command", "Run a shell command.", {"command": TEXT})
DROP = tool("drop_table", "Drop a table.", {"table": TEXT})


def main_level(access: ToolAccess) -> Level | None:
    """The most dangerous level that is at least likely, else the surest one."""
    likely = {one.level for one in access.capabilities if one.confidence > Confidence.LOW}
    pool = likely or set(access.levels())
    return next((level for level in DANGER if level in pool), None)
