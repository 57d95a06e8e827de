"""The same input gives the same bytes, whoever looks."""

from __future__ import annotations

from pathlib import Path

from attacks.attack import attack, configured, environment


def test_hash_seed_locale_and_terminal_change_nothing(tmp_path: Path) -> None:
    servers: dict[str, object] = {
        f"s{n}": {"command": "npx", "args": [f"package-{n}"], "env": {"API_KEY": f"k{n}" * 9}}
        for n in range(20)
    }
    configured(tmp_path, servers)
    for form in ([], ["--json"], ["--sarif"], ["--markdown"]):
        answers = {
            attack(
                "scan", "--no-connect", "--no-memory", "--pedantic", *form, home=tmp_path,
                env=environment(tmp_path, PYTHONHASHSEED=seed, LC_ALL=place, TZ=zone),
            ).out
            for seed, place, zone in (("1", "C.UTF-8", "UTC"), ("77", "C", "Asia/Tokyo"))
        }  # fmt: skip
        assert len(answers) == 1, form
