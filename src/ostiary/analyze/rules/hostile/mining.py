"""Coins mined on somebody else's machine."""

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

MINING = Rule(
    id="coin-miner",
    title="Downloads or runs a coin miner",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for the programs, protocols and options of miners in what is fetched, written, "
        "connected to or started."
    ),
    attack="The machine works for somebody else; what fetches a miner can fetch anything.",
    remedy="Do not use this server. If it ran, end the processes it left and remove what it wrote.",
    references=("CWE-506", "AML.T0034.002", "LLM06:2026"),
)

_WORDS = (
    r"\bstratum\+?(?:tcp|ssl|tls)?://|\b(?:xmrig|xmr-stak|cgminer|bfgminer|ethminer|minerd"
    r"|cpuminer|"
    r"nbminer|phoenixminer|t-rex-miner|lolminer)\b|--donate-level\b|--(?:algo|coin)[= ]\S*(?:rx/|"
    r"randomx|cryptonight|ethash|kawpow)|\bcoinhive\b|\bcryptonight\b"
)
_KINDS = (*RUNS, EffectKind.REQUEST, EffectKind.CONNECT, EffectKind.WRITE_FILE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    return Told(MINING).where(facts, _words, "A coin miner is named.")


def _words(facts: Facts, effect: Effect) -> str:
    return first(_WORDS, facts.written.near(effect)) if effect.kind in _KINDS else ""


CHECK: Check[Facts] = Check((MINING,), look)
