"""Reads the rules on servers that clients enforce, one reader for each way they are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from ostiary.clients.formats.document import Document, Step
from ostiary.clients.lookup import Hit, find
from ostiary.clients.record import PolicySpec
from ostiary.model.client import PolicyEntry, PolicyKind
from ostiary.model.json import JsonValue, as_list, as_object, as_text, strings

Matcher = tuple[PolicyKind, str, str, tuple[Step, ...]]
"""Kind, what is compared, pattern, place."""
Form = Callable[[Hit, PolicySpec], Iterator[Matcher]]


def read_policies(
    document: Document, specs: tuple[PolicySpec, ...], file: str, managed: bool
) -> tuple[PolicyEntry, ...]:
    """Every matcher of every policy in one file."""
    found: list[PolicyEntry] = []
    for spec in specs:
        for hit in find(document.value, spec.key):
            for kind, matches, pattern, place in FORMS[spec.form](hit, spec):
                line = document.spot(place)[0]
                found.append(PolicyEntry(kind, matches, pattern, file, managed, line))
    return tuple(found)


def _items(hit: Hit) -> Iterator[tuple[JsonValue, tuple[Step, ...]]]:
    for position, one in enumerate(as_list(hit.value)):
        yield one, (*hit.path, position)


def _words(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _names(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """A list of names. An empty allow list allows none where the client says so."""
    if isinstance(hit.value, str):
        yield spec.kind, "name", hit.value, hit.path
    for one, place in _items(hit):
        if isinstance(one, str):
            yield spec.kind, "name", one, place


def _ids(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    for one, place in _items(hit):
        if name := as_text(as_object(one).get("id")):
            yield spec.kind, "name", name, place


def _matchers(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """``serverName``, ``serverUrl`` or ``serverCommand`` (exact argv) in each entry."""
    if hit.value == []:
        yield spec.kind, "all", "nothing is listed", hit.path
    for one, place in _items(hit):
        entry = as_object(one)
        if isinstance(argv := entry.get("serverCommand"), list):
            yield spec.kind, "argv", json.dumps(argv, ensure_ascii=False), place
        for key, matches in (("serverUrl", "url"), ("serverName", "name")):
            if pattern := as_text(entry.get(key)):
                yield spec.kind, matches, pattern, place


def _switch(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    says = f" ({spec.says})" if spec.says else ""
    yield spec.kind, "all", f"{'.'.join(map(str, hit.path))}: {_words(hit.value)}{says}", hit.path


def _switch_on(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """A switch that only matters when it is on."""
    if hit.value not in (None, False, "", "false", 0):
        yield from _switch(hit, spec)


def _identities(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """Codex: a table from name to ``identity``, in which both must match."""
    if hit.value == {}:
        yield spec.kind, "all", "nothing is listed", hit.path
    for name, one in as_object(hit.value).items():
        identity = as_object(as_object(one).get("identity"))
        place = (*hit.path, name)
        for key, matches in (("command", "command"), ("url", "url")):
            if key in identity:
                yield spec.kind, matches, f"{name}: {_words(identity[key])}", place
        if not identity:
            yield spec.kind, "name", name, place


def _server_names(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """The keys of a table of servers."""
    for name in as_object(hit.value):
        yield spec.kind, "name", name, (*hit.path, name)


def _factory(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """``mcpPolicy{enabled, allowlist[]}``: host of a remote, command or argv of a local one."""
    policy = as_object(hit.value)
    if policy.get("enabled") is False:
        yield PolicyKind.SWITCH, "all", "mcpPolicy.enabled: false", (*hit.path, "enabled")
        return
    listed = as_list(policy.get("allowlist"))
    if not listed:
        yield spec.kind, "all", "nothing is listed", hit.path
    for position, one in enumerate(listed):
        yield (spec.kind, *_factory_entry(one), (*hit.path, "allowlist", position))


def _factory_entry(value: JsonValue) -> tuple[str, str]:
    if isinstance(value, str):
        return ("url" if "." in value and "/" not in value else "command"), value
    entry = as_object(value)
    for key in ("hostname", "host", "url"):
        if isinstance(entry.get(key), str):
            return "url", as_text(entry[key])
    if "args" in entry:
        argv = [as_text(entry.get("command")), *strings(entry["args"])]
        return "argv", json.dumps(argv, ensure_ascii=False)
    return "command", as_text(entry.get("command")) or _words(value)


def _amp(hit: Hit, _: PolicySpec) -> Iterator[Matcher]:
    """``[{matches: {command, args | url}, action}]``; the first match wins."""
    for one, place in _items(hit):
        rule = as_object(one)
        allows = as_text(rule.get("action")) == "allow"
        kind = PolicyKind.ALLOW if allows else PolicyKind.DENY
        wanted = as_object(rule.get("matches"))
        if "url" in wanted:
            yield kind, "url", _words(wanted["url"]), place
        elif "args" in wanted:
            parts = f"{_words(wanted.get('command', '*'))} {_words(wanted['args'])}"
            yield kind, "argv", parts, place
        else:
            yield kind, "command", _words(wanted.get("command", "*")), place


def _flags(hit: Hit, spec: PolicySpec) -> Iterator[Matcher]:
    """A table from tool to whether it may be approved without asking."""
    for name, allowed in as_object(hit.value).items():
        kind = PolicyKind.ALLOW if allowed is True else PolicyKind.DENY
        yield kind, "name", f"{'.'.join(spec.key)}: {name}", (*hit.path, name)


FORMS: dict[str, Form] = {
    "names": _names,
    "ids": _ids,
    "matchers": _matchers,
    "switch": _switch,
    "switch-on": _switch_on,
    "identities": _identities,
    "server-names": _server_names,
    "factory": _factory,
    "amp": _amp,
    "flags": _flags,
}
"""The ways policies are written; a record names one."""
