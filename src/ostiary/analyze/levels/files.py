"""Files that are read, written and removed."""

from __future__ import annotations

import re

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.levels.origins import by_caller, by_settings, from_outside
from ostiary.analyze.levels.work import Work
from ostiary.flow.evidence import stronger
from ostiary.model.access import DataClass, Level
from ostiary.model.grade import Confidence
from ostiary.model.visible import visible

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
BELOW = g.CONTAINED | g.BASENAME | g.PLAIN
"""What keeps a path of the caller's within a folder."""

_WIDE = re.compile(r"(?:~|/|/root|/home(?:/[^/]+)?|/Users(?:/[^/]+)?|\$HOME)/*")
"""Folders below which the settings of everything lie."""
_HIDDEN = re.compile(r"(?:~|/root|/home/[^/]+|/Users/[^/]+|\$HOME)/(?:\.|Library/|AppData/)")


def read(work: Work, effect: Effect) -> None:
    """A file or the names in a folder."""
    path = effect.operand("path")
    what = "names in a folder" if effect.kind is EffectKind.LIST_FILES else "a file"
    if by_caller(path) or by_settings(path):
        work.data.add(DataClass.FILES)
        work.note(Level.READ, HIGH, effect, f"reads {what}{_chosen(path)}", "file")
    else:
        work.note(Level.READ, MEDIUM, effect, f"reads {what} of its own", "file of its own")


def write(work: Work, effect: Effect) -> None:
    """A file that is made, changed or moved."""
    path, content = effect.operand("path"), effect.operand("content")
    if by_caller(path):
        sure = HIGH
    elif by_caller(content) or by_settings(path):
        sure = HIGH if by_caller(content) else MEDIUM
    else:
        sure = MEDIUM if from_outside(content) else LOW
    work.data.add(DataClass.FILES)
    thing = "file" if sure is HIGH else "file of its own"
    verb = "moves a file" if "move" in effect.tags else "writes a file"
    work.note(Level.WRITE, sure, effect, f"{verb}{_chosen(path)}", thing)
    if sure > LOW:
        work.keep(_kept(path))
    _places(work, path, content, moves="move" in effect.tags)


def _places(work: Work, path: Value | None, content: Value | None, *, moves: bool) -> None:
    """How surely the caller can put what they like where they like."""
    if not by_caller(path) or "\0" not in (path.pieces if path else "\0") + "\0":
        return
    if not by_caller(content) and not moves:
        return
    free = by_caller(path, BELOW)
    loose = path is not None and any(
        flow.guarantees & (g.PREFIX_ONLY | g.NO_DOTS)
        for _, flow in path.deep_sources(SourceKind.MODEL)
    )
    sure = (MEDIUM if loose or moves else HIGH) if free else LOW
    work.weighed.places_files = stronger(work.weighed.places_files, sure)


def delete(work: Work, effect: Effect) -> None:
    """A file that is removed; what the same code wrote just before is its own."""
    path = effect.operand("path")
    own = any(
        _same(path, one.operand("path")) for one in work.others(EffectKind.WRITE_FILE, effect)
    )
    if own or not (by_caller(path) or by_settings(path)):
        work.note(Level.WRITE, LOW, effect, "removes a file of its own", "file of its own")
        return
    asked = effect.total or Level.DESTROY in work.said
    sure = HIGH if by_caller(path) and asked else MEDIUM
    work.data.add(DataClass.FILES)
    work.note(Level.DESTROY, sure, effect, f"removes a file{_chosen(path)}", "file")


def _same(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None or not one.text:
        return False
    return one.pieces == other.pieces and set(one.flows) == set(other.flows)


def mode(work: Work, effect: Effect) -> None:
    """Rights on a file."""
    sure = HIGH if by_caller(effect.operand("path")) else LOW
    work.note(Level.WRITE, sure, effect, "changes the rights on a file", "file")


def extract(work: Work, effect: Effect) -> None:
    """An archive that is unpacked."""
    work.data.add(DataClass.FILES)
    sure = HIGH if by_caller(effect.operand("path")) else MEDIUM
    work.note(Level.WRITE, sure, effect, "unpacks an archive", "file")
    work.keep(_kept(effect.operand("path")))


def _chosen(path: Value | None) -> str:
    if by_caller(path, BELOW):
        return " at a path of the caller's choosing"
    if by_caller(path):
        return " below a folder that is checked"
    return " at a configured path" if by_settings(path) else ""


def _end(path: Value | None) -> str:
    """The literal end of a path of which the beginning is not known: ``…/.config/a.json``."""
    pieces = "" if path is None else path.pieces
    end = pieces.rpartition("\0")[2]
    return f"…{end}" if pieces.startswith("\0") and "/" in end else ""


def _below(path: Value | None) -> str:
    """The folder that keeps a path of the caller's, where it holds more than one thing's files."""
    folder, end = ("", "") if path is None else path.pieces.split("\0", 1)
    if end or not folder.endswith("/"):
        return "a folder that is checked"
    if _WIDE.fullmatch(folder):
        return "the home folder"
    return visible(folder.rstrip("/"), 80) if _HIDDEN.match(folder) else "a folder that is checked"


def _kept(path: Value | None) -> str:
    known = None if path is None else path.known_text
    if known:
        return f"file {visible(known, 80)}"
    end = _end(path)
    if end and not by_caller(path):
        return f"file {visible(end, 80)}"
    if by_caller(path, BELOW):
        return "files at a path of the caller's choosing"
    if by_caller(path):
        return f"files below {_below(path)}"
    return "files at a configured path" if by_settings(path) else "files at a path of its own"
