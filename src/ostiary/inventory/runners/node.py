"""``node FILE`` and the TypeScript runners that stand in for it."""

from __future__ import annotations

from ostiary.inventory.redact import masked
from ostiary.inventory.runners.npm import installed
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import leading_options
from ostiary.model.server import Launch

_PRELOAD = ("-r", "--require", "--import", "--loader", "--experimental-loader")
_WITH_VALUE = frozenset(
    {*_PRELOAD, "-e", "--eval", "-p", "--print", "-C", "--conditions", "--env-file"}
    | {"--tsconfig", "-P", "--project", "--title", "--inspect-port"}
)


def read(argv: tuple[str, ...]) -> Launch:
    """Reads what stands after ``node``."""
    options = leading_options(argv, _WITH_VALUE)
    notes = [f"loads {masked(one)} first" for one in options.values(*_PRELOAD)]
    notes += [f"reads variables from {masked(one)}" for one in options.values("--env-file")]
    if options.has("-e", "--eval", "-p", "--print"):
        notes.append("runs code written in the command line")
        return Launch("node", None, options.rest, notes=tuple(notes))
    if not options.rest:
        return Launch("node", None, (), notes=(*notes, "names no file"))
    rest = options.rest
    if rest[0] == "watch" and len(rest) > 1:
        rest = rest[1:]
    notes.append(f"runs {masked(rest[0])}")
    return Launch("node", installed(rest[0]), rest[1:], notes=tuple(notes))


RUNNERS: tuple[Runner, ...] = (Runner(("node", "nodejs", "tsx", "ts-node", "electron"), read),)
