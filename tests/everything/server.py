"""The server that the official conformance suite asks everything of, in both eras.

Run as a program it prints its address, or speaks over its standard streams:
``python -m everything.server [http|sse|stdio] [both|handshake|stateless]`` in ``tests``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import sys
from typing import Annotated, Any

import uvicorn
from mcp.server import ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer, RequestStateSecurity
from mcp.server.mcpserver.prompts.base import Prompt, UserMessage
from mcp.shared.exceptions import MCPError
from mcp_types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    Completion,
    CompletionArgument,
    CompletionContext,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    PromptReference,
    ResourceTemplateReference,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import Field

from everything import questions
from everything.eras import only

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
"""One pixel, PNG."""
SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA="
"""No sound, WAV."""
WATCHED = "test://watched-resource"
ADDRESSED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
"""Every keyword whose survival the suite checks."""

server = MCPServer(
    "everything",
    version="1.0.0",
    instructions="Everything that the protocol has, for tests.",
    request_state_security=RequestStateSecurity(keys=[b"a key of a test, 32 bytes or longer"]),
)


def _image() -> ImageContent:
    return ImageContent(type="image", data=PIXEL, mime_type="image/png")


def _embedded(uri: str, text: str, kind: str = "text/plain") -> EmbeddedResource:
    held = TextResourceContents(uri=uri, mime_type=kind, text=text)
    return EmbeddedResource(type="resource", resource=held)


def _says(content: Any) -> UserMessage:
    held = TextContent(type="text", text=content) if isinstance(content, str) else content
    return UserMessage(role="user", content=held)


@server.tool()
def test_simple_text() -> str:
    """Answers with one sentence."""
    return "This is a simple text response for testing."


@server.tool()
def test_image_content() -> list[ImageContent]:
    """Answers with an image."""
    return [_image()]


@server.tool()
def test_audio_content() -> list[AudioContent]:
    """Answers with a sound."""
    return [AudioContent(type="audio", data=SILENCE, mime_type="audio/wav")]


@server.tool()
def test_embedded_resource() -> list[EmbeddedResource]:
    """Answers with a resource."""
    return [_embedded("test://embedded-resource", "This is an embedded resource content.")]


@server.tool()
def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """Answers with text, an image and a resource."""
    held = _embedded("test://mixed-content-resource", '{"test":"data"}', "application/json")
    return [TextContent(type="text", text="Multiple content types test:"), _image(), held]


@server.tool()
async def test_tool_with_logging(ctx: Context) -> str:
    """Sends three log messages on the way."""
    for step in ("started", "processing data", "completed"):
        await ctx.info(f"Tool execution {step}")
    return "Three messages were sent."


@server.tool()
async def test_logging_tool(ctx: Context) -> str:
    """Sends a log message, if the client wants any."""
    await ctx.info("A message of the tool")
    return "A message was sent, if it was wanted."


@server.tool()
async def test_tool_with_progress(ctx: Context) -> str:
    """Reports progress three times on the way."""
    for done in (0, 50, 100):
        await ctx.report_progress(progress=done, total=100, message=f"{done} of 100")
    return "Progress was reported."


@server.tool()
def test_error_handling() -> str:
    """Always fails."""
    raise RuntimeError("This tool intentionally returns an error for testing")


@server.tool()
def test_x_mcp_header(
    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})] = "nowhere",  # noqa: PT028
) -> str:
    """Repeats a parameter that travels in a header too."""
    return f"region: {region}"


@server.tool()
def test_missing_capability(ctx: Context) -> str:
    """Works only for clients that offer sampling."""
    offered = ctx.client_capabilities
    if offered is None or offered.sampling is None:
        raise MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="The client does not offer sampling",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return "The client offers sampling."


@server.tool()
async def test_reconnection(ctx: Context) -> str:
    """Closes its stream in the middle, to be fetched again."""
    await ctx.close_sse_stream()
    return "The stream was closed on the way."


@server.tool()
def json_schema_2020_12_tool() -> str:
    """Takes an address that is described with every keyword of JSON Schema."""
    return "taken"


@server.tool()
async def test_trigger_tool_change(ctx: Context) -> str:
    """Shows another tool for a moment and tells of it."""
    server.add_tool(lambda: "gone", name="test_dynamic_tool", description="Short-lived.")
    server.remove_tool("test_dynamic_tool")
    if questions.stateless(ctx):
        await ctx.notify_tools_changed()
    else:
        await ctx.session.send_tool_list_changed()
    return "told"


@server.tool()
async def test_trigger_prompt_change(ctx: Context) -> str:
    """Shows another prompt for a moment and tells of it."""
    server.add_prompt(Prompt.from_function(lambda: "gone", name="test_dynamic_prompt"))
    server.remove_prompt("test_dynamic_prompt")
    if questions.stateless(ctx):
        await ctx.notify_prompts_changed()
    else:
        await ctx.session.send_prompt_list_changed()
    return "told"


@server.tool()
async def test_touch_watched(ctx: Context) -> str:
    """Tells that the watched resource changed."""
    if questions.stateless(ctx):
        await ctx.notify_resource_updated(WATCHED)
    else:
        await ctx.session.send_resource_updated(WATCHED)
    return "touched"


questions.add_to(server)
server._tool_manager._tools["json_schema_2020_12_tool"].parameters = ADDRESSED


@server.resource("test://static-text", mime_type="text/plain")
def static_text() -> str:
    """A text that never changes."""
    return "This is the content of the static text resource."


@server.resource("test://static-binary", mime_type="image/png")
def static_binary() -> bytes:
    """An image that never changes."""
    return base64.b64decode(PIXEL)


@server.resource("test://template/{id}/data", mime_type="application/json")
def templated(id: str) -> str:
    """One record."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


@server.resource(WATCHED, mime_type="text/plain")
def watched() -> str:
    """A text that can be watched."""
    return "Watched resource content"


@server.prompt()
def test_simple_prompt() -> list[UserMessage]:
    """A prompt that takes nothing."""
    return [_says("This is a simple prompt for testing.")]


@server.prompt()
def test_prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
    """A prompt that repeats what it takes."""
    return [_says(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")]


@server.prompt()
def test_prompt_with_embedded_resource(
    resourceUri: str,  # noqa: N803
) -> list[UserMessage]:
    """A prompt with a resource in it."""
    return [_says(_embedded(resourceUri, "Embedded content.")), _says("Read the resource above.")]


@server.prompt()
def test_prompt_with_image() -> list[UserMessage]:
    """A prompt with an image in it."""
    return [_says(_image()), _says("Look at the image above.")]


@server.completion()  # type: ignore[no-untyped-call, untyped-decorator]
async def complete(
    ref: PromptReference | ResourceTemplateReference,
    argument: CompletionArgument,
    context: CompletionContext | None,
) -> Completion:
    """Words that begin as asked."""
    words = [one for one in ("paris", "park", "party") if one.startswith(argument.value)]
    return Completion(values=words, total=len(words), has_more=False)


async def _accept(_ctx: ServerRequestContext[Any], _params: Any) -> EmptyResult:
    return EmptyResult()


for _method, _kind in (
    ("logging/setLevel", SetLevelRequestParams),
    ("resources/subscribe", SubscribeRequestParams),
    ("resources/unsubscribe", UnsubscribeRequestParams),
):
    server._lowlevel_server.add_request_handler(_method, _kind, _accept)


def main(transport: str = "http", eras: str = "both") -> None:
    """Serve until stopped."""
    if transport == "stdio":
        server.run("stdio")
        return
    listening = socket.create_server(("127.0.0.1", 0))
    if transport == "sse":
        app, path = server.sse_app(), "/sse"
    else:
        app, path = server.streamable_http_app(retry_interval=100), "/mcp"
    settings = uvicorn.Config(only(eras, app), log_level="warning", lifespan="on")
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}{path}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(uvicorn.Server(settings).serve(sockets=[listening]))


if __name__ == "__main__":
    main(*sys.argv[1:])
