"""Every rule a scan can report, in the order of the rooms."""

from __future__ import annotations

from functools import cache

from ostiary.flow.checks import CHECKS as FLOW
from ostiary.inventory.checks import CHECKS as INVENTORY
from ostiary.model.rule import Rule
from ostiary.surface.checks import CHECKS as SURFACE


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    rules = [rule for check in (*INVENTORY, *SURFACE, *FLOW) for rule in check.rules]
    return tuple(sorted(rules, key=lambda rule: rule.id))
