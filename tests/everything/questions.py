"""Tools of the everything server that ask the client something: a person, its model, its roots.

In the handshake era a tool asks in the middle of its work. In the stateless era it ends with what
it needs (SEP-2322), and is called again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.shared.message import ServerMessageMetadata
from mcp_types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)
from pydantic import BaseModel, Field

Asked = str | InputRequiredResult
Given = dict[str, Any]
"""Answers of the client by the key of the question."""


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


def stateless(ctx: Context) -> bool:
    """Whether the client speaks the stateless era."""
    return (ctx.protocol_version or "") >= "2026-07-28"


async def ask(
    ctx: Context,
    questions: dict[str, Any],
    state: str | None = None,
    good: Callable[[Given], bool] = bool,
) -> Given | InputRequiredResult:
    """What the client answers to all ``questions``; asked for now, or in the next round. Answers
    that are not ``good`` are asked for again."""
    if not stateless(ctx):
        return {key: await _put(ctx, one) for key, one in questions.items()}
    given = dict(ctx.input_responses or {})
    if questions.keys() <= given.keys() and good(given):
        return given
    return InputRequiredResult(input_requests=questions, request_state=state)


async def _put(ctx: Context, question: Any) -> Any:
    """Ask in the middle of the work. The question goes out on the stream of the request."""
    kind: dict[type, type] = {
        ElicitRequest: ElicitResult,
        CreateMessageRequest: CreateMessageResult,
        ListRootsRequest: ListRootsResult,
    }
    about = ServerMessageMetadata(related_request_id=ctx.request_id)
    return await ctx.session.send_request(question, kind[type(question)], metadata=about)


def _form(message: str, fields: type[BaseModel]) -> ElicitRequest:
    schema = fields.model_json_schema()
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


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


def _field(given: Given, key: str, field: str) -> Any:
    return (getattr(given.get(key), "content", None) or {}).get(field)


def _is_text(key: str, field: str) -> Callable[[Given], bool]:
    return lambda given: isinstance(_field(given, key, field), str)


async def _filled(ctx: Context, message: str, fields: type[BaseModel]) -> Asked:
    given = await ask(ctx, {"form": _form(message, fields)})
    if isinstance(given, InputRequiredResult):
        return given
    return f"action={given['form'].action}, content={json.dumps(given['form'].content or {})}"


async def test_elicitation(message: str, ctx: Context) -> Asked:
    """Asks the person one thing."""
    return await _filled(ctx, message, Reply)


async def test_elicitation_sep1034_defaults(ctx: Context) -> Asked:
    """Asks the person to check a filled form."""
    return await _filled(ctx, "Please check this", Filled)


async def test_elicitation_sep1330_enums(ctx: Context) -> Asked:
    """Asks the person to choose."""
    return await _filled(ctx, "Please choose", Choices)


async def test_sampling(prompt: str, ctx: Context) -> Asked:
    """Asks the client's model."""
    given = await ask(ctx, {"said": _sample(prompt)})
    if isinstance(given, InputRequiredResult):
        return given
    return f"LLM response: {getattr(given['said'].content, 'text', '')}"


async def test_input_required_result_elicitation(ctx: Context) -> Asked:
    """Needs a name."""
    questions = {"user_name": _ask("What is your name?", "name")}
    given = await ask(ctx, questions, good=_is_text("user_name", "name"))
    if isinstance(given, InputRequiredResult):
        return given
    return f"Hello, {_field(given, 'user_name', 'name')}!"


async def test_input_required_result_sampling(ctx: Context) -> Asked:
    """Needs a word of the client's model."""
    given = await ask(ctx, {"capital_question": _sample("What is the capital of France?")})
    if isinstance(given, InputRequiredResult):
        return given
    return f"The model said: {getattr(given['capital_question'].content, 'text', '')}"


async def test_input_required_result_list_roots(ctx: Context) -> Asked:
    """Needs the client's folders."""
    given = await ask(ctx, {"client_roots": ListRootsRequest()})
    if isinstance(given, InputRequiredResult):
        return given
    return f"Roots: {len(given['client_roots'].roots)}"


async def test_input_required_result_request_state(ctx: Context) -> Asked:
    """Needs a yes, and its state back."""

    def kept(given: Given) -> bool:
        return _field(given, "confirm", "ok") is not None and ctx.request_state == "kept"

    questions = {"confirm": _ask("Please confirm", "ok", "boolean")}
    given = await ask(ctx, questions, "kept", kept)
    if isinstance(given, InputRequiredResult):
        return given
    return "state-ok: the state came back"


async def test_input_required_result_multiple_inputs(ctx: Context) -> Asked:
    """Needs three things at once."""
    wanted = {
        "user_name": _ask("What is your name?", "name"),
        "greeting": _sample("Write a greeting"),
        "client_roots": ListRootsRequest(),
    }
    given = await ask(ctx, wanted, "three")
    return given if isinstance(given, InputRequiredResult) else "All three came."


async def test_input_required_result_multi_round(ctx: Context) -> Asked:
    """Needs two things, one after the other."""
    name = json.loads(ctx.request_state or "{}").get("name")
    if name is None:
        first = {"step1": _ask("Step 1: your name?", "name")}
        given = await ask(ctx, first, "{}", _is_text("step1", "name"))
        if isinstance(given, InputRequiredResult):
            return given
        name = _field(given, "step1", "name")
    second = {"step2": _ask("Step 2: your favourite colour?", "color")}
    given = await ask(ctx, second, json.dumps({"name": name}))
    if isinstance(given, InputRequiredResult):
        return given
    return f"{name} likes {_field(given, 'step2', 'color')}."


async def test_input_required_result_tampered_state(ctx: Context) -> Asked:
    """Needs a yes, and an untouched state back."""
    questions = {"confirm": _ask("Please confirm", "ok", "boolean")}
    given = await ask(ctx, questions, "sealed", lambda _: ctx.request_state is not None)
    return given if isinstance(given, InputRequiredResult) else "state-ok"


async def test_input_required_result_capabilities(ctx: Context) -> Asked:
    """Asks only what the client can answer."""
    offered = ctx.client_capabilities
    questions: dict[str, Any] = {}
    if offered is not None and offered.sampling is not None:
        questions["sample"] = _sample("Say hello")
    if offered is not None and offered.elicitation is not None:
        questions["ask"] = _ask("What is your name?", "name")
    given = await ask(ctx, questions, "offered")
    return given if isinstance(given, InputRequiredResult) else "answered"


async def test_streaming_elicitation(ctx: Context) -> Asked:
    """Reports progress before it needs a name."""
    await ctx.report_progress(progress=1, total=2)
    return await test_input_required_result_elicitation(ctx)


async def test_input_required_result_prompt(
    ctx: Context,
) -> list[UserMessage] | InputRequiredResult:
    """A prompt that needs to know what it is about."""
    given = await ask(ctx, {"user_context": _ask("What is it about?", "context")})
    if isinstance(given, InputRequiredResult):
        return given
    text = f"About: {_field(given, 'user_context', 'context')}"
    return [UserMessage(role="user", content=TextContent(type="text", text=text))]


TOOLS = (
    test_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
    test_sampling,
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
