"""How a platform is asked for the first time who this bot is."""

import asyncio
import gc
import logging
from typing import Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.kit.errors import StartRefused

_log = logging.getLogger(__name__)

GREET_SECONDS: Final = 5.0
"""Between two attempts to reach a platform that does not answer."""


async def introduce(bot: Bot, stop: asyncio.Event) -> bool:
    """Ask the platform who this bot is, until it answers; False when told to stop meanwhile.

    Raises StartRefused when the platform answers that it does not know the token.
    """
    async with asyncio.TaskGroup() as group:
        greeting = group.create_task(_greet(bot))
        stopping = group.create_task(stop.wait())
        await asyncio.wait([greeting, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in (greeting, stopping):
            task.cancel()
    if greeting.cancelled():
        return False
    if not greeting.result():
        raise StartRefused(["MIZBAN_BOT_TOKEN: the platform does not know this token."])
    return True


async def _greet(bot: Bot) -> bool:
    """Greet the platform until it answers; False when it does not know the token."""
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            return False
        except TelegramError as error:
            _log.warning("the platform does not answer yet: %s", type(error).__name__)
            gc.enable()  # The start may take days now, and each attempt leaves some garbage.
            await asyncio.sleep(GREET_SECONDS)
        else:
            return True
