"""Local programs whose work is to call a server elsewhere."""

from __future__ import annotations

from dataclasses import replace

from ostiary.inventory.redact import shown_url
from ostiary.model.server import Launch

BRIDGES = frozenset(
    {
        "mcp-remote",
        "mcp-remote-client",
        "supergateway",
        "mcp-proxy",
        "@modelcontextprotocol/mcp-remote",
    }
    | {"mcp-client-bridge", "@hyper-mcp/mcp-remote", "mcp-superassistant-proxy", "mcp-http-bridge"}
    | {"mcp-streamablehttp-proxy", "mcp-streamablehttp-client", "mcp-remote-go", "@n8n/mcp-remote"}
    | {
        "@pyroprompts/mcp-stdio-to-streamable-http-adapter",
        "fastmcp-remote",
        "sparfenyuk/mcp-proxy",
    }
    | {
        "mcpm",
        "mcp-stdio-proxy",
        "mcp-bridge",
        "@mcp-use/bridge",
        "@automattic/mcp-wordpress-remote",
    }
)
_HOSTED = frozenset({"@smithery/cli"})


def across(launch: Launch) -> Launch:
    """The launch with the far end named, if it is a bridge."""
    name = launch.package.name if launch.package is not None else ""
    if name in _HOSTED:
        return _hosted(launch)
    address = _address(launch.arguments)
    if address is None or (name not in BRIDGES and not _calls_out(launch, name)):
        return launch
    far = shown_url(address)
    return replace(launch, remote=far, notes=(*launch.notes, f"a bridge to {far}"))


def _calls_out(launch: Launch, name: str) -> bool:
    """``fastmcp run URL``: the general tool used as a bridge."""
    return name == "fastmcp" and launch.arguments[:1] in {("run",), ("proxy",)}


def _address(arguments: tuple[str, ...]) -> str | None:
    for word in arguments:
        text = word.partition("=")[2] if word.startswith("--") and "=" in word else word
        if text.lower().startswith(("http://", "https://", "ws://", "wss://")):
            return text
    return None


def _hosted(launch: Launch) -> Launch:
    words = [word for word in launch.arguments if not word.startswith("-")]
    if words[:1] != ["run"] or len(words) < 2:
        return launch
    note = f"fetches or calls whatever the registry lists as {shown_url(words[1])}"
    return replace(launch, notes=(*launch.notes, note))
