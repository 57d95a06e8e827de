"""A policy in force: rules that were parsed, checked against the schema and made ready."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import cedarpy
from cedarpy import pst

from ostiary.policy.rules import BadPolicy, Rule, rule
from ostiary.policy.schema import SCHEMA, schema
from ostiary.policy.statements import Source, Statement, statements

MOST_RULES = 5_000


@dataclass(frozen=True, slots=True)
class Program:
    """Rules that decide together. Made by :func:`compile_policy` only."""

    rules: tuple[Rule, ...]
    version: str
    """SHA-256 over everything that a decision depends on but the request."""
    members: Mapping[str, tuple[str, ...]] = field(hash=False)
    """Groups that the settings name, each with its members: groups, and ids of principals."""
    servers: Mapping[str, tuple[str, ...]] = field(hash=False)
    """Groups by server, as the settings name them."""
    settled: cedarpy.PolicySet = field(hash=False)
    """Every rule's conditions that do not look at the request, as permits."""
    named: frozenset[tuple[str, str]]
    """Type and id of every entity that a rule names."""
    names_things: bool
    """Whether any rule looks at a thing's name or digest."""
    by_id: Mapping[str, Rule] = field(hash=False)


def compile_policy(
    sources: Iterable[Source],
    members: Mapping[str, tuple[str, ...]] | None = None,
    servers: Mapping[str, tuple[str, ...]] | None = None,
) -> Program:
    """The policy that ``sources`` make together. Raises :class:`BadPolicy`."""
    read = tuple(sources)
    rules = tuple(one for source in read for one in _rules(source))
    if len(rules) > MOST_RULES:
        raise BadPolicy(read[-1].name, f"{len(rules)} rules; at most {MOST_RULES} can be used")
    by_id: dict[str, Rule] = {}
    for one in rules:
        if one.id in by_id:
            raise BadPolicy(
                one.place, f"the id {one.id} is taken by {by_id[one.id].place}; give it another"
            )
        by_id[one.id] = one
    known = {name: tuple(sorted(of)) for name, of in sorted((members or {}).items())}
    reach = {name: tuple(sorted(of)) for name, of in sorted((servers or {}).items())}
    return Program(
        rules=rules,
        version=_version(read, known, reach),
        members=known,
        servers=reach,
        settled=policy_set(one.settled for one in rules),
        named=frozenset(
            (str(uid.type), uid.id) for one in rules for uid in pst.entity_uids(one.node)
        ),
        names_things=any(one.names_thing for one in rules),
        by_id=by_id,
    )


def policy_set(nodes: Iterable[pst.Template]) -> cedarpy.PolicySet:
    """Cedar's handle for some policies."""
    return cedarpy.PolicySet.from_pst(
        pst.PolicySet(
            templates=pst.FrozenMap(),
            static_policies=pst.FrozenMap({one.id: one for one in nodes}),
            template_links=(),
        )
    )


def _version(
    sources: tuple[Source, ...],
    members: Mapping[str, tuple[str, ...]],
    servers: Mapping[str, tuple[str, ...]],
) -> str:
    digest = hashlib.sha256()
    texts = [one.text for one in sources]
    for part in (SCHEMA, *texts, repr(sorted(members.items())), repr(sorted(servers.items()))):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def _rules(source: Source) -> list[Rule]:
    parts = statements(source)
    rules = [_rule(one) for one in parts]
    whole = _parsed(Statement(source.name, 1, source.text)).static_policies
    ordered = [whole[key] for key in sorted(whole, key=lambda key: (len(key), key))]
    same = [replace(one, id="") for one in ordered] == [replace(one.node, id="") for one in rules]
    if not same:
        raise BadPolicy(source.name, "the file cannot be taken apart into statements; simplify it")
    return rules


def _rule(statement: Statement) -> Rule:
    parsed = _parsed(statement)
    if parsed.templates:
        raise BadPolicy(statement.place, "templates (?principal, ?resource) are not used here")
    if len(parsed.static_policies) != 1:
        raise BadPolicy(statement.place, "one policy was expected before the ;")
    checked = cedarpy.validate_policies(statement.text, schema())
    if not checked.validation_passed:
        raise BadPolicy(statement.place, _in_words(checked.errors))
    return rule(statement, next(iter(parsed.static_policies.values())))


def _parsed(statement: Statement) -> pst.PolicySet:
    try:
        return cedarpy.policies_to_pst(statement.text)
    except ValueError as error:
        missing = "" if statement.text.rstrip().endswith(";") else "; it does not end in ;"
        raise BadPolicy(statement.place, f"not Cedar: {error}{missing}") from None


def _in_words(errors: list[cedarpy.ValidationError]) -> str:
    """What Cedar's validator says, once each and without its names for the policy."""
    told = dict.fromkeys(one.error.split("`, ", 1)[-1] for one in errors)
    return "does not fit the schema: " + "; ".join(list(told)[:3])
