"""Files that Python runs before any program of the user: ``.pth`` lines and ``sitecustomize``."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Script
from ostiary.analyze.rules.supply.command_words import Doing, doings
from ostiary.analyze.rules.supply.saying import command, of_script
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

RULE = Rule(
    id="hidden-startup-file",
    title="A file runs at every start of Python",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports `.pth` files with a line that begins with `import`, and `sitecustomize.py` and "
        "`usercustomize.py` with content. Python runs them at every start of the environment, "
        "whether the package is used or not. Lines of the known forms of setuptools (namespace "
        "packages, editable installs) are told to strict readers; `.pth` files that only add "
        "folders are left alone."
    ),
    attack=(
        "Code that nobody imports runs in every Python program of the environment: it can read "
        "their secrets, change other packages while they load, and outlive the server."
    ),
    remedy=(
        "Do not install it beside anything else. A server has no need of such a file; ask the "
        "author why it is there."
    ),
    references=(
        "CWE-506",
        "CWE-829",
        "MCP04:2025",
        "SAFE-T1203",
        "SAFE-T1002",
        "AML.T0011.001",
        "CoSAI-MCP-T11",
    ),
)

_KNOWN = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5)",
    "import sys, types, os; p = os.path.join(sys._getframe",
    "import __editable__",
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'",
    "import _virtualenv",
    "import distutils-precedence",
    "import coverage; coverage.process_startup()",
    "import a1_coverage",
)
_GRAVE = frozenset(
    {Doing.HIDDEN, Doing.FETCH_AND_RUN, Doing.SECRETS, Doing.AGENT_FILES, Doing.FETCH}
)


def look(facts: Facts) -> Iterator[Finding]:
    for manifest in facts.manifests:
        for script in manifest.scripts:
            if script.event == "python start" and not _is_example(script.file):
                yield _finding(script)


def _is_example(path: str) -> bool:
    return not {"test", "tests", "docs", "examples"}.isdisjoint(path.split("/")[:-1])


def _finding(script: Script) -> Finding:
    known = script.command.startswith(_KNOWN)
    said = [one.value for one in doings(script.command) if one in _GRAVE]
    why = f", which {said[0]}" if said else ""
    return RULE.finding(
        f"Every start of Python runs `{command(script)}`{why}.",
        of_script(script),
        evidence=[Evidence("Python's site module runs this line", of_script(script))],
        severity=Severity.LOW if known else Severity.CRITICAL if said else None,
        persona=Persona.STRICT if known else None,
        mark=f"start|{script.command[:200]}",
    )


CHECK = Check((RULE,), look)
