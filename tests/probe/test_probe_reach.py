"""Every kind of address that a scan must not call, however it is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.probe.failure import ProbeFailure, RefusedPlace, Unreachable
from ostiary.probe.guarded_http import Place, Reach, addresses, place

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "::1",
    "fc00::1",
    "fdff::1",
    "fec0::1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::1",
    "::127.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "240.0.0.1",
    "2001:db8::1",
]
NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fe80::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "::",
    "::ffff:0.0.0.0",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
]
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]


def at(address: str, *, allow: bool) -> tuple[IPv4Address | IPv6Address, ...]:
    reach = Reach(allow, lambda *_: [address])
    return addresses(Place("https", "name.example", 443, "/"), reach)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_called_only_with_a_yes(address: str) -> None:
    with pytest.raises(RefusedPlace):
        at(address, allow=False)
    assert at(address, allow=True) == (ip_address(address),)


@pytest.mark.parametrize("address", NEVER)
def test_link_local_and_metadata_are_never_called(address: str) -> None:
    for allow in (False, True):
        with pytest.raises(RefusedPlace):
            at(address, allow=allow)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address: str) -> None:
    assert at(address, allow=False) == (ip_address(address),)


def test_a_name_without_a_valid_address_is_unreachable() -> None:
    where = Place("https", "name.example", 443, "/")
    for answer in ([], ["not an address"]):
        with pytest.raises(Unreachable):
            addresses(where, Reach(resolve=lambda *_, answer=answer: answer))


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://Example.COM/mcp?a=b&c", "https://example.com", "/mcp?a=b&c"),
        ("http://x.example:8080", "http://x.example:8080", "/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example", "/%C3%BC"),
        ("https://[2606:4700::1]:8443/", "https://[2606:4700::1]:8443", "/"),
        ("https://x.example/a%2Fb#fragment", "https://x.example", "/a%2Fb"),
    ],
)
def test_a_url_is_taken_apart_once(url: str, origin: str, target: str) -> None:
    found = place(url)
    assert (found.origin, found.target) == (origin, target)


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"https://{text}/"))
def test_any_text_is_a_place_or_a_refusal(text: str) -> None:
    try:
        found = place(text)
    except ProbeFailure:
        return
    assert found.scheme in ("http", "https")
    assert all(" " < char < "\x7f" for char in found.origin + found.target)
