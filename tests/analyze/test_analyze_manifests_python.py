"""Manifests and lock files of Python packages. Nothing in them is ever run."""

from __future__ import annotations

from analyze.manifest_files import first

PYPROJECT = """
[build-system]
requires = ["setuptools>=70", "helper @ https://u:p@host.example/h.whl"]
build-backend = "own_backend"
backend-path = ["build_tools"]

[project]
name = "a-server"
version = "0.3"
license = "Apache-2.0"
dependencies = [
  "mcp>=1.2",
  "httpx==0.28.1",
]

[project.optional-dependencies]
web = ["starlette"]

[project.scripts]
a-server = "a_server:main"

[project.urls]
Source = "https://host.example/a/server"

[dependency-groups]
dev = ["pytest"]

[tool.hatch.build.hooks.custom]
path = "hooks/build.py"

[tool.uv.sources]
mcp = { git = "https://host.example/mcp" }
"""


def test_pyproject_says_what_it_is() -> None:
    found = first("pyproject.toml", PYPROJECT)
    assert (found.name, found.version, found.licence) == ("a-server", "0.3", "Apache-2.0")
    assert found.repository == "https://host.example/a/server"
    assert found.programs == (("a-server", "a_server:main"),)
    groups = {one.name: one.group for one in found.dependencies}
    assert groups == {
        "mcp": "runtime",
        "httpx": "runtime",
        "starlette": "optional",
        "pytest": "development",
        "setuptools": "build",
        "helper": "build",
    }
    assert {one.name: one.locked for one in found.dependencies}["httpx"] == "0.28.1"
    assert not any("u:p" in one.wanted for one in found.dependencies)
    assert found.says("source") == ("mcp from https://host.example/mcp",)


def test_code_that_runs_when_it_is_built() -> None:
    found = [one.command for one in first("pyproject.toml", PYPROJECT).scripts]
    assert found == ["own_backend from build_tools", "python hooks/build.py"]


def test_poetry() -> None:
    text = (
        '[tool.poetry]\nname = "p"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
        'a = "^1"\nb = { git = "https://host.example/b" }\nc = "==1.2"\n'
        '[tool.poetry.group.dev.dependencies]\nd = "*"\n'
        '[tool.poetry.build]\nscript = "build.py"\n'
    )
    found = first("pyproject.toml", text)
    assert [(one.name, one.wanted, one.group, one.locked) for one in found.dependencies] == [
        ("a", "^1", "runtime", ""),
        ("b", "git+https://host.example/b", "runtime", ""),
        ("c", "==1.2", "runtime", "1.2"),
        ("d", "*", "development", ""),
    ]
    assert [one.line for one in found.dependencies] == [6, 7, 8, 10]
    assert [one.command for one in found.scripts] == ["python build.py"]


def test_setup_py_is_read_and_not_run() -> None:
    text = (
        "import os, setuptools\nos.abort()\nREQUIRES = ['requests>=2', 'rich==14.0']\n"
        "class Own(object): pass\n"
        "setuptools.setup(\n  name='s', version=read('V'), install_requires=REQUIRES,\n"
        "  entry_points={'console_scripts': ['s = s:main']},\n  cmdclass={'install': Own},\n)\n"
    )
    found = first("setup.py", text)
    assert (found.name, found.version) == ("s", "")
    assert found.unreadable == ("version is computed, not literal",)
    assert [(one.name, one.locked) for one in found.dependencies] == [
        ("requests", ""),
        ("rich", "14.0"),
    ]
    assert found.programs == (("s", "s:main"),)
    assert [one.event for one in found.scripts] == ["setup.py", "setup.py command"]


def test_setup_cfg() -> None:
    text = (
        "[metadata]\nname = s\nversion = attr: s.VERSION\nlicense = MIT\n[options]\n"
        "install_requires =\n  a>=1\n  b==2\n[options.entry_points]\nconsole_scripts =\n  s = s:m\n"
    )
    found = first("setup.cfg", text)
    assert (found.name, found.version, found.programs) == ("s", "", (("s", "s:m"),))
    assert [(one.name, one.locked, one.line) for one in found.dependencies] == [
        ("a", "", 7),
        ("b", "2", 8),
    ]


def test_requirements_with_every_form() -> None:
    text = (
        "# comment\na==1.0 \\\n  --hash=sha256:abc\nb>=2  # more\n-e ./local\n"
        "--extra-index-url https://u:p@index.example/simple\n-r other.txt\n"
        "git+https://tok@host.example/c.git@main#egg=c\nd @ https://host.example/d.whl\n"
    )
    found = first("requirements-dev.txt", text)
    assert [(one.name, one.wanted, one.locked, one.line) for one in found.dependencies] == [
        ("a", "==1.0", "1.0", 2),
        ("b", ">=2", "", 4),
        ("", "./local", "", 5),
        ("c", "git+https://host.example/c.git@main#egg=c", "", 8),
        ("d", "https://host.example/d.whl", "", 9),
    ]
    assert found.dependencies[0].integrity == "sha256:abc"
    assert {one.group for one in found.dependencies} == {"development"}
    assert found.says("index") == ("--extra-index-url index.example",)


def test_uv_and_poetry_locks() -> None:
    uv = (
        'version = 1\n\n[[package]]\nname = "own"\nversion = "0.1"\nsource = { editable = "." }\n\n'
        '[[package]]\nname = "httpx"\nversion = "0.28.1"\n'
        'source = { registry = "https://index.example/simple" }\ndependencies = [\n'
        '    { name = "anyio" },\n]\n'
        'sdist = { url = "https://f.example/h.tar.gz", hash = "sha256:abc", size = 1 }\n\n'
        '[[package]]\nname = "b"\nversion = "2"\n'
        'source = { git = "https://h.example/b?rev=1" }\n'
    )
    found = first("uv.lock", uv)
    assert [(one.name, one.locked, one.resolved) for one in found.dependencies] == [
        ("httpx", "0.28.1", "index.example"),
        ("b", "2", "git+https://h.example/b"),
    ]
    assert found.dependencies[0].integrity == "sha256:abc"
    poetry = (
        '[[package]]\nname = "a"\nversion = "1.1"\ndescription = "x"\nfiles = [\n'
        '    {file = "a.whl", hash = "sha256:x"},\n]\n\n[package.dependencies]\nversion = ">=9"\n\n'
        '[[package]]\nname = "g"\nversion = "2"\n\n[package.source]\ntype = "git"\n'
        'url = "https://host.example/g.git"\n'
    )
    a, g = first("poetry.lock", poetry).dependencies
    assert (a.name, a.locked, a.integrity) == ("a", "1.1", "sha256:x")
    assert (g.name, g.locked, g.resolved) == ("g", "2", "https://host.example/g.git")


def test_pipfiles() -> None:
    found = first("Pipfile", '[packages]\na = "*"\nb = {git = "https://h.example/b"}\n')
    assert [(one.name, one.wanted) for one in found.dependencies] == [
        ("a", "*"),
        ("b", "git+https://h.example/b"),
    ]
    lock = {"default": {"a": {"version": "==1.5", "hashes": ["sha256:z"]}}}
    (one,) = first("Pipfile.lock", lock).dependencies
    assert (one.locked, one.integrity) == ("1.5", "sha256:z")


def test_metadata_of_a_wheel() -> None:
    text = (
        "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nLicense: MIT\n"
        "Classifier: License :: OSI Approved :: Apache Software License\n"
        "Project-URL: Source, https://host.example/a\nRequires-Dist: b (>=2)\n"
        'Requires-Dist: c; extra == "web"\nRequires-Python: >=3.11\n\nRequires-Dist: not\n'
    )
    found = first("a-1.0.dist-info/METADATA", text)
    assert (found.name, found.version, found.licence) == ("a", "1.0", "MIT")
    assert found.repository == "https://host.example/a"
    assert [(one.name, one.group, one.line) for one in found.dependencies] == [
        ("b", "runtime", 7),
        ("c", "optional", 8),
    ]


def test_lines_that_python_runs_at_every_start() -> None:
    found = first("evil.pth", "./lib\nimport os; os.system('x')\n")
    assert [(one.event, one.line, one.automatic) for one in found.scripts] == [
        ("python start", 2, True)
    ]
    assert first("lib/sitecustomize.py", "print(1)\n").scripts
    assert not first("lib/sitecustomize.py", "\n").scripts
    assert not first("names.pth", "/usr/lib/x\n# import y\n").scripts
