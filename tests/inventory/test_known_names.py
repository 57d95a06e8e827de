"""The table of easily imitated names can be rebuilt from registry data."""

from __future__ import annotations

import ast

from known_names import TABLE, candidates, names_in, rewritten
from ostiary.inventory.known_packages import KNOWN


def records(*packages: tuple[str, str]) -> dict[str, object]:
    listed = [{"registryType": kind, "identifier": name} for kind, name in packages]
    return {"servers": [{"server": {"packages": listed}}]}


def test_both_forms_of_a_dump_are_read() -> None:
    assert names_in(records(("npm", "@a/b"), ("pypi", "Some_Name"), ("oci", "x/y"))) == {
        ("npm", "@a/b"),
        ("pypi", "some-name"),
    }
    assert names_in({"a-server": {}, "NOT ONE": {}, "../x": {}}) == {("npm", "a-server")}


def test_a_name_counts_when_enough_dumps_list_it() -> None:
    one = records(("npm", "wholly-new-thing"))
    other: dict[str, object] = {"wholly-new-thing": {}, "seen-once": {}}
    assert candidates([one, other], 2) == ([("npm", "wholly-new-thing")], [])


def test_a_name_that_is_nearly_a_known_one_is_left_for_a_person() -> None:
    one, other = records(("npm", "mcp-remotee")), dict[str, object]({"mcp-remotee": {}})
    assert candidates([one, other], 2) == ([], [(("npm", "mcp-remotee"), "mcp-remote")])


def test_rebuilding_adds_names_and_keeps_every_other() -> None:
    table = rewritten(TABLE.read_text("utf-8"), [("npm", "wholly-new-thing")])
    values: dict[str, str] = {}
    for node in ast.parse(table).body:
        name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if isinstance(node, ast.Assign) and name in {"_NPM", "_PYPI"}:
            values[name] = ast.literal_eval(node.value)
    assert set(values["_NPM"].split()) == {*KNOWN["npm"], "wholly-new-thing"}
    assert set(values["_PYPI"].split()) == KNOWN["pypi"]
    assert max(len(line) for line in table.splitlines()) <= 100
