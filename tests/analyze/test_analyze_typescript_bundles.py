"""What bundlers and compilers write around modules is put back, so that calls lead somewhere."""

from __future__ import annotations

import pytest

from analyze.lowered import nodes, shape
from analyze.scripts import body, called, dotted, function, same, script
from ostiary.analyze import ir
from ostiary.analyze.typescript.rewriting import Rewrites, rewrite

MINIFIED = (
    "var K=(e,t)=>()=>(t||e((t={exports:{}}).exports,t),t.exports);"
    "var X=(e,t)=>{for(var r in t)D(e,r,{get:t[r],enumerable:!0})};"
    "var P=(e,t,r,n)=>{if(t&&typeof t=='object')for(let o of N(t))!H.call(e,o)&&o!==r&&"
    "D(e,o,{get:()=>t[o],enumerable:!(n=G(t,o))||n.enumerable});return e};"
    "var M=(e,t,r)=>(r=e!=null?C(Q(e)):{},P(t||!e||!e.__esModule?"
    'D(r,"default",{value:e,enumerable:!0}):r,e));'
    "var E=(e,t)=>()=>(e&&(t=e(e=0)),t);"
    'var Z=e=>P(D({},"__esModule",{value:!0}),e);'
    "var R=(e=>typeof require<'u'?require:new Proxy(e,{}))(function(e){"
    "throw Error('Dynamic require of \"'+e+'\" is not supported')});"
)
NAMED = (
    "var require_a = __commonJS({ 'a.js'(exports, module) { exports.run = go; } });"
    "var init_b = __esm({ 'b.ts'() { 'use strict'; init_c(); limit = 2; } });"
    "var src = {}; __export(src, { main: () => main }); module.exports = __toCommonJS(src);"
    "var import_a = __toESM(require_a()); var import_fs = __toESM(require('fs'), 1);"
    "function main() {}"
)
SHORT = (
    "var a=K((exports,module)=>{exports.run=go});"
    "var b=E(()=>{'use strict';c();limit=2});"
    "var src={};X(src,{main:()=>main});module.exports=Z(src);"
    "var i=M(a()),f=M(R('fs'),1);function main(){}"
)
GENERATOR = "const b = WAIT g(a); const h = function* () { yield 1 }; return b; }) }"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("const a = __importStar(require('fs'))", "const a = require('fs')"),
        ("const a = __importDefault(require('fs'))", "const a = require('fs')"),
        ("const a = (0, tslib_1.__importStar)(require('fs'))", "const a = require('fs')"),
        ("const a = tslib_1.__importDefault(require('./a'))", "const a = require('./a')"),
        ("var a = _interopRequireDefault(require('fs'))", "var a = require('fs')"),
        ("var a = _interopRequireWildcard(require('fs'))", "var a = require('fs')"),
        ("var a = __toESM2(require('fs'), 1)", "var a = require('fs')"),
        ("__exportStar(require('./a'), exports)", "export * from './a'"),
        ("Object.defineProperty(exports, '__esModule', { value: true })", ""),
        (
            "Object.defineProperty(exports, 'a', { get: function () { return b.c; } })",
            "exports.a = b.c",
        ),
        (
            "const r = createRequire(import.meta.url); const a = r('fs')",
            "const a = require('fs')",
        ),
        (
            "function f(a) { return __awaiter(this, void 0, void 0, function* () {"
            + GENERATOR.replace("WAIT", "yield"),
            "async function f(a) {" + GENERATOR.replace("WAIT", "await").replace("})", ""),
        ),
    ],
)
def test_it_means(written: str, meant: str) -> None:
    helped = "__esModule;"
    assert same(helped + written, helped + meant, "a.js")


@pytest.mark.parametrize("source", [NAMED, MINIFIED + SHORT], ids=["named", "minified"])
def test_modules_of_esbuild_become_functions(source: str) -> None:
    lowered = script(source, "dist/index.js")
    assert lowered.problems == ()
    name = "require_a" if source is NAMED else "a"
    module = function(lowered, name)
    assert [type(one) for one in module.body] == [ir.Assign, ir.Assign, ir.Assign, ir.Return]
    assert shape(module.body[2]) == shape(body("exports.run = go")[0])
    assert shape(module.body[3]) == shape(ir.Return(1, 1, ir.Name(1, 1, "exports")))
    block = next(one for one in lowered.body if isinstance(one, ir.Block))
    assert called(block.body) == ["init_c" if source is NAMED else "c"]
    assert function(lowered, "init_b" if source is NAMED else "b").body == ()
    assert shape(lowered.body[-2:]) == shape(body("src.main = main; module.exports = src"))
    assert "require" in called(lowered)


def test_what_replaces_module_exports_is_returned() -> None:
    lowered = script(
        "var require_a = __commonJS({a(exports, module) { module.exports = b; }})", "a.js"
    )
    last = function(lowered, "require_a").body[-1]
    assert isinstance(last, ir.Return)
    assert dotted(last.value) == "module.exports"


def test_a_module_of_the_bundle_is_itself_or_its_default() -> None:
    lowered = script("var a = __toESM(require_a())", "a.js")
    (found,) = nodes(lowered, ir.Conditional)
    assert dotted(found.then.callee) == "require_a"  # type: ignore[union-attr]
    assert isinstance(found.other, ir.Mapping)


WEBPACK = (
    "(()=>{var e={60:(e,t,n)=>{n.r(t);n.d(t,{go:()=>go});const c=n(81),d=n.n(c);"
    "function go(x){d().exec(x)}},81:e=>{'use strict';e.exports=require('child_process')}},t={};"
    "function n(r){var i=t[r];if(void 0!==i)return i.exports;var o=t[r]={exports:{}};"
    "return e[r](o,o.exports,n),o.exports}var __esModule,r=n(60);module.exports=r})();"
)
NCC = (
    "module.exports = (() => { var __webpack_modules__ = ({ './a.js': ((module, exports, "
    "__nccwpck_require__) => { exports.go = __nccwpck_require__('./b.js') }), './b.js': ((module) "
    "=> { module.exports = require('fs') }) }); var cache = {}; function __nccwpck_require__(id) "
    "{ var module = cache[id] = { exports: {} }; __webpack_modules__[id].call(module.exports, "
    "module, module.exports, __nccwpck_require__); return module.exports } "
    "return __nccwpck_require__('./a.js') })()"
)


def test_modules_of_webpack_call_each_other() -> None:
    lowered = script(WEBPACK, "dist/index.js")
    first, second = function(lowered, "e[60]"), function(lowered, "e[81]")
    assert called(first.body) == ["e[81]", "d"] or "e[81]" in called(first.body)
    assert shape(first.body[-2]) == shape(body("t.go = go")[0])
    assert called(second.body) == ["require"]
    assert "e[60]" in called(lowered)
    other = script(NCC, "dist/index.js")
    assert {"__webpack_modules__[./b.js]", "__webpack_modules__[./a.js]"} <= set(called(other))


def test_a_table_of_handlers_is_no_module_map() -> None:
    source = "const e = {a: (b) => b}; function n(r) { return e[r](1) } n('a');"
    assert shape(body(source + "__esModule", "a.js")[:-1]) == shape(body(source, "a.js"))


def test_rewriting_visits_what_cases_share_once() -> None:
    seen: list[ir.Expr] = []

    def note(node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Call):
            seen.append(node)
        return node

    lowered = script("switch (a) { case 1: f(); case 2: g(); case 3: h() }", "a.js")
    rewrite(lowered.body, Rewrites(note))
    assert len(seen) == 3
