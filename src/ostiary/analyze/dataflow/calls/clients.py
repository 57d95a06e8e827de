"""Clients of libraries that no table names: a thing made with an address and a credential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.flow.lexicon import wordset

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.calls.operands import Operands
    from ostiary.analyze.dataflow.frame import Frame
    from ostiary.analyze.dataflow.value import Value
    from ostiary.analyze.ir import Node

CLIENT: Final = "client"
"""The tag of a client that was made."""
_ADDRESS: Final = (
    "url", "base_url", "baseUrl", "baseURL", "server_url", "serverUrl", "api_url", "apiUrl",
    "endpoint", "endpoint_url", "host", "hostname", "server", "address", "uri",
)  # fmt: skip
_ACCESS: Final = wordset(
    "token password username user auth api_key apiKey apikey api_token access_token accessToken "
    "credentials secret session verify_ssl oauth2"
)
"""What only a thing that connects is made with, beside its address."""


def note_client(frame: Frame, name: str, operands: Operands, node: Node) -> Mapping[str, Value]:
    """Record that a client was made for an address, if a call of an unknown class looks so; what
    it was made with is what it holds."""
    bare = name.removesuffix("()").rpartition(".")[2]
    if not bare[:1].isupper():
        return {}
    first = operands.at(0)
    named = dict(operands.args.keywords) or (dict(first.fields) if first is not None else {})
    address = _address(named)
    if address is None or _ACCESS.isdisjoint(named):
        return {}
    frame.record(EffectKind.CONNECT, name, {"host": address}, node, (CLIENT,))
    return named


def _address(named: dict[str, Value]) -> Value | None:
    return next((named[one] for one in _ADDRESS if one in named), None)
