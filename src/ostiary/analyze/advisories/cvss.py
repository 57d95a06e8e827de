"""The severity that a CVSS 3 base vector comes to (FIRST, CVSS v3.1 specification, section 7.1)."""

from __future__ import annotations

from math import ceil

from ostiary.model.grade import Severity

_VECTOR = {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2}
_COMPLEXITY = {"L": 0.77, "H": 0.44}
_PRIVILEGES = {"N": 0.85, "L": 0.62, "H": 0.27}
_PRIVILEGES_CHANGED = {"N": 0.85, "L": 0.68, "H": 0.5}
_INTERACTION = {"N": 0.85, "R": 0.62}
_IMPACT = {"H": 0.56, "L": 0.22, "N": 0.0}


def severity_of(vector: str) -> Severity | None:
    """The step of the scale; ``None`` for a vector that is no CVSS 3 one."""
    score = base_score(vector)
    if score is None:
        return None
    steps = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
    return next((step for least, step in steps if score >= least), Severity.LOW)


def base_score(vector: str) -> float | None:
    """The base score from 0 to 10; ``None`` if the vector is not CVSS 3 or not whole."""
    if not vector.startswith(("CVSS:3.0/", "CVSS:3.1/")) or len(vector) > 300:
        return None
    parts = dict(part.partition(":")[::2] for part in vector.split("/")[1:])
    changed = parts.get("S") == "C"
    try:
        privileges = (_PRIVILEGES_CHANGED if changed else _PRIVILEGES)[parts["PR"]]
        reach = _VECTOR[parts["AV"]] * _COMPLEXITY[parts["AC"]]
        exploitability = 8.22 * reach * privileges * _INTERACTION[parts["UI"]]
        kept = 1.0
        for key in ("C", "I", "A"):
            kept *= 1 - _IMPACT[parts[key]]
    except KeyError:
        return None
    sub = 1 - kept
    impact = 7.52 * (sub - 0.029) - 3.25 * (sub - 0.02) ** 15 if changed else 6.42 * sub
    if impact <= 0:
        return 0.0
    return _rounded_up(min((1.08 if changed else 1.0) * (impact + exploitability), 10.0))


def _rounded_up(score: float) -> float:
    """To one decimal, upwards, without the noise of binary fractions (appendix A)."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else ceil(whole / 10_000) / 10
