"""Formats of configuration files, each read with the line of every entry."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.clients.formats.document import Document
from ostiary.clients.formats.front_matter import read_front_matter
from ostiary.clients.formats.json_text import read_json
from ostiary.clients.formats.plist import read_plist
from ostiary.clients.formats.script import read_script
from ostiary.clients.formats.toml_text import read_toml


def _yaml(data: bytes) -> Document:
    # ruamel.yaml takes longer to load than a whole scan without YAML files.
    from ostiary.clients.formats.yaml_text import read_yaml  # noqa: PLC0415

    return read_yaml(data)


def _front_matter(data: bytes) -> Document:
    return read_front_matter(data, _yaml)


FORMATS: dict[str, Callable[[bytes], Document]] = {
    "json": read_json,
    "jsonc": read_json,
    "json5": read_json,
    "toml": read_toml,
    "yaml": _yaml,
    "front matter": _front_matter,
    "plist": read_plist,
    "script": read_script,
}
