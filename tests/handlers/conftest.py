"""The shipped desk, answering by words alone, on no network."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from telegram import Bot

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Catalogue
from bot.catalogue.search import Answerer, Lexicon, load_lexicon
from bot.kit.crypto import Keyring
from bot.kit.database import Database
from bot.kit.words import Language, Words, load_words
from handlers.context import Shared
from handlers.edge import Edge
from tests.handlers.support import BOT, DeskUnderTest, NoNetwork, Visitor

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Shipped:
    """What the repository ships, read once for all tests of this folder."""

    words: Mapping[Language, Words]
    catalogue: Catalogue
    lexicon: Lexicon
    answerer: Answerer


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    lexicon = load_lexicon(ROOT / "data" / "lexicon")
    words = load_words(ROOT / "locale")
    return Shipped(words, catalogue, lexicon, Answerer(catalogue, lexicon))


@pytest.fixture
def shared(shipped: Shipped) -> Shared:
    return Shared(
        catalogue=shipped.catalogue,
        answerer=shipped.answerer,
        small_talk=shipped.lexicon.small_talk,
        intents=shipped.lexicon.intents,
        words=shipped.words,
        default_language="fa",
        bot_username=str(BOT["username"]),
        deep_link="https://t.me/{bot}?start={payload}",
        edits_pages=True,
        takes_payments=True,
        keyring=Keyring.drawn(),
    )


@pytest.fixture
async def desk(database: Database, shared: Shared) -> AsyncIterator[DeskUnderTest]:
    bot = Bot("1:no-network", request=NoNetwork(), get_updates_request=NoNetwork())
    edge = Edge.on(bot, shared)
    async with edge.application:
        yield DeskUnderTest(database, edge)


@pytest.fixture
def sara(desk: DeskUnderTest) -> Visitor:
    return desk.person(100)
