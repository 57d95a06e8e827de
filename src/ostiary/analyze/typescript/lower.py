"""One file of JavaScript or TypeScript → one :class:`Module` of the IR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar

from tree_sitter import Node

from ostiary.analyze.ir import Module, Stmt
from ostiary.analyze.project import SourceFile
from ostiary.analyze.typescript import (
    bundles,
    chains,
    classes,
    control,
    functions,
    literals,
    modules,
    operators,
    patterns,
    statements,
)
from ostiary.analyze.typescript.grammar import ENDINGS, Parsed, grammar_of, language, parse
from ostiary.analyze.typescript.lowering import (
    ExprHandler,
    Handlers,
    Lowering,
    PatternHandler,
    StmtHandler,
    by_field,
    by_kind,
)
from ostiary.analyze.typescript.source import Comments, Source

__all__ = ["ENDINGS", "lower"]

DENSE: Final = 60
"""Syntax nodes a line above which lines carry no meaning. Written code has about ten."""
_ERROR: Final = 0xFFFF
"""The number every grammar has for what did not parse."""
_Handler = TypeVar("_Handler", bound="ExprHandler | StmtHandler | PatternHandler")

_EXPRESSIONS: Final[Mapping[str, ExprHandler]] = {
    "array": functions.array,
    "arrow_function": functions.expression,
    "as_expression": chains.transparent,
    "assignment_expression": operators.assignment,
    "augmented_assignment_expression": operators.augmented,
    "await_expression": operators.awaited,
    "binary_expression": operators.binary,
    "call_expression": chains.chain,
    "class": classes.expression,
    "class_declaration": classes.expression,
    "false": literals.false,
    "function_expression": functions.expression,
    "generator_function": functions.expression,
    "identifier": operators.identifier,
    "import": chains.plain_name,
    "instantiation_expression": chains.transparent,
    "jsx_attribute": chains.jsx_attribute,
    "jsx_element": chains.jsx,
    "jsx_expression": chains.jsx_expression,
    "jsx_self_closing_element": chains.jsx,
    "member_expression": chains.chain,
    "meta_property": chains.meta,
    "nested_identifier": chains.nested_name,
    "new_expression": chains.new,
    "non_null_expression": chains.transparent,
    "null": literals.nothing,
    "number": literals.number,
    "object": functions.mapping,
    "parenthesized_expression": operators.parenthesized,
    "private_property_identifier": operators.private_name,
    "regex": literals.regex,
    "satisfies_expression": chains.transparent,
    "sequence_expression": operators.comma,
    "spread_element": chains.spread,
    "string": literals.string,
    "subscript_expression": chains.chain,
    "super": chains.plain_name,
    "template_string": literals.template_expression,
    "ternary_expression": operators.ternary,
    "this": chains.plain_name,
    "true": literals.true,
    "type_assertion": chains.assertion,
    "unary_expression": operators.unary,
    "undefined": literals.nothing,
    "update_expression": operators.update,
    "yield_expression": operators.yielded,
}

_STATEMENTS: Final[Mapping[str, StmtHandler]] = {
    "abstract_class_declaration": classes.declaration,
    "ambient_declaration": modules.ambient,
    "break_statement": statements.broken,
    "class_declaration": classes.declaration,
    "continue_statement": statements.continued,
    "do_statement": control.loop_do,
    "enum_declaration": modules.enumeration,
    "export_statement": modules.exported,
    "expression_statement": statements.expression,
    "for_in_statement": control.loop_in,
    "for_statement": control.loop_for,
    "function_declaration": functions.declaration,
    "generator_function_declaration": functions.declaration,
    "if_statement": control.condition,
    "import_alias": modules.alias,
    "import_statement": modules.imported,
    "internal_module": modules.namespace,
    "labeled_statement": control.labelled,
    "lexical_declaration": statements.variables,
    "module": modules.namespace,
    "return_statement": statements.returned,
    "statement_block": statements.block,
    "switch_statement": control.switch,
    "throw_statement": statements.thrown,
    "try_statement": control.attempt,
    "variable_declaration": statements.variables,
    "while_statement": control.loop_while,
    "with_statement": control.with_object,
}

_PATTERNS: Final[Mapping[str, PatternHandler]] = {
    "array": patterns.sequence,
    "array_pattern": patterns.sequence,
    "as_expression": patterns.unwrapped,
    "assignment_expression": patterns.default,
    "assignment_pattern": patterns.default,
    "call_expression": patterns.place,
    "identifier": patterns.name,
    "member_expression": patterns.place,
    "non_null_expression": patterns.unwrapped,
    "object": patterns.mapping,
    "object_assignment_pattern": patterns.default,
    "object_pattern": patterns.mapping,
    "parenthesized_expression": patterns.unwrapped,
    "rest_pattern": patterns.rest,
    "satisfies_expression": patterns.unwrapped,
    "shorthand_property_identifier": patterns.name,
    "shorthand_property_identifier_pattern": patterns.name,
    "spread_element": patterns.rest,
    "subscript_expression": patterns.place,
    "undefined": patterns.name,
}


@cache
def _handlers(grammar: str) -> Handlers:
    kinds = by_kind(language(grammar))

    def numbered(table: Mapping[str, _Handler]) -> dict[int, _Handler]:
        return {number: table[kind] for kind in table for number in kinds.get(kind, ())}

    comments = frozenset(
        number
        for kind in ("comment", "html_comment", "hash_bang_line")
        for number in kinds.get(kind, ())
    )
    return Handlers(
        numbered(_EXPRESSIONS),
        {**numbered(_STATEMENTS), _ERROR: statements.damaged},
        numbered(_PATTERNS),
        comments,
        by_field(language(grammar)),
    )


def lower(file: SourceFile) -> Module:
    """The module of a ``.js``, ``.mjs``, ``.cjs``, ``.jsx``, ``.ts``, ``.mts``, ``.cts`` or
    ``.tsx`` file.

    Never raises on what a file holds. What is too large, too deep or does not parse is said in
    ``problems`` and left out; the rest is lowered.
    """
    named = "javascript" if grammar_of(file.path) == "javascript" else "typescript"
    lines = file.data.count(b"\n") + 1
    parsed = parse(file.path, file.data)
    if isinstance(parsed, str):
        return Module(file.path, named, (), lines, problems=(parsed,))
    source = Source(parsed.data)
    comments = Comments(source, parsed.comments())
    lowering = Lowering(source, comments, _handlers(parsed.grammar))
    body: list[Stmt] = []
    lowering.statements(parsed.tree.root_node.named_children, body)
    lowering.finish(statements.arrow_body)
    module = Module(
        path=file.path,
        language=named,
        body=tuple(body),
        lines=lines,
        doc=comments.heading(),
        problems=parsed.problems + _unparsed(parsed) + lowering.problems,
        minified=_minified(parsed, lines),
        comments=comments.all,
    )
    return bundles.followed(module) if bundles.is_marked(parsed.data) else module


def _unparsed(parsed: Parsed) -> tuple[str, ...]:
    """Where the text is not what the grammar expects: the first place, and how many there are."""
    errors: list[Node] = parsed.errors()
    if not errors:
        return ()
    place = f"line {errors[0].start_point[0] + 1}: does not parse"
    more = len(errors) - 1
    if more:
        place += f", nor {more} more place{'s' if more > 1 else ''} in the file"
    return (place,)


def _minified(parsed: Parsed, lines: int) -> bool:
    """A file of few lines with much code on them. A long string is one node and no code."""
    return parsed.tree.root_node.descendant_count > DENSE * max(lines, 10)
