"""What a command of a package does, from its words: downloads, hidden code, the author's tools."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import StrEnum

from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.detect.linear import compiled, readable

MOST_CHARACTERS = 8000


class Doing(StrEnum):
    """One thing a command does; worst first."""

    HIDDEN = "decodes hidden text and runs it"
    FETCH_AND_RUN = "downloads something and runs it"
    SECRETS = "touches keys or credentials"
    AGENT_FILES = "touches configuration of AI applications or of the shell"
    FETCH = "downloads something"
    INLINE = "runs code written into the command"
    OWN_FILE = "runs a file of the package"
    NATIVE = "builds or downloads a native module"
    BROWSER = "downloads a browser"
    BUILD = "builds the package"
    OTHER = "runs another program"
    AUTHOR = "sets up the author's own tools"
    MESSAGE = "prints a message"


_FETCHER = (
    r"(?:curl|wget|fetch|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod|bitsadmin|certutil)"
)
_SHELL = r"(?:(?:ba|z|da|k)?sh|python[0-9.]*|node|perl|ruby|php|pwsh|powershell(?:\.exe)?|iex)"

_DECODER = r"(?:atob|b64decode|unescape|buffer\.from|bytes\.fromhex|codecs\.decode|zlib\.)"

_ASKS = (
    r"(?:https?(?:[\"']\s*\))?\.(?:get|request)|\bfetch|urlopen|urlretrieve|requests\.(?:get|post)|"
    r"httpx\.(?:get|post))\s*\("
)
_STARTS = (
    r"(?:\b(?:eval|exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|Function|"
    r"runInThisContext|runInNewContext|_compile|system|popen|check_call|check_output)|"
    r"subprocess\.\w+)\s*\("
)
"""In code that is written into the command itself."""

_HIDDEN = (
    rf"base64 (?:-d|--decode)[^;&]*\|\s*{_SHELL}\b",
    rf"(?:eval|exec|function|runinthiscontext)\s*\(.{{0,80}}?{_DECODER}",
    r"(?:\\x[0-9a-f]{2}){8}",
    r"-enc(?:odedcommand)?\s+[a-z0-9+/=]{16}",
    r"marshal\.loads|xxd -r",
)
_FETCH_AND_RUN = (
    rf"\b{_FETCHER}\b[^;]*\|\s*(?:sudo\s+)?{_SHELL}\b",
    rf"{_SHELL}\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*{_FETCHER}\b",
    rf"\b{_FETCHER}\b.*(?:&&|;|\n)\s*(?:chmod\s+\S*[x7]|{_SHELL}\s+\S|\./|/tmp/)",
    r"\b(?:iex|invoke-expression)\b.*\b(?:iwr|irm|downloadstring|invoke-webrequest)",
    r"(?:eval|exec)\s*\(.*(?:urlopen|requests\.get|https?\.get|fetch\()",
    rf"\s-(?:e|c|p|pe|-eval|-print)\s.*{_ASKS}.*{_STARTS}",
    r"\b(?:npx|bunx|uvx|pip3? install|npm (?:i|install|exec))\s+(?:-\S+\s+)*(?:https?://|git\+)",
)
_SECRETS = (
    r"\.ssh/|id_(?:rsa|ed25519|ecdsa)\b|\.aws/credentials|\.netrc|\.git-credentials",
    r"\.kube/config|\.docker/config\.json|/etc/shadow|\b(?:printenv|env)\s*\|",
    r"security find-generic-password|login\.keychain|wallet\.dat",
)
_AGENT_FILES = (
    r"claude_desktop_config|\.claude(?:\.json|/settings|/commands)|\.cursor/(?:mcp|rules)",
    r"\.codeium/|\.vscode/(?:mcp|tasks|settings)\.json|\.gemini/settings|\bcrontab\b",
    r">>\s*~?/?\S*\.(?:bashrc|zshrc|profile|bash_profile|zshenv)\b|launchagents",
    r"systemctl (?:--user )?enable|schtasks|currentversion.run",
)
_FETCH = (
    rf"\b{_FETCHER}\s+(?:-\S+\s+)*[\"']?(?:https?|ftp):",
    _ASKS,
)
_INLINE = (
    r"\b(?:node|bun|deno eval|python[0-9.]*|perl|ruby|php)\s+(?:-e|-c|-p|-pe|--eval|--print)\b",
)
_NATIVE = (
    r"\b(?:node-gyp(?:-build)?|prebuild-install|node-pre-gyp|cmake-js|prebuildify|napi|neon)\b",
    r"\b(?:electron-rebuild|install-app-deps|maturin|cargo build|node-gyp-build-optional)\b",
)
_BROWSER = (r"\b(?:playwright|puppeteer|patchright|rebrowser)\b.*\binstall\b",)
_BUILD = (
    r"\b(?:tsc|tsup|tsdown|esbuild|rollup|webpack|vite|swc|babel|unbuild|ncc|parcel|turbo|nx)\b",
    r"\b(?:bunchee|pkgroll|microbundle|rimraf|shx|cpy|copyfiles|chmod|mkdirp?|cp|mv|rm|make)\b",
    r"\b(?:prisma generate|graphql-codegen|(?:npm|yarn|pnpm|bun) (?:run )?build)\b",
)
_AUTHOR = (
    r"\b(?:husky|simple-git-hooks|lefthook|patch-package|is-ci|pinst|only-allow|lint-staged)\b",
    r"\b(?:yorkie|simple-pre-commit|pre-commit install|syncpack|check-node-version)\b",
    r"\b(?:skip-postinstall|nuxt prepare|svelte-kit sync|changeset)\b|core\.hookspath",
)
_MESSAGE = (r"^\s*(?:echo|printf|true|exit 0|:)\b",)

_PATTERNS = {
    Doing.HIDDEN: _HIDDEN,
    Doing.FETCH_AND_RUN: _FETCH_AND_RUN,
    Doing.SECRETS: _SECRETS,
    Doing.AGENT_FILES: _AGENT_FILES,
    Doing.FETCH: _FETCH,
    Doing.INLINE: _INLINE,
    Doing.NATIVE: _NATIVE,
    Doing.BROWSER: _BROWSER,
    Doing.BUILD: _BUILD,
    Doing.AUTHOR: _AUTHOR,
    Doing.MESSAGE: _MESSAGE,
}
_SPLIT = re.compile(r"\s*(?:&&|\|\||;|\n)\s*")
_RUN = re.compile(r"(?:npm|pnpm|yarn|bun)\s+(?:run\s+|run-script\s+)?(?P<name>[\w:.-]+)")
_PATH = r"(?P<path>(?:\./)?[\w@.-]+(?:/[\w@.-]+)*\.(?:c|m)?(?:js|ts|py|sh|bash|ps1|pl|rb))\b"
_RUNS_FILE = re.compile(
    r"(?:^|[\s;&|(])(?:node|nodejs|tsx|ts-node|bun(?:\s+run)?|deno\s+run|python[0-9.]*|py|sh|bash|zsh|"
    rf"perl|ruby|cscript|powershell(?:\s+-File)?)\s+(?:-[\w=.:/-]++\s++)*+{_PATH}"
)
_STARTS_FILE = re.compile(
    r"(?:(?:\w+=\S*+|exec|sudo|env|nohup|time|cross-env|npx|call)\s++)*+" + _PATH
)
"""A file that stands where a command does. Behind ``chmod`` or ``cp`` it is only handled."""


def doings(command: str) -> tuple[Doing, ...]:
    """Everything the words show, worst first; ``OTHER`` if they show nothing."""
    text = readable(command[:MOST_CHARACTERS])
    found = [
        one
        for one, patterns in _PATTERNS.items()
        if compiled(f"(?is){'|'.join(patterns)}").search(text)
    ]
    if Doing.FETCH_AND_RUN in found and Doing.FETCH in found:
        found.remove(Doing.FETCH)
    if files_run(text):
        found.append(Doing.OWN_FILE)
    order = list(Doing)
    return tuple(sorted(found, key=order.index)) or (Doing.OTHER,)


def files_run(command: str) -> tuple[str, ...]:
    """Files that the command hands to an interpreter or starts, as it names them."""
    found = [
        match["path"]
        for part in _SPLIT.split(command[:MOST_CHARACTERS])
        if (match := _RUNS_FILE.search(part) or _STARTS_FILE.match(part.lstrip(" (")))
    ]
    return tuple(dict.fromkeys(found))


def below(manifest_file: str, path: str) -> str:
    """``path`` as the project names it, from the folder of the manifest."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(manifest_file), path))
    return "" if joined.startswith("..") else joined


def unfolded(script: Script, manifest: Manifest) -> str:
    """The command with the manifest's own scripts that it runs put behind it."""
    named = {one.event: one.command for one in manifest.scripts}
    return "\n".join(_unfolded(script.command, named, {script.event}))


def _unfolded(command: str, named: dict[str, str], seen: set[str]) -> Iterator[str]:
    yield command[:MOST_CHARACTERS]
    for match in _RUN.finditer(command[:MOST_CHARACTERS]):
        name = match["name"]
        if name in named and name not in seen and len(seen) < 12:
            seen.add(name)
            yield from _unfolded(named[name], named, seen)
