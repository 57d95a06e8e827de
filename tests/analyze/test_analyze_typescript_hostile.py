"""JavaScript that is broken, deep, huge or strangely encoded is read as far as it goes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyze.lowered import depth, nodes
from analyze.scripts import called, script
from ostiary.analyze import ir
from ostiary.analyze.typescript.grammar import MAX_BYTES

MANY = 20_000
DEEP = {
    "arrays": "[" * MANY + "]" * MANY,
    "objects": "x=" + "{a:" * MANY + "1" + "}" * MANY,
    "calls": "f(" * MANY + ")" * MANY,
    "calls of sums": "x=" + "a.b(c+" * MANY + "1" + ")" * MANY,
    "blocks": "{" * MANY + "}" * MANY,
    "ifs": "if(a)" * MANY + "b",
    "signs": "x=" + "!" * MANY + "a",
    "functions": "function f(){" * MANY + "}" * MANY,
    "arrows": "x=>" * MANY + "y",
    "invoked": "(function(){" * MANY + "})()" * MANY,
    "classes": "x=" + "class{a=" * MANY + "1" + "}" * MANY,
    "indexes": "a[" * MANY + "0" + "]" * MANY,
    "patterns": "let " + "[" * MANY + "a" + "]" * MANY + "=b",
    "elements": "x=" + "<a>" * MANY + "</a>" * MANY,
    "try": "try{" * MANY + "}catch{}" * MANY,
    "awaits": "async()=>{x=" + "await " * MANY + "a}",
    "powers": "x=" + "a**" * MANY + "a",
    "conditions": "x=" + "f(a?b:" * MANY + "1" + ")" * MANY,
}
LONG = {
    "using": "using a=b();" * MANY,
    "sums": "x=a" + "+a" * MANY,
    "and": "x=" + "a&&" * MANY + "a",
    "mixed": "x=a" + "+a-a*a" * MANY,
    "members": "x=a" + ".b" * MANY,
    "promises": "p" + ".then(a)" * MANY,
    "optional": "p" + "?.a()" * MANY,
    "else if": "if(a)b();" + "else if(a)b();" * MANY,
    "ternaries": "x=" + "a?b:" * MANY + "c",
    "ternary statements": "a?b():" * MANY + "c()",
    "returned ternaries": "x=()=>" + "a?(b,c):" * MANY + "d",
    "commas": "x=(" + "a()," * MANY + "b)",
    "assignments": "a=" * MANY + "b",
    "variables": "var " + "a," * MANY + "b",
    "parentheses": "x=" + "(" * MANY + "1" + ")" * MANY,
    "labels": "a:" * MANY + "b()",
    "cases": "switch(a){" + "case 1:" * MANY + "f()}",
    "assertions": "x=a" + " as b" * MANY,
}


def _from(frames: int, source: str, path: str) -> ir.Module:
    """Lowered with so many calls already on the stack."""
    return script(source, path) if frames == 0 else _from(frames - 1, source, path)


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_what_is_too_deep_is_said_and_hides_nothing_else(source: str) -> None:
    lowered = _from(100, f"before();\n{source};\nafter();\n", "a.js")
    assert (called(lowered)[0], called(lowered)[-1]) == ("before", "after")
    assert any("deep" in one or "not understood" in one for one in lowered.problems)
    assert depth(lowered.body) < 500


@pytest.mark.parametrize("source", LONG.values(), ids=LONG.keys())
def test_what_is_only_long_is_read_whole_and_flat(source: str) -> None:
    lowered = _from(100, source, "a.ts" if " as " in source else "a.js")
    assert lowered.problems == ()
    assert depth(lowered.body) < 200


def test_no_link_of_a_long_chain_is_lost() -> None:
    lowered = script("x = a" + "".join(f".b{count}(c)" for count in range(500)))
    assert sorted(one.name for one in nodes(lowered, ir.Member)) == sorted(
        f"b{count}" for count in range(500)
    )


def test_no_operand_of_a_long_sum_is_lost_and_their_order_stays() -> None:
    names = [f"a{count}" for count in range(1000)]
    lowered = script("x = " + " + ".join(names))
    assert [one.id for one in nodes(lowered, ir.Name)] == names


def test_fall_through_cannot_multiply() -> None:
    wide = "switch(a){" + "case 1:g();" * 5000 + "}"
    assert len(nodes(script(wide, "a.js"), ir.Do)) < 200_000
    inner = "f();"
    for _ in range(8):
        inner = "switch(a){" + f"case 1:{inner}case 2:g();" * 2 + "}"
    lowered = script(inner, "a.js")
    assert any("falls through" in one for one in lowered.problems)
    assert len(nodes(lowered, ir.Do)) < 50_000


@pytest.mark.parametrize("opening", ["a<b,", "é<b,", "a/**/<b,", f"a{' ' * 80}<b,"])
def test_type_arguments_that_never_close_are_given_up(opening: str) -> None:
    lowered = script(opening * 25_000 + "c;\nafter()", "a.ts")
    assert "after" in called(lowered)
    assert any("read as JavaScript" in one for one in lowered.problems)


def test_what_is_no_source_has_a_problem_and_no_body() -> None:
    huge = b" " * (MAX_BYTES + 1)
    for data, says in ((b"\0\xff\xfe\x01" * 500, "not text"), (huge, "are not read")):
        lowered = script(data)
        assert lowered.body == ()
        (problem,) = lowered.problems
        assert says in problem


def test_bytes_that_are_no_text_are_named_and_the_rest_is_read() -> None:
    lowered = script(b"f('\xff'); // \xc3\ng()")
    assert called(lowered) == ["f", "g"]
    assert lowered.problems == ("holds bytes that are no UTF-8",)
    assert called(script("f('ü')".encode("utf-16"))) == ["f"]


_WORDS = (
    "( ) { } [ ] < > => = , ; : ? ?. ... . ` ${ ' \" / // /* */ \n # @ ! + - ** ++ && ?? a b async",
    "await yield function function* class extends static get set new this super import export",
    "default from as type enum namespace declare const let var if else for of in while do switch",
    "case break try catch finally throw return delete void typeof using with 0 1n 0x 'x' `x` /r/g",
    "constructor private readonly abstract interface satisfies <T> (a)=> {a:1} \\u0061 é require",
    "exports module __commonJS __esm __toESM __export __awaiter __esModule",
)
_PIECES = st.sampled_from(" ".join(_WORDS).split(" "))


@settings(max_examples=300)
@given(
    st.lists(_PIECES, max_size=40), st.sampled_from([" ", ""]), st.sampled_from(["js", "ts", "tsx"])
)
@example(["export", "default"], " ", "ts")
@example(["class", "{", "@"], " ", "ts")
@example(["switch", "(", "a", ")", "{", "case"], " ", "js")
def test_no_text_raises(pieces: list[str], between: str, ending: str) -> None:
    lowered = script(between.join(pieces), f"a.{ending}")
    assert all(one.line >= 1 and one.column >= 1 for one in nodes(lowered, ir.Node))


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert script(data, "a.ts").path == "a.ts"


@given(st.text(max_size=80))
def test_a_string_is_read_back_as_it_was(text: str) -> None:
    escaped = "".join(f"\\u{{{ord(one):x}}}" for one in text)
    (statement,) = script(f"x = '{escaped}'").body
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Constant)
    assert statement.value.value == text


def test_the_same_text_is_lowered_the_same() -> None:
    source = "a.b(c => d); class E { f = 1 }"
    kinds = [type(one) for one in nodes(script(source), ir.Node)]
    assert kinds == [type(one) for one in nodes(script(source), ir.Node)]
