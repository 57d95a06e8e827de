"""Code that makes itself start again: schedules, services, shell start files, hooks, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.around import RUNS, Shown, about, purpose
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

PERSISTENCE = Rule(
    id="covert-persistence",
    title="Makes itself start again without saying so",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for writes to what a system or a shell starts by itself (cron, systemd units, "
        "launch "
        "agents, autostart entries, shell start files, Run keys, git hooks, authorized keys, "
        "preloaded libraries) in a server that does not say that this is its purpose."
    ),
    attack=(
        "What is put there runs at the next login, boot, commit or hour, also after the server is "
        "removed; a key in authorized_keys lets its holder in from outside."
    ),
    remedy=(
        "Do not use this server. If it ran, look at crontab -l, the user's units and launch "
        "agents, "
        "shell start files, git hooks and ~/.ssh/authorized_keys."
    ),
    references=("CWE-506", "SAFE-T1203", "CoSAI-MCP-T9", "MCP-SBP:local-mcp-server-compromise"),
)
STARTS_ITSELF = Rule(
    id="persistence-by-design",
    title="Sets up something that starts by itself",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "The same writes in a server or tool whose words say that it manages schedules, services, "
        "hooks, keys or shells."
    ),
    attack=(
        "Whoever can put text before the model can have something run later, outside any box the "
        "server has."
    ),
    remedy="Have each such call confirmed by a person, and box the server so that it cannot.",
    references=("CWE-269", "ASI02:2026", "CoSAI-MCP-T9"),
)

_RUN_KEY = r"\\+currentversion\\+run(?:once)?\b"
_PLACES = (
    r"/etc/(?:cron|anacron|rc\.local|init\.d|inittab|profile|ld\.so\.preload|systemd|xdg/autostart)"
    r"|/var/spool/cron|\.config/(?:systemd|autostart)\b|/systemd/(?:user|system)/|\.service$"
    r"|\blaunch(?:agents|daemons)\b|\.config/fish/config"
    r"|(?:^|[/\\~\s'\"])\.(?:bashrc|zshrc|bash_profile|zprofile|profile|zshenv|bash_login"
    r"|bash_logout|"
    r"xprofile|xinitrc|kshrc|cshrc)\b"
    r"|\\currentversion\\run|start menu[/\\]programs[/\\]startup"
    r"|\.git[/\\]hooks[/\\]?|core\.hookspath"
    r"|\.ssh[/\\]authorized_keys|(?:^|/)authorized_keys\d?$"
    r"|(?:site|user)customize\.py$|(?:site-packages|dist-packages)\S*\.pth$"
)
_COMMANDS = (
    r"\bcrontab\s+(?:-u \S+\s+)?(?:-(?:\s|$)|/\S|-$)|\|\s*crontab\s+-"
    r"|\bsystemctl\s+(?:--user\s+)?(?:enable|link)\b|\bupdate-rc\.d\b|\bchkconfig\b[^\n]* on\b"
    r"|\blaunchctl\s+(?:load|bootstrap|submit)\b|\bschtasks\b[^\n]*/create\b"
    r"|\breg(?:\.exe)?\s+add\b[^\n]*\\run\b|\bnew-scheduledtask|register-scheduledtask"
    r"|>>?\s*(?:~|\$home|/root|/home/\S+)?/?\S*\.(?:bashrc|zshrc|profile|bash_profile|zshenv)\b"
    r"|>>?\s*\S*/etc/(?:rc\.local|cron|ld\.so\.preload|profile)|>>?\s*\S*authorized_keys"
    r"|>>?\s*\S*(?:\.config/autostart|launchagents)/|\bgit config\b[^\n]*core\.hookspath"
    r"|\bat now\b|@reboot\s+\S"
)
_LIBRARIES = ("crontab.CronTab().write", "crontab.CronTab().new", "win32com.", "auto-launch")
_REGISTRY = ("SetValueEx", "SetValue", "RegSetValueExA", "setRegistryValue")
_SAID = re.compile(
    r"\b(?:cron\w*|schedul\w*|systemd|services?|daemon|launch ?agents?|launchd|autostart|startup|"
    r"start ?up|hooks?|authorized keys?|ssh keys?|dotfiles?|shell (?:config|profile|rc)|bashrc"
    r"|zshrc|"
    r"profile|registry|boot|login items?|completion|alias(?:es)? (?:add|set|create)|install\w*|"
    r"set ?up|configur\w* (?:shell|ssh))\b"
)
_KEYS = re.compile(r"authorized_keys|ld\.so\.preload", re.IGNORECASE)
_WRITES = (EffectKind.WRITE_FILE, EffectKind.EXTRACT_ARCHIVE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    hidden, declared = Told(PERSISTENCE), Told(STARTS_ITSELF)
    keys = Shown(facts, _registry)
    server = about(facts)
    for reached in entries(facts):
        said = _SAID.search(f"{purpose(reached)} {server}") is not None
        for effect in reached.effects:
            words = _words(facts, effect)
            if not words or not hidden.new(effect.place):
                continue
            told = declared if said and not _outright(words, effect) else hidden
            yield told.effect(
                reached, effect, "Something is put where it starts by itself.", shows=words
            )
        told = declared if said else hidden
        for around, (line, words) in keys.by(reached):
            if told.new(Place(around.file, line)):
                yield told.at(
                    reached.entry,
                    Place(around.file, line),
                    "Something is put where it starts by itself.",
                    shows=words,
                    mark=f"{around.name} registry",
                )


def _registry(around: Words) -> Iterator[tuple[int, str]]:
    """Values set below a key whose programs a system starts: the line, and the key."""
    line = next((one.line for one in around.calls if one.name.endswith(_REGISTRY)), 0)
    words = first(_RUN_KEY, (one.text for one in around.phrases)) if line else ""
    if words:
        yield line, words


def _words(facts: Facts, effect: Effect) -> str:
    if effect.kind in _WRITES and "empty" not in effect.tags and not _reads(effect):
        return first(_PLACES, facts.written.near(effect))
    if effect.callee.startswith(_LIBRARIES):
        return effect.callee
    if effect.kind in RUNS:
        return first(_COMMANDS, (*facts.written.near(effect), *_fed(effect)))
    return ""


def _fed(effect: Effect) -> Iterator[str]:
    """The program with its arguments in a row, as somebody would type it."""
    arguments = effect.operand("arguments")
    if arguments is not None and arguments.fields:
        parts = [one.known_text or "\0" for one in arguments.fields.values()]
        yield " ".join(parts)
        program = effect.operand("program")
        if program is not None and program.known_text:
            yield " ".join([program.known_text, *parts])


def _reads(effect: Effect) -> bool:
    mode = effect.operand("mode")
    return mode is not None and mode.known_text in ("r", "rb", "rt")


def _outright(words: str, effect: Effect) -> bool:
    """Whether a fixed key or library is put there, which no purpose explains."""
    content = effect.operand("content")
    fixed = content is not None and bool(content.known_text)
    return _KEYS.search(words) is not None and (fixed or content is None)


CHECK: Check[Facts] = Check((PERSISTENCE, STARTS_ITSELF), look)
