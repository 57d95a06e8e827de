"""``devcontainer.json``: commands around a development container."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.on_open.opening import (
    CONTAINER_START,
    FOLDER_OPEN,
    command_line,
    opening,
)
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings

_ON_HOST = "initializeCommand"
_INSIDE = (
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
)
_POWERS = ("--privileged", "--cap-add", "docker.sock", "--network=host", "--pid=host")


def read_devcontainer(text: ManifestText) -> Manifest:
    raw = text.json()
    return opening(text, _scripts(text, raw), _states(raw))


def _scripts(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    """The first runs on the machine itself, the others in the container."""
    for key in (_ON_HOST, *_INSIDE):
        for command in _commands(raw.get(key)):
            event = FOLDER_OPEN if key == _ON_HOST else CONTAINER_START
            yield Script(event, command, text.path, text.line_at(text.key(key)), True)


def _commands(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _commands(one) if not isinstance(one, dict) else ()
    elif command := command_line(value):
        yield command


def _states(raw: JsonObject) -> Iterator[tuple[str, str]]:
    said = " ".join((*strings(raw.get("runArgs")), *strings(raw.get("mounts"))))
    for power in _POWERS:
        if power in said:
            yield "container power", power
    if as_text(raw.get("image")):
        yield "base image", as_text(raw.get("image"))
    for name in as_object(raw.get("features")):
        yield "feature", name
