"""Evaluation, loading, conversion and the machine's facts in JavaScript."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import PLAIN, REGEX_ESCAPED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Read, Result, When
from ostiary.analyze.knowledge.names import across, each

_MACHINE: Final = Result(passes=(), gives=SourceKind.MACHINE)
_DECODED: Final = Result(passes=(0,))

_TAGS: Final = (
    Known(
        (
            *each("common-tags.", "stripIndent stripIndents oneLine oneLineTrim source codeBlock"),
            *each("common-tags.", "html safeHtml commaLists oneLineCommaLists"),
            *("dedent", "ts-dedent", "ts-dedent.dedent", "outdent", "outdent.outdent", "endent"),
            "code-tag.sql",
        ),
        result=Result(same_as=0, formats=True),
    ),
)
"""Tags that take indentation off, or only say what the text is."""

_EVALUATION: Final = (
    Known(
        (
            "eval",
            "globalThis.eval",
            "window.eval",
            "Function",
            "globalThis.Function",
            *each("vm.", "runInContext runInNewContext runInThisContext compileFunction Script"),
            "vm.SourceTextModule",
        ),
        EffectKind.EVALUATE,
        {"code": ("rest:0", 0)},
        result=Result(),
        calls=(),
    ),
    Known(
        (
            "vm2.VM().run",
            "vm2.NodeVM().run",
            "vm2.VMScript",
            "isolated-vm.Isolate().compileScript",
            "isolated-vm.Isolate().compileScriptSync",
            "isolated-vm.Isolate().createContext().eval",
            "isolated-vm.*.eval",
            "isolated-vm.*.evalClosure",
            "quickjs-emscripten.*.evalCode",
            "sandboxjs.*.compile",
            "@nyariv/sandboxjs.*.compile",
        ),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("sandbox",),
    ),
    Known(
        (
            "safe-eval",
            "static-eval",
            "notevil",
            "expression-eval.eval",
            "eval5.evaluate",
            "node-eval",
            "require-from-string",
        ),
        EffectKind.EVALUATE,
        {"code": (0,)},
    ),
    Known(
        (
            "mathjs.evaluate",
            "mathjs.compile",
            "mathjs.parse",
            "expr-eval.Parser.evaluate",
            "expr-eval.Parser().evaluate",
            "jexl.eval",
            "jsonata",
            "filtrex.compileExpression",
            "jmespath.search",
        ),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("expression language",),
    ),
    Known(
        (
            "pyodide.loadPyodide().runPython",
            "pyodide.loadPyodide().runPythonAsync",
            "*.runPython",
            "*.runPythonAsync",
            "python-shell.PythonShell.runString",
        ),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("python",),
    ),
    Known(
        ("setTimeout", "setInterval"),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("timer",),
        when=(When((0,), "matches:."),),
        result=NO_RESULT,
        calls=((0, ("rest:2",)),),
    ),
    Known(
        ("setTimeout", "timers/promises.setTimeout", "Bun.sleep", "timers.promises.setTimeout"),
        EffectKind.SLEEP,
        {"seconds": (1, 0)},
        tags=("milliseconds",),
        result=NO_RESULT,
        calls=((0, ("rest:2",)),),
    ),
    Known(
        ("queueMicrotask", "process.nextTick", "setImmediate"),
        calls=((0, ("rest:1",)),),
        result=NO_RESULT,
    ),
    Known(
        (
            "require",
            "import",
            "module.createRequire()",
            "module.require",
            "process.mainModule.require",
            "process.getBuiltinModule",
            "import-fresh",
            "importFresh",
            "jiti()",
            "module._load",
            "process.dlopen",
            "require.resolve",
            "tsx/esm/api.tsImport",
            "proxyquire",
        ),
        EffectKind.LOAD_CODE,
        {"name": (0,)},
        result=Result(),
    ),
    Known(
        ("worker_threads.Worker", "Worker", "cluster.fork"),
        EffectKind.LOAD_CODE,
        {"name": (0,), "options": (1,)},
        tags=("worker",),
    ),
    Known(
        ("worker_threads.Worker", "Worker"),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("worker",),
        when=(When(("1.eval",), "true"),),
    ),
    Known(
        each("WebAssembly.", "compile instantiate Module"),
        EffectKind.LOAD_CODE,
        {"name": (0,)},
        tags=("webassembly",),
    ),
    Known(
        ("ffi-napi.Library", "koffi.load", "Bun.dlopen", "Deno.dlopen"),
        EffectKind.LOAD_CODE,
        {"name": (0,)},
        tags=("native",),
    ),
)

_DESERIALIZATION: Final = (
    Known(
        (
            "node-serialize.unserialize",
            "serialize-to-js.deserialize",
            "funcster.deepDeserialize",
            "cryo.parse",
            "serialijse.deserialize",
            "js-yaml.unsafeLoad",
        ),
        EffectKind.DESERIALIZE,
        {"data": (0,)},
        tags=("runs code",),
        result=_DECODED,
    ),
    Known(
        ("js-yaml.load", "js-yaml.loadAll"),
        EffectKind.DESERIALIZE,
        {"data": (0,), "schema": ("1.schema",)},
        tags=("safe since js-yaml 4",),
        result=_DECODED,
    ),
    Known(
        ("v8.deserialize", "superjson.parse", "devalue.parse", "flatted.parse"),
        EffectKind.DESERIALIZE,
        {"data": (0,)},
        tags=("safe",),
        result=_DECODED,
    ),
    Known(("js-yaml.safeLoad", "js-yaml.safeLoadAll"), result=_DECODED),
    Known(
        (
            "yaml.parse",
            "yaml.parseDocument",
            "json5.parse",
            "toml.parse",
            "@iarna/toml.parse",
            "smol-toml.parse",
            "ini.parse",
            "jsonc-parser.parse",
            "strip-json-comments",
            "csv-parse/sync.parse",
            "papaparse.parse",
            "JSON.parse",
            "secure-json-parse.parse",
            "destr.destr",
        ),
        result=_DECODED,
        calls=((1, (0,)),),
    ),
    Known(
        (
            "JSON.stringify",
            "fast-safe-stringify",
            "safe-stable-stringify",
            "yaml.stringify",
            "js-yaml.dump",
            "util.inspect",
            "util.format",
        ),
        result=Result(keeps=True),
        calls=(),
    ),
)

_TEMPLATES: Final = (
    Known(
        (
            *each("ejs.", "render compile"),
            *each("handlebars.", "compile precompile template"),
            *each("pug.", "render compile"),
            *each("nunjucks.", "renderString compile Template"),
            "nunjucks.Environment().renderString",
            "nunjucks.configure().renderString",
            "lodash.template",
            "underscore.template",
            "dot.template",
            "mustache.render",
            "hogan.js.compile",
            "eta.Eta().renderString",
            "eta.renderString",
            "squirrelly.render",
            "art-template.render",
            "liquidjs.Liquid().parseAndRender",
            "liquidjs.Liquid().parse",
            "velocityjs.render",
            "twig.twig",
            "swig.render",
            "marko.*.render",
        ),
        EffectKind.TEMPLATE,
        {"template": ("0.data", 0), "values": (1,), "options": (2, 1)},
        calls=(),
    ),
    Known(
        (
            "ejs.renderFile",
            "pug.renderFile",
            "pug.compileFile",
            "nunjucks.render",
            "nunjucks.Environment().render",
        ),
        EffectKind.READ_FILE,
        {"path": (0,), "values": (1,)},
        tags=("template",),
        result=Result(passes=(1,)),
        calls=(),
    ),
)

_XML: Final = (
    Known(
        (
            *each("libxmljs.", "parseXml parseXmlString parseXmlAsync parseHtml"),
            *each("libxmljs2.", "parseXml parseXmlString"),
            "libxml-xsd.parse",
            "xml2json.toJson",
            "node-expat.Parser",
        ),
        EffectKind.XML,
        {"data": (0,), "options": (1,), "entities": ("1.noent", "1.replaceEntities", "1.dtdload")},
        result=_DECODED,
    ),
    Known(
        (
            "xml2js.parseString",
            "xml2js.parseStringPromise",
            "xml2js.Parser().parseString",
            "xml2js.Parser().parseStringPromise",
            "fast-xml-parser.XMLParser().parse",
            "fast-xml-parser.parse",
            "xml-js.xml2js",
            "xml-js.xml2json",
            "@xmldom/xmldom.DOMParser().parseFromString",
            "xmldom.DOMParser().parseFromString",
            "DOMParser().parseFromString",
            "sax.parser",
            "cheerio.load",
        ),
        EffectKind.XML,
        {"data": (0,), "options": (1,)},
        tags=("no external entities",),
        result=_DECODED,
    ),
    Known(
        ("xpath.select", "xpath.select1", "xpath.evaluate", "xpath.useNamespaces()"),
        EffectKind.XPATH,
        {"query": (0,)},
        result=Result(passes=(1,)),
    ),
)

_PATTERNS: Final = (
    Known(
        ("RegExp",),
        EffectKind.REGEX,
        {"pattern": (0,), "flags": (1,)},
        result=Result(passes=(0,), leaves=REGEX_ESCAPED | PLAIN, keeps_recipe=True),
    ),
    Known(
        ("RegExp().test", "RegExp().exec"),
        EffectKind.REGEX,
        {"pattern": ("base",), "subject": (0,)},
        tags=("match",),
        result=Result(passes=(0,)),
    ),
    Known(
        ("minimatch", "minimatch.minimatch", "micromatch", "micromatch.isMatch", "picomatch"),
        EffectKind.REGEX,
        {"pattern": (1, 0), "subject": (0,)},
        tags=("glob",),
        result=Result(passes=(0,)),
    ),
    Known(
        (
            "escape-string-regexp",
            "lodash.escapeRegExp",
            "lodash.escaperegexp",
            "regexp.escape",
            "RegExp.escape",
        ),
        result=Result(passes=(0,), adds=REGEX_ESCAPED, keeps=True),
    ),
    Known(("re2",), result=Result(passes=(0,), external="RE2()")),
)

_MACHINE_FACTS: Final = (
    Known(
        (
            *each("os.", "userInfo hostname networkInterfaces"),
            "os.machine",
            "node-machine-id.machineId",
            "node-machine-id.machineIdSync",
            "public-ip",
            "public-ip.publicIpv4",
        ),
        EffectKind.READ_MACHINE,
        tags=("host",),
        result=_MACHINE,
    ),
    Known(
        (
            "clipboardy.read",
            "clipboardy.readSync",
            "copy-paste.paste",
            "electron.clipboard.readText",
        ),
        EffectKind.READ_MACHINE,
        tags=("clipboard",),
        result=_MACHINE,
    ),
    Known(
        (
            "screenshot-desktop",
            "@nut-tree/nut-js.screen.capture",
            "@nut-tree-fork/nut-js.screen.grab",
            "robotjs.screen.capture",
            "node-screenshots.*.captureImage",
        ),
        EffectKind.READ_MACHINE,
        tags=("screen",),
        result=_MACHINE,
    ),
    Known(
        (
            "iohook.on",
            "uiohook-napi.uIOhook.on",
            "node-global-key-listener.GlobalKeyboardListener().addListener",
        ),
        EffectKind.READ_MACHINE,
        tags=("keys",),
        result=_MACHINE,
    ),
    Known(
        ("ps-list", "systeminformation.*", "find-process", "active-win"),
        EffectKind.READ_MACHINE,
        tags=("processes",),
        result=_MACHINE,
    ),
    Known(
        (
            *across(("keytar.", "@github/keytar."), "getPassword findPassword findCredentials"),
            "keychain.getPassword",
            "@napi-rs/keyring.Entry().getPassword",
        ),
        EffectKind.READ_MACHINE,
        {"what": (0,)},
        tags=("keyring",),
        result=Result(passes=(), gives=SourceKind.SECRET, named="entry of the key ring"),
    ),
    Known(
        ("dotenv.parse", "dotenv.config"),
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named=".env"),
    ),
    Known(
        ("Deno.env.get", "Bun.env.get"),
        EffectKind.READ_ENVIRONMENT,
        {"name": (0,)},
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named=0),
    ),
    Known(
        ("Deno.env.toObject",),
        EffectKind.READ_ENVIRONMENT,
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named="env"),
    ),
    Known(
        (
            "inquirer.prompt",
            "enquirer.prompt",
            "prompts",
            "prompts.prompt",
            "readline-sync.question",
            "@clack/prompts.*",
            "@inquirer/prompts.*",
        ),
        EffectKind.CALL,
        {"message": (0,)},
        tags=("asks a person",),
        result=Result(passes=()),
        calls=(),
    ),
)

TABLE = Library(
    "language",
    known=(
        *_TAGS,
        *_EVALUATION,
        *_DESERIALIZATION,
        *_TEMPLATES,
        *_XML,
        *_PATTERNS,
        *_MACHINE_FACTS,
    ),
    reads=(
        Read(
            (
                "process.env.*",
                "Bun.env.*",
                "import.meta.env.*",
            ),
            SourceKind.ENVIRONMENT,
            EffectKind.READ_ENVIRONMENT,
            external=False,
        ),
        Read(("process.env", "Bun.env", "import.meta.env"), SourceKind.ENVIRONMENT),
    ),
    aliases={
        "process/browser": "process",
        "globalThis.process": "process",
        "global.process": "process",
        "globalThis.setTimeout": "setTimeout",
        "global.eval": "eval",
        "lodash-es": "lodash",
        "lodash/merge": "lodash.merge",
        "lodash/mergeWith": "lodash.mergeWith",
        "lodash/defaultsDeep": "lodash.defaultsDeep",
        "lodash/set": "lodash.set",
        "lodash/template": "lodash.template",
        "lodash/escapeRegExp": "lodash.escapeRegExp",
        "lodash.defaultsdeep": "lodash.defaultsDeep",
        "lodash.mergewith": "lodash.mergeWith",
        "lodash.clonedeep": "lodash.cloneDeep",
        "underscore.extend": "lodash.extend",
        "handlebars/runtime": "handlebars",
        "handlebars/dist/cjs/handlebars": "handlebars",
        "handlebars.create()": "handlebars",
        "buffer.Buffer": "Buffer",
        "globalThis.Buffer": "Buffer",
        "crypto.webcrypto": "crypto",
        "yamljs": "yaml",
        "validator/lib/isUUID": "validator.isUUID",
        "inspector/promises": "inspector",
        "pino.pino": "pino",
        "console.Console()": "console",
        "consola.consola": "consola",
    },
)
