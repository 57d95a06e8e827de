"""JavaScript libraries that declare tools, prompts and resources for models, and schemas."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result, Typed
from ostiary.analyze.knowledge.names import across, each, operands

_MADE: Final = Result(passes=(), keeps_recipe=True)
_SCHEMA: Final = Result(keeps_recipe=True, keeps=True)
_POSITIONS: Final = operands(5)

_HIGH: Final = "@modelcontextprotocol/sdk/server/mcp.js.McpServer()."
_LOW: Final = "@modelcontextprotocol/sdk/server/index.js.Server()."
_SDK: Final = "typescript-sdk McpServer"
_SDK_LOW: Final = "typescript-sdk Server"


def _declares(names: tuple[str, ...], framework: str, what: str) -> Known:
    return Known(
        names,
        EffectKind.DECLARE,
        _POSITIONS,
        tags=(framework, what),
        result=_MADE,
        calls=(),
    )


_OFFICIAL: Final = (
    _declares(each(_HIGH, "tool registerTool experimental.tasks.registerToolTask"), _SDK, "tool"),
    _declares(each(_HIGH, "prompt registerPrompt"), _SDK, "prompt"),
    _declares(each(_HIGH, "resource registerResource"), _SDK, "resource"),
    _declares(
        across((_LOW, _HIGH + "server."), "setRequestHandler setNotificationHandler")
        + across((_LOW, _HIGH + "server."), "fallbackRequestHandler assertRequestHandler"),
        _SDK_LOW,
        "handler",
    ),
    _declares(("@modelcontextprotocol/sdk/server/mcp.js.McpServer",), _SDK, "server"),
    _declares(("@modelcontextprotocol/sdk/server/index.js.Server",), _SDK_LOW, "server"),
    Known(
        ("@modelcontextprotocol/sdk/server/mcp.js.ResourceTemplate",),
        result=_SCHEMA,
        calls=(),
    ),
    Known(
        each(_HIGH, "connect close sendToolListChanged") + each(_LOW, "connect close"),
        EffectKind.CALL,
        _POSITIONS,
        tags=("mcp transport", "connect"),
        result=Result(passes=()),
        calls=(),
    ),
    Known(
        (
            "@modelcontextprotocol/sdk/server/sse.js.SSEServerTransport",
            "@modelcontextprotocol/sdk/server/streamableHttp.js.StreamableHTTPServerTransport",
            (
                "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
                ".WebStandardStreamableHTTPServerTransport"
            ),
            "@modelcontextprotocol/server.createMcpHandler",
            "@modelcontextprotocol/sdk/server/express.js.createMcpExpressApp",
            "@hono/mcp.StreamableHTTPTransport",
        ),
        EffectKind.CALL,
        {
            **_POSITIONS,
            "allowed hosts": ("0.allowedHosts", "2.allowedHosts"),
            "allowed origins": ("0.allowedOrigins", "2.allowedOrigins"),
            "protection": (
                "0.enableDnsRebindingProtection",
                "2.enableDnsRebindingProtection",
            ),
            "session": ("0.sessionIdGenerator",),
        },
        tags=("mcp transport",),
        result=_MADE,
        calls=(),
    ),
    Known(
        ("@modelcontextprotocol/sdk/server/stdio.js.StdioServerTransport",),
        EffectKind.CALL,
        tags=("stdio",),
        result=Result(passes=()),
    ),
    Known(
        (
            *each(_HIGH + "server.", "elicitInput createMessage listRoots"),
            *each(_LOW, "elicitInput createMessage listRoots"),
        ),
        EffectKind.CALL,
        _POSITIONS,
        tags=("asks client",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of the client"),
    ),
    Known(
        (
            *each(_HIGH + "server.", "sendLoggingMessage notification"),
            *each(_LOW, "sendLoggingMessage notification"),
            _HIGH + "sendLoggingMessage",
        ),
        EffectKind.LOG,
        {"message": (0,)},
        tags=("to client",),
        result=Result(passes=()),
    ),
    Known(
        across((_HIGH + "tool().", _HIGH + "registerTool()."), "update remove disable enable"),
        EffectKind.MUTATE,
        {"target": ("base",), "value": (0,)},
        tags=(_SDK, "tool"),
        result=Result(passes=()),
    ),
    Known(
        (
            "@modelcontextprotocol/sdk/client/index.js.Client().callTool",
            "*.callTool",
        ),
        EffectKind.CALL,
        _POSITIONS,
        tags=("by name", "calls a tool"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of a tool"),
    ),
    Known(
        ("@modelcontextprotocol/sdk/client/stdio.js.StdioClientTransport",),
        EffectKind.PROCESS,
        {"program": ("0.command",), "arguments": ("0.args",), "environment": ("0.env",)},
        tags=("mcp client",),
    ),
    Known(
        (
            "@modelcontextprotocol/sdk/client/sse.js.SSEClientTransport",
            "@modelcontextprotocol/sdk/client/streamableHttp.js.StreamableHTTPClientTransport",
        ),
        EffectKind.REQUEST,
        {"url": (0,), "options": (1,)},
        tags=("mcp client",),
    ),
)

_DECORATING: Final = (
    "@rekog/mcp-nest.",
    "@nestjs-mcp/server.",
    "mcp-decorators.",
    "@leanmcp/core.",
    "easy-mcp.",
    "easy-mcp/decorators.",
    "typescript-mcp.",
)
"""Packages whose decorators make methods of classes into tools."""

_OTHERS: Final = (
    _declares(each("fastmcp.FastMCP().", "addTool addTools"), "fastmcp (TypeScript)", "tool"),
    _declares(each("fastmcp.FastMCP().", "addPrompt addPrompts"), "fastmcp (TypeScript)", "prompt"),
    _declares(
        each("fastmcp.FastMCP().", "addResource addResources addResourceTemplate"),
        "fastmcp (TypeScript)",
        "resource",
    ),
    _declares(("fastmcp.FastMCP",), "fastmcp (TypeScript)", "server"),
    Known(
        ("fastmcp.FastMCP().start",),
        EffectKind.LISTEN,
        {
            "server": ("base",),
            "transport": ("0.transportType",),
            "host": ("0.httpStream.host", "0.host", "0.sse.host"),
            "port": ("0.httpStream.port", "0.sse.port", "0.port"),
            "options": (0,),
        },
        tags=("fastmcp (TypeScript)",),
    ),
    _declares(("mcp-framework.MCPServer",), "mcp-framework", "server"),
    _declares(each("mcp-framework.MCPServer().", "addTool registerTool"), "mcp-framework", "tool"),
    Known(
        ("mcp-framework.MCPServer().start", "mcp-framework.logger.*"),
        result=Result(passes=()),
    ),
    _declares(
        (
            "@vercel/mcp-adapter.createMcpHandler",
            "mcp-handler.createMcpHandler",
            "@vercel/mcp-adapter.experimental_withMcpAuth",
            "mcp-handler.withMcpAuth",
            "mcp-handler.experimental_withMcpAuth",
        ),
        "mcp-handler",
        "server",
    ),
    _declares(
        (
            "ai.tool",
            "ai.dynamicTool",
            "@langchain/core/tools.tool",
            "@langchain/core/tools.DynamicStructuredTool",
            "@langchain/core/tools.DynamicTool",
            "langchain.tool",
            "@openai/agents.tool",
            "@mastra/core/tools.createTool",
            "@mastra/core.createTool",
            "@voltagent/core.createTool",
            "llamaindex.tool",
            "llamaindex.FunctionTool.from",
            "@anthropic-ai/claude-agent-sdk.tool",
            "@anthropic-ai/claude-code.tool",
            "genkit.*.defineTool",
            "@google/adk.FunctionTool",
            "@strands-agents/sdk.tool",
        ),
        "agent framework",
        "tool",
    ),
    _declares(
        ("@mastra/mcp.MCPServer", "@anthropic-ai/claude-agent-sdk.createSdkMcpServer"),
        "agent framework",
        "server",
    ),
    *(
        _declares(across(_DECORATING, f"{name}{called}"), "decorators", what if called else "makes")
        for name, what in (
            ("Tool", "tool"),
            ("tool", "tool"),
            ("Resource", "resource"),
            ("ResourceTemplate", "resource"),
            ("Prompt", "prompt"),
        )
        for called in ("", "()")
    ),
    *(
        _declares((name, f"*.{name}"), "nuxt mcp", what)
        for name, what in (
            ("defineMcpTool", "tool"),
            ("defineMcpResource", "resource"),
            ("defineMcpPrompt", "prompt"),
        )
    ),
    _declares(each("mcp-use/server.MCPServer().", "tool"), "mcp-use", "tool"),
    _declares(each("mcp-use/server.MCPServer().", "prompt"), "mcp-use", "prompt"),
    _declares(
        each("mcp-use/server.MCPServer().", "resource resourceTemplate"), "mcp-use", "resource"
    ),
    _declares(("mcp-use/server.MCPServer",), "mcp-use", "server"),
    _declares(each("litemcp.LiteMCP().", "addTool"), "litemcp", "tool"),
    _declares(each("litemcp.LiteMCP().", "addPrompt"), "litemcp", "prompt"),
    _declares(each("litemcp.LiteMCP().", "addResource"), "litemcp", "resource"),
    _declares(each("tmcp.McpServer().", "tool tools registerTool"), "tmcp", "tool"),
    _declares(each("mcp-lite.McpServer().", "tool"), "mcp-lite", "tool"),
    _declares(
        each("@modelcontextprotocol/ext-apps/server.", "registerAppTool"), "ext-apps", "tool"
    ),
    _declares(
        each("@modelcontextprotocol/ext-apps/server.", "registerAppResource"),
        "ext-apps",
        "resource",
    ),
)

_BY_NAME: Final = (
    *(
        Known(
            across(("*.",), methods),
            EffectKind.DECLARE,
            _POSITIONS,
            tags=("unknown framework", what, "by name"),
            result=_MADE,
            calls=(),
        )
        for methods, what in (
            ("tool registerTool addTool defineTool registerToolTask", "tool"),
            ("prompt registerPrompt addPrompt", "prompt"),
            ("resource registerResource addResource addResourceTemplate", "resource"),
            ("setRequestHandler", "handler"),
        )
    ),
)

_SCHEMAS: Final = (
    Known(
        (
            "zod.*",
            "@sinclair/typebox.*",
            "valibot.*",
            "yup.*",
            "joi.*",
            "arktype.*",
            "superstruct.*",
            "io-ts.*",
            "effect.Schema.*",
            "@effect/schema.*",
        ),
        result=_SCHEMA,
        calls=(),
    ),
    Known(
        (
            "zod.*.parse",
            "zod.*.parseAsync",
            "zod.*.safeParse",
            "zod.*.safeParseAsync",
            "zod.*.spa",
        ),
        EffectKind.CALL,
        {"schema": ("base",), "value": (0,)},
        tags=("validates", "zod"),
        result=Result(same_as=0),
        calls=(),
    ),
    Known(
        (
            "@modelcontextprotocol/sdk/types.js.*.parse",
            "@modelcontextprotocol/sdk/types.*.parse",
        ),
        result=Result(same_as=0),
        calls=(),
    ),
    Known(
        ("valibot.parse", "valibot.safeParse"),
        EffectKind.CALL,
        {"schema": (0,), "value": (1,)},
        tags=("validates", "valibot"),
        result=Result(same_as=1),
        calls=(),
    ),
    Known(
        (
            "joi.*.validate",
            "joi.*.validateAsync",
            "yup.*.validate",
            "yup.*.validateSync",
            "joi.attempt",
        ),
        EffectKind.CALL,
        {"schema": ("base",), "value": (0,)},
        tags=("validates",),
        result=Result(same_as=0),
        calls=(),
    ),
    Known(
        (
            "zod-to-json-schema",
            "zod-to-json-schema.zodToJsonSchema",
            "zod.toJSONSchema",
            "@modelcontextprotocol/sdk/server/zod-json-schema-compat.js.toJsonSchemaCompat",
            "@alcyone-labs/zod-to-json-schema.zodToJsonSchema",
            "xsschema.toJsonSchema",
            "@valibot/to-json-schema.toJsonSchema",
        ),
        result=Result(same_as=0),
        calls=(),
    ),
    Known(
        ("ajv().compile()", "ajv().validate"),
        result=Result(passes=(0, 1), keeps=True),
        calls=(),
    ),
)

TABLE = Library(
    "mcp",
    known=(*_OFFICIAL, *_OTHERS, *_BY_NAME, *_SCHEMAS),
    typed=(
        Typed(
            ("@modelcontextprotocol/sdk/server/mcp.js.McpServer",),
            "@modelcontextprotocol/sdk/server/mcp.js.McpServer()",
        ),
        Typed(
            ("@modelcontextprotocol/sdk/server/index.js.Server",),
            "@modelcontextprotocol/sdk/server/index.js.Server()",
        ),
        Typed(("fastmcp.FastMCP",), "fastmcp.FastMCP()"),
    ),
    aliases={
        "@modelcontextprotocol/sdk/server/mcp.McpServer": (
            "@modelcontextprotocol/sdk/server/mcp.js.McpServer"
        ),
        "@modelcontextprotocol/sdk/server/mcp.ResourceTemplate": (
            "@modelcontextprotocol/sdk/server/mcp.js.ResourceTemplate"
        ),
        "@modelcontextprotocol/sdk/server/index.Server": (
            "@modelcontextprotocol/sdk/server/index.js.Server"
        ),
        "@modelcontextprotocol/sdk/server.Server": (
            "@modelcontextprotocol/sdk/server/index.js.Server"
        ),
        "@modelcontextprotocol/sdk/server.McpServer": (
            "@modelcontextprotocol/sdk/server/mcp.js.McpServer"
        ),
        "@modelcontextprotocol/sdk.McpServer": "@modelcontextprotocol/sdk/server/mcp.js.McpServer",
        "@modelcontextprotocol/sdk.Server": "@modelcontextprotocol/sdk/server/index.js.Server",
        "@modelcontextprotocol/sdk.FastMCP": "fastmcp.FastMCP",
        "@modelcontextprotocol/server.McpServer": (
            "@modelcontextprotocol/sdk/server/mcp.js.McpServer"
        ),
        "@modelcontextprotocol/server.Server": "@modelcontextprotocol/sdk/server/index.js.Server",
        "@modelcontextprotocol/server.ResourceTemplate": (
            "@modelcontextprotocol/sdk/server/mcp.js.ResourceTemplate"
        ),
        "@modelcontextprotocol/server.StdioServerTransport": (
            "@modelcontextprotocol/sdk/server/stdio.js.StdioServerTransport"
        ),
        "@modelcontextprotocol/server/stdio.StdioServerTransport": (
            "@modelcontextprotocol/sdk/server/stdio.js.StdioServerTransport"
        ),
        "@modelcontextprotocol/server-legacy": "@modelcontextprotocol/server",
        "@modelcontextprotocol/server.WebStandardStreamableHTTPServerTransport": (
            "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
            ".WebStandardStreamableHTTPServerTransport"
        ),
        "@modelcontextprotocol/node.NodeStreamableHTTPServerTransport": (
            "@modelcontextprotocol/sdk/server/streamableHttp.js.StreamableHTTPServerTransport"
        ),
        "@modelcontextprotocol/express.createMcpExpressApp": (
            "@modelcontextprotocol/sdk/server/express.js.createMcpExpressApp"
        ),
        "@modelcontextprotocol/hono.createMcpHonoApp": "hono.Hono",
        "@modelcontextprotocol/sdk/server/sse.SSEServerTransport": (
            "@modelcontextprotocol/sdk/server/sse.js.SSEServerTransport"
        ),
        "@modelcontextprotocol/sdk/server/stdio.StdioServerTransport": (
            "@modelcontextprotocol/sdk/server/stdio.js.StdioServerTransport"
        ),
        "@modelcontextprotocol/sdk/server/streamableHttp.StreamableHTTPServerTransport": (
            "@modelcontextprotocol/sdk/server/streamableHttp.js.StreamableHTTPServerTransport"
        ),
        "@modelcontextprotocol/sdk/client.Client": (
            "@modelcontextprotocol/sdk/client/index.js.Client"
        ),
        "@modelcontextprotocol/client.Client": "@modelcontextprotocol/sdk/client/index.js.Client",
        "@modelcontextprotocol/sdk/server/express.js.createMcpExpressApp()": "express()",
        "mcp-handler.withMcpAuth()": "mcp-handler.createMcpHandler()",
        "zod/v3": "zod",
        "zod/v4": "zod",
        "zod/mini": "zod",
        "zod/v4-mini": "zod",
        "zod/v4/classic": "zod",
        "zod/v4/core": "zod",
        "zod.z": "zod",
        "@modelcontextprotocol/sdk/server/zod-compat.js": "zod",
        "@hono/zod-openapi.z": "zod",
        "mcp-framework.z": "zod",
        "@sinclair/typebox.Type": "@sinclair/typebox",
        "typebox": "@sinclair/typebox",
        "typebox.Type": "@sinclair/typebox",
        "@hapi/joi": "joi",
    },
)
