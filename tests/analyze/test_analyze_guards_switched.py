"""Checks that the operator may switch off, and those that are only made if the operator asks."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules import followed_link, path_escape, request_forgery

PUBLIC = """
import ipaddress, socket
from urllib.parse import urlparse
def public(url):
    for *_, where in socket.getaddrinfo(urlparse(url).hostname, None):
        if not ipaddress.ip_address(where[0]).is_global:
            raise ValueError('no')
OPEN = {}
"""
ASKS = (
    "def t(url: str, on: bool):\n    if {}:\n        public(url)\n    return requests.get(url).text"
)
NEVER = [
    "os.environ.get('OPEN') == '1'",
    "bool(os.getenv('OPEN'))",
    "os.getenv('OPEN', '') == 'on'",
]
NEVER += ["os.environ.get('OPEN', 'no').lower() in ('1', 'yes')", "False"]
ALWAYS = ["os.environ.get('OPEN') != '1'", "os.getenv('OPEN', '1') == '1'", "True"]


@pytest.mark.parametrize("default", NEVER)
def test_a_check_that_an_operator_may_switch_off_is_made(default: str) -> None:
    before = PUBLIC.format(default)
    assert not python(request_forgery.CHECK, ASKS.format("not OPEN"), before)
    assert python(request_forgery.CHECK, ASKS.format("OPEN"), before)


@pytest.mark.parametrize("default", ALWAYS)
def test_a_check_that_an_operator_has_to_switch_on_is_none(default: str) -> None:
    before = PUBLIC.format(default)
    assert python(request_forgery.CHECK, ASKS.format("not OPEN"), before)
    assert not python(request_forgery.CHECK, ASKS.format("OPEN"), before)


@pytest.mark.parametrize("test", ["on", "not on", "OPEN or on", "read()", "not url", "OPEN[url]"])
def test_a_check_that_the_caller_may_switch_off_is_none(test: str) -> None:
    before = PUBLIC.format("os.environ.get('OPEN') == '1'")
    assert python(request_forgery.CHECK, ASKS.format(test), before)


FETCHER = """
class Fetcher:
    def __init__(self, open_to_all={}):
        self.open_to_all = open_to_all
    def check(self, url):
        if not self.open_to_all:
            public(url)
    def get(self, url):
        self.check(url)
        return requests.get(url).text
fetcher = Fetcher()
"""


def test_a_field_that_only_the_constructor_sets_is_the_operator_s() -> None:
    before, body = PUBLIC.format("None"), "def t(url: str): return fetcher.get(url)"
    assert not python(request_forgery.CHECK, body, before + FETCHER.format("False"))
    assert python(request_forgery.CHECK, body, before + FETCHER.format("True"))
    assert python(request_forgery.CHECK, body, before + FETCHER.format("read()"))
    other = FETCHER.format("False").replace(
        "    def get", "    def use(self, on):\n        self.open_to_all = on\n    def get"
    )
    assert python(request_forgery.CHECK, body, before + other)


FILES = """
class Files {{
  #open; #root;
  constructor(options) {{ this.#open = options.open ?? {}; this.#root = options.root; }}
  async checked(file) {{
    let real;
    try {{ real = await fs.promises.realpath(file); }} catch {{ throw new Error("no"); }}
    if ({}) {{ return real || path.resolve(file); }}
    let ok = false;
    for (const root of [this.#root, "/srv"]) {{
      if (real === root || real.startsWith(root + path.sep)) {{ ok = true; break; }}
    }}
    if (!ok) throw new Error("no");
    return real || path.resolve(file);
  }}
}}
const files = new Files({{ root: process.cwd() }});
await fs.promises.writeFile(await files.checked(a.x), "x");
"""


def test_a_way_round_a_check_that_the_operator_opens_is_none_for_callers() -> None:
    for test in ("this.#open", "this.#root && this.#open"):
        assert not script(path_escape.CHECK, FILES.format("false", test))
    for default, test in (
        ("true", "this.#open"),
        ("false", "!this.#open"),
        ("read()", "this.#open"),
    ):
        assert script(path_escape.CHECK, FILES.format(default, test))
    unchecked = FILES.format("false", "this.#open").replace("if (!ok) throw", "if (!ok) new")
    assert script(path_escape.CHECK, unchecked)


def test_what_was_checked_itself_is_no_other_form_of_it() -> None:
    assert not script(followed_link.CHECK, FILES.format("false", "this.#open"))
    other = FILES.format("false", "this.#open").replace("return real ||", "return ")
    assert script(followed_link.CHECK, other)


SETTINGS = """
const BEGIN = ["10.", "127.", "192.168.", "169.254.", "172.16."];
function enabled(value) {{ return value === "true"; }}
function settings() {{
  const strict = enabled(process.env.STRICT);
  return {{ strict, open: enabled(process.env.OPEN) }};
}}
function inner(host) {{
  return BEGIN.some((one) => host.startsWith(one));
}}
function check(address) {{
  const now = settings();
  if ({}) return;
  if (inner(address.hostname)) throw new Error("no");
}}
"""
GOES = "const address = new URL(a.x); check(address); await fetch(address.toString());"


@pytest.mark.parametrize(
    ("test", "made"),
    [
        ("now.open", True),
        ("enabled(process.env.OPEN)", True),
        ("process.env.OPEN === 'true'", True),
        ("!now.strict", False),
        ("!now.strict || now.open", False),
        ("!enabled(process.env.STRICT)", False),
        ("process.env.STRICT !== 'true'", False),
    ],
)
def test_a_way_out_that_is_taken_by_default_leaves_no_check(test: str, made: bool) -> None:
    found = script(request_forgery.CHECK, GOES, before=SETTINGS.format(test))
    assert bool(found) is not made


def test_a_setting_that_is_set_again_is_not_known() -> None:
    change = "let now = {}; if (process.env.MORE) now = settings();"
    before = SETTINGS.format("!now.strict").replace("const now = settings();", change)
    assert not script(request_forgery.CHECK, GOES, before=before)
