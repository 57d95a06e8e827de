"""URI templates of resources."""

from __future__ import annotations

import re

_VARIABLE = re.compile(r"\{[+#./;?&]?([^{}]{1,200})\}")


def variables(template: str) -> tuple[str, ...]:
    """Names of the variables in a URI template (RFC 6570), each once."""
    found: dict[str, None] = {}
    for group in _VARIABLE.findall(template):
        for one in group.split(","):
            found[one.strip().partition(":")[0].rstrip("*")] = None
    return tuple(found)
