"""Lowered JavaScript and TypeScript, for the tests of that front end."""

from __future__ import annotations

from analyze.lowered import nodes, shape
from ostiary.analyze.ir import Assign, Call, Expr, FunctionDef, Member, Module, Name, Stmt
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.typescript.lower import lower


def script(source: str | bytes, path: str = "src/file.ts") -> Module:
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return lower(SourceFile(path, data))


def body(source: str, path: str = "src/file.ts") -> tuple[Stmt, ...]:
    lowered = script(source, path)
    assert lowered.problems == ()
    return lowered.body


def value(source: str, path: str = "src/file.ts") -> Expr:
    (statement,) = body(f"x = {source}", path)
    assert isinstance(statement, Assign)
    assert statement.value is not None
    return statement.value


def same(one: str, two: str, path: str = "src/file.ts") -> bool:
    """Whether two texts mean the same to the engine."""
    return shape(body(one, path)) == shape(body(two, path))


def function(lowered: object, name: str) -> FunctionDef:
    (found,) = [one for one in nodes(lowered, FunctionDef) if one.name == name]
    return found


def called(lowered: object) -> list[str]:
    """Dotted names of what is called, in order; ``?`` for a part that is no name."""
    return [dotted(one.callee) for one in nodes(lowered, Call)]


def dotted(node: object) -> str:
    if isinstance(node, Name):
        return node.id
    return f"{dotted(node.base)}.{node.name}" if isinstance(node, Member) else "?"


def project(files: dict[str, str]) -> Project:
    return Project({path: SourceFile(path, text.encode()) for path, text in sorted(files.items())})
