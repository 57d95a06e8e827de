"""Programs that JavaScript code starts, here or on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import PROGRAM_CHOSEN, SCHEME_CHECKED, SHELL_QUOTED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result, When, Where
from ostiary.analyze.knowledge.names import across, each

_Roles = Mapping[str, tuple[Where, ...]]

_OUTPUT: Final = Result(passes=(), gives=SourceKind.MACHINE, named="output of a command")
_REMOTE_OUTPUT: Final = Result(passes=(), gives=SourceKind.REMOTE, named="output of a command")

_OUTPUT_AS: Final[_Roles] = {
    "environment": ("2.env", "1.env"),
    "folder": ("2.cwd", "1.cwd"),
    "input": ("2.input", "1.input"),
}
_LINE: Final[_Roles] = {"command": (0,), **_OUTPUT_AS}
_SHELL_OPTION: Final[tuple[Where, ...]] = ("2.shell", "1.shell")
_ARGV: Final[_Roles] = {
    "program": (0,),
    "arguments": (1,),
    "options": (2,),
    "shell": _SHELL_OPTION,
    **_OUTPUT_AS,
}
_SHELL_ARGV: Final[_Roles] = {"command": (0,), "arguments": (1,), "options": (2,), **_OUTPUT_AS}

_SPAWNS: Final = (
    *each("child_process.", "spawn spawnSync execFile execFileSync"),
    *each("cross-spawn.", "spawn sync"),
    "cross-spawn",
)
_EXECA: Final = each("execa.", "execa execaSync execaNode sync node")

TABLE = Library(
    "processes",
    known=(
        Known(
            each("child_process.", "exec execSync"),
            EffectKind.SHELL,
            _LINE,
            result=_OUTPUT,
            calls=((1, ()), (2, ())),
        ),
        Known(
            (*_SPAWNS, *_EXECA, "execa"),
            EffectKind.PROCESS,
            _ARGV,
            when=(When(_SHELL_OPTION, "not true"),),
            result=_OUTPUT,
        ),
        Known(
            (*_SPAWNS, *_EXECA, "execa"),
            EffectKind.SHELL,
            _SHELL_ARGV,
            tags=("arguments join",),
            when=(When(_SHELL_OPTION, "true"),),
            result=_OUTPUT,
        ),
        Known(
            ("child_process.fork", "cluster.setupPrimary"),
            EffectKind.LOAD_CODE,
            {"name": (0,), "arguments": (1,)},
            tags=("process",),
            result=_OUTPUT,
        ),
        Known(
            each("execa.", "execaCommand execaCommandSync command commandSync"),
            EffectKind.PROCESS,
            {"program": (0,), "arguments": (0,), **_OUTPUT_AS},
            tags=("splits text",),
            when=(When(("1.shell",), "not true"),),
            result=_OUTPUT,
        ),
        Known(
            each("execa.", "execaCommand execaCommandSync command commandSync"),
            EffectKind.SHELL,
            _LINE,
            when=(When(("1.shell",), "true"),),
            result=_OUTPUT,
        ),
        Known(
            ("shelljs.exec", "exec-sh", "shell-exec"),
            EffectKind.SHELL,
            _LINE,
            result=_OUTPUT,
        ),
        Known(
            ("shelljs.cmd",),
            EffectKind.PROCESS,
            {"program": (0,), "arguments": ("rest:1",)},
            result=_OUTPUT,
        ),
        Known(
            ("tinyexec.x", "tinyexec.exec"),
            EffectKind.PROCESS,
            {"program": (0,), "arguments": (1,)},
            tags=("quotes values",),
            result=_OUTPUT,
        ),
        Known(
            ("execa.$", "execa.$()", "zx.$", "zx.$()", "dax-sh.$", "bun.$", "Bun.$"),
            EffectKind.PROCESS,
            {"program": (0,), "arguments": ("rest:1",)},
            tags=("quotes values",),
            result=_OUTPUT,
        ),
        Known(
            ("Bun.spawn", "Bun.spawnSync", "bun.spawn", "bun.spawnSync"),
            EffectKind.PROCESS,
            {"program": ("0.0", "0.cmd.0", "0.cmd"), "arguments": ("0.cmd", 0)},
            tags=("argv",),
            result=_OUTPUT,
        ),
        Known(
            ("Deno.Command", "Deno.run"),
            EffectKind.PROCESS,
            {"program": ("0.cmd.0", 0), "arguments": ("1.args", "0.cmd")},
            result=_OUTPUT,
        ),
        Known(
            (
                "node-pty.spawn",
                "@lydell/node-pty.spawn",
                "@homebridge/node-pty-prebuilt-multiarch.spawn",
            ),
            EffectKind.PROCESS,
            _ARGV,
            tags=("terminal",),
            result=_OUTPUT,
        ),
        Known(
            ("node-pty.spawn().write", "*.stdin.write", "child_process.spawn().stdin.write"),
            EffectKind.CALL,
            {"input": (0,)},
            tags=("process input",),
        ),
        Known(
            (
                "foreground-child",
                "nano-spawn",
                "spawn-please",
                "@npmcli/promise-spawn",
                "cross-spawn-promise",
            ),
            EffectKind.PROCESS,
            _ARGV,
            result=_OUTPUT,
        ),
        Known(
            (
                "ssh2.Client().exec",
                "node-ssh.NodeSSH().execCommand",
                "node-ssh.NodeSSH().exec",
                "ssh2-promise.exec",
                "*.execCommand",
            ),
            EffectKind.SHELL,
            {"command": (0,), "arguments": (1,)},
            tags=("other machine",),
            result=_REMOTE_OUTPUT,
        ),
        Known(
            ("ssh2.Client().connect", "node-ssh.NodeSSH().connect"),
            EffectKind.CONNECT,
            {"host": ("0.host",), "options": (0,)},
        ),
        Known(
            (
                "dockerode().getContainer().exec",
                "dockerode().createContainer",
                "dockerode().run",
            ),
            EffectKind.PROCESS,
            {"arguments": ("0.Cmd", 1), "image": ("0.Image", 0), "options": (0,)},
            tags=("container", "argv"),
            result=_OUTPUT,
        ),
        Known(
            ("@kubernetes/client-node.Exec().exec",),
            EffectKind.PROCESS,
            {"arguments": (3,)},
            tags=("container", "argv"),
            result=_OUTPUT,
        ),
        Known(
            (
                "sudo-prompt.exec",
                "@vscode/sudo-prompt.exec",
                "node-cmd.run",
                "node-cmd.runSync",
                "ps-node.lookup",
            ),
            EffectKind.SHELL,
            _LINE,
            result=_OUTPUT,
        ),
        Known(
            (
                "run-applescript.runAppleScript",
                "run-applescript",
                "osascript.execute",
                "applescript.execString",
                "run-jxa.runJxa",
            ),
            EffectKind.EVALUATE,
            {"code": (0,)},
            tags=("applescript",),
            result=_OUTPUT,
        ),
        Known(
            across(
                ("simple-git().", "simple-git.simpleGit()."),
                (
                    "raw clone checkout checkoutBranch fetch pull push diff log show branch "
                    "addRemote merge reset rebase stash tag commit add listRemote grep revparse"
                ),
            ),
            EffectKind.PROCESS,
            {"arguments": ("rest:0",)},
            tags=("program:git",),
            result=_OUTPUT,
        ),
        Known(
            (
                "open",
                "opn",
                "open.openApp",
                "better-opn",
                "electron.shell.openExternal",
                "electron.shell.openPath",
                "launch-editor",
            ),
            EffectKind.OPEN_URL,
            {"target": (0,)},
            result=Result(passes=()),
        ),
        Known(
            ("strict-url-sanitise.sanitizeUrl", "@braintree/sanitize-url.sanitizeUrl"),
            result=Result(passes=(0,), adds=SCHEME_CHECKED, keeps=True),
        ),
        Known(
            (
                "shell-quote.quote",
                "shell-escape",
                "any-shell-escape",
                "shescape.Shescape().quote",
                "shescape.Shescape().quoteAll",
                "shescape.quote",
                "@npmcli/promise-spawn/lib/escape.sh",
                "puka.quoteForShell",
                "zx.quote",
            ),
            result=Result(passes=(0,), adds=SHELL_QUOTED, keeps=True),
        ),
        Known(
            (
                "shell-quote.parse",
                "string-argv",
                "shlex.split",
                "yargs-parser",
                "string-argv.parseArgsStringToArgv",
            ),
            result=Result(passes=(0,), leaves=PROGRAM_CHOSEN),
        ),
        Known(("shlex.quote",), result=Result(passes=(0,), adds=SHELL_QUOTED, keeps=True)),
        Known(
            ("util.promisify", "pify", "util.callbackify", "es6-promisify.promisify"),
            result=Result(same_as=0),
            calls=(),
        ),
        Known(("which", "which.sync"), result=Result(passes=(0,), keeps=True)),
        Known(
            ("commander.*.action", "commander.program.action", "cac.*.action", "cac().*.action"),
            EffectKind.CALL,
            {"handler": (0,)},
            tags=("command line",),
            calls=(),
        ),
        Known(
            (*each("process.", "exit abort reallyExit"), "Deno.exit", "Bun.exit"),
            EffectKind.EXIT,
            tags=("orderly",),
        ),
        Known(
            ("process.kill", "tree-kill", "fkill", "Deno.kill"),
            EffectKind.EXIT,
            {"process": (0,)},
            tags=("process",),
        ),
    ),
    aliases={
        "promisify-child-process": "child_process",
        "child-process-promise": "child_process",
        "mz/child_process": "child_process",
        "@expo/spawn-async": "nano-spawn",
        "bluebird.promisify": "util.promisify",
        "util-promisify": "util.promisify",
        "@actions/exec.exec": "execa.execaCommand",
        "simple-git.gitP": "simple-git",
        "simple-git/promise": "simple-git",
        "zx/core": "zx",
        "zx/globals": "zx",
        "shelljs/global": "shelljs",
    },
)
