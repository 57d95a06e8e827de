"""``uvx``, ``uv tool run``, ``uv run`` and ``pipx run``: fetch Python packages and run."""

from __future__ import annotations

from ostiary.inventory import specs
from ostiary.inventory.redact import masked
from ostiary.inventory.runners import python
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import Options, leading_options, program
from ostiary.model.server import Launch, Package

_WITH_VALUE = frozenset(
    {"--from", "--with", "-w", "--with-editable", "--with-requirements", "-p", "--python"}
    | {"--index-url", "-i", "--default-index", "--index", "--extra-index-url", "-f"}
    | {"--find-links", "--directory", "--project", "--env-file", "-c", "--constraints"}
    | {"--constraint", "--overrides", "--override", "--prerelease", "--index-strategy"}
    | {"--keyring-provider", "--resolution", "--exclude-newer", "--link-mode", "--cache-dir"}
    | {"--color", "--config-file", "--refresh-package", "-P", "--upgrade-package", "--spec"}
    | {"--reinstall-package", "--no-build-package", "--no-binary-package", "--pip-args"}
    | {"--group", "--extra", "--package", "--only-group", "--no-group", "-C", "--config-setting"}
    | {"--allow-insecure-host", "--trusted-host", "-b", "--build-constraints", "--torch-backend"}
)
_INDEXES = (
    "--index-url",
    "-i",
    "--default-index",
    "--index",
    "--extra-index-url",
    "--find-links",
    "-f",
)


def _notes(options: Options) -> tuple[str, ...]:
    notes = [f"also installs {masked(one)}" for one in options.values("--with", "-w")]
    notes += [f"also installs {masked(one)}" for one in options.values("--with-editable")]
    notes += [f"packages come from {masked(one)}" for one in options.values(*_INDEXES)]
    if options.has("--allow-insecure-host", "--trusted-host"):
        notes.append("an index is not checked by TLS")
    notes += [f"reads variables from {masked(one)}" for one in options.values("--env-file")]
    return tuple(notes)


def _tool(runner: str, argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, _WITH_VALUE)
    rest = options.rest
    sources = options.values("--from", "--spec")
    if sources:
        package = specs.python(sources[0])
        return Launch(runner, package, rest[1:], notes=_notes(options))
    if not rest:
        return Launch(runner, None, (), notes=("names no package", *_notes(options)))
    return Launch(runner, specs.python(rest[0]), _operands(rest[1:]), notes=_notes(options))


def _operands(rest: tuple[str, ...]) -> tuple[str, ...]:
    return rest[1:] if rest[:1] == ("--",) else rest


def _run(argv: tuple[str, ...]) -> Launch:
    """``uv run``: a project's own command, or a script, with further packages beside it."""
    options = leading_options(argv, _WITH_VALUE)
    rest, extra = options.rest, options.values("--with", "-w")
    places = options.values("--directory", "--project")
    notes = _notes(options)
    notes += tuple(f"runs the project in {masked(place)}" for place in places[:1])
    if options.has("-m", "--module") and rest:
        inner = python.module(rest)
        return Launch("uv", inner.package, inner.arguments, notes=(*notes, *inner.notes))
    if rest and program(rest[0]) in python.NAMES:
        inner = python.read(rest[1:])
        package = inner.package or _beside(extra, "")
        return Launch("uv", package, inner.arguments, inner.shell, (*notes, *inner.notes))
    package = _beside(extra, rest[0] if rest else "")
    return Launch("uv", package, rest[1:], notes=notes)


def _beside(extra: tuple[str, ...], target: str) -> Package | None:
    """The package that brings the command, among those installed for this run."""
    packages = [specs.python(one) for one in extra]
    wanted = target.replace("_", "-").lower()
    named = [one for one in packages if one.name.replace("_", "-").lower() == wanted]
    return next(iter([*named, *packages]), None)


def _uvx(argv: tuple[str, ...]) -> Launch:
    return _tool("uvx", argv)


def _uv(argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, _WITH_VALUE)
    rest = options.rest
    before = argv[: len(argv) - len(rest)]
    if rest[:2] in {("tool", "run"), ("tool", "uvx")}:
        return _tool("uvx", (*before, *rest[2:]))
    if rest[:1] == ("run",):
        return _run((*before, *rest[1:]))
    return Launch("uv", None, rest, notes=("a use of uv that starts no server",))


def _pipx(argv: tuple[str, ...]) -> Launch:
    if argv[:1] == ("run",):
        return _tool("pipx", argv[1:])
    return Launch("pipx", None, argv, notes=("a use of pipx that starts no server",))


RUNNERS: tuple[Runner, ...] = (
    Runner(("uvx",), _uvx),
    Runner(("uv",), _uv),
    Runner(("pipx",), _pipx),
)
