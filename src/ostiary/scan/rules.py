"""Every rule a scan can report, in the order of the rooms."""

from __future__ import annotations

from functools import cache

from ostiary.flow.checks import CHECKS as FLOW
from ostiary.inventory.checks import CHECKS as INVENTORY
from ostiary.model.rule import Rule
from ostiary.surface.checks import CHECKS as SURFACE
from ostiary.surface.drift.findings import RULES as DRIFT


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    families = (
        [check.rules for check in INVENTORY],
        [check.rules for check in SURFACE],
        [check.rules for check in FLOW],
        [DRIFT],
    )
    rules = {rule.id: rule for family in families for group in family for rule in group}
    return tuple(rules[name] for name in sorted(rules))
