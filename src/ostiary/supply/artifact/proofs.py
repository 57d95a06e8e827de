"""Attestations and Sigstore bundles, verified without the network against an embedded root."""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.model.audit import Proof, Standing
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import EXCERPT, NAME, visible
from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.get import get
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.artifact.repository import same_repository
from ostiary.supply.artifact.unpack import digest_of, open_artifact

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from sigstore.models import Bundle
    from sigstore.verify import Verifier

_MOST = 16
_BYTES = 8 * 1024 * 1024
_STATEMENT = "application/vnd.in-toto+json"
_BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_SOURCE = "1.3.6.1.4.1.57264.1.12"
_COMMIT = "1.3.6.1.4.1.57264.1.13"
"""Extensions of a Fulcio certificate: the source repository and its commit."""
_REMEDY = "install the extra: pip install 'ostiary[provenance]'"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What an attestation has to be about."""

    digests: tuple[tuple[str, str], ...]
    """Algorithm and hexadecimal digits."""
    repository: str = ""
    """The source it claims to be built from."""


def attested(
    address: str, file: Path, kind: str, repository: str, options: AcquireOptions
) -> tuple[list[Proof], list[NotChecked]]:
    """What is proved about ``file`` by what the index serves at ``address`` and by the reader's
    own attestation. ``kind`` names the proofs of the index."""
    proofs: list[Proof] = []
    missing: list[NotChecked] = []
    sources: list[tuple[str, bytes]] = []
    if address:
        try:
            sources.append((kind, get(address, _BYTES, options.wall_seconds)[2]))
        except Unobtainable as error:
            proofs.append(Proof(kind, Standing.NOT_CHECKED, f"It is published, and {error}."))
            missing.append(NotChecked(f"{kind} of {file.name}", str(error), "check the network"))
    elif kind != "Sigstore bundle":
        proofs.append(Proof(kind, Standing.ABSENT, "The index states no attestation."))
    if options.attestation is not None:
        with open_artifact(options.attestation, options.bounds) as opened:
            sources.append(("Sigstore bundle", opened.read(_BYTES)))
    if not sources:
        return proofs, missing
    with open_artifact(file, options.bounds) as opened:
        digests = tuple((one, digest_of(opened, one).hex()) for one in ("sha256", "sha512"))
    for name, data in sources:
        proofs.extend(verify(data, name, Artifact(digests, repository)))
    for proof in proofs:
        if proof.standing is Standing.NOT_CHECKED and not missing:
            missing.append(NotChecked(f"{proof.kind} of {file.name}", proof.says, _REMEDY))
    return proofs, missing


def verify(data: bytes, kind: str, artifact: Artifact) -> tuple[Proof, ...]:
    """Hold every attestation in ``data`` against the artifact. Never raises."""
    if importlib.util.find_spec("sigstore") is None:
        says = "Attestations are verified by the package sigstore, which is not installed."
        return (Proof(kind, Standing.NOT_CHECKED, says),)
    try:
        bundles = list(_bundles(json.loads(data)))
    except (ValueError, RecursionError):
        bundles = []
    if not bundles:
        return (Proof(kind, Standing.FAILED, "It holds no attestation that can be read."),)
    if len(bundles) > _MOST:
        says = f"It holds more than {_MOST} attestations, and none was verified."
        return (Proof(kind, Standing.NOT_CHECKED, says),)
    try:
        verifier = _verifier()
    except Exception as error:  # noqa: BLE001 - the library's own root may be unreadable here
        says = f"The root of trust could not be read: {type(error).__name__}."
        return (Proof(kind, Standing.NOT_CHECKED, says),)
    return tuple(proof for one in bundles for proof in _one(verifier, one, kind, artifact))


def _verifier() -> Verifier:
    from sigstore.verify import Verifier  # noqa: PLC0415 - an extra, and slow to import

    # It warns that it will not refresh its root, which is what is wanted.
    logging.getLogger("sigstore").setLevel(logging.ERROR)
    return Verifier.production(offline=True)


def _bundles(value: JsonValue) -> Iterator[JsonObject]:
    """Sigstore bundles in any of the forms that indexes and builders write."""
    found = as_object(value)
    for group in _list(found.get("attestation_bundles")):  # PEP 740 provenance
        for one in _list(as_object(group).get("attestations")):
            yield from _bundles(one)
    for one in _list(found.get("attestations")):  # npm
        yield as_object(as_object(one).get("bundle"))
    if "envelope" in found:  # one attestation of PEP 740
        yield _from_attestation(found)
    elif "mediaType" in found:
        yield found


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _from_attestation(found: JsonObject) -> JsonObject:
    material = as_object(found.get("verification_material"))
    envelope = as_object(found.get("envelope"))
    return {
        "mediaType": _BUNDLE,
        "verificationMaterial": {
            "certificate": {"rawBytes": as_text(material.get("certificate"))},
            "tlogEntries": _list(material.get("transparency_entries")),
        },
        "dsseEnvelope": {
            "payload": as_text(envelope.get("statement")),
            "payloadType": _STATEMENT,
            "signatures": [{"sig": as_text(envelope.get("signature"))}],
        },
    }


def _one(verifier: Verifier, found: JsonObject, kind: str, artifact: Artifact) -> Iterator[Proof]:
    material = as_object(found.get("verificationMaterial"))
    if "publicKey" in material:  # the index's own signature of npm, by a key and not a certificate
        says = "It is signed with a key of the index rather than a certificate."
        yield Proof(f"{kind} by key", Standing.NOT_CHECKED, says)
        return
    try:
        bundle, predicate, fits = _verified(verifier, found, artifact)
    except Exception as error:  # noqa: BLE001 - strangers' bytes in a library of many exceptions
        reason = f"{type(error).__name__}: {error}"
        yield Proof(kind, Standing.FAILED, f"It does not verify: {visible(reason, EXCERPT)}.")
        return
    certificate = bundle.signing_certificate
    signer, source = _signer(certificate), _extension(certificate, _SOURCE)
    told = f"signed by {visible(signer, EXCERPT)}" + (f", for {predicate}" if predicate else "")
    if not fits:
        says = f"It is {told}, and is about another artifact than this one."
        yield Proof(kind, Standing.FAILED, says)
        return
    commit = _extension(certificate, _COMMIT)
    built = f", built from {visible(source, EXCERPT)}" if source else ""
    built += f" at {visible(commit, NAME)}" if source and commit else ""
    yield Proof(kind, Standing.VERIFIED, f"These bytes are {told}{built}.")
    if source and artifact.repository:
        yield _repository(source, artifact.repository)


def _repository(source: str, claimed: str) -> Proof:
    if same_repository(source, claimed):
        says = f"It was built in the repository that it names, {visible(source, EXCERPT)}."
        return Proof("source repository", Standing.VERIFIED, says)
    says = (
        f"It was built in {visible(source, EXCERPT)}, and names {visible(claimed, EXCERPT)} "
        "as its source."
    )
    return Proof("source repository", Standing.FAILED, says)


def _verified(
    verifier: Verifier, found: JsonObject, artifact: Artifact
) -> tuple[Bundle, str, bool]:
    from sigstore.hashes import Hashed  # noqa: PLC0415 - an extra
    from sigstore.models import Bundle  # noqa: PLC0415
    from sigstore.verify.policy import UnsafeNoOp  # noqa: PLC0415
    from sigstore_models.common.v1 import HashAlgorithm  # noqa: PLC0415

    bundle = Bundle.from_json(json.dumps(found))
    # Who signed is not known beforehand: it is reported, and held against the claimed source.
    if "dsseEnvelope" not in found:
        digest = bytes.fromhex(dict(artifact.digests)["sha256"])
        hashed = Hashed(digest=digest, algorithm=HashAlgorithm.SHA2_256)
        verifier.verify_artifact(hashed, bundle, UnsafeNoOp())
        return bundle, "", True
    kind, payload = verifier.verify_dsse(bundle, UnsafeNoOp())
    if kind != _STATEMENT:
        raise ValueError(f"it holds {kind} and no statement about an artifact")
    statement = as_object(json.loads(payload))
    predicate = as_text(statement.get("predicateType")).rstrip("/").rpartition("://")[2]
    return bundle, visible("/".join(predicate.split("/")[-2:]), NAME), _about(statement, artifact)


def _about(statement: JsonObject, artifact: Artifact) -> bool:
    """Whether a statement's subjects name the artifact by its digest."""
    return any(
        as_text(as_object(as_object(one).get("digest")).get(algorithm)).lower() == digest
        for one in _list(statement.get("subject"))
        for algorithm, digest in artifact.digests
    )


def _signer(certificate: Certificate) -> str:
    from cryptography import x509  # noqa: PLC0415 - only where something is verified

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found: list[str] = [
        *names.get_values_for_type(x509.UniformResourceIdentifier),
        *names.get_values_for_type(x509.RFC822Name),
    ]
    return str(found[0]) if found else "somebody without a name"


def _extension(certificate: Certificate, dotted: str) -> str:
    """Text of a Fulcio extension: a DER string."""
    for one in certificate.extensions:
        if one.oid.dotted_string == dotted:
            raw = one.value.public_bytes()
            short = len(raw) >= 2 and raw[0] in (0x0C, 0x16) and raw[1] < 0x80
            start = 2 if short else 2 + (raw[1] & 0x7F)
            return bytes(raw[start:]).decode("utf-8", "replace")
    return ""
