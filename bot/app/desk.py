"""One bot from its start to its end: its records, its conversations and its messenger."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app.places import keyring_path, schedule
from bot.app.posting import posts_of
from bot.app.reaching import reached
from bot.catalogue.search import Answerer
from bot.inbox import use_cases as inbox
from bot.inbox.model import Owner
from bot.kit.clock import now
from bot.kit.replicas import replica_of
from bot.kit.resealing import take_up_keys
from bot.messenger.floods import Floods
from bot.messenger.greeting import introduce
from bot.messenger.messenger import Messenger
from bot.messenger.transport import BotApi, make_bot
from bot.messenger.wire import Wire
from handlers.context import Shared
from handlers.edge import Edge
from handlers.files.rendering import Files
from handlers.jobs import make_rounds
from handlers.jobs.answers import AnswerKeeper
from handlers.jobs.beginning import Examiner, ensure_offices_known
from handlers.jobs.menus import offer_commands
from handlers.jobs.nightly_backups import NightlyBackups
from handlers.jobs.offices_ready import tell_what_is_lacking
from handlers.jobs.samples import set_up_trial

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from telegram import Bot

    from bot.app.content import Content
    from bot.app.reaching import Tokens
    from bot.catalogue.model import Catalogue
    from bot.kit.crypto import Keyring
    from bot.kit.database import Database
    from bot.kit.replicas import Alone
    from bot.messenger.listener import Listener
    from bot.messenger.platforms import Platform
    from bot.settings import Settings
    from handlers.jobs.cast import Cast

_ROUND_SECONDS_MAX = 2.0  # given to the round under way at the end


@dataclass(frozen=True)
class House:
    """What the bots of one process have in common, besides what people wrote."""

    stop: asyncio.Event
    listener: Listener
    on_simulator: bool = False


@dataclass(frozen=True)
class _Opened:
    """A bot that is ready: what people say to it can be answered."""

    database: Database
    api: BotApi
    desk: Shared
    answers: AnswerKeeper
    backups: NightlyBackups
    messenger: Messenger
    replica: Alone


async def serve(
    settings: Settings,
    content: Content,
    house: House,
    tell: Callable[[Messenger], None] | None = None,
) -> None:
    """Serve people by one bot until told to stop; without a token, on its own simulator.

    One of several tells that it is ready, and leaves it to others to say how it is.
    """
    async with AsyncExitStack() as stack:
        health_port = settings.health_port if tell is None else 0
        opened = await _open(settings, content, house, stack, health_port)
        if opened is not None:
            if tell is not None:
                tell(opened.messenger)
            _settle_memory()
            await _work(settings, opened, house.stop)


async def _open(
    settings: Settings,
    content: Content,
    house: House,
    stack: AsyncExitStack,
    health_port: int,
) -> _Opened | None:
    """Make a bot ready; None when told to stop meanwhile."""
    keys = keyring_path(settings, on_simulator=house.on_simulator)
    database, platform, tokens, cast = await reached(
        settings, stack, Examiner(content.catalogue, keys), on_simulator=house.on_simulator
    )
    wire = await stack.enter_async_context(Wire())
    api = BotApi(platform, tokens.bot, wire, payment_token=tokens.payment)
    posts = posts_of(settings, house.listener, api)
    bot = make_bot(platform, tokens.bot, wire)
    if not await introduce(bot, house.stop):
        return None
    async with database.transaction() as tx:
        await inbox.settle(tx, Owner(platform.name, bot.id), now())
    keyring = await _keyed(database, keys, cast, content.catalogue)
    edge = _edge(settings, content, platform, bot, keyring)
    edge.desk.is_trial = cast is not None
    await stack.enter_async_context(edge.application)
    answers = AnswerKeeper(edge.desk, database, content.lexicon)
    await answers.catch_up(settings.cache_dir)
    _connect(edge.desk, api, tokens)
    hours = schedule(settings, keys, on_simulator=house.on_simulator)
    backups = NightlyBackups(edge.desk, database, hours, clock=now)
    replica = replica_of(database, bot.id)
    messenger = Messenger(
        database,
        api,
        edge.as_desk(Files(edge.desk, database).make),
        floods=Floods(),
        health_port=health_port or None,
        last_backup_at=backups.last_at,
        posts=posts,
        replica=replica,
    )
    return _Opened(database, api, edge.desk, answers, backups, messenger, replica)


async def _work(settings: Settings, opened: _Opened, stop: asyncio.Event) -> None:
    """Do everything that a bot does, side by side, until told to stop."""
    messenger, answers = opened.messenger, opened.answers

    async def keep_time(over: asyncio.Event) -> None:
        await make_rounds(opened.desk, opened.database, messenger.wake, over)

    async with asyncio.TaskGroup() as group:
        rounds = group.create_task(opened.replica.lead(keep_time, stop))
        others = [
            group.create_task(answers.run(settings.cache_dir, with_meanings=settings.semantic)),
            group.create_task(offer_commands(opened.api, opened.desk, opened.database)),
            group.create_task(opened.backups.run(stop, messenger.wake)),
        ]
        await messenger.run(stop)
        await asyncio.wait([rounds], timeout=_ROUND_SECONDS_MAX)
        for task in (rounds, *others):
            task.cancel()


async def _keyed(
    database: Database, keys: Path, cast: Cast | None, catalogue: Catalogue
) -> Keyring:
    """Open what is sealed, and on the simulator set up what there is to try."""
    async with database.reading() as tx:
        await ensure_offices_known(tx, catalogue)
    keyring = await take_up_keys(database, keys)
    if cast is not None:
        async with database.transaction() as tx:
            await set_up_trial(tx, cast, catalogue, keyring, now())
    async with database.reading() as tx:
        await tell_what_is_lacking(tx, catalogue)
    return keyring


def _settle_memory() -> None:
    """Begin to look for garbage, but not in what was read at start, and give back what it left.

    To look for garbage in it would take 50 ms each time; what is left over is some six megabytes.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    with suppress(OSError, AttributeError):  # there is no such thing outside of glibc
        ctypes.CDLL(None).malloc_trim(0)


def _edge(
    settings: Settings,
    content: Content,
    platform: Platform,
    bot: Bot,
    keyring: Keyring,
) -> Edge:
    shared = Shared(
        catalogue=content.catalogue,
        answerer=Answerer(content.catalogue, content.lexicon),
        small_talk=content.lexicon.small_talk,
        intents=content.lexicon.intents,
        words=content.words,
        default_language=settings.default_language,
        bot_username=bot.username,
        deep_link=platform.deep_link,
        edits_pages=platform.has_reliable_edits,
        keyring=keyring,
    )
    return Edge.on(bot, shared)


def _connect(desk: Shared, api: BotApi, tokens: Tokens) -> None:
    """Tell the conversations what the platform can do for them."""
    desk.takes_payments = tokens.payment is not None
    desk.fetch_file = api.fetch_file
