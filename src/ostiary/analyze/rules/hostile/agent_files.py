"""Files that steer agents: client configuration, instruction files, what is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS, functions, purpose, spaced
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CLIENT_CONFIG_CHANGED = Rule(
    id="client-config-tampering",
    title="Changes the configuration of AI clients",
    category=Category.REACH,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for writes to the files in which AI clients keep their servers, permissions and "
        "hooks, by a tool or at start, in code whose words do not say that it sets clients up."
    ),
    attack=(
        "Whoever writes there decides which programs the client starts, with which secrets, and "
        "which calls need no question: after the next start of the client that is code of their "
        "choosing on this machine, and every guard of the client is theirs to switch off. Access "
        "to the folder of MCP configuration is access to everything the user can do."
    ),
    remedy=(
        "Do not use this server. If it ran, compare the configuration of each client with a backup "
        "and remove servers you did not add."
    ),
    references=(
        "CWE-506",
        "CWE-829",
        "SAFE-T1206",
        "SAFE-T1104",
        "AML.T0081",
        "MCP-SBP:local-mcp-server-compromise",
    ),
)
AGENT_INSTRUCTIONS_WRITTEN = Rule(
    id="agent-instruction-tampering",
    title="Writes instructions that agents obey",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for fixed text written into files that agents read as orders (CLAUDE.md, AGENTS.md, "
        "rules of editors, memory files) by code whose words do not say so, and for text that "
        "switches safety off written to any file that is named after prompts or instructions."
    ),
    attack=(
        "Every agent that later opens the folder obeys the text with all its tools, also after the "
        "server is gone."
    ),
    remedy="Do not use this server. If it ran, read those files in every project it was used in.",
    references=("CWE-506", "CWE-1427", "SAFE-T1204", "SAFE-T1705", "AML.T0080", "ASI06:2026"),
)
SETS_UP_CLIENTS = Rule(
    id="client-config-setup",
    title="Sets up AI clients",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what="The same writes in code whose words say that it installs itself or sets clients up.",
    attack="A fault in it, or a later version of it, changes what clients start.",
    remedy="Make the entry yourself, and keep clients' configuration out of the server's box.",
    references=("CWE-829", "SAFE-T1206", "AML.T0081"),
)

_CONFIG = (
    r"claude_desktop_config\.json|(?:^|[/\\ ~])\.claude(?:\.json\b|[/\\](?:settings\S*\.json|"
    r"commands|hooks|agents|skills)\b)|\.cursor[/\\](?:mcp\.json|permissions|hooks)|\.codeium[/\\]"
    r"|\.windsurf[/\\](?:mcp|config)|\.vscode[/\\](?:mcp|settings|tasks)\.json|(?:^"
    r"|[/\\ ~])\.mcp\.json"
    r"|\.gemini[/\\]settings\.json|\.codex[/\\]config\.toml|\.continue[/\\]config"
    r"|cline_mcp_settings"
    r"|mcp_settings\.json|mcp_config\.json|\.config[/\\](?:zed[/\\]settings|goose[/\\]config"
    r"|opencode)"
    r"|\.amazonq[/\\]mcp\.json|\.kiro[/\\]settings|\.roo[/\\]mcp\.json|\.junie[/\\]mcp"
    r"|\.lmstudio[/\\]mcp"
)
_ADDS = (
    r"^(?:\S*/)?(?:claude|codex|gemini|code|cursor|amp|droid)(?:\.exe)?\s[^\n]*(?:\bmcp\s+add\b"
    r"|--add-mcp\b)"
    r"|@smithery/cli\S*\s+install\b|\bmcp-installer\b|>>?\s*\S*(?:mcp\.json"
    r"|claude_desktop_config\.json|"
    r"CLAUDE\.md|AGENTS\.md|\.cursorrules)"
)
_INSTRUCTIONS = (
    r"(?:^|[/\\ ~])(?:claude(?:\.local)?\.md|agents?\.md|gemini\.md|copilot-instructions\.md|"
    r"\.cursorrules|\.windsurfrules|\.clinerules|\.roorules|\.goosehints|qwen\.md|soul\.md)\b"
    r"|\.cursor[/\\]rules|\.github[/\\](?:copilot-instructions|instructions|prompts)"
    r"|\.kiro[/\\]steering"
    r"|\.windsurf[/\\]rules|\.continue[/\\]rules|\.claude[/\\](?:rules|output-styles)"
    r"|\.aider\.conf|\.junie[/\\]guidelines"
)
_PROMPTS = r"(?:system|assistant|agent|mcp|model)[-_ ]?(?:prompt|instruction)\S*$|instructions?\S*$"
_OVERRIDES = (
    r"\b(?:ignore|disregard|bypass|override|disable|skip)\b[^.\n]{0,40}\b(?:all|any|previous|prior|"
    r"safety|security|content|authenti\w+|authoriz\w+|restrictions?|checks?|filter\w*|validation)\b"
)
_SAYS_SO = re.compile(
    r"\b(?:install\w*|uninstall\w*|set ?up|configur\w*|onboard\w*|initiali[sz]\w*|register\w*|"
    r"mcp (?:servers?|config\w*|clients?)|claude\w*|cursor|agents? (?:files?|rules?|instructions?)|"
    r"rules?|clients?|scaffold\w*|generat\w+ (?:rules?|instructions?)|cli|memory bank|vs ?code|"
    r"editor|"
    r"workspace settings)\b"
)
_ENTRIES = frozenset({"mcpServers", "servers", "mcp_servers", "context_servers"})


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = (
        Told(CLIENT_CONFIG_CHANGED),
        Told(AGENT_INSTRUCTIONS_WRITTEN),
        Told(SETS_UP_CLIENTS),
    )
    for reached in entries(facts):
        for effect in reached.effects:
            if not _writes(effect) and effect.kind not in RUNS:
                continue
            said = _said(facts, reached, effect)
            near = facts.written.near(effect)
            added = first(_ADDS, near) if effect.kind in RUNS else ""
            if effect.kind in RUNS:
                config, orders = added, ""
            else:
                config, orders = first(_CONFIG, near), first(_INSTRUCTIONS, near)
            if config and _fixed(effect) and told[0].new(effect.place):
                rule = told[2] if said else told[0]
                yield rule.effect(
                    reached, effect, "The configuration of an AI client is changed.", shows=config
                )
            elif orders and not said and _fixed(effect) and told[1].new(effect.place):
                yield told[1].effect(
                    reached, effect, "A file that agents obey is written.", shows=orders
                )
        yield from _overrides(facts, reached, told[1])


def _said(facts: Facts, reached: Reached, effect: Effect) -> bool:
    """Whether the entry's words tell of setting up. Names of functions say so only of what is not
    done at every start: nobody asked for that."""
    entry = reached.entry
    if entry.kind is EntryKind.TOOL:
        return _SAYS_SO.search(purpose(reached)) is not None
    names = [one.name for one in functions(facts, reached)][:20] if not effect.total else []
    return _SAYS_SO.search(spaced(" ".join([entry.name, *names]))) is not None


def _writes(effect: Effect) -> bool:
    if effect.kind is not EffectKind.WRITE_FILE or "empty" in effect.tags:
        return False
    mode = effect.operand("mode")
    return mode is None or not (mode.known_text or "").startswith("r")


def _fixed(effect: Effect) -> bool:
    """Whether no caller names the file."""
    path = effect.operand("path")
    return (
        path is None
        or not path.text
        or "/" in path.pieces
        or not any(True for _ in path.sources(SourceKind.MODEL, SourceKind.REQUEST))
        or bool(path.pieces.strip("\0"))
    )


def _overrides(facts: Facts, reached: Reached, told: Told) -> Iterator[Finding]:
    """Text that switches safety off, written to what is named after prompts."""
    for effect in reached.effects:
        if effect.kind not in (EffectKind.WRITE_FILE, EffectKind.SET_ENVIRONMENT):
            continue
        near = facts.written.near(effect)
        words = first(_OVERRIDES, (one for one in near if len(one) > 40))
        if not words:
            continue
        around = facts.written.at(effect.place)
        names = () if around is None else (one.text for one in around.phrases)
        if first(_PROMPTS, (one for one in names if len(one) < 80)) and told.new(effect.place):
            yield told.effect(
                reached, effect, "Text that switches safety off is left for a model.", shows=words
            )


CHECK: Check[Facts] = Check(
    (CLIENT_CONFIG_CHANGED, AGENT_INSTRUCTIONS_WRITTEN, SETS_UP_CLIENTS), look
)
