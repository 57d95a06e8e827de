"""``python -m MODULE``, ``python FILE`` and ``python -c CODE``."""

from __future__ import annotations

from ostiary.inventory.redact import masked
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import Options, leading_options
from ostiary.model.server import Launch, Package, Pin

NAMES = (
    "python", "python3", "python2", "py", "pythonw", "pypy", "pypy3",
    *(f"python3.{minor}" for minor in range(8, 20)),
)  # fmt: skip
_WITH_VALUE = frozenset({"-X", "-W", "-c", "-m", "--check-hash-based-pycs"})


def module(argv: tuple[str, ...]) -> Launch:
    """``-m MODULE arguments``: an installed package, named after its module."""
    name = argv[0].partition(".")[0].replace("_", "-")
    return Launch("python", Package("pypi", name, None, Pin.LOCAL), argv[1:])


def read(argv: tuple[str, ...]) -> Launch:
    """Reads what stands after ``python``."""
    options, rest = _until_target(argv)
    modules = options.values("-m")
    if modules:
        return module((modules[0], *rest))
    code = options.values("-c")
    if code:
        return Launch("python", None, rest, notes=("runs code written in the command line",))
    if not rest:
        return Launch("python", None, (), notes=("names no file",))
    return Launch("python", _inside(rest[0]), rest[1:], notes=(f"runs {masked(rest[0])}",))


def _until_target(argv: tuple[str, ...]) -> tuple[Options, tuple[str, ...]]:
    """Options end at the module or the code: what follows belongs to the server."""
    for index, word in enumerate(argv):
        if not word.startswith("-"):
            break
        if word in {"-m", "-c"}:
            return leading_options(argv[: index + 2], _WITH_VALUE), argv[index + 2 :]
    options = leading_options(argv, _WITH_VALUE)
    return options, options.rest


def _inside(path: str) -> Package | None:
    """The package a file inside ``site-packages`` belongs to."""
    inside = path.replace("\\", "/").rpartition("site-packages/")
    if not inside[1] or not inside[2]:
        return None
    name = inside[2].partition("/")[0].removesuffix(".py").replace("_", "-")
    return Package("pypi", name, None, Pin.LOCAL)


RUNNERS: tuple[Runner, ...] = (Runner(NAMES, read),)
