"""Audits as one self-contained page: no script, no request, everything escaped."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from ostiary import __version__
from ostiary.analyze.verdict.roles import Role, roles
from ostiary.analyze.verdict.weigh import circumstances
from ostiary.model.audit import AuditResult, VerdictKind
from ostiary.model.scan import Suppressed
from ostiary.model.standards import TITLES
from ostiary.report.audit.advised import lead, title
from ostiary.report.audit.html_template import AUDIT, PAGE
from ostiary.report.audit.sheet import Sheet, headline, looked_at, sentence, warning
from ostiary.report.audit.terms import approve_line, limit_lines
from ostiary.report.headline import tally
from ostiary.report.html import policy, shown
from ostiary.report.html_style import STYLE
from ostiary.report.html_template import PARTS

_COLOURS = {
    VerdictKind.USE: "state-complete",
    VerdictKind.USE_WITH_LIMITS: "state-incomplete",
    VerdictKind.NOT_ENOUGH: "state-incomplete",
    VerdictKind.DO_NOT_USE: "bad",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """One target as the template wants it."""

    result: AuditResult
    accepted: tuple[Suppressed, ...]
    sentence: str
    colour: str
    looked_at: str
    warning: str
    """What installing and starting it means."""
    circumstances: str
    limits: tuple[tuple[str, str], ...]
    approve: str
    roles: tuple[Role, ...]
    advice_title: str
    advice_lead: str


def present(sheet: Sheet) -> str:
    """The whole page."""
    environment = Environment(
        autoescape=True,
        loader=DictLoader({"page": PAGE, "parts": PARTS, "audit": AUDIT}),
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages = [_page(one, sheet) for one in sheet.results]
    heading = headline(sheet)
    if len(pages) == 1:
        heading = f"{pages[0].result.target.label}: {heading}"
    return environment.get_template("page").render(
        policy=policy(),
        style=Markup(STYLE),  # noqa: S704 - our own literal
        title=heading,
        headline=headline(sheet),
        completeness=sheet.completeness.value,
        generated=sheet.view.generated,
        version=__version__,
        counts=tally(finding for one in sheet.results for finding in one.findings),
        pages=pages,
        comparison=sheet.comparison,
        history=sheet.history,
        titles=TITLES,
    )


def _page(result: AuditResult, sheet: Sheet) -> _Page:
    kind = result.verdict.kind
    where = circumstances(result.context)
    return _Page(
        result=result,
        accepted=sheet.accepted(result),
        sentence=sentence(kind),
        colour=_COLOURS[kind],
        looked_at=looked_at(result),
        warning=warning(result),
        circumstances=f"{where[0].upper()}{where[1:]}",
        limits=limit_lines(result.verdict),
        approve=approve_line(result),
        roles=roles(result.tools),
        advice_title=title(result.advice) if result.advice else "",
        advice_lead=lead(result.advice) if result.advice else "",
    )
