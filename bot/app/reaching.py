"""How the records are opened, and the messenger is found: a platform, or one in a pocket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bot.app.places import database_url
from bot.citizens.model import Role
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.opening import held, prepare_database
from bot.messenger.platforms import PLATFORMS
from handlers.jobs.cast import Cast

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from bot.messenger.platforms import Platform
    from bot.settings import Settings
    from handlers.jobs.beginning import Examiner


class Tokens(NamedTuple):
    """What opens the bot, and what says who is paid."""

    bot: str
    payment: str | None


async def reached(
    settings: Settings, stack: AsyncExitStack, examiner: Examiner, *, on_simulator: bool
) -> tuple[Database, Platform, Tokens, Cast | None]:
    """Open the records and say which messenger they belong to, with the tokens for it."""
    url = database_url(settings, on_simulator=on_simulator)
    database = await _open_database(url, stack, examiner)
    if on_simulator or settings.bot_token is None:
        return database, *await _simulated(settings, stack)
    platform = PLATFORMS[settings.platform].at(settings.api_base_url)
    paid = settings.payment_token
    payment = None if paid is None else paid.get_secret_value()
    return database, platform, Tokens(settings.bot_token.get_secret_value(), payment), None


async def _open_database(url: str, stack: AsyncExitStack, examiner: Examiner) -> Database:
    """Open a database in this program's shape for this process alone.

    A server that does not answer, or an upgrade, is waited for beside the other bots.
    """
    await asyncio.to_thread(prepare_database, url, examiner)
    stack.enter_context(held(url))
    database = Database.open(url)
    stack.push_async_callback(database.close)
    return database


async def _simulated(settings: Settings, stack: AsyncExitStack) -> tuple[Platform, Tokens, Cast]:
    """Open the pocket messenger and say where its chat page is."""
    from bot.simulator.profiles import PROFILES  # noqa: PLC0415 - 5 MB that most desks never use
    from bot.simulator.simulator import Simulator  # noqa: PLC0415 - as above

    simulator = Simulator(profile=PROFILES[settings.platform])
    try:
        address = await stack.enter_async_context(simulator.serve(port=settings.simulator_port))
    except OSError:
        fault = (
            f"MIZBAN_SIMULATOR_PORT: port {settings.simulator_port} is taken; "
            "set another, or 0 for any free one."
        )
        raise StartRefused([fault]) from None
    print(f"Chat page: {address}/", flush=True)  # noqa: T201 - the one line a newcomer needs
    people = {role: simulator.world.person(role.value) for role in Role}
    names = {role: (one.id, str(one.public["first_name"])) for role, one in people.items()}
    platform = PLATFORMS[settings.platform].at(address)
    tokens = Tokens(simulator.token, simulator.payment_token)
    return platform, tokens, Cast(names, simulator.group)
