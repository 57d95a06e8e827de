"""TLS to a pinned address still asks for, and verifies, the name."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ostiary.probe.record import Reach
from probe.loopback import by_hand
from probe.test_probe_http_hostile import always, honest, reason, run, surface


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of ``good.example`` and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "good.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def listening(certificate: Path, names: list[str | None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    return context


def test_the_name_is_asked_for_and_verified_at_the_pinned_address(certificate: Path) -> None:
    names: list[str | None] = []
    context = listening(certificate, names)
    reach = Reach(
        allow_private=True,
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=certificate),
    )
    with by_hand(honest, lambda plain: context.wrap_socket(plain, server_side=True)) as hand:
        port = hand.origin.rpartition(":")[2]
        assert surface(run(f"https://good.example:{port}/", reach)).tools
        assert hand.seen[0].headers["host"] == f"good.example:{port}"
        seen = len(hand.seen)
        assert "certificate verify failed" in reason(run(f"https://other.example:{port}/", reach))
        untrusting = Reach(allow_private=True, resolve=lambda *_: ["127.0.0.1"])
        answer = run(f"https://good.example:{port}/", untrusting)
        assert "certificate verify failed" in reason(answer)
        assert len(hand.seen) == seen
    assert names[0] == "good.example"


def test_https_never_falls_back_to_http(certificate: Path) -> None:
    context = listening(certificate, [])
    reach = Reach(
        allow_private=True,
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=certificate),
    )
    with by_hand(honest) as plain:
        down = always(307, Location=f"{plain.origin}/mcp")
        with by_hand(down, lambda one: context.wrap_socket(one, server_side=True)) as hand:
            port = hand.origin.rpartition(":")[2]
            answer = run(f"https://good.example:{port}/", reach)
        assert not plain.seen
    assert "redirects from https to http://127.0.0.1" in reason(answer)
