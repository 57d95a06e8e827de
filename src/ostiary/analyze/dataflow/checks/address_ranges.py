"""Ranges of addresses that are not public, as code writes them: beginnings, patterns, networks.

Each range that a text is found to be outside of is a guarantee of its own; all together make an
address that is checked to be public (``guarantee.learned``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.patterns.python_patterns import compiled as python_pattern
from ostiary.analyze.dataflow.value import External, Value
from ostiary.detect.linear import compiled

_IN_EACH: Final[Mapping[int, str]] = {
    g.OUTSIDE_10: "10.0.0.1",
    g.OUTSIDE_127: "127.0.0.1",
    g.OUTSIDE_169: "169.254.169.254",
    g.OUTSIDE_172: "172.16.0.1",
    g.OUTSIDE_192: "192.168.0.1",
}
_PUBLIC: Final = ("8.8.8.8", "host.example")
_PRIVATE: Final = frozenset(("private", "loopback", "linkLocal"))
"""What ``ipaddr.js`` calls ranges that matter most."""
_LONGEST: Final = 400


def outside_of_text(text: str) -> int:
    """Ranges that an address which does not begin with this is outside of."""
    return _outside(lambda address: address.startswith(text)) if len(text) > 2 else 0


def outside_of_pattern(pattern: str) -> int:
    """Ranges that an address which does not match is outside of."""
    if len(pattern) > _LONGEST:
        return 0
    try:
        found = compiled(pattern)
    except Exception:  # noqa: BLE001 - whatever another dialect allows and this one does not
        return 0
    if any(found.search(one) for one in _PUBLIC):
        return 0
    return _outside(lambda address: found.search(address) is not None)


def outside_of_number(number: int) -> int:
    """Ranges that an address whose first number is another is outside of."""
    return _outside(lambda address: address.startswith(f"{number}."))


def outside_of_network(value: Value) -> int:
    """Ranges that an address which is not in this network is outside of."""
    names = (one for one in value.refs if isinstance(one, External))
    made = [one.made_with for one in names if one.name.startswith("ipaddress.")]
    if len(made) != 1 or made[0] is None or not made[0].args:
        return 0
    try:
        network = ipaddress.ip_network(made[0].args[0].known_text or "", strict=False)
    except ValueError:
        return 0
    return _outside(lambda address: ipaddress.ip_address(address) in network)


def _outside(holds: Callable[[str], bool]) -> int:
    bits = 0
    for bit, address in _IN_EACH.items():
        bits |= bit if holds(address) else 0
    return bits


def outside_of_any(value: Value) -> int:
    """Ranges that an address which is of none in a list is outside of."""
    known, rest = items_of(value)
    bits = 0
    for one in known if rest is None else ():
        bits |= _outside_of(one)
    return bits


def _outside_of(value: Value) -> int:
    text = value.known_text
    if text is not None:
        return outside_of_text(text)
    source = value.fields.get("source")
    pattern = python_pattern(value) if source is None else source.known_text
    return outside_of_network(value) if pattern is None else outside_of_pattern(pattern)


def is_public_range(range_: Value, named: Iterable[Value], truth: bool) -> bool:
    """Whether ``ipaddr.parse(x).range()`` that was, or was not, one of these is a public one."""
    if not any(name.startswith("ipaddr") and ".range" in name for name in range_.externals()):
        return False
    names = {one.known_text for one in named}
    return names == {"unicast"} if truth else "unicast" not in names and names >= _PRIVATE
