"""The process: what is looked at before it starts, and how it ends."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.app.apart import ensure_apart
from bot.app.content import load_content
from bot.app.desk import House, serve
from bot.app.fleet import Berth, Fleet
from bot.app.places import ensure_free
from bot.app.posting import ensure_posts
from bot.kit.errors import StartRefused
from bot.messenger.health_page import page_of_all
from bot.messenger.listener import Listener
from bot.messenger.messenger import stop_on_signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Bot, Settings


async def run(settings: Settings, *, on_simulator: bool) -> None:
    """Run the desk until it is told to stop; without a token it runs on its own simulator."""
    ensure_posts(settings, on_simulator=on_simulator)
    content = load_content(settings)
    _ensure_ports(settings, is_posted=settings.webhook_url is not None)
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


async def run_all(
    bots: Sequence[Bot], *, on_simulator: bool, stop: asyncio.Event | None = None
) -> None:
    """Run several bots until told to stop, each as if it were alone; signals tell it, too."""
    ensure_apart(bots, on_simulator=on_simulator)
    berths = _berths(bots, on_simulator=on_simulator)
    common = bots[0].settings
    is_posted = any(bot.settings.webhook_url is not None for bot in bots)
    _ensure_ports(common, is_posted=is_posted)
    house = House(stop or asyncio.Event(), Listener(), on_simulator)
    fleet = Fleet(house, berths)
    if stop is None:
        stop_on_signals(house.stop)
    async with AsyncExitStack() as stack:
        if common.health_port:
            looks = {one.bot.name: one.look for one in berths}
            await stack.enter_async_context(page_of_all(looks, common.health_port))
        async with asyncio.TaskGroup() as group:
            if is_posted:
                host, port = common.webhook_host, common.webhook_port
                group.create_task(house.listener.run(host, port, house.stop))
            for berth in berths:
                group.create_task(fleet.keep(berth))
    fleet.ensure_served()


def _berths(bots: Sequence[Bot], *, on_simulator: bool) -> list[Berth]:
    """Read what people wrote for each bot; raise StartRefused with the faults of all of them."""
    berths: list[Berth] = []
    faults: list[str] = []
    for bot in bots:
        try:
            ensure_posts(bot.settings, on_simulator=on_simulator)
            common = berths[0].content if berths else None
            berths.append(Berth(bot, load_content(bot.settings, common)))
        except StartRefused as refused:
            faults += [f"{bot.name}: {fault}" for fault in refused.faults]
    if faults:
        raise StartRefused(faults)
    return berths


def _ensure_ports(settings: Settings, *, is_posted: bool) -> None:
    ensure_free("MIZBAN_HEALTH_PORT", settings.health_port)
    if is_posted:
        ensure_free("MIZBAN_WEBHOOK_PORT", settings.webhook_port, settings.webhook_host)
