"""TLS to servers: verification is always on, and the name is asked for and checked."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.upstreams import approval, ask, honest, honest_once, limits, nothing, pool, raw, run
from ostiary.gateway.ports import Era, UpstreamFailure
from ostiary.gateway.upstream.guarded import GuardedOpener
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.model.approval import Start
from ostiary.model.setting import BadSetting
from probe.certificates import DAY, listening, private_pem

NOW = datetime.datetime.now(datetime.UTC)


@dataclass
class Authority:
    """An authority of our own and the servers it vouched for."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def server(self, *names: str, until: datetime.datetime = NOW + DAY) -> Path:
        """A certificate with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "server")])
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 2 * DAY)
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), False)
            .sign(self.key, hashes.SHA256())
        )
        path = self.folder / f"{abs(hash((*names, until)))}.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private_pem(key))
        return path


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "our authority")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - 2 * DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Authority(tmp_path_factory.mktemp("authority"), key, name)
    found.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return found


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def way(origin: str, host: str, ca_file: str, **changed: Any) -> GuardedOpener:
    url = f"https://{host}:{origin.rpartition(':')[2]}/mcp"
    return open_upstream(
        approval(Start("http", url=url)),
        env={},
        headers={},
        limits=limits(ca_file=ca_file, **changed),
        resolve=here,
    )


@pytest.mark.proves("GW-28")
def test_a_server_under_our_own_authority_is_reached_by_its_name(authority: Authority) -> None:
    async def main() -> None:
        names: list[str | None] = []
        context = listening(authority.server("tools.example"), names)
        async with raw(honest, context) as server:
            opened = way(server.origin, "tools.example", str(authority.file))
            link = await opened.open(Era.STATELESS, "", {})
            for number in range(5):
                answer = await link.request(ask(number), {}, nothing)
                assert answer.message["id"] == number
            await opened.close()
            assert pool(opened).opened == 1
            assert names == ["tools.example"]
            port = server.origin.rpartition(":")[2]
            assert server.seen[0].headers["host"] == f"tools.example:{port}"

    run(main)


@pytest.mark.parametrize("case", ["another name", "expired", "unknown authority"])
def test_a_certificate_that_does_not_hold_ends_it_before_anything_is_sent(
    authority: Authority, case: str
) -> None:
    async def main() -> None:
        if case == "expired":
            certificate = authority.server("tools.example", until=NOW - DAY)
        else:
            certificate = authority.server(
                "other.example" if case == "another name" else "tools.example"
            )
        trusted = "" if case == "unknown authority" else str(authority.file)
        async with raw(honest, listening(certificate, [])) as server:
            opened = way(server.origin, "tools.example", trusted)
            link = await opened.open(Era.STATELESS, "", {})
            with pytest.raises(UpstreamFailure, match="certificate is not valid") as caught:
                await link.request(ask(), {}, nothing)
            assert not caught.value.sent
            assert server.seen == []
            await opened.close()

    run(main)


def test_an_address_in_a_certificate_is_checked_too(authority: Authority) -> None:
    async def main() -> None:
        async with raw(honest, listening(authority.server("127.0.0.1"), [])) as server:
            opened = way(server.origin, "127.0.0.1", str(authority.file))
            link = await opened.open(Era.STATELESS, "", {})
            await link.request(ask(), {}, nothing)
            await opened.close()

    run(main)


def test_a_server_without_tls_is_not_spoken_to_in_the_clear() -> None:
    async def main() -> None:
        async with raw(honest) as server:
            opened = way(server.origin, "tools.example", "", connect_seconds=0.3)
            link = await opened.open(Era.STATELESS, "", {})
            with pytest.raises(UpstreamFailure, match="connection") as caught:
                await link.request(ask(), {}, nothing)
            assert not caught.value.sent
            assert server.seen == []
            await opened.close()

    run(main)


def test_a_connection_that_was_closed_under_tls_is_not_used_again(authority: Authority) -> None:
    async def main() -> None:
        context = listening(authority.server("tools.example"), [])
        async with raw(honest_once, context) as server:
            opened = way(server.origin, "tools.example", str(authority.file))
            link = await opened.open(Era.STATELESS, "", {})
            for number in range(3):
                await link.request(ask(number), {}, nothing)
                while pool(opened).open:
                    await asyncio.sleep(0)
            assert server.connections == 3
            await opened.close()

    run(main)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_cannot_be_read_is_a_bad_setting(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadSetting, match=r"servers\.srv\.ca_file"):
        way("https://127.0.0.1:1", "tools.example", str(path))
