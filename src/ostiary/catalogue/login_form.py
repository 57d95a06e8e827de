"""Logins as they stand in their file, before it is sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import NoReturn

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.login import Login, Need, Registration
from ostiary.wire.strict_json import decode

FORM = 1


@dataclass(frozen=True, slots=True)
class LoginBook:
    """Everything that is kept."""

    logins: tuple[Login, ...] = ()
    needs: tuple[Need, ...] = ()


def written(book: LoginBook) -> bytes:
    """``book`` as bytes."""
    content: JsonObject = {
        "form": FORM,
        "logins": [{**_flat(one), "registration": _flat(one.registration)} for one in book.logins],
        "needs": [_flat(one) for one in book.needs],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def unwritten(data: bytes) -> LoginBook:
    """The content of a file. Raises :class:`ValueError`."""
    content = _object(decode(data))
    if content.get("form") != FORM:
        _broken()
    return LoginBook(
        tuple(_login(_object(one)) for one in _list(content.get("logins"))),
        tuple(_need(_object(one)) for one in _list(content.get("needs"))),
    )


def _flat(noun: Login | Need | Registration) -> JsonObject:
    values = {one.name: getattr(noun, one.name) for one in fields(noun)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if not isinstance(value, Registration)
    }


def _login(entry: JsonObject) -> Login:
    known = _object(entry.get("registration"))
    return Login(
        server=_text(entry, "server"),
        url=_text(entry, "url"),
        issuer=_text(entry, "issuer"),
        resource=_text(entry, "resource"),
        token_endpoint=_text(entry, "token_endpoint"),
        registration=Registration(
            client_id=_text(known, "client_id"),
            origin=_text(known, "origin"),
            method=_text(known, "method"),
            secret=_text(known, "secret"),
            redirect=_text(known, "redirect"),
        ),
        access=_text(entry, "access"),
        at=_number(entry.get("at")),
        expires=None if entry.get("expires") is None else _number(entry.get("expires")),
        refresh=_text(entry, "refresh"),
        scopes=_texts(entry, "scopes"),
        asked=_texts(entry, "asked"),
        owner=_text(entry, "owner"),
    )


def _need(entry: JsonObject) -> Need:
    return Need(
        server=_text(entry, "server"),
        url=_text(entry, "url"),
        status=int(_number(entry.get("status"))),
        scopes=_texts(entry, "scopes"),
        metadata=_text(entry, "metadata"),
        owner=_text(entry, "owner"),
    )


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else _broken()


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else _broken()


def _text(entry: JsonObject, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else _broken()


def _texts(entry: JsonObject, name: str) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else _broken() for one in _list(entry.get(name)))


def _number(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _broken()
    return float(value)


def _broken() -> NoReturn:
    raise ValueError("not written by this program")
