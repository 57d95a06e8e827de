"""Text that Python runs as code, loads, parses or matches, and readers that run nothing."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import PLAIN, REGEX_ESCAPED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import IMPORT_HOOK, NO_RESULT, Known, Library, Result, When
from ostiary.analyze.knowledge.names import across, each

_DATA: Final = Result(passes=(0,))

_CODE: Final = (
    Known(
        ("eval", "exec", "compile", *each("builtins.", "eval exec compile")),
        EffectKind.EVALUATE,
        {"code": (0, "source"), "globals": (1, "globals")},
    ),
    Known(
        (
            *each("code.InteractiveInterpreter().", "runsource runcode"),
            *each("code.InteractiveConsole().", "runsource runcode push"),
            "IPython.get_ipython().run_cell",
            "IPython.core.interactiveshell.InteractiveShell().run_cell",
            "jupyter_client.*.execute",
            "timeit.timeit",
            "js2py.eval_js",
            "execjs.eval",
            "execjs.compile",
            "py_mini_racer.MiniRacer().eval",
            "dukpy.evaljs",
            "quickjs.Context().eval",
            "bpy.ops.script.python_file_run",
            *each("sympy.", "sympify parse_expr parsing.sympy_parser.parse_expr"),
        ),
        EffectKind.EVALUATE,
        {"code": (0, "source", "stmt", "s")},
    ),
    Known(
        (
            "asteval.Interpreter()",
            "asteval.Interpreter().eval",
            "simpleeval.simple_eval",
            "simpleeval.SimpleEval().eval",
            "RestrictedPython.compile_restricted",
            "numexpr.evaluate",
            "py_expression_eval.Parser().parse",
            "jsonpath_ng.parse",
            "jmespath.search",
        ),
        EffectKind.EVALUATE,
        {"code": (0, "s", "expr", "ex")},
        tags=("expression language",),
    ),
    Known(
        (
            "pandas.eval",
            "pandas.DataFrame().eval",
            "pandas.DataFrame().query",
            "pandas.read_*().query",
            "pandas.read_*().eval",
        ),
        EffectKind.EVALUATE,
        {"code": (0, "expr")},
        tags=("pandas",),
    ),
    Known(
        ("e2b_code_interpreter.*.run_code", "e2b.*.run_code", "modal.Sandbox.create"),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("sandbox",),
    ),
    Known(
        (
            "importlib.import_module",
            "importlib.__import__",
            "__import__",
            "builtins.__import__",
            "importlib.util.spec_from_file_location",
            "importlib.machinery.SourceFileLoader",
            "imp.load_source",
            "imp.load_module",
            "pkgutil.find_loader",
            "zipimport.zipimporter",
            *each("runpy.", "run_module run_path"),
            "pluginbase.PluginBase",
            "stevedore.driver.DriverManager",
            "site.addsitedir",
        ),
        EffectKind.LOAD_CODE,
        {"name": (0, "name"), "path": (1, "location", "path")},
    ),
    Known(
        (
            *each("sys.meta_path.", "append insert extend"),
            *each("sys.path_hooks.", "append insert extend"),
        ),
        EffectKind.CALL,
        {"value": (1, 0)},
        tags=(IMPORT_HOOK,),
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        (
            *each("ctypes.", "CDLL cdll.LoadLibrary WinDLL PyDLL windll.LoadLibrary"),
            "cffi.FFI().dlopen",
        ),
        EffectKind.LOAD_CODE,
        {"name": (0, "name")},
        tags=("native",),
    ),
    Known(("ast.literal_eval",), result=Result(keeps=True), calls=()),
    Known(("ast.parse",), result=_DATA),
)

_DESERIALIZATION: Final = (
    Known(
        (
            *across(("pickle.", "dill.", "cloudpickle.", "marshal."), "load loads"),
            *across(("pickle.", "dill."), "Unpickler Unpickler().load"),
            *each("shelve.", "open DbfilenameShelf"),
            "joblib.load",
            "pandas.read_pickle",
            "jsonpickle.decode",
            "jsonpickle.loads",
            "yaml.unsafe_load",
            "yaml.unsafe_load_all",
            "yaml.full_load",
            "sklearn.externals.joblib.load",
            "keras.models.load_model",
            "tensorflow.keras.models.load_model",
            "skops.io.load",
            "langchain.load.load.loads",
        ),
        EffectKind.DESERIALIZE,
        {"data": (0, "file", "filename", "string", "stream")},
        tags=("runs code",),
        result=_DATA,
    ),
    Known(
        ("ruamel.yaml.YAML().load", "ruamel.yaml.YAML().load_all"),
        EffectKind.DESERIALIZE,
        {"data": (0, "stream")},
        tags=("safe",),
        result=_DATA,
    ),
    Known(
        ("yaml.load", "yaml.load_all", "ruamel.yaml.load"),
        EffectKind.DESERIALIZE,
        {"data": (0, "stream"), "loader": (1, "Loader")},
        tags=("by loader",),
        result=_DATA,
    ),
    Known(
        ("torch.load",),
        EffectKind.DESERIALIZE,
        {"data": (0, "f"), "safe": ("weights_only",)},
        tags=("runs code",),
        when=(When(("weights_only",), "not true"),),
        result=_DATA,
    ),
    Known(
        ("numpy.load",),
        EffectKind.DESERIALIZE,
        {"data": (0, "file")},
        tags=("runs code",),
        when=(When(("allow_pickle",), "true"),),
        result=_DATA,
    ),
    Known(
        (
            *each("yaml.", "safe_load safe_load_all dump safe_dump"),
            *each("json.", "loads load JSONDecoder().decode"),
            *each("orjson.", "loads dumps"),
            *each("ujson.", "loads dumps load"),
            *each("tomllib.", "loads load"),
            *each("toml.", "loads load"),
            *each("msgpack.", "unpackb loads"),
            *each("csv.", "reader DictReader"),
        ),
        result=Result(passes=(0, "s", "fp")),
        calls=(),
    ),
    Known(("json.dumps", "json.dump"), result=Result(keeps=True), calls=()),
)

_TEMPLATES: Final = (
    Known(
        (
            "jinja2.Template",
            "jinja2.*.from_string",
            "jinja2.nativetypes.NativeTemplate",
            "mako.template.Template",
            "tornado.template.Template",
            "django.template.Template",
            "django.template.engines.*.from_string",
            "flask.render_template_string",
            "quart.render_template_string",
            "chevron.render",
            "pystache.render",
            "pystache.Renderer().render",
            "django.template.Engine().from_string",
            "django.template.Engine.get_default().from_string",
            "Cheetah.Template.Template",
            "genshi.template.MarkupTemplate",
            "liquid.Template",
            "langchain_core.prompts.PromptTemplate.from_template",
        ),
        EffectKind.TEMPLATE,
        {"template": (0, "source", "text", "template"), "values": ("rest:1",)},
    ),
    Known(
        ("jinja2.sandbox.SandboxedEnvironment().from_string", "string.Template"),
        result=Result(keeps=True),
    ),
    Known(
        ("jinja2.Environment().get_template", "flask.render_template"),
        EffectKind.READ_FILE,
        {"path": (0, "name", "template_name_or_list")},
        tags=("template",),
        result=Result(passes=()),
    ),
)

_XML: Final = (
    Known(
        (
            *each("lxml.etree.", "parse fromstring XML iterparse XMLParser().feed"),
            *each("lxml.objectify.", "parse fromstring"),
            "xml.sax.parse",
            "xml.sax.parseString",
            "xml.sax.make_parser().parse",
        ),
        EffectKind.XML,
        {"data": (0, "source", "text"), "options": (1, "parser")},
        result=_DATA,
    ),
    Known(
        ("lxml.etree.XMLParser",),
        EffectKind.XML,
        {
            "options": ("resolve_entities",),
            "entities": ("resolve_entities",),
            "network": ("no_network",),
        },
        tags=("parser",),
        result=Result(passes=(), keeps_recipe=True),
    ),
    Known(
        (
            *each("xml.etree.ElementTree.", "parse fromstring XML iterparse XMLParser"),
            *each("xml.dom.minidom.", "parse parseString"),
            *each("xml.dom.pulldom.", "parse parseString"),
            *each("xml.parsers.expat.", "ParserCreate().Parse"),
            "xmltodict.parse",
            "bs4.BeautifulSoup",
        ),
        EffectKind.XML,
        {"data": (0, "source", "text", "markup", "xml_input")},
        tags=("no external entities",),
        result=_DATA,
    ),
    Known(("defusedxml.*",), result=_DATA),
    Known(
        (
            "lxml.*.xpath",
            "lxml.etree.XPath",
            "xml.etree.ElementTree.*.findall",
            "elementpath.select",
        ),
        EffectKind.XPATH,
        {"query": (0, "path")},
        result=Result(passes=("base",)),
    ),
)

_PATTERNS: Final = (
    Known(
        across(("re.", "regex."), "compile"),
        EffectKind.REGEX,
        {"pattern": (0, "pattern"), "flags": (1, "flags")},
        result=Result(passes=(0, "pattern"), keeps_recipe=True),
    ),
    Known(
        across(("re.", "regex."), "match search fullmatch findall finditer split"),
        EffectKind.REGEX,
        {"pattern": (0, "pattern"), "subject": (1, "string")},
        tags=("match",),
        result=Result(passes=(1, "string")),
        calls=(),
    ),
    Known(
        across(("re.", "regex."), "sub subn"),
        EffectKind.REGEX,
        {"pattern": (0, "pattern"), "subject": (2, "string")},
        tags=("replace",),
        result=Result(passes=(1, 2, "repl", "string")),
        calls=((1, (2,)),),
    ),
    Known(
        each("re.compile().", "match search fullmatch findall finditer split"),
        EffectKind.REGEX,
        {"pattern": ("base",), "subject": (0, "string")},
        tags=("match",),
        result=Result(passes=(0, "string")),
    ),
    Known(
        each("re.compile().", "sub subn"),
        EffectKind.REGEX,
        {"pattern": ("base",), "subject": (1, "string")},
        tags=("replace",),
        result=Result(passes=(0, 1, "repl", "string")),
        calls=((0, (1,)),),
    ),
    Known(
        ("re.escape", "regex.escape"),
        result=Result(passes=(0, "pattern"), adds=REGEX_ESCAPED, keeps=True),
    ),
    Known(
        ("fnmatch.fnmatch", "fnmatch.filter", "fnmatch.translate"),
        result=Result(passes=(0, "name")),
    ),
)

_DECODED: Final = Result(passes=_DATA.passes, decodes=True)
_HIDDEN: Final = (
    Known(
        (
            *each("base64.", "b64decode b32decode b16decode b85decode a85decode urlsafe_b64decode"),
            *each("base64.", "decodebytes standard_b64decode"),
            *each("binascii.", "unhexlify a2b_base64 a2b_hex"),
            "bytes.fromhex",
            "bytearray.fromhex",
            "codecs.decode",
        ),
        EffectKind.DECODE,
        {"data": (0, "s", "obj")},
        result=_DECODED,
    ),
    Known(("chr",), EffectKind.DECODE, {"data": (0,)}, tags=("character",), result=_DECODED),
    Known(
        (
            *each("zlib.", "decompress decompressobj"),
            *each("gzip.", "decompress"),
            *each("bz2.", "decompress"),
            *each("lzma.", "decompress"),
        ),
        EffectKind.DECODE,
        {"data": (0, "data")},
        tags=("compression",),
        result=_DECODED,
    ),
    Known(
        ("uuid.UUID",),
        result=Result(passes=(0, "hex"), adds=PLAIN, keeps=True),
        ensures=((0, PLAIN),),
    ),
    Known(
        ("input", "sys.stdin.read", "sys.stdin.readline", "click.prompt", "typer.prompt"),
        result=Result(passes=(), gives=SourceKind.FILE, named="standard input"),
        calls=(),
    ),
)

TABLE = Library(
    "evaluation",
    known=(*_CODE, *_DESERIALIZATION, *_TEMPLATES, *_XML, *_PATTERNS, *_HIDDEN),
    aliases={
        "_pickle": "pickle",
        "cPickle": "pickle",
        "six.moves.cPickle": "pickle",
        "simplejson": "json",
        "pandas.core.frame.DataFrame": "pandas.DataFrame",
        "jinja2.environment.Template": "jinja2.Template",
        "jinja2.environment.Environment": "jinja2.Environment",
        "xml.etree.cElementTree": "xml.etree.ElementTree",
    },
)
