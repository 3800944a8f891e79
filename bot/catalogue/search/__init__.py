"""Finding what answers a citizen's question (ADR 0010)."""

from bot.catalogue.search.answering import Answer, Answerer, Ranked
from bot.catalogue.search.deciding import Band
from bot.catalogue.search.encoder import Encoder, installed_encoder
from bot.catalogue.search.entries import Entry
from bot.catalogue.search.grouping import grouped
from bot.catalogue.search.intents import Intents, Wish
from bot.catalogue.search.lexicon import Lexicon, load_lexicon
from bot.catalogue.search.passages import Passage, PassageIndex
from bot.catalogue.search.small_talk import SmallTalk, Talk
from bot.catalogue.search.workshop_words import (
    WorkshopFact,
    WorkshopQuestion,
    WorkshopReader,
)

__all__ = [
    "Answer",
    "Answerer",
    "Band",
    "Encoder",
    "Entry",
    "Intents",
    "Lexicon",
    "Passage",
    "PassageIndex",
    "Ranked",
    "SmallTalk",
    "Talk",
    "Wish",
    "WorkshopFact",
    "WorkshopQuestion",
    "WorkshopReader",
    "grouped",
    "installed_encoder",
    "load_lexicon",
]
