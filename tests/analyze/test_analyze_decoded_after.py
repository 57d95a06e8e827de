"""What is checked of text that hides another says nothing of the other."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

SCRIPTS = [
    "atob(a.x)",
    'Buffer.from(a.x, "base64").toString()',
    'Buffer.from(a.x, "hex").toString("utf8")',
    "decodeURIComponent(a.x)",
    "unescape(a.x)",
]
PYTHON = [
    "base64.b64decode(name).decode()",
    "bytes.fromhex(name).decode()",
    "urllib.parse.unquote(name)",
    "codecs.decode(name, 'rot13')",
]
_IMPORTS = "import base64, codecs, urllib.parse\n"
_RUN = "def run(name: str) -> str:\n    {}\n    {}\n    return os.popen('ls ' + own).read()"
_TEST = "if not re.fullmatch('[a-z]+', {}): return ''"


def _script(*lines: str) -> bool:
    return bool(script(CHECK, " ".join((*lines, 'execFileSync("sh", ["-c", "ls " + own]);'))))


@pytest.mark.parametrize("decoded", SCRIPTS)
def test_a_script_that_decodes_what_it_checked(decoded: str) -> None:
    none = "return { content: [] };"
    assert _script(f"if (!/^[a-z]+$/.test(a.x)) {none}", f"const own = {decoded};")
    assert not _script(f"const own = {decoded};", f"if (!/^[a-z]+$/.test(own)) {none}")


def test_numbers_of_letters() -> None:
    assert _script("const own = String.fromCharCode(...a.x.split(' ').map(Number));")


@pytest.mark.parametrize("decoded", PYTHON)
def test_python_that_decodes_what_it_checked(decoded: str) -> None:
    after = _RUN.format(_TEST.format("name"), f"own = {decoded}")
    before = _RUN.format(f"own = {decoded}", _TEST.format("own"))
    assert python(CHECK, after, _IMPORTS)
    assert not python(CHECK, before, _IMPORTS)


def test_parts_that_are_set_all_at_once() -> None:
    check = "if (own !== 'a') return { content: [] };"
    lines = "const made = { own: 'a' }; Object.assign(made, { own: a.x }); const own = made.own;"
    assert _script(lines)
    assert not _script(f"{lines} {check}")


def test_what_takes_the_place_of_a_part() -> None:
    schema = "x: z.string(), y: z.string()"
    ends = 'execFileSync("sh", ["-c", "ls " + own]); }'
    for made in ("own.padEnd(20, a.y)", "own.replace('a', () => a.y)"):
        checked = "let own = a.x; if (own === 'a') { own = "
        assert script(CHECK, f"{checked}{made}; {ends}", schema)
    for made in ("own.padEnd(20, 'x')", "own.replace('a', () => 'b')"):
        assert not script(CHECK, f"{checked}{made}; {ends}", schema)
