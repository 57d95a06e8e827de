"""Package specifications: which package, which version, how firmly pinned."""

from __future__ import annotations

import re

from ostiary.inventory.redact import masked
from ostiary.model.server import Package, Pin

_EXACT = re.compile(
    r"[=v]{0,2}\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,100})?(?:\+[0-9A-Za-z.-]{1,100})?"
)
_PYTHON_EXACT = re.compile(r"v?\d{1,9}(?:\.\d{1,9}){0,5}(?:[a-z.\-_+]{1,6}\d{0,9}){0,4}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT_COMMIT = re.compile(r"[0-9a-f]{7,39}")
_TAG = re.compile(r"v?\d{1,9}\.\d{1,9}(?:\.\d{1,9}){0,2}(?:[-+.][0-9A-Za-z.-]{1,60})?")
_RANGE = re.compile(r"[\^~<>|*\s]|(?:^|\.)[xX](?:\.|$)| - ")
_PARTIAL = re.compile(r"v?\d{1,9}(?:\.\d{1,9})?")
_SHORTHAND = re.compile(r"[A-Za-z0-9][\w.-]{0,100}/[\w.-]{1,100}(?:#.{0,200})?")
_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,200})\s*(?:\[[^\]]{0,200}\])?\s*(?P<rest>.{0,500})",
    re.DOTALL,
)
_FORGES = ("github:", "gitlab:", "bitbucket:", "gist:")
_LOCAL = (
    "./",
    "../",
    "/",
    "~",
    ".\\",
    "..\\",
    "file:",
    "link:",
    "${workspaceFolder",
    "${__dirname",
)


def unresolved(text: str) -> bool:
    """Whether the text holds a variable that somebody else fills in."""
    return "${" in text or text.startswith("$") or "{{" in text


def npm(spec: str) -> Package:
    """An npm package specification, as ``npx`` takes it."""
    special = _npm_elsewhere(spec)
    if special is not None:
        return special
    if "@npm:" in spec:
        spec = spec.partition("@npm:")[2]
    spec = spec.removeprefix("npm:")
    at = spec.find("@", 1)
    name, version = (spec[:at], spec[at + 1 :]) if at > 0 else (spec, None)
    return Package("npm", name, version or None, npm_pin(version))


def _npm_elsewhere(spec: str) -> Package | None:
    if spec.startswith(_LOCAL) or (len(spec) > 2 and spec[1:3] == ":\\"):
        return Package("npm", spec, None, Pin.LOCAL)
    if (
        spec.startswith(("git+", "git:", "ssh:", *_FORGES))
        or ".git#" in spec
        or spec.endswith(".git")
    ):
        return git(spec)
    if spec.startswith(("http://", "https://")):
        return Package("npm", masked(spec), None, Pin.FLOATING)
    if spec.endswith((".tgz", ".tar.gz")):
        return Package("npm", spec, None, Pin.LOCAL)
    if not spec.startswith("@") and _SHORTHAND.fullmatch(spec):
        return git("github:" + spec)
    return None


def npm_pin(version: str | None) -> Pin:
    """How firm an npm version is. A word such as ``latest`` is a tag, and tags move."""
    if not version or version in {"*", "x", "X"}:
        return Pin.FLOATING
    if unresolved(version):
        return Pin.UNKNOWN
    if _EXACT.fullmatch(version):
        return Pin.EXACT
    if _RANGE.search(version) or _PARTIAL.fullmatch(version):
        return Pin.RANGE
    return Pin.FLOATING


def git(spec: str) -> Package:
    """A repository, with the commit, tag or branch that is taken from it."""
    address, _, fragment = spec.partition("#")
    reference = fragment.partition("&")[0]
    if reference.startswith(("subdirectory=", "egg=")):
        reference = ""
    head, at, tail = address.rpartition("@")
    if not reference and at and "/" not in tail and ":" not in tail and "://" in head:
        address, reference = head, tail
    return Package("git", masked(address), reference or None, git_pin(reference))


def git_pin(reference: str) -> Pin:
    """A full commit is a digest; a tag or a branch can be moved by whoever may push."""
    if not reference:
        return Pin.FLOATING
    if unresolved(reference):
        return Pin.UNKNOWN
    if _COMMIT.fullmatch(reference):
        return Pin.DIGEST
    if _SHORT_COMMIT.fullmatch(reference) or _TAG.fullmatch(reference):
        return Pin.EXACT
    return Pin.RANGE if reference.startswith("semver:") else Pin.FLOATING


def python(spec: str) -> Package:
    """A Python requirement (PEP 508), or ``name@version`` as ``uvx`` takes it."""
    text = spec.strip()
    elsewhere = _python_elsewhere(text)
    if elsewhere is not None:
        return elsewhere
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        return Package("pypi", text, None, Pin.UNKNOWN)
    name, rest = match["name"], match["rest"].partition(";")[0].strip()
    if rest.startswith("@"):
        target = rest[1:].strip()
        return _python_elsewhere(target) or Package("pypi", name, target or None, _uv_pin(target))
    return Package("pypi", name, _bare(rest) or None, _requirement_pin(rest))


def _python_elsewhere(text: str) -> Package | None:
    if text.startswith(("git+", "git:", "ssh:")):
        return git(text)
    if text.startswith(("http://", "https://")):
        pin = Pin.DIGEST if "#sha256=" in text else Pin.FLOATING
        return Package("pypi", masked(text), None, pin)
    if text.startswith(_LOCAL) or text in {".", ".."} or text.endswith((".whl", ".tar.gz", ".py")):
        return Package("pypi", text, None, Pin.LOCAL)
    return None


def _uv_pin(version: str) -> Pin:
    if unresolved(version):
        return Pin.UNKNOWN
    return Pin.EXACT if _PYTHON_EXACT.fullmatch(version) else Pin.FLOATING


def _bare(rest: str) -> str:
    exact = rest.lstrip("=").strip()
    return exact if rest.startswith("==") else rest


def _requirement_pin(rest: str) -> Pin:
    if not rest:
        return Pin.FLOATING
    if unresolved(rest):
        return Pin.UNKNOWN
    if rest.startswith("==") and "," not in rest and "*" not in rest:
        return Pin.EXACT
    return Pin.RANGE


def image(reference: str) -> Package:
    """A container image, with its tag or digest."""
    base, at, digest = reference.partition("@")
    slash = base.rfind("/")
    colon = base.find(":", slash + 1)
    name, tag = (base[:colon], base[colon + 1 :]) if colon >= 0 else (base, "")
    if at and digest.startswith("sha256:"):
        return Package("oci", name, digest, Pin.DIGEST)
    return Package("oci", name, tag or None, _tag_pin(tag))


def _tag_pin(tag: str) -> Pin:
    if not tag:
        return Pin.FLOATING
    if unresolved(tag):
        return Pin.UNKNOWN
    if _EXACT.fullmatch(tag) or _COMMIT.fullmatch(tag.removeprefix("sha-")):
        return Pin.EXACT
    return Pin.RANGE if _PARTIAL.fullmatch(tag) else Pin.FLOATING
