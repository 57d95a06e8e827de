"""Python libraries that declare tools, prompts and resources for models.

A declaring method and what it returns both stand here: ``@server.tool`` calls ``tool`` with the
function, ``@server.tool(name="x")`` calls ``tool()`` with it.
"""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Read, Result, Typed, When
from ostiary.analyze.knowledge.names import across, each, operands

MADE: Final = Result(passes=(), keeps_recipe=True)
"""What declaring gives: a thing of the library, with how it was made."""
SAME: Final = Result(same_as=0)
"""A decorator that hands the function back."""

_SDK: Final = ("mcp.server.fastmcp.FastMCP().",)
_COMMUNITY: Final = ("fastmcp.FastMCP().",)
_LOW: Final = "mcp.server.Server()."
_LOW_HANDLERS: Final = (
    "list_tools call_tool list_resources read_resource list_resource_templates list_prompts "
    "get_prompt completion set_logging_level subscribe_resource unsubscribe_resource "
    "progress_notification"
)
_ON_HANDLERS: Final = (
    "on_list_tools on_call_tool on_list_resources on_list_resource_templates on_read_resource "
    "on_subscribe_resource on_unsubscribe_resource on_subscriptions_listen on_list_prompts "
    "on_get_prompt on_completion on_set_logging_level on_ping on_roots_list_changed on_progress "
    "get_tool_input_schema"
)
_SERVER_OPTIONS: Final = (
    "name instructions host port auth token_verifier auth_server_provider debug stateless_http "
    "json_response transport_security lifespan middleware version title description tools "
    "sse_path streamable_http_path resources extensions mask_error_details"
)
_TOOL_OPTIONS: Final = (
    "name title description annotations meta structured_output tags exclude_args enabled "
    "output_schema fn tool task timeout auth icons"
)
TOOL: Final = operands(3, _TOOL_OPTIONS)
"""Operands of a call that declares a tool."""
_RESOURCE: Final = operands(
    3, "uri name title description mime_type annotations meta tags enabled fn resource security"
)
_PROMPT: Final = operands(3, "name title description tags enabled meta fn prompt arguments")
_HANDLER: Final = operands(3, "validate_input")


def _declares(prefixes: tuple[str, ...], framework: str, *more: str) -> tuple[Known, ...]:
    """The methods of a high-level server, the same in both official eras and in FastMCP."""
    tags = (framework, *more)
    return (
        Known(
            across(prefixes, "tool"),
            EffectKind.DECLARE,
            TOOL,
            tags=(*tags, "tool"),
            result=MADE,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "resource resource_template"),
            EffectKind.DECLARE,
            _RESOURCE,
            tags=(*tags, "resource"),
            result=MADE,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "prompt"),
            EffectKind.DECLARE,
            _PROMPT,
            tags=(*tags, "prompt"),
            result=MADE,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "tool()"),
            EffectKind.DECLARE,
            operands(1),
            tags=(*tags, "tool"),
            result=SAME,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "resource() resource_template()"),
            EffectKind.DECLARE,
            operands(1),
            tags=(*tags, "resource"),
            result=SAME,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "prompt()"),
            EffectKind.DECLARE,
            operands(1),
            tags=(*tags, "prompt"),
            result=SAME,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "completion completion()"),
            EffectKind.DECLARE,
            operands(1),
            tags=(*tags, "completion"),
            result=MADE,
            calls=(),
            decorates=True,
        ),
    )


def _adds(prefixes: tuple[str, ...], framework: str) -> tuple[Known, ...]:
    return (
        Known(
            across(prefixes, "add_tool add_tool_from_fn add_tools"),
            EffectKind.DECLARE,
            TOOL,
            tags=(framework, "tool", "adds"),
            result=MADE,
            calls=(),
        ),
        Known(
            across(prefixes, "add_resource add_resource_fn add_template add_resource_template"),
            EffectKind.DECLARE,
            _RESOURCE,
            tags=(framework, "resource", "adds"),
            result=MADE,
            calls=(),
        ),
        Known(
            across(prefixes, "add_prompt"),
            EffectKind.DECLARE,
            _PROMPT,
            tags=(framework, "prompt", "adds"),
            result=MADE,
            calls=(),
        ),
        Known(
            across(prefixes, "remove_tool remove_prompt remove_resource disable enable"),
            EffectKind.MUTATE,
            {"target": (0, "name")},
            tags=(framework, "list"),
        ),
        Known(
            across(prefixes, "mount import_server add_middleware add_transform add_provider"),
            EffectKind.DECLARE,
            operands(2, "server prefix namespace middleware"),
            tags=(framework, "mount"),
            calls=(),
        ),
        Known(
            across(prefixes, "custom_route"),
            EffectKind.ROUTE,
            {"path": (0, "path"), "methods": (1, "methods")},
            tags=(framework,),
            result=MADE,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "custom_route()"),
            EffectKind.ROUTE,
            {"handler": (0,)},
            tags=(framework,),
            result=SAME,
            calls=(),
            decorates=True,
        ),
        Known(
            across(prefixes, "run run_async"),
            EffectKind.LISTEN,
            {
                "server": ("base",),
                "transport": (0, "transport"),
                "host": ("host",),
                "port": ("port",),
                "path": ("path",),
            },
            tags=(framework, "default-host:loopback"),
            when=(When((0, "transport"), "not matches:^stdio$"), When((0, "transport"), "present")),
        ),
        Known(
            across(prefixes, "run_sse_async run_streamable_http_async run_http_async"),
            EffectKind.LISTEN,
            {"server": ("base",), "host": ("host",), "port": ("port",)},
            tags=(framework, "default-host:loopback"),
        ),
        Known(
            across(prefixes, "sse_app streamable_http_app http_app"),
            EffectKind.CALL,
            {"server": ("base",), "options": ("all",), "middleware": ("middleware",)},
            tags=(framework, "mcp transport"),
            result=Result(passes=(), external="starlette.applications.Starlette()"),
        ),
    )


_LOW_LEVEL: Final = (
    Known(
        across((_LOW,), _LOW_HANDLERS),
        EffectKind.DECLARE,
        _HANDLER,
        tags=("mcp low-level", "handler"),
        result=MADE,
        calls=(),
        decorates=True,
    ),
    Known(
        across((_LOW,), " ".join(f"{one}()" for one in _LOW_HANDLERS.split())),
        EffectKind.DECLARE,
        operands(1),
        tags=("mcp low-level", "handler"),
        result=SAME,
        calls=(),
        decorates=True,
    ),
    Known(
        each(_LOW, "add_request_handler add_notification_handler"),
        EffectKind.DECLARE,
        operands(3, "method params_type handler"),
        tags=("mcp low-level", "handler", "adds"),
        calls=(),
    ),
    Known(
        ("mcp.server.Server",),
        EffectKind.DECLARE,
        operands(1, f"name version instructions lifespan {_ON_HANDLERS}"),
        tags=("mcp low-level", "server"),
        result=MADE,
        calls=(),
    ),
    Known(
        (_LOW + "run",),
        EffectKind.CALL,
        operands(3),
        tags=("mcp low-level", "mcp transport"),
    ),
    Known(
        (
            "mcp.server.sse.SseServerTransport",
            "mcp.server.streamable_http_manager.StreamableHTTPSessionManager",
            "mcp.server.streamable_http.StreamableHTTPServerTransport",
            "mcp.server.transport_security.TransportSecuritySettings",
        ),
        EffectKind.CALL,
        operands(
            2,
            "app endpoint security_settings stateless json_response allowed_hosts allowed_origins "
            "enable_dns_rebinding_protection",
        ),
        tags=("mcp transport",),
        result=MADE,
        calls=(),
    ),
    Known(("mcp.server.stdio.stdio_server",), EffectKind.CALL, tags=("stdio",)),
    Known(
        (
            *each("mcp.types.", "Tool Prompt Resource ResourceTemplate PromptArgument"),
            *each("mcp.types.", "ToolAnnotations TextResourceContents BlobResourceContents"),
            *each("mcp.types.", "ServerCapabilities ListToolsResult ListPromptsResult"),
            *each("mcp.types.", "ListResourcesResult ListResourceTemplatesResult"),
            *each("fastmcp.tools.", "Tool FunctionTool"),
            *each("fastmcp.tools.Tool.", "from_function from_tool"),
            *each("fastmcp.tools.FunctionTool.", "from_function"),
            *each("fastmcp.resources.", "TextResource FileResource HttpResource DirectoryResource"),
            *each("fastmcp.resources.Resource.", "from_function"),
            *each("fastmcp.prompts.Prompt.", "from_function"),
            *each("mcp.server.fastmcp.tools.Tool.", "from_function"),
            *each("mcp.server.fastmcp.tools.", "Tool"),
            *each("mcp.server.fastmcp.resources.", "FunctionResource TextResource FileResource"),
            *each("mcp.server.fastmcp.prompts.Prompt.", "from_function"),
            *each("pydantic.", "Field constr conint confloat conlist create_model"),
            *each("annotated_types.", "Len Interval Gt Ge Lt Le"),
            "typing.Annotated",
        ),
        result=Result(keeps_recipe=True, keeps=True),
        calls=(),
    ),
    Known(
        ("*.model_json_schema", "*.schema"),
        result=Result(keeps_recipe=True),
    ),
    Known(
        each("mcp.types.", "TextContent CallToolResult ImageContent EmbeddedResource"),
        result=Result(keeps=True, keeps_recipe=True),
        calls=(),
    ),
)

_CONTEXT: Final = (
    Known(
        each("mcp.Context().", "info debug warning error log"),
        EffectKind.LOG,
        {"message": ("all",)},
        tags=("to client",),
        result=Result(passes=()),
    ),
    Known(
        each("mcp.Context().", "sample elicit list_roots"),
        EffectKind.CALL,
        operands(2, "message schema messages system_prompt"),
        tags=("asks client",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of the client"),
    ),
    Known(
        each("mcp.Context().", "read_resource get_prompt"),
        result=Result(),
    ),
    Known(
        (
            "fastmcp.server.dependencies.get_http_request",
            "fastmcp.server.dependencies.get_http_headers",
            "mcp.Context().get_http_request",
        ),
        result=Result(
            passes=(),
            gives=SourceKind.REQUEST,
            named="request",
            external="starlette.requests.Request()",
        ),
    ),
    Known(
        (
            "fastmcp.server.dependencies.get_access_token",
            "mcp.server.auth.middleware.auth_context.get_access_token",
        ),
        result=Result(passes=(), gives=SourceKind.INBOUND_TOKEN, named="access token"),
    ),
    Known(
        ("mcp.ClientSession().call_tool", "fastmcp.Client().call_tool", "*.call_tool"),
        EffectKind.CALL,
        operands(2, "name arguments"),
        tags=("by name", "calls a tool"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of a tool"),
    ),
    Known(
        ("mcp.StdioServerParameters",),
        EffectKind.PROCESS,
        {"program": ("command",), "arguments": ("args",), "environment": ("env",)},
        tags=("mcp client",),
    ),
    Known(
        ("mcp.client.sse.sse_client", "mcp.client.streamable_http.streamablehttp_client"),
        EffectKind.REQUEST,
        {"url": (0, "url"), "headers": ("headers",)},
        tags=("mcp client",),
    ),
)

_SERVERS: Final = (
    Known(
        ("mcp.server.fastmcp.FastMCP",),
        EffectKind.DECLARE,
        operands(2, _SERVER_OPTIONS),
        tags=("python-sdk", "server"),
        result=MADE,
        calls=(),
    ),
    Known(
        ("fastmcp.FastMCP",),
        EffectKind.DECLARE,
        operands(2, _SERVER_OPTIONS),
        tags=("fastmcp", "server"),
        result=MADE,
        calls=(),
    ),
)

_BY_NAME: Final = _declares(("*.",), "unknown framework", "by name")

TABLE = Library(
    "mcp",
    known=(
        *_SERVERS,
        *_declares(_SDK, "python-sdk"),
        *_adds(_SDK, "python-sdk"),
        *_declares(_COMMUNITY, "fastmcp"),
        *_adds(_COMMUNITY, "fastmcp"),
        *_LOW_LEVEL,
        *_CONTEXT,
        *_BY_NAME,
        Known(
            across(("*.",), "add_tool custom_route custom_route()"),
            EffectKind.DECLARE,
            TOOL,
            tags=("unknown framework", "by name", "tool", "adds"),
            result=MADE,
            calls=(),
            decorates=True,
        ),
    ),
    reads=(
        Read(
            ("mcp.Context().request_context.request", "mcp.Context().request"),
            SourceKind.REQUEST,
        ),
        Read(("mcp.Context().request_context.request.*",), SourceKind.REQUEST),
    ),
    typed=(
        Typed(
            (
                *each("mcp.server.fastmcp.", "Context server.Context"),
                *each("mcp.server.mcpserver.", "Context context.Context"),
                *each("fastmcp.", "Context server.context.Context"),
                "mcp.server.context.ServerRequestContext",
                "mcp.server.ServerRequestContext",
            ),
            "mcp.Context()",
        ),
        Typed(("mcp.server.fastmcp.FastMCP",), "mcp.server.fastmcp.FastMCP()"),
        Typed(("fastmcp.FastMCP",), "fastmcp.FastMCP()"),
        Typed(("mcp.server.Server",), "mcp.server.Server()"),
        Typed(("mcp.ClientSession", "mcp.client.session.ClientSession"), "mcp.ClientSession()"),
    ),
    aliases={
        "fastmcp.FastMCP.from_openapi()": "fastmcp.FastMCP()",
        "fastmcp.FastMCP.from_fastapi()": "fastmcp.FastMCP()",
        "fastmcp.FastMCP.as_proxy()": "fastmcp.FastMCP()",
        "mcp.FastMCP": "mcp.server.fastmcp.FastMCP",
        "mcp.server.FastMCP": "mcp.server.fastmcp.FastMCP",
        "mcp.server.fastmcp.server.FastMCP": "mcp.server.fastmcp.FastMCP",
        "mcp.server.MCPServer": "mcp.server.fastmcp.FastMCP",
        "mcp.MCPServer": "mcp.server.fastmcp.FastMCP",
        "mcp.server.mcpserver.MCPServer": "mcp.server.fastmcp.FastMCP",
        "mcp.server.mcpserver.server.MCPServer": "mcp.server.fastmcp.FastMCP",
        "mcp.server.mcpserver.tools": "mcp.server.fastmcp.tools",
        "mcp.server.mcpserver.resources": "mcp.server.fastmcp.resources",
        "mcp.server.mcpserver.prompts": "mcp.server.fastmcp.prompts",
        "fastmcp.server.FastMCP": "fastmcp.FastMCP",
        "fastmcp.server.server.FastMCP": "fastmcp.FastMCP",
        "fastmcp.server.mcp.FastMCP": "fastmcp.FastMCP",
        "fastmcp.tools.tool.Tool": "fastmcp.tools.Tool",
        "mcp.Server": "mcp.server.Server",
        "mcp.server.lowlevel.Server": "mcp.server.Server",
        "mcp.server.lowlevel.server.Server": "mcp.server.Server",
        "mcp.server.server.Server": "mcp.server.Server",
        "mcp_types": "mcp.types",
        "mcp.Tool": "mcp.types.Tool",
        "mcp.Resource": "mcp.types.Resource",
        "mcp.client.stdio.StdioServerParameters": "mcp.StdioServerParameters",
        "mcp.client.streamable_http.streamable_http_client": (
            "mcp.client.streamable_http.streamablehttp_client"
        ),
    },
)
