"""What a target of an audit is, from the words it was asked for with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ostiary.model.audit import TargetKind
from ostiary.model.visible import NAME, visible

FORMS = (
    "npm:name@version, pypi:name==version, ./folder, git+https://host/repository@revision, "
    "an https address, or a file ending in .mcpb, .dxt, .tgz, .tar.gz, .whl, .zip or .tar"
)
_ARCHIVES = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".whl", ".zip", ".tar", ".mcpb", ".dxt")
_FORGES = frozenset({"github.com", "gitlab.com", "codeberg.org", "bitbucket.org"})
_PYPI = re.compile(
    r"([A-Za-z0-9._-]+)(?:\[[A-Za-z0-9,._ -]*\])?\s*(?:(?:==|@)\s*(.+)|([<>=!~].+))?"
)
_REVISION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/+-]{0,200}")


class NoTarget(ValueError):
    """Words that name nothing that can be audited. Says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A target as it was asked for."""

    kind: TargetKind
    given: str
    name: str
    """Name of a package, path of a file or folder, or an address without its parts below."""
    version: str = ""
    """Version or range of a package, revision of a repository; empty for the newest."""
    subfolder: str = ""
    archive: bool = False
    """Whether ``name`` is a file that holds the target."""


def parse_target(text: str) -> Asked:
    """Pure. Raises :class:`NoTarget`."""
    given = text.strip()
    if not given or any(ord(char) < 0x20 or char == "\x7f" for char in given):
        raise NoTarget(f"{visible(given, NAME)!r} names no target")
    scheme, _, rest = given.partition(":")
    if scheme == "npm":
        return _npm(given, rest)
    if scheme == "pypi":
        return _pypi(given, rest)
    if given.startswith("git+"):
        return _git(given, given.removeprefix("git+"))
    if "://" in given:
        return _address(given)
    return _path(given)


def _npm(given: str, rest: str) -> Asked:
    name, at, version = rest.rpartition("@")
    if not at or not name:  # a scope's own "@" is no separator
        name, version = rest, ""
    if not name.strip("@/"):
        raise NoTarget("npm: is followed by no name; write npm:name@version")
    return Asked(TargetKind.NPM, given, name, version)


def _pypi(given: str, rest: str) -> Asked:
    match = _PYPI.fullmatch(rest.strip())
    if match is None:
        raise NoTarget(f"{visible(given, NAME)} is no Python package; write pypi:name==version")
    return Asked(TargetKind.PYPI, given, match[1], match[2] or match[3] or "")


def _git(given: str, address: str) -> Asked:
    try:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.fragment))
    except ValueError:
        raise NoTarget(f"{visible(given, NAME)} is no address of a repository") from None
    if parts.scheme not in ("https", "file"):
        raise NoTarget(
            f"repositories are fetched over https only, not {visible(parts.scheme, NAME) or 'that'}"
            "; clone it yourself and name the folder"
        )
    path, at, revision = parts.path.rpartition("@")
    if not at:
        path, revision = parts.path, ""
    if revision and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise NoTarget(f"{visible(revision, NAME)} is no name of a revision")
    if "@" in parts.netloc:
        raise NoTarget("the address carries a user name or password; leave it out")
    subfolder = options.get("subdirectory", "").strip("/")
    if ".." in subfolder.split("/"):
        raise NoTarget("the subdirectory leads out of the repository")
    clean = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Asked(TargetKind.GIT, given, clean, revision, subfolder)


def _address(given: str) -> Asked:
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        raise NoTarget(f"{visible(given, NAME)} cannot be read as an address") from None
    if parts.scheme not in ("http", "https"):
        scheme = visible(parts.scheme, NAME)
        raise NoTarget(f"targets at {scheme} addresses are not audited")
    words = [word for word in parts.path.split("/") if word]
    repository = parts.path.partition("@")[0].endswith(".git")
    if host in _FORGES and len(words) >= 4 and words[2] == "tree":
        below = "/".join(words[4:])
        clean = urlunsplit((parts.scheme, parts.netloc, "/".join(words[:2]), "", ""))
        suffix = f"#subdirectory={below}" if below else ""
        return _git(given, f"{clean}@{words[3]}{suffix}")
    if repository or (host in _FORGES and len(words) == 2):
        return _git(given, given)
    return Asked(TargetKind.REMOTE, given, given)


def _path(given: str) -> Asked:
    lower = given.lower()
    if lower.endswith(_ARCHIVES):
        return Asked(_kind_of(lower), given, given, archive=True)
    if given in (".", "..") or given.startswith(("/", "./", "../", "~")) or "/" in given[1:]:
        if given.startswith("@"):
            raise NoTarget(f"{visible(given, NAME)} may be a package: write npm:{given}")
        return Asked(TargetKind.FOLDER, given, given)
    raise NoTarget(f"{visible(given, NAME)} may be a package of npm or of Python, or a folder")


def _kind_of(lower: str) -> TargetKind:
    if lower.endswith((".mcpb", ".dxt")):
        return TargetKind.MCPB
    if lower.endswith(".whl"):
        return TargetKind.PYPI
    if lower.endswith(".tgz"):
        return TargetKind.NPM
    return TargetKind.OCI if lower.endswith(".tar") else TargetKind.FOLDER
