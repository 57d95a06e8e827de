"""``npx``, ``npm exec``, ``pnpm dlx``, ``yarn dlx`` and ``bunx``: fetch from npm and run."""

from __future__ import annotations

from ostiary.inventory import specs
from ostiary.inventory.redact import masked
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import Options, leading_options, split
from ostiary.model.server import Launch, Package, Pin

_WITH_VALUE = frozenset(
    {"-p", "--package", "-c", "--call", "--registry", "--prefix", "-w", "--workspace", "--cache"}
    | {"--node-arg", "-n", "--userconfig", "-C", "--dir", "--cwd", "--allow-build", "--loglevel"}
)


def _notes(options: Options, extra: tuple[str, ...]) -> tuple[str, ...]:
    notes = [f"also installs {masked(one)}" for one in extra]
    notes += [f"packages come from {masked(one)}" for one in options.values("--registry")]
    return tuple(notes)


def _called(runner: str, options: Options, call: str) -> Launch:
    """``npx -c "words"``: a shell runs the words with the packages at hand."""
    words = split(call)
    packages = options.values("-p", "--package")
    package = specs.npm(packages[0]) if packages else None
    notes = ("a shell runs its words", *_notes(options, packages[1:]))
    return Launch(runner, package, words, True, notes)


def fetched(runner: str, argv: tuple[str, ...]) -> Launch:
    """Reads what stands after ``npx`` or its like."""
    options = leading_options(argv, _WITH_VALUE)
    calls = options.values("-c", "--call")
    if calls:
        return _called(runner, options, calls[0])
    packages, rest = options.values("-p", "--package"), options.rest
    if rest[:1] == ("--",):
        rest = rest[1:]
    if packages:
        main = _main(packages, rest[0] if rest else "")
        others = tuple(one for one in packages if one != main)
        return Launch(runner, specs.npm(main), rest[1:], notes=_notes(options, others))
    if not rest:
        return Launch(runner, None, (), notes=("names no package",))
    return Launch(runner, specs.npm(rest[0]), _operands(rest[1:]), notes=_notes(options, ()))


def _main(packages: tuple[str, ...], binary: str) -> str:
    """The package among several that the binary belongs to: the one named like it, or the first."""
    for spec in packages:
        name = specs.npm(spec).name
        if binary in {name, name.rpartition("/")[2]}:
            return spec
    return packages[0]


def _operands(rest: tuple[str, ...]) -> tuple[str, ...]:
    return rest[1:] if rest[:1] == ("--",) else rest


def _npx(argv: tuple[str, ...]) -> Launch:
    return fetched("npx", argv)


def _bunx(argv: tuple[str, ...]) -> Launch:
    return fetched("bunx", argv)


def _pnpx(argv: tuple[str, ...]) -> Launch:
    return fetched("pnpm", argv)


def _npm(argv: tuple[str, ...]) -> Launch:
    return _subcommand("npx", "npm", argv, frozenset({"exec", "x"}))


def _pnpm(argv: tuple[str, ...]) -> Launch:
    return _subcommand("pnpm", "pnpm", argv, frozenset({"dlx"}))


def _yarn(argv: tuple[str, ...]) -> Launch:
    return _subcommand("yarn", "yarn", argv, frozenset({"dlx"}))


def _bun(argv: tuple[str, ...]) -> Launch:
    return _subcommand("bunx", "bun", argv, frozenset({"x"}))


def _subcommand(runner: str, tool: str, argv: tuple[str, ...], fetching: frozenset[str]) -> Launch:
    """A package manager: either it fetches and runs, or it runs what a folder holds."""
    options = leading_options(argv, _WITH_VALUE)
    rest = options.rest
    if rest and rest[0] in fetching:
        before = argv[: len(argv) - len(rest)]
        return fetched(runner, (*before, *rest[1:]))
    places = options.values("--prefix", "-C", "--dir", "--cwd")
    place = places[0] if places else "its working directory"
    notes = (f"{tool} runs what the project in {masked(place)} defines",)
    return Launch("node" if tool != "bun" else "bunx", None, rest, notes=notes)


def installed(path: str) -> Package | None:
    """The package a path inside ``node_modules`` belongs to."""
    inside = path.replace("\\", "/").rpartition("node_modules/")[2]
    if "node_modules" not in path or not inside or inside.startswith("."):
        return None
    parts = inside.split("/")
    name = "/".join(parts[:2]) if inside.startswith("@") else parts[0]
    return Package("npm", name, None, Pin.LOCAL)


RUNNERS: tuple[Runner, ...] = (
    Runner(("npx",), _npx),
    Runner(("bunx",), _bunx),
    Runner(("pnpx",), _pnpx),
    Runner(("npm",), _npm),
    Runner(("pnpm",), _pnpm),
    Runner(("yarn", "yarnpkg"), _yarn),
    Runner(("bun",), _bun),
)
