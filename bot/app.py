"""The composition root: the only module that knows all others, and puts them together."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.catalogue.loader import load_catalogue
from bot.catalogue.search import Answerer, load_lexicon
from bot.citizens.model import Role
from bot.inbox import use_cases as inbox
from bot.inbox.model import Owner
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.kit.opening import held, prepare_database
from bot.kit.resealing import take_up_keys
from bot.kit.sqlite import database_path
from bot.kit.words import load_words
from bot.messenger.floods import Floods
from bot.messenger.greeting import introduce
from bot.messenger.messenger import Messenger, stop_on_signals
from bot.messenger.platforms import PLATFORMS
from bot.messenger.transport import BotApi, make_bot
from bot.messenger.wire import Wire
from handlers.context import Shared
from handlers.edge import Edge
from handlers.jobs import make_rounds
from handlers.jobs.answers import AnswerKeeper
from handlers.jobs.backups import Keeper
from handlers.jobs.beginning import Examiner, ensure_offices_known
from handlers.jobs.menus import offer_commands
from handlers.jobs.nightly_backups import NightlyBackups, Schedule
from handlers.jobs.rendering import Files
from handlers.jobs.samples import set_up_trial
from handlers.staff.cast import Cast
from handlers.views.catalogue.proof import overlong_pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Lexicon
    from bot.kit.crypto import Keyring
    from bot.kit.words import Language, Words
    from bot.messenger.platforms import Platform
    from bot.settings import Settings

_DEMO_RECORDS = Path("var/demo.sqlite3")
_DEMO_DATABASE_URL = f"sqlite+aiosqlite:///{_DEMO_RECORDS}"
_ROUND_SECONDS_MAX = 2.0  # given to the round under way at the end


class Tokens(NamedTuple):
    """What opens the bot, and what says who is paid."""

    bot: str
    payment: str | None


@dataclass(frozen=True)
class Content:
    """Everything that people wrote and the program reads at start."""

    words: Mapping[Language, Words]
    catalogue: Catalogue
    lexicon: Lexicon


def load_content(settings: Settings) -> Content:
    """Read words, catalogue and lexicon; raise StartRefused with every fault of all three."""
    faults: list[str] = []

    def read(load: Any, directory: Path) -> Any:  # noqa: ANN401 - three loaders, three results
        try:
            return load(directory)
        except StartRefused as refused:
            faults.extend(refused.faults)

    words = read(load_words, settings.locale_dir)
    catalogue = read(load_catalogue, settings.catalogue_dir)
    lexicon = read(load_lexicon, settings.lexicon_dir)
    if not faults:
        faults = overlong_pages(catalogue, words, tehran_day(now()))
    if faults:
        raise StartRefused(faults)
    return Content(words, catalogue, lexicon)


async def run(settings: Settings, *, on_simulator: bool) -> None:
    """Run the desk until it is told to stop; without a token it runs on its own simulator."""
    content = load_content(settings)
    _ensure_free("MIZBAN_HEALTH_PORT", settings.health_port)
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with AsyncExitStack() as stack:
        keys = keyring_path(settings, on_simulator=on_simulator)
        database, platform, tokens, cast = await _reached(
            settings, stack, Examiner(content.catalogue, keys), on_simulator=on_simulator
        )
        wire = await stack.enter_async_context(Wire())
        bot = make_bot(platform, tokens.bot, wire)
        if not await introduce(bot, stop):
            return
        async with database.transaction() as tx:
            await inbox.settle(tx, Owner(platform.name, bot.id), now())
        keyring = await _keyed(database, keys, cast, content.catalogue)
        edge = _edge(settings, content, platform, bot, keyring)
        await stack.enter_async_context(edge.application)
        answers = AnswerKeeper(edge.desk, database, content.lexicon)
        await answers.catch_up(settings.cache_dir)
        api = BotApi(platform, tokens.bot, wire, payment_token=tokens.payment)
        _connect(edge.desk, api, tokens)
        desk = edge.as_desk(Files(edge.desk, database).make)
        backups = NightlyBackups(
            edge.desk, database, _schedule(settings, keys, on_simulator=on_simulator), clock=now
        )
        messenger = Messenger(
            database,
            api,
            desk,
            floods=Floods(),
            health_port=settings.health_port or None,
            last_backup_at=backups.last_at,
        )
        _settle_memory()
        async with asyncio.TaskGroup() as group:
            rounds = group.create_task(make_rounds(edge.desk, database, messenger.wake, stop))
            others = [
                group.create_task(
                    answers.run(settings.cache_dir, with_meanings=settings.semantic)
                ),
                group.create_task(offer_commands(api, edge.desk, database)),
                group.create_task(backups.run(stop, messenger.wake)),
            ]
            await messenger.run(stop)
            await asyncio.wait([rounds], timeout=_ROUND_SECONDS_MAX)
            for task in (rounds, *others):
                task.cancel()


def _schedule(settings: Settings, keys: Path, *, on_simulator: bool) -> Schedule | None:
    records = database_path(database_url(settings, on_simulator=on_simulator))
    if settings.backup_dir is None or records is None:
        return None
    keeper = Keeper(settings.backup_dir, settings.backup_keep, keys)
    return Schedule(records, keeper, settings.backup_hours)


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


async def _reached(
    settings: Settings, stack: AsyncExitStack, examiner: Examiner, *, on_simulator: bool
) -> tuple[Database, Platform, Tokens, Cast | None]:
    """Open the records and say which messenger they belong to, with the tokens for it."""
    database = _open_database(database_url(settings, on_simulator=on_simulator), stack, examiner)
    if on_simulator or settings.bot_token is None:
        return database, *await _simulated(settings, stack)
    platform = PLATFORMS[settings.platform].at(settings.api_base_url)
    paid = settings.payment_token
    payment = None if paid is None else paid.get_secret_value()
    return database, platform, Tokens(settings.bot_token.get_secret_value(), payment), None


def _open_database(url: str, stack: AsyncExitStack, examiner: Examiner) -> Database:
    """Open a database in this program's shape for this process alone."""
    prepare_database(url, examiner)
    stack.enter_context(held(url))
    database = Database.open(url)
    stack.push_async_callback(database.close)
    return database


def database_url(settings: Settings, *, on_simulator: bool = False) -> str:
    """Keep what is tried on the simulator apart from a real bot's records."""
    is_trial = on_simulator or settings.bot_token is None
    is_chosen = settings.database_url != type(settings).model_fields["database_url"].default
    return _DEMO_DATABASE_URL if is_trial and not is_chosen else settings.database_url


def keyring_path(settings: Settings, *, on_simulator: bool = False) -> Path:
    """Keep the keys of a trial apart too, beside its records."""
    is_trial = on_simulator or settings.bot_token is None
    is_chosen = settings.keyring_file != type(settings).model_fields["keyring_file"].default
    records = database_path(database_url(settings, on_simulator=on_simulator))
    if is_chosen or not is_trial:
        return settings.keyring_file
    return (records or _DEMO_RECORDS).with_suffix(".keyring.json")


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


def _ensure_free(setting: str, port: int) -> None:
    """Refuse to start when another program listens on a loopback port of ours; 0 is no port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fault = f"{setting}: port {port} is taken or not allowed; set another."
            raise StartRefused([fault]) from None


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
