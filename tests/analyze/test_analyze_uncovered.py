"""Names that a reader should not see are read all the same: decoded, turned round, put together."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.uncovered import LONGEST, literal, uncovered
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Value
from ostiary.analyze.rules import command_injection

PYTHON = {
    "turned round": "getattr(os, 'metsys'[::-1])('ls ' + x)",
    "a module turned round": "__import__('so'[::-1]).system('ls ' + x)",
    "hex digits": "getattr(os, bytes.fromhex('73797374656d').decode())('ls ' + x)",
    "base64": "getattr(os, base64.b64decode('c3lzdGVt').decode())('ls ' + x)",
    "joined": "getattr(os, ''.join(['sys'] + ['tem']))('ls ' + x)",
    "split": "getattr(os, 'name,system'.split(',')[1])('ls ' + x)",
}
SCRIPT = {
    "turned round": "m['cexe'.split('').reverse().join('')]('ls ' + a.x)",
    "base64": "m[atob('ZXhlYw==')]('ls ' + a.x)",
    "a buffer": "m[Buffer.from('65786563', 'hex').toString()]('ls ' + a.x)",
    "character codes": "m[String.fromCharCode(101, 120, 101, 99)]('ls ' + a.x)",
    "taken apart by a computed key": "const { ['ex' + ('e' + 'c')]: go } = m; go('ls ' + a.x)",
    "concatenated": "m[['ex'].concat(['ec']).join('')]('ls ' + a.x)",
}
OTHERS = {
    "another name": "getattr(os.path, 'emanesab'[::-1])(x)",
    "turned round itself": "subprocess.run(['ls', '--', x[::-1]])",
    "decoded for its own sake": "return base64.b64decode('c3lzdGVt').decode() + x",
}


@pytest.mark.parametrize("does", PYTHON.values(), ids=PYTHON)
def test_a_hidden_name_is_read(does: str) -> None:
    found = python(command_injection.CHECK, f"def t(x: str): {does}", "import base64")
    assert [one.rule for one in found] == ["command-injection"]


@pytest.mark.parametrize("does", OTHERS.values(), ids=OTHERS)
def test_a_harmless_hidden_name_is_no_finding(does: str) -> None:
    assert python(command_injection.CHECK, f"def t(x: str): {does}", "import base64") == []


@pytest.mark.parametrize("does", SCRIPT.values(), ids=SCRIPT)
def test_a_hidden_name_of_a_script_is_read(does: str) -> None:
    found = script(command_injection.CHECK, f'const m = require("child_process"); {does}')
    assert [one.rule for one in found] == ["command-injection"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("base64.b64decode", "/w=="),
        ("base64.b64decode", "a"),
        ("bytes.fromhex", "xyz"),
        ("bytes.fromhex", "ff"),
        ("base64.b64decode", "YWFh" * LONGEST),
        ("base64.b64encode", "YWFh"),
    ],
)
def test_what_is_no_text_stays_unknown(name: str, given: str) -> None:
    assert uncovered(name, Operands(Arguments((literal(given),)), NOTHING)) is None


@pytest.mark.parametrize("code", [-1, 0x110000, 0xD800, 10**400])
def test_what_is_no_character_stays_unknown(code: int) -> None:
    given = Value(scalar=code, literal=True)
    assert uncovered("chr", Operands(Arguments((given,)), NOTHING)) is None
