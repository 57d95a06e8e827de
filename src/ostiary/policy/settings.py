"""The section ``[policy]`` of ``ostiary.toml``, and the judge that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject
from ostiary.model.setting import Table
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.presets import NONE, PRESETS, preset
from ostiary.policy.program import Program, compile_policy
from ostiary.policy.statements import Source


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """What the settings file says about policy."""

    preset: str = "team"
    """``open``, ``read-only``, ``team``, ``regulated``, or ``none``."""
    files: tuple[str, ...] = ()
    """Files with policies of one's own, as patterns, relative to the settings file."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Members by group: groups of the identity provider, and ids of principals."""
    servers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Groups by server."""

    @classmethod
    def from_table(cls, table: JsonObject) -> PolicySettings:
        """The settings that a table says. Raises :class:`~ostiary.model.setting.BadSetting`."""
        read = Table(table, "policy")
        settings = cls(
            preset=_preset(read),
            files=read.texts("files"),
            groups=_lists(read, "groups"),
            servers=_lists(read, "servers"),
        )
        read.nothing_else()
        return settings


def compiled(settings: PolicySettings, files: Iterable[Source]) -> Program:
    """The preset and the files as one policy. Raises :class:`~ostiary.policy.rules.BadPolicy`."""
    sources = list(files)
    if settings.preset != NONE:
        sources.insert(0, preset(settings.preset).source)
    return compile_policy(sources, settings.groups, settings.servers)


def judge(settings: PolicySettings, files: Iterable[Source]) -> PolicyJudge:
    """The judge that the settings ask for. ``files`` are the texts of what
    :attr:`PolicySettings.files` names, in order. Raises
    :class:`~ostiary.policy.rules.BadPolicy`."""
    return PolicyJudge(compiled(settings, files))


def _preset(read: Table) -> str:
    name, names = read.text("preset", "team"), [*(one.name for one in PRESETS), NONE]
    if name not in names:
        raise read.bad("preset", f"must be one of {', '.join(names)}")
    return name


def _lists(read: Table, name: str) -> dict[str, tuple[str, ...]]:
    table = read.table(name)
    inner = Table(table, f"policy.{name}")
    return {key: inner.texts(key) for key in table}
