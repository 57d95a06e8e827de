"""What an annotation says a value is, as far as the names in it lead somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow.value import Class, External, Instance, ModuleRef, Ref

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_NO_CLASS = frozenset(
    [
        "Optional",
        "Union",
        "Any",
        "List",
        "Dict",
        "Set",
        "Tuple",
        "Literal",
        "Annotated",
        "Callable",
        "Awaitable",
        "Promise",
        "Record",
        "Partial",
        "Array",
        "Readonly",
        "ReadonlyArray",
        "Map",
        "Iterable",
        "Iterator",
        "AsyncIterator",
        "Sequence",
        "Mapping",
        "None",
        "True",
        "False",
        "Final",
        "ClassVar",
        "Type",
        "Coroutine",
        "Generator",
        "AsyncGenerator",
        "Pick",
        "Omit",
        "Required",
        "Self",
        "NoneType",
        "String",
        "Number",
        "Boolean",
        "Object",
        "Function",
        "Date",
        "RegExp",
        "Error",
        "Buffer",
    ]
)
_MOST = 6
LONGEST = 400


def annotated(frame: Frame, annotation: str) -> tuple[Ref, ...]:
    """Instances that a value declared so may be."""
    if not annotation or len(annotation) > LONGEST or ('"' in annotation and "{" in annotation):
        return ()
    refs: list[Ref] = []
    for name in _NAME.findall(annotation):
        last = name.rpartition(".")[2]
        if not last[:1].isupper() or last in _NO_CLASS:
            continue
        refs.extend(_named(frame, name))
        if len(refs) >= _MOST:
            break
    return tuple(refs[:_MOST])


def _named(frame: Frame, name: str) -> list[Ref]:
    first, *rest = name.split(".")
    value = frame.lookup(first)
    if value is None:
        return _typed(frame, name)
    refs: list[Ref] = list(value.refs)
    for part in rest:
        refs = [one for ref in refs for one in _inside(frame, ref, part)]
    found: list[Ref] = []
    for ref in refs:
        if isinstance(ref, Class):
            found.append(Instance(ref))
            found.extend(External(f"{base}()") for base in frame.engine.foreign_bases(ref))
        elif isinstance(ref, External):
            found.extend(_typed(frame, ref.name, sure=True))
    return found


def _inside(frame: Frame, ref: Ref, name: str) -> tuple[Ref, ...]:
    if isinstance(ref, External):
        return (External(f"{ref.name}.{name}"),)
    if isinstance(ref, ModuleRef):
        value = frame.engine.exported(ref.path, name)
        return () if value is None else value.refs
    return ()


def _typed(frame: Frame, name: str, *, sure: bool = False) -> list[Ref]:
    known = frame.knowledge.typed(name)
    if known is not None:
        return [External(known.external)]
    if not sure or name.startswith(("typing.", "collections.abc.", "typing_extensions.")):
        return []
    return [External(f"{name}()")]
