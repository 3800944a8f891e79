"""The port at which platforms post updates, for every bot of this process.

It stands behind a proxy that speaks TLS. Nothing is read of a request before its path and its
secret were compared, at length and in constant time; no more than the limit is held of its body.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from bot.messenger.webhook_address import Address

BODY_BYTES_MAX: Final = 1024 * 1024
"""An update is never longer than 64 KiB."""

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not its value
_BODY_SECONDS_MAX: Final = 10.0
_AT_ONCE: Final = 64
_KEPT_ALIVE_SECONDS: Final = 75.0  # platforms let go of an idle connection after sixty
_LINGERING_SECONDS: Final = 2.0
_DRAIN_SECONDS_MAX: Final = 3.0
_HEADER_BYTES_MAX: Final = 8190
_silent: Final = logging.getLogger(f"{__name__}.http")
_silent.setLevel(logging.CRITICAL + 1)  # what strangers send is not worth a traceback each

Take = Callable[[bytes], Awaitable[None]]
"""Keep what was posted; returns when it is kept for good, or is not worth keeping."""


@dataclass(eq=False)
class TurnedAway(Exception):  # noqa: N818 - named for what happened
    """What was posted cannot be kept now, and is to be posted again."""

    retry_after_seconds: int


@dataclass(eq=False, slots=True)
class Door:
    """Where one bot's updates come in; it is shut until somebody takes them."""

    address: Address = field(repr=False)
    take: Take | None = None


class Listener:
    """Answers the platforms: 200 for what is kept, and 403 for whoever has not the secret.

    Never 410, after which a platform posts no more.
    """

    def __init__(self, *, body_seconds: float = _BODY_SECONDS_MAX) -> None:
        self.port = 0
        self.opened = asyncio.Event()
        self.drained = asyncio.Event()
        """Set once nothing more can come in."""
        self._doors: list[Door] = []
        self._busy_count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_ending = False
        self._body_seconds = body_seconds

    def add(self, address: Address) -> Door:
        """Hang a door for one more bot; one that begins anew finds its own again."""
        for door in self._doors:
            if door.address == address:
                return door
        door = Door(address)
        self._doors.append(door)
        return door

    async def run(self, host: str, port: int, stop: asyncio.Event) -> None:
        """Listen until told to stop, and then finish what was begun; port 0 is any free one."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(
            application,
            access_log=None,  # it would name the doors
            logger=_silent,
            auto_decompress=False,
            keepalive_timeout=_KEPT_ALIVE_SECONDS,
            lingering_time=_LINGERING_SECONDS,
            max_line_size=_HEADER_BYTES_MAX,
            shutdown_timeout=1.0,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            self.port = int(runner.addresses[0][1])
            self.opened.set()
            await stop.wait()
        finally:
            await self._end(runner)

    async def _end(self, runner: web.AppRunner) -> None:
        """Take no connection more, and finish what was begun."""
        self._is_ending = True
        for site in runner.sites:
            await site.stop()
        try:
            async with asyncio.timeout(_DRAIN_SECONDS_MAX):
                await self._idle.wait()
        except TimeoutError:
            pass  # it was not kept, so that it is posted again
        finally:
            self.drained.set()
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        door = self._door_of(request)
        if door is None:
            return self._said(403)
        if request.method != "POST":
            return self._said(405)
        if door.take is None or self._busy_count >= _AT_ONCE:
            return self._said(503, retry_after_seconds=1)
        self._busy_count += 1
        self._idle.clear()
        try:
            return await self._taken(request, door.take)
        finally:
            self._busy_count -= 1
            if self._busy_count == 0:
                self._idle.set()

    def _door_of(self, request: web.Request) -> Door | None:
        """Find the bot that is meant; every door is compared to the end, whichever fits."""
        said = _bytes_of(request.rel_url.raw_path.rpartition("/")[2])
        found = None
        for door in self._doors:
            if hmac.compare_digest(said, _bytes_of(door.address.door)):
                found = door
        if found is None or found.address.secret is None:
            return found
        headers = request.headers.getall(SECRET_HEADER, [])
        header = _bytes_of(headers[0]) if len(headers) == 1 else b""
        is_known = hmac.compare_digest(header, _bytes_of(found.address.secret))
        return found if is_known else None

    async def _taken(self, request: web.Request, take: Take) -> web.Response:
        if "Content-Encoding" in request.headers:
            return self._said(415)
        try:
            body = await self._read(request)
            if body is None:
                return self._said(413)
            await take(body)
        except TimeoutError:
            return self._said(408)
        except TurnedAway as away:
            return self._said(503, retry_after_seconds=away.retry_after_seconds)
        except (ConnectionError, web.RequestPayloadError):
            return self._said(400)  # to nobody: the connection ended in the middle
        return self._said(200)

    async def _read(self, request: web.Request) -> bytes | None:
        """Read a body; None for one that is too long, of which no more is held than may be."""
        length = request.content_length
        if length is not None and length > BODY_BYTES_MAX:
            return None
        body = bytearray()
        async with asyncio.timeout(self._body_seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    return None
        return bytes(body)

    def _said(self, status: int, *, retry_after_seconds: int | None = None) -> web.Response:
        response = web.Response(status=status)
        if retry_after_seconds is not None:
            response.headers["Retry-After"] = str(retry_after_seconds)
        if self._is_ending or status not in {200, 503}:
            response.force_close()
        return response


def _bytes_of(said: str) -> bytes:
    return said.encode(errors="surrogateescape")
