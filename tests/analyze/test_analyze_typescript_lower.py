"""JavaScript and TypeScript become the IR as its docstrings say."""

from __future__ import annotations

import pytest

from analyze.lowered import nodes, only, shape
from analyze.scripts import body, called, function, same, script, value
from ostiary.analyze import ir


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"'\x41\u0042\u{1F600}\n\0'", "AB\U0001f600\n\0"),
        ("'a\\\nb\\\r\nc'", "abc"),
        (r"'\ud83d\ude00'", "\U0001f600"),
        (r"'\ud83d\ud83d\ude00'", "\ufffd\U0001f600"),
        (r"'\ud800'", "\ufffd"),
        (r"'\'\"\q\101'", "'\"qA"),
        ("'é\u2028ü'", "é\u2028ü"),
        ("`a\\tb`", "a\tb"),
        ("`a\r\nb`", "a\nb"),
        ("``", ""),
        ("0x1F", 31),
        ("0b11", 3),
        ("0o17", 15),
        ("017", 15),
        ("089", 89),
        ("1_000n", 1000),
        ("3e3", 3000),
        (".5", 0.5),
        ("1e21", 1e21),
        ("-1", -1),
        ("true", True),
        ("!0", True),
        ("!1", False),
        ("void 0", None),
        ("null", None),
        ("undefined", None),
    ],
)
def test_literals(source: str, expected: ir.Scalar) -> None:
    lowered = value(source, "a.js")
    assert isinstance(lowered, ir.Constant)
    assert lowered.value == expected
    assert type(lowered.value) is type(expected)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("(0, x.exec)(c)", "x.exec(c)"),
        ("a['b']", "a.b"),
        ("a?.b?.[c]?.(d)", "a.b[c](d)"),
        ("a!.b as T satisfies U", "a.b"),
        ("<T>a", "a"),
        ("((((a))))", "a"),
        ("a && b()", "if (a) { b() }"),
        ("a || b()", "if (a) {} else { b() }"),
        ("a ? b() : c ? d() : e()", "if (a) b(); else if (c) d(); else e()"),
        ("a(), b()", "a(); b()"),
        ("x = (a(), b)", "a(); x = b"),
        ("if (a(), b) c()", "a(); if (b) c()"),
        ("throw a(), b", "a(); throw b"),
        ("switch (a(), b) { }", "a(); switch (b) { }"),
        ("!function () { a() }()", "(function () { a() })()"),
        ("x => (a(), b)", "x => { a(); return b }"),
        ("x => y ? (a(), b) : c", "x => { if (y) { a(); return b } else return c }"),
        ("x++", "x += 1"),
        ("x >>>= 1", "x >>= 1"),
        ("a === b", "a == b"),
        ("for (let i = 0; i < n; i++) f()", "{ let i = 0; while (i < n) { f(); i++ } }"),
        ("outer: for (const a of b) continue outer", "for (const a of b) continue"),
        ("import fs = require('fs')", "const fs = require('fs')"),
        ("export = a", "module.exports = a"),
        ("const { 'a': b, c } = d", "const { a: b, c: c } = d"),
        ("f(a!, <any>b)", "f(a, b)"),
        ("s\\u0065t(a)", "set(a)"),
        ("do { a() } while (0)", "x: { a() }"),
    ],
)
def test_two_ways_to_write_one_thing(one: str, two: str) -> None:
    assert same(one, two)


def test_a_comma_in_an_expression_is_the_last_and_evaluates_all() -> None:
    lowered = value("f((a(), b))")
    assert isinstance(lowered, ir.Call)
    (last,) = lowered.args
    assert isinstance(last, ir.Index)
    assert isinstance(last.base, ir.Sequence)
    assert isinstance(last.key, ir.Constant)
    assert last.key.value == len(last.base.items) - 1 == 1
    assert called(last) == ["a"]


def test_destructuring_keeps_keys_defaults_holes_and_rests() -> None:
    (first, second) = body("const {a, b: {c} = d, [e]: f, ...g} = h, [i, , j = k, ...l] = m")
    assert isinstance(first, ir.Assign)
    assert first.declares
    pattern = first.targets[0]
    assert isinstance(pattern, ir.ObjectPattern)
    assert [key for key, _ in pattern.entries] == ["a", "b", None]
    assert isinstance(pattern.entries[1][1], ir.DefaultPattern)
    assert isinstance(pattern.rest, ir.NamePattern)
    assert isinstance(second, ir.Assign)
    row = second.targets[0]
    assert isinstance(row, ir.SequencePattern)
    assert [type(one).__name__ for one in row.items] == [
        "NamePattern",
        "NoneType",
        "DefaultPattern",
    ]
    assert row.rest is not None


def test_a_chain_of_assignments_has_all_targets() -> None:
    (statement,) = body("a = b.c = d")
    assert isinstance(statement, ir.Assign)
    assert [type(one) for one in statement.targets] == [ir.NamePattern, ir.PlacePattern]


def test_parameters_and_annotations() -> None:
    made = function(
        script("async function* f(this: X, a?: string, {b}: B = {}, ...c: any[]): P<T> {}"),
        "f",
    )
    assert [(one.kind, one.annotation) for one in made.params] == [
        ("plain", "string"),
        ("plain", "B"),
        ("rest", "any[]"),
    ]
    assert isinstance(made.params[1].default, ir.Mapping)
    assert (made.annotation, made.is_async, made.is_generator) == ("P<T>", True, True)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("const f = () => {}", "f"),
        ("a.b = function () {}", "b"),
        ("x = { k: async () => {} }", "k"),
        ("class A { p = () => {} }", "p"),
        ("function g({ h = () => {} }) {}", "h"),
        ("export default () => {}", "default"),
        ("f = function named() {}", "named"),
        ("module.exports = () => {}", ""),
    ],
)
def test_functions_are_named_after_what_they_are_assigned_to(source: str, name: str) -> None:
    assert function(script(source), name).body == ()


def test_a_comment_directly_above_is_the_doc_and_no_other() -> None:
    lowered = script(
        "// of the file\n\n/**\n * Reads.\n * @param a\n */\nexport function f(a) {}\n"
        "// one\n// two\nconst g = () => {}\n\n// apart\n\nfunction h() {}\nx() // behind\n"
        "function i() {}\nclass C {\n  /** M */\n  @dec()\n  m() {}\n}\n"
    )
    assert lowered.doc == "of the file"
    assert function(lowered, "f").doc == "Reads.\n@param a"
    assert function(lowered, "g").doc == "one\ntwo"
    assert function(lowered, "h").doc == ""
    assert function(lowered, "i").doc == ""
    assert function(lowered, "m").doc == "M"
    assert lowered.comments[1] == (3, "Reads.\n@param a")


def test_classes() -> None:
    lowered = script(
        "@dec({a: 1}) export class A<T> extends b.C<T> implements D {\n"
        "  #x = 1; static y?: number = 2; handler = (a) => a;\n"
        "  constructor(private readonly z: Z, plain = 1) { super(); init(); }\n"
        "  static { boot(); }\n"
        "  get v() { return 1 } set v(w) {} static async m() {} *[Symbol.iterator]() {}\n"
        "  overload(a: string): void; overload(a: any) {}\n"
        "}"
    )
    made = only(lowered, ir.ClassDef)
    assert shape(made.bases) == shape((value("b.C"),))
    assert [(one.name, one.static, one.annotation) for one in made.fields] == [
        ("#x", False, ""),
        ("y", True, "number"),
        ("handler", False, ""),
        ("z", False, "Z"),
    ]
    assert [(one.name, one.kind) for one in made.methods] == [
        ("constructor", "constructor"),
        ("v", "getter"),
        ("v", "setter"),
        ("m", "static"),
        ("[Symbol.iterator]", "method"),
        ("overload", "method"),
    ]
    first, *rest = made.methods[0].body
    assert shape((first,)) == shape(body("this.z = z")) or isinstance(first, ir.Assign)
    assert isinstance(first, ir.Assign)
    assert first.annotation == "Z"
    assert called(tuple(rest)) == ["super", "init"]
    assert called(made.body) == ["boot"]
    assert called(made.decorators) == ["dec"]
    assert shape(lowered.body[-1])[1:3] == ((("A", "A"),), "")  # type: ignore[index]


def test_a_case_is_closed_over_what_it_falls_through_to() -> None:
    switch = only(
        script(
            "switch (a) { case 1: case 2: b(); break; case 3: c(); default: d();"
            " case 4: { e(); break } case 5: return; case 6: }"
        ),
        ir.Switch,
    )
    found = [
        ([one.value for one in tests if isinstance(one, ir.Constant)], called(done))
        for tests, done in switch.cases
    ]
    assert found == [
        ([1, 2], ["b"]),
        ([3], ["c", "d", "e"]),
        ([], ["d", "e"]),
        ([4], ["e"]),
        ([5], []),
        ([6], []),
    ]
    assert not nodes(switch, ir.Jump)


def test_loops() -> None:
    (keys, values) = body("for (const k in o) f(k); for await (const [a, b] of c) f(a)")
    assert isinstance(keys, ir.Loop)
    assert isinstance(values, ir.Loop)
    assert (keys.keys, values.keys) == (True, False)
    assert isinstance(values.target, ir.SequencePattern)


def test_try_and_using() -> None:
    (attempt,) = body("try { a() } catch ({message}) { b() } finally { c() }")
    assert isinstance(attempt, ir.Try)
    ((kind, pattern, done),) = attempt.handlers
    assert (kind, type(pattern), called(done), called(attempt.final)) == (
        "",
        ir.ObjectPattern,
        ["b"],
        ["c"],
    )
    (held,) = body("await using f = open(); f.read()", "a.mjs")
    assert isinstance(held, ir.With)
    assert (called(held.items), called(held.body)) == (["open"], ["f.read"])


def test_imports() -> None:
    found = [
        (one.module, one.names, one.type_only)
        for one in nodes(
            script(
                "import a, {b as c, type D, default as e} from './x.js';"
                "import * as f from 'node:g'; import type {H} from 'h'; import 'i';"
                "import {'j-k' as l} from 'm'"
            ),
            ir.Import,
        )
    ]
    assert found == [
        ("./x.js", (("default", "a"), ("b", "c"), ("default", "e")), False),
        ("./x.js", (("D", "D"),), True),
        ("node:g", (("*", "f"),), False),
        ("h", (("H", "H"),), True),
        ("i", (), False),
        ("m", (("j-k", "l"),), False),
    ]


def test_exports() -> None:
    found = [
        (one.names, one.module, one.value is not None)
        for one in nodes(
            script(
                "export {a as b, c as default}; export {d as e, default} from 'f';"
                "export * from 'g'; export * as h from 'i'; export const j = 1, {k, l: [m]} = n;"
                "export default o();"
                "export default function p() {} export type {Q} from 'q'; export type R = S;"
                "export interface T {} export declare const u: V; export enum W {A}"
            ),
            ir.Export,
        )
    ]
    assert found == [
        ((("a", "b"), ("c", "default")), "", False),
        ((("d", "e"), ("default", "default")), "f", False),
        ((("*", ""),), "g", False),
        ((("*", "h"),), "i", False),
        ((("j", "j"), ("k", "k"), ("m", "m")), "", False),
        ((), "", True),
        ((("p", "default"),), "", False),
        ((("W", "W"),), "", False),
    ]


def test_enums_and_namespaces_are_objects() -> None:
    assert same("enum E {A, B = 'x', C = 5, D}", "const E = {A: 0, B: 'x', C: 5, D: 6}")
    assert same(
        "namespace N.M { const a = 1; export function f() {} }",
        "const a = 1; function f() {} const N = {M: {f: f}}",
    )


def test_tagged_templates_and_regexes() -> None:
    tagged = value(r"sql`a\n${b}`")
    assert isinstance(tagged, ir.Tagged)
    assert shape(tagged.template) == shape(value(r"`a\n${b}`"))
    raw = value(r"String.raw`a\n${b}`")
    assert isinstance(raw, ir.Tagged)
    assert isinstance(raw.template.parts[0], ir.Constant)
    assert raw.template.parts[0].value == "a\\n"
    regex = value(r"/a\/[/]b/gi")
    assert isinstance(regex, ir.Regex)
    assert (regex.pattern, regex.flags) == (r"a\/[/]b", "gi")


def test_jsx_passes_on_what_is_in_it() -> None:
    lowered = value("<A b={c()} {...d} e='f&quot;'>text {g()} <i h={j()}/></A>", "a.tsx")
    assert isinstance(lowered, ir.Opaque)
    assert called(lowered) == ["c", "g", "j"]
    assert 'f"' in [one.value for one in nodes(lowered, ir.Constant)]


def test_places_count_characters_from_one() -> None:
    lowered = script("\ufeff'ü😀'; f()\n  g()")
    assert [(one.line, one.column, one.end_line) for one in nodes(lowered, ir.Call)] == [
        (1, 7, 1),
        (2, 3, 2),
    ]


def test_what_does_not_parse_is_said_and_the_rest_is_read() -> None:
    lowered = script("before();\nconst = = ;;;( \nfunction f() { inside() }\nafter();")
    assert {"before", "inside"} <= set(called(lowered))
    assert lowered.problems[0].startswith("line 2: does not parse")


def test_types_in_javascript_are_read_as_typescript() -> None:
    lowered = script("function f(a: string): void { g(a) }", "a.js")
    assert lowered.problems == ()
    assert lowered.language == "javascript"
    assert function(lowered, "f").params[0].annotation == "string"


@pytest.mark.parametrize("ending", ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"])
def test_every_ending_is_read(ending: str) -> None:
    lowered = script("import a from 'b';\na.c(d?.e ?? f);\n", f"x.{ending}")
    assert called(lowered) == ["a.c"]
    assert lowered.language == ("typescript" if "t" in ending else "javascript")
    assert (lowered.lines, lowered.path, lowered.problems) == (3, f"x.{ending}", ())


def test_minified_means_code_and_not_data() -> None:
    assert script("var a=1;" * 500, "a.js").minified
    assert not script("var a=1;\n" * 500, "a.js").minified
    assert not script(f"var a = '{'x' * 50_000}';\n", "a.js").minified
