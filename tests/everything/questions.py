"""Tools of the everything server that ask the client something: a person, its model, its roots.

In the handshake era a tool asks in the middle of its work. In the stateless era it ends with what
it needs (SEP-2322), and is called again.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp_types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
)
from pydantic import BaseModel, Field

Asked = str | InputRequiredResult


class Reply(BaseModel):
    """One field."""

    response: str = Field(description="What to answer")


class Filled(BaseModel):
    """Defaults of every primitive kind (SEP-1034)."""

    name: str = Field(default="John Doe", description="Name")
    age: int = Field(default=30, description="Years")
    score: float = Field(default=95.5, description="Points")
    status: str = Field(
        default="active",
        description="State",
        json_schema_extra={"enum": ["active", "inactive", "pending"]},
    )
    verified: bool = Field(default=True, description="Whether it was checked")


def _titled(*pairs: tuple[str, str]) -> list[Any]:
    return [{"const": value, "title": title} for value, title in pairs]


class Choices(BaseModel):
    """Choices of every kind (SEP-1330)."""

    untitledSingle: str = Field(json_schema_extra={"enum": ["option1", "option2", "option3"]})  # noqa: N815
    titledSingle: str = Field(  # noqa: N815
        json_schema_extra={"oneOf": _titled(("value1", "First"), ("value2", "Second"))}
    )
    legacyEnum: str = Field(  # noqa: N815
        json_schema_extra={"enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]}
    )
    untitledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"type": "string", "enum": ["option1", "option2"]}}
    )
    titledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"anyOf": _titled(("value1", "First"), ("value2", "Second"))}}
    )


async def _form(ctx: Context, message: str, fields: type[BaseModel]) -> str:
    answer = await ctx.elicit(message=message, schema=fields)
    content = answer.data.model_dump_json() if answer.action == "accept" else "{}"
    return f"action={answer.action}, content={content}"


async def test_elicitation(message: str, ctx: Context) -> str:
    """Asks the person one thing."""
    return "User response: " + await _form(ctx, message, Reply)


async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
    """Asks the person to check a filled form."""
    return "Elicitation completed: " + await _form(ctx, "Please check this", Filled)


async def test_elicitation_sep1330_enums(ctx: Context) -> str:
    """Asks the person to choose."""
    return "Elicitation completed: " + await _form(ctx, "Please choose", Choices)


async def test_sampling(prompt: str, ctx: Context) -> str:
    """Asks the client's model."""
    said = await ctx.session.create_message(
        messages=[SamplingMessage(role="user", content=TextContent(type="text", text=prompt))],
        max_tokens=100,
        related_request_id=ctx.request_id,
    )
    return f"LLM response: {getattr(said.content, 'text', '')}"


async def test_roots(ctx: Context) -> str:
    """Asks the client for its folders."""
    roots = (await ctx.session.list_roots()).roots
    return f"{len(roots)} roots"


def _ask(message: str, field: str, kind: Literal["string", "boolean"] = "string") -> ElicitRequest:
    schema: dict[str, Any] = {"type": "object", "properties": {field: {"type": kind}}}
    return ElicitRequest(
        params=ElicitRequestFormParams(
            message=message, requested_schema={**schema, "required": [field]}
        )
    )


def _sample(text: str) -> CreateMessageRequest:
    said = SamplingMessage(role="user", content=TextContent(type="text", text=text))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[said], max_tokens=100))


def _field(ctx: Context, key: str, field: str) -> Any:
    answer = (ctx.input_responses or {}).get(key)
    return (getattr(answer, "content", None) or {}).get(field)


async def test_input_required_result_elicitation(ctx: Context) -> Asked:
    """Needs a name."""
    name = _field(ctx, "user_name", "name")
    if isinstance(name, str):
        return f"Hello, {name}!"
    return InputRequiredResult(input_requests={"user_name": _ask("What is your name?", "name")})


async def test_input_required_result_sampling(ctx: Context) -> Asked:
    """Needs a word of the client's model."""
    said = (ctx.input_responses or {}).get("capital_question")
    if said is not None:
        return f"The model said: {getattr(getattr(said, 'content', None), 'text', '')}"
    asked = _sample("What is the capital of France?")
    return InputRequiredResult(input_requests={"capital_question": asked})


async def test_input_required_result_list_roots(ctx: Context) -> Asked:
    """Needs the client's folders."""
    given = (ctx.input_responses or {}).get("client_roots")
    if given is not None:
        return f"Roots: {len(getattr(given, 'roots', []))}"
    return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})


async def test_input_required_result_request_state(ctx: Context) -> Asked:
    """Needs a yes, and its state back."""
    if _field(ctx, "confirm", "ok") is not None and ctx.request_state == "kept":
        return "state-ok: the state came back"
    asked = _ask("Please confirm", "ok", "boolean")
    return InputRequiredResult(input_requests={"confirm": asked}, request_state="kept")


async def test_input_required_result_multiple_inputs(ctx: Context) -> Asked:
    """Needs three things at once."""
    wanted: dict[str, Any] = {
        "user_name": _ask("What is your name?", "name"),
        "greeting": _sample("Write a greeting"),
        "client_roots": ListRootsRequest(),
    }
    if wanted.keys() <= (ctx.input_responses or {}).keys():
        return "All three came."
    return InputRequiredResult(input_requests=wanted, request_state="three")


async def test_input_required_result_multi_round(ctx: Context) -> Asked:
    """Needs two things, one after the other."""
    known = json.loads(ctx.request_state) if ctx.request_state else {}
    name = known.get("name") or _field(ctx, "step1", "name")
    if not ctx.request_state or name is None:
        return InputRequiredResult(
            input_requests={"step1": _ask("Step 1: your name?", "name")}, request_state="{}"
        )
    color = _field(ctx, "step2", "color")
    if color is None:
        return InputRequiredResult(
            input_requests={"step2": _ask("Step 2: your favourite colour?", "color")},
            request_state=json.dumps({"name": name}),
        )
    return f"{name} likes {color}."


async def test_input_required_result_tampered_state(ctx: Context) -> Asked:
    """Needs a yes, and an untouched state back."""
    if ctx.request_state is not None:
        return f"state-ok: {ctx.request_state}"
    asked = _ask("Please confirm", "ok", "boolean")
    return InputRequiredResult(input_requests={"confirm": asked}, request_state="sealed")


async def test_input_required_result_capabilities(ctx: Context) -> Asked:
    """Asks only what the client can answer."""
    offered = ctx.client_capabilities
    requests: dict[str, Any] = {}
    if offered is not None and offered.sampling is not None:
        requests["sample"] = _sample("Say hello")
    if offered is not None and offered.elicitation is not None:
        requests["ask"] = _ask("What is your name?", "name")
    return InputRequiredResult(input_requests=requests, request_state="offered")


async def test_streaming_elicitation(ctx: Context) -> Asked:
    """Reports progress before it needs a name."""
    await ctx.report_progress(progress=1, total=2)
    return await test_input_required_result_elicitation(ctx)


async def test_input_required_result_prompt(
    ctx: Context,
) -> list[UserMessage] | InputRequiredResult:
    """A prompt that needs to know what it is about."""
    text = _field(ctx, "user_context", "context")
    if text is not None:
        return [UserMessage(role="user", content=TextContent(type="text", text=f"About: {text}"))]
    asked = _ask("What is it about?", "context")
    return InputRequiredResult(input_requests={"user_context": asked})


TOOLS = (
    test_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
    test_sampling,
    test_roots,
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_tampered_state,
    test_input_required_result_capabilities,
    test_streaming_elicitation,
)


def add_to(server: MCPServer[Any]) -> None:
    """Give ``server`` every tool and prompt of this file."""
    for tool in TOOLS:
        server.tool()(tool)
    server.prompt()(test_input_required_result_prompt)
