"""Protection or records of the machine that are switched off or wiped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.around import RUNS
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DISABLES_PROTECTION = Rule(
    id="disables-protection",
    title="Switches off protection or wipes records",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for fixed commands and writes that switch off a firewall, mandatory access control, "
        "auditing, logging or virus protection, that empty system logs, login records or the "
        "history of the shell, or that set the times of such files back. Commands that a caller "
        "writes are left to other rules."
    ),
    attack=(
        "What the server or its next visitor does afterwards is neither stopped nor recorded, and "
        "what was done before can no longer be looked up."
    ),
    remedy=(
        "Do not use this server. If it ran, take the machine's logs from where they are collected "
        "centrally and switch protection on again."
    ),
    references=("CWE-506", "CWE-693", "CWE-778", "CoSAI-MCP-T12", "MCP08:2025"),
)

_LOGS = (
    r"(?:/var/log/\S*|/var/run/utmp|\S*\.(?:bash|zsh|sh)_history|\S*/(?:wtmp|btmp|lastlog|utmp)\b)"
)
_SERVICES = (
    r"(?:firewalld|ufw|iptables|nftables|apparmor|selinux\S*|auditd|rsyslog|syslog\S*|journald|"
    r"systemd-journald|falco|osqueryd?|clamav\S*|crowdstrike|falcon-sensor|sentinel\S*|mdatp|"
    r"wazuh\S*|ossec\S*|windefend|mpssvc|eventlog)"
)
_COMMANDS = (
    r"\bsetenforce\s+(?:0|permissive)|selinux=(?:disabled|permissive)|\bapparmor_parser\s+-r?r\b"
    rf"|\b(?:systemctl|service)\s+(?:--now\s+)?(?:stop|disable|mask|kill)\s+(?:--now\s+)?{_SERVICES}"
    rf"|\bservice\s+{_SERVICES}\s+stop|\bsc\s+(?:stop|config)\s+{_SERVICES}"
    r"|\bufw\s+disable|\b(?:ip6?tables|nft)\s+(?:-f\b|--flush|flush ruleset)"
    r"|\bauditctl\s+(?:-e\s*0|-d\b)|\bswapoff\b[^\n]*\baudit"
    r"|\bspctl\s+--master-disable|\bcsrutil\s+disable|\bnetsh\b[^\n]*\bstate\s+off"
    r"|\bset-mppreference\b[^\n]*-disable|\badd-mppreference\b[^\n]*-exclusion"
    r"|\bwevtutil\s+cl\b|\bclear-eventlog\b|\bhistory\s+-c\b|\bunset\s+histfile|histfile=/dev/null"
    r"|histsize=0"
    rf"|(?:echo|cat|true|:|printf)[^\n|;&]{{0,40}}>\s*{_LOGS}|\btruncate\s+[^\n;]*{_LOGS}"
    rf"|\b(?:rm|shred)\s+(?:-\S+\s+)*{_LOGS}|\btouch\s+-[a-z]*[tdr]\s+[^\n;]*{_LOGS}"
    r"|\bjournalctl\s+--(?:vacuum|rotate)[^\n]*=\s*1s|\bpkill\b[^\n]*\b(?:auditd|rsyslogd|falcon)"
)
_WIPED = re.compile(
    r"^(?:/var/log/(?:auth\.log|secure|syslog|messages|audit/|wtmp|btmp|lastlog|kern\.log)|"
    r"(?:~|/root|/home/\w+)/\.(?:bash|zsh|sh)_history)"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    return Told(DISABLES_PROTECTION).where(
        facts, _words, "Protection or records of the machine are switched off or wiped."
    )


def _words(facts: Facts, effect: Effect) -> str:
    if effect.kind in RUNS:
        near = facts.written.near(effect)
        set_back = first(r"^touch\s+-\S*[tdr]\b", near)
        return first(_COMMANDS, near) or (set_back and first(f"^{_LOGS}$", near))
    if effect.kind is EffectKind.DELETE_FILE or _empties(effect):
        near = facts.written.near(effect)
        return next((text for text in near if _WIPED.search(text)), "")
    return ""


def _empties(effect: Effect) -> bool:
    mode = effect.operand("mode")
    return (
        effect.kind is EffectKind.WRITE_FILE and mode is not None and mode.known_text in ("w", "wb")
    )


CHECK: Check[Facts] = Check((DISABLES_PROTECTION,), look)
