"""``ostiary.toml``: everything an operator can set, in one file, each section read by its room."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ostiary.catalogue.settings import ApprovalSettings
from ostiary.gateway.downstream.settings import GatewaySettings
from ostiary.gateway.server_settings import ServerSettings
from ostiary.gateway.telemetry_settings import TelemetrySettings
from ostiary.identity.settings import IdentitySettings
from ostiary.ledger.settings import LedgerSettings
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting
from ostiary.policy.settings import PolicySettings

SECTIONS = ("gateway", "identity", "policy", "approvals", "ledger", "telemetry", "servers")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Without a file, every section has its defaults."""

    gateway: GatewaySettings
    identity: IdentitySettings
    policy: PolicySettings
    approvals: ApprovalSettings
    ledger: LedgerSettings
    telemetry: TelemetrySettings
    servers: Mapping[str, ServerSettings] = field(default_factory=dict)
    folder: Path = Path()
    """The folder of the file; relative paths in it start here."""
    state: Path = Path()
    """Where Ostiary keeps its keys, tokens and record."""


def read_settings(text: str, folder: Path, state: Path) -> Settings:
    """The settings in ``text``, a file in ``folder``; ``state`` is Ostiary's own folder.
    Raises :class:`BadSetting`."""
    try:
        # Dates and times are the only values of TOML that JSON lacks; no setting takes one.
        document: JsonObject = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSetting("it is not TOML", str(error)) from None
    for name in document:
        if name not in SECTIONS:
            raise BadSetting(name, f"there is no such section; there are {', '.join(SECTIONS)}")
    servers = _table(document, "servers")
    return Settings(
        gateway=_beside(GatewaySettings.from_table(_table(document, "gateway")), folder),
        identity=IdentitySettings.from_table(_table(document, "identity")),
        policy=PolicySettings.from_table(_table(document, "policy")),
        approvals=ApprovalSettings.from_table(_table(document, "approvals"), folder, state),
        ledger=LedgerSettings.from_table(_table(document, "ledger"), state),
        telemetry=TelemetrySettings.from_table(_table(document, "telemetry")),
        servers={
            name: ServerSettings.from_table(name, _as_table(f"servers.{name}", value), folder)
            for name, value in servers.items()
        },
        folder=folder,
        state=state,
    )


def _beside(gateway: GatewaySettings, folder: Path) -> GatewaySettings:
    if not gateway.tls_certificate:
        return gateway
    return replace(
        gateway,
        tls_certificate=str(folder / gateway.tls_certificate),
        tls_key=str(folder / gateway.tls_key),
    )


def _table(document: JsonObject, name: str) -> JsonObject:
    return _as_table(name, document.get(name, {}))


def _as_table(name: str, value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise BadSetting(name, f"a table is needed, [{name}]")
    return value
