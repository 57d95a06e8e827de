"""Types of Python and pydantic by name: their schema and what it guarantees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.model.json import JsonObject


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declared type says."""

    schema: JsonObject = field(default_factory=dict)
    guarantees: int = 0


_NAME: Final = g.PLAIN | g.NO_DASH | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND | g.SIZE_LIMITED
_ADDRESS: Final = g.NO_DASH | g.NO_DOTS | g.BASENAME | g.SIZE_LIMITED
_URL: Final = g.PARSED_URL
_WEB: Final = g.PARSED_URL | g.SCHEME_CHECKED


def _text(form: str = "") -> JsonObject:
    return {"type": "string", "format": form} if form else {"type": "string"}


SIMPLE: Final[dict[str, Declared]] = {
    "str": Declared(_text()),
    "StrictStr": Declared(_text()),
    "AnyStr": Declared(_text()),
    "bytes": Declared(_text("binary")),
    "int": Declared({"type": "integer"}, g.NUMBER),
    "StrictInt": Declared({"type": "integer"}, g.NUMBER),
    "PositiveInt": Declared({"type": "integer", "exclusiveMinimum": 0}, g.NUMBER),
    "NonNegativeInt": Declared({"type": "integer", "minimum": 0}, g.NUMBER),
    "NegativeInt": Declared({"type": "integer", "exclusiveMaximum": 0}, g.NUMBER),
    "NonPositiveInt": Declared({"type": "integer", "maximum": 0}, g.NUMBER),
    "float": Declared({"type": "number"}, g.NUMBER),
    "StrictFloat": Declared({"type": "number"}, g.NUMBER),
    "PositiveFloat": Declared({"type": "number", "exclusiveMinimum": 0}, g.NUMBER),
    "NonNegativeFloat": Declared({"type": "number", "minimum": 0}, g.NUMBER),
    "Decimal": Declared({"type": "number"}, g.NUMBER),
    "bool": Declared({"type": "boolean"}, g.NUMBER),
    "StrictBool": Declared({"type": "boolean"}, g.NUMBER),
    "datetime": Declared(_text("date-time"), g.NUMBER),
    "AwareDatetime": Declared(_text("date-time"), g.NUMBER),
    "NaiveDatetime": Declared(_text("date-time"), g.NUMBER),
    "date": Declared(_text("date"), g.NUMBER),
    "time": Declared(_text("time"), g.NUMBER),
    "timedelta": Declared(_text("duration"), g.NUMBER),
    "UUID": Declared(_text("uuid"), _NAME),
    "UUID4": Declared(_text("uuid"), _NAME),
    "IPv4Address": Declared(_text("ipv4"), _NAME),
    "IPv6Address": Declared(_text("ipv6"), _ADDRESS),
    "IPvAnyAddress": Declared(_text("ipvanyaddress"), _ADDRESS),
    "Path": Declared(_text("path")),
    "PurePath": Declared(_text("path")),
    "FilePath": Declared(_text("file-path")),
    "DirectoryPath": Declared(_text("directory-path")),
    "EmailStr": Declared(_text("email")),
    "SecretStr": Declared(_text("password")),
    "AnyUrl": Declared(_text("uri"), _URL),
    "AnyHttpUrl": Declared(_text("uri"), _WEB),
    "HttpUrl": Declared(_text("uri"), _WEB),
    "None": Declared({"type": "null"}, g.SAFE),
    "NoneType": Declared({"type": "null"}, g.SAFE),
}
"""Types without parts, by the last part of their name."""

ARRAYS: Final = frozenset(
    [
        "list",
        "List",
        "set",
        "Set",
        "frozenset",
        "FrozenSet",
        "tuple",
        "Tuple",
        "Sequence",
        "MutableSequence",
        "Iterable",
        "Iterator",
        "Collection",
        "AbstractSet",
        "deque",
        "conlist",
        "conset",
    ]
)
OBJECTS: Final = frozenset(
    [
        "dict",
        "Dict",
        "Mapping",
        "MutableMapping",
        "OrderedDict",
        "defaultdict",
        "DefaultDict",
        "Counter",
        "TypedDict",
    ]
)
WRAPPERS: Final = frozenset(
    [
        "ClassVar",
        "Final",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Unpack",
        "SkipJsonSchema",
        "Strict",
        "Secret",
    ]
)
"""Types that say nothing of the value beyond their first part."""
CONSTRAINED: Final = {
    "constr": "str",
    "conint": "int",
    "confloat": "float",
    "condecimal": "Decimal",
    "conbytes": "bytes",
    "condate": "date",
}
"""Functions of pydantic that make a type from constraints."""

ENUMS: Final = frozenset(["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"])
RECORDS: Final = frozenset(
    ["BaseModel", "TypedDict", "NamedTuple", "SQLModel", "Struct", "RootModel"]
)
"""Bases whose fields are what a caller gives."""
RECORD_MAKERS: Final = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s"})
"""Decorators that do the same."""
