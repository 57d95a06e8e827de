"""How broad one tool is: whether its caller chooses the act, the command or the address."""

from __future__ import annotations

from ostiary.flow.lexicon.verbs import HTTP_METHODS
from ostiary.flow.schema import Parameters, parameters
from ostiary.flow.words import name_verbs
from ostiary.model.access import Level, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.surface import Tool


def breadth(tool: Tool, access: ToolAccess) -> tuple[str, ...]:
    """Why a tool is broader than one act, in words; empty for one that is not."""
    takes = parameters(tool.input_schema)
    found = (_code(takes, access), _statement(takes, access), _request(takes), *_mixed(takes))
    return tuple(says for says in found if says)


def _code(takes: Parameters, access: ToolAccess) -> str:
    execute = access.has(Level.EXECUTE)
    if execute is None or execute.confidence is not Confidence.HIGH:
        return ""
    for role, what in (("command", "command"), ("code", "code")):
        if role in takes.free:
            return f"`{takes.free[role]}` takes any {what}"
    return ""


def _statement(takes: Parameters, access: ToolAccess) -> str:
    destroy = access.has(Level.DESTROY)
    if "sql" not in takes.free or destroy is None or destroy.confidence is Confidence.LOW:
        return ""
    return f"`{takes.free['sql']}` takes any statement, those that change or drop included"


def _request(takes: Parameters) -> str:
    if "url" not in takes.free or not takes.has("http method"):
        return ""
    if "http method" in takes.free:
        return f"`{takes.free['url']}` and `{takes.free['http method']}` take any HTTP request"
    listed = {choice.lower() for _, choices in takes.choices for choice in choices}
    if {"post", "get"} <= listed <= set(HTTP_METHODS) | {"options"}:
        return f"`{takes.free['url']}` and a choice of HTTP methods take any request"
    return ""


def _mixed(takes: Parameters) -> tuple[str, ...]:
    """Actions of one parameter that range from reading to destroying."""
    found: list[str] = []
    for name, choices in takes.choices:
        levels: dict[Level, str] = {}
        for choice in choices:
            for said in name_verbs(choice.lower())[:1]:
                if said.verb.level is not None and said.verb.sure:
                    levels.setdefault(said.verb.level, choice)
        if Level.READ in levels and Level.DESTROY in levels and len(choices) > 2:
            read, destroy = levels[Level.READ][:40], levels[Level.DESTROY][:40]
            found.append(f"`{name}` ranges from '{read}' to '{destroy}'")
    return tuple(found)
