"""Files of the project that run code when somebody opens or enters its folder."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.on_open.opening import (
    AGENT_HOOK,
    AGENT_SERVER,
    CONTAINER_START,
    FOLDER_ENTER,
    FOLDER_OPEN,
    GIT_HOOK,
    PACKAGE_MANAGER,
)
from ostiary.analyze.manifests.package import Script
from ostiary.analyze.rules.supply.command_words import Doing, doings
from ostiary.analyze.rules.supply.saying import command, of_script
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, visible

RUNS = Rule(
    id="runs-on-open",
    title="Opening its folder runs commands",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports commands that an editor, an AI application, a shell or a package manager runs "
        "because a file of the project says so: tasks that run on opening the folder, hooks of "
        "agents, start-up configurations, commands around a development container, `.envrc`, "
        "programs that `.npmrc` and Yarn load. A command that downloads and runs, decodes text or "
        "touches keys weighs high. What first asks, runs in a container or needs a commit is told "
        "to strict readers; servers that a project offers to AI applications likewise."
    ),
    attack=(
        "Somebody who only wants to read the source opens the folder, and the author's commands "
        "run as that person; a question about trust is answered out of habit."
    ),
    remedy=(
        "Open the folder in restricted mode or in a container, and read this file first. The "
        "installed package does not need it."
    ),
    references=(
        "CWE-829",
        "MCP-SBP:local-mcp-server-compromise",
        "AISVS-1.0:10.4.7",
        "SAFE-T1006",
        "AML.T0081",
        "MCP04:2025",
    ),
)

LOOSENS = Rule(
    id="loosens-questions",
    title="A project file takes questions away",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports settings that come with the project and switch off what would protect its reader: "
        "automatic tasks and servers without a question, tools that are always allowed, "
        "certificates that are not checked, another index for packages, an agent's traffic sent "
        "elsewhere. An index of the author's own is told to strict readers."
    ),
    attack=(
        "The setting is in force for everybody who opens the folder, and what it allows may come "
        "with a later change that nobody is asked about."
    ),
    remedy="Remove the setting from the copy you open, or open it in an account without secrets.",
    references=(
        "CWE-829",
        "AISVS-1.0:10.4.7",
        "MCP-SBP:local-mcp-server-compromise",
        "SAFE-T1403",
        "AML.T0081",
    ),
)

_SAYS = {
    FOLDER_OPEN: "Opening the folder in its editor runs",
    FOLDER_ENTER: "Entering the folder runs, once it is allowed,",
    CONTAINER_START: "Starting its development container runs",
    GIT_HOOK: "Its git hook runs",
    AGENT_HOOK: "An AI application that works in the folder runs",
    AGENT_SERVER: "An AI application that opens the folder is offered to start",
    PACKAGE_MANAGER: "A package manager used in the folder loads",
    "file save": "Saving a file in its editor runs",
}
_USUAL = {
    FOLDER_OPEN: (Severity.MEDIUM, Persona.DEFAULT),
    AGENT_HOOK: (Severity.MEDIUM, Persona.DEFAULT),
    PACKAGE_MANAGER: (Severity.LOW, Persona.STRICT),
    FOLDER_ENTER: (Severity.LOW, Persona.STRICT),
    CONTAINER_START: (Severity.LOW, Persona.STRICT),
    AGENT_SERVER: (Severity.LOW, Persona.STRICT),
    GIT_HOOK: (Severity.INFO, Persona.PEDANTIC),
    "file save": (Severity.LOW, Persona.STRICT),
}
_GRAVE = frozenset({Doing.HIDDEN, Doing.FETCH_AND_RUN, Doing.SECRETS, Doing.AGENT_FILES})
_WEIGHTS = {
    "takes away a question": (Severity.MEDIUM, Persona.DEFAULT, "It sets"),
    "redirects": (Severity.MEDIUM, Persona.DEFAULT, "It sends an agent's traffic elsewhere by"),
    "index": (Severity.LOW, Persona.STRICT, "It fetches packages from another index:"),
    "container power": (Severity.LOW, Persona.STRICT, "Its development container runs with"),
}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each file and kind of event, one for each setting."""
    for manifest in facts.manifests:
        if manifest.ecosystem != "editor":
            continue
        events = dict.fromkeys(script.event for script in manifest.scripts)
        for event in events:
            yield _runs([one for one in manifest.scripts if one.event == event])
        for name, value in manifest.states:
            if name in _WEIGHTS:
                yield _loosens(manifest.file, name, value)


def _runs(scripts: list[Script]) -> Finding:
    worst = max(scripts, key=_weight)
    severity, persona = _USUAL[worst.event]
    said = [one for one in doings(worst.command) if one in _GRAVE]
    if said:
        severity, persona = Severity.HIGH, Persona.DEFAULT
    more = len(scripts) - 1
    rest = f" and {more} more" if more else ""
    why = f", which {said[0].value}" if said else ""
    return RUNS.finding(
        f"{_SAYS[worst.event]} `{command(worst)}`{why}{rest}.",
        of_script(worst),
        evidence=[
            Evidence("the file says so", of_script(one), command(one)) for one in scripts[:5]
        ],
        severity=severity,
        persona=persona,
        mark=f"{worst.event}|{'grave' if said else 'usual'}",
    )


def _weight(script: Script) -> int:
    return sum(1 for one in doings(script.command) if one in _GRAVE)


def _loosens(file: str, name: str, value: str) -> Finding:
    severity, persona, says = _WEIGHTS[name]
    return LOOSENS.finding(
        f"{says} {visible(value, EXCERPT)}.",
        Location(file=file, line=1),
        severity=severity,
        persona=persona,
        mark=f"{name}|{value}",
    )


CHECK = Check((RUNS, LOOSENS), look)
