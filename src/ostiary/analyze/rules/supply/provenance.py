"""What could be proved of where the artifact comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.supplied import Supplied
from ostiary.model.audit import Proof, Standing, TargetKind
from ostiary.model.check import Check
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, visible

FAILED = Rule(
    id="origin-check-failed",
    title="A proof of origin does not hold",
    category=Category.SUPPLY,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports a digest, signature or attestation that was published for the artifact and does "
        "not fit it. What was not published is told separately, and what could not be checked is "
        "said to be not checked."
    ),
    attack=(
        "These are not the bytes that the index or the author vouched for: they were changed on "
        "the way, or published by somebody else."
    ),
    remedy="Do not use these bytes. Fetch them again from the index, and compare the digests.",
    references=("CWE-345", "CWE-494", "MCP04:2025", "AISVS-1.0:10.1.1", "CoSAI-MCP-T6"),
)

ABSENT = Rule(
    id="origin-not-proved",
    title="Nothing proves where it was built",
    category=Category.SUPPLY,
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what=(
        "Reports a package of an index for which no attestation of its build was published. Most "
        "packages have none."
    ),
    attack="Whether the package was built from the source it names rests on its publisher's word.",
    remedy="Prefer a package with provenance where there is a choice.",
    references=("CWE-345", "AISVS-1.0:10.1.1", "CoSAI-MCP-T6", "CoSAI-MCP-T11"),
)


def look(supplied: Supplied) -> Iterator[Finding]:
    target = supplied.target
    place = Location(part=target.label)
    for proof in target.proofs:
        if proof.standing is Standing.FAILED:
            says = f"The {proof.kind} does not hold: {visible(proof.says, EXCERPT)}"
            yield FAILED.finding(says, place, mark=proof.kind)
    attested = [one for one in target.proofs if _is_attestation(one)]
    settled = {Standing.VERIFIED, Standing.FAILED, Standing.NOT_CHECKED}
    indexed = target.kind in {TargetKind.NPM, TargetKind.PYPI}
    if indexed and attested and not any(one.standing in settled for one in attested):
        says = f"No attestation was published for {visible(target.label)}."
        yield ABSENT.finding(says, place, mark="attestation")


def _is_attestation(proof: Proof) -> bool:
    return "attestation" in proof.kind or "Sigstore" in proof.kind


CHECK = Check((FAILED, ABSENT), look)
