"""Calls of the Bot API: raw and fast for ourselves, and as python-telegram-bot expects them."""

import base64
import binascii
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.messenger.errors import FileTooBig, Unreachable
from bot.messenger.platforms import Platform
from bot.messenger.reading import dumps, loads, read_answer
from bot.messenger.wire import Wire

CALL_SECONDS: Final = 15.0
_UPLOAD_SECONDS: Final = 60.0
_DOWNLOAD_SECONDS: Final = 30.0
_OK: Final = 200
FETCHED_BYTES_MAX: Final = 2 * 1024 * 1024


class BotApi:
    """One bot at one platform: methods by their names, results as plain JSON.

    The payment token is put into a bill on its way out, so that it is kept nowhere.
    """

    def __init__(
        self, platform: Platform, token: str, wire: Wire, *, payment_token: str | None = None
    ) -> None:
        self.platform = platform
        self._wire = wire
        self._payment_token = payment_token
        self.bot_id = int(token.partition(":")[0])
        self._url = f"{platform.base_url}{token}/"
        self._file_url = f"{platform.base_file_url}{token}/"

    async def call(
        self,
        method: str,
        params: dict[str, object],
        *,
        timeout_seconds: float = CALL_SECONDS,
    ) -> object:
        """Call a method and return its result; raises Refused or Unreachable.

        A parameter `{"file_name": …, "file_base64": …}`, or with "file_bytes", is sent as a file.
        """
        if method == "sendInvoice" and self._payment_token is not None:
            params = {**params, "provider_token": self._payment_token}
        if self.platform.rewrite is not None:
            method, params = self.platform.rewrite(method, params)
        body = _form(params) if any(map(_is_file, params.values())) else dumps(params)
        code, answer = await self._wire.exchange(
            self._url + method, body, timeout_seconds=timeout_seconds
        )
        return read_answer(self.platform, method, code, answer).result()

    async def fetch_file(self, file_id: str, *, bytes_max: int = FETCHED_BYTES_MAX) -> bytes:
        """Fetch a file that somebody sent; raises Refused, Unreachable or FileTooBig."""
        found = await self.call("getFile", {"file_id": file_id})
        if not isinstance(found, dict):
            raise Unreachable("a file without a description")
        size = found.get("file_size")
        if isinstance(size, int) and size > bytes_max:
            raise FileTooBig(bytes_max)
        path = str(found.get("file_path") or file_id)  # Bale may leave it out: it is the id there.
        if "://" in path or ".." in path.split("/"):
            raise Unreachable("a file outside of the platform's folder")
        code, content = await self._wire.exchange(
            self._file_url + quote(path.lstrip("/")),
            None,
            timeout_seconds=_DOWNLOAD_SECONDS,
            verb="GET",
            bytes_max=bytes_max,
        )
        if code == _OK:
            return content
        read_answer(self.platform, "getFile", code, content).result()
        raise Unreachable(f"status {code}")


class AiohttpRequest(BaseRequest):
    """The same wire for python-telegram-bot, which maps the failures to its own."""

    def __init__(self, platform: Platform, wire: Wire) -> None:
        self._platform = platform
        self._wire = wire

    @property
    def read_timeout(self) -> float:
        """The seconds a call may take when nobody says otherwise."""
        return CALL_SECONDS

    async def initialize(self) -> None:
        """Do nothing: who made the wire opens it."""

    async def shutdown(self) -> None:
        """Do nothing: who made the wire closes it, and others may still use it."""

    async def do_request(  # noqa: PLR0917 - the signature is that of BaseRequest
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - python-telegram-bot's own marker
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - as above
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - as above
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - as above
    ) -> tuple[int, bytes]:
        """Make one request and return status and body, completed for the platform."""
        del write_timeout, connect_timeout, pool_timeout
        seconds = read_timeout if isinstance(read_timeout, int | float) else CALL_SECONDS
        endpoint = urlsplit(url).path.rpartition("/")[2]
        body: bytes | aiohttp.FormData | None = None
        if request_data is not None:
            endpoint, body = self._body(endpoint, request_data)
            url = url.rpartition("/")[0] + "/" + endpoint
            if request_data.contains_files:
                seconds = max(seconds, _UPLOAD_SECONDS)
        try:
            code, answer = await self._wire.exchange(
                url, body, timeout_seconds=seconds, verb=method
            )
            if method == "GET" or self._platform.has_every_method:
                return code, answer
            read = read_answer(self._platform, endpoint, code, answer)
        except Unreachable as error:
            raise TimedOut if error.is_timeout else NetworkError(error.reason) from None
        return read.code, dumps(read.document)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """Read JSON, and log nothing of it when it is none."""
        try:
            return loads(payload)
        except ValueError:
            message = "Invalid server response"
            raise TelegramError(message) from None

    def _body(
        self, endpoint: str, request_data: RequestData
    ) -> tuple[str, bytes | aiohttp.FormData]:
        params: dict[str, object] = dict(request_data.parameters)
        if self._platform.rewrite is not None:
            endpoint, params = self._platform.rewrite(endpoint, params)
        if not request_data.contains_files:
            return endpoint, dumps(params)
        form = _form(params)
        for name, (file_name, content, media_type) in request_data.multipart_data.items():
            form.add_field(name, content, filename=file_name, content_type=media_type)
        return endpoint, form


def make_bot(platform: Platform, token: str, wire: Wire) -> Bot:
    """Make a python-telegram-bot Bot on this wire, for what is not worth doing raw."""
    return Bot(
        token,
        base_url=platform.base_url,
        base_file_url=platform.base_file_url,
        request=AiohttpRequest(platform, wire),
        get_updates_request=AiohttpRequest(platform, wire),
    )


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and ("file_base64" in value or "file_bytes" in value)


def _form(params: dict[str, object]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Platforms show a file's name as it is written.
    for name, value in params.items():
        if value is None:
            continue
        if isinstance(value, dict) and _is_file(value):
            form.add_field(
                name,
                _content(value),
                filename=str(value.get("file_name", name)),
                content_type="application/octet-stream",
            )
        else:
            form.add_field(name, value if isinstance(value, str) else dumps(value).decode())
    return form


def _content(file: dict[str, Any]) -> bytes:
    if "file_bytes" in file:
        return bytes(file["file_bytes"])
    try:
        return base64.b64decode(str(file["file_base64"]), validate=True)
    except binascii.Error:
        message = "a file is not written in base64"
        raise ValueError(message) from None
