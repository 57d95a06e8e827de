"""TOML, YAML, property lists and scripts, read safely and with lines."""

from __future__ import annotations

import plistlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.clients.formats import FORMATS
from ostiary.clients.formats.document import Unreadable

TOML = b"""model = "x"
[mcp_servers."my.server"]
command = "a"
env = { A = "1", B = "2" }
text = '''
[not.a.table]
'''
[mcp_servers.b.env]
TOKEN = "x"
[[list]]
n = 1
[[list]]
n = 2
[list.sub]
k = 2001-01-01
"""


def test_toml_places() -> None:
    found = FORMATS["toml"](TOML)
    for path, place in {
        ("mcp_servers", "my.server"): (2, 1),
        ("mcp_servers", "my.server", "env", "B"): (4, 18),
        ("mcp_servers", "b"): (8, 1),
        ("mcp_servers", "b", "env", "TOKEN"): (9, 1),
        ("list", 1): (12, 1),
        ("list", 1, "n"): (13, 1),
        ("list", 1, "sub", "k"): (15, 1),
    }.items():
        assert found.spot(path) == place
    assert found.spot(("not", "a")) == (None, None)
    assert isinstance(found.value, dict)
    assert found.value["list"] == [{"n": 1}, {"n": 2, "sub": {"k": "2001-01-01"}}]


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        ("toml", b"a = [", "not valid TOML"),
        ("toml", b"a = 1\na = 2\n", "line 2|end of document"),
        ("toml", b"\xff", "byte 0"),
        ("toml", b"a = " + b"[" * 50_000, "nested too deep|not valid"),
        ("toml", b".".join([b"a"] * 200_000) + b" = 1", "more than 64 parts"),
        ("toml", b"#" * (5 * 1024 * 1024), "read as TOML"),
        ("yaml", b"a: [", "line 1"),
        ("yaml", b"[" * 5_000, "nested deeper"),
        ("yaml", b"&a [*a]", "not valid YAML|nested deeper"),
        ("yaml", b"\x00", "not valid YAML"),
        ("yaml", b"a: " + b"x" * (2 * 1024 * 1024), "read as YAML"),
        ("plist", b"<plist><dict><key>", "not a valid property list"),
        ("plist", b"bplist00garbage", "property list"),
    ],
)
def test_what_cannot_be_read_is_named(form: str, text: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        FORMATS[form](text)


def test_toml_errors_never_quote_the_file() -> None:
    with pytest.raises(Unreadable) as caught:
        FORMATS["toml"](b'token = "hunter2\n')
    assert "hunter2" not in str(caught.value)


def test_yaml_obeys_no_tag_and_reports_double_keys() -> None:
    found = FORMATS["yaml"](
        b"base: &b {x: 1, y: 2}\n"
        b"run: !!python/object/apply:os.system ['touch /tmp/never']\n"
        b"merged:\n  <<: *b\n  y: 3\n"
        b"on: yes\noff: false\nnothing: ~\n"
        b"twice: 1\ntwice: 2\n"
    )
    assert found.value == {
        "base": {"x": 1, "y": 2},
        "run": ["touch /tmp/never"],
        "merged": {"x": 1, "y": 3},
        "on": "yes",
        "off": False,
        "nothing": None,
        "twice": 2,
    }
    assert found.duplicates == ("/twice",)
    assert found.spot(("merged", "y")) == (5, 3)


def test_an_alias_bomb_is_refused() -> None:
    lines = [b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    for step in range(1, 9):
        again = b",".join([b"*a%d" % (step - 1)] * 10)
        lines.append(b"a%d: &a%d [%s]" % (step, step, again))
    with pytest.raises(Unreadable, match="each use of an alias"):
        FORMATS["yaml"](b"\n".join(lines))


def test_property_lists_hold_json_as_text() -> None:
    value = {"managedMcpServers": '[{"name": "x", "url": "https://e"}]', "on": True, "raw": b"12"}
    for form in (plistlib.FMT_XML, plistlib.FMT_BINARY):
        found = FORMATS["plist"](plistlib.dumps(value, fmt=form))
        assert found.value == {
            "managedMcpServers": [{"name": "x", "url": "https://e"}],
            "on": True,
            "raw": "2 bytes",
        }


def test_a_script_is_not_parsed() -> None:
    found = FORMATS["script"](b"export TOKEN=hunter2\n$(rm -rf /)\n")
    assert found.value == {"script": "the whole file, 2 lines of shell script"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="[]{}.=\"'#\nab1 \\", max_size=60))
def test_any_toml_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        FORMATS["toml"](text.encode()).spot(("a", "b"))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="[]{}:-&*!|>%@?,<'\"#\n\t ab1~", max_size=40))
def test_any_yaml_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        FORMATS["yaml"](text.encode()).spot(("a", 0))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80))
def test_any_binary_property_list_is_read_or_refused(tail: bytes) -> None:
    with suppress(Unreadable):
        FORMATS["plist"](b"bplist00" + tail)
