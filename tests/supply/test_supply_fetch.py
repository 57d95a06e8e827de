"""Packages reach the cache, and nothing of them runs on the way."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Package, Pin
from ostiary.supply.fetch import Fetched, FetchLimits, Wanted, fetch
from supply.shelf import Registry, registry, source_archive, wheel

EXACT = Pin.EXACT
JS = 'process.stdout.write("started " + process.argv.slice(2).join(" "))\n'


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """An npm index on this machine, which npm is told of as a company would tell it."""
    with registry(tmp_path / "index") as shelf:
        monkeypatch.setenv("npm_config_registry", shelf.address + "/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        yield shelf


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that takes the place of an index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return folder


def scripted(name: str, version: str, marker: Path, **more: object) -> dict[str, object]:
    """A package whose every script leaves a marker."""
    touch = f"touch {marker}"
    names = ("preinstall", "install", "postinstall", "prepare", "prepublish")
    scripts = dict.fromkeys(names, touch)
    return {"name": name, "version": version, "scripts": scripts, **more}


def got(answer: Fetched | NotChecked) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


def refused(answer: Fetched | NotChecked) -> NotChecked:
    assert isinstance(answer, NotChecked), answer
    return answer


def output(found: Fetched, *words: str) -> str:
    env = {"PATH": os.environ["PATH"], **dict(found.env)}
    done = subprocess.run(
        [*found.argv, *words], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_npm_runs_no_script_of_the_package_or_its_dependencies(
    npm: Registry, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    npm.add(scripted("dep", "2.0.0", marker), {"index.js": JS})
    main = scripted("@acme/mcp", "1.2.3", marker, bin="cli.js", dependencies={"dep": "^2.0.0"})
    npm.add(main, {"cli.js": JS})
    told: list[str] = []
    package = Package("npm", "@acme/mcp", None, Pin.FLOATING)
    found = got(fetch(package, tmp_path / "cache", progress=told.append))
    assert not marker.exists()
    assert (found.version, found.digest[:7]) == ("1.2.3", "sha512-")
    assert found.notes == ("has an install script, which was not run: @acme/mcp, dep",)
    assert told == ["fetching npm:@acme/mcp (no script of it is run)"]
    assert output(found, "--flag", "x") == "started --flag x"


def test_an_exact_version_is_fetched_once(npm: Registry, tmp_path: Path) -> None:
    npm.add({"name": "one", "version": "1.0.0", "bin": "cli.js"}, {"cli.js": JS})
    npm.add({"name": "one", "version": "1.1.0", "bin": "cli.js"}, {"cli.js": JS})
    package = Package("npm", "one", "1.0.0", EXACT)
    first = got(fetch(package, tmp_path / "cache"))
    asked = len(npm.asked)
    assert got(fetch(package, tmp_path / "cache", may_fetch=False)) == first
    assert first.version == "1.0.0"
    assert len(npm.asked) == asked
    assert list((tmp_path / "cache/tmp").iterdir()) == []


def test_a_floating_version_is_asked_for_again(
    npm: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Package("npm", "one", "^1.0.0", Pin.RANGE)
    npm.add({"name": "one", "version": "1.0.0", "bin": "cli.js"}, {"cli.js": JS})
    assert got(fetch(package, tmp_path / "cache")).version == "1.0.0"
    npm.add({"name": "one", "version": "1.4.0", "bin": "cli.js"}, {"cli.js": JS})
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "second"))
    assert got(fetch(package, tmp_path / "cache")).version == "1.4.0"
    assert (
        "has not been fetched"
        in refused(fetch(package, tmp_path / "cache", may_fetch=False)).reason
    )


def test_a_dependency_on_a_repository_is_refused(npm: Registry, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    marker = tmp_path / "ran"
    manifest = {"name": "evil", "version": "1.0.0", "scripts": {"prepare": f"touch {marker}"}}
    (repository / "package.json").write_text(json.dumps(manifest))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(repository)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    needs = {"evil": f"git+file://{repository}"}
    npm.add({"name": "one", "version": "1.0.0", "bin": "c.js", "dependencies": needs}, {"c.js": JS})
    answer = refused(fetch(Package("npm", "one", None, Pin.FLOATING), tmp_path / "cache"))
    assert "could not be fetched" in answer.reason
    assert not marker.exists()


def test_a_project_file_where_the_scan_started_is_not_obeyed(
    npm: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "ran"
    npm.add(scripted("one", "1.0.0", marker, bin="cli.js"), {"cli.js": JS})
    hostile = tmp_path / "project"
    hostile.mkdir()
    (hostile / ".npmrc").write_text("ignore-scripts=false\nregistry=http://127.0.0.1:9/\n")
    (hostile / "package.json").write_text('{"dependencies": {"two": "*"}}')
    monkeypatch.chdir(hostile)
    assert got(fetch(Package("npm", "one", None, Pin.FLOATING), hostile / "cache")).version
    assert not marker.exists()


def test_what_npm_cannot_get_is_not_checked_and_tells_no_secret(
    npm: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = npm.address.replace("http://", "http://user:hunter2secret@")
    monkeypatch.setenv("npm_config_registry", address + "/")
    answer = refused(fetch(Package("npm", "absent", None, Pin.FLOATING), tmp_path / "cache"))
    assert "404" in answer.reason
    assert answer.subject == "npm:absent"
    assert "hunter2secret" not in repr(answer)


def test_no_network_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    answer = refused(fetch(Package("npm", "one", "1.0.0", EXACT), tmp_path / "cache"))
    assert "ECONNREFUSED" in answer.reason


def test_a_program_outside_its_package_is_not_started(npm: Registry, tmp_path: Path) -> None:
    npm.add({"name": "one", "version": "1.0.0", "bin": {"one": "../../../x.js"}}, {"a.js": JS})
    answer = refused(fetch(Package("npm", "one", None, Pin.FLOATING), tmp_path / "cache"))
    assert answer.reason == "the package has no program to start"


def test_several_programs_need_a_choice(npm: Registry, tmp_path: Path) -> None:
    programs = {"alpha": "a.js", "beta": "b.js"}
    npm.add({"name": "one", "version": "1.0.0", "bin": programs}, {"a.js": JS, "b.js": JS})
    package = Package("npm", "one", "1.0.0", EXACT)
    cache = tmp_path / "cache"
    assert "several programs (alpha, beta)" in refused(fetch(package, cache)).reason
    chosen = got(fetch(package, cache, wanted=Wanted("beta")))
    assert chosen.argv[-1].endswith("/one/b.js")
    assert "no program 'gamma'" in refused(fetch(package, cache, wanted=Wanted("gamma"))).reason
    assert (
        "not the name of a program"
        in refused(fetch(package, cache, wanted=Wanted("--eval"))).reason
    )


def test_a_wheel_is_unpacked_and_its_program_found(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "dep", "3.0", ())
    wheel(wheels, "mcp-one", "1.5", ("mcp-one", "other"), ("dep",))
    package = Package("pypi", "mcp_one", None, Pin.FLOATING)
    found = got(fetch(package, tmp_path / "cache"))
    assert found.version == "1.5"
    assert found.digest.startswith("sha256:")
    assert output(found, "--x") == "started --x"
    again = got(fetch(package, tmp_path / "other-cache"))
    assert again.digest == found.digest


def test_what_must_be_built_is_not_checked(wheels: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    source_archive(wheels, "builtpkg", "1.0", marker)
    answer = refused(fetch(Package("pypi", "builtpkg", None, Pin.FLOATING), tmp_path / "cache"))
    assert "only a source archive" in answer.reason
    assert not marker.exists()


def test_extras_and_companions_are_fetched_too(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "companion", "1.0", ())
    wheel(wheels, "mcp-one", "1.5", ("run-it",))
    package = Package("pypi", "mcp-one", "1.5", EXACT)
    wanted = Wanted("run-it", ("cli",), ("companion==1.0",))
    found = got(fetch(package, tmp_path / "cache", wanted=wanted))
    site = Path(dict(found.env)["PYTHONPATH"])
    assert (site / "companion/__init__.py").is_file()
    alone = got(fetch(package, tmp_path / "cache", wanted=Wanted("run-it")))
    assert not (Path(dict(alone.env)["PYTHONPATH"]) / "companion").exists()


def test_one_fetch_at_a_time(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "mcp-one", "1.5", ("mcp-one",))
    package = Package("pypi", "mcp-one", "1.5", EXACT)
    told: list[str] = []
    answers: list[Fetched | NotChecked] = []

    def one() -> None:
        answers.append(fetch(package, tmp_path / "cache", progress=told.append))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert answers == [got(answers[0])] * 4


def test_a_package_that_is_too_big_is_not_kept(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "mcp-one", "1.5", ("mcp-one",))
    package = Package("pypi", "mcp-one", "1.5", EXACT)
    limits = FetchLimits(tree_files=3)
    answer = refused(fetch(package, tmp_path / "cache", limits))
    assert "larger than" in answer.reason
    assert not (tmp_path / "cache/pypi").exists()


def test_a_cache_that_cannot_be_written_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    answer = refused(fetch(Package("npm", "one", None, Pin.FLOATING), tmp_path / "cache"))
    assert answer.remedy == "free space, or name another folder for the cache"


@pytest.mark.parametrize(
    "package",
    [
        Package("npm", "--registry=http://x", None, Pin.FLOATING),
        Package("npm", "../evil", None, Pin.FLOATING),
        Package("npm", "one", "file:../evil", Pin.UNKNOWN),
        Package("npm", "one", "npm:evil@1", Pin.UNKNOWN),
        Package("npm", "http://x/y.tgz", None, Pin.FLOATING),
        Package("npm", "user/repo", None, Pin.FLOATING),
        Package("npm", "a b", None, Pin.FLOATING),
        Package("pypi", "-r/etc/passwd", None, Pin.FLOATING),
        Package("pypi", "./evil", None, Pin.FLOATING),
        Package("pypi", "one", "@ http://x/y.whl", Pin.UNKNOWN),
        Package("pypi", "one", "1.0; python_version > '3'", Pin.UNKNOWN),
        Package("pypi", "one\n--index-url=http://x", None, Pin.FLOATING),
        Package("git", "https://example.com/x", None, Pin.FLOATING),
        Package("cargo", "one", None, Pin.FLOATING),
    ],
)
def test_what_is_no_package_of_an_index_never_reaches_a_tool(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = refused(fetch(package, tmp_path / "cache"))
    assert "not found on this machine" not in answer.reason
