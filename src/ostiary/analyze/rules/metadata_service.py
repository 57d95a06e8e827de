"""The server asks the cloud's metadata service, which hands out keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.flows import noticed
from ostiary.model.check import Check
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

METADATA_SERVICE = Rule(
    id="metadata-service",
    title="Cloud's metadata service is asked",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for requests to the addresses at which clouds tell a machine about itself and hand "
        "out its keys, and for such addresses with a path in code that makes requests. Severity is "
        "high where a caller chooses what is asked there. A list of hosts that are refused is left "
        "alone."
    ),
    attack=(
        "The answers hold the keys of the machine's role: whoever reads them may do in the cloud "
        "whatever the machine may."
    ),
    remedy=(
        "Use the cloud's own library, which needs no address; ask for one fixed thing only; and "
        "give the machine no role, or version 2 of the service."
    ),
    references=("CWE-918", "CWE-522", "MCP01:2025", "SAFE-T1506"),
)

_HOSTS: Final = (
    "169.254.169.254", "169.254.170.2", "metadata.google.internal", "fd00:ec2::254",
    "100.100.100.200", "metadata.azure.com",
)  # fmt: skip


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place that asks there, or a file that holds what to ask."""
    asking = list(_asking(facts))
    yield from asking
    files = {one.location.file for one in asking}
    asks = {one.place.file for one in facts.effects if one.kind is EffectKind.REQUEST}
    for text in code_of(facts).texts:
        address = _address(text.text)
        if address and text.place.file in asks - files:
            files.add(text.place.file)
            place = Location(text.place.file, text.place.line, text.place.column)
            yield METADATA_SERVICE.finding(
                f"{visible(address, NAME)} is an address of the metadata service of a cloud.", place
            )


def _address(text: str) -> str:
    """An address there with something to ask for; empty for anything else."""
    scheme, found, rest = text.partition("://")
    host, _, path = rest.partition("/")
    wanted = found and scheme in ("http", "https") and host in _HOSTS and path.strip("/")
    return text if wanted else ""


def _asking(facts: Facts) -> Iterator[Finding]:
    seen = set()
    for reached, effect in facts.of_kind(EffectKind.REQUEST, EffectKind.CONNECT):
        value = effect.operand("url") or effect.operand("host")
        if value is None or effect.place in seen:
            continue
        host = value.prefix.partition("://")[2] or value.prefix
        if not host.lstrip("[").startswith(_HOSTS):
            continue
        seen.add(effect.place)
        chosen = any(True for _ in value.sources(SourceKind.MODEL, SourceKind.REQUEST))
        says = "The metadata service of the cloud is asked"
        severity = Severity.HIGH if chosen else None
        yield noticed(METADATA_SERVICE, reached.entry, effect, says, severity=severity)


CHECK: Check[Facts] = Check((METADATA_SERVICE,), look)
