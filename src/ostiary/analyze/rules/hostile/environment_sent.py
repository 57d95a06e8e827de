"""The environment, or keys in it, sent away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Source, SourceKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import (
    RUNS,
    SENDS,
    WHOLE_ENVIRONMENT,
    about,
    host_of,
    purpose,
)
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.walk import inside
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ENVIRONMENT_SENT = Rule(
    id="environment-exfiltration",
    title="Environment with its secrets is sent away",
    category=Category.SECRET,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Follows the environment as a whole into requests, connections, messages and arguments of "
        "programs. Single variables, the environment handed to a child process as its environment, "
        "and what is only counted are left alone."
    ),
    attack=(
        "Every token, key and password that the client gave this server, and those of the shell it "
        "was started from, are in the hands of whoever receives it."
    ),
    remedy="Do not use this server. If it ran, change every secret that its environment held.",
    references=("CWE-506", "CWE-201", "SAFE-T1503", "SAFE-T1913", "MCP01:2025"),
)
FOREIGN_KEY = Rule(
    id="foreign-key-use",
    title="Takes a key that its work does not need",
    category=Category.SECRET,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for variables that hold another vendor's key, read by an entry that talks to fixed "
        "hosts of which none is that vendor's, in a server that neither names the vendor nor uses "
        "a library of it."
    ),
    attack="The key, paid for by its owner, is at hand for whatever the entry sends elsewhere.",
    remedy="Do not pass that variable to the server; ask its author what it is for.",
    references=("CWE-506", "CWE-522", "CWE-201", "SAFE-T1503", "MCP01:2025"),
)

_NOT_SENT = ("options", "client", "env", "environment", "timeout", "program")
_SAFE = g.SAFE | g.MASKED
_VENDORS = {
    "ANTHROPIC": r"anthropic|claude",
    "OPENAI": r"openai|gpt",
    "AWS": r"aws|amazon\w*|boto\w*|s3",
    "GITHUB": r"git\w*|octokit",
    "GITLAB": r"git\w*",
    "AZURE": r"azure|microsoft\w*|msal|graph",
    "STRIPE": r"stripe|payments?",
    "SLACK": r"slack",
    "NPM": r"npm\w*|package\w*",
    "HF": r"hugging\w*|hf|transformers",
    "HUGGINGFACE": r"hugging\w*|hf|transformers",
    "GEMINI": r"gemini|google\w*|genai",
    "GOOGLE": r"google\w*|gemini|genai|gcp|gcloud|maps",
    "DATABASE": r"database|sql\w*|postgres\w*|db|pg",
}
_KEY = re.compile(
    r"^(?P<vendor>[A-Z]+?)_(?:[A-Z_]*_)?(?:API_?KEY|TOKEN|SECRET|SECRET_ACCESS_KEY|"
    r"ACCESS_KEY_ID|PAT|SESSION_TOKEN)$"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    whole, foreign = Told(ENVIRONMENT_SENT), Told(FOREIGN_KEY)
    server = f"{about(facts)} {_libraries(facts)}"
    for reached in entries(facts):
        for effect in reached.effects:
            source = _environment(facts, effect)
            if source is not None and whole.new(effect.place):
                yield whole.effect(
                    reached,
                    effect,
                    f"The whole environment ({source.name or 'all variables'}) is sent.",
                )
        yield from _foreign(facts, reached, server, foreign)


def _environment(facts: Facts, effect: Effect) -> Source | None:
    if effect.kind not in (*SENDS, *RUNS):
        return None
    for role, value in effect.operands.items():
        if role in _NOT_SENT:
            continue
        for source, flow in value.deep_sources(SourceKind.ENVIRONMENT):
            if source.name not in WHOLE_ENVIRONMENT or flow.guarantees & _SAFE:
                continue
            if not _in_parts(facts, flow):
                return source
    return None


def _in_parts(facts: Facts, flow: Flow) -> bool:
    """Whether a function that it was handed to takes single variables from it."""
    for step in flow.steps:
        if not step.says.startswith("is passed to "):
            return False
        name = step.says.removeprefix("is passed to ").rpartition(".")[2]
        if any(_takes_parts(one) for one in facts.written.named(name)):
            return True
    return False


def _takes_parts(around: Words) -> bool:
    node = around.node
    if node is None:
        return False
    if any(not isinstance(one.pattern, ir.NamePattern) for one in node.params):
        return True
    names = {one.pattern.id for one in node.params if isinstance(one.pattern, ir.NamePattern)}
    for one in inside(node.body):
        if isinstance(one, ir.Member | ir.Index) and isinstance(one.base, ir.Name):
            method = isinstance(one, ir.Member) and one.name in WHOLE_ENVIRONMENT
            if one.base.id in names and not method:
                return True
    return False


def _foreign(facts: Facts, reached: Reached, server: str, told: Told) -> Iterator[Finding]:
    hosts = [host for one in reached.effects if one.kind in SENDS if (host := host_of(facts, one))]
    if not hosts:
        return
    said = f"{purpose(reached)} {server} {' '.join(hosts)}"
    for effect in reached.effects:
        if effect.kind is not EffectKind.READ_ENVIRONMENT:
            continue
        name = effect.operand("name")
        found = _KEY.match("" if name is None else name.known_text or "")
        words = _VENDORS.get(found["vendor"]) if found else None
        if not words or re.search(rf"\b(?:{words})\b", said) or _spoken(facts, words):
            continue
        if told.new(effect.place):
            yield told.effect(
                reached,
                effect,
                f"The key {found[0] if found else ''} is read; what is called is {hosts[0]}.",
            )


def _spoken(facts: Facts, words: str) -> bool:
    """Whether the vendor is named anywhere in the code but in the names of variables."""
    search = re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])")
    files = (facts.project.get(path) for path in facts.modules)
    return any(file is not None and search.search(file.text) for file in files)


def _libraries(facts: Facts) -> str:
    named = [one.name for manifest in facts.manifests for one in manifest.dependencies]
    for module in facts.modules.values():
        named += [one.module for one in module.body if hasattr(one, "module")]
    return " ".join(named).lower().replace("_", " ").replace("-", " ").replace("/", " ")


CHECK: Check[Facts] = Check((ENVIRONMENT_SENT, FOREIGN_KEY), look)
