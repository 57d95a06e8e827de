"""Requests to other machines: the method says what is done, the address where it goes."""

from __future__ import annotations

import re

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.declare.recipes import recipes
from ostiary.analyze.levels.hosts import CHOSEN, UNKNOWN, Where, host_of
from ostiary.analyze.levels.origins import by_caller, carried, from_outside
from ostiary.analyze.levels.vendors import Vendor, by_host, vendor_of
from ostiary.analyze.levels.work import Work, location
from ostiary.flow.words import name_verbs
from ostiary.model.access import DataClass, Level
from ostiary.model.audit import Destination
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_METHODS = {
    "get": Level.READ,
    "head": Level.READ,
    "options": Level.READ,
    "query": Level.READ,
    "post": Level.WRITE,
    "put": Level.WRITE,
    "patch": Level.WRITE,
    "delete": Level.DESTROY,
}
_VERB = re.compile(r"[a-z]+")
_VERBS = {
    **dict.fromkeys(("get", "list", "search", "download", "check", "compare", "find"), "get"),
    **dict.fromkeys(("delete", "remove"), "delete"),
}
"""How methods of a service's own library begin, and what that is over HTTP."""
_SENT = ("url", "path", "body", "headers", "query", "data", "credentials", "parameters", "key")
_LONG = 4
"""Parts of an address, from its end, that are looked at for a verb."""
_STEPS = 3
"""Calls that make a request ready, one upon the other."""
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - names, nothing binds


def request(work: Work, effect: Effect) -> None:
    """An HTTP request, a socket, an upload."""
    if "body only" in effect.tags:
        _adds(work, effect)
        return
    vendor = vendor_of(effect.callee, effect.tags)
    where = address_of(effect, vendor)
    vendor = vendor or by_host(where[0])
    sends = carried(effect.operand(one) for one in _SENT)
    work.goes(Destination(*where, sends, location(effect.place)))
    thing = _thing(vendor, where)
    if vendor is not None and vendor.data is not None:
        work.data.add(vendor.data)
    if where[1] == CHOSEN or "browser" in effect.tags:
        work.data.add(DataClass.WEB)
    if "upload" in effect.tags:
        work.note(Level.WRITE, HIGH, effect, f"uploads to {thing}", thing)
        work.note(Level.SEND, MEDIUM, effect, f"uploads to {thing}", thing)
        work.keep(f"objects in {thing}")
        return
    _method(work, effect, where, thing)


def address_of(effect: Effect, vendor: Vendor | None) -> Where:
    """Where a call goes: its address, else the base of its client, else where its library goes."""
    address = effect.operand("url") or effect.operand("host")
    if address is None and "to" in effect.operands and "upload" not in effect.tags:
        address = effect.operand("to")
    where = host_of(address, effect.operand("client"))
    if not where[0] and vendor is not None and vendor.host and where[1] in (UNKNOWN, CHOSEN):
        return vendor.host, "fixed"
    return where


def _adds(work: Work, effect: Effect) -> None:
    """What is written into a request that was begun elsewhere in the same function."""
    sends = carried(effect.operand(one) for one in _SENT)
    for index, one in enumerate(work.destinations):
        if one.place.file == effect.place.file and sends:
            both = tuple(sorted({*one.carries, *sends}))
            work.destinations[index] = Destination(one.host, one.how, both, one.place)
            return


def _thing(vendor: Vendor | None, where: Where) -> str:
    if vendor is not None:
        return vendor.label
    if where[0] in _LOCAL:
        return "service on this machine"
    return where[0] or ("web page" if where[1] == CHOSEN else "remote service")


def _method(work: Work, effect: Effect, where: Where, thing: str) -> None:
    methods, sure = _methods(effect)
    free = not methods
    for method in methods or ("get", "post", "delete"):
        level = _METHODS.get(method, Level.WRITE)
        says = f"sends {'any' if free else method.upper()} request to {where[0] or where[1]}"
        says = says.replace("sends GET", "sends a GET").replace("to not known", "to a host")
        says = says.replace("to chosen by the caller", "to a host of the caller's choosing")
        says = says.replace("to configured", "to a configured host")
        if level is Level.WRITE and method == "post":
            _post(work, effect, where, thing, sure)
        else:
            work.note(level, sure, effect, says, thing)


def _post(work: Work, effect: Effect, where: Where, thing: str, sure: Confidence) -> None:
    """A POST changes something, unless the address or the tool's own name says that it asks. Of a
    request whose method is not ``sure`` the tool's words tell more."""
    host = where[0] or "a host"
    if asks := _asks(effect.operand("url")):
        work.note(Level.READ, sure, effect, f"asks {host} with a POST to .../{asks}", thing)
        return
    known = sure is HIGH
    says = f"posts to {host}" if known else f"sends a request to {host}"
    if work.reads and (where[1] != CHOSEN or not known):
        work.note(Level.READ, sure, effect, says, thing)
        work.note(Level.WRITE, LOW, effect, f"{says}, though its name says that it reads", thing)
        return
    told = [one for one in (Level.WRITE, Level.DESTROY) if one in work.said and not known]
    if known and (where[1] != CHOSEN or Level.WRITE in work.said):
        work.note(Level.WRITE, work.sure(Level.WRITE), effect, says, thing)
    for level in told:
        work.note(level, sure, effect, says, thing)
    if where[1] == CHOSEN and not told:
        work.note(Level.SEND, sure, effect, "posts to a host of the caller's choosing", thing)
    elif not known and not told:
        work.note(Level.WRITE, sure, effect, says, thing)


_ASKS = frozenset({"graphql", "completions", "embeddings", "messages:count", "oauth", "token"})


def _asks(address: Value | None) -> str:
    """The part of an address that says that a POST to it only asks."""
    if address is None:
        return ""
    path = address.pieces.partition("://")[2].partition("?")[0].split("/")[1:]
    for part in reversed(path[-_LONG:]):
        name = part.replace("\0", "")
        if name in _ASKS:
            return name
        said = name_verbs(name)
        if said:
            return name if said[0].verb.level is Level.READ else ""
    return ""


def _methods(effect: Effect) -> tuple[tuple[str, ...], Confidence]:
    """The methods that a request can have; none if the caller chooses."""
    given = _given(effect, "method")
    if given is None and (options := effect.operand("options")) is not None:
        given = options.fields.get("method")
    given = given or _of_request(effect.operand("request"), 0)
    if given is not None:
        text = given.known_text
        if text:
            return (text.lower(),), HIGH
        if by_caller(given):
            return (), HIGH
        return (_by_body(effect),), MEDIUM
    if named := _by_name(effect):
        return (named,), HIGH
    if effect.kind is EffectKind.CONNECT:
        return ("get",), MEDIUM
    return (_by_body(effect),), HIGH if from_outside(effect.operand("url")) else MEDIUM


def _of_request(request: Value | None, depth: int) -> Value | None:
    """The method that a request was made with before it is sent."""
    for made in recipes(request):
        given = made.keywords.get("method") or next(iter(made.args), None)
        if given is not None and (given.known_text or "").lower() in _METHODS:
            return given
        inner = made.base if given is None else given
        if depth < _STEPS and (found := _of_request(inner, depth + 1)) is not None:
            return found
    return None


def _by_name(effect: Effect) -> str:
    """What the name of the call says; empty where it says nothing."""
    last = effect.callee.rpartition(".")[2]
    named = last.lower().removesuffix("form")
    verb = _VERB.match(last) if "name tells" in effect.tags else None
    return named if named in _METHODS else _VERBS.get(verb[0], "post") if verb else ""


def _by_body(effect: Effect) -> str:
    return "post" if _given(effect, "body") is not None else "get"


def _given(effect: Effect, role: str) -> Value | None:
    """What a request is given in a role; nothing where that is only a part, read by a name, of
    things that went through code that is not known."""
    value = effect.operand(role)
    if value is None or value.text or value.refs or value.fields or not value.flows:
        return value
    read = all(
        not flow.guarantees & g.EXACT
        and (origin.kind is not SourceKind.MODEL or _is_part(origin.name, role))
        for origin, flow in value.sources()
    )
    return None if read else value


def _is_part(name: str, role: str) -> bool:
    """Whether only the part that was read has the name of the role, and nothing around it."""
    outer, _, last = name.rpartition(".")
    return bool(outer) and last == role and outer.rpartition(".")[2] != role


def connect(work: Work, effect: Effect) -> None:
    """A socket, a name that is resolved, a mail server."""
    vendor = vendor_of(effect.callee, effect.tags)
    where = host_of(effect.operand("host"))
    sends = carried(effect.operand(one) for one in _SENT)
    if "sends" in effect.tags and where == ("", UNKNOWN):
        _adds(work, effect)
        return
    work.goes(Destination(*where, sends, location(effect.place)))
    if "dns" in effect.tags:
        return
    thing = _thing(vendor, where)
    if by_caller(effect.operand("data")) and where[1] == CHOSEN:
        work.note(Level.SEND, HIGH, effect, "sends to a host of the caller's choosing", thing)
    elif where[1] == CHOSEN:
        says = "connects to a host of the caller's choosing"
        work.note(Level.READ, MEDIUM, effect, says, thing)
