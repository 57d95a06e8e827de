"""Where a message goes: to which server, under which name of its own, about which thing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ostiary.gateway.names import split, split_uri
from ostiary.gateway.ports import Era
from ostiary.model.asked import Verb
from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.wire.bridging import HANDSHAKE_ONLY, STATELESS_ONLY
from ostiary.wire.methods import CLIENT_METHODS, Method, completed


@dataclass(slots=True)
class Route:
    """One request with its way."""

    method: Method
    server: str
    """Empty for the joined endpoint itself."""
    kind: str
    name: str
    """At the server."""
    message: JsonObject
    """As it will be forwarded, but for the id."""


class BadRequest(ValueError):
    """A request that lacks what its method needs. The message names it."""


def method_of(message: JsonObject, era: Era) -> Method | None:
    """The method of a request, if this era has it."""
    name = as_text(message.get("method"))
    absent = STATELESS_ONLY if era is Era.HANDSHAKE else HANDSHAKE_ONLY
    return None if name in absent else CLIENT_METHODS.get(name)


def is_like_known(name: str) -> bool:
    """Whether a name differs from that of a known method in case, spaces or signs alone."""
    return _bare(name) in _BARE


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name.strip()[:_LONGEST]).casefold()
    return "".join(sign for sign in folded if sign.isalpha())


_LONGEST = 256
_BARE = frozenset(map(_bare, CLIENT_METHODS))


def unknown(message: JsonObject) -> Method:
    """A method that no revision we know defines, to be decided as such."""
    return Method(as_text(message.get("method")), Verb.OTHER, "server")


def route(method: Method, message: JsonObject, endpoint: str) -> Route:
    """The way of a request that came in at ``endpoint``. Raises :class:`BadRequest`."""
    params = message.get("params")
    if method.verb is Verb.COMPLETE:
        return _completion(method, message, endpoint)
    if not method.named_by:
        return Route(method, endpoint, method.kind, endpoint, message)
    name = params.get(method.named_by) if isinstance(params, dict) else None
    if not isinstance(name, str) or not isinstance(params, dict):
        raise BadRequest(f"{method.name} needs the parameter {method.named_by!r}, a string")
    if method.arguments and not isinstance(params.get(method.arguments, {}), dict | None):
        # What is judged is what is forwarded: anything else would be judged as no arguments.
        raise BadRequest(f"{method.name} needs the parameter {method.arguments!r} to be an object")
    if endpoint:
        return Route(method, endpoint, method.kind, name, message)
    server, own = split_uri(name) if method.named_by == "uri" else split(name)
    renamed: JsonObject = {**message, "params": {**params, method.named_by: own}}
    return Route(method, server, method.kind, own, renamed)


def _completion(method: Method, message: JsonObject, endpoint: str) -> Route:
    params = as_object(message.get("params"))
    ref = as_object(params.get("ref"))
    kind, name = completed(ref)
    if not kind:
        raise BadRequest("completion/complete needs a 'ref' to a prompt or a resource")
    if not isinstance(params.get(method.arguments, {}), dict):
        raise BadRequest(f"{method.name} needs the parameter {method.arguments!r} to be an object")
    if endpoint:
        return Route(method, endpoint, kind, name, message)
    server, own = split(name) if kind == "prompt" else split_uri(name)
    key = "name" if kind == "prompt" else "uri"
    renamed: JsonObject = {**message, "params": {**params, "ref": {**ref, key: own}}}
    return Route(method, server, kind, own, renamed)
