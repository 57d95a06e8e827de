"""Places that settings name."""

from __future__ import annotations

from pathlib import Path

from ostiary.model.setting import BadSetting, Table


def place(read: Table, name: str, base: Path) -> Path | None:
    """The file or folder that a setting names, relative to ``base``; ``None`` if it is not set.
    Raises :class:`BadSetting`."""
    if read.value(name) is None:
        return None
    text = read.text(name)
    if not text:
        raise read.bad(name, "must be a path")
    return home_resolved(base, text, read.bad(name, "names a home that is not known"))


def home_resolved(base: Path, text: str, unknown: BadSetting) -> Path:
    """``text`` relative to ``base``, with ``~`` for a home. Raises ``unknown`` where there is no
    such home."""
    try:
        return base / Path(text).expanduser()
    except RuntimeError:
        raise unknown from None
