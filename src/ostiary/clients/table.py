"""The table of clients: one record a file, each checked when it is loaded."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ostiary.clients.record import ClientRecord
from ostiary.clients.record_form import BadRecord, read_record

CLIENTS = (
    "5ire",
    "aider-desk",
    "amazon-q",
    "amp",
    "antigravity",
    "augment",
    "bedrock-client",
    "boltai",
    "claude-code",
    "claude-desktop",
    "cline",
    "codex",
    "continue",
    "copilot-cli",
    "copilot-jetbrains",
    "crush",
    "cursor",
    "deep-agents",
    "devin",
    "enconvo",
    "factory-droid",
    "firebase-studio",
    "gemini-cli",
    "goose",
    "grok-build",
    "hermes",
    "jetbrains-ai",
    "junie",
    "kilo",
    "kimi",
    "kiro",
    "librechat",
    "lm-studio",
    "mcphub",
    "mcporter",
    "muse-code",
    "nanobot",
    "openclaw",
    "opencode",
    "qoder",
    "qwen-code",
    "roo-code",
    "rovo-dev",
    "sema4",
    "tome",
    "trae",
    "vibe",
    "visual-studio",
    "vscode",
    "warp",
    "windsurf",
    "witsy",
    "zed",
)

__all__ = ["CLIENTS", "BadRecord", "load_table"]

_FOLDER = Path(__file__).parent / "table"
_LARGEST = 1024 * 1024


def load_table(extra: tuple[Path, ...] = ()) -> tuple[ClientRecord, ...]:
    """All client records, by id. A record of ``extra`` replaces ours of the same id.

    Raises :class:`BadRecord` with the file, the place in it and what is expected there.
    """
    found = {record.id: record for record in _packaged()}
    for path in extra:
        record = _load(path, str(path))
        found[record.id] = record
    return tuple(found[name] for name in sorted(found))


@cache
def _packaged() -> tuple[ClientRecord, ...]:
    return tuple(_load(_FOLDER / f"{name}.toml", "") for name in CLIENTS)


def _load(path: Path, origin: str) -> ClientRecord:
    try:
        if path.stat().st_size > _LARGEST or not path.is_file():
            raise BadRecord(str(path), "", "it must be a regular file of at most 1 MiB")
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRecord(str(path), "", f"it cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BadRecord(str(path), "", f"it is not valid TOML: {error}") from None
    return read_record(parsed, str(path), origin)
