"""Reads the policy files that the settings name, and notices when they change."""

from __future__ import annotations

from pathlib import Path

from ostiary.gateway.ports import Judge
from ostiary.model.setting import BadSetting
from ostiary.policy.settings import PolicySettings, judge
from ostiary.policy.statements import Source

LARGEST = 1024 * 1024
"""Bytes of one policy file."""


def policy_judge(settings: PolicySettings, folder: Path) -> Judge:
    """The judge that the settings ask for; ``folder`` is where their paths start.

    Raises :class:`BadSetting` and :class:`~ostiary.policy.rules.BadPolicy`.
    """
    return judge(settings, policy_sources(settings, folder))


def policy_sources(settings: PolicySettings, folder: Path) -> list[Source]:
    """The texts of the files that the settings name. Raises :class:`BadSetting`."""
    return [
        Source(str(_name(path, folder)), policy_text(path)) for path in _files(settings, folder)
    ]


def policy_version(settings: PolicySettings, folder: Path) -> object:
    """Differs whenever a policy file was changed, added or removed."""
    versions = []
    for path in _matching(settings, folder):
        try:
            about = path.stat()
        except OSError:
            versions.append((str(path), 0, 0, 0))
            continue
        versions.append((str(path), about.st_mtime_ns, about.st_size, about.st_ino))
    return tuple(versions)


def _files(settings: PolicySettings, folder: Path) -> list[Path]:
    found = _matching(settings, folder)
    for pattern in settings.files:
        # A pattern without a match would be a policy that silently is not there.
        if not any(folder.glob(pattern)) and not Path(pattern).is_absolute():
            raise BadSetting("policy.files", f"no file matches {pattern!r} in {folder}")
    return found


def _matching(settings: PolicySettings, folder: Path) -> list[Path]:
    found: dict[Path, None] = {}
    for pattern in settings.files:
        path = Path(pattern)
        matches = [path] if path.is_absolute() else sorted(folder.glob(pattern))
        found.update(dict.fromkeys(matches))
    return list(found)


def _name(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def policy_text(path: Path) -> str:
    """The text of one policy file. Raises :class:`BadSetting`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise BadSetting("policy.files", f"{path} is larger than {LARGEST:,} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise BadSetting("policy.files", f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSetting("policy.files", f"{path} is not UTF-8 text") from None
