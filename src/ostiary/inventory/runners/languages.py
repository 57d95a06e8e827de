"""Go, Rust, .NET, Java and the scripting languages."""

from __future__ import annotations

from ostiary.inventory import specs
from ostiary.inventory.redact import masked
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import leading_options
from ostiary.model.server import Launch, Package, Pin


def _at(ecosystem: str, spec: str) -> Package:
    name, at, version = spec.partition("@")
    return Package(ecosystem, name, version or None, specs.npm_pin(version if at else None))


def _go(argv: tuple[str, ...]) -> Launch:
    if argv[:1] != ("run",):
        return Launch("go", None, argv)
    options = leading_options(argv[1:], frozenset({"-exec", "-C", "-mod", "-tags", "-ldflags"}))
    if not options.rest:
        return Launch("go", None, ())
    target = options.rest[0]
    if target.startswith((".", "/")) or target.endswith(".go"):
        return Launch("go", None, options.rest[1:], notes=(f"runs {masked(target)}",))
    return Launch("go", _at("go", target), options.rest[1:])


def _cargo(argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv[1:], frozenset({"--manifest-path", "--bin", "-p", "--package"}))
    place = next(iter(options.values("--manifest-path")), "its working directory")
    return Launch("cargo", None, options.rest, notes=(f"builds and runs {masked(place)}",))


_DOTNET_VALUE = frozenset(
    {
        "--project",
        "--version",
        "--source",
        "--add-source",
        "--configfile",
        "-c",
        "-f",
        "--framework",
    }
)


def _dnx(argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, _DOTNET_VALUE)
    if not options.rest:
        return Launch("dotnet", None, ())
    package = _at("nuget", options.rest[0])
    rest = options.rest[1:]
    after = leading_options(rest, _DOTNET_VALUE)
    version = next(iter((*options.values("--version"), *after.values("--version"))), None)
    if version and package.version is None:
        package = Package("nuget", package.name, version, specs.npm_pin(version))
    notes = tuple(
        f"packages come from {masked(one)}"
        for one in (
            *options.values("--source", "--add-source"),
            *after.values("--source", "--add-source"),
        )
    )
    return Launch("dotnet", package, after.rest, notes=notes)


def _dotnet(argv: tuple[str, ...]) -> Launch:
    if argv[:2] in {("tool", "run"), ("tool", "exec"), ("tool", "execute")}:
        inner = _dnx(argv[2:])
        if argv[1] == "run" and inner.package is not None:
            package = Package("nuget", inner.package.name, None, Pin.LOCAL)
            return Launch("dotnet", package, inner.arguments, notes=inner.notes)
        return inner
    if argv[:1] == ("run",):
        options = leading_options(argv[1:], _DOTNET_VALUE)
        place = next(iter(options.values("--project")), "its working directory")
        return Launch("dotnet", None, options.rest, notes=(f"builds and runs {masked(place)}",))
    return _file("dotnet", argv)


def _java(argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, frozenset({"-jar", "-cp", "-classpath", "--class-path", "-p"}))
    jar = next(iter(options.values("-jar")), None)
    notes = [f"runs {masked(jar)}"] if jar else []
    notes += [
        f"loads the agent {masked(one.name)}"
        for one in options.options
        if one.name.startswith(("-javaagent", "-agentpath"))
    ]
    return Launch("java", None, options.rest, notes=tuple(notes))


def _jbang(argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, frozenset())
    notes = ("fetches and runs what its argument names",)
    return Launch("java", None, options.rest, notes=notes)


def _file(runner: str, argv: tuple[str, ...]) -> Launch:
    options = leading_options(argv, frozenset())
    notes = (f"runs {masked(options.rest[0])}",) if options.rest else ()
    return Launch(runner, None, options.rest[1:], notes=notes)


def _script(argv: tuple[str, ...]) -> Launch:
    return _file("path", argv)


RUNNERS: tuple[Runner, ...] = (
    Runner(("go",), _go),
    Runner(("cargo",), _cargo),
    Runner(("dotnet",), _dotnet),
    Runner(("dnx",), _dnx),
    Runner(("java", "javaw"), _java),
    Runner(("jbang",), _jbang),
    Runner(("ruby", "php", "perl", "rscript", "lua", "osascript", "swift", "dart"), _script),
)
