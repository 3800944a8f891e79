"""JSON on the wire, and the parameters of a call however they were sent."""

import json
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from bot.simulator.errors import ApiError, bad_request

Json = dict[str, Any]

_TRUE = frozenset({"true", "1", "yes", "True"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    mime_type: str
    content: bytes


def dumps(value: object) -> bytes:
    """Write JSON; orjson refuses a lone surrogate, the standard library escapes it."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def loads(raw: bytes | str) -> Any:  # noqa: ANN401 - JSON is any value
    """Read JSON; orjson refuses an escaped lone surrogate, the standard library keeps it."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return json.loads(raw)


def whole(value: object, name: str, default: int = 0) -> int:
    """Take a whole number, or the digits of one."""
    if value is None or value == "":
        return default
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]  # Refused right below.
    except (OverflowError, TypeError, ValueError):
        raise bad_request(f"invalid {name} specified") from None


@dataclass(slots=True)
class Params:
    """The parameters of one call, typed when they are asked for."""

    values: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Read a text; a number is as good as its digits."""
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise bad_request(f"field {name!r} must be of type String")
        return str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Read a whole number."""
        return whole(self.values.get(name), name, default)

    def flag(self, name: str) -> bool:
        """Read a yes or no."""
        value = self.values.get(name)
        return value in _TRUE if isinstance(value, str) else bool(value)

    def mapping(self, name: str, what: str) -> Json | None:
        """Read an object, sent as JSON or as its text."""
        value = self._structure(name, what)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"can't parse {what}: expected an Object")
        return value

    def objects(self, name: str, what: str) -> list[Json] | None:
        """Read a list of objects, sent as JSON or as its text."""
        value = self._structure(name, what)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise bad_request(f"can't parse {what}: expected an Array of Objects")
        return value

    def names(self, name: str, what: str) -> list[str] | None:
        """Read a list of words, sent as JSON or as its text."""
        value = self._structure(name, what)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise bad_request(f"can't parse {what}: expected an Array of String")
        return value

    def _structure(self, name: str, what: str) -> object:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def described(self) -> Json:
        """Repeat the parameters for the journal, files by name and size only."""
        if not self.uploads:
            return self.values
        files = {
            key: f"{upload.name} ({len(upload.content)} bytes)"
            for key, upload in self.uploads.items()
        }
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    """Collect the query and the body, whatever its kind."""
    values: Json = dict(request.query)
    kind = request.content_type
    if not request.can_read_body:
        return Params(values)
    if kind == "application/json":
        return Params(values | _json_body(await request.read()))
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return Params(values)
    params = Params(values)
    for key, item in (await request.post()).items():
        if isinstance(item, web.FileField):
            upload = Upload(item.filename or key, item.content_type, item.file.read())
            params.uploads[key] = upload
        else:
            params.values[key] = item.decode() if isinstance(item, bytes | bytearray) else item
    return params


def _json_body(raw: bytes) -> Json:
    try:
        body = loads(raw) if raw else {}
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as JSON body")
    return body


def success(result: object) -> bytes:
    """Write the body of an answer."""
    return dumps({"ok": True, "result": result})


def refusal(error: ApiError) -> bytes:
    """Write the body of a refusal."""
    body: Json = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    if error.parameters:
        body["parameters"] = error.parameters
    return dumps(body)
