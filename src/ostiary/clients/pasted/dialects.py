"""The ways clients write servers, told apart by the keys of a document."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.clients.entries import Context, Servers, read_servers
from ostiary.clients.formats.document import Document
from ostiary.clients.lookup import find
from ostiary.clients.record import KeyPath, Shape, Switch
from ostiary.model.client import Transport
from ostiary.model.json import JsonObject, JsonValue

COMMON = Shape(
    nest="transport",
    enabled=("enabled", "isActive"),
    disabled=("disabled",),
    only=(("includeTools",), ("enabledTools",), ("enabled_tools",), ("allowedTools",), ("tools",)),
    hidden=(("excludeTools",), ("disabledTools",), ("disabled_tools",)),
    approve=(("autoApprove",), ("alwaysAllow",)),
    approve_all=(Switch(("trust",), (True,)), Switch(("sandboxEnabled",), (True,))),
    secrets=(
        ("oauth", "tokens", "access_token"), ("oauth", "tokens", "refresh_token"),
        ("oauth", "clientSecret"), ("oauthClient", "clientSecret"), ("oauth_client_secret",),
        ("bearer_token",), ("apiKey",),
    ),
    sandbox=("sandbox", "sandboxEnabled"),
    executes=(("headersHelper",), ("oauth", "clientSecretHelper"), ("clientSecretHelper",)),
)  # fmt: skip
"""The fields that most clients share, with those that single clients add."""

_SNAKE = replace(
    COMMON,
    env_names="env_vars",
    headers="http_headers",
    header_env="env_http_headers",
    bearer_env="bearer_token_env_var",
    approve_all=(Switch(("default_tools_approval_mode",), ("approve",)),),
    approve_map=(("tools", "approval_mode"),),
)
_ZED = replace(COMMON, nest="command", type=())
_ARGV = replace(
    COMMON, env="environment", nest="", skip=("servers", "inputs", "allowed", "excluded")
)
_GOOSE = replace(
    COMMON,
    nest="",
    command=("cmd",),
    env="envs",
    env_names="env_keys",
    urls=(("uri", Transport.HTTP), ("url", Transport.HTTP)),
    types=(("frontend", Transport.BUILTIN), ("inline_python", Transport.STDIO)),
    only=(("available_tools",),),
    executes=(("code",),),
)
_BUNDLE = replace(COMMON, container="one", nest="mcp_config", type=())


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to write servers."""

    says: str
    keys: tuple[KeyPath, ...]
    shape: Shape


DIALECTS = (
    Dialect("`mcpServers`", (("mcpServers",),), COMMON),
    Dialect("`mcpServers` of projects", (("projects", "{project}", "mcpServers"),), COMMON),
    Dialect("`tools.mcpServers`", (("tools", "mcpServers"),), COMMON),
    Dialect("`amp.mcpServers`", (("amp.mcpServers",), ("amp", "mcpServers")), COMMON),
    Dialect("`servers`", (("servers",),), COMMON),
    Dialect(
        "`mcp.servers`",
        (
            ("mcp", "servers"), ("mcp.servers",),
            ("settings", "mcp", "servers"), ("settings", "mcp.servers"),
            ("customizations", "vscode", "mcp", "servers"),
        ),
        COMMON,
    ),
    Dialect("`context_servers`", (("context_servers",),), _ZED),
    Dialect("`mcp_servers`", (("mcp_servers",),), _SNAKE),
    Dialect("`mcp`", (("mcp",),), _ARGV),
    Dialect("`extensions`", (("extensions",),), _GOOSE),
    Dialect("a bundle's `server`", (("server",),), _BUNDLE),
)  # fmt: skip
"""Every dialect that a pasted text is tried in, in this order. All that fit are read."""

_RUNS = frozenset({"command", "cmd"})
_CALLS = frozenset({"url", "serverUrl", "httpUrl", "uri"})
_TELLS = frozenset({"type", "transport", "transportType", "headers", "requestInit", "oauth"})


@dataclass(frozen=True, slots=True)
class Understood:
    """What one document says."""

    dialects: tuple[str, ...]
    servers: Servers


def understand(
    document: Document, context: Context, *, own: tuple[Shape, ...] = (), loose: bool = False
) -> Understood | None:
    """The servers of ``document``, or ``None`` if it is no configuration of servers.

    ``own`` are the shapes of the client it is meant for: keys it knows are read as it reads them.
    """
    found: list[tuple[str, Servers]] = []
    taken: set[KeyPath] = set()
    for shape in own:
        keys = tuple(key for key in shape.keys if key not in taken and _fits(document, key, shape))
        if keys:
            taken.update(keys)
            says = f"`{'.'.join(keys[0])}`"
            found.append((says, read_servers(document, replace(shape, keys=keys), context)))
    for dialect in DIALECTS:
        keys = tuple(
            key for key in dialect.keys if key not in taken and _fits(document, key, dialect.shape)
        )
        if keys:
            taken.update(keys)
            servers = read_servers(document, replace(dialect.shape, keys=keys), context)
            found.append((dialect.says, servers))
    if not found:
        return _bare(document, context, loose=loose)
    return Understood(tuple(says for says, _ in found), _joined([one for _, one in found]))


def _fits(document: Document, key: KeyPath, shape: Shape) -> bool:
    """Whether ``key`` leads to servers. Words that mean much else need servers below them."""
    hits = [hit.value for hit in find(document.value, key)]
    values = [one for one in hits if isinstance(one, dict | list)]
    if key[-1] not in ("servers", "mcp", "extensions", "server", "mcp.servers"):
        return bool(values)
    if shape.container == "one":
        return any(isinstance(one, dict) and shape.nest in one for one in values)
    return any(_is_server(inner) for one in values for inner in _inside(one))


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_server(value: JsonValue, *, loose: bool = False) -> bool:
    """Whether an object is a server. In running text an address alone may be anything's."""
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(key), str | list | dict) for key in _RUNS):
        return True
    if not any(isinstance(value.get(key), str) for key in _CALLS):
        return value.get("type") == "builtin"
    return not loose or bool(_TELLS & value.keys())


def _bare(document: Document, context: Context, *, loose: bool) -> Understood | None:
    """A map from name to server, an array of servers, or one server, without a key above it."""
    value = document.value
    if _is_server(value, loose=loose):
        says, shape = "one server without its name", replace(_fitting(value), container="one")
    elif inside := [one for one in _inside(value) if _is_server(one, loose=loose)]:
        if isinstance(value, dict) and len(inside) < len(value):
            return None
        says = "servers by name" if isinstance(value, dict) else "an array of servers"
        shape = _fitting(inside[0])
    else:
        return None
    return Understood((says,), read_servers(document, replace(shape, keys=((),)), context))


def _fitting(value: JsonValue) -> Shape:
    """The shape whose fields a server without a key above it uses."""
    server: JsonObject = value if isinstance(value, dict) else {}
    if "cmd" in server or "uri" in server:
        return _GOOSE
    if isinstance(server.get("command"), dict):
        return _ZED
    return _ARGV if "environment" in server else COMMON


def _joined(parts: list[Servers]) -> Servers:
    return Servers(
        entries=tuple(entry for one in parts for entry in one.entries),
        off=tuple(off for one in parts for off in one.off),
        dropped=sum(one.dropped for one in parts),
    )
