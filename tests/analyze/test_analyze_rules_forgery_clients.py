"""Clients made for an address that a caller chose: through configuration, defaults and copies."""

from __future__ import annotations

import pytest

from analyze.test_analyze_rules_injection import found

SERVER = """
import dataclasses
from unknown_service import Service
@dataclasses.dataclass
class Config:
    url: str
    token: str
    def default(): return Config(url="https://api.example", token="")
class Client:
    def __init__(self, config=None):
        self.config = config or Config.default()
        self.service = Service(url=self.config.url, token=self.config.token)
@server.tool()
def t(address: str, mail: str):
    base = Config(url="https://api.example", token="")
    {body}
"""
HITS = {
    "given": "Client(Config(url=address, token=''))",
    "by a changed copy": "Client(dataclasses.replace(base, url=address))",
    "without a class": "Service(base_url=address, auth=mail)",
}
MISSES = {
    "the default": "Client()",
    "another field": "Client(dataclasses.replace(base, token=mail))",
    "no client": "Service(url=address)",
}


@pytest.mark.parametrize("body", HITS.values(), ids=list(HITS))
def test_a_client_for_an_address_of_the_caller_is_found(body: str) -> None:
    assert found(SERVER.replace("{body}", body), "request-forgery")


@pytest.mark.parametrize("body", MISSES.values(), ids=list(MISSES))
def test_a_client_for_an_address_of_the_operator_is_left_alone(body: str) -> None:
    assert not found(SERVER.replace("{body}", body), "request-forgery")
