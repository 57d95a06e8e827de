"""Variables: scopes that see the ones around them, and names that wait for their module."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.dataflow.value import Value


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that stands for something of another module of the target, looked up when read:
    modules may import each other in a circle."""

    path: str
    name: str
    """``*`` is the module itself."""


Binding = Value | Imported


class Scope:
    """The variables of one function call, module or class body."""

    __slots__ = ("number", "parent", "shared", "variables")

    def __init__(self, parent: Scope | None = None, number: int = 0) -> None:
        self.variables: dict[str, Binding] = {}
        self.parent = parent
        self.shared: set[str] = set()
        """Variables that functions inside assign to."""
        self.number = number
        """The function whose scope it is; 0 for a module's."""

    def find(self, name: str) -> Scope | None:
        """The nearest scope that has the variable."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope
            scope = scope.parent
        return None

    def around(self) -> tuple[int, ...]:
        """Numbers of the functions whose variables can be seen from here, inner first."""
        numbers = []
        scope: Scope | None = self
        while scope is not None:
            if scope.number:
                numbers.append(scope.number)
            scope = scope.parent
        return tuple(numbers)
