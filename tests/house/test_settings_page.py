"""Every setting is documented, and nothing is documented that is no setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.repository import ROOT
from ostiary.gateway.settings import SECTIONS, read_settings
from ostiary.model.setting import BadSetting

TEXTS = {
    "gateway": "[gateway]\nnothing = 1\n",
    "gateway.limits": "[gateway.limits]\nnothing = 1\n",
    "identity": "[identity]\nnothing = 1\n",
    "identity.issuers": '[[identity.issuers]]\nissuer = "https://a.example"\nnothing = 1\n',
    "policy": "[policy]\nnothing = 1\n",
    "approvals": "[approvals]\nnothing = 1\n",
    "ledger": "[ledger]\nnothing = 1\n",
    "telemetry": "[telemetry]\nnothing = 1\n",
    "servers": "[servers.x]\nnothing = 1\n",
    "servers.login": "[servers.x.login]\nnothing = 1\n",
}
_LIST = re.compile(r"(?:known are|there are|knows) (.*)$")


def known(text: str) -> set[str]:
    """The settings that the refusal of an unknown one names."""
    with pytest.raises(BadSetting) as refused:
        read_settings(text, Path("/place"), Path("/state"))
    found = _LIST.search(str(refused.value))
    assert found, str(refused.value)
    return set(re.findall(r"[a-z_]+", found[1]))


@pytest.mark.parametrize("section", sorted(TEXTS))
def test_every_setting_is_documented(section: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in sorted(known(TEXTS[section])) if f"`{name}`" not in page]
    assert not missing, f"docs/settings.md says nothing of {section}: {missing}"


def test_every_section_is_asked_for() -> None:
    assert {name.partition(".")[0] for name in TEXTS} == set(SECTIONS)
