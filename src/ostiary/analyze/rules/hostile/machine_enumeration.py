"""The machine, its users and its secrets listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import WHOLE_ENVIRONMENT, functions, spaced
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

MACHINE_ENUMERATION = Rule(
    id="system-enumeration",
    title="Reads accounts, logs or state of the system",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for reads of the machine's list of accounts, its logs, the processes of others, and "
        "of two or more files that describe its network, hardware or mounts. It says what a tool "
        "can see and not that it is hostile."
    ),
    attack=(
        "Whoever can put text before the model learns who uses the machine, what runs there and "
        "how "
        "to go on from it; logs and command lines hold secrets besides."
    ),
    remedy="Run it in a box that shows it a machine of its own, or leave the tool off.",
    references=("CWE-200", "SAFE-T1801", "ASI02:2026", "CoSAI-MCP-T5"),
)
SECRET_SEARCH = Rule(
    id="environment-secret-search",
    title="Searches the environment for credentials",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for code that goes through all variables of the environment and picks those named "
        "after keys, tokens and passwords."
    ),
    attack="Every credential of the process is together in one place, ready to be passed on.",
    remedy="Give the server an environment with only the variables it needs.",
    references=("CWE-522", "CWE-200", "SAFE-T1503", "MCP01:2025"),
)

_GRAVE = re.compile(
    r"^(?:/etc/(?:passwd|group|shadow|gshadow|sudoers)$|/var/log(?:/|$)|/proc/(?:\d+|\0|\*"
    r"|self)?/?(?:"
    r"cmdline|environ|maps|status|fd|mem)$|/proc/?$|/home/?$|/var/(?:spool/mail|mail)|/etc/?$)"
)
_PLAIN = re.compile(
    r"^(?:/proc/(?:net/\w+|mounts|cpuinfo|meminfo|devices|partitions|version|self/mounts|modules|"
    r"interrupts|\0)|/etc/(?:hosts|resolv\.conf|hostname|network/interfaces|fstab|mtab"
    r"|nsswitch\.conf|"
    r"os-release|issue)|/sys/class/(?:net|dmi|block)\S*)$"
)
_LOOKS = (EffectKind.READ_FILE, EffectKind.LIST_FILES)
_ACCOUNTS = ("getpwall", "getgrall", "getspall")
_NAMES = frozenset(
    {
        "KEY",
        "SECRET",
        "TOKEN",
        "PASSWORD",
        "CREDENTIAL",
        "PASS",
        "AUTH",
        "PRIVATE",
        "API_KEY",
        "PASSWD",
    }
)
_HIDES = re.compile(r"\*{3}|\b(?:mask|redact|saniti[sz]|scrub|censor|hidden)", re.IGNORECASE)
_SEVERAL = 2
_ENOUGH = 3


def look(facts: Facts) -> Iterator[Finding]:
    """One finding an entry and rule, at the first place."""
    machine, secrets = Told(MACHINE_ENUMERATION), Told(SECRET_SEARCH)
    for reached in entries(facts):
        yield from _machine(facts, reached, machine)
        for effect in reached.effects:
            if _searches(facts, effect) and secrets.new(effect.place):
                yield secrets.effect(
                    reached, effect, "All variables are searched for names of credentials."
                )


def _machine(facts: Facts, reached: Reached, told: Told) -> Iterator[Finding]:
    plain: dict[str, Effect] = {}
    for effect in reached.effects:
        if effect.callee.endswith(_ACCOUNTS) and told.new(effect.place):
            yield told.effect(reached, effect, "All accounts of the machine are listed.")
        if effect.kind not in _LOOKS:
            continue
        near = facts.written.near(effect)
        grave = next((one for one in near if _GRAVE.match(one)), "")
        if grave and told.new(effect.place):
            yield told.effect(
                reached, effect, "It looks at others' part of the system.", shows=grave
            )
            return
        if any(_PLAIN.match(one) for one in near):
            plain.update((one, effect) for one in near if _PLAIN.match(one))
            plain.update(
                (one.text, effect)
                for around in functions(facts, reached)
                for one in around.phrases
                if _PLAIN.match(one.text)
            )
    if len(plain) >= _SEVERAL:
        effect = next(iter(plain.values()))
        if told.new(effect.place):
            listed = ", ".join(plain)
            yield told.effect(
                reached,
                effect,
                f"{len(plain)} files that describe the machine are read.",
                shows=listed,
            )


def _searches(facts: Facts, effect: Effect) -> bool:
    if effect.kind is not EffectKind.READ_ENVIRONMENT:
        return False
    name = effect.operand("name")
    if name is None or name.known_text not in WHOLE_ENVIRONMENT:
        return False
    around = facts.written.at(effect.place)
    if around is None or any(_HIDES.search(one.text) for one in around.phrases):
        return False
    return (
        not _HIDES.search(spaced(around.name))
        and len({one.text.upper() for one in around.phrases} & _NAMES) >= _ENOUGH
    )


CHECK: Check[Facts] = Check((MACHINE_ENUMERATION, SECRET_SEARCH), look)
