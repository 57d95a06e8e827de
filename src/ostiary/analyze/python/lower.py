"""One Python file → a :class:`~ostiary.analyze.ir.Module`."""

from __future__ import annotations

from ostiary.analyze.ir import Expr, Module, Stmt
from ostiary.analyze.project import SourceFile
from ostiary.analyze.python.decode import decode
from ostiary.analyze.python.definitions import documentation, undocumented
from ostiary.analyze.python.parse import Piece, Problems, expression_piece, pieces
from ostiary.analyze.python.scan import is_minified, scan
from ostiary.analyze.python.statements import Statements


def lower(file: SourceFile) -> Module:
    """The file in the small language. Never raises: what could not be read is in ``problems``."""
    text, unsound = decode(file.data)
    problems = Problems()
    names: list[str] = []
    body: list[Stmt] = []
    doc = ""
    for piece in pieces(text, problems):
        if piece.before == 0:
            doc = documentation(piece.tree)
        body.extend(_lowered(piece, problems, names))
    scanned = scan(text)
    return Module(
        path=file.path,
        language="python",
        body=tuple(body),
        lines=text.count("\n") + bool(text and not text.endswith("\n")),
        doc=doc,
        problems=unsound + problems.all(),
        minified=is_minified(text, scanned.code_per_line, names),
        comments=scanned.comments,
    )


def lower_expression(text: str) -> Expr | None:
    """One expression, such as a declared type; ``None`` if it is none."""
    found = expression_piece(text)
    if found is None:
        return None
    piece, expression = found
    try:
        return Statements(piece, Problems()).expr(expression)
    except RecursionError:
        return None


def _lowered(piece: Piece, problems: Problems, names: list[str]) -> tuple[Stmt, ...]:
    lowering = Statements(piece, problems)
    try:
        body = lowering.block(undocumented(piece.tree) if piece.before == 0 else piece.tree.body)
    except RecursionError:
        problems.add(piece.before + 1, "nested too deeply to be read")
        return ()
    names.extend(lowering.names)
    return body
