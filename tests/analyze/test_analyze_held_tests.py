"""A variable that holds the outcome of a test is worth it while both stay as they are."""

from __future__ import annotations

import textwrap

import pytest

from analyze.following import effects, evaluated, guarantees
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind

CHECK = 'ok = name in ("a", "b")'
WORTH = {
    "as it is": (CHECK, True),
    "one more condition": (f"{CHECK}\nok = ok and other", True),
    "begun with a literal": ('ok = True\nok = ok and name in ("a", "b")', True),
    "in place": ('ok = other\nok &= name in ("a", "b")', True),
    "made of another that changes later": (
        'first = name in ("a", "b")\nok = first and other\nfirst = True',
        True,
    ),
    "what was tested is set anew": (f"{CHECK}\nname = other", False),
    "a part of it is set anew": (f"{CHECK}\nname += other", False),
    "of what another was before": (
        'first = other in ("a", "b")\nok = first and name in ("a", "b")\nname = other + "x"',
        False,
    ),
    "or something else": (f"{CHECK}\nok = ok or other", False),
    "or something else, in place": ('ok = other\nok |= name in ("a", "b")', False),
    "the variable is set anew": (f"{CHECK}\nok = other", False),
}


@pytest.mark.parametrize("case", sorted(WORTH))
def test_what_a_held_test_is_worth(case: str) -> None:
    lines, certain = WORTH[case]
    body = textwrap.indent(lines, "    ")
    engine = evaluated(
        f"import os\ndef tool(name, other):\n{body}\n"
        "    if not ok:\n        return\n    os.system('ls ' + name)\n"
    )
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    known = [guarantees(found, "command", index) for index in (0, 1)]
    assert any(one is not None and not one & g.CHOSEN for one in known) is not certain


def test_a_test_of_a_part_ends_with_the_part() -> None:
    engine = evaluated(
        """
        import os
        def kept(job):
            ok = job.name in ("a", "b")
            job.state = "asked"
            if ok:
                os.system("ls " + job.name)
        def lost(job, other):
            ok = job.name in ("a", "b")
            job.name = other
            if ok:
                os.system("ls " + job.name)
        """
    )
    (kept,) = effects(engine, "kept", EffectKind.SHELL)
    (lost,) = effects(engine, "lost", EffectKind.SHELL)
    assert (guarantees(kept, "command") or 0) & g.CHOSEN
    assert not (guarantees(lost, "command", 1) or 0) & g.CHOSEN


@pytest.mark.parametrize(
    "lines",
    [
        "flag = other\nflag = flag or other\nif flag:\n    pass",
        "one = other\ntwo = one or other\none = two or other\nif one and two:\n    pass",
        "\n".join(["f0 = other == 1", *(f"f{n} = f{n - 1} and f{n - 1}" for n in range(1, 60))])
        + "\nif f59:\n    pass",
    ],
    ids=["made of itself", "made of each other", "doubled again and again"],
)
def test_no_test_keeps_the_code_after_it_from_being_followed(lines: str) -> None:
    body = textwrap.indent(lines, "    ")
    engine = evaluated(f"import os\ndef tool(name, other):\n{body}\n    os.system('ls ' + name)\n")
    (found,) = effects(engine, "tool", EffectKind.SHELL)
    assert guarantees(found, "command") is not None
    assert not engine.limits
