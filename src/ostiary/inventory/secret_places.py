"""Every place of a server entry that holds a credential, with its name and its position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ostiary.detect.secrets import Secret
from ostiary.detect.secrets_named import names_secret
from ostiary.inventory.reading import secrets
from ostiary.inventory.redact import MASK, masked, option_names, shown_url, shown_words
from ostiary.model.client import Concealed, ServerEntry, Setting
from ostiary.model.finding import Location
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonValue
from ostiary.model.visible import visible

_DEEPEST = 12
_KINDS = {
    "environment": ("environment variable", "/env"),
    "header": ("header", "/headers"),
    "field": ("setting", ""),
}
_READ_ELSEWHERE = frozenset(
    {"env", "environment", "envs", "headers", "http_headers", "requestOptions", "args", "command"}
    | {"cmd", "url", "uri", "httpUrl", "serverUrl", "arguments", "name", "type", "cwd"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """One credential in one place."""

    where: str
    """``environment``, ``header``, ``argument``, ``address`` or ``field``."""
    name: str
    """What people call it: the variable, the header, the option, the query key."""
    value: Concealed
    secret: Secret
    location: Location
    excerpt: str
    """The place as it may be shown."""


def held(entry: ServerEntry) -> tuple[Held, ...]:
    """The credentials an entry holds, each place once."""
    found = [*_settings(entry), *_arguments(entry), *_address(entry)]
    known = {one.value.reveal() for one in found}
    found += [one for one in _fields(entry) if one.value.reveal() not in known]
    return tuple(found)


def place(
    entry: ServerEntry, pointer: str = "", part: str = "", line: int | None = None
) -> Location:
    """A location in an entry; without a line of its own it is the entry's."""
    return Location(
        file=entry.file,
        line=line or entry.line,
        column=entry.column if line is None else None,
        pointer=pointer or entry.pointer,
        client=entry.client,
        server=visible(entry.name),
        part=part,
    )


def argument_pointer(entry: ServerEntry, index: int) -> str:
    """The JSON pointer of a word of the command line, as far as the raw entry tells."""
    if not entry.pointer:
        return ""
    args, command = entry.raw.get("args"), entry.raw.get("command", entry.raw.get("cmd"))
    if isinstance(args, list) and list(entry.argv[1:]) == args and index > 0:
        return f"{entry.pointer}/args/{index - 1}"
    if isinstance(command, list) and list(entry.argv) == command:
        return f"{entry.pointer}/command/{index}"
    return entry.pointer


def _settings(entry: ServerEntry) -> Iterator[Held]:
    groups = (("environment", entry.env), ("header", entry.headers), ("field", entry.secrets))
    for kind, settings in groups:
        for setting in settings:
            yield from _setting(entry, kind, setting)


def _setting(entry: ServerEntry, kind: str, setting: Setting) -> Iterator[Held]:
    if setting.value is None:
        return
    value, name = setting.value.reveal(), visible(setting.name)
    words, key = _KINDS[kind]
    default = f"{entry.pointer}{key}/{_escaped(name)}" if entry.pointer else ""
    at = place(entry, setting.pointer or default, f"{words} {name}", setting.line)
    if setting.file:
        at = replace(at, file=setting.file, line=setting.line, column=setting.column)
    for one in secrets(value, setting.name):
        if one.confidence is Confidence.LOW:
            continue
        inner = Concealed(value[one.start : one.end])
        yield Held(kind, name, inner, one, at, f"{name}={visible(masked(value, setting.name))}")


def _arguments(entry: ServerEntry) -> Iterator[Held]:
    shown = shown_words(entry.argv)
    for index, (word, option) in enumerate(zip(entry.argv, option_names(entry.argv), strict=True)):
        for one in secrets(word, option):
            name = _word_name(word, one, option)
            at = place(entry, argument_pointer(entry, index), f"argument {index}")
            excerpt = f"{option} {shown[index]}".strip()
            yield Held("argument", name, Concealed(word[one.start : one.end]), one, at, excerpt)


def _word_name(word: str, one: Secret, option: str) -> str:
    if option:
        return option.lstrip("-")
    head = word[: one.start].rstrip("'\" ")
    if head.endswith(("=", ":")) and "://" not in head:
        return visible(head[:-1].lstrip("-").rpartition(" ")[2]) or one.kind
    return _query_name(head) or one.kind


def _query_name(head: str) -> str:
    if not head.endswith("="):
        return ""
    for sign in "?&;#":
        head = head.rpartition(sign)[2]
    return visible(head[:-1])


def _address(entry: ServerEntry) -> Iterator[Held]:
    url = entry.url or ""
    for one in secrets(url):
        name = _query_name(url[: one.start]) or one.kind
        at = place(entry, f"{entry.pointer}/url" if entry.pointer else "", "address")
        yield Held("address", name, Concealed(url[one.start : one.end]), one, at, shown_url(url))


def _fields(entry: ServerEntry) -> Iterator[Held]:
    """Secrets in other keys of the entry, such as tokens that a client stores beside it."""
    pending: list[tuple[str, str, JsonValue, int]] = [
        (key, f"/{_escaped(key)}", value, 0)
        for key, value in entry.raw.items()
        if key not in _READ_ELSEWHERE
    ]
    while pending:
        name, path, value, depth = pending.pop()
        if isinstance(value, str):
            yield from _field(entry, name, path, value)
        elif depth < _DEEPEST and isinstance(value, dict):
            pending += [
                (key, f"{path}/{_escaped(key)}", inner, depth + 1) for key, inner in value.items()
            ]
        elif depth < _DEEPEST and isinstance(value, list):
            pending += [(name, f"{path}/{at}", inner, depth + 1) for at, inner in enumerate(value)]


def _field(entry: ServerEntry, name: str, path: str, value: str) -> Iterator[Held]:
    hint = name if names_secret(name) else ""
    for one in secrets(value, hint):
        if one.confidence is Confidence.LOW:
            continue
        at = place(entry, entry.pointer + path, f"field {visible(path)}")
        inner = Concealed(value[one.start : one.end])
        yield Held("field", visible(name), inner, one, at, f"{visible(name)}={MASK}")


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
