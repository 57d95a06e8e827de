"""``ostiary explain``: what a rule means, or why one finding is there."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import Any

import click

from ostiary.app import scan
from ostiary.audit.cache import Cache
from ostiary.audit.conclude import conclude
from ostiary.cli.answer import put
from ostiary.cli.exit_codes import FINE
from ostiary.cli.options import JSON, WHERE, folders, request, with_options
from ostiary.cli.progress import Progress
from ostiary.model.audit import Context
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona
from ostiary.model.rule import Rule
from ostiary.report.explain import finding_text, rule_text
from ostiary.scan.every_rule import every_rule


class NothingToExplain(click.UsageError):
    """Neither a rule nor a finding has this name."""


@click.command("explain")
@click.argument("name", metavar="[RULE|FINDING]", required=False)
@with_options(WHERE)
@JSON
def command(name: str | None, as_json: bool, **options: Any) -> None:
    """Explain a rule by its id, or a finding by its fingerprint. Without a name, list the rules.

    A fingerprint is looked for in the audits that were kept, and then by scanning again with the
    same options, starting nothing.
    """
    rules = {rule.id: rule for rule in every_rule()}
    width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 110))
    if name is None:
        put(_listing(tuple(rules.values()), as_json), None)
    elif name in rules:
        put(_rule(rules[name], as_json, width), None)
    else:
        put(_finding(name, rules, as_json, width, options), None)
    raise SystemExit(FINE)


def _listing(rules: tuple[Rule, ...], as_json: bool) -> str:
    if as_json:
        return json.dumps({"rules": [_plain(rule) for rule in rules]}, indent=2)
    longest = max(len(rule.id) for rule in rules)
    return "\n".join(f"{rule.id:<{longest}}  {rule.severity!s:<8}  {rule.title}" for rule in rules)


def _plain(noun: Rule | Finding) -> dict[str, object]:
    """A noun as JSON: grades as words, and a finding with its fingerprint."""
    fields = asdict(noun)
    for grade in ("severity", "confidence", "persona"):
        fields[grade] = str(fields[grade])
    if isinstance(noun, Finding):
        fields["fingerprint"] = noun.fingerprint
    return fields


def _rule(rule: Rule, as_json: bool, width: int) -> str:
    if as_json:
        return json.dumps(_plain(rule), indent=2)
    return rule_text(rule, width)


def _finding(
    name: str, rules: dict[str, Rule], as_json: bool, width: int, options: dict[str, Any]
) -> str:
    hits = _audited(name) or _scanned(name, options)
    if not hits:
        raise NothingToExplain(
            f"{name!r} is neither a rule nor a finding of an audit or of this scan; list the rules "
            "with `ostiary explain`, or give the options of the scan that showed the finding"
        )
    if as_json:
        return json.dumps([_plain(one) for one in hits], indent=2)
    return "\n\n".join(finding_text(one, rules.get(one.rule), width) for one in hits)


SHORTEST = 6
"""Digits of a fingerprint that name a finding."""


def _audited(name: str) -> list[Finding]:
    """Findings of the newest audit that was kept and has such a fingerprint."""
    if len(name) < SHORTEST:
        return []
    for reading in Cache(folders().state / "audits").readings():
        found = conclude(reading, Context()).result.findings
        hits = [one for one in found if one.fingerprint.startswith(name)]
        if hits:
            return hits
    return []


def _scanned(name: str, options: dict[str, Any]) -> list[Finding]:
    progress = Progress()
    result = scan(request(persona=Persona.PEDANTIC, **options), progress, None)
    progress.done()
    long = len(name) >= SHORTEST
    return [one for one in result.findings if long and one.fingerprint.startswith(name)]
