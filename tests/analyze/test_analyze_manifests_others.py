"""Bundles, registry records, hosting files, other languages, and files that run on open."""

from __future__ import annotations

import pytest

from analyze.manifest_files import first, of
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.read import MOST, left_out, manifest_gaps, read_manifests


def commands(found: Manifest) -> list[tuple[str, str]]:
    return [(one.event, one.command) for one in found.scripts]


def test_a_bundle_lists_its_tools_and_settings() -> None:
    content = {
        "manifest_version": "0.3",
        "name": "b",
        "version": "1",
        "server": {
            "type": "python",
            "entry_point": "server/main.py",
            "mcp_config": {"command": "python", "args": ["server/main.py"], "env": {"KEY": "x"}},
        },
        "tools": [{"name": "search"}, {"name": "send"}],
        "user_config": {"key": {"type": "string", "sensitive": True}},
    }
    found = first("manifest.json", content)
    assert found.ecosystem == "mcpb"
    assert found.says("tool") == ("search", "send")
    assert found.says("setting") == ("key (secret)",)
    assert found.mains == ("server/main.py",)
    assert commands(found) == [("server start", "python server/main.py")]


def test_a_manifest_of_something_else_is_left_alone() -> None:
    assert read_manifests(of({"manifest.json": {"manifest_version": 3, "name": "ext"}})) == ()
    assert read_manifests(of({"server.json": {"port": 1}})) == ()


def test_a_registry_record() -> None:
    content = {
        "name": "com.example/a",
        "version": "1",
        "packages": [
            {
                "registryType": "npm",
                "identifier": "@a/b",
                "version": "1.0.0",
                "transport": {"type": "stdio"},
                "environmentVariables": [{"name": "K", "isSecret": True}],
            }
        ],
        "remotes": [{"type": "sse", "url": "https://h.example/sse"}],
    }
    found = first("server.json", content)
    assert [(one.name, one.locked) for one in found.dependencies] == [("@a/b", "1.0.0")]
    assert found.says("environment") == ("K (secret)",)
    assert found.says("remote") == ("sse h.example",)


def test_smithery() -> None:
    text = (
        "startCommand:\n  type: stdio\n  configSchema:\n    type: object\n    required: [key]\n"
        "    properties:\n      key:\n        type: string\n  commandFunction: |-\n"
        "    (c) => ({command: 'node'})\n"
    )
    found = first("smithery.yaml", text)
    assert found.says("transport") == ("stdio",)
    assert found.says("setting") == ("key (required)",)
    assert found.scripts[0].line == 9


def test_other_languages_give_names_and_dependencies() -> None:
    cargo = first(
        "Cargo.toml", '[package]\nname = "r"\nversion = "1"\n[dependencies]\na = "=1.2"\n'
    )
    assert (cargo.name, cargo.says("language")) == ("r", ("Rust",))
    assert cargo.dependencies[0].locked == "1.2"
    go = first("go.mod", "module h.example/x\n\nrequire (\n\tg.example/a v1.2.3 // indirect\n)\n")
    assert (go.name, go.dependencies[0].name, go.dependencies[0].group) == (
        "h.example/x",
        "g.example/a",
        "optional",
    )
    sharp = first(
        "A.csproj",
        '<Project>\n<PackageId>P</PackageId>\n<PackageReference Include="Q" Version="1.0" />\n',
    )
    assert (sharp.name, sharp.dependencies[0].name) == ("P", "Q")
    pom = first(
        "pom.xml",
        "<project>\n<artifactId>j</artifactId>\n<version>2</version>\n<dependencies>\n<dependency>\n"
        "<groupId>g</groupId>\n<artifactId>a</artifactId>\n<version>1</version>\n</dependency>\n"
        "</dependencies>\n</project>\n",
    )
    assert (pom.name, pom.dependencies[0].name, pom.dependencies[0].wanted) == ("j", "g:a", "1")


def test_a_container_file() -> None:
    text = 'FROM node:20 AS build\nRUN x\nFROM build\nFROM alpine@sha256:ab\nENTRYPOINT ["node"]\n'
    found = first("Dockerfile", text)
    assert [(one.name, one.wanted, one.locked) for one in found.dependencies] == [
        ("node", "20", ""),
        ("alpine", "", "sha256:ab"),
    ]
    assert commands(found) == [("server start", '["node"]')]
    assert found.says("user") == ("root",)


OPENING: list[tuple[str, object, list[tuple[str, str]]]] = [
    (
        ".vscode/tasks.json",
        (
            '{"tasks": [{"label": "a", "command": "make"}, /* hidden */ {"label": "b", '
            '"command": "curl", "args": ["x"], "runOptions": {"runOn": "folderOpen"}}]}'
        ),
        [("folder open", "curl x")],
    ),
    (
        ".devcontainer/devcontainer.json",
        {"initializeCommand": ["sh", "a.sh"], "postCreateCommand": {"x": "npm ci"}},
        [("folder open", "sh a.sh"), ("container start", "npm ci")],
    ),
    (
        ".idea/startup.xml",
        (
            '<component name="ProjectStartupSharedConfiguration">\n'
            '<configuration id="x" name="go" />\n</component>'
        ),
        [("folder open", "run configuration go")],
    ),
    (".envrc", "export A=1\nlayout python\neval $(curl x)\n", [("folder enter", "eval $(curl x)")]),
    (".npmrc", "script-shell=./sh\n", [("package manager", "script-shell=./sh")]),
    (".yarnrc.yml", "yarnPath: .yarn/y.cjs\n", [("package manager", "yarnPath .yarn/y.cjs")]),
    (".yarnrc", 'yarn-path "./y.js"\n', [("package manager", "yarn-path ./y.js")]),
    ("bunfig.toml", 'preload = ["./p.ts"]\n', [("package manager", "preload ./p.ts")]),
    (".pnpmfile.cjs", "module.exports = {}\n", [("package manager", "node .pnpmfile.cjs")]),
    (".husky/pre-commit", "#!/bin/sh\nnpx lint-staged\n", [("git hook", "npx lint-staged")]),
    (
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: ./x.sh\n",
        [("git hook", "./x.sh")],
    ),
    (
        ".claude/settings.json",
        {"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "sh x"}]}]}},
        [("agent hook", "SessionStart: sh x")],
    ),
    (
        ".mcp.json",
        {"mcpServers": {"s": {"command": "node", "args": ["dist/index.js"]}}},
        [("agent server", "node dist/index.js")],
    ),
    (".codex/config.toml", 'notify = ["sh", "n"]\n', [("agent hook", "sh n")]),
    (
        ".cursor/hooks.json",
        {"hooks": {"beforeShellExecution": [{"command": "./h"}]}},
        [("agent hook", "beforeShellExecution: ./h")],
    ),
]


@pytest.mark.parametrize(("path", "content", "expected"), OPENING, ids=[one[0] for one in OPENING])
def test_files_that_run_code_on_open(
    path: str, content: object, expected: list[tuple[str, str]]
) -> None:
    found = first(path, content)
    assert found.ecosystem == "editor"
    assert not found.unreadable
    assert commands(found) == expected


def test_settings_that_take_questions_away() -> None:
    found = first(".vscode/settings.json", {"task.allowAutomaticTasks": "on", "git.path": "./git"})
    assert found.says("takes away a question") == ("task.allowAutomaticTasks = on",)
    assert commands(found) == [("folder open", "git.path = ./git")]
    agent = first(".claude/settings.json", {"enableAllProjectMcpServers": True})
    assert agent.says("takes away a question") == ("enableAllProjectMcpServers = true",)


def test_credentials_of_an_npmrc_are_not_kept() -> None:
    found = first(".npmrc", "//index.example/:_authToken=npm_abcdefghijklmnop\n")
    assert "npm_abc" not in repr(found)
    assert found.says("credential") == ("//index.example/:_authtoken (a literal value)",)


HOSTILE: dict[str, object] = {
    "package.json": b"\xff\xfe\x00",
    "a/package.json": "[" * 100_000,
    "b/package.json": "[1]",
    "c/package.json": '{"dependencies": [1], "scripts": "x", "bin": 3, "exports": [[[1]]]}',
    "package-lock.json": '{"packages": {"node_modules/x": 3, "y": []}}',
    "pyproject.toml": "a = [" * 5000,
    "b/pyproject.toml": "project = 3\n",
    "c/pyproject.toml": "[project]\ndependencies = 'x'\nurls = []\nscripts = 3\n",
    "setup.py": "(" * 300 + ")" * 300,
    "a/setup.py": "\0",
    "setup.cfg": "no section\n",
    "requirements.txt": "\\\n" * 5000,
    "uv.lock": "[[package]]\n" * 3000,
    "poetry.lock": '[[package]]\nname = "\n',
    "smithery.yaml": "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + "- : [\n",
    "b/smithery.yaml": "[" * 3000,
    "server.json": '{"packages": 3, "name": "x", "remotes": {}}',
    "manifest.json": '{"manifest_version": 1, "server": {"mcp_config": []}, "tools": {}}',
    "pom.xml": "<dependency>" * 1000,
    "Dockerfile": "FROM\n" * 100 + "FROM @ AS\n",
    ".vscode/tasks.json": '{"tasks": {"runOn": 1}} // "',
    ".claude/settings.json": '{"hooks": {"a": [[[[[[[[{"command": "x"}]]]]]]]]}}',
    "x.pth": b"import \xff\n",
    "PKG-INFO": "Name: a\n b\n\tc\nRequires-Dist: ===\n",
}


SLOW: dict[str, object] = {
    "a/package.json": "/*" * 500_000,
    "b/package.json": '{"a": ' + '\\"' * 500_000,
    "c/package.json": "{" + "," * 500_000,
    "d/package.json": "//" + " " * 500_000 + ",",
    "a/yarn.lock": "\n" * 2_000_000,
    "b/yarn.lock": '"' + "a@" * 500_000,
    "pnpm-lock.yaml": "packages:\n" + "  a@1:\n" * 100_000,
    "pom.xml": "<parent>" * 200_000,
    "requirements.txt": "a" * 1_000_000,
    "a/requirements.txt": "-" * 100_000,
    "pyproject.toml": "[" + "a." * 100_000 + "a]",
    "setup.cfg": "[a]\n" * 50_000,
    "PKG-INFO": "Requires-Dist: a\n" * 20_000,
    "go.mod": "require " * 100_000,
    ".envrc": "eval $(x)\n" * 50_000,
}


def test_what_is_made_to_be_slow_is_read_in_a_moment() -> None:
    """Each of these took minutes, or for ever, with a pattern that tries again at every sign."""
    assert [one.file for one in read_manifests(of(SLOW))] == sorted(SLOW)


def test_no_manifest_of_a_stranger_breaks_the_reading() -> None:
    found = read_manifests(of(HOSTILE))
    assert [one.file for one in found] == sorted(HOSTILE)
    assert not [one for one in found if any("reader failed" in why for why in one.unreadable)]


def test_what_cannot_be_read_says_why() -> None:
    reasons = {one.file: one.unreadable for one in read_manifests(of(HOSTILE))}
    assert reasons["b/package.json"] == ("it holds no object",)
    assert reasons["setup.cfg"]
    assert reasons["pyproject.toml"]
    assert reasons["b/smithery.yaml"]
    project = of(HOSTILE)
    gaps = {one.file for one in manifest_gaps(project, read_manifests(project))}
    assert {"b/package.json", "setup.cfg", "pyproject.toml"} <= gaps
    assert not manifest_gaps(of({"package.json": {}}), read_manifests(of({"package.json": {}})))


def test_an_alias_that_multiplies_is_stopped() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    found = first("smithery.yaml", "\n".join(rows))
    assert "counted" in found.unreadable[0]


def test_copies_of_dependencies_are_not_the_projects_own() -> None:
    project = of({"node_modules/x/package.json": {}, "package.json": {}})
    assert [one.file for one in read_manifests(project)] == ["package.json"]
    assert "installed dependencies" in left_out(project)[0].subject


def test_the_number_of_manifests_is_bounded_and_said() -> None:
    project = of({f"p{number:04}/package.json": "{}" for number in range(MOST + 5)})
    assert len(read_manifests(project)) == MOST
    assert "5 of 405" in left_out(project)[0].subject


def test_a_link_is_not_followed() -> None:
    from ostiary.analyze.project import Project, SourceFile

    file = SourceFile("package.json", b"{}", link="/etc/passwd")
    (found,) = read_manifests(Project({"package.json": file}))
    assert "link" in found.unreadable[0]


def test_the_same_bytes_give_the_same_manifests() -> None:
    assert read_manifests(of(HOSTILE)) == read_manifests(of(dict(reversed(HOSTILE.items()))))


def test_scripts_are_values() -> None:
    assert Script("install", "x", "f", 1, True) == Script("install", "x", "f", 1, True)
