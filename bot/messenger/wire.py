"""One HTTP session for everything the bot asks of its platform.

aiohttp and orjson instead of httpx: three times the calls a second, and idle connections are
kept longer than the five seconds after which every quiet minute's answer paid a new handshake.
"""

import asyncio
import os
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Self

import aiohttp

from bot.messenger.errors import FileTooBig, Unreachable

_KEPT_ALIVE_SECONDS: Final = 75
_CONNECT_SECONDS: Final = 5
_CONNECTIONS_MAX: Final = 64
_BODY_BYTES_MAX: Final = 32 * 1024 * 1024
"""A hundred updates of 64 KiB, or a file of 20 MB, with room to spare."""


class Wire:
    """A session that is opened and closed once; failures never name an address."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session, unless it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_CONNECTIONS_MAX, keepalive_timeout=_KEPT_ALIVE_SECONDS
                ),
                auto_decompress=True,
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def close(self) -> None:
        """Close the session, unless it is closed."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def exchange(
        self,
        url: str,
        body: bytes | aiohttp.FormData | None,
        *,
        timeout_seconds: float,
        verb: str = "POST",
        bytes_max: int | None = None,
    ) -> tuple[int, bytes]:
        """Send a body, JSON if it is bytes, and return the status with what came back.

        Raises FileTooBig for an answer that is longer than a limit given.
        """
        assert self._session is not None, "the wire is opened before it is used"
        headers = {"Content-Type": "application/json"} if isinstance(body, bytes) else None
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS)
        try:
            async with self._session.request(
                verb, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await _read(response, bytes_max)
        except TimeoutError:
            raise Unreachable("timed out", is_timeout=True) from None
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            raise Unreachable(_reason(error)) from None

    async def clock_at(self, url: str, *, timeout_seconds: float) -> datetime | None:
        """Ask what time it is at the other end; None where nobody says it."""
        assert self._session is not None, "the wire is opened before it is used"
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS)
        try:
            async with self._session.head(url, timeout=timeout, allow_redirects=False) as response:
                return parsedate_to_datetime(response.headers["Date"])
        except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError):
            return None


def _reason(error: Exception) -> str:
    """Say why nothing came back, in words of whoever looks after the network; no address."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name is not found (DNS)"
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate cannot be trusted; is the clock of this machine right?"
        case aiohttp.ClientConnectorError():
            number = error.os_error.errno
            return f"no connection ({os.strerror(number) if number else 'no reason given'})"
        case aiohttp.ServerDisconnectedError():
            return "it ended the connection"
    return type(error).__name__


async def _read(response: aiohttp.ClientResponse, bytes_max: int | None) -> bytes:
    length, most = response.content_length, bytes_max or _BODY_BYTES_MAX
    is_packed = "Content-Encoding" in response.headers  # what it holds may be far longer
    if length is not None and length <= most and not is_packed:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            response.close()
            raise FileTooBig(bytes_max) if bytes_max else Unreachable("the answer is too long")
    return bytes(body)
