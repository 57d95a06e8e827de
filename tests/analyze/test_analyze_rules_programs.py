"""Rules on programs that are started: which program, which options, which interpreter."""

from __future__ import annotations

import pytest

from analyze.judged import python, script, told
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import (
    argument_injection,
    code_evaluation,
    command_injection,
    open_target,
    program_choice,
)
from ostiary.model.check import run

OPTIONS = argument_injection.CHECK


@pytest.mark.proves("MS-19")
@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(x: str): subprocess.run(['git', 'log', x])", "high"),
        ("def t(x: str): subprocess.run(['/usr/bin/git', 'log', '--oneline', x])", "high"),
        ("def t(x: str): subprocess.run(['sudo', 'tar', 'xf', x])", "high"),
        ("def t(x: str): subprocess.run(['npx', '-y', x])", "high"),
        (
            (
                "def t(x: str):\n    args = ['git', 'log']\n    if x: args.append(x)\n"
                "    subprocess.run(args)"
            ),
            "medium",
        ),
        ("def t(x: str): subprocess.run(['mytool', x])", "low"),
        ("def t(x: str): subprocess.run(['node', 'script.js', x])", "low"),
    ],
)
def test_a_value_that_may_be_an_option_is_told(body: str, severity: str) -> None:
    assert told(python(OPTIONS, body)) == [("argument-injection", severity)]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): subprocess.run(['git', 'log', '--', x])",
        "def t(x: str): subprocess.run(['git', 'commit', '-m', x])",
        "def t(x: str): subprocess.run(['git', 'log', f'--author={x}'])",
        "def t(x: int): subprocess.run(['git', 'log', x])",
        "def t(x: Literal['a', 'b']): subprocess.run(['git', 'log', x])",
        (
            "def t(x: str):\n    if x.startswith('-'): raise ValueError\n"
            "    subprocess.run(['git', 'log', x])"
        ),
        (
            "def t(x: str):\n    if not re.fullmatch('[a-z][a-z-]*', x): raise ValueError\n"
            "    subprocess.run(['git', 'log', x])"
        ),
        "def t(x: str): subprocess.run(['git', 'log', os.path.abspath(x)])",
        "def t(x: str): subprocess.run([x, 'log'])",
    ],
)
def test_a_value_that_cannot_be_an_option_is_left_alone(body: str) -> None:
    assert not python(OPTIONS, body)


def test_options_are_read_in_scripts_and_of_libraries_too() -> None:
    assert told(script(OPTIONS, "execFileSync('git', ['log', a.x])")) == [
        ("argument-injection", "high")
    ]
    assert not script(OPTIONS, "execFileSync('git', ['log', '--', a.x])")
    before = "import git\nrepo = git.Repo('.')"
    assert told(python(OPTIONS, "def t(x: str): return repo.git.diff(x)", before)) == [
        ("argument-injection", "high")
    ]
    assert not python(OPTIONS, "def t(x: str): return repo.git.diff('--', x)", before)


SPLIT = """
function start(line) { const [program, ...words] = line.split(" "); return spawn(program, words); }
"""


@pytest.mark.parametrize(
    ("line", "rule", "severity"),
    [
        ("`git log ${a.x}`", "argument-injection", "medium"),
        ("`mytool ${a.x}`", "argument-injection", "low"),
        ("`${a.x} log`", "program-choice", "high"),
        ("a.x", "program-choice", "high"),
    ],
)
def test_a_line_that_is_split_begins_with_its_first_word(
    line: str, rule: str, severity: str
) -> None:
    for body in (f"{SPLIT} start({line})", f'const w = {line}.split(" "); spawn(w[0], w.slice(1))'):
        found = [*script(OPTIONS, body), *script(program_choice.CHECK, body)]
        assert told(found) == [(rule, severity)]


def test_a_list_that_a_shell_is_given_holds_options_too() -> None:
    body = "spawn('git', ['log', a.x], { shell: true })"
    assert told(script(OPTIONS, body)) == [("argument-injection", "high")]
    assert not script(OPTIONS, body.replace("a.x", "'--', a.x"))
    assert not script(OPTIONS, "spawn(`git log ${a.x}`, { shell: true })")


@pytest.mark.proves("MS-20")
@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): subprocess.run(['sh', '-c', 'ls ' + x])",
        "def t(x: str): subprocess.run(['/bin/bash', '-lc', f'ls {x}'])",
        "def t(x: str): subprocess.run(['cmd', '/c', 'dir', x])",
        "def t(x: str): subprocess.run(['powershell', '-Command', f'ls {x}'])",
        "def t(x: str): subprocess.run(['docker', 'exec', 'box', 'sh', '-c', 'cat ' + x])",
        "def t(x: str): subprocess.run(['ssh', '-p', '22', 'host', 'cat ' + x])",
    ],
)
def test_a_shell_in_a_list_of_arguments_is_a_shell(body: str) -> None:
    assert told(python(command_injection.CHECK, body)) == [("command-injection", "high")]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): subprocess.run(['sh', '-c', 'cat \"$0\"', x])",
        "def t(x: str): subprocess.run(['sh', 'script.sh', x])",
        "def t(x: int): subprocess.run(['sh', '-c', f'head -{x}'])",
        "def t(x: str): subprocess.run(['ls', x])",
        "def t(command: str): subprocess.run(['docker', 'exec', 'box', 'sh', '-c', command])",
    ],
)
def test_what_a_shell_does_not_read_as_a_command_is_left_alone(body: str) -> None:
    assert not python(command_injection.CHECK, body)


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): subprocess.run([sys.executable, '-c', x])",
        "def t(x: str): subprocess.run(['python3', '-c', f'print({x})'])",
        "def t(x: str): subprocess.run(['osascript', '-e', f'say {x}'])",
        "def t(x: str): subprocess.run(['node', '--eval', x])",
    ],
)
def test_code_in_a_list_of_arguments_is_code(body: str) -> None:
    expected = [] if "executable" in body else ["code-evaluation"]
    assert [one.rule for one in python(code_evaluation.CHECK, body)] == expected


def test_arguments_of_a_script_are_not_its_code() -> None:
    assert not python(
        code_evaluation.CHECK, "def t(x: str): subprocess.run(['python3', '-c', 'pass', x])"
    )


@pytest.mark.proves("MS-19")
def test_a_program_that_a_caller_chooses_is_told() -> None:
    check = program_choice.CHECK
    assert told(python(check, "def t(x: str): subprocess.run([x, '--version'])")) == [
        ("program-choice", "high")
    ]
    assert told(script(check, "spawn(a.x, ['--version'])")) == [("program-choice", "high")]
    asked = "def t(command: str): subprocess.run(command.split())"
    assert {one.severity.word for one in python(check, asked)} <= {"medium"}


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: Literal['ls', 'df']): subprocess.run([x])",
        "def t(x: str): subprocess.run(['git-' + x])",
        "def t(x: str): subprocess.run(['ls', x])",
        "def t(x: str):\n    if x not in ('ls', 'df'): raise ValueError\n    subprocess.run([x])",
    ],
)
def test_a_program_out_of_a_fixed_set_is_left_alone(body: str) -> None:
    assert not python(program_choice.CHECK, body)


REMOTE = "def t():\n    address = requests.get('https://a.example/x').json()['url']\n"


KEPT = """
const ROOT = process.env.ROOT;
const named = (name) => path.resolve(path.join(ROOT, name.replace(/[^A-Za-z0-9_]/g, "_")));
"""


def test_a_name_behind_a_folder_chooses_nothing_unless_it_leads_out() -> None:
    check = program_choice.CHECK
    assert not script(check, f'{KEPT} execFile(path.join(named(a.x), "bin", "run"), [])')
    assert not script(check, 'execFile(path.join("/opt", path.basename(a.x), "run"), [])')
    assert told(script(check, 'execFile(path.join("/opt", a.x, "run"), [])')) == [
        ("program-choice", "high")
    ]
    assert told(script(check, 'execFile(a.x.replace(/[^a-z]/g, ""), [])')) == [
        ("program-choice", "high")
    ]


def test_an_address_that_a_stranger_gave_is_not_opened_unchecked() -> None:
    check = open_target.CHECK
    assert told(python(check, REMOTE + "    webbrowser.open(address)")) == [("open-target", "high")]
    assert told(python(check, "def t(x: str): webbrowser.open(x)")) == [("open-target", "medium")]


@pytest.mark.parametrize(
    "body",
    [
        "    if not address.startswith('https://'): raise ValueError\n    webbrowser.open(address)",
        "    webbrowser.open('https://a.example/' + address)",
        "    webbrowser.open('https://a.example')",
    ],
)
def test_an_address_whose_scheme_is_known_is_opened(body: str) -> None:
    assert not python(open_target.CHECK, REMOTE + body)


SIGN_IN = """
import open from "open";
import { sanitizeUrl } from "@braintree/sanitize-url";
export class Provider {
    async redirectToAuthorization(address: URL) { BODY }
}
"""


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("await open(address.toString())", ["high"]),
        ("await open(sanitizeUrl(address.toString()))", []),
        ("const u = new URL(address); if (u.protocol === 'https:') await open(u.href)", []),
    ],
)
def test_the_address_to_sign_in_at_is_the_remote_servers(body: str, severity: list[str]) -> None:
    text = SIGN_IN.replace("BODY", body)
    facts = read_facts(Project({"s.ts": SourceFile("s.ts", text.encode())}))
    findings, failed = run((open_target.CHECK,), facts, "the server")
    assert not failed
    assert [one.severity.word for one in findings] == severity


LINES = {
    "behind a fixed word": "c = f'kubectl {x}'",
    "checked to begin so": (
        "c = x\n    if not c.startswith('kubectl '):\n        c = f'kubectl {c}'"
    ),
    "checked without its ends": (
        "c = x\n    if not c.strip().startswith('kubectl '):\n        c = 'kubectl ' + c"
    ),
    "refused otherwise": "c = x\n    if not c.startswith('kubectl'): raise ValueError",
}
OTHERS = {
    "behind nothing": "c = f'{x} get'",
    "behind a program that runs others": "c = f'bash {x}'",
    "behind one with its path": "c = f'/usr/bin/env {x}'",
    "checked to begin with such a one": "c = x\n    if not c.startswith('sudo '): raise ValueError",
    "checked the wrong way": "c = x\n    if c.startswith('kubectl '): raise ValueError",
    "behind a part of a word": "c = f'./{x}'",
}


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_a_line_that_begins_with_our_word_chooses_no_program(line: str) -> None:
    body = f"def t(x: str):\n    {line}\n    subprocess.run(shlex.split(c))"
    assert not python(program_choice.CHECK, body, "import shlex\n")


@pytest.mark.parametrize("line", OTHERS.values(), ids=list(OTHERS))
def test_any_other_line_does(line: str) -> None:
    body = f"def t(x: str):\n    {line}\n    subprocess.run(shlex.split(c))"
    checks = (program_choice.CHECK, command_injection.CHECK, argument_injection.CHECK)
    assert any(python(one, body, "import shlex\n") for one in checks)


def test_the_known_words_of_a_line_are_words_of_the_program() -> None:
    before = "import shlex\n"
    option = "def t(x: str):\n    subprocess.run(shlex.split(f'git log {x}'))"
    assert told(python(OPTIONS, option, before)) == [("argument-injection", "medium")]
    code = "def t(x: str):\n    subprocess.run(shlex.split('bash -c ') + [x])"
    assert python(command_injection.CHECK, code, before)
    whole = "def t(x: str):\n    subprocess.run(shlex.split('git log --') + [x])"
    assert not python(OPTIONS, whole, before)
