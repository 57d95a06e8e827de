"""Names on the endpoint that joins all servers: ours first, so that no server takes another's.

``SERVER__NAME`` for tools and prompts, ``ostiary://SERVER/URI`` for resources. A server's name
never holds two underscores in a row, so the first pair always ends it.
"""

from __future__ import annotations

import re

from ostiary.model.json import JsonObject, JsonValue

SEPARATOR = "__"
SCHEME = "ostiary://"
SERVER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]|_(?!_))*(?<!_)")


def joined(server: str, name: str) -> str:
    """The name of a tool or prompt of ``server`` on the joined endpoint."""
    return f"{server}{SEPARATOR}{name}"


def joined_uri(server: str, uri: str) -> str:
    """The URI, or URI template, of a resource of ``server`` on the joined endpoint."""
    return f"{SCHEME}{server}/{uri}"


def split(name: str) -> tuple[str, str]:
    """Server and own name; an empty server if ``name`` has no prefix."""
    server, mark, own = name.partition(SEPARATOR)
    return (server, own) if mark else ("", name)


def split_uri(uri: str) -> tuple[str, str]:
    """Server and own URI; an empty server if ``uri`` has no prefix."""
    if not uri.startswith(SCHEME):
        return "", uri
    server, mark, own = uri[len(SCHEME) :].partition("/")
    return (server, own) if mark else ("", uri)


def rename(kind: str, server: str, raw: JsonObject) -> JsonObject:
    """An item of a list under its joined name. Nothing else of it changes."""
    key = {"resource": "uri", "template": "uriTemplate"}.get(kind, "name")
    own = raw.get(key)
    if not isinstance(own, str):
        return raw
    return {**raw, key: joined(server, own) if key == "name" else joined_uri(server, own)}


def with_joined_links(server: str, result: JsonObject) -> JsonObject:
    """A result whose links to resources lead through the joined endpoint."""
    changed = dict(result)
    content, contents, messages = (result.get(k) for k in ("content", "contents", "messages"))
    if isinstance(content, list):
        changed["content"] = [_block(server, one) for one in content]
    if isinstance(contents, list):
        changed["contents"] = [_addressed(server, one) for one in contents]
    if isinstance(messages, list):
        changed["messages"] = [
            {**one, "content": _block(server, one.get("content"))} if isinstance(one, dict) else one
            for one in messages
        ]
    return changed


def _block(server: str, block: JsonValue) -> JsonValue:
    """One block of content: a link, or a resource carried along."""
    if not isinstance(block, dict):
        return block
    if block.get("type") == "resource_link":
        return _addressed(server, block)
    if block.get("type") == "resource":
        return {**block, "resource": _addressed(server, block.get("resource"))}
    return block


def _addressed(server: str, thing: JsonValue) -> JsonValue:
    if isinstance(thing, dict) and isinstance(thing.get("uri"), str):
        return {**thing, "uri": joined_uri(server, str(thing["uri"]))}
    return thing
