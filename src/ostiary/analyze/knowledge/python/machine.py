"""The environment, the machine, tokens, hashes, logs and debuggers in Python."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import MASKED, NUMBER, PLAIN
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Read, Result, When
from ostiary.analyze.knowledge.names import across, each

_VARIABLE: Final = Result(passes=(1,), gives=SourceKind.ENVIRONMENT, named=0)
_MACHINE: Final = Result(passes=(), gives=SourceKind.MACHINE)
_NUMBER: Final = Result(passes=(), adds=NUMBER)

_ENVIRONMENT: Final = (
    Known(
        ("os.getenv", "os.getenvb", "os.environ.get", "os.environ.pop", "os.environ.setdefault"),
        EffectKind.READ_ENVIRONMENT,
        {"name": (0, "key")},
        result=_VARIABLE,
    ),
    Known(
        each("os.environ.", "items copy keys values"),
        EffectKind.READ_ENVIRONMENT,
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named="environ"),
    ),
    Known(
        ("os.putenv", "os.environ.__setitem__"),
        EffectKind.SET_ENVIRONMENT,
        {"name": (0,), "value": (1,)},
        result=NO_RESULT,
    ),
    Known(
        ("os.environ.update",),
        EffectKind.SET_ENVIRONMENT,
        {"value": (0,)},
        result=NO_RESULT,
    ),
    Known(
        ("dotenv.dotenv_values",),
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named=".env"),
    ),
    Known(("dotenv.load_dotenv",), result=NO_RESULT),
    Known(
        ("decouple.config", "environs.Env().str", "environ.Env()"),
        EffectKind.READ_ENVIRONMENT,
        {"name": (0,)},
        result=Result(passes=(), gives=SourceKind.ENVIRONMENT, named=0),
    ),
)

_HOST: Final = (
    Known(
        (
            *each("getpass.", "getuser"),
            *each("os.", "getlogin uname"),
            *each("socket.", "gethostname getfqdn"),
            *each("platform.", "node uname"),
            "uuid.getnode",
            "pwd.getpwnam",
            "pwd.getpwall",
            "pwd.getpwuid",
            "psutil.users",
            "psutil.net_if_addrs",
            "netifaces.ifaddresses",
        ),
        EffectKind.READ_MACHINE,
        tags=("host",),
        result=_MACHINE,
    ),
    Known(
        each("psutil.", "process_iter pids Process net_connections"),
        EffectKind.READ_MACHINE,
        tags=("processes",),
        result=_MACHINE,
    ),
    Known(
        (
            "pyperclip.paste",
            "clipboard.paste",
            "tkinter.Tk().clipboard_get",
            "pandas.read_clipboard",
        ),
        EffectKind.READ_MACHINE,
        tags=("clipboard",),
        result=_MACHINE,
    ),
    Known(
        (
            "pyautogui.screenshot",
            "PIL.ImageGrab.grab",
            "mss.mss().grab",
            "mss.mss().shot",
            "pyscreenshot.grab",
        ),
        EffectKind.READ_MACHINE,
        tags=("screen",),
        result=_MACHINE,
    ),
    Known(
        (
            "pynput.keyboard.Listener",
            "pynput.mouse.Listener",
            "keyboard.on_press",
            "keyboard.hook",
            "keyboard.record",
            "sounddevice.rec",
            "pyaudio.PyAudio().open",
        ),
        EffectKind.READ_MACHINE,
        tags=("keys",),
        result=_MACHINE,
    ),
    Known(
        (
            "pyautogui.typewrite",
            "pyautogui.write",
            "pyautogui.click",
            "pyautogui.hotkey",
            "pyautogui.press",
            "pynput.keyboard.Controller().type",
        ),
        EffectKind.CALL,
        {"input": (0,)},
        tags=("controls the desktop",),
        result=NO_RESULT,
    ),
    Known(
        ("keyring.get_password", "keyring.get_credential"),
        EffectKind.READ_MACHINE,
        {"what": (0, "service_name")},
        tags=("keyring",),
        result=Result(passes=(), gives=SourceKind.SECRET, named="entry of the key ring"),
    ),
    Known(
        (
            *each("browser_cookie3.", "load chrome firefox edge safari"),
            "win32crypt.CryptUnprotectData",
            "rookiepy.chrome",
        ),
        EffectKind.READ_MACHINE,
        tags=("browser",),
        result=Result(passes=(0,), gives=SourceKind.SECRET, named="browser secrets"),
    ),
)

_TOKENS: Final = (
    Known(
        ("jwt.decode", "jwt.decode_complete"),
        EffectKind.DECODE_TOKEN,
        {
            "token": (0, "jwt"),
            "key": (1, "key"),
            "algorithms": (2, "algorithms"),
            "audience": ("audience",),
            "verify": ("options.verify_signature", "verify"),
            "options": ("options",),
        },
        tags=("verifies",),
        result=Result(passes=(0, "jwt")),
    ),
    Known(
        ("jose.jwt.decode", "authlib.jose.jwt.decode", "authlib.jose.JsonWebToken().decode"),
        EffectKind.DECODE_TOKEN,
        {
            "token": (0, "token"),
            "key": (1, "key"),
            "algorithms": (2, "algorithms"),
            "audience": ("audience", "claims_options"),
            "verify": ("options.verify_signature",),
            "options": ("options",),
        },
        tags=("verifies",),
        result=Result(passes=(0, "token")),
    ),
    Known(
        (
            *each("jwt.", "get_unverified_header"),
            *each("jose.jwt.", "get_unverified_claims get_unverified_header"),
        ),
        EffectKind.DECODE_TOKEN,
        {"token": (0,)},
        tags=("does not verify",),
        result=Result(passes=(0,)),
    ),
    Known(
        ("ssl._create_unverified_context", "ssl._create_stdlib_context"),
        EffectKind.TLS,
        tags=("does not verify",),
    ),
    Known(
        ("urllib3.disable_warnings",),
        EffectKind.TLS,
        tags=("hides warnings",),
        result=NO_RESULT,
    ),
    Known(
        each("hashlib.", "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256"),
        EffectKind.HASH,
        {"data": (0, "string", "data")},
        result=Result(passes=(0,), adds=MASKED | PLAIN),
    ),
    Known(
        ("hashlib.new", "hmac.new"),
        EffectKind.HASH,
        {"algorithm": (0, 2, "digestmod"), "data": (1,)},
        result=Result(passes=(1,), adds=MASKED | PLAIN),
    ),
    Known(
        ("hashlib.*.hexdigest", "hashlib.*.digest", "hmac.new().hexdigest"),
        result=Result(passes=("base",), adds=MASKED | PLAIN, keeps=True),
    ),
    Known(
        each("random.", "random randint choices randrange sample shuffle uniform getrandbits"),
        EffectKind.RANDOM,
        result=Result(passes=(0,)),
    ),
    Known(
        (
            *each("secrets.", "token_hex token_urlsafe token_bytes randbelow"),
            *each("uuid.", "uuid4 uuid1 uuid7"),
        ),
        result=Result(passes=(), adds=PLAIN),
    ),
    Known(("hmac.compare_digest", "secrets.compare_digest"), result=_NUMBER),
    Known(
        ("secrets.choice",),
        result=Result(element_of=0),
    ),
)

_LOGS: Final = (
    Known(
        (
            *across(
                (
                    "logging.",
                    "logging.getLogger().",
                    "logging.Logger().",
                    "loguru.logger.",
                    "structlog.get_logger().",
                    "structlog.getLogger().",
                    "fastmcp.utilities.logging.get_logger().",
                    "mcp.server.fastmcp.utilities.logging.get_logger().",
                ),
                "debug info warning warn error critical exception log success",
            ),
            "print",
            "sys.stderr.write",
            "rich.print",
            "rich.console.Console().print",
            "click.echo",
            "typer.echo",
            "warnings.warn",
            "traceback.print_exc",
        ),
        EffectKind.LOG,
        {"message": ("all",)},
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        ("sys.stdout.write",),
        EffectKind.LOG,
        {"message": (0,)},
        tags=("stdout",),
        result=NO_RESULT,
    ),
    Known(
        ("traceback.format_exc", "traceback.format_exception"),
        EffectKind.CALL,
        tags=("stack trace",),
        result=Result(passes=(), gives=SourceKind.MACHINE, named="stack trace"),
    ),
    Known(
        ("debugpy.listen", "pydevd.settrace", "ptvsd.enable_attach", "remote_pdb.set_trace"),
        EffectKind.DEBUG,
        {"host": ("0.0", "host", 0), "port": ("0.1", 1, "port", 0)},
    ),
    Known(
        ("pdb.set_trace", "breakpoint", "ipdb.set_trace", "code.interact"),
        EffectKind.DEBUG,
        tags=("local",),
    ),
    Known(
        ("time.sleep", "asyncio.sleep", "anyio.sleep", "trio.sleep"),
        EffectKind.SLEEP,
        {"seconds": (0, "delay", "seconds")},
        result=NO_RESULT,
    ),
    Known(
        ("bytearray", "numpy.zeros", "numpy.ones", "numpy.empty", "bytes"),
        EffectKind.ALLOCATE,
        {"amount": (0,)},
        when=(When((0,), "not matches:."),),
        result=Result(),
    ),
    Known(("time.time", "time.monotonic", "time.perf_counter"), result=_NUMBER),
    Known(
        each("datetime.datetime.", "now utcnow fromtimestamp strptime fromisoformat"),
        result=Result(passes=(0,), adds=NUMBER),
    ),
    Known(("datetime.date.fromisoformat", "dateutil.parser.parse"), result=Result(adds=NUMBER)),
    Known(
        tuple(["round", "abs", "hash", "id", "ord", "hex", "oct", "bin"]),
        result=Result(adds=NUMBER),
    ),
    Known(("isinstance", "issubclass", "callable", "hasattr", "any", "all"), result=_NUMBER),
    Known(each("math.", "floor ceil sqrt log exp pow"), result=Result(adds=NUMBER)),
    Known(
        ("decimal.Decimal", "fractions.Fraction", "datetime.timedelta"), result=Result(adds=NUMBER)
    ),
)

_CALLING: Final = (
    Known(
        ("functools.partial", "functools.partialmethod"),
        result=Result(same_as=0),
        calls=((0, (1, 2, 3)),),
    ),
    Known(
        (
            *each("functools.", "lru_cache cache wraps cached_property singledispatch"),
            *each("functools.", "lru_cache() wraps() total_ordering"),
            *each("contextlib.", "contextmanager asynccontextmanager"),
            *each("dataclasses.", "dataclass dataclass()"),
            "asyncio.coroutine",
            "typing.final",
            "typing.override",
            "typing_extensions.override",
            "abc.abstractmethod",
            "tenacity.retry",
            "tenacity.retry()",
            "backoff.on_exception()",
        ),
        result=Result(same_as=0),
        calls=(),
        decorates=True,
    ),
    Known(
        (
            "asyncio.run",
            "asyncio.create_task",
            "asyncio.ensure_future",
            "asyncio.wait_for",
            "asyncio.shield",
            "anyio.fail_after",
            "asyncio.get_event_loop().run_until_complete",
            "asyncio.get_event_loop().create_task",
            "asyncio.run_coroutine_threadsafe",
            "nest_asyncio.apply",
        ),
        result=Result(same_as=0),
        calls=((0, ()),),
    ),
    Known(
        (
            "asyncio.to_thread",
            "anyio.to_thread.run_sync",
            "anyio.run",
            "trio.run",
            "trio.to_thread.run_sync",
            "starlette.concurrency.run_in_threadpool",
            "fastapi.concurrency.run_in_threadpool",
            "concurrent.futures.ThreadPoolExecutor().submit",
            "concurrent.futures.ProcessPoolExecutor().submit",
            "contextvars.copy_context().run",
        ),
        result=Result(passes=(), external="concurrent.Future()"),
        calls=((0, (1, 2, 3, 4, 5, 6)),),
    ),
    Known(
        ("asyncio.get_event_loop().run_in_executor", "asyncio.get_event_loop().call_later"),
        result=Result(passes=(), external="concurrent.Future()"),
        calls=((1, (2, 3, 4, 5, 6)),),
    ),
    Known(
        ("threading.Thread", "multiprocessing.Process"),
        result=Result(passes=()),
        calls=(
            ("target", ("args.0", "args.1", "args.2", "args.3")),
            (1, ("args.0", "args.1")),
            (1, ("3.0", "3.1")),
        ),
    ),
    Known(
        ("threading.Timer",),
        result=Result(passes=()),
        calls=(
            ("function", ("args.0", "args.1")),
            (1, ("args.0", "args.1")),
            (1, ("2.0", "2.1")),
        ),
    ),
    Known(
        ("atexit.register", "signal.signal", "anyio.create_task_group().start_soon"),
        result=NO_RESULT,
        calls=((0, (1, 2, 3)), (1, ())),
    ),
    Known(
        ("concurrent.futures.ThreadPoolExecutor().map", "multiprocessing.Pool().map"),
        result=Result(passes=()),
        calls=((0, ("1[]",)),),
    ),
    Known(
        ("copy.copy", "copy.deepcopy", "typing.cast", "dataclasses.asdict", "dataclasses.replace"),
        result=Result(keeps=True),
        calls=(),
    ),
    Known(("next", "anext", "random.choice"), result=Result(element_of=0)),
    Known(("itertools.chain", "itertools.islice"), result=Result(keeps=True)),
)

TABLE = Library(
    "machine",
    known=(*_ENVIRONMENT, *_HOST, *_TOKENS, *_LOGS, *_CALLING),
    reads=(
        Read(
            ("os.environ.*",),
            SourceKind.ENVIRONMENT,
            EffectKind.READ_ENVIRONMENT,
            external=False,
        ),
        Read(("os.environ", "os.environb"), SourceKind.ENVIRONMENT),
    ),
    aliases={
        "jwt.api_jwt.decode": "jwt.decode",
        "jwt.PyJWT().decode": "jwt.decode",
        "asyncio.tasks": "asyncio",
        "asyncio.coroutines": "asyncio",
    },
)
