"""Files, folders and archives in JavaScript."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import (
    BASENAME,
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

_FS: Final = ("fs.", "fs.promises.")
_FLAG: Final = Result(passes=(), adds=NUMBER)
_CONTENT: Final = Result(passes=(), gives=SourceKind.FILE, named=0)
_NAMES: Final = Result(passes=(0,), gives=SourceKind.MACHINE, named="file names")
_LISTED: Final = Result(passes=(0,), adds=BASENAME, gives=SourceKind.MACHINE, named="file names")
_HANDLE: Final = Result(passes=(), gives=SourceKind.FILE, named=0, external="fs.open()")

_READ: Final = (
    Known(
        across(_FS, "readFile readFileSync createReadStream readJson readJsonSync readJSON readv"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        result=_CONTENT,
    ),
    Known(
        across(_FS, "readlink readlinkSync"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        tags=("link",),
        result=Result(passes=(0,), keeps=False),
    ),
    Known(
        across(_FS, "open openSync"),
        EffectKind.READ_FILE,
        {"path": (0,), "mode": (1,)},
        when=(When((1,), r"not matches:[wa]"),),
        result=_HANDLE,
    ),
    Known(
        across(_FS, "open openSync"),
        EffectKind.WRITE_FILE,
        {"path": (0,), "mode": (1,)},
        when=(When((1,), r"matches:[wa+]"),),
        result=_HANDLE,
    ),
    Known(
        each("fs.open().", "write writeFile appendFile writev"),
        EffectKind.WRITE_FILE,
        {"content": (0,)},
        tags=("handle",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "write writeSync"),
        EffectKind.WRITE_FILE,
        {"content": (1,)},
        tags=("handle",),
        result=NO_RESULT,
    ),
    Known(
        ("fs.createWriteStream().write", "fs.createWriteStream().end"),
        EffectKind.WRITE_FILE,
        {"content": (0,)},
        tags=("handle",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "readdir readdirSync"),
        EffectKind.LIST_FILES,
        {"path": (0,)},
        result=_LISTED,
    ),
    Known(
        across(_FS, "opendir opendirSync glob globSync"),
        EffectKind.LIST_FILES,
        {"path": (0,)},
        result=_NAMES,
    ),
    Known(
        across(_FS, "stat statSync lstat lstatSync exists existsSync access accessSync statfs")
        + across(_FS, "pathExists pathExistsSync"),
        result=_FLAG,
    ),
    Known(
        across(_FS, "realpath realpathSync realpathSync.native realpath.native"),
        result=Result(
            passes=(0,), adds=REAL_PATH | NORMAL_PATH | NO_DASH, keeps=True, path_of=(0,)
        ),
    ),
    Known(
        (*across(_FS, "watch watchFile"), "chokidar.watch"),
        EffectKind.LIST_FILES,
        {"path": (0,)},
        tags=("watches",),
    ),
    Known(
        (
            "glob",
            *each("glob.", "glob globSync sync globStream iterate globIterate"),
            "fast-glob",
            *each("fast-glob.", "sync glob stream async"),
            "globby",
            *each("globby.", "globby globbySync sync"),
            *each("tinyglobby.", "glob globSync"),
            "readdirp",
            "recursive-readdir",
            "fdir.fdir().crawl",
        ),
        EffectKind.LIST_FILES,
        {"path": ("1.cwd", 0), "pattern": (0,)},
        result=_NAMES,
    ),
    Known(
        (
            "xlsx.readFile",
            "exceljs.Workbook().xlsx.readFile",
            "pdf-parse",
            "mammoth.extractRawText",
            "sharp",
            "jimp.read",
            "load-json-file",
            "read-pkg",
            "line-by-line",
            "n-readlines",
            "csvtojson().fromFile",
        ),
        EffectKind.READ_FILE,
        {"path": ("0.path", 0)},
        tags=("parses",),
        result=_CONTENT,
    ),
    Known(
        ("Bun.file", "bun.file"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        result=_CONTENT,
    ),
    Known(
        each("Deno.", "readTextFile readTextFileSync readFile readFileSync"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        result=_CONTENT,
    ),
    Known(
        each("Deno.", "readDir readDirSync"), EffectKind.LIST_FILES, {"path": (0,)}, result=_NAMES
    ),
)

_WRITE: Final = (
    Known(
        across(_FS, "writeFile writeFileSync appendFile appendFileSync outputFile outputFileSync")
        + across(_FS, "writeJson writeJsonSync writeJSON outputJson outputJSON outputJsonSync")
        + each("Deno.", "writeTextFile writeTextFileSync writeFile writeFileSync")
        + (
            "Bun.write",
            "bun.write",
            "write-file-atomic",
            "write-file-atomic.sync",
            "atomically.writeFile",
        ),
        EffectKind.WRITE_FILE,
        {"path": (0,), "content": (1,), "options": (2,)},
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "createWriteStream"),
        EffectKind.WRITE_FILE,
        {"path": (0,)},
        result=Result(passes=(), external="fs.createWriteStream()"),
    ),
    Known(
        across(_FS, "mkdir mkdirSync mkdirp mkdirpSync ensureDir ensureDirSync ensureFile")
        + across(_FS, "truncate truncateSync utimes utimesSync ensureFileSync emptyFile")
        + each("Deno.", "mkdir mkdirSync")
        + ("mkdirp", "mkdirp.sync", "mkdirp.mkdirp", "make-dir", "make-dir.makeDirectory"),
        EffectKind.WRITE_FILE,
        {"path": (0,)},
        tags=("empty",),
        result=Result(passes=(0,), keeps=True),
    ),
    Known(
        across(_FS, "mkdtemp mkdtempSync"),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH),
    ),
    Known(
        across(_FS, "rename renameSync link linkSync move moveSync")
        + each("Deno.", "rename renameSync"),
        EffectKind.WRITE_FILE,
        {"path": (1,), "from": (0,)},
        tags=("move",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "copyFile copyFileSync cp cpSync copy copySync") + each("Deno.", "copyFile"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        tags=("copy",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "copyFile copyFileSync cp cpSync copy copySync") + each("Deno.", "copyFile"),
        EffectKind.WRITE_FILE,
        {"path": (1,), "from": (0,)},
        tags=("copy",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "symlink symlinkSync"),
        EffectKind.WRITE_FILE,
        {"path": (1,), "content": (0,)},
        tags=("link",),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "unlink unlinkSync rmdir rmdirSync remove removeSync emptyDir emptyDirSync")
        + across(_FS, "rm rmSync")
        + each("Deno.", "remove removeSync")
        + ("rimraf", *each("rimraf.", "rimraf sync rimrafSync"), "del", "del.deleteAsync", "trash"),
        EffectKind.DELETE_FILE,
        {"path": (0,), "options": (1,)},
        when=(When(("1.recursive",), "not true"),),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "rm rmSync rmdir rmdirSync"),
        EffectKind.DELETE_FILE,
        {"path": (0,), "options": (1,)},
        tags=("recursive",),
        when=(When(("1.recursive",), "true"),),
        result=NO_RESULT,
    ),
    Known(
        across(_FS, "chmod chmodSync lchmod fchmod chown chownSync lchown")
        + each("Deno.", "chmod chown"),
        EffectKind.CHANGE_MODE,
        {"path": (0,), "mode": (1,)},
        result=NO_RESULT,
    ),
    Known(
        across(
            ("shelljs.",),
            "rm",
        ),
        EffectKind.DELETE_FILE,
        {"path": (1, 0)},
        tags=("recursive",),
    ),
    Known(
        each("shelljs.", "cat ls find grep head tail"),
        EffectKind.READ_FILE,
        {"path": (1, 0)},
        result=_CONTENT,
    ),
    Known(
        each("shelljs.", "mkdir cp mv touch ln sed"),
        EffectKind.WRITE_FILE,
        {"path": (1, 0)},
    ),
    Known(("process.chdir",), EffectKind.CALL, {"path": (0,)}),
)

_PATHS: Final = (
    Known(
        each("path.", "resolve"),
        result=Result(adds=NORMAL_PATH | NO_DASH, keeps=True, path_of=("rest:0",)),
    ),
    Known(
        each("path.", "join normalize"),
        result=Result(adds=DOTS_FIRST, keeps=True, path_of=("rest:0",)),
    ),
    Known(("path.toNamespacedPath",), result=Result(keeps=True, path_of=("rest:0",))),
    Known(each("path.", "dirname format"), result=Result(keeps=True)),
    Known(("path.basename",), result=Result(passes=(0,), adds=BASENAME, keeps=True)),
    Known(("path.extname",), result=Result(passes=(0,), keeps=True)),
    Known(("path.parse",), result=Result(passes=(0,), keeps=True)),
    Known(
        ("path.relative",),
        result=Result(passes=(1,), adds=RELATIVE_OF, keeps=True),
    ),
    Known(
        ("path.isAbsolute",),
        result=Result(passes=(0,), keeps=True),
        refutes=((0, NOT_ABSOLUTE),),
    ),
    Known(
        ("sanitize-filename", "filenamify"), result=Result(passes=(0,), adds=BASENAME, keeps=True)
    ),
    Known(
        ("os.tmpdir", "process.cwd"),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH),
    ),
    Known(
        ("os.homedir",),
        result=Result(passes=(), adds=REAL_PATH | NORMAL_PATH | NO_DASH, text="~"),
    ),
    Known(("url.fileURLToPath", "url.pathToFileURL"), result=Result(passes=(0,), keeps=True)),
    Known(
        ("is-path-inside", "path-is-inside"),
        result=_FLAG,
    ),
)

_ARCHIVES: Final = (
    Known(
        ("adm-zip().extractAllTo", "adm-zip().extractAllToAsync"),
        EffectKind.EXTRACT_ARCHIVE,
        {"archive": ("base",), "path": (0,)},
        tags=("checks names",),
        result=NO_RESULT,
    ),
    Known(
        ("adm-zip().extractEntryTo",),
        EffectKind.EXTRACT_ARCHIVE,
        {"archive": ("base",), "member": (0,), "path": (1,)},
        result=NO_RESULT,
    ),
    Known(
        each("tar.", "x extract t list") + each("tar-fs.", "extract"),
        EffectKind.EXTRACT_ARCHIVE,
        {"archive": ("0.file",), "path": ("0.cwd", "0.C", 0), "options": (0,)},
        tags=("checks names",),
    ),
    Known(
        ("unzipper.Extract",),
        EffectKind.EXTRACT_ARCHIVE,
        {"path": ("0.path",)},
        tags=("checks names",),
    ),
    Known(
        (
            "extract-zip",
            "decompress",
            "unzip",
            "unzip.Extract",
            "@xhmikosr/decompress",
            "targz.decompress",
        ),
        EffectKind.EXTRACT_ARCHIVE,
        {"archive": (0,), "path": ("1.dir", "0.path", 1)},
        tags=("checks names",),
    ),
    Known(
        ("adm-zip",),
        EffectKind.READ_FILE,
        {"path": (0,)},
        tags=("archive",),
        when=(When((0,), "present"),),
        result=Result(passes=(), gives=SourceKind.FILE, named="archive"),
    ),
    Known(
        (
            "adm-zip().getEntries",
            "yauzl.*",
            "jszip.loadAsync",
            "jszip().loadAsync",
            "unzipper.Parse",
            "unzipper.Open.*",
            "tar-stream.extract",
            "fflate.unzipSync",
            "node-stream-zip().entries",
        ),
        result=Result(passes=(0, "base"), gives=SourceKind.FILE, named="archive"),
    ),
)

TABLE = Library(
    "files",
    known=(*_READ, *_WRITE, *_PATHS, *_ARCHIVES),
    reads=(
        Read(("process.stdin",), SourceKind.FILE),
        Read(("process.argv", "Deno.args", "Bun.argv"), SourceKind.ENVIRONMENT),
    ),
    aliases={
        "fs/promises": "fs.promises",
        "fs-extra": "fs",
        "fs-extra/esm": "fs",
        "graceful-fs": "fs",
        "mz/fs": "fs",
        "memfs.fs": "fs",
        "original-fs": "fs",
        "fs-extra.promises": "fs.promises",
        "@std/fs": "fs",
        "@std/path": "path",
        "path/posix": "path",
        "path/win32": "path",
        "path.posix": "path",
        "path.win32": "path",
        "path-browserify": "path",
        "pathe": "path",
        "upath": "path",
    },
)
