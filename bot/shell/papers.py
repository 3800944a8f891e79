"""What an operator prints: posters, and the card of the commands of the admin chat."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.settings import Settings, load_settings
from bot.shell.applied import catalogue_of

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add poster and card."""
    poster = commands.add_parser("poster", help="draw a poster of an office as a PDF")
    poster.add_argument("office", help="the id of the office")
    poster.add_argument("matter", nargs="?", default="-", help="a service's id, or w12")
    poster.add_argument("--bot", help="what the bot is called; asked of the platform without it")
    poster.add_argument("--output", type=Path, help="the file; poster-….pdf without it")
    poster.set_defaults(command=_poster)
    card = commands.add_parser("card", help="draw the card of the staff's commands as a PDF")
    card.add_argument("--output", type=Path, default=Path("card.pdf"), help="the file")
    card.set_defaults(command=_card)


def _poster(asked: argparse.Namespace) -> int:
    from bot import app
    from bot.messenger.platforms import PLATFORMS
    from handlers.by_hand import papers as by_hand_papers

    settings = load_settings()
    app.ensure_served(settings, asked.office)
    name = asked.bot or asyncio.run(_bot_name(settings))
    if name is None:
        raise StartRefused(["--bot: say what the bot is called; the platform does not say it."])
    link = PLATFORMS[settings.platform].deep_link
    order = by_hand_papers.Order(asked.office, asked.matter, name.removeprefix("@"), link)
    catalogue = catalogue_of(settings)
    content = asyncio.run(
        by_hand_papers.poster_file(
            app.database_url(settings),
            order,
            catalogue=catalogue,
            locale_dir=settings.locale_dir,
            language=settings.default_language,
            now=now(),
        )
    )
    return _written(asked.output or Path(order.file_name), content)


def _card(asked: argparse.Namespace) -> int:
    from handlers.by_hand import papers as by_hand_papers

    settings = load_settings()
    content = by_hand_papers.card_file(settings.locale_dir, settings.default_language)
    return _written(asked.output, content)


def _written(path: Path, content: bytes) -> int:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StartRefused([f"{path}: cannot be written ({error.strerror})."]) from None
    print(path)
    return 0


async def _bot_name(settings: Settings) -> str | None:
    """Ask the platform what the bot is called; None without a token, or without an answer."""
    from telegram.error import TelegramError

    from bot.messenger.greeting import GREET_SECONDS
    from bot.messenger.platforms import PLATFORMS
    from bot.messenger.transport import make_bot
    from bot.messenger.wire import Wire

    if settings.bot_token is None:
        return None
    platform = PLATFORMS[settings.platform].at(settings.api_base_url)
    async with Wire() as wire:
        bot = make_bot(platform, settings.bot_token.get_secret_value(), wire)
        try:
            async with asyncio.timeout(GREET_SECONDS):
                return (await bot.get_me()).username
        except (TelegramError, TimeoutError):
            return None
