"""Credentials written into a configuration file: environment, headers and other fields."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import files, listed
from ostiary.inventory.secret_places import Held, held
from ostiary.model.check import Check, Installation
from ostiary.model.client import ConfigFile, Scope, ServerEntry
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

_REFERENCES = ("MCP01:2025", "AISVS-1.0:10.2.3", "SAFE-T1503", "AML.T0083", "CWE-312", "CWE-798")

IN_CONFIG = Rule(
    id="secret-in-config",
    title="Credential in clear text in a configuration",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A value of a server's environment, headers or other fields has the form of a credential, "
    "or a name that usually holds one and a value that is neither a placeholder nor a reference "
    "to a variable. Values kept in the client's own encrypted store are not in the file and are "
    "left alone.",
    attack="Every program that runs as this user, every backup and every tool that can read files "
    "gets the credential, and with it whatever the credential opens.",
    remedy="Keep the value in the system's secret store or in the client's own (an `inputs` entry, "
    "a keyring, a variable filled in at start), name it in the file by reference, and rotate the "
    "value that was written down.",
    references=_REFERENCES,
)

IN_ARGUMENTS = Rule(
    id="secret-in-arguments",
    title="Credential on a command line",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A word of a server's command line has the form of a credential or follows an option that "
    "takes one.",
    attack="Every user of the machine can read the command lines of running processes, and they "
    "end up in logs and crash reports; the credential goes with them.",
    remedy="Hand the value over in an environment variable that a secret store fills in, and "
    "rotate the value that was written down.",
    references=("MCP01:2025", "AISVS-1.0:10.2.3", "SAFE-T1503", "AML.T0083", "CWE-522"),
)

IN_URL = Rule(
    id="secret-in-url",
    title="Credential in a server's address",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The query, the user part or the path of a server's address holds a credential.",
    attack="Addresses are written to the logs of clients, proxies and servers and are sent in "
    "referrers; whoever reads one can use the server in this user's name.",
    remedy="Sign in by OAuth or send the credential in a header filled from a secret store, and "
    "rotate the one in the address.",
    references=("MCP01:2025", "AISVS-1.0:10.2.3", "AML.T0083", "CWE-598", "CWE-522"),
)

IN_SHARED_FILE = Rule(
    id="secret-in-shared-file",
    title="Credential in a file shared with a project",
    category=Category.SECRET,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A credential stands in a configuration file that belongs to a project and usually goes "
    "into version control with it.",
    attack="Everybody who ever gets a copy of the project, now or from its history, has the "
    "credential; removing the line later does not take it back.",
    remedy="Rotate the credential first, then replace it by a variable that each person fills in, "
    "and remove it from the project's history if it was committed.",
    references=_REFERENCES,
)

_RULE_OF = {"argument": IN_ARGUMENTS, "address": IN_URL}
_WHERE = {
    "environment": "the environment of",
    "header": "the headers of",
    "argument": "the command line of",
    "address": "the address of",
    "field": "the entry of",
}


def look(installation: Installation) -> Iterator[Finding]:
    """One finding for each credential of each server and kind of place; evidence per copy."""
    by_path = files(installation)
    for server in installation.servers:
        groups: dict[tuple[str, str, bool], list[tuple[ServerEntry, Held]]] = {}
        for entry in server.entries:
            for one in held(entry):
                key = (one.where, one.value.reveal(), entry.scope is Scope.PROJECT)
                groups.setdefault(key, []).append((entry, one))
        for (kind, _, shared), group in groups.items():
            yield _finding(server, kind, shared, group, by_path)


def _finding(
    server: Server,
    kind: str,
    shared: bool,
    group: list[tuple[ServerEntry, Held]],
    by_path: dict[str, ConfigFile],
) -> Finding:
    first = group[0][1]
    rule = IN_SHARED_FILE if shared else _RULE_OF.get(kind, IN_CONFIG)
    open_files = sorted({e.file for e, _ in group if _readable_by_others(by_path.get(e.file))})
    secret = first.secret
    opens = "" if secret.breadth == "not known" else f" It opens: {secret.breadth}."
    others = f" Other users of the machine can read {listed(open_files)}." if open_files else ""
    return rule.finding(
        f"{_called(first)} stands in clear text in {_WHERE[kind]} {server.name}.{opens}{others}",
        first.location,
        evidence=[
            Evidence(f"{entry.client} keeps {one.name} here", one.location, one.excerpt)
            for entry, one in group
        ],
        severity=_severity(rule, first, bool(open_files)),
        confidence=secret.confidence,
        persona=Persona.STRICT if secret.confidence is Confidence.LOW else None,
        mark=f"{kind}:{first.name}:{secret.kind}",
    )


def _called(one: Held) -> str:
    kind = one.secret.kind
    return f"A value ({kind})" if one.name == kind else f"{one.name} ({kind})"


def _severity(rule: Rule, one: Held, exposed: bool) -> Severity:
    if one.secret.breadth == "test data only" or one.secret.confidence is Confidence.LOW:
        return Severity.LOW
    if exposed or (one.secret.coarse and one.secret.confidence is Confidence.HIGH):
        return Severity.HIGH
    return rule.severity


def _readable_by_others(one: ConfigFile | None) -> bool:
    return one is not None and one.mode is not None and bool(one.mode & 0o004)


CHECK = Check((IN_CONFIG, IN_ARGUMENTS, IN_URL, IN_SHARED_FILE), look)
