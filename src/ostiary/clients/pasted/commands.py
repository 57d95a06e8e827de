"""Command lines that add a server to a client: read, never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ostiary.clients.formats import FORMATS
from ostiary.clients.formats.document import Document, Unreadable
from ostiary.clients.pasted.snippet import CURLY, Broken, Snippet, placed
from ostiary.model.json import JsonObject, JsonValue, as_object

MAX_WORDS = 400

Found = tuple[int, int, "Snippet | Broken"]

_ADDS = re.compile(
    r"(?P<program>\b(?:claude|codex|gemini|qwen|amp|droid|copilot|code|code-insiders|codium|"
    r"cursor|vibe|kimi))(?:\.cmd|\.exe)?[ \t]+"
    r"(?P<verb>mcp[ \t]+add-json|mcp[ \t]+add|--add-mcp|\u2013add-mcp|\u2014add-mcp)(?=[ \t\\])"
)
_GAP = re.compile(r"(?:[ \t]|[\\^`][ \t]*\r?\n)+")
_WORD = re.compile(
    r"(?:'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|\u2018[^\u2019]*+\u2019|\u201c[^\u201d]*+\u201d"
    r"|\\[^\n]|[^\s'\"\\;|&`\u2018\u201c])+",
    re.DOTALL,
)
_PART = re.compile(
    r"'([^']*+)'|\"((?:[^\"\\]|\\.)*+)\"|\u2018([^\u2019]*+)\u2019|\u201c([^\u201d]*+)\u201d|\\(.)|([^'\"\\])",
    re.DOTALL,
)
_TAKES = frozenset(
    {"-s", "--scope", "-t", "--transport", "-e", "--env", "-H", "--header", "--url", "--timeout"}
    | {"--cwd", "--description", "--include-tools", "--exclude-tools", "--bearer-token-env-var"}
    | {"--type", "--callback-port", "--client-id"}
)
_TYPOGRAPHY = "its quotation marks or dashes are typographic ones; a shell takes them for text"


def commands_in(text: str, line: Callable[[int], int]) -> Iterator[Found]:
    """Every command of ``text`` that adds a server, with its first and last offset."""
    for match in _ADDS.finditer(text):
        words, end = _words(text, match.end())
        verb = "--add-mcp" if "add-mcp" in match["verb"] else " ".join(match["verb"].split())
        what = f"`{match['program']} {verb}` on line {line(match.start())}"
        notes = (_TYPOGRAPHY,) if _typographic(text[match.start() : end], words) else ()
        try:
            value = _READERS[verb]([_dashed(one) for one in words])
        except (Unreadable, RecursionError) as error:
            yield match.start(), end, Broken(what, str(error))
            continue
        here = line(match.start())
        column = match.start() - text.rfind("\n", 0, match.start())
        yield match.start(), end, Snippet(what, placed(Document(value), here, column), here, notes)


def _words(text: str, at: int) -> tuple[list[str], int]:
    """The words that follow, to the end of the command, and the offset of that end."""
    found: list[str] = []
    while len(found) < MAX_WORDS and (gap := _GAP.match(text, at)):
        word = _WORD.match(text, gap.end())
        if word is None:
            break
        found.append("".join(_part(part) for part in _PART.finditer(word[0])))
        at = word.end()
    return found, at


def _part(match: re.Match[str]) -> str:
    if match[2] is not None:
        return re.sub(r"\\([\"\\$`])", r"\1", match[2])
    return next(group for group in match.groups() if group is not None)


def _typographic(text: str, words: list[str]) -> bool:
    return bool(CURLY.search(text)) or any(one.startswith(("\u2013", "\u2014")) for one in words)


def _dashed(word: str) -> str:
    """A dash that typography made of hyphens, as hyphens again."""
    if not word.startswith(("\u2013", "\u2014")):
        return word
    return ("-" if len(word) == 2 else "--") + word[1:]


def _add_json(words: list[str]) -> JsonValue:
    names = _Options(words, stop=False).names
    if len(names) < 2:
        raise Unreadable("a name and a JSON object are expected after it")
    return {names[0]: _server(names[1])}


def _add_mcp(words: list[str]) -> JsonValue:
    if not words:
        raise Unreadable("a JSON object is expected after it")
    server = _server(words[0])
    return {str(server.get("name") or "#1"): server}


def _add(words: list[str]) -> JsonValue:
    options = _Options(words, stop=True)
    name, *line = options.names
    server: JsonObject = {}
    url = options.last("--url") or (line[0] if line and "://" in line[0] else "")
    kind = options.last("--transport", "-t", "--type")
    if url:
        server["url"] = url
        headers = (one.partition(":") for one in options.all("--header", "-H"))
        server["headers"] = {key.strip(): value.strip() for key, _, value in headers}
    elif line:
        server["command"], server["args"] = line[0], list(line[1:])
    else:
        raise Unreadable("a command or an address is expected after the name")
    if kind:
        server["type"] = kind
    env = (one.partition("=") for one in options.all("--env", "-e"))
    server["env"] = {key: value for key, _, value in env}
    if "--trust" in options.flags:
        server["trust"] = True
    return {name: server}


_READERS: dict[str, Callable[[list[str]], JsonValue]] = {
    "mcp add-json": _add_json,
    "mcp add": _add,
    "--add-mcp": _add_mcp,
}


class _Options:
    """Options, and the words that are none. After ``--``, or with ``stop`` after the command's
    first word, everything belongs to the server."""

    def __init__(self, words: list[str], *, stop: bool) -> None:
        self.names: list[str] = []
        self.flags: set[str] = set()
        self._given: list[tuple[str, str]] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                self.names.extend(rest)
            elif stop and len(self.names) > 1 and "://" not in self.names[1]:
                self.names.append(word)
            elif word in _TAKES:
                self._given.append((word, next(rest, "")))
            elif word.startswith("--") and "=" in word:
                key, _, value = word.partition("=")
                self._given.append((key, value))
            elif word.startswith("-") and len(word) > 1:
                self.flags.add(word)
            else:
                self.names.append(word)
        if not self.names:
            raise Unreadable("a name is expected after it")

    def all(self, *keys: str) -> list[str]:
        return [value for key, value in self._given if key in keys]

    def last(self, *keys: str) -> str:
        return next(reversed(self.all(*keys)), "")


def _server(text: str) -> JsonObject:
    server = as_object(FORMATS["json"](text.encode("utf-8", "surrogatepass")).value)
    if not server:
        raise Unreadable("a JSON object is expected in it")
    return server
