"""Methods that run without being called by name; functions in the place of others."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import builtins, operator
class Box:
    def __init__(self, line=""):
        self.line = line
    def __getitem__(self, key):
        os.system("ls " + key)
    def __setitem__(self, key, value):
        os.system("ls " + value)
    def __enter__(self):
        os.system("ls " + self.line)
        return self
    def __exit__(self, *given):
        print(self.line)
    def __getattr__(self, name):
        return self.line
    @property
    def of(self):
        return 1
    @of.setter
    def of(self, value):
        os.system("ls " + value)
    def run(self, line):
        print(line)
    def quiet(self, line):
        print(line)
class End:
    def __init__(self, line):
        self.line = line
    def __enter__(self):
        return "a"
    def __exit__(self, *given):
        os.system("ls " + self.line)
def other(self, line):
    os.system("ls " + line)
def must(one):
    if one not in ("a", "b"):
        raise ValueError(one)
"""
ARRIVES = {
    "read by key": "Box()[name]",
    "set by key": "Box()['a'] = name",
    "entered": "with Box(name):\n    pass",
    "left": "with End(name):\n    pass",
    "set as a property": "box = Box()\nbox.of = name",
    "set by a function": "box = End('')\nsetattr(box, 'x', name)\nos.system('ls ' + box.x)",
    "a part that is not there": "os.system('ls ' + Box(name).whatever)",
    "called by the library": "operator.call(os.system, 'ls ' + name)",
    "a module of the table": "sys.modules['os'].system('ls ' + name)",
    "a module got from the table": "sys.modules.get('os').system('ls ' + name)",
    "a method of another": "Box().run(name)",
}
DOES_NOT = {
    "read by a key of ours": "Box()['a']",
    "set to ours": "Box()['a'] = 'a'",
    "entered with ours": "with Box('a'):\n    print(name)",
    "what it binds": "with End('a') as one:\n    os.system('ls ' + one)",
    "ours as a property": "box = Box()\nbox.of = 'a'\nprint(name)",
    "checked before": "must(name)\nBox()['a'] = name",
    "a part that is there": "box = End('')\nsetattr(box, 'x', name)\nos.system('ls ' + box.line)",
    "another module of the table": "sys.modules['json'].dumps('ls ' + name)",
    "a method of its own": "Box().quiet(name)",
}
REPLACED = "Box.run = other\n"
SINK = 'execFileSync("sh", ["-c", "ls " + {0}]);'
CLASS = (
    "class Box { set of(v) { " + SINK.format("v") + " } run(v) {} quiet(v) {} }"
    "Box.prototype.run = function (v) { " + SINK.format("v") + " };"
)
SCRIPTS_ARRIVE = {
    "set as a property": "const b = new Box(); b.of = a.x;",
    "a method of another": "new Box().run(a.x);",
    "in the place of a library's": (
        "console.log = (v) => { " + SINK.format("v") + " }; console.log(a.x);"
    ),
}
SCRIPTS_DO_NOT = {
    "another property": "const b = new Box(); b.as = a.x;",
    "a method of its own": "new Box().quiet(a.x);",
    "another of the library": (
        "console.log = (v) => { " + SINK.format("v") + " }; console.error(a.x);"
    ),
}


def _python(lines: str) -> bool:
    body = f"def run(name: str):\n{textwrap.indent(lines, '    ')}"
    return bool(python(CHECK, body, f"{BEFORE}{REPLACED}"))


@pytest.mark.parametrize("lines", ARRIVES.values(), ids=ARRIVES)
def test_it_arrives(lines: str) -> None:
    assert _python(lines)


@pytest.mark.parametrize("lines", DOES_NOT.values(), ids=DOES_NOT)
def test_it_does_not(lines: str) -> None:
    assert not _python(lines)


@pytest.mark.parametrize("lines", SCRIPTS_ARRIVE.values(), ids=SCRIPTS_ARRIVE)
def test_it_arrives_in_scripts(lines: str) -> None:
    assert script(CHECK, CLASS + lines)


@pytest.mark.parametrize("lines", SCRIPTS_DO_NOT.values(), ids=SCRIPTS_DO_NOT)
def test_it_does_not_in_scripts(lines: str) -> None:
    assert not script(CHECK, CLASS + lines)


def test_a_check_that_another_function_stands_in_for_is_none() -> None:
    checks = "class Of:\n    def must(self, one):\n        must(one)\n"
    body = "def run(name: str):\n    Of().must(name)\n    os.system('ls ' + name)"
    assert not python(CHECK, body, f"{BEFORE}{checks}")
    assert python(CHECK, body, f"{BEFORE}{checks}Of.must = lambda self, one: None\n")
