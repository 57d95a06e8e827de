"""Programs that Python code starts, here or on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import NO_DASH, SHELL_QUOTED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result, Typed, When, Where
from ostiary.analyze.knowledge.names import across, each

_OUTPUT: Final = Result(passes=(), gives=SourceKind.MACHINE, named="output of a command")
_REMOTE_OUTPUT: Final = Result(passes=(), gives=SourceKind.REMOTE, named="output of a command")

_Roles = Mapping[str, tuple[Where, ...]]

_RUN: Final = each("subprocess.", "run call check_call check_output Popen")
_OPTIONS: Final[_Roles] = {"environment": ("env",), "folder": ("cwd",), "input": ("input",)}
_LINE: Final[_Roles] = {"command": (0, "args"), **_OPTIONS}
_ARGV: Final[_Roles] = {
    "program": ("executable", "0.0", "args.0", 0, "args"),
    "arguments": (0, "args"),
    "shell": ("shell",),
    **_OPTIONS,
}
"""``arguments`` is the whole list with the program first: tag ``argv``."""

TABLE = Library(
    "processes",
    known=(
        Known(_RUN, EffectKind.SHELL, _LINE, when=(When(("shell",), "true"),), result=_OUTPUT),
        Known(
            _RUN,
            EffectKind.PROCESS,
            _ARGV,
            tags=("argv",),
            when=(When(("shell",), "not true"),),
            result=_OUTPUT,
        ),
        Known(
            each("subprocess.", "getoutput getstatusoutput"),
            EffectKind.SHELL,
            {"command": (0, "cmd")},
            result=_OUTPUT,
        ),
        Known(
            ("subprocess.Popen().communicate", "asyncio.create_subprocess_*().communicate"),
            EffectKind.CALL,
            {"input": (0, "input")},
            tags=("process input",),
            result=Result(passes=("base",)),
        ),
        Known(
            ("subprocess.Popen().stdin.write", "asyncio.create_subprocess_*().stdin.write"),
            EffectKind.CALL,
            {"input": (0,)},
            tags=("process input",),
        ),
        Known(
            (*each("os.", "system popen"), "posix.system", "nt.system", "commands.getoutput"),
            EffectKind.SHELL,
            {"command": (0, "command", "cmd")},
            result=_OUTPUT,
        ),
        Known(
            ("asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_shell"),
            EffectKind.SHELL,
            {"command": (0, "cmd"), **_OPTIONS},
            result=_OUTPUT,
        ),
        Known(
            ("asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_exec"),
            EffectKind.PROCESS,
            {"program": (0, "program"), "arguments": ("rest:1",), **_OPTIONS},
            result=_OUTPUT,
        ),
        Known(
            ("asyncio.get_event_loop().subprocess_shell",),
            EffectKind.SHELL,
            {"command": (1, "cmd")},
        ),
        Known(
            ("asyncio.get_event_loop().subprocess_exec",),
            EffectKind.PROCESS,
            {"program": (1,), "arguments": ("rest:2",)},
        ),
        Known(
            ("anyio.run_process", "anyio.open_process", "trio.run_process"),
            EffectKind.SHELL,
            {"command": (0, "command"), **_OPTIONS},
            when=(When((0, "command"), "text"),),
            result=_OUTPUT,
        ),
        Known(
            ("anyio.run_process", "anyio.open_process", "trio.run_process"),
            EffectKind.PROCESS,
            {"program": ("0.0", "command.0"), "arguments": (0, "command"), **_OPTIONS},
            tags=("argv",),
            when=(When((0, "command"), "sequence"),),
            result=_OUTPUT,
        ),
        Known(
            each("os.", "execv execve execvp execvpe posix_spawn posix_spawnp"),
            EffectKind.PROCESS,
            {"program": (0, "path", "file"), "arguments": (1, "args", "argv"), "environment": (2,)},
            tags=("argv",),
        ),
        Known(
            each("os.", "execl execle execlp execlpe"),
            EffectKind.PROCESS,
            {"program": (0,), "arguments": ("rest:1",)},
            tags=("argv",),
        ),
        Known(
            each("os.", "spawnv spawnve spawnvp spawnvpe"),
            EffectKind.PROCESS,
            {"program": (1, "path", "file"), "arguments": (2, "args")},
            tags=("argv",),
        ),
        Known(
            each("os.", "spawnl spawnle spawnlp spawnlpe"),
            EffectKind.PROCESS,
            {"program": (1,), "arguments": ("rest:2",)},
            tags=("argv",),
        ),
        Known(("pty.spawn",), EffectKind.PROCESS, {"program": ("0.0", 0), "arguments": (0,)}),
        Known(
            (*each("pexpect.", "spawn run runu spawnu"), "pexpect.popen_spawn.PopenSpawn"),
            EffectKind.PROCESS,
            {"program": (0, "command"), "arguments": (1, "args"), **_OPTIONS},
            tags=("splits text",),
            result=_OUTPUT,
        ),
        Known(
            ("pexpect.spawn().sendline", "pexpect.spawn().send"),
            EffectKind.CALL,
            {"input": (0,)},
            tags=("process input",),
        ),
        Known(
            each("sh.", "bash sh zsh dash ksh"),
            EffectKind.PROCESS,
            {"arguments": ("rest:0",)},
            tags=("program:sh",),
            result=_OUTPUT,
        ),
        Known(("sh.Command",), EffectKind.PROCESS, {"program": (0,)}),
        Known(
            ("sh.Command()", "sh.*"),
            EffectKind.PROCESS,
            {"arguments": ("rest:0",)},
            result=_OUTPUT,
        ),
        Known(
            (
                "plumbum.local.*",
                "plumbum.cmd.*",
                "plumbum.local()",
                "plumbum.local.cmd.*",
                "plumbum.local.get()",
            ),
            EffectKind.PROCESS,
            {"arguments": ("rest:0",)},
            result=_OUTPUT,
        ),
        Known(("plumbum.local.get",), EffectKind.PROCESS, {"program": (0,)}),
        Known(
            (
                *each("invoke.", "run sudo"),
                *across(("invoke.Context().", "invoke.context.Context()."), "run sudo"),
                "fabric.Connection().local",
                "fabric.api.local",
            ),
            EffectKind.SHELL,
            {"command": (0, "command")},
            result=_OUTPUT,
        ),
        Known(
            (
                *each("fabric.Connection().", "run sudo"),
                *each("fabric.api.", "run sudo"),
                "paramiko.SSHClient().exec_command",
                "paramiko.client.SSHClient().exec_command",
                "paramiko.Transport().open_session().exec_command",
                *each("asyncssh.connect().", "run create_process"),
                "*.exec_command",
                "netmiko.ConnectHandler().send_command",
            ),
            EffectKind.SHELL,
            {"command": (0, "command", "command_string")},
            tags=("other machine",),
            result=_REMOTE_OUTPUT,
        ),
        Known(
            (
                "docker.from_env().containers.run",
                "docker.DockerClient().containers.run",
                "docker.from_env().containers.create",
            ),
            EffectKind.PROCESS,
            {
                "image": (0, "image"),
                "arguments": (1, "command"),
                "volumes": ("volumes",),
                "privileged": ("privileged",),
            },
            tags=("service:docker", "container"),
            result=_OUTPUT,
        ),
        Known(
            ("docker.*.exec_run", "*.exec_run"),
            EffectKind.PROCESS,
            {"program": ("0.0", 0, "cmd"), "arguments": (0, "cmd")},
            tags=("service:docker", "container", "argv"),
            result=_OUTPUT,
        ),
        Known(
            ("kubernetes.stream.stream",),
            EffectKind.PROCESS,
            {"arguments": ("command",)},
            tags=("container", "argv"),
            result=_REMOTE_OUTPUT,
        ),
        Known(
            ("webbrowser.open", "webbrowser.open_new", "webbrowser.open_new_tab", "os.startfile"),
            EffectKind.OPEN_URL,
            {"target": (0, "url", "filepath")},
        ),
        Known(
            ("webbrowser.get().open", "click.launch", "typer.launch"),
            EffectKind.OPEN_URL,
            {"target": (0, "url")},
        ),
        Known(
            ("shlex.quote", "pipes.quote"),
            result=Result(passes=(0, "s"), adds=SHELL_QUOTED, keeps=True),
        ),
        Known(
            ("git.Repo().git.*", "git.Git().*", "git.cmd.Git().*"),
            EffectKind.PROCESS,
            {"arguments": ("rest:0",)},
            tags=("program:git",),
            result=replace(_OUTPUT, external="str()"),
        ),
        Known(("subprocess.list2cmdline",), result=Result(passes=(0,))),
        Known(
            ("shlex.join",),
            result=Result(passes=(0, "split_command"), adds=SHELL_QUOTED, keeps=True),
        ),
        Known(("shutil.which",), result=Result(passes=(0,), adds=NO_DASH, keeps=True)),
        Known(
            (*each("os.", "kill killpg abort"), "signal.raise_signal"),
            EffectKind.EXIT,
            {"process": (0,)},
            tags=("process",),
        ),
        Known(each("os.", "_exit"), EffectKind.EXIT),
        Known(
            ("sys.exit", "exit", "quit"),
            EffectKind.EXIT,
            tags=("orderly",),
        ),
        Known(
            ("psutil.Process().kill", "psutil.Process().terminate"),
            EffectKind.EXIT,
            {"process": ("base",)},
            tags=("process",),
        ),
        Known(("os.fork", "os.forkpty"), EffectKind.PROCESS, tags=("fork",)),
    ),
    typed=(Typed(("git.Repo", "git.repo.Repo", "git.repo.base.Repo"), "git.Repo()"),),
    aliases={
        "gevent.subprocess": "subprocess",
        "eventlet.green.subprocess": "subprocess",
        "subprocess32": "subprocess",
        "asyncio.new_event_loop": "asyncio.get_event_loop",
        "asyncio.get_running_loop": "asyncio.get_event_loop",
        "trio.lowlevel.open_process": "trio.run_process",
        "ptyprocess.PtyProcess.spawn": "pty.spawn",
    },
)
