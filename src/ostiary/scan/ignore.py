"""The ignore file: findings that somebody accepted, each with a reason and an end.

TOML, one table per acceptance::

    [[accept]]
    rule = "unpinned-package"          # or: finding = "9f2c51ab03de7788"
    server = "time"                    # optional, also: client, file
    reason = "vendored mirror pins it"
    until = 2027-01-31                 # optional; after that day the finding is back
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ostiary.model.finding import Finding
from ostiary.model.scan import Suppressed

FIELDS = {"rule", "finding", "server", "client", "file", "reason", "until"}


class UnreadableIgnoreFile(ValueError):
    """The ignore file does not say what it must. The message names the entry and the cure."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One accepted finding, or all findings of one rule at one place."""

    reason: str
    rule: str = ""
    finding: str = ""
    server: str = ""
    client: str = ""
    file: str = ""
    until: date | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether every field that is given fits ``finding``."""
        place = finding.location
        wanted = (
            (self.rule, finding.rule),
            (self.finding, finding.fingerprint),
            (self.server, place.server),
            (self.client, place.client),
            (self.file, place.file),
        )
        return all(not given or given == actual for given, actual in wanted)


def read_ignore(text: str, name: str) -> tuple[Acceptance, ...]:
    """The acceptances of an ignore file. Raises :class:`UnreadableIgnoreFile`."""
    import tomllib  # noqa: PLC0415 - few runs have an ignore file

    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableIgnoreFile(f"{name} is not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise UnreadableIgnoreFile(
            f"{name} holds a number or a nesting that is too large to be read"
        ) from None
    unknown = sorted(set(parsed) - {"accept"})
    entries = parsed.get("accept", [])
    if unknown or not isinstance(entries, list):
        raise UnreadableIgnoreFile(
            f"{name}: only [[accept]] tables are understood, found {', '.join(unknown) or 'accept'}"
        )
    return tuple(_acceptance(entry, f"{name}, entry {n}") for n, entry in enumerate(entries, 1))


def _acceptance(entry: object, where: str) -> Acceptance:
    if not isinstance(entry, dict):
        raise UnreadableIgnoreFile(f"{where}: expected a table")
    unknown = sorted(set(entry) - FIELDS)
    if unknown:
        raise UnreadableIgnoreFile(f"{where}: unknown field {unknown[0]!r}")
    until = entry.get("until")
    if until is not None and type(until) is not date:
        raise UnreadableIgnoreFile(f"{where}: `until` must be a date, for example 2027-01-31")
    texts = {key: value for key, value in entry.items() if key != "until"}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise UnreadableIgnoreFile(f"{where}: `{key}` must be a text")
    if "reason" not in texts:
        raise UnreadableIgnoreFile(f"{where}: say why in `reason`")
    if not texts.keys() & {"rule", "finding"}:
        raise UnreadableIgnoreFile(f"{where}: name a `rule` or a `finding`")
    return Acceptance(until=until, **texts)


def accept(
    findings: Iterable[Finding], acceptances: tuple[Acceptance, ...], today: date
) -> tuple[list[Finding], list[Suppressed]]:
    """Findings that stand, and those an acceptance covers today."""
    standing: list[Finding] = []
    suppressed: list[Suppressed] = []
    live = [one for one in acceptances if one.until is None or today <= one.until]
    for finding in findings:
        cover = next((one for one in live if one.covers(finding)), None)
        if cover is None:
            standing.append(finding)
        else:
            until = cover.until.isoformat() if cover.until else None
            suppressed.append(Suppressed(finding, cover.reason, until))
    return standing, suppressed


def draft(findings: Iterable[Finding], reason: str) -> str:
    """An ignore file that accepts ``findings``, for a first baseline."""
    blocks = [
        f"# {_one_line(finding.location.words())}: {_one_line(finding.title)}\n[[accept]]\n"
        f'finding = "{finding.fingerprint}"\nrule = "{finding.rule}"\n'
        f"reason = {_quoted(reason)}\n"
        for finding in findings
    ]
    return "\n".join(blocks)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _quoted(text: str) -> str:
    escaped = _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
