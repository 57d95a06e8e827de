"""The files of one target as values: what the front ends and rules read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the target, already brought inside bounds."""

    path: str
    """Inside the target, with forward slashes, never leading ``/`` and never with ``..``."""
    data: bytes
    executable: bool = False
    link: str = ""
    """Where it points, for a symbolic link; links are recorded and never followed."""

    @property
    def text(self) -> str:
        """The text; bytes that are no UTF-8 stand as U+FFFD."""
        return self.data.decode("utf-8", "replace")

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Project:
    """All files of one target."""

    files: Mapping[str, SourceFile] = field(default_factory=dict)
    """By path, in sorted order."""

    def get(self, path: str) -> SourceFile | None:
        return self.files.get(path)

    def named(self, *names: str) -> Iterator[SourceFile]:
        """Files with one of these base names, in order of path."""
        for file in self.files.values():
            if file.name in names:
                yield file

    def ending(self, *endings: str) -> Iterator[SourceFile]:
        """Files whose path ends so, in order of path."""
        for path, file in self.files.items():
            if path.endswith(endings):
                yield file
