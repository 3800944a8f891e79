"""How a platform is asked for the first time who this bot is."""

import asyncio
import gc
import logging
import os
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.kit.errors import StartRefused

_log = logging.getLogger(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "true")  # or the library warns whenever it is to wait

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
        fault = (
            f"MIZBAN_BOT_TOKEN: {_place(bot)} does not know this token; "
            "look at it, and whether MIZBAN_PLATFORM and MIZBAN_API_BASE_URL fit it."
        )
        raise StartRefused([fault])
    return True


def _place(bot: Bot) -> str:
    """Say where the bot looks for its platform, without the token."""
    address = urlsplit(bot.base_url)
    return f"{address.hostname}:{address.port}" if address.port else str(address.hostname)


async def _greet(bot: Bot) -> bool:
    """Greet the platform until it answers; False when it does not know the token."""
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            return False
        except RetryAfter as error:
            seconds = max(_seconds_of(error), GREET_SECONDS)
            line = "%s asks for patience (429); it is tried again in %d seconds"
            _log.warning(line, _place(bot), seconds)
        except TelegramError as error:
            seconds = GREET_SECONDS
            line = "%s does not answer yet: %s; it is tried again every %d seconds"
            _log.warning(line, _place(bot), error.message, seconds)
        else:
            return True
        gc.enable()  # The start may take days now, and each attempt leaves some garbage.
        await asyncio.sleep(seconds)


def _seconds_of(error: RetryAfter) -> float:
    """Say how long to wait, which the library tells in one of two types."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
