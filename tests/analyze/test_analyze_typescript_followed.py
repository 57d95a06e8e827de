"""Calls in built code lead to the library they mean, through the engine."""

from __future__ import annotations

import pytest

from analyze.scripts import project
from analyze.test_analyze_typescript_bundles import MINIFIED, NCC, WEBPACK
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.knowledge.known import Known, Library
from ostiary.analyze.knowledge.lookup import Knowledge
from ostiary.analyze.modules import read_modules
from ostiary.analyze.typescript.resolve import ScriptPaths

LIBRARY = Library("shell", (Known(("child_process.exec",), EffectKind.SHELL, {"command": (0,)}),))


def shells(files: dict[str, str]) -> list[tuple[str, str]]:
    """File and function of every command line."""
    target = project(files)
    engine = Engine(
        read_modules(target).modules,
        {"javascript": ScriptPaths(target)},
        {"javascript": Knowledge((LIBRARY,))},
    )
    engine.run()
    found = [one for one in engine.local.values() if one.kind is EffectKind.SHELL]
    return [(one.place.file, one.function) for one in found]


@pytest.mark.parametrize(
    "source",
    [
        "import {exec} from 'node:child_process'; export function run(c) { exec(c) }",
        "import * as cp from 'child_process'; export function run(c) { cp['exec'](c) }",
        "import cp from 'child_process'; export const run = (c) => cp.exec(c)",
        "import cp = require('child_process'); export function run(c: string) { cp!.exec(c) }",
        "const {exec: go} = require('child_process'); exports.run = (c) => go(c)",
        "const cp_1 = require('child_process'); function run(c) { (0, cp_1.exec)(c) }",
        "const cp = __importStar(require('child_process')); function run(c) { cp.exec(c) }",
        (
            "const cp_1 = __importDefault(require('child_process'));"
            "function run(c) { return __awaiter(this, void 0, void 0, function* () {"
            " yield cp_1.default.exec(c) }) }"
        ),
        "var import_cp = __toESM(require('child_process')); var run = (c) => import_cp.exec(c)",
        f"{MINIFIED}var b=M(R('child_process'));function run(c){{b.default.exec(c)}}",
        (
            "namespace N { export const cp = require('child_process') }"
            "function run(c: string) { N.cp.exec(c) }"
        ),
        (
            "class A { constructor(private cp = require('child_process')) {} }"
            "function run(c: string) { (c as any, require('child_process').exec)(c) }"
        ),
    ],
)
def test_a_call_is_found_in_its_function(source: str) -> None:
    assert shells({"src/index.ts": source}) == [("src/index.ts", "run")]


def test_a_call_is_found_through_modules_of_a_bundle() -> None:
    esbuild = (
        f"{MINIFIED}var a=K((e,t)=>{{t.exports=R('child_process')}});"
        "var i=M(a());function main(c){i.default.exec(c)}"
    )
    assert shells({"dist/index.js": esbuild}) == [("dist/index.js", "main")]
    assert shells({"dist/index.js": WEBPACK}) == [("dist/index.js", "<anonymous>.e[60].go")]
    ncc = NCC.replace("'fs'", "'child_process'").replace(
        "__nccwpck_require__('./b.js') })", "(c) => __nccwpck_require__('./b.js').exec(c) })"
    )
    assert [file for file, _ in shells({"dist/index.js": ncc})] == ["dist/index.js"]


def test_a_call_is_found_through_packages_of_a_workspace() -> None:
    files = {
        "packages/core/package.json": '{"name": "@x/core", "main": "dist/index.js"}',
        "packages/core/src/index.ts": "export * from './shell.js';",
        "packages/core/src/shell.ts": "export {exec as go} from 'child_process';",
        "packages/server/src/index.ts": "import {go} from '@x/core'; function run(c) { go(c) }",
    }
    assert shells(files) == [("packages/server/src/index.ts", "run")]
