"""An import means the file that Python would load, in every usual layout."""

from __future__ import annotations

import pytest

from ostiary.analyze.python.resolve import PythonPaths

SRC = PythonPaths(
    [
        "src/pkg/__init__.py",
        "src/pkg/server.py",
        "src/pkg/tools/__init__.py",
        "src/pkg/tools/git.py",
        "src/pkg/json.py",
        "src/pkg/stub.pyi",
        "src/pkg/server.pyi",
        "src/space/inner/leaf.py",
        "tests/conftest.py",
        "tests/mcp/__init__.py",
        "tests/support.py",
        "tests/test_a.py",
        "run.py",
    ]
)


@pytest.mark.parametrize(
    ("importing", "module", "wanted"),
    [
        ("src/pkg/server.py", "pkg.tools.git", "src/pkg/tools/git.py"),
        ("src/pkg/server.py", "pkg.tools", "src/pkg/tools/__init__.py"),
        ("src/pkg/server.py", "pkg", "src/pkg/__init__.py"),
        ("src/pkg/server.py", ".tools.git", "src/pkg/tools/git.py"),
        ("src/pkg/server.py", ".", "src/pkg/__init__.py"),
        ("src/pkg/tools/git.py", "..server", "src/pkg/server.py"),
        ("src/pkg/tools/__init__.py", ".git", "src/pkg/tools/git.py"),
        ("src/pkg/tools/git.py", "..", "src/pkg/__init__.py"),
        ("src/pkg/server.py", ".....x", None),
        ("run.py", "..pkg", None),
        ("run.py", "pkg.server", "src/pkg/server.py"),
        ("tests/test_a.py", "pkg.server", "src/pkg/server.py"),
        ("tests/test_a.py", "support", "tests/support.py"),
        ("src/pkg/server.py", "space.inner.leaf", "src/space/inner/leaf.py"),
        ("src/pkg/server.py", "space.inner", None),
        ("src/pkg/server.py", "pkg.stub", "src/pkg/stub.pyi"),
        ("src/pkg/server.py", "pkg.missing", None),
        ("src/pkg/server.py", "requests", None),
        ("src/pkg/server.py", "json", None),
        ("src/pkg/server.py", "mcp", None),
        ("src/pkg/server.py", "support", None),
        ("src/pkg/server.py", "git", None),
        ("src/pkg/server.py", "", None),
        ("src/pkg/tools/git.py", "server", None),
        ("src/pkg/tools/git.py", "git", None),
    ],
)
def test_a_project_with_src(importing: str, module: str, wanted: str | None) -> None:
    assert SRC.resolve(importing, module) == wanted


def test_scripts_beside_each_other() -> None:
    paths = PythonPaths(["a/server.py", "a/tools.py", "a/json.py", "b/server.py", "b/tools.py"])
    assert paths.resolve("a/server.py", "tools") == "a/tools.py"
    assert paths.resolve("b/server.py", "tools") == "b/tools.py"
    assert paths.resolve("a/server.py", "json") == "a/json.py"
    assert paths.resolve("b/server.py", "json") is None


def test_a_script_inside_a_package_finds_its_neighbours_last() -> None:
    paths = PythonPaths(["s/__init__.py", "s/server.py", "s/tools.py", "s/config.py", "config.py"])
    assert paths.resolve("s/server.py", "tools") == "s/tools.py"
    assert paths.resolve("s/server.py", "config") == "config.py"


def test_a_repository_of_several_packages() -> None:
    paths = PythonPaths(
        [
            "packages/a/src/common/__init__.py",
            "packages/a/src/a/__init__.py",
            "packages/b/src/common/__init__.py",
            "packages/b/src/b/__init__.py",
            "packages/b/src/b/x.py",
            "packages/x/src/company/x/__init__.py",
            "packages/y/src/company/y/__init__.py",
        ]
    )
    x = "packages/b/src/b/x.py"
    assert paths.resolve(x, "common") == "packages/b/src/common/__init__.py"
    assert paths.resolve(x, "a") == "packages/a/src/a/__init__.py"
    company = "packages/x/src/company/x/__init__.py"
    assert paths.resolve(company, "company.y") == "packages/y/src/company/y/__init__.py"


def test_a_wheel() -> None:
    paths = PythonPaths(
        ["pkg/__init__.py", "pkg/a.py", "pkg-1.0.data/purelib/other/__init__.py", "single.py"]
    )
    assert paths.resolve("pkg/a.py", "other") == "pkg-1.0.data/purelib/other/__init__.py"
    assert paths.resolve("pkg/a.py", "single") == "single.py"


def test_submodules() -> None:
    assert SRC.submodule("src/pkg/__init__.py", "tools") == "src/pkg/tools/__init__.py"
    assert SRC.submodule("src/pkg/__init__.py", "server") == "src/pkg/server.py"
    assert SRC.submodule("src/pkg/__init__.py", "main") is None
    assert SRC.submodule("src/pkg/server.py", "tools") is None
    assert SRC.submodule("run.py", "pkg") is None
    assert PythonPaths(["__init__.py", "a.py"]).submodule("__init__.py", "a") == "a.py"


def test_members_of_a_folder_without_a_package() -> None:
    assert SRC.member("run.py", "space.inner", "leaf") == "src/space/inner/leaf.py"
    assert SRC.member("src/pkg/server.py", ".", "tools") == "src/pkg/tools/__init__.py"


def test_many_files_of_one_name_cost_no_more_than_few() -> None:
    paths = PythonPaths([f"d{i}/a/__init__.py" for i in range(5000)])
    assert paths.resolve("e/x.py", "a.missing") is None
    assert paths.resolve("d7/x.py", "a") == "d7/a/__init__.py"
