"""How several bots of one process are, at one address: well when all of them are."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Final

from aiohttp import web

from bot.messenger.figures import page_of
from bot.messenger.health import Health

Look = Callable[[], Awaitable[Health | str]]
"""Say how a bot is, or in words why it does not serve."""

_WELL: Final = 200
_ILL: Final = 503


@asynccontextmanager
async def page_of_all(looks: Mapping[str, Look], port: int) -> AsyncIterator[int]:
    """Answer GET /health and GET /metrics on a loopback port (0 for any); yields the port."""

    async def answer(_request: web.Request) -> web.Response:
        bots = {name: _told(await look()) for name, look in looks.items()}
        is_healthy = all(told["is_healthy"] for told in bots.values())
        body = {"is_healthy": is_healthy, "bots": bots}
        return web.json_response(body, status=_WELL if is_healthy else _ILL)

    async def figures(_request: web.Request) -> web.Response:
        return page_of([await look() for look in looks.values()])

    application = web.Application()
    application.router.add_get("/health", answer)
    application.router.add_get("/metrics", figures)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _told(found: Health | str) -> dict[str, object]:
    if isinstance(found, str):
        return {"is_healthy": False, "why": found}
    return {"is_healthy": found.is_healthy, **asdict(found)}
