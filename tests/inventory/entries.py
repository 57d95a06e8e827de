"""Entries, clients and installations as short as tests need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ostiary.inventory.checks import CHECKS
from ostiary.inventory.servers import merge
from ostiary.model.check import Installation, run
from ostiary.model.client import (
    Client,
    Concealed,
    ConfigFile,
    ExecutionSink,
    Permission,
    PolicyEntry,
    Scope,
    ServerEntry,
    Setting,
    ToolRules,
    Transport,
)
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona
from ostiary.model.json import JsonObject

HOME = "/home/ada"
NO_RULES = ToolRules()


def settings(values: Mapping[str, str | None] | None) -> tuple[Setting, ...]:
    return tuple(
        Setting(name, None if value is None else Concealed(value), line=9)
        for name, value in (values or {}).items()
    )


def entry(
    name: str,
    command: str | Iterable[str] = (),
    *,
    url: str | None = None,
    client: str = "cursor",
    env: Mapping[str, str | None] | None = None,
    headers: Mapping[str, str | None] | None = None,
    scope: Scope = Scope.USER,
    file: str | None = None,
    tools: ToolRules = NO_RULES,
    executes: tuple[ExecutionSink, ...] = (),
    enabled: bool = True,
    cwd: str | None = None,
    problems: tuple[str, ...] = (),
    raw: JsonObject | None = None,
    line: int = 7,
) -> ServerEntry:
    argv = tuple(command.split()) if isinstance(command, str) else tuple(command)
    shared = scope is Scope.PROJECT
    return ServerEntry(
        client=client,
        file=file or ("/srv/site/.mcp.json" if shared else f"{HOME}/.{client}/mcp.json"),
        scope=scope,
        name=name,
        transport=Transport.STDIO if argv else Transport.HTTP,
        argv=argv,
        url=url,
        env=settings(env),
        headers=settings(headers),
        cwd=cwd,
        enabled=enabled,
        project="/srv/site" if shared else None,
        tools=tools,
        executes=executes,
        line=line,
        pointer=f"/mcpServers/{name}",
        problems=problems,
        raw=raw or {},
    )


def config_file(path: str, client: str = "cursor", **more: object) -> ConfigFile:
    one = ConfigFile(path, client, Scope.USER, "json", "0" * 64, 0o600, parent_mode=0o700)
    return replace(one, **more)  # type: ignore[arg-type]


def installation(
    *entries: ServerEntry,
    files: tuple[ConfigFile, ...] = (),
    policies: Mapping[str, tuple[PolicyEntry, ...]] | None = None,
    permissions: tuple[Permission, ...] = (),
    control: str = "A",
) -> Installation:
    names = sorted(
        {one.client for one in entries}
        | {one.client for one in files}
        | set(policies or {})
        | ({"cursor"} if permissions else set())
    )
    clients = tuple(
        Client(
            id=name,
            name=name.title(),
            homes=(HOME,),
            files=tuple(one for one in files if one.client == name),
            entries=tuple(one for one in entries if one.client == name),
            policies=(policies or {}).get(name, ()),
            permissions=permissions if name == "cursor" else (),
            control=control,
        )
        for name in names
    )
    return Installation(clients, merge(entries))


def findings(what: Installation, rule: str = "") -> list[Finding]:
    found, failed = run(CHECKS, what, "the test")
    assert failed == []
    return [one for one in found if rule in {"", one.rule}]


def loud(what: Installation) -> list[str]:
    """Ids of the rules that a default reader is told."""
    return sorted({one.rule for one in findings(what) if one.persona is Persona.DEFAULT})
