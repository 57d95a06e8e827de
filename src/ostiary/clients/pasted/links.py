"""One-click install links: decoded, never followed."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from ostiary.clients.formats import FORMATS
from ostiary.clients.formats.document import Document, Unreadable
from ostiary.clients.pasted.snippet import Broken, Snippet, placed
from ostiary.model.json import JsonObject, JsonValue, as_object

MAX_LINK = 64 * 1024
"""Characters of the longest link that is decoded."""

Found = tuple[int, int, "Snippet | Broken"]

_LINK = re.compile(
    r"(?:(?P<cursor>cursor://anysphere\.cursor-deeplink/mcp/install|"
    r"https://(?:www\.)?cursor\.com/(?:[a-z-]+/)?install-mcp)"
    r"|(?P<code>vscode(?:-insiders)?:/{0,2}mcp/install|"
    r"https://(?:insiders\.)?vscode\.dev/redirect(?:/mcp/install)?)"
    r"|(?P<studio>lmstudio://add_mcp)|(?P<goose>goose://extension))"
    r"\?[^\s<>\"'`)\]]+",
    re.IGNORECASE,
)
_NAMES = {
    "cursor": "a Cursor install link",
    "code": "a VS Code install link",
    "studio": "an LM Studio install link",
    "goose": "a goose install link",
}


def links_in(text: str, line: Callable[[int], int]) -> Iterator[Found]:
    """Every install link of ``text``, with its first and last offset."""
    for match in _LINK.finditer(text):
        kind = match.lastgroup or ""
        what = f"{_NAMES[kind]} on line {line(match.start())}"
        yield match.start(), match.end(), _read(kind, html.unescape(match[0]), what, match, line)


def _read(
    kind: str, link: str, what: str, match: re.Match[str], line: Callable[[int], int]
) -> Snippet | Broken:
    if len(link) > MAX_LINK:
        return Broken(what, f"it is longer than {MAX_LINK:,} characters")
    try:
        value = _READERS[kind](link)
    except (ValueError, binascii.Error, RecursionError) as error:
        why = str(error) if isinstance(error, Unreadable) else "it cannot be decoded"
        return Broken(what, why)
    here = line(match.start())
    column = match.start() - match.string.rfind("\n", 0, match.start())
    return Snippet(what, placed(Document(value), here, column), here)


def _cursor(link: str) -> JsonValue:
    query = parse_qs(urlsplit(link).query, max_num_fields=50)
    return _named(_one(query, "name"), _decoded(_one(query, "config")))


def _code(link: str) -> JsonValue:
    raw = link.partition("?")[2]
    query = parse_qs(raw, max_num_fields=50)
    if inner := _one(query, "url"):
        if not _LINK.match(inner) or inner.lower().startswith("https"):
            raise Unreadable("it leads to something other than an install link")
        return _code(inner)
    if config := _one(query, "config"):
        return _named(_one(query, "name"), _decoded(config))
    server = as_object(_json(unquote(raw)))
    return _named(str(server.get("name", "")), server)


def _goose(link: str) -> JsonValue:
    query = parse_qs(urlsplit(link).query, max_num_fields=200)
    server: JsonObject = {}
    if command := _one(query, "cmd"):
        server = {"command": command, "args": list(query.get("arg", ()))}
    elif url := _one(query, "url"):
        server = {"url": url, "type": _one(query, "transport") or "http"}
    env = (one.partition("=") for one in query.get("env", ()))
    server["env"] = {name: None for name, _, _ in env}
    return _named(_one(query, "id") or _one(query, "name"), server)


_READERS: dict[str, Callable[[str], JsonValue]] = {
    "cursor": _cursor,
    "code": _code,
    "studio": _cursor,
    "goose": _goose,
}


def _one(query: dict[str, list[str]], key: str) -> str:
    return next(iter(query.get(key, ())), "")


def _named(name: str, value: JsonValue) -> JsonValue:
    """A map from name to server, however many layers the link put around the server."""
    server = as_object(value)
    if not server:
        raise Unreadable("it holds no server")
    inner = as_object(server.get("mcpServers", server.get(name)))
    if inner and "mcpServers" in server:
        return server
    if inner and not {"command", "url"} & server.keys():
        return {name: inner}
    return {name or "#1": server}


def _decoded(config: str) -> JsonValue:
    """JSON, as it is or in Base64 of either alphabet."""
    if config.lstrip().startswith(("{", "%7B", "%7b")):
        return _json(unquote(config) if config.lstrip().startswith("%") else config)
    packed = config.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    text = data.decode("utf-8")
    return _json(unquote(text) if text.startswith("%7") else text)


def _json(text: str) -> JsonValue:
    return FORMATS["json"](text.encode("utf-8", "surrogatepass")).value
