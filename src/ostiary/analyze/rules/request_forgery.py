"""A caller chooses the address of a request that the server makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import External, Hole, Place, Source, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, arriving, once, told
from ostiary.flow.lexicon import wordset
from ostiary.flow.words import tokens
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

REQUEST_FORGERY = Rule(
    id="request-forgery",
    title="Caller chooses the host of a request",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller controls into the scheme or host of requests that the server makes. "
        "A value that only comes after a fixed host, a host from a list, and a host whose address "
        "was checked to be public are left alone; a host that is compared by substring is not. "
        "Where more than a few values flow into an address of which no text is known, only those "
        "count that are named like an address."
    ),
    attack=(
        "Whoever can put text before the model makes the server call addresses that only it can "
        "reach: services on the machine, the local network, the metadata of a cloud with its keys."
    ),
    remedy=(
        "Resolve the name, refuse private, loopback and link-local addresses, connect to the "
        "address that was checked, and check again after each redirect. Until then give the server "
        "no network but the hosts it needs."
    ),
    references=("CWE-918", "MCP-SBP:server-side-request-forgery", "CoSAI-MCP-T3", "CoSAI-MCP-T8"),
)

_HARMLESS = g.FIXED_HOST | g.HOST_CHOSEN | g.HOST_PUBLIC | g.PLAIN | g.URL_ENCODED

_PATH: Final = re.compile(r"^(?:\0+)?(?:/(?!/)|[?#])|\0(?!//)[^\0]*[/?#]")
"""What stands behind the host of an address that others put together: ``\0`` is its beginning."""

FEW: Final = 3
"""Values that may flow into an address before most of them are taken to be its path or query."""
_ADDRESSES: Final = wordset(
    "url urls uri host hosts hostname endpoint address server domain site website link href "
    "webhook callback base origin ip proxy feed"
)
_READ_BY_CALLS: Final = wordset("url uri href host")
"""Parts that a call looks for in what it is given; ``region.url`` may just be the region."""
_WORKER: Final = re.compile(r"wrangler(?:\.[\w-]+)*\.(?:toml|jsonc?)")
_OWN_ADDRESS: Final = ("url", "request.url", "request.req.url", "req.url")
"""What a request was sent to, as frameworks of workers name it."""
_BASES: Final = ("base_url", "baseURL", "prefixUrl", "baseUrl")
_CHOOSERS: Final = (SourceKind.MODEL, SourceKind.REQUEST)
_OBJECTS: Final = wordset(
    "params args arguments input inputs body query request req options config data"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that can move the host."""
    wanted = {EffectKind.REQUEST: ("url",), EffectKind.CONNECT: ("host",)}
    seen: set[tuple[Place, str]] = set()
    routed = tuple(_routed(facts))
    for one in arrivals(facts, wanted, _HARMLESS, _CHOOSERS):
        value = one.effect.operand(one.role)
        if "dns" in one.effect.tags or _is_own_host(one, routed):
            continue
        if value is not None and _moves_host(value, one) and _is_one_of_few(value, one.source):
            place = _handed_on(one)
            if (place, one.source.name) not in seen:
                seen.add((place, one.source.name))
                yield told(REQUEST_FORGERY, one, "decides which host the server calls", at=place)
    yield from _by_client(facts)


def _routed(facts: Facts) -> Iterator[str]:
    """Folders of what runs on a platform that hands over no request but for the hosts routed to
    it: Cloudflare's workers."""
    for file in facts.project.files.values():
        if _WORKER.fullmatch(file.name):
            yield file.path.removesuffix(file.name)


def _is_own_host(one: Arrival, routed: tuple[str, ...]) -> bool:
    """Whether the host is the one that the request was sent to, and its sender cannot choose it."""
    own = one.source.kind is SourceKind.REQUEST and one.source.name in _OWN_ADDRESS
    return own and one.effect.place.file.startswith(routed)


def _by_client(facts: Facts) -> Iterator[Finding]:
    """Requests of a client whose address a caller chose when it was made."""
    for one in once(_bases(facts)):
        if _moves_host(one.effect.operands["base"], one):
            yield told(REQUEST_FORGERY, one, "decides which host the server calls")


def _bases(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.REQUEST):
        url = effect.operand("url")
        if url is None or "://" in url.prefix:
            continue
        for value in _made_with(effect.operand("client")):
            seen = replace(effect, operands={**effect.operands, "base": value})
            yield from arriving(reached.entry, seen, "base", value, _HARMLESS, kinds=_CHOOSERS)


def _made_with(client: Value | None) -> Iterator[Value]:
    """The address that a client was made with."""
    for ref in () if client is None else client.refs:
        recipe = ref.made_with if isinstance(ref, External) else None
        if recipe is not None:
            named = {**(recipe.args[0].fields if recipe.args else {}), **recipe.keywords}
            yield from (named[word] for word in _BASES if word in named)


def _handed_on(arrival: Arrival) -> Place:
    """Where what was read of a request is first handed on as it came: what lies behind serves
    addresses of the operator too. For all else, the place of the request."""
    if arrival.source.kind is not SourceKind.REQUEST:
        return arrival.effect.place
    handed: Place | None = None
    for step in reversed(arrival.flow.steps):
        if not step.says.startswith("is passed to "):
            break
        handed = step.place
    return handed or arrival.effect.place


def _moves_host(value: Value, arrival: Arrival) -> bool:
    """Whether the value stands before the host of the address is settled."""
    before = ""
    for piece in value.text:
        if isinstance(piece, str):
            before += piece
            scheme, found, rest = before.partition("://")
            if (found and "/" in rest) or (not found and _PATH.search(scheme)):
                return False
        elif _holds(piece, arrival):
            return True
        else:
            before += "\0"
    return not value.text


def _holds(piece: Hole, arrival: Arrival) -> bool:
    return not piece.of or arrival.source in piece.of


def _is_one_of_few(value: Value, source: Source) -> bool:
    """Where much flows in and the text is not known, only what is named like an address counts."""
    if value.text or sum(1 for _ in value.sources()) <= FEW:
        return True
    *above, last = source.name.split(".")
    if last in _READ_BY_CALLS and above and above[-1] not in _OBJECTS:
        last = above.pop()
    return bool(_ADDRESSES & set(tokens(last)))


CHECK: Check[Facts] = Check((REQUEST_FORGERY,), look)
