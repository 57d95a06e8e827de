"""Where the server listens: each place, who can reach it, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.declare.recipes import recipes
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.exposure.code import code_of

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::", "[::]", "0", "*", "", "0:0:0:0:0:0:0:0"})  # noqa: S104 - compared only
_HERE: Final = ("127.", "localhost", "::1", "[::1]", "ip6-localhost")
_HOSTED: Final = frozenset({"mcp-handler", "@vercel/mcp-adapter"})
_HOST_NAMES: Final = frozenset(
    {"host", "hostname", "bind", "bind_host", "listen_host", "address", "bind_address", "addr"}
)
_DANGEROUS: Final = {
    EffectKind.SHELL: "run commands",
    EffectKind.EVALUATE: "run code",
    EffectKind.PROCESS: "start programs",
    EffectKind.SQL: "query a database",
    EffectKind.NOSQL: "query a database",
    EffectKind.WRITE_FILE: "write files",
    EffectKind.DELETE_FILE: "delete files",
    EffectKind.READ_FILE: "read files",
    EffectKind.MAIL: "send mail",
    EffectKind.SPEND: "spend money",
}
_GRAVE: Final = (
    EffectKind.SHELL,
    EffectKind.EVALUATE,
    EffectKind.PROCESS,
    EffectKind.WRITE_FILE,
    EffectKind.DELETE_FILE,
    EffectKind.SPEND,
)
"""Effects that make an open door grave where a caller has a say in them."""


class Reach(StrEnum):
    """Who can connect."""

    EVERYWHERE = "every interface of the machine"
    TUNNEL = "the internet, through a tunnel"
    HERE = "the machine itself"
    CONFIGURED = "what the operator sets"


@dataclass(frozen=True, slots=True)
class Door:
    """One place where the server begins to listen."""

    effect: Effect
    reach: Reach
    says: str
    """How the address comes about."""
    mcp: bool
    """Whether MCP is spoken there."""

    @property
    def open(self) -> bool:
        return self.reach in (Reach.EVERYWHERE, Reach.TUNNEL)


def seen(facts: Facts, *kinds: EffectKind) -> tuple[Effect, ...]:
    """Effects of these kinds, once each: as an entry reaches it, else as its function has it."""
    known = facts.once(_known)
    if kinds not in known:
        known[kinds] = _seen(facts, kinds)
    return known[kinds]


def _known(_facts: Facts) -> dict[tuple[EffectKind, ...], tuple[Effect, ...]]:
    """Filled as rules ask."""
    return {}


def _seen(facts: Facts, kinds: tuple[EffectKind, ...]) -> tuple[Effect, ...]:
    found: dict[tuple[str, int, int, str, str], Effect] = {}
    for _, effect in facts.of_kind(*kinds):
        found.setdefault(effect.key, effect)
    for effect in facts.effects:
        if effect.kind in kinds:
            found.setdefault(effect.key, effect)
    return tuple(found[key] for key in sorted(found))


def command_line(effect: Effect) -> str:
    """What is known of the words of a program or a command that is started."""
    words: list[str] = []
    for role in ("program", "command", "arguments"):
        value = effect.operand(role)
        if value is not None:
            words.append(value.known_text or value.prefix)
            words += [one.known_text or one.prefix for one in value.fields.values()]
    return " ".join(word for word in words if word)


def doors(facts: Facts) -> tuple[Door, ...]:
    """Every place where it listens on the network, in order."""
    web = speaks_over_http(facts)
    made = [_door(facts, effect, web) for effect in seen(facts, EffectKind.LISTEN)]
    made += _hosted(facts)
    return tuple(one for one in made if one is not None)


def _hosted(facts: Facts) -> Iterator[Door]:
    """Handlers that a hosting service puts on the internet: nothing in the code listens."""
    code = code_of(facts)
    if _HOSTED.isdisjoint(code.words):
        return
    for use in code.uses:
        if use.callee == "createMcpHandler":
            made = Effect(EffectKind.DECLARE, use.callee, {}, use.place, "")
            yield Door(made, Reach.EVERYWHERE, "it is made for a hosting service", True)


def speaks_over_http(facts: Facts) -> bool:
    """Whether the code makes a transport of MCP that is reached over HTTP."""
    return any(
        "mcp transport" in one.tags
        and "connect" not in one.tags
        and not one.callee.endswith("=")
        and not one.callee.endswith(("Settings", "Server().run"))
        for one in seen(facts, EffectKind.CALL)
    )


def _door(facts: Facts, effect: Effect, web: bool) -> Door | None:
    if _is_no_address(effect) or _is_search_for_a_port(effect):
        return None
    mcp = web or "transport" in effect.operands or any("mcp" in one for one in effect.tags)
    if "tunnel" in effect.tags:
        return Door(effect, Reach.TUNNEL, "a tunnel to the internet is opened", mcp)
    value = _given_host(effect)
    if value is None:
        everywhere = "default-host:all" in effect.tags or _old_default(facts, effect)
        says = "no host is given, and the framework then listens on "
        reach = Reach.EVERYWHERE if everywhere else Reach.HERE
        return Door(effect, reach, f"{says}{reach.value}", mcp)
    text = value.known_text
    if text is not None or (value.literal and value.scalar is None):
        reach = _reach(text or "")
        return Door(effect, reach, f"it is told to listen on {text or 'any address'}", mcp)
    if _falls_back(facts, value, effect.place):
        says = "the host is everything unless the operator sets another"
        return Door(effect, Reach.EVERYWHERE, says, mcp)
    return Door(effect, Reach.CONFIGURED, "the host comes from its settings", mcp)


def reach_of(host: Value | None) -> Reach:
    """Who can connect to a host that is given as it stands; nothing given is the machine."""
    if host is None:
        return Reach.HERE
    return Reach.CONFIGURED if host.known_text is None else _reach(host.known_text)


def _reach(text: str) -> Reach:
    bare = text.strip().partition(":")[0] if text.count(":") == 1 else text.strip()
    if bare in _EVERYWHERE:
        return Reach.EVERYWHERE
    return Reach.HERE if bare.lower().startswith(_HERE) else Reach.CONFIGURED


def _given_host(effect: Effect) -> Value | None:
    """The host as an argument, else as the server it belongs to was made with."""
    value = effect.operand("host")
    if value is not None and not _is_no_host(value, effect.operand("port")):
        return value
    server = effect.operand("server")
    if server is None:
        return None
    settings = server.field("settings")
    if settings is not None and "host" in settings.fields:
        return settings.fields["host"]
    return next(
        (made.keywords["host"] for made in recipes(server) if "host" in made.keywords), None
    )


def _is_no_host(value: Value, port: Value | None) -> bool:
    """Whether it is no host: the function that is called back, or a part of a port's number."""
    if not value.flows:
        return not value.text and any(True for _ in value.closures())
    names = {one.name for one, _ in value.sources(SourceKind.ENVIRONMENT)}
    numbers = set() if port is None else {one.name for one, _ in port.sources()}
    return bool(names) and names <= numbers


def _is_no_address(effect: Effect) -> bool:
    """A socket in the file system or a pipe."""
    port = effect.operand("port")
    if port is None:
        return False
    text = port.known_text or port.prefix
    return "path" in port.fields or text.startswith(("/", "\\\\", "."))


def _is_search_for_a_port(effect: Effect) -> bool:
    """A raw socket, bound to see whether a port is free."""
    port = effect.operand("port")
    free = port is not None and port.literal and port.scalar == 0
    return "socket" in effect.tags and effect.callee.endswith(".bind") and free


def _old_default(facts: Facts, effect: Effect) -> bool:
    """The Python SDK listened on every interface before 1.9.1."""
    return "python-sdk" in effect.tags and pinned_below(facts, "mcp", (1, 9, 1))


def pinned_below(facts: Facts, name: str, version: tuple[int, ...]) -> bool:
    """Whether the target fixes a dependency to a version older than this."""
    return any(
        one.name.lower() == name and _older(one.locked or one.wanted, version)
        for manifest in facts.manifests
        for one in manifest.dependencies
    )


def _older(wanted: str, version: tuple[int, ...]) -> bool:
    """Whether a pin is to an older version; a range is taken at its newest."""
    bare = wanted.strip().removeprefix("==").removeprefix("=").strip()
    bits = bare.split(".")
    if not bits or not all(bit.isdigit() for bit in bits):
        return False
    return tuple(int(bit) for bit in bits) < version


def _falls_back(facts: Facts, host: Value, at: Place) -> bool:
    """Whether the code falls back to every interface, for a host that is set elsewhere."""
    asked = {one.name for one, _ in host.sources(SourceKind.ENVIRONMENT)}
    texts = code_of(facts).texts
    defaults = [one.text for one in texts if one.name in asked and _is_address(one.text)]
    if not defaults:
        away = (one for one in texts if (one.place.file, one.place.line) != (at.file, at.line))
        defaults = [one.text for one in away if _names_host(one.name) and _is_address(one.text)]
    return bool(defaults) and all(one in _EVERYWHERE for one in defaults)


def _is_address(text: str) -> bool:
    return text in _EVERYWHERE or text.lower().startswith(_HERE)


def _names_host(name: str) -> bool:
    lower = name.lower().replace("-", "_")
    return lower in _HOST_NAMES or lower.endswith(("_host", "_hostname", "_bind", "_address"))


# ── what is behind a door ────────────────────────────────────────────────────────────────────────


def grave(facts: Facts) -> tuple[Reached, Effect] | None:
    """The first thing that a caller can do through a tool or a route that would be grave."""
    return next(_steered(facts, _GRAVE), None)


def powers(facts: Facts) -> tuple[str, ...]:
    """What callers can do through tools and routes, in words."""
    found = (_DANGEROUS[effect.kind] for _, effect in _steered(facts, tuple(_DANGEROUS)))
    return tuple(dict.fromkeys(found))


def _steered(facts: Facts, kinds: Iterable[EffectKind]) -> Iterator[tuple[Reached, Effect]]:
    """Effects into which a caller's value flows."""
    for kind in kinds:
        for reached, effect in facts.of_kind(kind):
            if reached.entry.kind in (EntryKind.TOOL, EntryKind.ROUTE, EntryKind.RESOURCE) and any(
                True
                for value in effect.operands.values()
                for _ in value.deep_sources(SourceKind.MODEL, SourceKind.REQUEST)
            ):
                yield reached, effect
