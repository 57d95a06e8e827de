"""What a check of a value says of where the value came from."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.address_tests import wholes_of
from ostiary.analyze.dataflow.checks.path_checks import settled_of
from ostiary.analyze.dataflow.members import named_like_an_address
from ostiary.analyze.dataflow.value import Flow, Origin, Param, Source, Value

_ALSO_OF_ORIGIN = (
    g.CONTAINED
    | g.PREFIX_ONLY
    | g.HOST_CHOSEN
    | g.HOST_PUBLIC
    | g.OUTSIDE
    | g.HOST_SUBSTRING
    | g.SCHEME_CHECKED
    | g.READ_ONLY_SQL
    | g.BELOW
    | g.SAME
    | g.REAL_CHECKED
    | g.BOTH_CHECKED
)
"""Guarantees that hold for where a value came from, although the check was on what became of it."""


def of_origins(value: Value, bits: int) -> Iterator[tuple[Origin, int]]:
    """Origins of a value with what is certain of each where ``bits`` are of the value."""
    few = len(value.flows) <= 2
    for origin, flow in value.flows.items():
        line = _of_first(origin) if bits & g.PROGRAM_CHOSEN else None
        if line is not None:
            yield line, g.PROGRAM_CHOSEN
            yield origin, g.PROGRAM_CHOSEN
        if bits & g.CHOSEN and named_like_an_address(origin):
            yield origin, g.CHOSEN
        yield from _of_origin(origin, flow, bits, few)
    if bits & g.HOST_PUBLIC:
        for part in value.fields.values():
            yield from of_origins(Value(part.flows), g.HOST_PUBLIC)


def _of_origin(origin: Origin, flow: Flow, bits: int, few: bool) -> Iterator[tuple[Origin, int]]:
    derived = bits & _ALSO_OF_ORIGIN
    if flow.guarantees & g.HOST_OF:
        host = _host_bits(bits)
        if host:
            yield origin, host
    elif flow.guarantees & g.SCHEME_OF:
        if bits & g.CHOSEN:
            yield origin, g.SCHEME_CHECKED
    elif flow.guarantees & g.EXACT:
        yield origin, settled_of(origin, flow, bits)
    elif derived and few:
        for one in wholes_of(origin, derived):
            yield one, settled_of(one, flow, derived)


def _of_first(origin: Origin) -> Origin | None:
    """Of what this is the first word, if it is one."""
    if isinstance(origin, Param):
        first = origin.path[-1:] == ("0",)
        return Param(origin.function, origin.position, origin.path[:-1]) if first else None
    name = origin.name.removesuffix(".0")
    if name == origin.name:
        return None
    return Source(origin.kind, name, origin.owner, "" if name == origin.whole else origin.whole)


def _host_bits(bits: int) -> int:
    if bits & (g.CHOSEN | g.HOST_CHOSEN):
        return g.HOST_CHOSEN
    return bits & (g.HOST_PUBLIC | g.OUTSIDE | g.HOST_SUBSTRING)
