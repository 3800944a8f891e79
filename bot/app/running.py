"""The process: what is looked at before it starts, and how it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.app.content import load_content
from bot.app.desk import House, serve
from bot.app.places import ensure_free
from bot.app.posting import ensure_posts
from bot.messenger.listener import Listener
from bot.messenger.messenger import stop_on_signals

if TYPE_CHECKING:
    from bot.settings import Settings


async def run(settings: Settings, *, on_simulator: bool) -> None:
    """Run the desk until it is told to stop; without a token it runs on its own simulator."""
    ensure_posts(settings, on_simulator=on_simulator)
    content = load_content(settings)
    ensure_free("MIZBAN_HEALTH_PORT", settings.health_port)
    if settings.webhook_url is not None:
        ensure_free("MIZBAN_WEBHOOK_PORT", settings.webhook_port, settings.webhook_host)
    house = House(asyncio.Event(), Listener(), on_simulator)
    stop_on_signals(house.stop)
    failure: Exception | None = None
    async with asyncio.TaskGroup() as group:
        if settings.webhook_url is not None:
            host, port = settings.webhook_host, settings.webhook_port
            group.create_task(house.listener.run(host, port, house.stop))
        try:
            await serve(settings, content, house)
        except Exception as error:  # noqa: BLE001 - raised again below, without a group around it
            failure = error
        finally:
            house.stop.set()
    if failure is not None:
        raise failure
