"""Files and folders in Python: ``open``, ``pathlib``, ``os``, ``shutil``, archives."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import (
    BASENAME,
    CONTAINED,
    DOTS_FIRST,
    NO_DASH,
    NORMAL_PATH,
    NOT_ABSOLUTE,
    NUMBER,
    REAL_PATH,
    RELATIVE_OF,
)
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Read, Result, When
from ostiary.analyze.knowledge.names import across, each

_WRITES_MODE: Final = r"[wax+]"
_READS_MODE: Final = r"[wax]"
_PATH: Final = "pathlib.Path()"
_KEPT_PATH: Final = Result(external=_PATH, keeps=True)
_OWN_PATH: Final = Result(passes=("base",), external=_PATH, keeps=True)
_FLAG: Final = Result(passes=(), adds=NUMBER)
_HANDLE: Final = Result(passes=(), gives=SourceKind.FILE, named=0, external="open()")
_CONTENT: Final = Result(passes=(), gives=SourceKind.FILE, named=0)
_OWN_CONTENT: Final = Result(passes=(), gives=SourceKind.FILE, named="base")
_OWN_HANDLE: Final = Result(passes=(), gives=SourceKind.FILE, named="base", external="open()")
_NAMES: Final = Result(passes=(0, "path", "top"), gives=SourceKind.MACHINE, named="file names")
_LISTED: Final = Result(
    passes=(0, "path"), adds=BASENAME, gives=SourceKind.MACHINE, named="file names"
)
_OWN_NAMES: Final = Result(passes=("base",), external=_PATH, keeps=True)

_OPEN: Final = (
    Known(
        ("open",),
        EffectKind.READ_FILE,
        {"path": (0, "file"), "mode": (1, "mode")},
        when=(When((1, "mode"), f"not matches:{_READS_MODE}"),),
        result=_HANDLE,
        calls=(),
    ),
    Known(
        ("open",),
        EffectKind.WRITE_FILE,
        {"path": (0, "file"), "mode": (1, "mode")},
        when=(When((1, "mode"), f"matches:{_WRITES_MODE}"),),
        result=_HANDLE,
        calls=(),
    ),
    Known(
        ("open",),
        EffectKind.WRITE_FILE,
        {"path": (0, "file"), "mode": (1, "mode")},
        tags=("mode unknown",),
        when=(When((1, "mode"), "present"), When((1, "mode"), "not matches:.")),
        result=_HANDLE,
        calls=(),
    ),
    Known(
        ("open().write", "open().writelines"),
        EffectKind.WRITE_FILE,
        {"content": (0,)},
        tags=("handle",),
        result=NO_RESULT,
    ),
    Known(
        ("os.open",),
        EffectKind.READ_FILE,
        {"path": (0, "path"), "flags": (1, "flags")},
        tags=("descriptor",),
        result=_CONTENT,
    ),
    Known(("os.fdopen",), result=Result(passes=(0,), external="open()")),
    Known(("os.write",), EffectKind.WRITE_FILE, {"content": (1,)}, tags=("handle",)),
)

_PATHLIB: Final = (
    Known(
        (*each(_PATH + ".", "joinpath __truediv__"), "pathlib.Path.joinpath"),
        result=Result(keeps=True, external=_PATH, path_of=("base", "rest:0")),
    ),
    Known(each(_PATH + ".", "with_name with_suffix with_stem"), result=_KEPT_PATH),
    Known(
        ("pathlib.Path",),
        result=Result(keeps=True, external=_PATH, path_of=("rest:0",)),
    ),
    Known(
        (_PATH + ".relative_to",),
        result=_OWN_PATH,
        ensures=(("base", CONTAINED),),
    ),
    Known(
        (_PATH + ".is_relative_to",),
        result=_FLAG,
        tests=(("base", CONTAINED),),
    ),
    Known(
        each(_PATH + ".", "resolve readlink"),
        result=Result(
            passes=("base",),
            adds=REAL_PATH | NORMAL_PATH | NO_DASH,
            keeps=True,
            external=_PATH,
            path_of=("base",),
        ),
    ),
    Known(
        each(_PATH + ".", "absolute expanduser"),
        result=Result(passes=("base",), keeps=True, external=_PATH, path_of=("base",)),
    ),
    Known(
        (*each("pathlib.Path.", "cwd"), *each(_PATH + ".", "cwd")),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH, external=_PATH),
    ),
    Known(
        (*each("pathlib.Path.", "home"), *each(_PATH + ".", "home")),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH, external=_PATH, text="~"),
    ),
    Known(
        each(_PATH + ".", "as_posix as_uri __str__ __fspath__"),
        result=Result(passes=("base",), keeps=True, path_of=("base",)),
    ),
    Known(
        each(_PATH + ".", "exists is_file is_dir is_symlink stat lstat samefile match"),
        result=_FLAG,
    ),
    Known((_PATH + ".is_absolute",), result=_FLAG, refutes=(("base", NOT_ABSOLUTE),)),
    Known(
        each(_PATH + ".", "read_text read_bytes"),
        EffectKind.READ_FILE,
        {"path": ("base",)},
        result=_OWN_CONTENT,
    ),
    Known(
        each(_PATH + ".", "write_text write_bytes"),
        EffectKind.WRITE_FILE,
        {"path": ("base",), "content": (0, "data")},
        result=_FLAG,
    ),
    Known(
        (_PATH + ".open",),
        EffectKind.READ_FILE,
        {"path": ("base",), "mode": (0, "mode")},
        when=(When((0, "mode"), f"not matches:{_READS_MODE}"),),
        result=_OWN_HANDLE,
    ),
    Known(
        (_PATH + ".open",),
        EffectKind.WRITE_FILE,
        {"path": ("base",), "mode": (0, "mode")},
        when=(When((0, "mode"), f"matches:{_WRITES_MODE}"),),
        result=_OWN_HANDLE,
    ),
    Known(
        each(_PATH + ".", "mkdir touch"),
        EffectKind.WRITE_FILE,
        {"path": ("base",)},
        tags=("empty",),
        result=NO_RESULT,
    ),
    Known(
        each(_PATH + ".", "unlink rmdir"),
        EffectKind.DELETE_FILE,
        {"path": ("base",)},
        result=NO_RESULT,
    ),
    Known(
        each(_PATH + ".", "rename replace move copy"),
        EffectKind.WRITE_FILE,
        {"path": (0, "target"), "from": ("base",)},
        tags=("move",),
        result=_KEPT_PATH,
    ),
    Known(
        each(_PATH + ".", "symlink_to hardlink_to link_to"),
        EffectKind.WRITE_FILE,
        {"path": ("base",), "content": (0, "target")},
        tags=("link",),
        result=NO_RESULT,
    ),
    Known(
        each(_PATH + ".", "iterdir glob rglob walk"),
        EffectKind.LIST_FILES,
        {"path": ("base",), "pattern": (0, "pattern")},
        result=_OWN_NAMES,
    ),
    Known(
        each(_PATH + ".", "chmod lchmod"),
        EffectKind.CHANGE_MODE,
        {"path": ("base",), "mode": (0, "mode")},
        result=NO_RESULT,
    ),
)

_PATHS: Final = (
    Known(("os.path.join",), result=Result(keeps=True, path_of=("rest:0",))),
    Known(
        (*each("os.path.", "expanduser expandvars"), *each("os.", "fspath fsdecode fsencode")),
        result=Result(keeps=True, path_of=(0,)),
    ),
    Known(
        ("os.path.abspath",),
        result=Result(adds=NORMAL_PATH | NO_DASH, keeps=True, path_of=(0,)),
    ),
    Known(
        ("os.path.realpath", "os.readlink"),
        result=Result(adds=REAL_PATH | NORMAL_PATH | NO_DASH, keeps=True, path_of=(0,)),
    ),
    Known(("os.path.normpath",), result=Result(adds=DOTS_FIRST, keeps=True, path_of=(0,))),
    Known(("os.path.normcase",), result=Result(keeps=True, path_of=(0,))),
    Known(("os.path.dirname",), result=Result(keeps=True)),
    Known(
        ("os.path.commonpath", "os.path.relpath"),
        result=Result(passes=(0, "path", "paths"), adds=RELATIVE_OF, keeps=True),
    ),
    Known(("os.path.commonprefix",), result=Result(passes=(0,), keeps=True)),
    Known(
        ("os.path.basename",),
        result=Result(adds=BASENAME, keeps=True),
    ),
    Known(
        (
            "werkzeug.utils.secure_filename",
            "werkzeug.secure_filename",
            "pathvalidate.sanitize_filename",
            "django.utils.text.get_valid_filename",
        ),
        result=Result(passes=(0,), adds=BASENAME | NO_DASH, keeps=True),
    ),
    Known(
        each("os.path.", "exists isfile isdir islink getsize getmtime lexists samefile"),
        result=_FLAG,
    ),
    Known(("os.path.isabs",), result=_FLAG, refutes=((0, NOT_ABSOLUTE),)),
    Known(each("os.", "access stat lstat"), result=_FLAG),
)

_OS: Final = (
    Known(
        ("os.listdir",),
        EffectKind.LIST_FILES,
        {"path": (0, "path")},
        result=_LISTED,
    ),
    Known(
        (*each("os.", "scandir walk fwalk"), *each("glob.", "glob iglob")),
        EffectKind.LIST_FILES,
        {"path": (0, "path", "top", "pathname")},
        result=_NAMES,
    ),
    Known(
        (*each("os.", "remove unlink rmdir removedirs"), "send2trash.send2trash"),
        EffectKind.DELETE_FILE,
        {"path": (0, "path", "name")},
        result=NO_RESULT,
    ),
    Known(
        ("shutil.rmtree",),
        EffectKind.DELETE_FILE,
        {"path": (0, "path")},
        tags=("recursive",),
        result=NO_RESULT,
    ),
    Known(
        (*each("os.", "rename replace renames link"), "shutil.move"),
        EffectKind.WRITE_FILE,
        {"path": (1, "dst"), "from": (0, "src")},
        tags=("move",),
        result=NO_RESULT,
    ),
    Known(
        ("os.symlink",),
        EffectKind.WRITE_FILE,
        {"path": (1, "dst"), "content": (0, "src")},
        tags=("link",),
        result=NO_RESULT,
    ),
    Known(
        each("shutil.", "copy copy2 copyfile copytree"),
        EffectKind.READ_FILE,
        {"path": (0, "src")},
        tags=("copy",),
        result=Result(passes=(1, "dst"), keeps=True),
    ),
    Known(
        each("shutil.", "copy copy2 copyfile copytree"),
        EffectKind.WRITE_FILE,
        {"path": (1, "dst"), "from": (0, "src")},
        tags=("copy",),
        result=Result(passes=(1, "dst"), keeps=True),
    ),
    Known(
        ("shutil.copyfileobj",),
        EffectKind.WRITE_FILE,
        {"content": (0, "fsrc")},
        tags=("handle",),
        writes=((1, 0),),
        result=NO_RESULT,
    ),
    Known(
        each("os.", "mkdir makedirs mkfifo mknod truncate utime"),
        EffectKind.WRITE_FILE,
        {"path": (0, "name", "path")},
        tags=("empty",),
        result=NO_RESULT,
    ),
    Known(
        each("os.", "chmod lchmod chown lchown chflags setxattr"),
        EffectKind.CHANGE_MODE,
        {"path": (0, "path"), "mode": (1, "mode")},
        result=NO_RESULT,
    ),
    Known(("os.chdir", "os.chroot", "contextlib.chdir"), EffectKind.CALL, {"path": (0,)}),
    Known(
        ("tempfile.mktemp",),
        EffectKind.CALL,
        tags=("name only",),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH),
    ),
    Known(
        each("tempfile.", "mkdtemp mkstemp gettempdir"),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH),
    ),
    Known(
        each("tempfile.", "NamedTemporaryFile TemporaryFile SpooledTemporaryFile"),
        result=Result(passes=(), external="open()"),
    ),
    Known(
        ("tempfile.TemporaryDirectory",),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH),
    ),
    Known(("io.StringIO", "io.BytesIO"), result=Result(keeps=True)),
    Known(
        (
            *each("linecache.", "getline getlines"),
            *each("pandas.", "read_csv read_excel read_parquet read_json read_table read_hdf"),
            *each("polars.", "read_csv read_parquet read_json scan_csv scan_parquet"),
            *each("PIL.Image.", "open"),
            *each("cv2.", "imread VideoCapture"),
            "mmap.mmap",
            "fileinput.input",
            "configparser.ConfigParser().read",
            "soundfile.read",
            "librosa.load",
            "numpy.loadtxt",
            "numpy.genfromtxt",
            "pypdf.PdfReader",
            "PyPDF2.PdfReader",
            "pdfplumber.open",
            "fitz.open",
            "pymupdf.open",
            "docx.Document",
            "openpyxl.load_workbook",
            "pptx.Presentation",
            "xlrd.open_workbook",
            "nbformat.read",
            "h5py.File",
            "rasterio.open",
            "netCDF4.Dataset",
            "xarray.open_dataset",
        ),
        EffectKind.READ_FILE,
        {"path": (0, "filename", "filepath_or_buffer", "path", "io")},
        tags=("parses",),
        result=_CONTENT,
    ),
    Known(
        each("pandas.", "read_csv read_json read_html read_xml"),
        EffectKind.REQUEST,
        {"url": (0, "filepath_or_buffer", "path_or_buf", "io")},
        tags=("url or path",),
        when=(When((0, "filepath_or_buffer", "path_or_buf", "io"), "matches:^https?://"),),
        result=_CONTENT,
    ),
    Known(
        (
            *across(("*.",), "to_csv to_excel to_parquet to_pickle savefig write_image"),
            "cv2.imwrite",
            "numpy.save",
            "numpy.savetxt",
            "docx.Document().save",
            "openpyxl.*.save",
            "pptx.Presentation().save",
            "PIL.Image.*save",
            "matplotlib.pyplot.savefig",
        ),
        EffectKind.WRITE_FILE,
        {"path": (0, "path_or_buf", "fname", "fp", "file", "path", "filename")},
        tags=("by name",),
    ),
    Known(
        ("importlib.resources.read_text", "importlib.resources.files", "pkgutil.get_data"),
        result=Result(passes=(), external=_PATH),
    ),
)

_ARCHIVES: Final = (
    Known(
        (
            *each("zipfile.ZipFile().", "extractall"),
            *each("tarfile.open().", "extractall"),
            *each("tarfile.TarFile().", "extractall"),
            "py7zr.SevenZipFile().extractall",
            "rarfile.RarFile().extractall",
            "shutil.unpack_archive",
            "patoolib.extract_archive",
        ),
        EffectKind.EXTRACT_ARCHIVE,
        {
            "archive": ("base", 0, "filename"),
            "path": (0, "path", "extract_dir", 1),
            "members": (1, "members"),
            "filter": ("filter",),
        },
        result=NO_RESULT,
    ),
    Known(
        (
            "zipfile.ZipFile().extract",
            "tarfile.open().extract",
            "tarfile.TarFile().extract",
            "rarfile.RarFile().extract",
        ),
        EffectKind.EXTRACT_ARCHIVE,
        {
            "archive": ("base",),
            "member": (0, "member"),
            "path": (1, "path"),
            "filter": ("filter",),
        },
    ),
    Known(
        (
            *each("zipfile.ZipFile().", "namelist infolist read open"),
            *each("tarfile.open().", "getnames getmembers extractfile next"),
            *each("tarfile.TarFile().", "getnames getmembers extractfile next"),
        ),
        result=Result(passes=("base",), gives=SourceKind.FILE, named="archive"),
    ),
    Known(
        ("zipfile.ZipFile", "tarfile.open", "tarfile.TarFile", "py7zr.SevenZipFile"),
        EffectKind.READ_FILE,
        {"path": (0, "file", "name"), "mode": (1, "mode")},
        tags=("archive",),
        when=(When((1, "mode"), f"not matches:{_READS_MODE}"),),
        result=_CONTENT,
    ),
    Known(
        ("zipfile.ZipFile", "tarfile.open", "tarfile.TarFile", "py7zr.SevenZipFile"),
        EffectKind.WRITE_FILE,
        {"path": (0, "file", "name"), "mode": (1, "mode")},
        tags=("archive",),
        when=(When((1, "mode"), f"matches:{_WRITES_MODE}"),),
        result=_CONTENT,
    ),
    Known(
        ("shutil.make_archive",),
        EffectKind.WRITE_FILE,
        {"path": (0, "base_name"), "from": (2, "root_dir")},
        tags=("archive",),
    ),
)

TABLE = Library(
    "files",
    known=(*_OPEN, *_PATHLIB, *_PATHS, *_OS, *_ARCHIVES),
    reads=(
        Read(("sys.stdin",), SourceKind.FILE),
        Read(("sys.argv",), SourceKind.ENVIRONMENT),
    ),
    aliases={
        "builtins.open": "open",
        "io.open": "open",
        "codecs.open": "open",
        "aiofiles.open": "open",
        "aiofiles.threadpool.open": "open",
        "anyio.open_file": "open",
        "trio.open_file": "open",
        "smart_open.open": "open",
        "gzip.open": "open",
        "bz2.open": "open",
        "lzma.open": "open",
        "aiofiles.os": "os",
        "aiofiles.ospath": "os.path",
        "aioshutil": "shutil",
        "posixpath": "os.path",
        "ntpath": "os.path",
        "genericpath": "os.path",
        "pathlib.PurePath": "pathlib.Path",
        "pathlib.PosixPath": "pathlib.Path",
        "pathlib.WindowsPath": "pathlib.Path",
        "pathlib.PurePosixPath": "pathlib.Path",
        "pathlib.PureWindowsPath": "pathlib.Path",
        "anyio.Path": "pathlib.Path",
        "aiopath.AsyncPath": "pathlib.Path",
        "aiopathlib.AsyncPath": "pathlib.Path",
        "pathlib2.Path": "pathlib.Path",
        "upath.UPath": "pathlib.Path",
        "pathlib.Path().parent": "pathlib.Path()",
        "pathlib.Path().parents": "pathlib.Path()",
        "zipfile.ZipFile().__enter__()": "zipfile.ZipFile()",
        "tarfile.open().__enter__()": "tarfile.open()",
        "open().__enter__()": "open()",
        "tarfile.TarFile.open": "tarfile.open",
    },
)
