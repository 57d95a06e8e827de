"""Runs a command of Ostiary in this process: what a user types, without starting a program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ostiary.cli.main import main


@dataclass(frozen=True, slots=True)
class Told:
    """What one run answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def audit(self) -> Any:
        """The only audit in an answer in JSON."""
        (one,) = self.json["audits"]
        return one

    @property
    def flat(self) -> str:
        """The answer for people, as one line."""
        return " ".join(self.out.split())


def command(*arguments: str | Path, home: Path) -> Told:
    """Run with ``home`` as the home of the user."""
    place = {"HOME": str(home), "XDG_STATE_HOME": None, "XDG_CACHE_HOME": None}
    runner = CliRunner(env={**place, "XDG_CONFIG_HOME": None, "COLUMNS": "200"})
    done = runner.invoke(main, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Told(done.exit_code, done.stdout, done.stderr)


def audited(target: Path, home: Path, *options: str | Path) -> Any:
    """``ostiary audit TARGET --json``: the audit."""
    return command("audit", target, "--json", *options, home=home).audit


def write(path: Path, content: object) -> Path:
    """``content`` as text, or as JSON where it is not a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def found(audit: Any, rule: str) -> list[Any]:
    """The findings of one rule."""
    return [one for one in audit["findings"] if one["rule"] == rule]
