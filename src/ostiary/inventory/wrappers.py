"""Peels what stands around a command: shells, ``env``, ``sudo``, ``wsl`` and the like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.inventory.redact import masked
from ostiary.inventory.words import Options, leading_options, program, split

SHELLS = frozenset({"sh", "bash", "zsh", "dash", "fish", "ksh", "ash", "tcsh", "csh"})
POWERSHELLS = frozenset({"powershell", "pwsh"})
THROUGH_CMD = "started through cmd /c"
_DEEPEST = 8
_OPERATORS = ("&&", "||", ";", "|", "\n", "&")
_PREPARING = frozenset({"cd", "export", "source", ".", "set", "unset", "eval", "pushd", "ulimit"})


@dataclass(frozen=True, slots=True)
class Peeled:
    """The command inside, and what was around it."""

    argv: tuple[str, ...]
    shell: bool = False
    """Whether a shell interprets the line."""
    script: str = ""
    """The text that a shell interprets, as written, if it is more than one plain command."""
    notes: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    """``NAME=value`` words set on the way."""


def peel(argv: tuple[str, ...]) -> Peeled:
    """The innermost command that can be told for sure."""
    now = Peeled(argv)
    for _ in range(_DEEPEST):
        step = _step(now.argv)
        if step is None:
            break
        now = Peeled(
            step.argv,
            now.shell or step.shell,
            now.script or step.script,
            (*now.notes, *step.notes),
            (*now.variables, *step.variables),
        )
        if not step.argv:
            break
    return now


def _step(argv: tuple[str, ...]) -> Peeled | None:
    if not argv:
        return None
    name = program(argv[0])
    if name in SHELLS:
        return _posix_shell(argv)
    if name in POWERSHELLS:
        return _powershell(argv)
    reader = _READERS.get(name)
    return reader(argv[1:]) if reader is not None else None


def _posix_shell(argv: tuple[str, ...]) -> Peeled | None:
    for index, word in enumerate(argv[1:], start=1):
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            return _script(argv[index + 1] if index + 1 < len(argv) else "")
        if not word.startswith("-"):
            return None
    return None


def _script(text: str) -> Peeled:
    """One plain command is peeled; of several the last, if the others only prepare."""
    plain = not any(sign in text for sign in ("&", "|", ";", "\n", "`", "$(", "<", ">"))
    if plain:
        words, variables = _leading_variables(split(text.strip()))
        return Peeled(_without_exec(words), True, variables=variables)
    segments = _segments(text)
    if segments and all(_prepares(one) for one in segments[:-1]) and "|" not in text:
        words, variables = _leading_variables(segments[-1])
        return Peeled(_without_exec(words), True, text, variables=variables)
    return Peeled((), True, text, notes=("a shell script in the command line",))


def _segments(text: str) -> list[tuple[str, ...]]:
    pieces = [text]
    for sign in _OPERATORS:
        pieces = [part for piece in pieces for part in piece.split(sign)]
    return [split(piece.strip()) for piece in pieces if piece.strip()]


def _prepares(words: tuple[str, ...]) -> bool:
    return (
        bool(words)
        and words[0] in _PREPARING
        and not any("$(" in word or "`" in word for word in words)
    )


def _without_exec(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if words[:1] == ("exec",) else words


def _leading_variables(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    count = 0
    while count < len(words) and _is_variable(words[count]):
        count += 1
    return words[count:], words[:count]


def _is_variable(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.replace("_", "a").isalnum() and not name[:1].isdigit()


def _powershell(argv: tuple[str, ...]) -> Peeled | None:
    for index, word in enumerate(argv[1:], start=1):
        flag = word.lower().lstrip("-/")
        rest = argv[index + 1 :]
        if (flag and "encodedcommand".startswith(flag) and len(flag) > 1) or flag in {"e", "ec"}:
            return Peeled((), True, " ".join(rest), ("PowerShell runs an encoded command",))
        if flag in {"c", "command"}:
            return _script(" ".join(rest).removeprefix("&").strip())
        if flag in {"f", "file"}:
            return Peeled(rest, notes=("PowerShell runs a script",))
    return None


def _cmd(argv: tuple[str, ...]) -> Peeled | None:
    index = 0
    while index < len(argv) and argv[index].startswith("/"):
        index += 1
        if argv[index - 1].lower() in {"/c", "/k"}:
            break
    else:
        return None
    rest = argv[index:]
    words = split(rest[0]) if len(rest) == 1 and " " in rest[0] else rest
    text = " ".join(rest)
    if any(sign in text for sign in ("&", "|", "<", ">", "^")) and "://" not in text:
        return Peeled(words, True, text, ("cmd interprets the line",))
    return Peeled(words, notes=(THROUGH_CMD,))


def _env(argv: tuple[str, ...]) -> Peeled | None:
    options = leading_options(
        argv, frozenset({"-u", "--unset", "-C", "--chdir", "-S", "--split-string"})
    )
    whole = options.values("-S", "--split-string")
    rest = (*split(whole[0]), *options.rest) if whole else options.rest
    words, variables = _leading_variables(rest)
    return Peeled(words, variables=variables)


def _sudo(argv: tuple[str, ...]) -> Peeled | None:
    options = leading_options(
        argv,
        frozenset({"-u", "--user", "-g", "--group", "-h", "--host", "-p", "-C", "-D", "-r", "-t"}),
    )
    words, variables = _leading_variables(options.rest)
    user = next(iter(options.values("-u", "--user")), "root")
    return Peeled(words, notes=(f"runs as {masked(user)}",), variables=variables)


def _wsl(argv: tuple[str, ...]) -> Peeled | None:
    options = leading_options(
        argv,
        frozenset(
            {"-d", "--distribution", "-u", "--user", "--cd", "--shell-type", "--distribution-id"}
        ),
    )
    rest = options.rest
    shell = not options.has("-e", "--exec")
    return Peeled(
        rest, shell=False, notes=("runs inside WSL" + ("" if not shell else ", by its shell"),)
    )


_AFTER = frozenset(
    {
        "-n",
        "--adjustment",
        "-c",
        "--class",
        "-k",
        "--kill-after",
        "-s",
        "--signal",
        "-o",
        "-e",
        "-i",
    }
    | {"-a", "--auto-servernum-args", "-p", "--classdata", "--env-file", "-f", "--project"}
    | {"--config", "--profile", "--env", "--environment", "--account", "--path", "--projectId"}
    | {"-p", "-n", "--name", "--prefix", "--command", "--token", "--user", "--group"}
)


def _plain(argv: tuple[str, ...]) -> Peeled | None:
    return Peeled(leading_options(argv, _AFTER).rest)


def _timeout(argv: tuple[str, ...]) -> Peeled | None:
    return Peeled(leading_options(argv, _AFTER).rest[1:])


def _secret_runner(
    name: str, subcommands: tuple[str, ...]
) -> Callable[[tuple[str, ...]], Peeled | None]:
    """``op run -- COMMAND``: a secret store fills the variables when the server starts."""

    def read(argv: tuple[str, ...]) -> Peeled | None:
        if subcommands and (not argv or argv[0] not in subcommands):
            return None
        rest = argv[argv.index("--") + 1 :] if "--" in argv else _operands(argv, subcommands)
        return Peeled(rest, notes=(f"{name} fills in variables at start",))

    return read


def _operands(argv: tuple[str, ...], subcommands: tuple[str, ...]) -> tuple[str, ...]:
    options: Options = leading_options(argv[1:] if subcommands else argv, _AFTER)
    return options.rest


def _project_runner(tool: str, subcommand: str) -> Callable[[tuple[str, ...]], Peeled | None]:
    """``poetry run COMMAND``: the command of a project's own environment."""

    def read(argv: tuple[str, ...]) -> Peeled | None:
        options = leading_options(argv, frozenset({"-C", "--directory", "-P", "--project"}))
        if options.rest[:1] != (subcommand,):
            return None
        rest = leading_options(options.rest[1:], _AFTER).rest
        return Peeled(rest, notes=(f"runs in the environment of {tool}",))

    return read


_READERS: dict[str, Callable[[tuple[str, ...]], Peeled | None]] = {
    "cmd": _cmd,
    "env": _env,
    "sudo": _sudo,
    "doas": _sudo,
    "wsl": _wsl,
    **dict.fromkeys(("nice", "ionice", "nohup", "setsid", "stdbuf", "time", "caffeinate"), _plain),
    **dict.fromkeys(("xvfb-run", "unbuffer", "command", "exec", "cross-env", "corepack"), _env),
    "timeout": _timeout,
    "gtimeout": _timeout,
    "op": _secret_runner("1Password", ("run",)),
    "doppler": _secret_runner("Doppler", ("run",)),
    "infisical": _secret_runner("Infisical", ("run",)),
    "aws-vault": _secret_runner("aws-vault", ("exec",)),
    "dotenvx": _secret_runner("dotenvx", ("run",)),
    "dotenv": _secret_runner("dotenv", ()),
    "poetry": _project_runner("poetry", "run"),
    "pdm": _project_runner("pdm", "run"),
    "pipenv": _project_runner("pipenv", "run"),
    "hatch": _project_runner("hatch", "run"),
    "rye": _project_runner("rye", "run"),
    "pixi": _project_runner("pixi", "run"),
    "conda": _project_runner("conda", "run"),
    "mamba": _project_runner("mamba", "run"),
    "micromamba": _project_runner("micromamba", "run"),
    "mise": _project_runner("mise", "exec"),
    "fnm": _project_runner("fnm", "exec"),
    "asdf": _project_runner("asdf", "exec"),
    "volta": _project_runner("volta", "run"),
}
