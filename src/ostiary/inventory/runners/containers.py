"""``docker run`` and its like: which image, and what of this machine it is given."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.inventory import specs
from ostiary.inventory.redact import masked
from ostiary.inventory.runners.runner import Runner
from ostiary.inventory.words import Option, Options
from ostiary.model.grade import Severity
from ostiary.model.server import Launch

NAMES = ("docker", "podman", "nerdctl", "finch", "container")
_FLAGS = frozenset(
    {"--rm", "--init", "--privileged", "--read-only", "--interactive", "--tty", "--detach"}
    | {"--no-healthcheck", "--oom-kill-disable", "--publish-all", "--sig-proxy", "--quiet"}
    | {"--disable-content-trust", "--help", "--replace", "--no-hosts", "--rmi", "--tls", "--debug"}
    | {"--tlsverify", "--use-api-socket", "--no-deps", "--service-ports", "--remote"}
)
_SHORT_WITH_VALUE = frozenset("evpuwlmacH")
_SYSTEM = frozenset({"/etc", "/root", "/var", "/usr", "/boot", "/dev", "/proc", "/sys", "/run"})
_WHOLE = frozenset({"/", "C:\\", "C:/", "/host", "//c", "/mnt/c"})
_HOMES = frozenset(
    {
        "~",
        "$HOME",
        "${HOME}",
        "${userHome}",
        "${env:HOME}",
        "%USERPROFILE%",
        "/home",
        "/Users",
        "/root",
        "$HOME/",
        "~/",
    }
)
_KEYS = (
    ".ssh",
    ".aws",
    ".kube",
    ".gnupg",
    ".docker",
    ".config/gcloud",
    ".azure",
    ".npmrc",
    ".netrc",
)


_NAMESPACES = {
    "--network": "network, local services included",
    "--net": "network, local services included",
    "--pid": "processes",
    "--ipc": "shared memory",
    "--userns": "user ids",
    "--uts": "host name",
}
_STRONG = frozenset(
    {"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "NET_ADMIN", "SYS_RAWIO"}
)


@dataclass(frozen=True, slots=True)
class Power:
    """Something of this machine that a container is given."""

    says: str
    severity: Severity


def options_of(argv: tuple[str, ...]) -> Options:
    """The options before the image, and the image with its arguments."""
    found: list[Option] = []
    index = 0
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "-":
        word = argv[index]
        if word == "--":
            index += 1
            break
        one, used = _option(word, argv[index + 1] if index + 1 < len(argv) else "")
        found.extend(one)
        index += used
    return Options(tuple(found), argv[index:])


def _option(word: str, following: str) -> tuple[list[Option], int]:
    name, equals, value = word.partition("=")
    if word.startswith("--"):
        if equals:
            return [Option(name, value)], 1
        return ([Option(word, None)], 1) if word in _FLAGS else ([Option(word, following)], 2)
    for place, letter in enumerate(word[1:], start=1):
        if letter in _SHORT_WITH_VALUE:
            flags = [Option("-" + flag, None) for flag in word[1:place]]
            attached = word[place + 1 :].removeprefix("=")
            return [*flags, Option("-" + letter, attached or following)], 1 if attached else 2
    return [Option("-" + letter, None) for letter in word[1:]], 1


def run_options(argv: tuple[str, ...]) -> Options | None:
    """The options of ``docker run`` in the arguments of ``docker``; ``None`` for another use."""
    rest = options_of(argv).rest
    if rest[:1] == ("container",):
        rest = rest[1:]
    return options_of(rest[1:]) if rest[:1] in {("run",), ("create",)} else None


def powers(options: Options) -> tuple[Power, ...]:
    """What the container may touch outside itself."""
    found: list[Power] = []
    for one in options.options:
        value = one.value or ""
        found += _isolation(one.name, value)
        if one.name in {"-v", "--volume"}:
            found += _mount(value)
        elif one.name == "--mount":
            found += _mount(_mount_source(value))
        elif one.name in {"-p", "--publish"} and value.startswith("0.0.0.0:"):
            found.append(Power(f"publishes {masked(value)} to the network", Severity.LOW))
    return tuple(found)


def _isolation(name: str, value: str) -> list[Power]:
    if name == "--privileged" and value != "false":
        return [Power("--privileged: root on this machine in all but name", Severity.HIGH)]
    if name in _NAMESPACES and value == "host":
        return [Power(f"shares this machine's {_NAMESPACES[name]}", Severity.MEDIUM)]
    if name == "--cap-add" and value.upper().removeprefix("CAP_") in _STRONG:
        return [Power(f"holds the capability {value}", Severity.HIGH)]
    if name == "--security-opt" and "unconfined" in value:
        return [Power(f"runs without {value.partition('=')[0]} confinement", Severity.MEDIUM)]
    return [Power(f"has the device {masked(value)}", Severity.LOW)] if name == "--device" else []


def _mount_source(value: str) -> str:
    parts = dict(part.partition("=")[::2] for part in value.split(","))
    source = parts.get("source") or parts.get("src") or ""
    only = ":ro" if "readonly" in parts or "ro" in parts else ""
    return f"{source}:{parts.get('target') or parts.get('dst') or ''}{only}"


def _mount(value: str) -> list[Power]:
    source = _source(value)
    writes = "" if value.rstrip().endswith(":ro") or ":ro," in value else ", writable"
    if (
        source.endswith(("docker.sock", "podman.sock", "containerd.sock"))
        or "docker_engine" in source
    ):
        return [
            Power(
                f"holds the container engine's socket ({source}): root on this machine",
                Severity.HIGH,
            )
        ]
    if source in _WHOLE or (source.rstrip("/") == "" and source):
        return [Power(f"sees the whole file system ({source}{writes})", Severity.HIGH)]
    if source.rstrip("/") in _HOMES or is_home(source):
        return [Power(f"sees a whole home directory ({source}{writes})", Severity.HIGH)]
    if any(f"/{key}" in source.replace("\\", "/") for key in _KEYS):
        return [Power(f"sees keys of other services ({source}{writes})", Severity.HIGH)]
    if source.rstrip("/") in _SYSTEM:
        return [Power(f"sees system files ({source}{writes})", Severity.MEDIUM)]
    return []


def _source(value: str) -> str:
    """The part before the first colon that is not a drive letter's."""
    start = 2 if value[:1].isalpha() and value[1:3] in {":\\", ":/"} else 0
    colon = value.find(":", start)
    return value if colon < 0 else value[:colon]


def is_home(path: str) -> bool:
    """Whether a path is a person's home directory, by its shape."""
    parts = [part for part in path.replace("\\", "/").split("/") if part]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":
        parts = parts[1:]
    return len(parts) == 2 and parts[0] in {"home", "Users", "users"} and path[:1] in "/\\CDcd"


def _reader(name: str) -> Runner:
    def read(argv: tuple[str, ...]) -> Launch:
        runner = "podman" if name == "podman" else "docker"
        options = run_options(argv)
        if options is None:
            return _other(runner, argv)
        if not options.rest:
            return Launch(runner, None, (), notes=("names no image",))
        notes = tuple(power.says for power in powers(options))
        return Launch(runner, specs.image(options.rest[0]), options.rest[1:], notes=notes)

    return Runner((name,), read)


def _other(runner: str, argv: tuple[str, ...]) -> Launch:
    rest = options_of(argv).rest
    if rest[:3] == ("mcp", "gateway", "run"):
        notes = ("a gateway: starts the servers of its own catalogue",)
    elif rest[:1] == ("exec",):
        notes = ("runs inside a container that is already there",)
    elif rest[:1] == ("compose",):
        notes = ("runs a service that a compose file defines",)
    else:
        notes = ("a use of the container engine that names no image",)
    return Launch(runner, None, rest, notes=notes)


RUNNERS: tuple[Runner, ...] = tuple(_reader(name) for name in NAMES)
