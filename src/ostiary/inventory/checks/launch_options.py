"""Options and variables that weaken a server: debuggers, open ports, TLS off, foreign code."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies
from ostiary.inventory.redact import masked
from ostiary.inventory.secret_places import place
from ostiary.model.check import Check, Installation
from ostiary.model.client import Scope, ServerEntry, Setting
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import visible

DEBUG = Rule(
    id="open-port",
    title="Server opens a debugger or listens to everybody",
    category=Category.TRANSPORT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The launch line opens a debugging port, or binds a listener to every network interface "
    "(0.0.0.0 or ::). A debugger on this machine alone counts for less.",
    attack="A debugging port runs any code for whoever reaches it; a listener on every interface "
    "offers the server's tools to the whole network, often without a question.",
    remedy="Remove the debugging option; bind to 127.0.0.1 and put a proxy that signs people in "
    "before anything that others must reach.",
    references=("MCP07:2025", "SAFE-T1005", "SAFE-T1109", "CoSAI-MCP-T8", "CWE-1327", "CWE-306"),
)

TLS_OFF = Rule(
    id="tls-off",
    title="Certificates are not checked",
    category=Category.TRANSPORT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A variable or an option switches the checking of TLS certificates off.",
    attack="Whoever is on the way can pose as the service, read the credentials and answer in its "
    "name.",
    remedy="Remove it. For a certificate of your own authority name that authority instead "
    "(NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE).",
    references=("AISVS-1.0:10.3.1", "CoSAI-MCP-T7", "CWE-295"),
)

CODE = Rule(
    id="dangerous-variable",
    title="Variable that loads code into the server",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The environment of a server sets a variable that makes its runtime load other code or "
    "takes programs or packages from another place: LD_PRELOAD, NODE_OPTIONS with --require, "
    "PYTHONPATH, PATH, a package index. A harmless value such as a memory limit is left alone.",
    attack="The program that was reviewed is not the one that runs: the variable puts code in "
    "front of it, or swaps the packages below it.",
    remedy="Remove the variable, or explain it where the configuration is reviewed.",
    references=("MCP04:2025", "SAFE-T1203", "AML.T0081", "CWE-829"),
)

_TLS_VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "SSL_VERIFY": ("0", "false", "no"),
    "VERIFY_SSL": ("0", "false", "no"),
    "TLS_VERIFY": ("0", "false", "no"),
}
_TLS_ENDS = ("_SSL_VERIFY", "_VERIFY_SSL", "_TLS_VERIFY", "_VERIFY_TLS", "_SSL_REJECT_UNAUTHORIZED")
_TLS_OPTIONS = frozenset(
    {
        "--insecure",
        "--no-verify-ssl",
        "--no-check-certificate",
        "--no-ssl-verify",
        "--skip-tls-verify",
    }
    | {
        "--insecure-skip-tls-verify",
        "--disable-ssl-verification",
        "--allow-insecure-tls",
        "--no-verify-tls",
    }
    | {
        "--ignore-certificate-errors",
        "--ignore-https-errors",
        "--verify-ssl=false",
        "--ssl-verify=false",
    }
)
_LOADERS = frozenset(
    {
        "LD_PRELOAD",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
        "PYTHONSTARTUP",
        "PERL5OPT",
        "RUBYOPT",
        "JAVA_TOOL_OPTIONS",
        "_JAVA_OPTIONS",
        "BASH_ENV",
        "GIT_SSH_COMMAND",
        "ELECTRON_RUN_AS_NODE",
    }
)
_PATHS = frozenset(
    {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "NODE_PATH"}
)
_INDEXES = frozenset(
    {
        "NPM_CONFIG_REGISTRY",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_EXTRA_INDEX_URL",
        "GOPROXY",
        "GOFLAGS",
    }
)
_ANYWHERE = ("0.0.0.0", "[::]", "::")  # noqa: S104 - looked for, not bound
_LOOSE = ("./", "/tmp", "/var/tmp")  # noqa: S108 - looked for, not used
_BINDS = (
    "--host",
    "--bind",
    "--listen",
    "--address",
    "--hostname",
    "--bind-address",
    "--addr",
    "-h",
    "-b",
)


def look(installation: Installation) -> Iterator[Finding]:
    """At most one finding for each server, rule and cause; evidence for every copy."""
    for server in installation.servers:
        yield from _server(server)


def _server(server: Server) -> Iterator[Finding]:
    done: set[tuple[str, str]] = set()
    for entry in server.entries:
        for rule, says, severity, persona, evidence in _causes(entry):
            if (rule.id, says) in done:
                continue
            done.add((rule.id, says))
            yield rule.finding(
                f"{server.name} {says}.",
                evidence.location,
                evidence=(evidence, *copies((entry,))),
                severity=severity,
                persona=persona,
                mark=says,
            )


_Cause = tuple[Rule, str, Severity | None, Persona | None, Evidence]


def _causes(entry: ServerEntry) -> Iterator[_Cause]:
    yield from _ports(entry)
    for index, word in enumerate(entry.argv):
        if word.lower() in _TLS_OPTIONS:
            yield TLS_OFF, f"is started with {visible(word)}", None, None, _word(entry, index, word)
    for setting in entry.env:
        yield from _variable(entry, setting)


def _ports(entry: ServerEntry) -> Iterator[_Cause]:
    before = ""
    for index, word in enumerate(entry.argv):
        name, _, value = word.partition("=")
        if name in {
            "--inspect",
            "--inspect-brk",
            "--inspect-wait",
            "--debugpy",
            "--remote-debugging-port",
        }:
            anywhere = value.startswith(_ANYWHERE)
            severity = None if anywhere else Severity.LOW
            persona = None if anywhere else Persona.STRICT
            says = f"opens a debugging port ({visible(word)})"
            yield DEBUG, says, severity, persona, _word(entry, index, word)
        elif _binds_everywhere(before, name, value, word):
            yield (
                DEBUG,
                f"listens on every interface ({visible(word)})",
                Severity.MEDIUM,
                None,
                _word(entry, index, word),
            )
        before = name


def _binds_everywhere(before: str, name: str, value: str, word: str) -> bool:
    if before in _BINDS and word in _ANYWHERE:
        return True
    return name in _BINDS and value in _ANYWHERE


def _word(entry: ServerEntry, index: int, word: str) -> Evidence:
    return Evidence(
        "in the command line", place(entry, part=f"argument {index}"), visible(masked(word))
    )


def _variable(entry: ServerEntry, setting: Setting) -> Iterator[_Cause]:
    if setting.value is None:
        return
    name, value = setting.name.upper(), setting.value.reveal().strip()
    shown = visible(f"{setting.name}={masked(value, setting.name)}")
    at = place(
        entry, setting.pointer, f"environment variable {visible(setting.name)}", setting.line
    )
    evidence = Evidence("in its environment", at, shown)
    if _tls_off(name, value):
        yield TLS_OFF, f"does not check certificates ({shown})", None, None, evidence
    elif name in _LOADERS or (name == "NODE_OPTIONS" and _loads(value)):
        yield CODE, f"loads other code first ({shown})", Severity.HIGH, None, evidence
    elif name in _INDEXES:
        yield (
            CODE,
            f"takes packages from elsewhere ({shown})",
            Severity.LOW,
            Persona.STRICT,
            evidence,
        )
    elif name in _PATHS or name == "PATH":
        yield CODE, f"finds code along another path ({shown})", *_path(entry, name, value), evidence


def _path(entry: ServerEntry, name: str, value: str) -> tuple[Severity, Persona]:
    """A search path is common; one that others can write, or that a project brings, is not."""
    parts = value.replace(";", ":").split(":")
    loose = any(part in {"", "."} or part.startswith(_LOOSE) for part in parts)
    if value and loose:
        return Severity.MEDIUM, Persona.DEFAULT
    if name == "PATH" or entry.scope is not Scope.PROJECT:
        return Severity.LOW, Persona.PEDANTIC
    return Severity.LOW, Persona.STRICT


def _loads(value: str) -> bool:
    words = value.replace("=", " ").split()
    return any(
        word in {"-r", "--require", "--import", "--loader", "--experimental-loader"}
        or word.startswith("--inspect")
        for word in words
    )


def _tls_off(name: str, value: str) -> bool:
    off = value.lower()
    if name in _TLS_VARIABLES:
        return off in _TLS_VARIABLES[name]
    if name.endswith(_TLS_ENDS):
        return off in {"0", "false", "no", "off"}
    return name.endswith(("_INSECURE", "_INSECURE_SKIP_VERIFY", "_SKIP_TLS_VERIFY")) and off in {
        "1",
        "true",
        "yes",
    }


CHECK = Check((DEBUG, TLS_OFF, CODE), look)
