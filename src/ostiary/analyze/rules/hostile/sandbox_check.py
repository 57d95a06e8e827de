"""Code that looks whether somebody is watching before it acts."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS, SENDS, Shown
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

SANDBOX_CHECK = Rule(
    id="sandbox-detection",
    title="Looks for debuggers or sandboxes before it acts",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for two or more signs of anti-analysis in what one entry runs: a trace of the own "
        "process, names of makers of virtual machines, their network addresses, files that only "
        "analysis systems have. One look at what machine it is, as a report of the system needs, "
        "is "
        "left alone."
    ),
    attack=(
        "It behaves while it is being tested and does its real work elsewhere; what a box showed "
        "of "
        "it proves nothing."
    ),
    remedy="Do not use this server, and do not trust what was seen of it in a box.",
    references=("CWE-506", "CWE-693", "SAFE-T1203", "CoSAI-MCP-T12"),
)

_SIGNS = (
    r"\btracerpid\b|/proc/self/status",
    r"\b(?:vmware|virtualbox|vbox|qemu|kvm|xen|parallels|hyper-?v|bochs)\b",
    r"/sys/class/dmi/id/|/proc/scsi/scsi|\bhypervisor\b|/sys/hypervisor",
    r"\b(?:00:05:69|00:0c:29|00:1c:14|00:50:56|08:00:27|52:54:00)\b",
    r"\b(?:sbiedll|cuckoo|wireshark|procmon|ollydbg|x64dbg|ida64|fiddler|tcpdump|strace)\b",
    r"/\.dockerenv|/proc/1/cgroup",
)
_CALLS = ("gettrace", "IsDebuggerPresent", "ptrace", "inspector.url")
_ACTS = (*RUNS, *SENDS, EffectKind.EVALUATE, EffectKind.DELETE_FILE)
_ANY = "|".join(_SIGNS)
ENOUGH = 2
LONGEST = 300


def look(facts: Facts) -> Iterator[Finding]:
    """One finding an entry, at the first sign."""
    told = Told(SANDBOX_CHECK)
    shown = Shown(facts, _shown)
    for reached in entries(facts):
        signs = [one for _, one in shown.by(reached)]
        kinds = {kind for kind, _, _ in signs}
        if len(kinds) < ENOUGH or not _acts(facts, reached):
            continue
        _, place, words = signs[0]
        if told.new(place):
            listed = ", ".join(dict.fromkeys(words for _, _, words in signs))
            yield told.at(
                reached.entry,
                place,
                "It looks whether it is being watched, and acts.",
                shows=listed or words,
                mark=reached.entry.name,
            )


def _shown(around: Words) -> Iterator[tuple[int, Place, str]]:
    """What one function shows: the kind of sign, where, and its words."""
    phrases = [one for one in around.phrases if len(one.text) <= LONGEST]
    if first(_ANY, (one.text for one in phrases)):
        for phrase in phrases:
            for kind, pattern in enumerate(_SIGNS):
                words = first(pattern, [phrase.text])
                if words:
                    yield kind, Place(around.file, phrase.line), words
    for call in around.calls:
        if call.name.endswith(_CALLS):
            yield len(_SIGNS), Place(around.file, call.line), call.name


def _acts(facts: Facts, reached: Reached) -> bool:
    """Whether something is done beside the looking."""
    return any(one.kind in _ACTS and not _looks(facts, one) for one in reached.effects)


def _looks(facts: Facts, effect: Effect) -> bool:
    near = facts.written.near(effect)
    return effect.kind in RUNS and bool(
        first(r"^(?:ip|ifconfig|dmidecode|lscpu|systemd-detect-virt|uname|hostname)\b", near)
    )


CHECK: Check[Facts] = Check((SANDBOX_CHECK,), look)
