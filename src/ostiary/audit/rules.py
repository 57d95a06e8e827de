"""Every rule that an audit can report."""

from __future__ import annotations

from functools import cache

from ostiary.analyze.rules import CHECKS
from ostiary.analyze.rules.supply import SUPPLY_CHECKS
from ostiary.analyze.rules.surface import CHECKS as DECLARED
from ostiary.analyze.verdict.assess import RULES as VERDICT
from ostiary.model.rule import Rule
from ostiary.surface.checks import CHECKS as SURFACE


@cache
def audit_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    families = (
        [check.rules for check in CHECKS],
        [check.rules for check in SUPPLY_CHECKS],
        [check.rules for check in DECLARED],
        [check.rules for check in SURFACE],
        [VERDICT],
    )
    rules = {rule.id: rule for family in families for group in family for rule in group}
    return tuple(rules[name] for name in sorted(rules))
