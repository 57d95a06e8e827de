"""Every rule there is: of scans and of audits."""

from __future__ import annotations

from ostiary.audit.rules import audit_rules
from ostiary.model.rule import Rule
from ostiary.scan.rules import all_rules


def every_rule() -> tuple[Rule, ...]:
    """By id."""
    rules = {rule.id: rule for rule in (*all_rules(), *audit_rules())}
    return tuple(rules[name] for name in sorted(rules))
