"""Tokens of code hosts."""

from __future__ import annotations

import zlib

from ostiary.detect.secret_formats.form import Judged, SecretFormat
from ostiary.model.grade import Confidence

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def checksum_holds(token: str) -> bool:
    """Whether the last six digits are the base-62 CRC-32 of the rest after the underscore."""
    body = token.rpartition("_")[2]
    number = zlib.crc32(body[:-6].encode("ascii", "replace"))
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits == body[-6:]


def _classic(token: str) -> Judged:
    return Judged(
        Confidence.HIGH if checksum_holds(token) else Confidence.MEDIUM,
        "a classic token: each of its scopes covers every repository and organisation that "
        "its owner can reach, and it may never expire",
        coarse=True,
    )


def _checked(token: str) -> Judged:
    sure = Confidence.HIGH if checksum_holds(token) else Confidence.MEDIUM
    return Judged(sure, "what its application was granted")


_GITLAB = "the whole account within its scopes; group and project tokens are narrower"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "GitHub fine-grained token",
        r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
        ("github_pat_",),
        breadth="only the repositories and permissions chosen for it; expires",
    ),
    SecretFormat("GitHub classic token", r"\bghp_[A-Za-z0-9]{36}\b", ("ghp_",), judge=_classic),
    SecretFormat("GitHub OAuth token", r"\bgho_[A-Za-z0-9]{36}\b", ("gho_",), judge=_checked),
    SecretFormat(
        "GitHub app token", r"\bgh[us]_[A-Za-z0-9]{36}\b", ("ghu_", "ghs_"), judge=_checked
    ),
    SecretFormat("GitHub refresh token", r"\bghr_[A-Za-z0-9]{36,76}\b", ("ghr_",)),
    SecretFormat(
        "GitHub classic token",
        r"(?i)github[a-z_]{0,20}token['\"]?\s{0,3}[=:]\s{0,3}['\"]?(?P<secret>[0-9a-f]{40})\b",
        ("github",),
        Confidence.MEDIUM,
        "a classic token: each of its scopes covers every repository its owner can reach",
        coarse=True,
    ),
    SecretFormat(
        "GitLab access token",
        r"\bglpat-[A-Za-z0-9_-]{20,60}(?:\.[0-9a-z.]{2,20})?",
        ("glpat-",),
        breadth=_GITLAB,
    ),
    SecretFormat("GitLab deploy token", r"\bgldt-[A-Za-z0-9_-]{20,50}", ("gldt-",)),
    SecretFormat("GitLab runner token", r"\bglrt-[A-Za-z0-9_.-]{20,60}", ("glrt-",)),
    SecretFormat("GitLab trigger token", r"\bglptt-[0-9a-f]{40}\b", ("glptt-",)),
    SecretFormat("GitLab feed token", r"\bglft-[A-Za-z0-9_-]{20,50}", ("glft-",)),
    SecretFormat("Bitbucket app password", r"\bATBB[A-Za-z0-9]{32}\b", ("atbb",)),
    SecretFormat("Bitbucket access token", r"\bATCTT3[A-Za-z0-9_=-]{60,}", ("atctt3",)),
    SecretFormat(
        "Atlassian API token",
        r"\bATATT3[A-Za-z0-9_=-]{60,}",
        ("atatt3",),
        breadth="everything its owner can do in every Atlassian product, unless made with scopes",
        coarse=True,
    ),
    SecretFormat("Sourcegraph token", r"\bsgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}\b", ("sgp_",)),
    SecretFormat("Buildkite token", r"\bbkua_[0-9a-z]{40}\b", ("bkua_",)),
    SecretFormat("CircleCI token", r"\bCCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}\b", ("ccipat_",)),
    SecretFormat("SonarQube token", r"\bsq[upa]_[0-9a-f]{40}\b", ("squ_", "sqp_", "sqa_")),
)
