"""What an operator does for one office beside a desk that runs."""

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

    from bot.catalogue.model import Catalogue
    from bot.shell.adding import Command, Commands
    from handlers.by_hand.records import Records


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add invite, digest, export and reconcile."""

    def of_office(name: str, command: Command, about: str) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=about)
        parser.add_argument("--office", required=True, help="the id of the office")
        parser.set_defaults(command=command)
        return parser

    invite = of_office("invite", _invite, "invite a manager, or anybody, to the staff")
    invite.add_argument("--role", required=True, choices=["officer", "finance", "manager"])
    digest = of_office("digest", _digest, "print what no digest has told an office yet")
    digest.add_argument("--weekly", action="store_true", help="the weekly one")
    digest.add_argument("--dry-run", action="store_true", help="needed: the desk itself tells")
    export = of_office("export", _export, "write the cases of a period into a file")
    export.add_argument("--from", dest="first", required=True, help="such as 1405/08/01")
    export.add_argument("--to", dest="last", required=True, help="such as 1405/08/30")
    export.add_argument("--format", choices=["xlsx", "csv"], required=True)
    export.add_argument("--output", type=Path, required=True, help="the file")
    reconcile = of_office("reconcile", _reconcile, "lay a file of the bank beside the records")
    reconcile.add_argument("--gateway", action="store_true", help="it is the payment gateway's")
    reconcile.add_argument("file", type=Path, help="XLSX or CSV")


def _invite(asked: argparse.Namespace) -> int:
    from bot import app
    from bot.citizens.model import Role
    from handlers.by_hand import records as by_hand

    settings = load_settings()
    app.ensure_served(settings, asked.office)
    url, role = app.database_url(settings), Role(asked.role)
    payload = asyncio.run(
        by_hand.invite(url, settings.catalogue_dir, asked.office, role, now=now())
    )
    print(by_hand.invited(payload, asyncio.run(_link(settings, payload))))
    return 0


async def _link(settings: Settings, payload: str) -> str | None:
    """Write the address that gives the bot this payload; asks what the bot is called.

    There is none while the platform does not say that within a few seconds.
    """
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
                username = (await bot.get_me()).username
        except (TelegramError, TimeoutError):
            return None
    return platform.deep_link.format(bot=username, payload=payload)


def _digest(asked: argparse.Namespace) -> int:
    from bot.shell.search import answerer_of
    from handlers.by_hand import records as by_hand

    if not asked.dry_run:
        raise StartRefused(["--dry-run: is needed; the desk sends its digests itself."])
    settings = load_settings()
    catalogue = catalogue_of(settings)
    records = _records(settings, asked.office, catalogue)
    answerer = answerer_of(settings, catalogue, None)
    print(asyncio.run(by_hand.digest_text(records, answerer, weekly=asked.weekly, now=now())))
    return 0


def _export(asked: argparse.Namespace) -> int:
    from handlers.by_hand import records as by_hand

    settings = load_settings()
    records = _records(settings, asked.office, catalogue_of(settings))
    days = by_hand.days_between(asked.first, asked.last)
    content, count = asyncio.run(by_hand.report_file(records, days, asked.format, now=now()))
    try:
        asked.output.write_bytes(content)
    except OSError as error:
        raise StartRefused([f"{asked.output}: cannot be written ({error.strerror})."]) from None
    print(f"Cases in {asked.output}: {count}.")
    return 0


def _reconcile(asked: argparse.Namespace) -> int:
    from handlers.by_hand import money as by_hand_money

    file = by_hand_money.SentFile.at(asked.file, is_gateways=asked.gateway)
    settings = load_settings()
    records = _records(settings, asked.office, catalogue_of(settings))
    work = by_hand_money.reconcile(records, file, now=now())
    said, is_clean = asyncio.run(work)
    print(said)
    return 0 if is_clean else 1


def _records(settings: Settings, office_id: str, catalogue: Catalogue) -> Records:
    from bot import app
    from handlers.by_hand import records as by_hand

    app.ensure_served(settings, office_id)
    return by_hand.open_records(
        app.database_url(settings),
        office_id,
        catalogue=catalogue,
        locale_dir=settings.locale_dir,
        language=settings.default_language,
        keys=app.keyring_path(settings),
    )
