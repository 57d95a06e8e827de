"""Scripts that run when somebody installs the package."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.package_json import ON_CHECKOUT
from ostiary.analyze.rules.supply.command_words import Doing
from ostiary.analyze.rules.supply.saying import command, of_place, of_script
from ostiary.analyze.rules.supply.script_work import Work, work_of
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

HOSTILE = Rule(
    id="install-script-hostile",
    title="Installing runs hidden or hostile code",
    category=Category.SUPPLY,
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows every script that a package manager runs by itself (npm's install scripts, "
        "setup.py and its replaced commands, build back ends inside the package) into the "
        "package's own files, and reports one that runs decoded text, sends secrets, files or the "
        "environment away, or writes the configuration of AI applications or of the shell. "
        "Scripts that build, print or set up the author's tools are left alone."
    ),
    attack=(
        "Whoever installs the package runs this code as themselves before any server starts and "
        "before any question is asked: keys and tokens leave, or the machine stays under control."
    ),
    remedy=(
        "Do not install it. Where it was installed, treat every credential of that account as "
        "known to others, and look through the files named here."
    ),
    references=(
        "CWE-506",
        "MCP04:2025",
        "SAFE-T1002",
        "SAFE-T1003",
        "AML.T0011.001",
        "ASI04:2026",
        "CoSAI-MCP-T11",
    ),
)

FETCHES = Rule(
    id="install-script-fetch",
    title="Installing downloads code and runs it",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports a script that runs on installation, downloads something and runs it, in the "
        "command itself or in the package's files that it starts. It weighs less where the script "
        "computes a digest, which suggests that the download is checked, and where it only "
        "downloads. Build tools that fetch native modules are told to strict readers as install "
        "scripts."
    ),
    attack=(
        "What is run is not in the package: no index, lock file or review saw it, and whoever "
        "holds the address can serve another file tomorrow, or to one victim alone."
    ),
    remedy=(
        "Install with scripts switched off (`--ignore-scripts`, or wheels only), or in a box. Ask "
        "the author to publish the file inside the package or to check a fixed digest."
    ),
    references=(
        "CWE-494",
        "CWE-829",
        "MCP04:2025",
        "SAFE-T1002",
        "ASI04:2026",
        "CoSAI-MCP-T11",
        "MCP-SBP:local-mcp-server-compromise",
    ),
)

RUNS = Rule(
    id="install-script",
    title="Installing runs a script of the package",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Names every script that runs on installation and was seen to do nothing worse than "
        "building, compiling a native module or running files of the package. Husky, messages and "
        "other tools of the author are left alone; so are scripts for checkouts of the source."
    ),
    attack=(
        "A script that runs on installation needs one bad release to become an attack, and runs "
        "before the server is looked at."
    ),
    remedy="Install with scripts switched off and see whether the server works; most do.",
    references=("CWE-829", "MCP04:2025", "SAFE-T1002", "CoSAI-MCP-T11"),
)

_EVENTS = {"setup.py", "setup.py command", "build-backend", "build.rs"}
_QUIET = {Doing.AUTHOR, Doing.MESSAGE}
_HOSTILE_WORDS = (Doing.HIDDEN, Doing.SECRETS, Doing.AGENT_FILES)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each automatic script, of the gravest rule that fits it."""
    for manifest in facts.manifests:
        if manifest.ecosystem in {"editor", "mcpb", "mcp", "oci"}:
            continue
        told: set[tuple[str, Location]] = set()
        for script in manifest.scripts:
            if script.automatic and script.event not in {"python start", "dependency install"}:
                found = _judge(manifest, work_of(facts, manifest, script))
                if found is not None and (found.rule, found.location) not in told:
                    told.add((found.rule, found.location))
                    yield found


def _judge(manifest: Manifest, work: Work) -> Finding | None:
    return _hostile(manifest, work) or _fetches(manifest, work) or _runs(manifest, work)


def _hostile(manifest: Manifest, work: Work) -> Finding | None:
    for effect, says in (
        (work.sends_private, "sends secrets, files or facts of the machine away"),
        (work.hidden, Doing.HIDDEN.value),
        (work.agent_files, "writes the configuration of AI applications or of the shell"),
    ):
        if effect is not None:
            return _finding(HOSTILE, manifest, work, says, of_place(effect.place), effect=effect)
    for one in work.spoken:
        if one.hidden:
            place = Location(file=one.file, line=one.hidden)
            return _finding(HOSTILE, manifest, work, Doing.HIDDEN.value, place)
    for doing in _HOSTILE_WORDS:
        said = _said(work, doing)
        if said is not None:
            grave = doing is Doing.HIDDEN or Doing.FETCH in work.words
            return _finding(
                HOSTILE,
                manifest,
                work,
                doing.value,
                said,
                severity=None if grave else Severity.HIGH,
            )
    return None


def _said(work: Work, doing: Doing) -> Location | None:
    """Where words show it: in the command or in a shell script it runs."""
    if doing in work.words:
        return of_script(work.script)
    for one, file, line in work.in_files:
        if one is doing:
            return Location(file=file, line=line)
    return None


def _fetches(manifest: Manifest, work: Work) -> Finding | None:
    return _runs_download(manifest, work) or _spoken(manifest, work) or _reaches_out(manifest, work)


def _spoken(manifest: Manifest, work: Work) -> Finding | None:
    """The same, told by the names of calls in files that no front end read."""
    for one in work.spoken:
        if one.fetches:
            both = one.runs >= one.fetches
            says = "downloads something and runs programs" if both else "reaches out to the network"
            return _finding(
                FETCHES,
                manifest,
                work,
                says,
                Location(file=one.file, line=one.runs if both else one.fetches),
                severity=None if both else Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
            )
    return None


def _runs_download(manifest: Manifest, work: Work) -> Finding | None:
    place = _said(work, Doing.FETCH_AND_RUN)
    if place is not None:
        return _finding(FETCHES, manifest, work, Doing.FETCH_AND_RUN.value, place)
    if work.fetched_runs and work.runs is not None:
        says = "runs what it downloaded"
        return _finding(FETCHES, manifest, work, says, of_place(work.runs.place), effect=work.runs)
    if work.fetches is not None and work.runs is not None:
        says = "downloads something and runs programs"
        if work.checks_digest:
            says += ", after it computes a digest"
        return _finding(
            FETCHES,
            manifest,
            work,
            says,
            of_place(work.runs.place),
            effect=work.fetches,
            severity=Severity.MEDIUM if work.checks_digest else None,
            confidence=Confidence.MEDIUM,
        )
    return None


def _reaches_out(manifest: Manifest, work: Work) -> Finding | None:
    place = _said(work, Doing.FETCH) or (of_place(work.fetches.place) if work.fetches else None)
    if place is None:
        return None
    return _finding(
        FETCHES,
        manifest,
        work,
        "reaches out to the network",
        place,
        effect=work.fetches,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
    )


def _runs(manifest: Manifest, work: Work) -> Finding | None:
    script = work.script
    alone = script.event == "setup.py" and work.runs is None
    if alone or set(work.words) <= _QUIET or script.event in ON_CHECKOUT:
        return None
    says = ", ".join(one.value for one in work.words)
    if script.event == "setup.py command":
        says = "replaces a command of the build"
    if work.missing and not work.files:
        says += f"; {visible(work.missing[0], NAME)} is not in the package"
    return _finding(RUNS, manifest, work, says, of_script(script))


def _finding(
    rule: Rule,
    manifest: Manifest,
    work: Work,
    says: str,
    place: Location,
    *,
    effect: Effect | None = None,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
) -> Finding:
    script = work.script
    evidence = [Evidence(f"{_when(script)} runs it", of_script(script), command(script))]
    evidence += [
        Evidence("it runs this file", Location(file=path, line=1)) for path in work.files[:3]
    ]
    if effect is not None:
        step = f"{effect.kind.value}: {visible(effect.callee, NAME)}"
        evidence.append(Evidence(step, of_place(effect.place)))
    if script.event in ON_CHECKOUT:
        whole = rule.severity if severity is None else severity
        severity = Severity(max(whole - 1, 0))
    name = visible(manifest.name or manifest.file, NAME)
    return rule.finding(
        f"{_when(script)} of {name} {says}.",
        place,
        evidence=evidence,
        severity=severity,
        confidence=confidence,
        mark=f"{script.event}|{says}",
    )


def _when(script: Script) -> str:
    if script.event in _EVENTS:
        return f"The build ({script.event})"
    return f"The {script.event} script"


CHECK = Check((HOSTILE, FETCHES, RUNS), look)
