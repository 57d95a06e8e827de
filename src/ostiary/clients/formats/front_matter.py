"""The YAML block at the top of a Markdown file that describes an agent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ostiary.clients.formats.document import Document, text_of

MAX_BLOCK = 64 * 1024
"""Characters of the longest block that is read."""

_BLOCK = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_SERVERS = re.compile(r"^mcp[-_]?servers[ \t]*:", re.IGNORECASE | re.MULTILINE)


def read_front_matter(data: bytes, read_yaml: Callable[[bytes], Document]) -> Document:
    """The block as a document, or an empty one if it names no servers. Most agents name none, and
    the YAML reader takes longer to load than a whole scan."""
    if not data.lstrip(b"\xef\xbb\xbf").startswith(b"---"):
        return Document({})
    match = _BLOCK.match(text_of(data), 0, MAX_BLOCK)
    if match is None or not _SERVERS.search(match[1]):
        return Document({})
    document = read_yaml(match[1].encode("utf-8", "surrogatepass"))
    locate = document.locate
    return replace(
        document,
        locate=lambda path: (found[0] + 1, found[1]) if (found := locate(path)) else None,
    )
