"""Manifests and lock files of npm, Yarn, pnpm and Deno."""

from __future__ import annotations

from analyze.manifest_files import first

PACKAGE = """{
  "name": "@scope/server",
  "version": "1.2.3",
  "description": "Does things",
  "license": "MIT",
  "repository": {"type": "git", "url": "git+https://user:token@host.example/a/b.git"},
  "author": "Ann <ann@host.example>",
  "bin": {"server": "dist/index.js"},
  "main": "dist/main.js",
  "exports": {".": {"types": "./dist/a.d.ts", "import": "./dist/a.js"}, "./x": "./dist/x.js"},
  "files": ["dist"],
  "os": ["darwin"],
  "workspaces": ["packages/*"],
  "publishConfig": {"registry": "https://index.example/"},
  "scripts": {
    "build": "tsc",
    "postinstall": "node scripts/setup.js",
    "prepare": "husky"
  },
  "dependencies": {
    "left": "^1.0.0",
    "direct": "git+https://user:secret@host.example/x/y.git#main"
  },
  "devDependencies": {"vitest": "*"},
  "peerDependencies": {"zod": ">=3"},
  "optionalDependencies": {"fsevents": "2.3.3"}
}
"""


def test_a_package_says_what_it_is() -> None:
    found = first("package.json", PACKAGE)
    assert (found.ecosystem, found.name, found.version) == ("npm", "@scope/server", "1.2.3")
    assert found.licence == "MIT"
    assert found.repository == "git+https://host.example/a/b.git"
    assert found.programs == (("server", "dist/index.js"),)
    assert found.mains == ("dist/main.js", "./dist/a.js", "./dist/x.js")
    assert found.publishes_to == "https://index.example/"
    assert found.says("operating system") == ("darwin",)
    assert found.says("workspace") == ("packages/*",)
    assert not found.unreadable


def test_dependencies_have_their_group_and_line_and_no_credentials() -> None:
    found = {one.name: one for one in first("package.json", PACKAGE).dependencies}
    lines = PACKAGE.split("\n")
    assert {name: one.group for name, one in found.items()} == {
        "left": "runtime",
        "direct": "runtime",
        "vitest": "development",
        "zod": "peer",
        "fsevents": "optional",
    }
    assert all(f'"{name}"' in lines[one.line - 1] for name, one in found.items())
    assert "secret" not in found["direct"].wanted


def test_scripts_that_run_on_installation_are_told_apart() -> None:
    found = {one.event: one for one in first("package.json", PACKAGE).scripts}
    assert found["postinstall"].automatic
    assert found["prepare"].automatic
    assert not found["build"].automatic
    assert "postinstall" in PACKAGE.split("\n")[found["postinstall"].line - 1]


def test_a_key_that_stands_twice_is_named_and_the_last_one_counts() -> None:
    text = '{"name": "a", "scripts": {"install": "x"}, "scripts": {"install": "y"}}'
    found = first("package.json", text)
    assert found.says("twice") == ("scripts",)
    assert [one.command for one in found.scripts] == ["y"]


def test_an_old_package_lock_and_a_new_one_say_the_same() -> None:
    entry = {
        "version": "1.0.1",
        "resolved": "https://index.example/left/-/left-1.0.1.tgz",
        "integrity": "sha512-abc",
    }
    new = {"lockfileVersion": 3, "packages": {"": {"name": "x"}, "node_modules/left": entry}}
    old = {"lockfileVersion": 1, "dependencies": {"left": entry}}
    for content in (new, old):
        (one,) = first("package-lock.json", content).dependencies
        assert (one.name, one.locked, one.integrity) == ("left", "1.0.1", "sha512-abc")
        assert one.resolved == "index.example"


def test_a_locked_dependency_with_an_install_script_is_listed() -> None:
    entry = {"version": "1.0.0", "hasInstallScript": True}
    found = first("package-lock.json", {"packages": {"node_modules/a/node_modules/@s/b": entry}})
    assert [(one.event, one.command) for one in found.scripts] == [("dependency install", "@s/b")]


def test_yarn_locks_of_both_generations() -> None:
    one = (
        'left@^1.0.0, left@^1.0.1:\n  version "1.0.1"\n'
        '  resolved "https://index.example/left.tgz#abc"\n  integrity sha512-abc\n\n'
        '"@s/b@~2.0":\n  version "2.0.3"\n  resolved "git+ssh://git@host.example/b.git#123"\n'
    )
    two = (
        '__metadata:\n  version: 6\n\n"left@npm:^1.0.0":\n  version: 1.0.1\n'
        '  resolution: "left@npm:1.0.1"\n  checksum: abc\n  languageName: node\n\n'
        '"own@workspace:.":\n  version: 0.0.0\n  resolution: "own@workspace:."\n'
    )
    left, other = first("yarn.lock", one).dependencies
    assert (left.name, left.locked, left.resolved) == ("left", "1.0.1", "index.example")
    assert (other.name, other.locked) == ("@s/b", "2.0.3")
    assert other.resolved == "git+ssh://host.example/b.git#123"
    assert [(d.name, d.locked) for d in first("yarn.lock", two).dependencies] == [("left", "1.0.1")]


def test_pnpm_locks() -> None:
    text = (
        "lockfileVersion: '9.0'\n\nimporters:\n  .:\n    dependencies:\n      left:\n"
        "        specifier: ^1\n        version: 1.0.1\n\npackages:\n\n"
        "  '@s/b@2.0.3(react@18.0.0)':\n    resolution: {integrity: sha512-b}\n\n"
        "  left@1.0.1:\n    resolution: {integrity: sha512-a}\n    requiresBuild: true\n\n"
        "snapshots:\n\n  left@1.0.1: {}\n"
    )
    found = first("pnpm-lock.yaml", text)
    assert [(one.name, one.locked, one.integrity) for one in found.dependencies] == [
        ("@s/b", "2.0.3", "sha512-b"),
        ("left", "1.0.1", "sha512-a"),
    ]
    assert [one.command for one in found.scripts] == ["left"]
    old = "packages:\n\n  /left/1.0.1:\n    resolution: {integrity: sha512-a}\n    dev: true\n"
    (one,) = first("pnpm-lock.yaml", old).dependencies
    assert (one.name, one.locked, one.group) == ("left", "1.0.1", "development")


def test_deno_with_comments() -> None:
    text = '{\n  // ours\n  "imports": {"a": "npm:@s/a@^1.2", "b": "jsr:@x/b@1",},\n}\n'
    found = first("deno.jsonc", text)
    assert [(one.ecosystem, one.name, one.wanted) for one in found.dependencies] == [
        ("npm", "@s/a", "^1.2"),
        ("deno", "@x/b", "1"),
    ]


def test_names_and_urls_of_comments_inside_strings_survive() -> None:
    text = '{"name": "a//b", "homepage": "https://x.example/*y*/", /* c */ "version": "1",}'
    found = first("package.json", text)
    assert (found.name, found.homepage) == ("a//b", "https://x.example/*y*/")
