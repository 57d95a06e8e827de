"""Results become text. One format is one file and one line in ``FORMATS``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from ostiary.model.scan import ScanResult
    from ostiary.report.view import View


class Presenter(Protocol):
    """What a format's module offers."""

    def present(self, result: ScanResult, view: View) -> str:
        """The whole report as text."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a scan down. Its module is loaded when the format is first used."""

    name: str
    module: str
    suffix: str
    """Usual end of a file name; empty for what is only shown."""
    says: str


FORMATS: tuple[Format, ...] = (
    Format("terminal", "terminal", "", "text for a terminal, worst first"),
    Format("json", "json_report", ".json", 'JSON, schema "ostiary/scan/1"'),
    Format("sarif", "sarif", ".sarif", "SARIF 2.1.0 for code-scanning tools"),
    Format("html", "html", ".html", "one self-contained page with the access map as a picture"),
    Format("markdown", "markdown", ".md", "Markdown for issues and pull requests"),
)


def present(name: str, result: ScanResult, view: View | None = None) -> str:
    """``result`` in the format called ``name``. Raises ``KeyError`` for an unknown name."""
    from ostiary.report.view import View  # noqa: PLC0415 - naming the formats stays cheap

    modules = {one.name: one.module for one in FORMATS}
    module = cast(Presenter, import_module(f"{__name__}.{modules[name]}"))
    return module.present(result, view or View())
