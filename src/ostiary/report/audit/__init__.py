"""Results of audits become text. One format is one file and one line in ``AUDIT_FORMATS``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ostiary.report import Format

if TYPE_CHECKING:
    from ostiary.report.audit.sheet import Sheet


class Presenter(Protocol):
    """What a format's module offers."""

    def present(self, sheet: Sheet) -> str:
        """The whole report as text."""


AUDIT_FORMATS: tuple[Format, ...] = (
    Format("terminal", "terminal", "", "text for a terminal, the verdict first"),
    Format("json", "as_json", ".json", 'JSON, schema "ostiary/audit/1"'),
    Format("sarif", "sarif", ".sarif", "SARIF 2.1.0 with code flows, for code-scanning tools"),
    Format("html", "html", ".html", "one self-contained page"),
    Format("markdown", "markdown", ".md", "Markdown for issues and pull requests"),
    Format("osv", "osv", ".json", "OSV records of grave findings, as drafts for an advisory"),
    Format("receipt", "receipt", ".json", "scan receipts bound to digests, for registries"),
)
"""The folder for the CSA audit database is many files: :mod:`ostiary.report.audit.audit_db`."""


def present(name: str, sheet: Sheet) -> str:
    """``sheet`` in the format called ``name``. Raises ``KeyError`` for an unknown name."""
    return load(name).present(sheet)


def load(name: str) -> Presenter:
    """The module of a format. Raises ``KeyError`` for an unknown name."""
    modules = {one.name: one.module for one in AUDIT_FORMATS}
    return cast(Presenter, import_module(f"{__name__}.{modules[name]}"))
