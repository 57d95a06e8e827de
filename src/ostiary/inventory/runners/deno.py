"""``deno run`` with its permissions."""

from __future__ import annotations

import re

from ostiary.inventory import specs
from ostiary.inventory.redact import masked
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import Options, leading_options
from ostiary.model.server import Launch, Package, Pin

_WITH_VALUE = frozenset({"-c", "--config", "--import-map", "--cert", "-r", "--location", "--seed"})
_LAND = re.compile(
    r"https://(?:deno\.land/(?:x/)?|jsr\.io/|esm\.sh/)(@?[\w./-]{1,200}?)@([\w.^~-]{1,60})(?:/|$)"
)


def _package(target: str) -> Package | None:
    if target.startswith("npm:"):
        return specs.npm(target[4:].lstrip("/"))
    if target.startswith("jsr:"):
        inner = specs.npm(target[4:].lstrip("/"))
        return Package("jsr", inner.name, inner.version, inner.pin)
    if target.startswith(("https://", "http://")):
        match = _LAND.match(target)
        if match:
            return Package("deno", match[1], match[2], specs.npm_pin(match[2].lstrip("v")))
        return Package("deno", masked(target), None, Pin.FLOATING)
    return None


def _powers(options: Options) -> tuple[str, ...]:
    notes: list[str] = []
    for one in options.options:
        if one.name in {"-A", "--allow-all"}:
            notes.append("may do everything its user may (--allow-all)")
        elif one.name.startswith("--allow-"):
            what = one.name.removeprefix("--allow-")
            notes.append(f"may {what}: {masked(one.value) if one.value else 'everything'}")
    return tuple(notes)


def _read(argv: tuple[str, ...]) -> Launch:
    rest = argv[1:] if argv[:1] in {("run",), ("serve",), ("x",)} else argv
    options = leading_options(rest, _WITH_VALUE)
    if argv[:1] == ("task",) or not options.rest:
        return Launch("deno", None, argv[1:], notes=("runs what its project defines",))
    target = options.rest[0]
    package = _package(target)
    if package is None and argv[:1] == ("x",):
        package = specs.npm(target)
    notes = _powers(options)
    if package is None:
        notes = (*notes, f"runs {masked(target)}")
    return Launch("deno", package, options.rest[1:], notes=notes)


RUNNERS: tuple[Runner, ...] = (Runner(("deno",), _read),)
