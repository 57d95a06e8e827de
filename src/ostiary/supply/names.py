"""Which words may become arguments of a package tool. Everything else is refused, not quoted."""

from __future__ import annotations

import re

from ostiary.model.server import Package, Pin

_NPM_NAME = re.compile(r"(?:@[A-Za-z0-9][A-Za-z0-9._~-]{0,100}/)?[A-Za-z0-9][A-Za-z0-9._~-]{0,200}")
_NPM_VERSION = re.compile(r"[0-9A-Za-z^~<>=*][0-9A-Za-z^~<>=|*.+ -]{0,100}")
_PYPI_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")
_PYPI_EXACT = re.compile(r"[0-9][0-9A-Za-z.!+-]{0,100}")
_PYPI_RANGE = re.compile(r"(?:[<>=!~]=?=?)[0-9A-Za-z.*!+<>=~, -]{1,100}")
_EXTRA = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
_PROGRAM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+@-]{0,100}")


class Unacceptable(ValueError):
    """A name or a version that no index could hold, or that a tool would read as an option, a
    path or an address. Says which."""


def npm_spec(package: Package) -> str:
    """``name@version`` for npm. Raises :class:`Unacceptable`."""
    name, version = package.name, package.version or "latest"
    if not _NPM_NAME.fullmatch(name) or ".." in name:
        raise Unacceptable(f"{_shown(name)} is not the name of an npm package")
    if not _NPM_VERSION.fullmatch(version):
        raise Unacceptable(f"{_shown(version)} is not an npm version, range or tag")
    return f"{name}@{version}"


def pypi_spec(package: Package, extras: tuple[str, ...] = ()) -> str:
    """A requirement for pip and uv. Raises :class:`Unacceptable`."""
    name, version = package.name, (package.version or "").strip()
    if not _PYPI_NAME.fullmatch(name) or ".." in name:
        raise Unacceptable(f"{_shown(name)} is not the name of a Python package")
    for extra in extras:
        if not _EXTRA.fullmatch(extra):
            raise Unacceptable(f"{_shown(extra)} is not the name of an extra")
    chosen = f"[{','.join(extras)}]" if extras else ""
    if version in ("", "latest"):
        return f"{name}{chosen}"
    if _PYPI_EXACT.fullmatch(version):
        return f"{name}{chosen}=={version}"
    if _PYPI_RANGE.fullmatch(version):
        return f"{name}{chosen}{version}"
    raise Unacceptable(f"{_shown(version)} is not a Python version or range")


def requirement(text: str) -> str:
    """An additional requirement such as ``name==1.0``. Raises :class:`Unacceptable`."""
    match = re.match(r"[A-Za-z0-9._-]+", text)
    if match is None:
        raise Unacceptable(f"{_shown(text)} is not the name of a Python package")
    rest = text[match.end() :].strip()
    return pypi_spec(Package("pypi", match[0], rest.removeprefix("==") or None, Pin.UNKNOWN))


def program(name: str) -> str:
    """The name of a package's program. Raises :class:`Unacceptable`."""
    if not _PROGRAM.fullmatch(name):
        raise Unacceptable(f"{_shown(name)} is not the name of a program")
    return name


def same_python_name(one: str, other: str) -> bool:
    """Whether two names mean one Python package (PEP 503)."""
    return _normal(one) == _normal(other)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _shown(text: str) -> str:
    safe = "".join(char if char.isprintable() else "?" for char in text[:60])
    return repr(safe)
