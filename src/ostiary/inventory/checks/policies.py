"""Policies that can be got around, and servers that no policy has let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from ostiary.inventory.checks.copies import copies, files, listed, live, where
from ostiary.inventory.hosts import host_of
from ostiary.inventory.words import program
from ostiary.model.check import Check, Installation
from ostiary.model.client import Client, ConfigFile, PolicyEntry, PolicyKind, ServerEntry, Transport
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import visible

WRITABLE = Rule(
    id="writable-policy",
    title="Users can change the policy they are under",
    category=Category.CONFIGURATION,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A policy in an administrator's place can be written by others than the administrator. A "
    "policy that stands in the user's own file is told to strict readers.",
    attack="Any program that runs as the user, a server of the client included, widens the policy "
    "and then does what it forbade.",
    remedy="Put the policy where only an administrator can write (owner root, no write for group "
    "and others), or use the client's management channel.",
    references=("AISVS-1.0:10.1.2", "AML.T0081", "CWE-732", "CWE-602"),
)

BY_NAME = Rule(
    id="name-only-policy",
    title="Policy goes by a name anybody can choose",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="Every rule of a policy in force compares only the name that a configuration gives its "
    "server. Several makers say themselves that this is no security boundary.",
    attack="An entry with an allowed name runs anything; a denied server runs under another name.",
    remedy="Match the whole command line or the address where the client can, and keep names for "
    "telling servers apart.",
    references=("MCP09:2025", "AISVS-1.0:10.1.2", "SAFE-T1004", "CWE-290"),
)

WEAK = Rule(
    id="weak-control",
    title="Client cannot be held to identified servers",
    category=Category.CONFIGURATION,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what="By what its maker documents, the client offers an administrator only rules on server "
    "names, or none at all.",
    attack="Whatever list of approved servers there is, this client can be configured past it.",
    remedy="Let people use it only where that is acceptable, or give it one server: a gateway that "
    "decides for it.",
    references=("MCP09:2025", "AISVS-1.0:10.1.2", "CWE-602"),
)

UNSANCTIONED = Rule(
    id="unsanctioned-server",
    title="Server that the list of allowed ones lacks",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="One client on this system is under a list of allowed servers, and a server configured in "
    "another client, which the list does not bind, matches none of its rules.",
    attack="The list is kept where it applies and passed by where it does not: the same person, "
    "machine and credentials meet a server that nobody has looked at.",
    remedy="Have the server reviewed and added to the list, or remove it; put the other client "
    "under the list too, or behind a gateway.",
    references=("MCP09:2025", "AISVS-1.0:10.1.2", "CoSAI-MCP-T11"),
)

_LISTS = (PolicyKind.ALLOW, PolicyKind.EXCLUSIVE)
_MATCHERS = frozenset({"name", "command", "argv", "url"})


def look(installation: Installation) -> Iterator[Finding]:
    by_path = files(installation)
    for client in installation.clients:
        yield from _writable(client, by_path)
        yield from _by_name(client)
        on = any(entry.enabled for entry in client.entries)
        if client.control in {"C", "none"} and on and not client.stand_in:
            yield _weak(client)
    yield from _unsanctioned(installation)


def _at(client: Client, policy: PolicyEntry) -> Location:
    return Location(file=policy.file, line=policy.line, client=client.id)


def _writable(client: Client, by_path: dict[str, ConfigFile]) -> Iterator[Finding]:
    seen: set[str] = set()
    for policy in client.policies:
        if policy.file in seen:
            continue
        seen.add(policy.file)
        loose = (
            _loose(by_path.get(policy.file)) if policy.managed else "it lies in the user's own file"
        )
        if loose:
            at = _at(client, policy)
            yield WRITABLE.finding(
                f"Users can change the policy of {client.name} in {visible(policy.file)}: {loose}.",
                at,
                evidence=[Evidence("the policy", at, loose)],
                severity=None if policy.managed else Severity.LOW,
                persona=None if policy.managed else Persona.STRICT,
                mark=policy.file,
            )


def _loose(one: ConfigFile | None) -> str:
    if one is None:
        return ""
    if one.mode is not None and one.mode & 0o022:
        return f"others can write it (mode {one.mode:04o})"
    if one.owner_is_root is False:
        return "it does not belong to root"
    if one.parent_mode is not None and one.parent_mode & 0o022 and not one.parent_mode & 0o1000:
        return f"others can replace it (folder mode {one.parent_mode:04o})"
    return ""


def _by_name(client: Client) -> Iterator[Finding]:
    rules = [
        one
        for one in client.policies
        if one.matches in _MATCHERS and one.kind is not PolicyKind.SWITCH
    ]
    if not rules or any(one.matches != "name" for one in rules):
        return
    yield BY_NAME.finding(
        f"The policy of {client.name} goes by server names alone: "
        f"{listed(one.pattern for one in rules)}.",
        _at(client, rules[0]),
        evidence=[
            Evidence(f"{one.kind.value} by name", _at(client, one), visible(one.pattern))
            for one in rules
        ],
        mark=client.id,
    )


def _weak(client: Client) -> Finding:
    only = "rules on names only" if client.control == "C" else "no rules on servers"
    note = f" ({visible(client.control_note)})" if client.control_note else ""
    file = next((entry.file for entry in client.entries), None)
    at = Location(file=file, client=client.id)
    return WEAK.finding(
        f"{client.name} offers an administrator {only}{note}.",
        at,
        evidence=[Evidence("grade of control", at, client.control)],
        mark=client.control,
    )


def _unsanctioned(installation: Installation) -> Iterator[Finding]:
    bound = {
        client.id: client.name
        for client in installation.clients
        if any(_lists(one) and one.managed for one in client.policies)
    }
    allowed = [
        one
        for client in installation.clients
        for one in client.policies
        if one.kind in _LISTS and client.id in bound and one.matches in _MATCHERS
    ]
    if not bound:
        return
    for server in installation.servers:
        outside = [entry for entry in live(server) if entry.enabled and entry.client not in bound]
        if not outside or server.transport is Transport.BUILTIN:
            continue
        if not any(matches(one, entry) for entry in server.entries for one in allowed):
            yield _unlisted(server, outside, listed(sorted(bound.values())))


def _lists(policy: PolicyEntry) -> bool:
    return policy.kind in _LISTS and policy.matches in _MATCHERS | {"all"}


def _unlisted(server: Server, outside: list[ServerEntry], bound: str) -> Finding:
    users = listed(sorted({entry.client for entry in outside}))
    return UNSANCTIONED.finding(
        f"{server.name} is configured in {users} and matches nothing on the list of {bound}.",
        where(server),
        evidence=copies(outside),
        mark=server.key,
    )


def matches(policy: PolicyEntry, entry: ServerEntry) -> bool:
    """Whether a rule of a policy names this entry, as the client of that policy compares them.

    ``NAME: PATTERN`` is the form of clients that bind a name and an identity together; here the
    identity alone counts, since other clients choose names of their own.
    """
    if policy.matches == "name":
        return fnmatchcase(entry.name, policy.pattern)
    if policy.matches == "url":
        return entry.url is not None and _same_address(_identity(policy.pattern), entry.url)
    if not entry.argv:
        return False
    if policy.matches == "argv" and policy.pattern.startswith("["):
        return _words(policy.pattern) == list(entry.argv)
    pattern, whole = _identity(policy.pattern), " ".join(entry.argv)
    if policy.matches == "command" and pattern in {entry.argv[0], program(entry.argv[0])}:
        return True
    return fnmatchcase(whole, pattern)


def _identity(pattern: str) -> str:
    name, colon, rest = pattern.partition(": ")
    return rest if colon and name and "/" not in name else pattern


def _same_address(pattern: str, url: str) -> bool:
    if "://" not in pattern and "/" not in pattern:
        return fnmatchcase(host_of(url), pattern.lower())
    return fnmatchcase(url.lower(), pattern.lower())


def _words(text: str) -> list[str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


CHECK = Check((WRITABLE, BY_NAME, WEAK, UNSANCTIONED), look)
