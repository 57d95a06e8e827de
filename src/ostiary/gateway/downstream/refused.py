"""A request that a transport refuses, as HTTP and as JSON-RPC tell it."""

from __future__ import annotations

from ostiary.model.json import JsonObject, JsonValue

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INTERNAL_ERROR = -32603


class Refused(Exception):
    """The request goes no further. The message says why, and holds no secret."""

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        code: int = INVALID_REQUEST,
        data: JsonValue = None,
        id: JsonValue = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers
        self.code = code
        self.data = data
        self.id = id
        """Id of the request, where it could be read."""

    def message(self) -> JsonObject:
        """The JSON-RPC error."""
        error: JsonObject = {"code": self.code, "message": self.reason}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": self.id, "error": error}
