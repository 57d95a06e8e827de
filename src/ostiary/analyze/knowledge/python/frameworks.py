"""Python frameworks that make tools of functions, routes and pages beside the servers of MCP's own.

Frameworks of agents declare tools for a model without a server; the audit looks at their code all
the same.
"""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.knowledge.known import Known, Library, Result
from ostiary.analyze.knowledge.names import across, each, operands
from ostiary.analyze.knowledge.python.mcp import MADE, SAME, TOOL

_KNOWN: Final = (
    Known(
        across(
            (
                "langchain.tools.",
                "langchain_core.tools.",
                "langchain.agents.",
                "smolagents.",
                "crewai.tools.",
                "crewai_tools.",
                "strands.",
                "haystack.tools.",
                "agno.tools.",
                "phi.tools.",
                "camel.toolkits.",
                "marvin.",
                "controlflow.",
                "claude_agent_sdk.",
            ),
            "tool tool()",
        )
        + across(
            ("agents.", "openai_agents.", "semantic_kernel.functions."),
            "function_tool function_tool() kernel_function kernel_function()",
        )
        + across(("pydantic_ai.Agent().",), "tool tool() tool_plain tool_plain()"),
        EffectKind.DECLARE,
        TOOL,
        tags=("agent framework", "tool"),
        result=MADE,
        calls=(),
        decorates=True,
    ),
    Known(
        (
            "langchain.tools.StructuredTool.from_function",
            "langchain_core.tools.StructuredTool.from_function",
            "langchain.tools.Tool",
            "langchain_core.tools.Tool",
            "llama_index.core.tools.FunctionTool.from_defaults",
            "google.adk.tools.FunctionTool",
            "autogen_core.tools.FunctionTool",
        ),
        EffectKind.DECLARE,
        operands(3, "func fn coroutine name description args_schema"),
        tags=("agent framework", "tool", "adds"),
        result=MADE,
        calls=(),
    ),
    Known(
        ("fastapi_mcp.FastApiMCP", "fastapi_mcp.add_mcp_server"),
        EffectKind.DECLARE,
        operands(
            2,
            "fastapi name description include_operations exclude_operations include_tags "
            "exclude_tags auth_config headers",
        ),
        tags=("fastapi-mcp", "server", "routes as tools"),
        result=MADE,
        calls=(),
    ),
    Known(
        each("fastapi_mcp.FastApiMCP().", "mount mount_http mount_sse setup_server"),
        EffectKind.CALL,
        operands(2),
        tags=("fastapi-mcp", "mcp transport"),
    ),
    *(
        known
        for what in ("tool", "resource", "prompt")
        for known in (
            Known(
                (f"fastmcp.contrib.mcp_mixin.mcp_{what}",),
                EffectKind.DECLARE,
                TOOL | {"uri": ("uri",)},
                tags=("fastmcp", what),
                result=MADE,
                calls=(),
                decorates=True,
            ),
            Known(
                (f"fastmcp.contrib.mcp_mixin.mcp_{what}()",),
                EffectKind.DECLARE,
                operands(1),
                tags=("fastmcp", what),
                result=SAME,
                calls=(),
                decorates=True,
            ),
        )
    ),
    Known(
        ("*.generic_trigger", "*.mcp_tool_trigger"),
        EffectKind.DECLARE,
        {
            "type": ("type",),
            "arg_name": (0, "arg_name"),
            "name": ("toolName", "tool_name"),
            "description": ("description",),
        },
        tags=("azure functions", "by name"),
        result=MADE,
        calls=(),
        decorates=True,
    ),
    Known(
        ("*.generic_trigger()", "*.mcp_tool_trigger()"),
        EffectKind.DECLARE,
        operands(1),
        tags=("azure functions", "by name"),
        result=SAME,
        calls=(),
        decorates=True,
    ),
    Known(
        ("gradio.Interface", "gradio.ChatInterface", "gradio.api"),
        EffectKind.DECLARE,
        operands(3, "fn inputs outputs api_name description api_description title"),
        tags=("gradio", "event"),
        result=MADE,
        calls=(),
    ),
    Known(
        ("gradio.*.click", "gradio.*.submit", "gradio.*.change", "gradio.*.load"),
        EffectKind.DECLARE,
        operands(3, "fn inputs outputs api_name api_description"),
        tags=("gradio", "event"),
        result=MADE,
        calls=(),
    ),
    Known(
        ("gradio.*.launch",),
        EffectKind.LISTEN,
        {
            "host": ("server_name",),
            "port": ("server_port",),
            "share": ("share",),
            "options": ("mcp_server", "auth"),
            "mcp": ("mcp_server",),
            "server": ("base",),
        },
        tags=("gradio", "default-host:loopback"),
    ),
    Known(
        (
            *each("fastmcp.FastMCP.", "from_openapi from_fastapi as_proxy from_client"),
            "fastmcp.server.create_proxy",
        ),
        EffectKind.DECLARE,
        operands(2, "openapi_spec client app name backend"),
        tags=("fastmcp", "server", "routes as tools"),
        result=Result(passes=(), external="fastmcp.FastMCP()", keeps_recipe=True),
        calls=(),
    ),
    Known(
        ("mcp_proxy.*",),
        EffectKind.CALL,
        operands(1),
        tags=("mcp transport",),
    ),
)

TABLE = Library(
    "frameworks",
    known=_KNOWN,
    aliases={
        "gradio.Blocks().__enter__()": "gradio.Blocks()",
        "langchain.tools.base.tool": "langchain.tools.tool",
        "langchain_core.tools.base.tool": "langchain_core.tools.tool",
        "llama_index.tools.FunctionTool": "llama_index.core.tools.FunctionTool",
    },
)
