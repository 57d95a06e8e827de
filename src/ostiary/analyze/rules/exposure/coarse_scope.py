"""Rights asked for that are wider than what the tools do with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.project import Project
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.wide_scopes import opened, opens_much
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

COARSE_SCOPE = Rule(
    id="coarse-scope",
    title="It asks for wider rights than it needs",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for rights that open nearly everything of a service: all of a Google drive, mailbox "
        "or cloud account, `.All` rights to change of Microsoft Graph, `repo` and `admin:` of "
        "code hosts, `*`, `admin`, `full_access` wherever scopes are given. Weighs more where the "
        "code's tools only read: none of them writes, deletes, sends, or makes a request other "
        "than to fetch. Rights that are narrow, and names that only look like one, are left alone."
    ),
    attack=(
        "Whoever steers the model, or steals the token, can do everything the right opens, "
        "although the tools need a small part of it."
    ),
    remedy=(
        "Grant a narrower right if the service lets you choose, or use an account that holds "
        "nothing else. The author can ask for what the tools use."
    ),
    references=(
        "CWE-250",
        "CWE-269",
        "MCP02:2025",
        "MCP-SBP:scope-minimization",
        "CoSAI-MCP-T9",
        "ASI03:2026",
        "SAFE-T1308",
    ),
)

_GIVEN: Final = r"(?i)^(?:\w*_)?scopes?(?:_list)?$|^\w*[a-z]Scopes?$|^oauth_?scopes?$"
_SETTINGS: Final = (".json", ".yaml", ".yml", ".toml", ".env")
_LONGEST: Final = 2_000
_LARGEST: Final = 200_000
_CHANGES: Final = frozenset(
    {
        EffectKind.MAIL,
        EffectKind.MESSAGE,
        EffectKind.SPEND,
        EffectKind.SHELL,
        EffectKind.EVALUATE,
    }
)
_FETCHES: Final = ("get", "head", "options")
_WORDS: Final = (
    r"(?i)(?:^|_|\b)(?:create|update|delete|remove|write|send|post|put|patch|insert|add|set|move|"
    r"upload|edit|modify|share|merge|push|close|archive|run|execute|invite|import|copy|rename)"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each right and file."""
    reads_only: bool | None = None
    told: set[tuple[str, str]] = set()
    for place, name, opens in (*_in_code(facts), *_in_files(facts.project)):
        if (place.file, name) not in told:
            told.add((place.file, name))
            reads_only = _reads_only(facts) if reads_only is None else reads_only
            yield _told(place, name, opens, reads_only=reads_only)


def _in_code(facts: Facts) -> Iterator[tuple[Place, str, str]]:
    for text in code_of(facts).own:
        if len(text.text) > _LONGEST:
            continue
        given = "scope" in text.name.lower() and compiled(_GIVEN).search(text.name) is not None
        for name in text.text.replace(",", " ").split() if given else (text.text,):
            opens = opened(name, given=given)
            if opens:
                yield text.place, name, opens


def _in_files(project: Project) -> Iterator[tuple[Place, str, str]]:
    """Rights that manifests and settings ask for, by their full names."""
    for file in project.files.values():
        if is_apart(file.path) or not file.path.endswith(_SETTINGS) or len(file.data) > _LARGEST:
            continue
        if b"scope" not in file.data.lower() or not opens_much(file.text):
            continue
        for number, line in enumerate(file.text.splitlines(), start=1):
            if len(line) <= _LONGEST:
                for name in compiled(r"[\w:/.*-]{4,}").finditer(line):
                    opens = opened(name.group() or "", given=False)
                    if opens:
                        yield Place(file.path, number), name.group() or "", opens


def _reads_only(facts: Facts) -> bool:
    """Whether nothing that the tools do, or are called, changes anything anywhere."""
    if not facts.tools or any(
        compiled(_WORDS).search(readable(one.entry.name)) for one in facts.tools
    ):
        return False
    return not any(_changes(effect) for reached in facts.tools for effect in reached.effects)


def _changes(effect: Effect) -> bool:
    if effect.kind is not EffectKind.REQUEST:
        return effect.kind in _CHANGES
    method = effect.operand("method")
    last = effect.callee.rpartition(".")[2].lower()
    if method is None:
        return last in ("post", "put", "patch", "delete")
    return (method.known_text or "").lower() not in _FETCHES


def _told(place: Place, name: str, opens: str, *, reads_only: bool) -> Finding:
    shown = visible(name, NAME)
    evidence = [Evidence(f"{shown} opens {opens}", of_place(place))]
    if reads_only:
        evidence.append(Evidence("none of its tools changes anything", of_place(place)))
    but = ", and its tools only read" if reads_only else ""
    return COARSE_SCOPE.finding(
        f"It asks for {shown}, which opens {opens}{but}.",
        of_place(place),
        evidence=evidence,
        severity=Severity.MEDIUM if reads_only else Severity.LOW,
        persona=Persona.DEFAULT if reads_only else Persona.STRICT,
        mark=f"{place.file} {name}",
    )


CHECK: Check[Facts] = Check((COARSE_SCOPE,), look)
