"""What the relay judges is what it forwards, arguments and addresses included."""

from __future__ import annotations

import pytest

from ostiary.gateway.routes import BadRequest, route
from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire.methods import CLIENT_METHODS


@pytest.mark.parametrize("arguments", [[], [{"path": "/etc"}], "x", 7, True])
@pytest.mark.parametrize("method", ["tools/call", "prompts/get"])
def test_arguments_that_are_no_object_go_nowhere(method: str, arguments: JsonValue) -> None:
    message: JsonObject = {
        "id": 1,
        "method": method,
        "params": {"name": "files__write", "arguments": arguments},
    }
    for endpoint in ("", "files"):
        with pytest.raises(BadRequest, match="arguments"):
            route(CLIENT_METHODS[method], message, endpoint)


@pytest.mark.parametrize("params", [{}, {"arguments": {}}, {"arguments": None}])
def test_no_arguments_are_fine(params: JsonObject) -> None:
    message: JsonObject = {"id": 1, "method": "tools/call", "params": {"name": "a", **params}}
    assert route(CLIENT_METHODS["tools/call"], message, "files").name == "a"
