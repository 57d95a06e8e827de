"""Text quoted for a shell by a function of the target's own."""

from __future__ import annotations

import pytest

from analyze.judged import python, script, told
from ostiary.analyze.rules.command_injection import CHECK

QUOTE = r"""
import { execSync } from "child_process";
function quote(text) { return "'" + text.replace(/'/g, "'\\''") + "'"; }
const other = (text) => `'${text.replaceAll("'", `'"'"'`)}'`;
const doubled = (text) => "'" + text.replace(/'/g, "''") + "'";
const once = (text) => "'" + text.replace("'", "'\\''") + "'";
const bare = (text) => text.replace(/'/g, "'\\''");
const quotes = (text) => '"' + text.replace(/'/g, "'\\''") + '"';
const again = (text) => quote(text).replace(/'/g, "");
"""


@pytest.mark.parametrize(
    "line",
    [
        "`ls ${quote(a.x)}`",
        "'ls ' + other(a.x) + ' /srv'",
        "['ls', a.x].map(quote).join(' ')",
        "`box run ${quote('ls ' + quote(a.x))}`",
        "`ls '${bare(a.x)}'`",
    ],
)
def test_what_is_closed_escaped_and_opened_is_quoted(line: str) -> None:
    assert not script(CHECK, f"execSync({line})", before=QUOTE)


@pytest.mark.parametrize(
    "line",
    [
        "`ls ${doubled(a.x)}`",
        "`ls ${once(a.x)}`",
        "`ls ${bare(a.x)}`",
        "`ls ${quotes(a.x)}`",
        "`ls ${again(a.x)}`",
        '`box run "${quote(a.x)}"`',
        "`ls ${quote(a.x)} ${a.x}`",
    ],
)
def test_other_quoting_is_none(line: str) -> None:
    found = script(CHECK, f"execSync({line})", before=QUOTE)
    assert told(found) == [("command-injection", "high")]


def test_quoting_by_hand_in_python() -> None:
    body = """def t(x: str): os.system("ls '" + x.replace("'", {}) + "'")"""
    assert not python(CHECK, body.format("\"'\\\\''\""))
    assert told(python(CHECK, body.format("\"''\""))) == [("command-injection", "high")]
