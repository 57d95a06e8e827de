"""Module specifiers lead to the files Node and TypeScript would take, or nowhere."""

from __future__ import annotations

import json

import pytest

from analyze.scripts import project
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.typescript.resolve import ScriptPaths

FILES = {
    "package.json": json.dumps({"name": "root", "workspaces": ["packages/*"]}),
    "tsconfig.json": """{
        // comments and a trailing comma
        "extends": "./tsconfig.base.json",
        "compilerOptions": {
            "baseUrl": ".",
            "paths": {"@/*": ["src/*"], "config": ["src/conf.ts"],}
        },
    }""",
    "src/index.ts": "",
    "src/a.ts": "",
    "src/b.js": "",
    "src/c.mts": "",
    "src/d.d.ts": "",
    "src/conf.ts": "",
    "src/both.ts": "",
    "src/both.js": "",
    "src/folder/index.tsx": "",
    "src/data.json": "{}",
    "packages/core/package.json": json.dumps(
        {
            "name": "@x/core",
            "main": "dist/index.js",
            "exports": {
                ".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"},
                "./sub/*": "./dist/sub/*.js",
                "./sub/fixed": ["./nowhere.js", {"default": "./dist/sub/one.js"}],
            },
            "imports": {"#own": "./dist/own.js", "#deep/*.js": "./src/deep/*.ts"},
        }
    ),
    "packages/core/src/index.ts": "",
    "packages/core/src/own.ts": "",
    "packages/core/src/sub/one.ts": "",
    "packages/core/src/deep/two.ts": "",
    "packages/core/tsconfig.json": '{"extends": "../../tsconfig.json"}',
    "packages/built/package.json": json.dumps({"name": "built", "main": "./dist"}),
    "packages/built/dist/index.cjs": "",
    "packages/bare/package.json": json.dumps({"name": "bare"}),
    "packages/bare/index.js": "",
    "packages/bare/lib/x.js": "",
    "node_modules/vendored/package.json": json.dumps({"name": "vendored"}),
    "node_modules/vendored/index.js": "",
}


@pytest.mark.parametrize(
    ("importing", "specifier", "found"),
    [
        ("src/index.ts", "./a", "src/a.ts"),
        ("src/index.ts", "./a.js", "src/a.ts"),
        ("src/index.ts", "./a.ts", "src/a.ts"),
        ("src/index.ts", "./c.mjs", "src/c.mts"),
        ("src/index.ts", "./b", "src/b.js"),
        ("src/index.ts", "./b.js?raw", "src/b.js"),
        ("src/index.ts", "./both.js", "src/both.ts"),
        ("src/b.js", "./both.js", "src/both.js"),
        ("src/index.ts", "./folder", "src/folder/index.tsx"),
        ("src/index.ts", "./folder/", "src/folder/index.tsx"),
        ("src/folder/index.tsx", "..", "src/index.ts"),
        ("src/folder/index.tsx", "../a.js", "src/a.ts"),
        ("src/index.ts", "./d", None),
        ("src/index.ts", "./data.json", None),
        ("src/index.ts", "../../outside", None),
        ("src/index.ts", "./missing", None),
        ("src/index.ts", "/src/a", None),
        ("src/index.ts", "", None),
        ("src/index.ts", "@/folder", "src/folder/index.tsx"),
        ("src/index.ts", "config", "src/conf.ts"),
        ("src/index.ts", "src/a", "src/a.ts"),
        ("packages/core/src/index.ts", "@/a", "src/a.ts"),
        ("src/index.ts", "@x/core", "packages/core/src/index.ts"),
        ("src/index.ts", "@x/core/sub/one", "packages/core/src/sub/one.ts"),
        ("src/index.ts", "@x/core/sub/fixed", "packages/core/src/sub/one.ts"),
        ("packages/core/src/index.ts", "#own", "packages/core/src/own.ts"),
        ("packages/core/src/index.ts", "#deep/two.js", "packages/core/src/deep/two.ts"),
        ("src/index.ts", "#own", None),
        ("src/index.ts", "built", "packages/built/dist/index.cjs"),
        ("src/index.ts", "bare", "packages/bare/index.js"),
        ("src/index.ts", "bare/lib/x", "packages/bare/lib/x.js"),
        ("src/index.ts", "vendored", None),
        ("src/index.ts", "express", None),
        ("src/index.ts", "@x/other", None),
        ("src/index.ts", "node:fs", None),
        ("src/index.ts", "fs", None),
        ("src/index.ts", "x" * 5000, None),
    ],
)
def test_a_specifier_leads_to(importing: str, specifier: str, found: str | None) -> None:
    paths = ScriptPaths(project(FILES))
    assert paths.resolve(importing, specifier) == found
    assert paths.resolve(importing, specifier) == found


def test_links_are_not_followed() -> None:
    link = SourceFile("src/a.ts", b"", link="../../etc/passwd")
    files = Project({"src/a.ts": link, "src/b.ts": SourceFile("src/b.ts", b"")})
    assert ScriptPaths(files).resolve("src/b.ts", "./a") is None


def test_broken_and_circular_configuration_is_passed_over() -> None:
    paths = ScriptPaths(
        project(
            {
                "tsconfig.json": '{"extends": "./other.json"}',
                "other.json": '{"extends": ["./tsconfig.json"], "compilerOptions": {"paths": []}}',
                "package.json": "[" * 100_000,
                "a/tsconfig.json": '{"compilerOptions": {"paths": {"*": [1, "../../out/*"]}}}',
                "a/x.ts": "",
                "b.ts": "",
            }
        )
    )
    assert paths.resolve("b.ts", "./a/x") == "a/x.ts"
    assert paths.resolve("b.ts", "c") is None
    assert paths.resolve("a/x.ts", "c") is None
