"""Values are followed through functions, files, objects and checks."""

from __future__ import annotations

import pytest

from analyze.following import effects, evaluated, guarantees
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind


def test_a_parameter_is_followed_through_a_helper_in_another_file() -> None:
    engine = evaluated(
        {
            "pkg/__init__.py": "",
            "pkg/main.py": """
                from .shell import run
                def tool(name):
                    return run(f"git log {name}")
            """,
            "pkg/shell.py": """
                import subprocess as sp
                def run(line):
                    return sp.check_output(line, shell=True)
            """,
        }
    )
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    assert found.place.file == "pkg/shell.py"
    assert found.operands["command"].prefix == "git log "
    assert guarantees(found, "command") == g.NO_DASH | g.EMBEDDED | g.PROGRAM_CHOSEN
    assert [step.says for step in found.chain] == ["calls run"]


def test_a_parameter_is_followed_through_an_object_and_its_fields() -> None:
    engine = evaluated(
        """
        import os
        class Runner:
            def __init__(self, prefix):
                self.prefix = prefix
            def go(self, what):
                os.system(self.prefix + what)
        def tool(name):
            Runner("echo ").go(name)
        """
    )
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    assert found.operands["command"].prefix == "echo "
    assert guarantees(found, "command") is not None


def test_a_function_handed_on_is_called_where_it_is_known() -> None:
    engine = evaluated(
        """
        import os
        def apply(action, value):
            return action(value)
        def tool(name):
            apply(os.system, name)
        def other(name):
            apply(print, name)
        """
    )
    assert effects(engine, "tool", EffectKind.SHELL)
    assert not effects(engine, "other", EffectKind.SHELL)


def test_a_function_returned_keeps_what_it_was_made_with() -> None:
    engine = evaluated(
        """
        import os
        def make(prefix):
            def run(what):
                os.system(prefix + what)
            return run
        def tool(name):
            make("ls ")(name)
        """
    )
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    assert found.operands["command"].prefix == "ls "


@pytest.mark.parametrize(
    ("check", "certain", "not_certain"),
    [
        ("if name not in ('a', 'b'):\n        raise ValueError", g.CHOSEN, 0),
        ("if not known(name):\n        raise ValueError", g.CHOSEN, 0),
        ("ensure(name)", g.CHOSEN, 0),
        ("print(name)", 0, g.CHOSEN),
        ("if name in ('a', 'b'):\n        print(name)", 0, g.CHOSEN),
        ("if known(name):\n        raise ValueError", 0, g.CHOSEN),
    ],
)
def test_a_check_is_worth_what_it_guarantees(check: str, certain: int, not_certain: int) -> None:
    engine = evaluated(
        "import os\n"
        "NAMES = ['a', 'b']\n"
        "def known(x):\n"
        "    if x not in NAMES:\n"
        "        return False\n"
        "    return True\n"
        "def ensure(x):\n"
        "    if x not in NAMES:\n"
        "        raise ValueError(x)\n"
        f"def tool(name):\n    {check}\n    os.system(name)\n"
    )
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    known = guarantees(found, "command")
    assert known is not None
    assert known & certain == certain
    assert not known & not_certain


@pytest.mark.parametrize(
    ("test", "contained"),
    [
        ("path.startswith(ROOT + os.sep)", True),
        ("path.startswith('/data/')", True),
        ("path.startswith(ROOT)", False),
        ("path.startswith('/data')", False),
    ],
)
def test_a_prefix_without_a_separator_is_no_containment(test: str, contained: bool) -> None:
    engine = evaluated(
        "import os\n"
        "ROOT = os.environ['ROOT']\n"
        "def tool(name):\n"
        "    path = os.path.abspath(os.path.join(ROOT, name))\n"
        f"    if not {test}:\n"
        "        raise ValueError(name)\n"
        "    return open(path).read()\n"
    )
    (found,) = effects(engine, "tool", EffectKind.READ_FILE)
    known = guarantees(found, "path")
    assert known is not None
    assert bool(known & g.CONTAINED) is contained


def test_modules_that_import_each_other_are_both_followed() -> None:
    engine = evaluated(
        {
            "a.py": "import b\nimport os\ndef run(x):\n    os.system(x)\n",
            "b.py": "import a\ndef tool(x):\n    a.run(x)\n",
        }
    )
    assert effects(engine, "tool", EffectKind.SHELL)


def test_a_function_that_calls_itself_is_followed_to_an_end() -> None:
    engine = evaluated(
        """
        import os
        def walk(items, act):
            for one in items:
                walk([one], act)
                act(one)
        def tool(names):
            walk(names, os.system)
            walk(names, walk)
        """
    )
    assert effects(engine, "tool", EffectKind.SHELL)
    assert not engine.budget.exhausted


def test_what_a_function_sets_outside_itself_is_seen_elsewhere() -> None:
    engine = evaluated(
        """
        import sqlite3
        connection = None
        def start():
            global connection
            connection = sqlite3.connect("x.db")
        def tool(name):
            start()
            connection.execute("SELECT " + name)
        """
    )
    (found,) = effects(engine, "tool", EffectKind.SQL)
    assert found.operands["query"].prefix == "SELECT "


def test_an_import_for_types_only_still_names_what_a_parameter_is() -> None:
    engine = evaluated(
        """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            import sqlite3
        def tool(connection: sqlite3.Connection, name):
            connection.execute("SELECT " + name)
        """
    )
    assert effects(engine, "tool", EffectKind.SQL)


@pytest.mark.parametrize(
    ("made", "contained"),
    [("(ROOT / name).resolve()", True), ("ROOT / name", False)],
)
@pytest.mark.parametrize(
    "check",
    ["path.relative_to(ROOT)", "if not path.is_relative_to(ROOT):\n        raise ValueError"],
)
def test_a_path_with_dots_left_in_it_is_not_contained(
    made: str, contained: bool, check: str
) -> None:
    engine = evaluated(
        "import os\nfrom pathlib import Path\n"
        "ROOT = Path(os.environ['ROOT'])\n"
        f"def tool(name):\n    path = {made}\n    {check}\n    return path.read_text()\n"
    )
    (found,) = effects(engine, "tool", EffectKind.READ_FILE)
    known = guarantees(found, "path")
    assert known is not None
    assert bool(known & g.CONTAINED) is contained


@pytest.mark.parametrize("called", ["Runner()", "Runner"])
def test_a_static_method_gets_no_receiver_from_an_object_or_a_class(called: str) -> None:
    engine = evaluated(
        """
        import os
        class Runner:
            @staticmethod
            def go(line, tail):
                os.system(line)
            @classmethod
            def gone(cls, line):
                cls.go(line, "")
        def tool(name):
            CALLED.go(name, "")
        def other(name):
            CALLED.gone(name)
        """.replace("CALLED", called)
    )
    for function in ("tool", "other"):
        (found,) = effects(engine, function, EffectKind.SHELL)
        assert guarantees(found, "command") is not None


@pytest.mark.parametrize(
    "path",
    ["os.path.join(ROOT, name)", "Path(ROOT) / name", "str(Path(ROOT).joinpath(name).resolve())"],
)
def test_a_path_put_together_tells_what_stands_below_what(path: str) -> None:
    engine = evaluated(
        "import os\nfrom pathlib import Path\nROOT = '/srv/data'\n"
        f"def tool(name):\n    return open({path}).read()\n"
    )
    (found,) = effects(engine, "tool", EffectKind.READ_FILE)
    assert found.operands["path"].prefix == "/srv/data/"
