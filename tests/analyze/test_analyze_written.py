"""What functions say in words: texts put together, keys, calls, results nobody uses."""

from __future__ import annotations

import textwrap

import pytest

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.modules import read_modules
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.written.index import Written
from ostiary.analyze.written.words import Words


def written(**files: str) -> Written:
    named = {
        name.replace("_", ".", 1): textwrap.dedent(text).encode() for name, text in files.items()
    }
    project = Project({path: SourceFile(path, named[path]) for path in sorted(named)})
    return Written(read_modules(project).modules)


def texts(text: str, *, file: str = "a_py") -> set[str]:
    """Everything that any function of one file says."""
    found = written(**{file: text})
    return {one.text for each in found.of(file.replace("_", ".")) for one in each.phrases}


def one_named(found: Written, file: str, name: str) -> Words:
    (one,) = [each for each in found.of(file) if each.name == name]
    return one


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = '.cursor' + 'rules'", ".cursorrules"),
        ("NAME = 'b'\nx = f'a/{NAME}/{y}'", "a/b/\0"),
        ("from pathlib import Path\nx = Path.home() / '.ssh' / 'id'", "~/.ssh/id"),
        ("import os\nx = os.path.join(os.path.expanduser('~/.ssh'), 'id')", "~/.ssh/id"),
        ("import os\nx = os.environ['HOME'] + '/.netrc'", "~/.netrc"),
        ("run(['git', 'push', url])", "git push \0"),
        ("x = ', '.join(['a', 'b'])", "a, b"),
        ("x = 'cat %s' % y", "cat \0"),
        ("x = 'cat {}'.format(y)", "cat \0"),
        ("class A:\n    ALL = ['~/.aws', '~/.kube']\nfor one in A.ALL: open(one)", "~/.kube"),
        ("T = {'a': '/etc/hosts'}\nfor k, v in T.items(): open(v)", "/etc/hosts"),
    ],
)
def test_texts_of_python_are_put_together(code: str, said: str) -> None:
    assert said in texts(code)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("const x = path.join(os.homedir(), '.codeium', 'mcp.json');", "~/.codeium/mcp.json"),
        ("const b = 'https://h.test'; const x = `${b}/v1?q=${y}`;", "https://h.test/v1?q=\0"),
        ("class A { base = 'https://h.test'; go() { f(`${this.base}/x`); } }", "https://h.test/x"),
        ("const x = process.env.HOME + '/.npmrc';", "~/.npmrc"),
        ("const x = y ?? '/srv/x';", "/srv/x"),
        ("for (const one of ['.bashrc', '.zshrc']) fs.appendFileSync(one, '');", ".zshrc"),
    ],
)
def test_texts_of_typescript_are_put_together(code: str, said: str) -> None:
    found = texts(code, file="a_ts")
    assert said in found


def test_a_name_that_is_given_twice_stands_for_nothing() -> None:
    assert "a/one" not in texts("x = 'one'\nx = 'two'\ny = 'a/' + x")


def test_a_parameter_hides_the_constant_of_its_name() -> None:
    found = written(a_py="NAME = 'one'\ndef f(NAME):\n    return 'a/' + NAME\n")
    assert {one.text for one in one_named(found, "a.py", "f").returned} >= {"a/\0"}


def test_constants_of_another_file_are_known_where_they_are_imported() -> None:
    found = written(a_py="from b import URL\nget(URL + '/x')\n", b_py="URL = 'https://h.test'\n")
    assert "https://h.test/x" in {one.text for one in found.of("a.py")[0].phrases}


def test_keys_are_told_with_what_they_are_given() -> None:
    found = written(a_py="x = {'Bcc': 'a@b.test'}\nx['Cc'] = 'c@d.test'\nsend(track=True)\n")
    pairs = {(one.key, one.text or one.scalar) for one in found.of("a.py")[0].pairs}
    assert pairs == {("Bcc", "a@b.test"), ("Cc", "c@d.test"), ("track", True)}


def test_what_is_only_measured_is_not_returned() -> None:
    found = written(a_py="def f():\n    return 'got ' + str(len('a long text'))\n")
    returned = {one.text for one in one_named(found, "a.py", "f").returned}
    assert "a long text" not in returned
    assert "got " in returned


@pytest.mark.parametrize(
    ("code", "dropped"),
    [
        ("post(x)", True),
        ("r = post(x)", False),
        ("use(post(x))", False),
    ],
)
def test_a_call_whose_result_nobody_uses_is_told(code: str, dropped: bool) -> None:
    found = written(a_py=code).of("a.py")[0]
    assert ((1, code.index("post") + 1) in found.dropped) is dropped


@pytest.mark.parametrize(
    "code",
    ["await fetch(u);", "void fetch(u);", "fetch(u).then(() => {}).catch(() => {});"],
)
def test_promises_that_nobody_waits_for_are_dropped_too(code: str) -> None:
    found = written(a_mjs=code).of("a.mjs")[0]
    assert (1, code.index("fetch") + 1) in found.dropped


def test_the_innermost_function_is_found_by_place() -> None:
    found = written(a_py="def outer():\n    def inner():\n        go()\n    stop()\n")
    at = {line: found.at(Place("a.py", line, 9)) for line in (3, 4, 9)}
    assert [one.name if one else None for one in at.values()] == ["inner", "outer", ""]


def test_calls_are_followed_by_name_and_across_files() -> None:
    found = written(
        a_py="from b import two\ndef one():\n    two()\ndef other():\n    pass\n",
        b_py="def two():\n    three()\ndef three():\n    return 'x'\n",
    )
    names = [one.name for one in found.from_places((Place("a.py", 3, 5),))]
    assert names == ["one", "two", "three"]
