"""The scan as one self-contained page: no script, no request, everything escaped."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from ostiary import __version__
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.model.scan import ScanResult
from ostiary.model.standards import TITLES
from ostiary.model.visible import visible
from ostiary.report.access_map import ClientRow, rows
from ostiary.report.headline import headline
from ostiary.report.html_style import STYLE
from ostiary.report.html_template import PAGE, PARTS
from ostiary.report.picture import picture
from ostiary.report.places import Group, groups
from ostiary.report.view import View

_LONGEST = 4000
_OPEN = 3
_PERSONAS = {Persona.STRICT: "for a security reviewer", Persona.PEDANTIC: "hygiene"}


def present(result: ScanResult, view: View) -> str:
    """See :func:`render`."""
    return render(result, view.generated)


def render(result: ScanResult, generated: str = "") -> str:
    """The whole page. ``generated`` (ISO 8601) is shown if given."""
    mapped = rows(result)
    environment = Environment(
        autoescape=True,
        loader=DictLoader({"page": PAGE, "parts": PARTS}),
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found = groups(result.findings)
    return environment.get_template("page").render(
        policy=policy(),
        style=Markup(STYLE),  # noqa: S704 - our own literal
        completeness=result.completeness.value,
        head=headline(result),
        generated=generated,
        version=__version__,
        result=result,
        sections=_sections(result, mapped),
        findings=_by_severity(found),
        open_ids=_opened(found),
        titles=TITLES,
        changes=sorted(result.changes, key=lambda one: -one.severity),
        rows=mapped,
        real=[row for row in mapped if row.application],
        flows=[flow for row in mapped for flow in row.flows],
        drawn=picture(mapped),
    )


def shown(value: object) -> object:
    """What Jinja prints for ``value``: text with nothing hidden in it, escaped afterwards."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, _LONGEST)
    return value


def _opened(found: tuple[Group, ...]) -> frozenset[str]:
    """Fingerprints of the findings that are told in full when the page opens."""
    grave = [group.first for group in found if group.first.severity >= Severity.HIGH]
    return frozenset(one.fingerprint for one in grave[:_OPEN])


def policy() -> str:
    """The page's Content-Security-Policy: this style sheet, inline images, nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _by_severity(found: tuple[Group, ...]) -> list[tuple[str, list[Group]]]:
    """Groups under headings: persona first, then severity, worst first."""
    under: dict[tuple[int, int], list[Group]] = {}
    for group in found:
        first: Finding = group.first
        under.setdefault((int(first.persona), -int(first.severity)), []).append(group)
    return [(_heading(*key, under[key]), under[key]) for key in sorted(under)]


def _heading(persona: int, severity: int, found: list[Group]) -> str:
    words = Severity(-severity).word.capitalize()
    extra = _PERSONAS.get(Persona(persona))
    total = sum(group.size for group in found)
    return f"{words}, {extra} ({total:,})" if extra else f"{words} ({total:,})"


def _sections(result: ScanResult, mapped: tuple[ClientRow, ...]) -> list[tuple[str, str]]:
    every = (
        ("findings", "Findings", True),
        ("gaps", "Not checked", bool(result.not_checked)),
        ("changes", "What changed", bool(result.changes)),
        ("access", "Access map", True),
        ("credentials", "Credentials", bool(result.credentials)),
        ("policies", "Policies and approvals", any(row.application for row in mapped)),
        ("accepted", "Accepted", bool(result.suppressed)),
    )
    return [(target, words) for target, words, there in every if there]
