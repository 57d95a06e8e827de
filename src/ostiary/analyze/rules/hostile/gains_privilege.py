"""Rights that the code gives itself, and ways out of the box it runs in."""

from __future__ import annotations

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

GAINS_PRIVILEGE = Rule(
    id="gains-privilege",
    title="Gives itself privilege or escapes its sandbox",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for fixed commands and writes that grant root (sudoers, groups with root, "
        "set-user-id "
        "bits, authentication modules), load kernel modules, preload libraries into every program, "
        "or step from a container into its host."
    ),
    attack=(
        "The server, and whoever speaks through it, becomes root of the machine; a box around it "
        "no longer holds."
    ),
    remedy=(
        "Do not use this server. If it ran, treat the machine as taken over: look at "
        "/etc/sudoers.d, "
        "/etc/pam.d, /etc/ld.so.preload, loaded modules and new members of sudo and wheel."
    ),
    references=("CWE-506", "CWE-250", "CWE-269", "SAFE-T1303", "SAFE-T1305", "AML.T0105"),
)

_COMMANDS = (
    r"\bnsenter\b[^\n]*(?:--target|-t)\s*1\b|\bchroot\s+/(?:proc/1/root|host\S*|mnt/host\S*)"
    r"|/release_agent\b|\bmount\b[^\n]*\bcgroup\b[^\n]*/tmp|\bcore_pattern\b"
    r"|\b(?:insmod|modprobe)\s+\S*(?:/tmp/|\.ko\b)|\bunshare\b[^\n]*--map-root"
    r"|\busermod\b[^\n]*\s-a?g\S*\s+(?:sudo|wheel|root|admin|docker|0)\b"
    r"|\bgpasswd\s+-a\b[^\n]*\bsudo"
    r"|\bnopasswd\b\s*:\s*all|>>?\s*/etc/(?:sudoers|pam\.d|passwd|shadow|ld\.so\.preload)"
    r"|\bchmod\s+(?:u\+s|\+s|[24]7\d\d|06?[46]\d\d\d)\s|\bsetcap\b[^\n]*cap_(?:setuid|sys_admin)"
    r"|\bdocker\s+run\b[^\n]*(?:--privileged|-v\s+/:/|--pid=host)[^\n]*\b(?:chroot|nsenter)\b"
    r"|\bld_preload\s*=|\bexec\s+-a\s+['\"]?\[k"
)
_PLACES = (
    r"^/etc/(?:sudoers(?:\.d/|$)|pam\.d/|passwd$|shadow$|group$|ld\.so\.preload)|/release_agent$"
    r"|^/proc/(?:1|sys/kernel/core_pattern)\b|\bnopasswd\s*:\s*all"
)
_SET_USER_ID = 0o6000
_PRELOADS = ("LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "LD_AUDIT")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    return Told(GAINS_PRIVILEGE).where(facts, _words, "Rights beyond those of its user are taken.")


def _words(facts: Facts, effect: Effect) -> str:
    if effect.kind in RUNS:
        return first(_COMMANDS, facts.written.near(effect))
    if effect.kind is EffectKind.WRITE_FILE:
        mode = effect.operand("mode")
        if mode is not None and (mode.known_text or "").startswith("r"):
            return ""
        return first(_PLACES, facts.written.near(effect))
    if effect.kind is EffectKind.CHANGE_MODE:
        mode = effect.operand("mode")
        bits = None if mode is None else mode.scalar
        return oct(bits) if isinstance(bits, int) and bits & _SET_USER_ID else ""
    if effect.kind is EffectKind.SET_ENVIRONMENT:
        return _preloads(facts, effect)
    return ""


def _preloads(facts: Facts, effect: Effect) -> str:
    name = effect.operand("name")
    said = [name.known_text or ""] if name is not None else []
    said += facts.written.near(effect)
    return next((one for one in said if one in _PRELOADS), "")


CHECK: Check[Facts] = Check((GAINS_PRIVILEGE,), look)
