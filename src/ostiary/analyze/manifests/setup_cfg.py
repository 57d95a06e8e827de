"""``setup.cfg`` of setuptools."""

from __future__ import annotations

import configparser
from collections.abc import Iterator

from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.requirement import requirement
from ostiary.analyze.manifests.text import ManifestText, Unreadable

_MAX_CHARACTERS = 400_000


def ini(text: ManifestText) -> configparser.RawConfigParser:
    """The file as sections, nothing interpolated. Raises :class:`Unreadable`."""
    if len(text.text) > _MAX_CHARACTERS:
        raise Unreadable(f"it has more than {_MAX_CHARACTERS:,} characters")
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text.text)
    except configparser.Error as error:
        raise Unreadable(f"not valid: {type(error).__name__}") from None
    return parser


def read_setup_cfg(text: ManifestText) -> Manifest:
    raw = ini(text)

    def say(key: str) -> str:
        return (raw.get("metadata", key, fallback="") or "").strip()

    scripts = raw.get("options.entry_points", "console_scripts", fallback="") or ""
    pairs = [row.partition("=") for row in scripts.splitlines() if "=" in row]
    return Manifest(
        ecosystem="pypi",
        file=text.path,
        name=say("name"),
        version="" if ":" in say("version") else say("version"),
        description=say("description"),
        licence=say("license"),
        homepage=say("url"),
        authors=tuple(one for one in (say("author"),) if one),
        dependencies=tuple(_dependencies(text, raw)),
        programs=tuple((name.strip(), target.strip()) for name, _, target in pairs),
    )


def _dependencies(text: ManifestText, raw: configparser.RawConfigParser) -> Iterator[Dependency]:
    yield from _listed(text, raw.get("options", "install_requires", fallback=""), "runtime")
    yield from _listed(text, raw.get("options", "setup_requires", fallback=""), "build")
    if raw.has_section("options.extras_require"):
        for _, value in raw.items("options.extras_require"):
            yield from _listed(text, value, "optional")


def _listed(text: ManifestText, value: str | None, group: str) -> Iterator[Dependency]:
    for row in (value or "").splitlines():
        one = requirement(row.strip())
        if one:
            line = text.line_of(row.strip())
            yield Dependency(
                "pypi", one.name, one.wanted, group, text.path, line, locked=one.pinned
            )
