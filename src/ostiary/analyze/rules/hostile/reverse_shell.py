"""A shell handed to somebody else over the network."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS, host_of
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

REVERSE_SHELL = Rule(
    id="reverse-shell",
    title="Shell is handed to a remote party",
    category=Category.REACH,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for an interactive shell whose input and output are a network connection: by the "
        "words of a command or of a script that is written, by a shell started beside a connection "
        "to a fixed host in one function, and for pages with code that runs what a web request "
        "says. A shell that a caller is given as a declared tool is left to other rules."
    ),
    attack=(
        "Somebody outside types commands on this machine as the user that runs the server, "
        "whenever "
        "they like, with the files, keys and network of that user."
    ),
    remedy=(
        "Do not use this server. If it ran, take the machine off the network, end the processes it "
        "left and change every credential that user could reach."
    ),
    references=("CWE-506", "CWE-912", "CWE-78", "SAFE-T1203", "SAFE-T1903", "MCP05:2025"),
)

_WORDS = (
    r"(?:bash|sh|zsh)\s+-i\b[^\n]{0,40}/dev/(?:tcp|udp)/|/dev/(?:tcp|udp)/\S+/\S+\s+0[<>]&1"
    r"|0<&\d+-?;\s*exec\s+\d+<>/dev/(?:tcp|udp)/"
    r"|\b(?:nc|ncat|netcat)\b[^\n|;]{0,60}\s-[a-z]*[ec]\s+\S*(?:sh|cmd(?:\.exe)?|powershell)\b"
    r"|\bmkfifo\b[^\n]{0,80}\|[^\n]{0,40}\b(?:ba|z|da)?sh\b[^\n]{0,60}\b(?:nc|ncat|netcat"
    r"|openssl)\b"
    r"|\bsocat\b[^\n]{0,80}\bexec:[^\n]{0,40}(?:sh|cmd)\b"
    r"|system\.net\.sockets\.tcpclient[^\n]{0,400}(?:iex|invoke-expression)"
    r"|socket[^\n]{0,200}dup2\([^\n]{0,200}(?:/bin/(?:ba)?sh|pty\.spawn)"
    r"|<\?php[^\n]{0,80}(?:system|exec|eval|shell_exec|passthru|assert)\s*\(\s*(?:@?\$_|base64)"
    r"|(?:system|shell_exec|passthru|popen|eval)\s*\(\s*@?\$_(?:get|post|request|cookie)\["
)
_SHELL = r"^(?:\S*/)?(?:ba|z|da|k|c)?sh(?:\s+-i)?$|^(?:\S*\\)?(?:cmd|powershell|pwsh)(?:\.exe)?$"
_TIED = ("dup2", "pipe", "makefile", "stdio")
_LOOKED_AT = (*RUNS, EffectKind.WRITE_FILE, EffectKind.EVALUATE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(REVERSE_SHELL)
    for reached in entries(facts):
        for effect in reached.effects:
            if effect.kind not in _LOOKED_AT:
                continue
            words = first(_WORDS, facts.written.near(effect))
            if words and told.new(effect.place):
                yield told.effect(
                    reached, effect, "A shell is tied to a network connection.", shows=words
                )
            elif effect.kind in RUNS and _tied(facts, reached, effect) and told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    "A shell is started and its input comes from a connection to a fixed host.",
                    shows=next(iter(facts.written.near(effect)), ""),
                )


def _tied(facts: Facts, reached: Reached, effect: Effect) -> bool:
    """Whether a shell alone is started where a connection to a fixed host is made, with the two
    joined."""
    program = effect.operand("program") or effect.operand("command")
    text = "" if program is None else program.known_text or ""
    if not first(_SHELL, [text.strip()]):
        return False
    around = facts.written.at(effect.place)
    if around is None:
        return False
    joined = any(one.name.rpartition(".")[2] in _TIED for one in around.calls)
    joined = joined or any(one.key == "stdio" for one in around.pairs)
    return joined and any(
        one.kind is EffectKind.CONNECT
        and one.place.file == effect.place.file
        and around.line <= one.place.line <= around.end
        and host_of(facts, one)
        for one in reached.effects
    )


CHECK: Check[Facts] = Check((REVERSE_SHELL,), look)
