"""Principals and targets as Cedar entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ostiary.model.asked import Target, Verb
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.principal import Principal
from ostiary.policy.program import Program
from ostiary.policy.schema import ASK_BACK, TYPES, USE

_LONG_PASSED = 10101


def is_principal(member: str) -> bool:
    """Whether a member of a group is the id of a principal and not the name of a group: ids are
    ``local:NAME``, ``process:USER`` or ``ISSUER|SUBJECT``."""
    return member.startswith(("local:", "process:")) or "|" in member


def groups_of(principal: Principal, members: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every group that ``principal`` belongs to, by its proof or by the settings; sorted.

    A group of the identity provider whose name looks like a principal's id makes nobody a member
    of what the settings give to that principal.
    """
    found = set(principal.groups)
    while True:
        more = {
            group
            for group, of in members.items()
            if group not in found
            and any(one == principal.id if is_principal(one) else one in found for one in of)
        }
        if not more:
            return tuple(sorted(found))
        found |= more


def principal_entities(principal: Principal, program: Program) -> list[JsonValue]:
    """The caller with its groups, agent and client."""
    groups = groups_of(principal, program.members)
    parents: list[JsonValue] = [_uid("Group", name) for name in groups]
    if principal.agent:
        parents.append(_uid("Agent", principal.agent))
    if principal.client:
        parents.append(_uid("Client", principal.client))
    return [
        {
            "uid": user(principal),
            "attrs": {
                "name": principal.name,
                "proof": principal.proof.value,
                "agent": principal.agent,
                "client": principal.client,
                "groups": _texts(groups),
                "scopes": _texts(principal.scopes),
            },
            "parents": parents,
        }
    ]


def target_entities(target: Target, program: Program) -> list[JsonValue]:
    """The thing and its server. Raises ``KeyError`` for a kind that the schema does not know."""
    attrs: JsonObject = {
        "server": target.server,
        "kind": target.kind,
        "name": target.name,
        "digest": target.digest,
        "levels": _texts(target.levels),
        "labels": _texts(target.labels),
        "owner": target.owner,
        "groups": _texts(program.servers.get(target.server, ())),
    }
    if target.review_by:
        attrs["review_by"] = day(target.review_by)
    parents: list[JsonValue] = []
    if target.kind != "server":
        parents.append(_uid("Server", target.server))
    return [{"uid": thing(target), "attrs": attrs, "parents": parents}]


def action_entities(verb: Verb) -> list[JsonValue]:
    """The action with the group it belongs to."""
    parents: list[JsonValue] = []
    if verb in USE:
        parents.append(_uid("Action", "use"))
    if verb in ASK_BACK:
        parents.append(_uid("Action", "ask_back"))
    return [{"uid": action(verb), "attrs": {}, "parents": parents}]


def day(text: str) -> int:
    """``YYYY-MM-DD`` as YYYYMMDD. What is no date counts as long passed."""
    digits = text.replace("-", "")
    fits = len(text) == 10 and len(digits) == 8 and digits.isascii() and digits.isdigit()
    return int(digits) if fits else _LONG_PASSED


def user(principal: Principal) -> JsonObject:
    return _uid("User", principal.id)


def thing(target: Target) -> JsonObject:
    return _uid(*thing_id(target))


def thing_id(target: Target) -> tuple[str, str]:
    """Type and id: a server by its name, everything else as ``SERVER/NAME``."""
    name = target.server if target.kind == "server" else f"{target.server}/{target.name}"
    return TYPES[target.kind], name


def action(verb: Verb) -> JsonObject:
    return _uid("Action", verb.value)


def _uid(kind: str, name: str) -> JsonObject:
    return {"type": kind, "id": name}


def _texts(texts: Iterable[str]) -> list[JsonValue]:
    return list(texts)
