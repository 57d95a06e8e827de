"""The section ``[policy]`` of ``ostiary.toml``, and the judge that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.presets import NONE, PRESETS, preset
from ostiary.policy.program import Program, compile_policy
from ostiary.policy.statements import Source

_KNOWN = ("preset", "files", "groups", "servers")


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
        """The settings that a table says. Raises :class:`BadSetting`."""
        for name in table:
            if name not in _KNOWN:
                raise BadSetting(f"policy.{name}", f"not known; known are {', '.join(_KNOWN)}")
        return cls(
            preset=_preset(table.get("preset", "team")),
            files=_texts("policy.files", table.get("files", [])),
            groups=_lists("policy.groups", table.get("groups", {})),
            servers=_lists("policy.servers", table.get("servers", {})),
        )


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


def _preset(value: JsonValue) -> str:
    names = [one.name for one in PRESETS] + [NONE]
    if not isinstance(value, str) or value not in names:
        raise BadSetting("policy.preset", f"must be one of {', '.join(names)}")
    return value


def _texts(name: str, value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise BadSetting(name, "must be a list of texts")
    return tuple(one for one in value if isinstance(one, str))


def _lists(name: str, value: JsonValue) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise BadSetting(name, "must be a table of lists of texts")
    return {key: _texts(f"{name}.{key}", of) for key, of in value.items()}
