"""GET /health and GET /metrics on a loopback port, for one bot or for all of a process."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from bot.messenger.figures import page_of
from bot.messenger.health import Examiner, Health

Look = Callable[[], Awaitable[Health | str]]
"""Say how a bot is, or in words why it does not serve."""

_WELL: Final = 200
_ILL: Final = 503


@asynccontextmanager
async def health_page(examiner: Examiner, port: int) -> AsyncIterator[int]:
    """Say how one bot is (port 0 for any); yields the port."""

    async def told() -> dict[str, Any]:
        return _told(await examiner.health())

    async def looked() -> list[Health | str]:
        return [await examiner.health()]

    async with _served(told, looked, port) as opened:
        yield opened


@asynccontextmanager
async def page_of_all(looks: Mapping[str, Look], port: int) -> AsyncIterator[int]:
    """Say how several bots are, well when all of them are; yields the port."""

    async def told() -> dict[str, Any]:
        bots = {name: _told(await look()) for name, look in looks.items()}
        return {"is_healthy": all(one["is_healthy"] for one in bots.values()), "bots": bots}

    async def looked() -> list[Health | str]:
        return [await look() for look in looks.values()]

    async with _served(told, looked, port) as opened:
        yield opened


def _told(found: Health | str) -> dict[str, Any]:
    if isinstance(found, str):
        return {"is_healthy": False, "why": found}
    return {"is_healthy": found.is_healthy, **asdict(found)}


@asynccontextmanager
async def _served(
    told: Callable[[], Awaitable[dict[str, Any]]],
    looked: Callable[[], Awaitable[list[Health | str]]],
    port: int,
) -> AsyncIterator[int]:
    async def health(_request: web.Request) -> web.Response:
        body = await told()
        return web.json_response(body, status=_WELL if body["is_healthy"] else _ILL)

    async def figures(_request: web.Request) -> web.Response:
        return page_of(await looked())

    application = web.Application()
    application.router.add_get("/health", health)
    application.router.add_get("/metrics", figures)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
