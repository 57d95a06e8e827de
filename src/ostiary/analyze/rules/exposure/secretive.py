"""Which values are secrets: by where they come from and the name they have there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Flow, Hole, Param, Source, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.detect.linear import compiled, readable
from ostiary.detect.secrets_named import names_secret
from ostiary.model.visible import NAME, visible

_HARMLESS: Final = g.NUMBER | g.MASKED | g.CHOSEN
_WHOLE: Final = frozenset({"env", "environ", "*", "process.env", "os.environ"})
_THROUGH: Final = "goes through "
_WRITERS: Final = frozenset({"JSON.stringify", "json.dumps", "str", "String", "repr", "dict"})
_DEEPEST: Final = 4
_SURE: Final = (
    r"(?i)pass(?:word|wd|phrase|code)|secret|api[-_]?key|credential|bearer|jwt|dsn$|authorization|"
    r"connection[-_]?str|(?:private|access|signing|encryption|master|service|role|auth|account)"
    r"[-_]?key|(?:^|[-_])(?:pwd|pat)$|(?:^|[-_a-z0-9])tokens?$|cookie"
)
_OTHER: Final = (
    r"(?i)(?:page|next|cursor|continu\w*|sync|tag|sort|start|challenge|verification|public|csrf|"
    r"cancel\w*|progress|max|min|num|total|prompt|completion|input|output|usage)[-_]?tokens?$|"
    r"^(?:is|has|use|with|no|missing|needs?|requires?)_|^(?:is|has)[A-Z]|_(?:arn|name|id|path)$"
)
_ADDRESS: Final = (
    r"(?i)^(?:\w*_)?(?:database|db|postgres(?:ql)?|pg|mysql|mongo(?:db)?|redis|amqp|rabbitmq|broker)_"
    r"(?:url|uri|dsn|conn\w*)$"
)
"""Names of addresses that usually hold a password."""
_ALL_HEADERS: Final = frozenset({"headers", "rawheaders"})
_HEADERS: Final = ("authorization", "proxy-authorization", "cookie")


def named_secret(source: Source) -> str:
    """What secret it is, in words; empty if it is none."""
    last = source.name.rpartition(".")[2]
    if source.kind is SourceKind.SECRET:
        return visible(source.name, NAME)
    if source.kind is SourceKind.INBOUND_TOKEN:
        return "the credential of the caller"
    if source.kind is SourceKind.ENVIRONMENT and is_secret_name(last):
        return f"environment variable {visible(last, NAME)}"
    if source.kind is SourceKind.REQUEST and last.lower() in _ALL_HEADERS:
        return "the headers of the caller"
    if source.kind is SourceKind.REQUEST and last.lower() in _HEADERS:
        return f"the {visible(last.lower(), NAME)} header of the caller"
    return ""


def whole_environment(source: Source) -> bool:
    """Whether it is all of the environment."""
    return source.kind is SourceKind.ENVIRONMENT and source.name in _WHOLE


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a name surely means a credential: many a key or token is none."""
    bare = readable(name)
    if compiled(_ADDRESS).search(bare):
        return True
    if not names_secret(bare) or not compiled(_SURE).search(bare):
        return False
    return not compiled(_OTHER).search(bare)


def secrets_in(value: Value, *, deep: bool = True) -> Iterator[tuple[str, Source, Flow]]:
    """Secrets that flow into a value, each in words."""
    origins = value.deep_sources() if deep else value.sources()
    for source, flow in origins:
        says = named_secret(source)
        if says and not flow.guarantees & _HARMLESS:
            yield says, source, flow


def shown_in(value: Value, depth: int = 0) -> Iterator[tuple[str, Source, Flow]]:
    """Secrets that stand in a value as they are: unchanged, or alone in a gap of its text. What
    was made with a secret, and objects of which a secret is one of many parts, do not count."""
    alone = {piece.of[0] for piece in value.text if isinstance(piece, Hole) and len(piece.of) == 1}
    for says, source, flow in secrets_in(value, deep=False):
        if flow.guarantees & g.EXACT or (source in alone and written_out(flow)):
            yield says, source, flow
    if depth < _DEEPEST:
        for part in value.fields.values():
            yield from shown_in(part, depth + 1)


def written_out(flow: Flow) -> bool:
    """Whether it went through nothing but what writes values as text, and into one text: what is
    written into several was most often made with the secret and is not the secret."""
    if any(one.says == "is put into a string" for one in flow.steps[:-1]):
        return False
    return all(
        one.says.removeprefix(_THROUGH) in _WRITERS
        for one in flow.steps
        if one.says.startswith(_THROUGH)
    )


def carried_outside(request: Effect) -> str:
    """The credential that a request carries to a fixed host, in words; empty if none is known."""
    url = request.operand("url")
    if url is None or "://" not in (url.known_text or url.prefix):
        return ""
    for role in ("headers", "credentials", "query", "body", "options", "client"):
        value = request.operand(role)
        if value is not None:
            for says, _, _ in secrets_in(value):
                return says
    return ""


def secret_params(facts: Facts, effect: Effect, value: Value) -> Iterator[str]:
    """Parameters that are named like credentials and arrive whole, of the function around."""
    for origin, flow in value.flows.items():
        if not isinstance(origin, Param) or flow.guarantees & _HARMLESS or origin.position < 0:
            continue
        name = origin.path[-1] if origin.path else _param(facts, effect, origin.position)
        if name and is_secret_name(name):
            yield name


def _param(facts: Facts, effect: Effect, index: int) -> str:
    """The name of a parameter of the function that an effect stands in."""
    short = effect.function.rpartition(".")[2].replace("<anonymous>", "")
    known = facts.once(_functions).get((effect.place.file, short), ())
    around = [one for one in known if one[0] <= effect.place.line]
    if not around:
        return ""
    _, names = max(around)
    return names[index] if index < len(names) else ""


_Function: TypeAlias = tuple[int, tuple[str, ...]]
"""Its line, and the names of its parameters."""


def _functions(facts: Facts) -> dict[tuple[str, str], list[_Function]]:
    """The functions of the source by file and name."""
    found: dict[tuple[str, str], list[_Function]] = {}
    for (file, line, name), names in code_of(facts).params.items():
        found.setdefault((file, name), []).append((line, names))
    return found
