"""Values put together: where paths meet, where text is joined, where a step is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.command_words import settles_program
from ostiary.analyze.dataflow.doubled import between
from ostiary.analyze.dataflow.value import (
    HOLE,
    NOTHING,
    External,
    Flow,
    Hole,
    Instance,
    Origin,
    Param,
    Place,
    Ref,
    Source,
    SourceKind,
    Step,
    Text,
    Value,
)

MOST_STEPS = 12
MOST_PATH = 4
MOST_FLOWS = 40
"""Origins of one value; beyond it parts are taken for the whole."""
MOST_WHOLES = 120
"""Origins of one value that are no parts; beyond it those of a kind and an owner are one."""
MOST_REFS = 12
MOST_PIECES = 40
MOST_TEXT = 4000
MOST_FIELDS = 400
MOST_DEPTH = 6
MOST_OPENED = 24
"""Parts of one alternative that another may have too."""
_WHOLE = g.EXACT | g.EMBEDDED
"""Either says that nothing is left out."""
ADDRESS = "URL()"
"""The name of an address that was taken apart."""
LOOSE = "~"
"""Before the number of an element whose position is not known, although it is known by itself."""


def ref_key(ref: Ref) -> object:
    """What makes two references the same thing."""
    if isinstance(ref, Instance):
        return ("instance", ref.of.number)
    if isinstance(ref, External) and ref.made_with is not None:
        return (ref.name, ref.made_with.place)
    number = getattr(ref, "number", None)
    return ref if number is None else (type(ref).__name__, number)


def join(values: Iterable[Value]) -> Value:
    """The value where paths meet: it may be any of these."""
    values = tuple(values)
    if len(values) == 1:
        return values[0]
    kept = list({id(value): value for value in values if value is not NOTHING}.values())
    if not kept:
        return NOTHING
    return kept[0] if len(kept) == 1 else _any_of(kept, 0)


def alternatives(values: Iterable[Value]) -> Value:
    """The same where one stands in for another, as in ``given or Default()`` or where a part of
    what was given was written on one of two ways: of a parameter that came as it is, parts are as
    possible as those that are known of the other."""
    return _alternatives(list(values), 0)


def _alternatives(values: list[Value], depth: int) -> Value:
    names = dict.fromkeys(name for one in values for name in one.fields)
    if not names or len(names) > MOST_OPENED:
        return join(values)
    kept = [_opened(one, names) for one in values]
    met = join(kept)
    if depth >= MOST_DEPTH:
        return met
    inner = {name: found for name in names if (found := _inside(kept, name, depth))}
    return met.with_fields({**met.fields, **inner}) if inner else met


def _inside(values: list[Value], name: str, depth: int) -> Value | None:
    """What a part may be, where it has parts of its own on some of the ways only."""
    parts = [part for one in values if (part := one.fields.get(name)) is not None]
    some = parts[0].fields if parts else {}
    if all(one.fields.keys() == some.keys() for one in parts[1:]):
        return None
    return _alternatives(parts, depth + 1)


def _opened(value: Value, names: Iterable[str]) -> Value:
    missing = [name for name in names if name not in value.fields]
    if not missing or not any(
        flow.guarantees & g.EXACT and isinstance(origin, Param)
        for origin, flow in value.flows.items()
    ):
        return value
    fields = {name: Value(flows=_parts(value.flows, name)) for name in missing}
    return value.with_fields({**value.fields, **fields})


def _any_of(values: Sequence[Value], depth: int) -> Value:
    first = values[0]
    text, refs, place, adds = first.text, first.refs, first.place, first.adds
    same = first.literal
    for other in values[1:]:
        if text and text != other.text:
            text = _common(text, other.text)
        same = same and other.literal and other.scalar == first.scalar
        refs = join_refs(refs, other.refs)
        place = place or other.place
        adds &= other.adds
    return Value(
        flows=all_flows(one.flows for one in values),
        text=text,
        scalar=first.scalar if same else None,
        literal=same,
        refs=refs,
        fields=_fields([one.fields for one in values if one.fields], depth),
        place=place,
        adds=adds,
    )


def _common(one: Text, two: Text) -> Text:
    """The literal beginning that both share, then a hole."""
    if not one or not two or not isinstance(one[0], str) or not isinstance(two[0], str):
        return ()
    a, b = one[0], two[0]
    size = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        size += 1
    return (a[:size], HOLE) if size else ()


def join_flows(one: Mapping[Origin, Flow], two: Mapping[Origin, Flow]) -> Mapping[Origin, Flow]:
    """Origins of both; where both have one, what both guarantee."""
    return all_flows((one, two))


def all_flows(many: Iterable[Mapping[Origin, Flow]]) -> Mapping[Origin, Flow]:
    """Origins of all; where several have one, what all of them guarantee."""
    kept = list({id(flows): flows for flows in many if flows}.values())
    if not kept:
        return NOTHING.flows
    if len(kept) == 1:
        return kept[0]
    merged = dict(kept[0])
    for flows in kept[1:]:
        merge_flows(merged, flows)
    return bounded(merged)


def merge_flows(into: dict[Origin, Flow], flows: Mapping[Origin, Flow]) -> None:
    """Add origins to a collection that is being made."""
    for origin, flow in flows.items():
        merge_flow(into, origin, flow)


def merge_flow(into: dict[Origin, Flow], origin: Origin, flow: Flow) -> None:
    """Add one origin to a collection that is being made."""
    known = into.get(origin)
    if known is None:
        into[origin] = flow
    elif known.guarantees != flow.guarantees:
        weaker = flow if flow.guarantees.bit_count() < known.guarantees.bit_count() else known
        held = known.guarantees & flow.guarantees
        if (known.guarantees | flow.guarantees) & g.EMPTY:
            held = g.both(known.guarantees, flow.guarantees)
        if known.guarantees & _WHOLE and flow.guarantees & _WHOLE and not held & g.EXACT:
            held |= g.EMBEDDED
        into[origin] = Flow(held, weaker.steps)


def bounded(flows: Mapping[Origin, Flow]) -> Mapping[Origin, Flow]:
    """The flows, with parts as their wholes where there are too many."""
    return flows if len(flows) <= MOST_FLOWS else _coarser(flows)


def _coarser(flows: Mapping[Origin, Flow]) -> Mapping[Origin, Flow]:
    """Too many parts as what they are parts of."""
    kept = _grouped(flows, _whole_of)
    return kept if len(kept) <= MOST_WHOLES else _grouped(kept, _kind_of)


def _grouped(
    flows: Mapping[Origin, Flow], group: Callable[[Origin], Origin]
) -> Mapping[Origin, Flow]:
    """Origins as the wider ones that hold them, with what is guaranteed of all in each."""
    kept: dict[Origin, Flow] = {}
    for origin, flow in flows.items():
        wider = group(origin)
        held = flow if wider is origin else _inexact(flow)
        known = kept.get(wider)
        if known is not None and known.guarantees != held.guarantees:
            held = Flow(held.guarantees & known.guarantees, known.steps)
        kept[wider] = held if known is None or known.guarantees != held.guarantees else known
    return flows if len(kept) == len(flows) else kept


def _inexact(flow: Flow) -> Flow:
    return Flow(flow.guarantees & ~g.EXACT, flow.steps) if flow.guarantees & g.EXACT else flow


def _whole_of(origin: Origin) -> Origin:
    if isinstance(origin, Param):
        return Param(origin.function, origin.position) if origin.path else origin
    return Source(origin.kind, origin.whole, origin.owner) if origin.whole else origin


def _kind_of(origin: Origin) -> Origin:
    return origin if isinstance(origin, Param) else Source(origin.kind, "*", origin.owner)


def join_refs(one: tuple[Ref, ...], two: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """References of both, each once, a few at most."""
    if not two or one is two:
        return one
    if not one:
        return two
    seen = {ref_key(ref) for ref in one}
    more = []
    for ref in two:
        key = ref_key(ref)
        if key not in seen:
            seen.add(key)
            more.append(ref)
    return (*one, *more)[:MOST_REFS] if more else one


def _fields(many: Sequence[Mapping[str, Value]], depth: int) -> Mapping[str, Value]:
    first = many[0] if many else NOTHING.fields
    if all(fields is first for fields in many):
        return first
    if depth >= MOST_DEPTH:
        return {}
    found = dict(first)
    several: dict[str, dict[int, Value]] = {}
    for fields in many[1:]:
        for name, value in fields.items():
            known = found.get(name)
            if known is None:
                if len(found) < MOST_FIELDS:
                    found[name] = value
            elif known is not value:
                several.setdefault(name, {id(known): known})[id(value)] = value
    for name, parts in several.items():
        found[name] = _any_of(list(parts.values()), depth + 1)
    return found


def guaranteed(value: Value, bits: int) -> Value:
    """The value with ``bits`` known of everything in it."""
    if not bits:
        return value
    flows = {
        origin: Flow(flow.guarantees | bits, flow.steps) for origin, flow in value.flows.items()
    }
    return value.with_flows(flows, bits)


def limited(value: Value, bits: int) -> Value:
    """The value with no guarantees but ``bits``."""
    if not value.flows:
        return value
    flows = {}
    changed = False
    for origin, flow in value.flows.items():
        kept = flow.guarantees & bits
        changed = changed or kept != flow.guarantees
        flows[origin] = flow if kept == flow.guarantees else Flow(kept, flow.steps)
    return value.with_flows(flows) if changed else value


def embedded(value: Value) -> Value:
    """The value in another form, in which the whole of it still is."""
    flows = {
        origin: Flow(_embedded(flow.guarantees, ~g.EXACT), flow.steps)
        for origin, flow in value.flows.items()
    }
    return value.with_flows(flows)


def stepped(flows: Mapping[Origin, Flow], place: Place, says: str) -> Mapping[Origin, Flow]:
    """The flows with one more step on the way."""
    step = Step(place, says)
    return {
        origin: Flow(flow.guarantees, _longer(flow.steps, step)) for origin, flow in flows.items()
    }


def _longer(steps: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    if steps and steps[-1] == step:
        return steps
    if len(steps) < MOST_STEPS:
        return (*steps, step)
    half = MOST_STEPS // 2
    return (*steps[:half], *steps[half + 1 :], step)


def whole_flows(value: Value, depth: int = 0) -> Mapping[Origin, Flow]:
    """Flows of a value and of all its parts, for where it goes somewhere whole. What was asked of
    a part of an address is known of the address."""
    if not value.fields or depth >= MOST_DEPTH or ADDRESS in value.externals():
        return value.flows
    parts = (whole_flows(part, depth + 1) for part in value.fields.values())
    return all_flows((value.flows, *parts))


def whole(value: Value) -> Value:
    """The value with the flows of its parts in its own."""
    if not value.fields:
        return value
    flows = whole_flows(value)
    return value if flows is value.flows else value.with_flows(flows)


def plain(flows: Mapping[Origin, Flow], keeps: int) -> Mapping[Origin, Flow]:
    """The flows with no guarantees but ``keeps``."""
    return {
        origin: flow
        if flow.guarantees & keeps == flow.guarantees
        else Flow(flow.guarantees & keeps, flow.steps)
        for origin, flow in flows.items()
    }


def part_of(value: Value, name: str) -> Value:
    """What reading a part of a plain value gives: its known field, or a part of its origins. The
    first part of a text is its first word, where that stands there whatever follows it."""
    if name == "0" and value.text and not value.fields and (word := first_word(value)):
        return Value(text=(word,), scalar=word, literal=True)
    known = value.field(name)
    if known is None and value.fields:
        known = _any_element(value, name)
    if known is None and name == "shape":
        known = _shape_of(value)
    if not value.flows:
        return NOTHING if known is None else known
    if known is not None and name in value.fields:
        return known
    own = Value(flows=_parts(value.flows, name))
    return own if known is None else join((known, own))


def first_word(value: Value) -> str:
    """The first word of a text, if a blank that is known follows it."""
    word, blank, _ = value.prefix.lstrip().partition(" ")
    return word if blank else ""


def _shape_of(value: Value) -> Value | None:
    """The parts that an object's schema lists stand in the call that made it."""
    made = tuple(
        ref for ref in value.refs if isinstance(ref, External) and ref.made_with is not None
    )
    return Value(refs=made) if made else None


def _any_element(value: Value, name: str) -> Value | None:
    """Any element, for ``*``; any of those without a position, for a position."""
    if name == "*":
        return join(value.fields.values())
    loose = [part for key, part in value.fields.items() if key.startswith(LOOSE)]
    return join(loose) if loose and name.isdigit() else None


def _parts(flows: Mapping[Origin, Flow], name: str) -> Mapping[Origin, Flow]:
    """What a part of these origins comes from."""
    flows = bounded(flows)
    parts: dict[Origin, Flow] = {}
    for origin, flow in flows.items():
        deeper = _deeper(origin, name)
        held = _inexact(flow) if deeper is origin and name != "*" else flow
        known = parts.get(deeper)
        if known is not None:
            held = Flow(held.guarantees & known.guarantees, known.steps)
        parts[deeper] = held
    return parts


def _deeper(origin: Origin, name: str) -> Origin:
    """A part of an origin; the origin itself where its parts are nobody's to choose one by one."""
    if isinstance(origin, Param):
        if len(origin.path) >= MOST_PATH:
            return origin
        return Param(origin.function, origin.position, (*origin.path, name))
    if name == "*" or origin.kind in _UNPARTED or origin.name.count(".") >= MOST_PATH:
        return origin
    part = f"{origin.name}.{name}" if origin.name else name
    return Source(origin.kind, part, origin.owner, origin.whole or origin.name)


_UNPARTED = frozenset(
    {SourceKind.ENVIRONMENT, SourceKind.SECRET, SourceKind.FILE, SourceKind.MACHINE}
)


def concatenated(pieces: Iterable[Value]) -> Value:
    """Text made of these pieces in a row.

    What is guaranteed of the whole follows from where a piece stands: after a literal that ends
    the host of a URL its host is fixed; after a literal that is no dash it cannot begin with one.
    """
    text: list[str | Hole] = []
    flows: Mapping[Origin, Flow] = {}
    for index, piece in enumerate(pieces):
        own = whole_flows(piece)
        if own:
            begins = piece.text[0] if piece.text else ""
            begins = begins if isinstance(begins, str) else ""
            gained = _gains([*text, begins]) if index or begins else 0
            kept = g.JOINED | g.FIXED_HOST | (0 if index else g.NO_DASH | g.PARSED_URL)
            added = {
                origin: Flow(_embedded(flow.guarantees, kept) | gained, flow.steps)
                for origin, flow in own.items()
            }
            flows = join_flows(flows, between(text, added))
        text.extend(pieces_of(piece))
    return Value(flows=flows, text=packed(text))


def _embedded(guarantees: int, kept: int) -> int:
    """What is left of them where the text becomes a piece of a longer one."""
    return guarantees & kept | (g.EMBEDDED if guarantees & _WHOLE else 0)


def pieces_of(piece: Value) -> Text:
    """The text of a value as pieces; one hole where nothing is known of it."""
    if piece.literal and not isinstance(piece.scalar, str):
        return () if piece.scalar is None else (str(piece.scalar),)
    whole_text = piece.known_text
    if whole_text is not None:
        return (whole_text,)
    return piece.text or (Hole(tuple(whole_flows(piece))),)


def packed(text: Iterable[str | Hole]) -> Text:
    """Pieces with neighbours of a kind made one, within bounds."""
    kept: list[str | Hole] = []
    size = 0
    for piece in text:
        last = kept[-1] if kept else None
        if isinstance(piece, str):
            size += len(piece)
            if size > MOST_TEXT or len(kept) >= MOST_PIECES:
                return (*kept, HOLE)
            if isinstance(last, str):
                kept[-1] = last + piece
            else:
                kept.append(piece)
        elif isinstance(last, Hole) and (last.of == piece.of or not piece.of or not last.of):
            kept[-1] = last if last.of else piece
        elif len(kept) >= MOST_PIECES:
            return tuple(kept)
        else:
            kept.append(piece)
    return tuple(kept)


def _gains(text: list[str | Hole]) -> int:
    before = "".join(piece if isinstance(piece, str) else "\0" for piece in text)
    gained = 0
    if before and before[0] not in "-\0":
        gained |= g.NO_DASH
    if _host_ended(before):
        gained |= g.FIXED_HOST
    if settles_program(before):
        gained |= g.PROGRAM_CHOSEN
    if before.rstrip(" \"'").endswith(" --"):
        gained |= g.DASH_SEPARATED
    return gained


def _host_ended(before: str) -> bool:
    """Whether text so far settles scheme and host of a URL."""
    scheme, found, rest = before.partition("://")
    if found and "\0" not in scheme:
        ends = [at for at in map(rest.find, "/?#") if at >= 0]
        return bool(ends) and "\0" not in rest[: min(ends)]
    if before.startswith("/"):
        return not before.startswith("//") or "/" in before[2:]
    return before.startswith("\0") and ("/" in before or "?" in before)


def placed(value: Value, place: Place) -> Value:
    """The value with a place to point at."""
    return value if value.place is not None else replace(value, place=place)


def as_far_as_normal(value: Value, bits: int) -> int:
    """``bits``, but a path that still holds ``..`` was only compared with a prefix; of a parameter
    its callers know."""
    if not bits & g.CONTAINED:
        return bits
    normal = g.NORMAL_PATH | g.REAL_PATH
    left = [one for one, flow in value.flows.items() if not flow.guarantees & normal]
    if value.flows and not left:
        return bits
    known = bool(value.flows) and all(isinstance(one, Param) for one in left)
    return bits & ~g.CONTAINED | (g.BELOW if known else g.PREFIX_ONLY)
