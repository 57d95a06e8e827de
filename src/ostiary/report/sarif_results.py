"""Findings as results of SARIF 2.1.0, with their places, paths of evidence and suppressions."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.scan import Suppressed
from ostiary.model.visible import visible
from ostiary.report.file_uri import file_uri
from ostiary.report.json_text import Json
from ostiary.report.sarif_rules import level

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_RANK = {Severity.CRITICAL: 95, Severity.HIGH: 80, Severity.MEDIUM: 55, Severity.LOW: 30}


class Writer:
    """Turns findings into results; holds what all of them share."""

    def __init__(
        self,
        index: dict[str, int],
        anchored: Callable[[Location], Location] = lambda place: place,
        project: str | None = None,
    ) -> None:
        """``index`` is the place of each rule in the run; ``anchored`` gives a place a file if
        one is known; paths below ``project`` are written relative to it."""
        self._index = index
        self._anchored = anchored
        self.project = project

    def result(self, finding: Finding) -> dict[str, Json]:
        """A finding as a result, its evidence as one code flow."""
        found: dict[str, Json] = {"ruleId": finding.rule}
        if finding.rule in self._index:
            found["ruleIndex"] = self._index[finding.rule]
        found |= {
            "level": level(finding.severity),
            "rank": _RANK.get(finding.severity, 5),
            "message": {"text": _message(finding)},
            "locations": [self._location(finding.location)],
            "partialFingerprints": {"ostiary/v1": finding.fingerprint},
        }
        if finding.evidence:
            steps: list[Json] = [self.step(step) for step in finding.evidence]
            found["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        found["properties"] = {
            "severity": finding.severity.word,
            "confidence": finding.confidence.word,
            "persona": finding.persona.word,
            "category": finding.category,
            "consequence": visible(finding.consequence, 2000),
            "remedy": visible(finding.remedy, 2000),
            "references": finding.references,
        }
        return found

    def accepted(self, one: Suppressed) -> dict[str, Json]:
        """An accepted finding as a suppressed result."""
        until = f" (until {one.until})" if one.until else ""
        found = self.result(one.finding)
        found["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": _text(one.reason, 1000) + until,
            }
        ]
        return found

    def step(self, step: Evidence) -> dict[str, Json]:
        """One step of a path as a ``threadFlowLocation``."""
        says = _text(step.says, 1000)
        if step.excerpt:
            says += f": {_text(step.excerpt, 1000)}"
        place = self._location(step.location)
        place["message"] = {"text": says}
        return {"location": place}

    def _location(self, place: Location) -> dict[str, Json]:
        found: dict[str, Json] = {}
        anchored = self._anchored(place)
        if anchored.file:
            found["physicalLocation"] = self._physical(anchored)
        logical = _logical(place)
        if logical:
            found["logicalLocations"] = logical
        return found

    def _physical(self, place: Location) -> Json:
        physical: dict[str, Json] = {"artifactLocation": self._artifact(place.file or "")}
        if place.line is not None and place.line > 0:
            region: dict[str, Json] = {"startLine": place.line}
            if place.column is not None and place.column > 0:
                region["startColumn"] = place.column
            physical["region"] = region
        return physical

    def _artifact(self, file: str) -> Json:
        if self.project is not None and file.startswith((f"{self.project}/", f"{self.project}\\")):
            inside = file[len(self.project) + 1 :]
            return {"uri": file_uri(inside), "uriBaseId": "%SRCROOT%"}
        return {"uri": file_uri(file)}


def _text(text: str, limit: int) -> str:
    """``text`` made visible, and free of what SARIF 2.1.0 section 3.11.6 reads as a link."""
    return visible(text, limit).replace("](", "] (")


def _message(finding: Finding) -> str:
    said = _text(finding.message, 2000)
    why = _text(finding.consequence, 2000)
    return f"{said}\n\n{why}" if why else said


def _logical(place: Location) -> list[Json]:
    found: list[Json] = []
    outer = visible(place.client, 200) if place.client else ""
    if place.client:
        found.append({"name": outer, "fullyQualifiedName": outer, "kind": "client"})
    if place.server:
        name = visible(place.server, 200)
        outer = f"{outer}/{name}" if outer else name
        found.append({"name": name, "fullyQualifiedName": outer, "kind": "server"})
    if place.part:
        name = visible(place.part, 300)
        full = f"{outer}/{name}" if outer else name
        found.append({"name": name, "fullyQualifiedName": full, "kind": "part"})
    if place.pointer:
        pointer = visible(place.pointer, 500)
        found.append({"name": pointer, "fullyQualifiedName": pointer, "kind": "pointer"})
    return found


def notification(one: NotChecked) -> Json:
    """Something that was not looked at, as a notification of the run."""
    text = f"Not checked: {_text(one.subject, 300)}: {_text(one.reason, 1000)}"
    if one.remedy:
        text += f" To check it: {_text(one.remedy, 500)}"
    found: dict[str, Json] = {
        "descriptor": {"id": "not-checked"},
        "level": "error",
        "message": {"text": text},
    }
    if one.file:
        found["locations"] = [
            {"physicalLocation": {"artifactLocation": {"uri": file_uri(one.file)}}}
        ]
    return found
