"""Published servers and what they are known to do, for when no surface was read."""

from __future__ import annotations

from ostiary.flow.known import cloud, code, data, local, money, office, web
from ostiary.flow.known.record import Known, tools_of

__all__ = ["FAMILIES", "Known", "known", "tools_of"]

FAMILIES: tuple[tuple[Known, ...], ...] = (
    local.KNOWN,
    web.KNOWN,
    code.KNOWN,
    office.KNOWN,
    data.KNOWN,
    cloud.KNOWN,
    money.KNOWN,
)
"""Every family, one file each."""

_BY_NAME: dict[str, Known] = {
    name: record for family in FAMILIES for record in family for name in record.names
}


def known(name: str) -> Known | None:
    """The record of ``npm:NAME``, ``pypi:NAME``, ``oci:IMAGE`` or ``url:HOST``, if there is one."""
    return _BY_NAME.get(name)
