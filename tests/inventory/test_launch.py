from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.inventory.launch import understand
from ostiary.inventory.words import split
from ostiary.model.client import Transport
from ostiary.model.server import Launch, Pin


def read(line: str) -> Launch:
    return understand(split(line), None, Transport.STDIO)


SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
PACKAGES = [
    ("npx -y @scope/server@1.2.3 /data", "npx", "npm:@scope/server@1.2.3", Pin.EXACT),
    ("npx @scope/server", "npx", "npm:@scope/server", Pin.FLOATING),
    ("npx -y server@latest", "npx", "npm:server@latest", Pin.FLOATING),
    ("npx server@next", "npx", "npm:server@next", Pin.FLOATING),
    ("npx server@^1.2.3", "npx", "npm:server@^1.2.3", Pin.RANGE),
    ("npx server@~1.2", "npx", "npm:server@~1.2", Pin.RANGE),
    ("npx server@1.x", "npx", "npm:server@1.x", Pin.RANGE),
    ("npx server@2", "npx", "npm:server@2", Pin.RANGE),
    ("npx server@1.2.3-beta.1", "npx", "npm:server@1.2.3-beta.1", Pin.EXACT),
    ("npx server@${VERSION}", "npx", "npm:server@${VERSION}", Pin.UNKNOWN),
    ("npx --package=server@1.0.0 run-it", "npx", "npm:server@1.0.0", Pin.EXACT),
    ("npx -p other -p @scope/run-it run-it", "npx", "npm:@scope/run-it", Pin.FLOATING),
    (f"npx github:a/b#{SHA}", "npx", f"git:github:a/b@{SHA}", Pin.DIGEST),
    ("npx github:a/b#main", "npx", "git:github:a/b@main", Pin.FLOATING),
    ("npx a/b", "npx", "git:github:a/b", Pin.FLOATING),
    (
        "npx git+https://example.org/a.git#v1.2.3",
        "npx",
        "git:git+https://example.org/a.git@v1.2.3",
        Pin.EXACT,
    ),
    ("npx https://example.org/a.tgz", "npx", "npm:https://example.org/a.tgz", Pin.FLOATING),
    ("npx ./server", "npx", "npm:./server", Pin.LOCAL),
    ("npx alias@npm:server@1.0.0", "npx", "npm:server@1.0.0", Pin.EXACT),
    ("npm exec --yes -- server@1.0.0 --x", "npx", "npm:server@1.0.0", Pin.EXACT),
    ("pnpm dlx server", "pnpm", "npm:server", Pin.FLOATING),
    ("yarn dlx -p server@1.0.0 run-it", "yarn", "npm:server@1.0.0", Pin.EXACT),
    ("bunx server@1.0.0", "bunx", "npm:server@1.0.0", Pin.EXACT),
    ("bun x server", "bunx", "npm:server", Pin.FLOATING),
    ("/usr/local/bin/npx.cmd server", "npx", "npm:server", Pin.FLOATING),
    ("uvx server", "uvx", "pypi:server", Pin.FLOATING),
    ("uvx server@1.2", "uvx", "pypi:server@1.2", Pin.EXACT),
    ("uvx server==1.2.post1", "uvx", "pypi:server@1.2.post1", Pin.EXACT),
    ("uvx server@latest", "uvx", "pypi:server@latest", Pin.FLOATING),
    ("uvx 'server[extra]>=1,<2'", "uvx", "pypi:server@>=1,<2", Pin.RANGE),
    ("uvx server==1.*", "uvx", "pypi:server@1.*", Pin.RANGE),
    (
        "uvx --from git+https://example.org/a/b@main run-it",
        "uvx",
        "git:git+https://example.org/a/b@main",
        Pin.FLOATING,
    ),
    (
        f"uvx --from git+https://example.org/a/b@{SHA} run-it",
        "uvx",
        f"git:git+https://example.org/a/b@{SHA}",
        Pin.DIGEST,
    ),
    ("uvx --python 3.12 --with extra server==2.0", "uvx", "pypi:server@2.0", Pin.EXACT),
    ("uv tool run --from server==1.0 run-it", "uvx", "pypi:server@1.0", Pin.EXACT),
    ("uv run --with server==1.0 server", "uv", "pypi:server@1.0", Pin.EXACT),
    ("pipx run --spec server==1.0 run-it", "pipx", "pypi:server@1.0", Pin.EXACT),
    ("pipx run server", "pipx", "pypi:server", Pin.FLOATING),
    ("python3 -m mcp_server_git --repository /a", "python", "pypi:mcp-server-git", Pin.LOCAL),
    ("python -u -m mcp_server_git.cli", "python", "pypi:mcp-server-git", Pin.LOCAL),
    ("node /x/node_modules/@a/b/dist/i.js", "node", "npm:@a/b", Pin.LOCAL),
    ("deno run -A npm:server@1.0.0", "deno", "npm:server@1.0.0", Pin.EXACT),
    ("deno run jsr:@a/b", "deno", "jsr:@a/b", Pin.FLOATING),
    ("deno run https://deno.land/x/a@v1.2.3/mod.ts", "deno", "deno:a@v1.2.3", Pin.EXACT),
    ("docker run -i --rm mcp/time", "docker", "oci:mcp/time", Pin.FLOATING),
    (
        "docker run --rm -it -e A=b -v /a:/b:ro ghcr.io/a/b:1.2.3 stdio",
        "docker",
        "oci:ghcr.io/a/b@1.2.3",
        Pin.EXACT,
    ),
    ("docker run localhost:5000/a/b:1", "docker", "oci:localhost:5000/a/b@1", Pin.RANGE),
    (f"podman run a/b@sha256:{'0' * 64}", "podman", f"oci:a/b@sha256:{'0' * 64}", Pin.DIGEST),
    ("docker run a/b:latest", "docker", "oci:a/b@latest", Pin.FLOATING),
    ("go run example.org/a/b@v1.2.3", "go", "go:example.org/a/b@v1.2.3", Pin.EXACT),
    ("dnx Server@1.0.0 --yes -- x", "dotnet", "nuget:Server@1.0.0", Pin.EXACT),
    ("dnx Server --version 1.0.0", "dotnet", "nuget:Server@1.0.0", Pin.EXACT),
    ("cmd /c npx -y server@1.0.0", "npx", "npm:server@1.0.0", Pin.EXACT),
    ("sh -c 'npx server@1.0.0'", "npx", "npm:server@1.0.0", Pin.EXACT),
    ("bash -lc 'cd /a && exec uvx server==1.0'", "uvx", "pypi:server@1.0", Pin.EXACT),
    ("env -u X A=b npx server", "npx", "npm:server", Pin.FLOATING),
    ("/usr/bin/env npx server", "npx", "npm:server", Pin.FLOATING),
    ("sudo -u nobody nice -n 5 uvx server", "uvx", "pypi:server", Pin.FLOATING),
    ("wsl.exe -d Ubuntu -- npx server", "npx", "npm:server", Pin.FLOATING),
    ("op run --env-file=.env -- npx server", "npx", "npm:server", Pin.FLOATING),
    ("poetry run python -m server_thing", "python", "pypi:server-thing", Pin.LOCAL),
    ("timeout 30 npx server", "npx", "npm:server", Pin.FLOATING),
]


@pytest.mark.parametrize(
    ("line", "runner", "label", "pin"), PACKAGES, ids=[one[0] for one in PACKAGES]
)
def test_runner_package_and_pin(line: str, runner: str, label: str, pin: Pin) -> None:
    launch = read(line)
    assert launch.package is not None
    assert (launch.runner, launch.package.label, launch.package.pin) == (runner, label, pin)


@pytest.mark.parametrize(
    ("line", "runner"),
    [
        ("/opt/server --stdio", "path"),
        ("server --stdio", "path"),
        ("node dist/index.js", "node"),
        ("python server.py", "python"),
        ("python -c 'import x'", "python"),
        ("uv --directory /a run server.py", "uv"),
        ("java -jar a.jar", "java"),
        ("bash ./start.sh", "shell"),
        ("powershell -enc SQBFAFgA", "shell"),
        ("sh -c 'curl x | sh'", "shell"),
        ("docker mcp gateway run", "docker"),
        ("docker exec -i box server", "docker"),
        ("cargo run --manifest-path /a/Cargo.toml", "cargo"),
        ("npm run start", "node"),
        ("server.mcpb", "mcpb"),
    ],
)
def test_runner_alone(line: str, runner: str) -> None:
    assert read(line).runner == runner


def test_what_the_server_itself_receives() -> None:
    assert read("npx -y server@1.0.0 --root /a b").arguments == ("--root", "/a", "b")
    assert read("docker run -i --name x a/b --flag").arguments == ("--flag",)
    assert read("python -m server -v").arguments == ("-v",)


def test_a_shell_is_told() -> None:
    assert read("sh -c 'npx server'").shell
    assert not read("cmd /c npx server").shell
    assert read("cmd /c 'npx server & calc'").shell
    assert not read("npx server").shell


def test_an_address_and_a_part_of_the_client() -> None:
    assert understand((), "https://example.org/mcp", Transport.HTTP).runner == "url"
    assert understand((), None, Transport.BUILTIN).runner == "builtin"
    assert understand((), None, Transport.UNKNOWN).runner == "unknown"


def test_a_whole_line_given_as_one_word() -> None:
    launch = understand(("npx -y server@1.0.0",), None, Transport.STDIO)
    assert launch.package is not None
    assert launch.package.label == "npm:server@1.0.0"
    assert understand(("/Applications/My App/server",), None, Transport.STDIO).runner == "path"


@pytest.mark.proves("SF-09")
def test_a_bridge_names_its_far_end() -> None:
    launch = read("npx -y mcp-remote@0.1.38 https://mcp.example.org/sse --allow-http")
    assert launch.remote == "https://mcp.example.org/sse"
    assert (
        read("npx supergateway --sse https://a.example.org/x").remote == "https://a.example.org/x"
    )
    assert read("npx some-server https://a.example.org/x").remote is None


def test_a_bridge_hides_the_credential_in_its_address() -> None:
    launch = read("npx mcp-remote https://a.example.org/?api_key=f3k9d8s7a6q5w4e3r2t1")
    assert launch.remote == "https://a.example.org/?api_key=***"
    assert "f3k9" not in str(launch.notes)


def test_what_a_container_is_given() -> None:
    notes = " ".join(read("docker run --privileged -v /:/host --network=host a/b").notes)
    assert "--privileged" in notes
    assert "whole file system" in notes
    assert "network" in notes
    assert read("docker run -i --rm -v /home/ada/project:/p a/b").notes == ()


def test_wrappers_are_peeled_to_a_depth_only() -> None:
    line = ("env",) * 40 + ("npx", "server")
    assert understand(line, None, Transport.STDIO).runner in {"path", "npx", "unknown"}


WORDS = st.sampled_from(
    [
        "npx",
        "uvx",
        "docker",
        "run",
        "-y",
        "--",
        "-c",
        "sh",
        "bash",
        "cmd",
        "/c",
        "env",
        "A=b",
        "-p",
        "sudo",
        "@",
        "@a/b@",
        "git+",
        "-",
        "--from",
        "=",
        "deno",
        "node",
        "-e",
        "uv",
        "python",
        "-m",
        "wsl",
        "op",
        "timeout",
        "powershell",
        "-enc",
        "",
        " ",
        '"',
        "'",
        "$(x)",
        "a@b@c",
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=8))
def test_no_line_is_too_odd(words: list[str]) -> None:
    assert understand(tuple(words), None, Transport.STDIO).runner
