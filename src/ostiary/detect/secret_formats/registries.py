"""Tokens of package and image registries."""

from __future__ import annotations

from ostiary.detect.secret_formats.code_hosts import checksum_holds
from ostiary.detect.secret_formats.form import Judged, SecretFormat
from ostiary.model.grade import Confidence


def _npm(token: str) -> Judged:
    sure = Confidence.HIGH if checksum_holds(token) else Confidence.MEDIUM
    return Judged(sure, "may publish packages of its owner; what it opens is not visible in it")


FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat("npm token", r"\bnpm_[A-Za-z0-9]{36}\b", ("npm_",), judge=_npm),
    SecretFormat(
        "PyPI token",
        r"\bpypi-AgE[A-Za-z0-9_-]{60,}",
        ("pypi-age",),
        breadth="uploads to every project of its owner, unless made for one",
    ),
    SecretFormat("RubyGems key", r"\brubygems_[0-9a-f]{48}\b", ("rubygems_",)),
    SecretFormat("crates.io token", r"\bcio[A-Za-z0-9]{32}\b", ("cio",), Confidence.MEDIUM),
    SecretFormat(
        "Docker Hub token",
        r"\bdckr_[op]at_[A-Za-z0-9_-]{27,40}",
        ("dckr_",),
        breadth="the repositories of its owner",
    ),
    SecretFormat("NuGet key", r"\boy2[a-z0-9]{43}\b", ("oy2",)),
    SecretFormat("Artifactory token", r"\bAKCp[A-Za-z0-9]{69,73}\b", ("akcp",)),
    SecretFormat("Clojars token", r"(?i)\bCLOJARS_[a-z0-9]{60}\b", ("clojars_",)),
)
