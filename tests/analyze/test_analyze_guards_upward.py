"""Paths that must not lead up: the ways to say so that hold, and those that say too little."""

from __future__ import annotations

import pytest

from analyze.judged import python, script, told
from ostiary.analyze.rules import path_escape

CHECK = path_escape.CHECK
NO = 'throw new Error("no")'
PUT = 'fs.writeFileSync(path.join("/base", n), "x")'
SAFE = (
    "const root = path.resolve('/base'), f = path.resolve(root, a.x); "
    "const rel = path.relative(root, f); "
)


@pytest.mark.proves("MS-21")
@pytest.mark.parametrize(
    "body",
    [
        f'const n = path.normalize(a.x); if (path.isAbsolute(n) || n.startsWith("..")) {NO}; {PUT}',
        f'const n = path.join(a.x); if (n === ".." || n.startsWith(".." + path.sep)) {NO}; {PUT}',
        f'const n = path.normalize(a.x); if (n === ".." || n.startsWith("../")) {NO}; {PUT}',
        f'const n = path.normalize(a.x).replace(/^(\\.\\.(\\/|\\\\|$))+/, ""); {PUT}',
        f'const n = a.x; if (n.split("/").includes("..")) {NO}; {PUT}',
        f'const n = a.x; if (n.split(/[\\\\/]/).includes("..")) {NO}; {PUT}',
        f'const n = a.x; if (n.split(path.sep).some(one => one === "..")) {NO}; {PUT}',
        (
            f'const n = path.normalize(a.x); if (path.isAbsolute(n) || n.startsWith("..")) {NO}; '
            'fs.writeFileSync(n, "x")'
        ),
        f'if (a.x.startsWith("/") || a.x.includes("..")) {NO}; fs.writeFileSync(a.x, "x")',
        f'{SAFE} if (rel === ".." || rel.startsWith(`..${{path.sep}}`)) {NO}; fs.readFileSync(f)',
    ],
)
def test_a_path_that_leads_nowhere_else_is_left_alone(body: str) -> None:
    assert not script(CHECK, body)


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        (f"const n = path.normalize(a.x); if (path.isAbsolute(n)) {NO}; {PUT}", "high"),
        (f'const n = a.x; if (path.isAbsolute(n) || n.startsWith("..")) {NO}; {PUT}', "high"),
        (f'const n = path.normalize(a.x); if (n.startsWith(".." + path.sep)) {NO}; {PUT}', "high"),
        (f'const n = path.normalize(a.x); if (n === "..") {NO}; {PUT}', "high"),
        (f'const n = a.x; if (n === ".." || n.startsWith("../")) {NO}; {PUT}', "high"),
        (f'const n = path.normalize(a.x).replace(/^(\\.\\.[\\/])+/, ""); {PUT}', "high"),
        (f'const n = a.x.replace(/^(\\.\\.(\\/|\\\\|$))+/, ""); {PUT}', "high"),
        (f'const n = a.x; if (n.split(",").includes("..")) {NO}; {PUT}', "high"),
        (f'const n = a.x; if (n.split("/").some(one => one === "~")) {NO}; {PUT}', "high"),
        (f'const n = a.x; if (n.split("/").every(one => one === "..")) {NO}; {PUT}', "high"),
        (
            f'const n = path.normalize(a.x); if (n.startsWith("..")) {NO}; fs.rmSync(n)',
            "medium",
        ),
        (f'if (a.x.includes("..")) {NO}; fs.writeFileSync(a.x, "x")', "medium"),
        (f'if (a.x.startsWith("/")) {NO}; fs.writeFileSync(a.x, "x")', "medium"),
        (
            (
                f'const n = path.normalize(a.x); if (n.startsWith("..")) {NO}; '
                'fs.writeFileSync(path.join("/base", a.x), "x")'
            ),
            "high",
        ),
        (f"{SAFE} if (rel.startsWith(`.${{path.sep}}`)) {NO}; fs.readFileSync(f)", "high"),
    ],
)
def test_a_check_that_says_too_little_is_told(body: str, severity: str) -> None:
    assert told(script(CHECK, body)) == [("path-escape", severity)]


@pytest.mark.parametrize(
    ("test", "severity"),
    [
        ("os.path.isabs(n) or n.startswith('..')", None),
        ("n.startswith('..')", "medium"),
        ("'..' in x.split('/') or os.path.isabs(n)", None),
        ("os.path.isabs(n)", "high"),
    ],
)
def test_the_shortest_form_of_a_path_in_python(test: str, severity: str | None) -> None:
    body = (
        f"def t(x: str):\n    n = os.path.normpath(x)\n    if {test}: raise ValueError\n"
        "    open(os.path.join('/base', n), 'w').write('')"
    )
    expected = [("path-escape", severity)] if severity else []
    assert told(python(CHECK, body)) == expected


@pytest.mark.parametrize(
    "test",
    [
        "'..' in pathlib.Path(x).parts",
        "'..' in x.split('/')",
        "any(part == '..' for part in x.split('/'))",
    ],
)
def test_parts_of_a_path_in_python(test: str) -> None:
    body = f"def t(x: str):\n    if {test}: raise ValueError\n    open('/base/' + x).read()"
    assert not python(CHECK, body, "import pathlib")
    assert python(CHECK, body.replace("'..'", "'~'"), "import pathlib")
