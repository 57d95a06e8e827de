"""Powers that are dangerous together in one client: one finding per client and kind."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow import toxic
from ostiary.flow.places import server_place
from ostiary.flow.subject import Access
from ostiary.flow.toxic import unasked
from ostiary.model.access import ClientAccess, ToxicFlow
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

TRIFECTA = Rule(
    id="lethal-trifecta",
    title="Private data, strangers' text and a way out",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for one client whose servers together bring in text that strangers can write (web "
        "pages, mail, issues), read data that is not public, and can carry data to a place the "
        "caller chooses. It names one path inside a server and one across servers, not every "
        "combination. High when no step of a sure path is asked about; a path that is only likely "
        "and that the client asks about is told to strict readers."
    ),
    attack=(
        "A stranger plants an instruction where the first tool reads. The model follows it, reads "
        "private data with the second tool and sends it out with the third. No tool needs to be "
        "malicious or flawed."
    ),
    remedy=(
        "Split the three powers between clients or profiles, turn off the tools that are not "
        "needed, or make the client ask before the tool that sends."
    ),
    references=("LLM01:2026", "ASI01:2026", "SAFE-T1914", "AML.T0086", "CWE-201"),
)
CONFIGURATION = Rule(
    id="configuration-write",
    title="File tool reaches configuration or start-up files",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for a tool that writes content of the caller's choosing to a path of the caller's "
        "choosing on this machine, and whose allowed directories hold MCP or agent configuration, "
        "shell start-up files, autostart entries or CI definitions. Shown by default when nobody "
        "is asked before a write that surely reaches them. Tools of version control, a container "
        "that mounts nothing and a directory for downloads or temporary files are left alone."
    ),
    attack=(
        "Whoever steers the model adds an MCP server to a client's configuration or a line to a "
        "start-up file, and the next start runs their program with the user's rights."
    ),
    remedy=(
        "Give the server only the directories it needs, none of them a home or a project root "
        "with agent configuration, or mount those read-only."
    ),
    references=("SAFE-T1206", "AML.T0081", "MCP02:2025", "ASI05:2026", "CWE-732"),
)
FILE_AND_CODE = Rule(
    id="file-and-code-runner",
    title="Writes files and runs programs",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for one client with a tool that writes files on this machine and another tool that "
        "runs code or commands."
    ),
    attack="Whoever steers the model places a program with one tool and starts it with the other.",
    remedy="Keep file and code tools in different clients, or run both in one box without secrets.",
    references=("ASI05:2026", "SAFE-T1703", "AML.T0050", "CWE-829"),
)
STEERED_CODE = Rule(
    id="untrusted-content-to-code",
    title="Strangers' text can lead to running code",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for one client with a tool that brings in text strangers can write and a tool that "
        "runs commands or code. High when no step of a sure path is asked about; a path that is "
        "only likely and that the client asks about is told to strict readers."
    ),
    attack=(
        "An instruction in a page, a mail or an issue makes the model run a command of the "
        "stranger's choice with the rights of the code runner."
    ),
    remedy="Box the code runner, make the client ask before it, or read strangers' text elsewhere.",
    references=("ASI05:2026", "LLM03:2026", "SAFE-T1102", "AML.T0050"),
)
STEERED_HARM = Rule(
    id="untrusted-content-to-harm",
    title="Strangers' text can lead to damage",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for one client with a tool that brings in text strangers can write and a tool that "
        "destroys data, spends money or changes who may do what. Shown by default when no step "
        "of the path is asked about. The agent's own memory is not counted as data of value."
    ),
    attack=(
        "An instruction in a page, a mail or an issue makes the model delete records, pay, or give "
        "the stranger rights."
    ),
    remedy="Turn the destructive tools off in this client, or make it ask before each of them.",
    references=("ASI02:2026", "LLM03:2026", "SAFE-T2101", "AML.T0101"),
)
CREDENTIAL_OUT = Rule(
    id="credentials-to-a-way-out",
    title="Credentials can be read and sent out",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for one client with a tool whose results hold credentials (secrets, connection "
        "strings, the environment) and a tool that can carry data to a place the caller chooses."
    ),
    attack=(
        "Whoever steers the model reads a credential with one tool and sends it out with the "
        "other, and then works without the model."
    ),
    remedy="Turn off the tool that shows credentials, or keep tools that send in another client.",
    references=("MCP01:2025", "SAFE-T1502", "AML.T0098", "CWE-522"),
)
SHARED_BUS = Rule(
    id="shared-message-bus",
    title="Strangers' text can reach a shared bus",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    persona=Persona.PEDANTIC,
    what=(
        "Looks for one client with a tool that brings in text strangers can write and a tool that "
        "writes to a queue or key store to which other services commonly listen."
    ),
    attack=(
        "An instruction makes the model publish a message that another service or agent acts on, "
        "outside everything this client could ask about."
    ),
    remedy="Give the server a user that may not write to shared channels, or a store of its own.",
    references=("ASI07:2026", "SAFE-T1705", "CWE-441"),
)

_RULES: dict[str, Rule] = {
    toxic.TRIFECTA: TRIFECTA,
    toxic.CONFIGURATION: CONFIGURATION,
    toxic.FILE_AND_CODE: FILE_AND_CODE,
    toxic.STEERED_CODE: STEERED_CODE,
    toxic.STEERED_HARM: STEERED_HARM,
    toxic.CREDENTIAL_OUT: CREDENTIAL_OUT,
    toxic.SHARED_BUS: SHARED_BUS,
}


def _look(access: Access) -> Iterator[Finding]:
    for one in access.clients:
        for kind, rule in _RULES.items():
            flows = [flow for flow in one.flows if flow.kind == kind]
            if flows:
                yield _finding(rule, access, one, flows)


def _finding(rule: Rule, access: Access, client: ClientAccess, flows: list[ToxicFlow]) -> Finding:
    severity, persona = _loudness(rule, flows)
    names = sorted({step.server for flow in flows for step in flow.steps})
    return rule.finding(
        f"In {visible(client.name, NAME)}, {_path(flows[0])}: {flows[0].says}.",
        _place(access, client, flows[0].steps[0].server),
        evidence=[
            Evidence(
                says=f"path {number}, step {place}: {visible(step.server, NAME)}, "
                f"{visible(step.tool, NAME)}: "
                f"{visible(step.does, NAME)}",
                location=Location(
                    client=client.client,
                    server=step.server,
                    part=f"tool {visible(step.tool, NAME)}",
                ),
            )
            for number, flow in enumerate(flows, 1)
            for place, step in enumerate(flow.steps, 1)
        ],
        severity=severity,
        confidence=max(flow.confidence for flow in flows),
        persona=persona,
        mark=f"{client.client}: {rule.id}: {', '.join(names)}",
    )


def _path(flow: ToxicFlow) -> str:
    return " → ".join(
        f"{visible(step.server, NAME)}·{visible(step.tool, NAME)}" for step in flow.steps
    )


def _loudness(rule: Rule, flows: list[ToxicFlow]) -> tuple[Severity, Persona]:
    """High only where a sure path asks nobody; quiet where a path is unsure and asks."""
    if rule is SHARED_BUS:
        return rule.severity, rule.persona
    bare = [flow.confidence for flow in flows if unasked(flow)]
    if bare:
        if max(bare) is Confidence.HIGH:
            return Severity.HIGH, Persona.DEFAULT
        return Severity.MEDIUM, rule.persona
    if any(flow.confidence is Confidence.HIGH for flow in flows):
        return rule.severity, rule.persona
    return Severity.LOW, max(rule.persona, Persona.STRICT)


def _place(access: Access, client: ClientAccess, server: str) -> Location:
    """The file that brings the first server of the path to this client."""
    found = next((one for one in client.servers if one.name == server), None)
    place = server_place(access, found, client.client) if found else Location()
    return Location(file=place.file, line=place.line, client=client.client)


CHECK = Check(rules=tuple(_RULES.values()), look=_look)
