"""What a gateway of ours stands on in the benchmark: settings, lock, policy and tokens on disk."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bench_echo import TOOL
from bench_upstreams import ECHO, tools_of
from ostiary.approval.start import given_server
from ostiary.catalogue.keys import own_key
from ostiary.catalogue.lock import seal
from ostiary.identity.token import digest as token_digest
from ostiary.identity.token import token_from
from ostiary.identity.token_file import IssuedToken, TokenFile
from ostiary.model.approval import Approval, ApprovedItem, Start
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked
from ostiary.scan.artifact import artifact_of
from ostiary.supply.resolve import prepare
from ostiary.surface.pins import text_digest
from ostiary.wire.canonical import digest

CAPABILITIES: JsonObject = {"tools": {}}
HTTP = "bench"
STDIO = "echo"
ARGUMENT_RULES = (
    'context.folded.hasTag("text") && context.folded.getTag("text") like "*begin private key*"',
    'context.folded.hasTag("text") && context.folded.getTag("text") like "*drop table*"',
    'context.arguments.hasTag("to") && !(context.arguments.getTag("to") like "*@example.com")',
    'context.numbers.hasTag("amount") && context.numbers.getTag("amount") > 1000',
    'context.flags.hasTag("force") && context.flags.getTag("force")',
    'context.argument_names.contains("sudo")',
    'context.any_path_in.contains("/etc")',
    'context.any_host_in.contains("internal.example.com")',
)
"""Conditions under which the policy of the benchmark refuses; the first two read every call's
argument, so that no two calls are decided from memory."""
RULES = 50


@dataclass(frozen=True, slots=True)
class Ground:
    """Files of one gateway."""

    folder: Path
    settings: Path
    state: Path
    port: int
    token: str


def lay(folder: Path, port: int, approvals: Iterable[Approval]) -> Ground:
    """Write everything a gateway at ``port`` needs. Its state is in ``folder``/state."""
    state = folder / "state"
    state.mkdir(parents=True, mode=0o700)
    found = tuple(approvals)
    (folder / "ostiary.lock").write_bytes(seal(found, own_key(state / "approval-key.pem")))
    (folder / "bench.cedar").write_text(policy(), encoding="utf-8")
    servers = "\n".join(
        f"[servers.{one.server}]\nallow_private = true\n"
        for one in found
        if one.start.transport != "stdio"
    )
    settings = folder / "ostiary.toml"
    settings.write_text(
        f'[gateway]\nlisten = "127.0.0.1:{port}"\n\n'
        "[gateway.limits]\nrequests_per_minute = 100000000\ncalls_per_caller = 1024\n\n"
        f'[policy]\nfiles = ["bench.cedar"]\n\n{servers}',
        encoding="utf-8",
    )
    return Ground(folder, settings, state, port, issue(state))


def issue(state: Path) -> str:
    """A token for one client."""
    token = token_from(secrets.token_bytes(32))
    with TokenFile(state).changing() as tokens:
        tokens.append(
            IssuedToken("bench", "bench", token_digest(token).hex(), time.time(), groups=("staff",))
        )
    return token


def policy() -> str:
    """Fifty rules: one that permits, some on arguments, the rest about others' things."""
    written = [
        '@id("everybody") permit(principal, action, resource);',
        *(
            f'@id("arguments-{nth}") forbid(principal, action in Action::"use", resource)\n'
            f"when {{ {condition} }};"
            for nth, condition in enumerate(ARGUMENT_RULES)
        ),
    ]
    for nth in range(RULES - len(written)):
        written.append(
            f'@id("department-{nth}") forbid(principal, action, resource)\n'
            f'when {{ resource.server == "department-{nth}" && '
            f'!(principal in Group::"department-{nth}") }};'
            if nth % 2
            else f'@id("label-{nth}") forbid(principal, action in Action::"use", resource)\n'
            f'when {{ resource.labels.contains("secret-{nth}") }};'
        )
    return "\n".join(written) + "\n"


def http_server(upstream: int) -> Approval:
    return _approval(HTTP, Start("http", url=f"http://127.0.0.1:{upstream}/mcp"), [ECHO])


def many_servers(upstream: int, count: int) -> list[Approval]:
    """``count`` servers with a hundred tools each."""
    return [
        _approval(
            f"server-{nth}",
            Start("http", url=f"http://127.0.0.1:{upstream}/s/{nth}/mcp"),
            tools_of(nth),
        )
        for nth in range(count)
    ]


def stdio_server(command: tuple[str, ...], cache: Path) -> Approval:
    """The echo server, its file pinned. Raises :class:`ValueError` if no box can run it."""
    start = Start("stdio", command=command)
    server = given_server(STDIO, start)
    found = prepare(server, cache, may_fetch=False)
    if isinstance(found, NotChecked):
        raise ValueError(found.reason)
    return replace(_approval(STDIO, start, [TOOL]), artifact=artifact_of(server, found))


def _approval(name: str, start: Start, tools: Iterable[JsonObject]) -> Approval:
    items = [
        ApprovedItem("tool", str(one["name"]), digest(one), levels=("read",), definition=one)
        for one in tools
    ]
    return Approval(
        server=name,
        key=name,
        start=start,
        artifact="",
        instructions=text_digest(""),
        capabilities=digest(CAPABILITIES),
        items=tuple(sorted(items, key=lambda one: (one.kind, one.name))),
        owner="bench",
        reason="measuring",
        approved_by="bench",
        approved_at="2026-01-01T00:00:00Z",
        capabilities_declared=CAPABILITIES,
    )
