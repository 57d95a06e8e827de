"""Rules on archives, patterns, amounts of work and what is destroyed or asked of the cloud."""

from __future__ import annotations

import pytest

from analyze.judged import python, script, told
from ostiary.analyze.rules import (
    archive_escape,
    metadata_service,
    slow_pattern,
    unbounded_work,
    unconfirmed_destruction,
)

ARCHIVES = archive_escape.CHECK
FETCHED = """def t({}):
    open('/a', 'wb').write(requests.get({}).content)
    with zipfile.ZipFile('/a') as a:
        a.extractall('/srv')
"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "def t(x: str):\n    with tarfile.open(x) as a:\n        a.extractall('/srv')",
            ("archive-escape", "high"),
        ),
        (
            "def t():\n    with tarfile.open('a.tar') as a:\n        a.extractall('/srv')",
            ("archive-escape", "medium"),
        ),
        (
            "def t(x: str):\n    with zipfile.ZipFile(x) as a:\n        a.extractall('/srv')",
            ("archive-bomb", "medium"),
        ),
        (
            FETCHED.format("x: str", "'https://a.ch/' + x"),
            ("archive-bomb", "medium"),
        ),
        (
            FETCHED.format("", "requests.get('https://a.ch').json()['at']"),
            ("archive-bomb", "medium"),
        ),
    ],
)
def test_an_archive_that_is_unpacked_as_it_says_is_told(body: str, found: tuple[str, str]) -> None:
    assert told(python(ARCHIVES, body)) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "def t():\n    with tarfile.open('a') as a:\n        a.extractall('/srv', filter='data')",
        "def t():\n    with zipfile.ZipFile('a.zip') as a:\n        a.extractall('/srv')",
        FETCHED.format("", "'https://a.ch/a.zip'"),
        "def t(x: str):\n    with tarfile.open(x) as a:\n        return a.getnames()",
    ],
)
def test_an_archive_whose_names_are_checked_is_left_alone(body: str) -> None:
    assert not python(ARCHIVES, body)


WALK = (
    "def t(x: str):\n    a = zipfile.ZipFile(x)\n    for n in a.namelist():\n"
    "        open(os.path.join('/srv', NAME), 'wb').write(a.read(n))"
)


def test_names_out_of_an_archive_are_held_to_the_folder_or_told() -> None:
    assert ("archive-escape", "high") in told(python(ARCHIVES, WALK.replace("NAME", "n")))
    assert not python(ARCHIVES, WALK.replace("NAME", "os.path.basename(n)"))


PATTERNS = slow_pattern.CHECK


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def t(x: str): return re.search(x, 'text')", ("callers-pattern", "medium")),
        ("def t(x: str): return re.compile('a' + x)", ("callers-pattern", "medium")),
        (r"def t(x: str): return re.match(r'^(\w+\s?)*$', x)", ("slow-pattern", "medium")),
        (
            "P = re.compile('(a+)+b')\n@server.tool()\ndef u(x: str): return P.search(x)",
            ("slow-pattern", "medium"),
        ),
    ],
)
def test_patterns_that_can_take_for_ever_are_told(body: str, found: tuple[str, str]) -> None:
    before, _, tool = body.rpartition("@server.tool()\n")
    assert told(python(PATTERNS, tool or body, before)) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return re.search(re.escape(x), 'text')",
        "def t(x: str): return re.match('^[a-z]+$', x)",
        "def t(x: str):\n    if len(x) < 40: return re.match(r'^(\\w+\\s?)*$', x)",
        "def t(): return re.match(r'^(\\w+\\s?)*$', 'text')",
    ],
)
def test_patterns_that_end_soon_are_left_alone(body: str) -> None:
    assert not python(PATTERNS, body)


def test_patterns_of_scripts_are_read_too() -> None:
    assert told(script(PATTERNS, r"return /^(\w+\s?)*$/.test(a.x)")) == [("slow-pattern", "medium")]
    assert not script(PATTERNS, r"return /^\w+$/.test(a.x)")
    assert told(script(PATTERNS, "return new RegExp(a.x).test('text')")) == [
        ("callers-pattern", "medium")
    ]


USED = "return new RegExp(`^${s}$`, 'i').exec('text')"
META = r".*+?^${}()|[\]\\"


@pytest.mark.parametrize(
    "escaped",
    [
        rf'a.x.replace(/[{META}]/g, "\\$&")',
        r'a.x.replace(/[-\/\\^$*+?.()|[\]{}]/g, "\\$&")',
        r'a.x.replaceAll(/([.*+?^=!:${}()|[\]\/\\])/g, "\\$1")',
        r'a.x.replace(/\W/g, "\\$&")',
        rf'((v) => v.replace(/[{META}]/g, "\\$&"))(a.x)',
    ],
)
def test_a_pattern_escaped_by_hand_is_left_alone(escaped: str) -> None:
    assert not script(PATTERNS, f"const s = {escaped}; {USED}")


@pytest.mark.parametrize(
    "escaped",
    [
        rf'a.x.replace(/[{META}]/, "\\$&")',
        rf'a.x.replace(/[{META}]+/g, "\\$&")',
        rf'a.x.replace(/[{META}]/g, "\\\\$&")',
        rf'a.x.replace(/[{META}]/g, "$&")',
        rf'a.x.replace(/[{META}]/g, "\\$1")',
        r'a.x.replace(/[.*?^${}()|[\]\\]/g, "\\$&")',
        r'a.x.replace(/[.*+?^${}()|[\]]/g, "\\$&")',
    ],
)
def test_a_pattern_that_is_only_half_escaped_is_told(escaped: str) -> None:
    assert ("callers-pattern", "medium") in told(script(PATTERNS, f"const s = {escaped}; {USED}"))


WORK = unbounded_work.CHECK


@pytest.mark.parametrize(
    "amount",
    [
        "(a.x.match(/`+/g) ?? []).length",
        "(a.x.match(/`+/g) ?? []).reduce((most, one) => Math.max(most, one.length), 0) + 1",
        "atob(a.x).length",
        "Object.keys(JSON.parse(a.x)).length",
        "new Set(a.x.split(',')).size",
    ],
)
def test_as_much_as_was_sent_is_a_bound(amount: str) -> None:
    assert not script(WORK, f"return 'x'.repeat({amount})")


@pytest.mark.parametrize(
    "amount",
    [
        "a.x",
        "a.n.reduce((most, one) => Math.max(most, one), 0)",
        "a.n.reduce((sum, one) => sum + one)",
        "a.n.reduce((sum, one) => sum * one, 1) + 1",
        "JSON.parse(a.x).count",
    ],
)
def test_more_than_was_sent_is_told(amount: str) -> None:
    schema = "x: z.string(), n: z.array(z.number())"
    assert ("unbounded-work", "medium") in told(
        script(WORK, f"return 'x'.repeat({amount})", schema)
    )


@pytest.mark.parametrize(
    "body",
    [
        "def t(n: int): return 'x' * n",
        "def t(n: int): return [0] * (n * 1024)",
        "def t(n: int): return bytearray(n)",
        "def t(n: int):\n    for i in range(n): pass",
        "def t(n: int):\n    for i in range(1, n + 1): pass",
        "def t(urls: list[str]):\n    for u in urls: requests.get(u)",
        "def t(): sys.setrecursionlimit(1_000_000)",
        "def t():\n    while True: os.fork()",
        "def t(items: list):\n    for i in items: print([i] * 50_000_000)",
    ],
)
def test_work_without_a_bound_is_told(body: str) -> None:
    assert told(python(WORK, body)) == [("unbounded-work", "medium")]


@pytest.mark.parametrize(
    "body",
    [
        "def t(n: int): return 'x' * min(n, 100)",
        "def t(n: int):\n    if n > 100: raise ValueError\n    return 'x' * n",
        "def t(n: int = Field(le=100)):\n    for i in range(n): pass",
        "def t(items: list):\n    for i in range(len(items)): pass",
        "def t(n: Literal[1, 2]): time.sleep(n)",
        "def t(): return 'x' * 80",
        "def t(u: str): requests.get(u)",
        "def t(): sys.setrecursionlimit(5000)",
    ],
)
def test_work_within_a_bound_is_left_alone(body: str) -> None:
    assert not python(WORK, body)


def test_a_pause_of_any_length_is_told_quietly() -> None:
    body = "async def t(n: float): await asyncio.sleep(n)"
    assert told(python(WORK, body)) == [("unbounded-work", "low")]


def test_a_second_try_is_no_list_of_addresses() -> None:
    assert not python(WORK, "def t(u: str):\n    for _ in (1, 2): requests.get(u)")


def test_amounts_in_scripts_are_followed_too() -> None:
    number = "n: z.number()"
    assert told(script(WORK, "return Buffer.alloc(a.n)", number)) == [("unbounded-work", "medium")]
    for size in ("a.n", "a.n * 2"):
        assert script(WORK, f"return new Uint8Array({size})", number)
    assert told(script(WORK, "return 'x'.repeat(a.n)", number)) == [("unbounded-work", "medium")]
    assert not script(WORK, "return 'x'.repeat(Math.min(a.n, 80))", number)
    assert not script(WORK, "return 'x'.repeat(a.n)", "n: z.number().max(80)")


GONE = unconfirmed_destruction.CHECK


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(x: str): os.remove(x)", "low"),
        ("def t(x: str):\n    import shutil\n    shutil.rmtree(x)", "medium"),
        ("def t(x: int): os.kill(x, 9)", "low"),
        (
            (
                "def t(x: str):\n    import sqlite3\n"
                "    sqlite3.connect('a.db').execute(f'DROP TABLE {x}')"
            ),
            "medium",
        ),
    ],
)
def test_a_tool_that_destroys_unasked_is_told(body: str, severity: str) -> None:
    assert told(python(GONE, body)) == [("unconfirmed-destruction", severity)]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str, confirm: bool):\n    if confirm: os.remove(x)",
        (
            "async def t(x: str, ctx: Context):\n"
            "    if (await ctx.elicit('sure?', bool)).action == 'accept': os.remove(x)"
        ),
        "def t(): os.remove('/tmp/own.lock')",
        "def t(x: str):\n    from send2trash import send2trash\n    send2trash(x)",
    ],
)
def test_a_tool_that_asks_or_tidies_is_left_alone(body: str) -> None:
    assert not python(GONE, body)


def test_a_tool_that_says_it_destroys_is_left_alone() -> None:
    before = (
        "from mcp.types import ToolAnnotations\n"
        "@server.tool(annotations=ToolAnnotations(destructiveHint=True))\n"
        "def told(x: str): os.remove(x)"
    )
    assert not python(GONE, "def t(): pass", before)


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(): return requests.get('http://169.254.169.254/latest/meta-data/').text", "medium"),
        ("def t(x: str): return requests.get(f'http://169.254.169.254/{x}').text", "high"),
    ],
)
def test_the_metadata_service_is_told(body: str, severity: str) -> None:
    assert told(python(metadata_service.CHECK, body)) == [("metadata-service", severity)]


def test_other_addresses_and_a_list_of_refused_ones_are_left_alone() -> None:
    body = (
        "def t(x: str):\n    if x in ('169.254.169.254', 'metadata.google.internal'):\n"
        "        raise ValueError\n    return requests.get('https://a.example/' + x).text"
    )
    assert not python(metadata_service.CHECK, body)


def test_addresses_of_the_metadata_service_that_are_asked_in_turn_are_told() -> None:
    before = "PLACES = ['http://a.example/x', 'http://169.254.169.254/latest/user-data']"
    body = "def t(): return [requests.get(one).text for one in PLACES]"
    assert told(python(metadata_service.CHECK, body, before)) == [("metadata-service", "medium")]
    assert not python(metadata_service.CHECK, "def t(): return PLACES", before)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("def t(x: str):\n    made = re.compile(x)\n    return [made.search(o) for o in WORDS]", 1),
        (
            "def t(x: str):\n    p = re.compile(x)\n    return p.search('a') or p.match('b')",
            1,
        ),
        ("def t(x: str):\n    return re.search(x, 'a') or re.match(x, 'b')", 2),
        ("def t(x: str, y: str):\n    return re.compile(x).search('a') or re.search(y, 'b')", 2),
        ("def t(x: str):\n    return [re.compile(x),\n        re.compile(x + '$')]", 2),
    ],
)
def test_a_pattern_is_told_where_it_is_made_and_not_again_where_it_is_used(
    body: str, lines: int
) -> None:
    found = python(slow_pattern.CHECK, body, before="WORDS = ['a', 'b']")
    assert [one.rule for one in found] == ["callers-pattern"] * lines


@pytest.mark.parametrize("schema", ["x: z.any()", "x: z.array(z.number())", "x: z.string()"])
def test_what_memory_is_filled_with_is_no_amount_of_it(schema: str) -> None:
    assert not script(WORK, "return new Uint8Array(a.x)", schema)
    assert not script(WORK, "return new Uint8Array(await new Blob([a.x]).arrayBuffer())", schema)
