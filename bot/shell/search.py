"""The catalogue and the answers: look at them, ask them, measure them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.machine import cores
from bot.settings import Settings, load_settings
from bot.shell import catalogue
from bot.shell.applied import catalogue_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Answerer, Encoder
    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add catalogue, ask, search and evaluate."""
    catalogue.add_to(commands)
    ask = commands.add_parser("ask", help="answer questions from standard input, a JSON line each")
    ask.add_argument("--jsonl", action="store_true", required=True, help="lines in, lines out")
    ask.set_defaults(command=_ask)
    search = commands.add_parser("search", help="rank the passages of any collection for queries")
    search.add_argument("--passages", type=Path, required=True, help="lines of id and text")
    search.add_argument("--queries", type=Path, required=True, help="lines of id and text")
    search.set_defaults(command=_search)
    evaluate = commands.add_parser("evaluate", help="measure the answers on known questions")
    evaluate.add_argument("--questions", type=Path, required=True, help="lines with what is right")
    evaluate.add_argument("--collection", type=Path, action="append", default=[])
    evaluate.set_defaults(command=_evaluate)


def answerer_of(
    settings: Settings, catalogue_asked: Catalogue, encoder: Encoder | None
) -> Answerer:
    """Answer from a catalogue, with meanings where there is an encoder."""
    from bot.catalogue.search import Answerer, load_lexicon

    lexicon = load_lexicon(settings.lexicon_dir)
    answerer = Answerer(catalogue_asked, lexicon)
    return answerer if encoder is None else answerer.taught(encoder, settings.cache_dir)


def _ask(_asked: argparse.Namespace) -> int:
    from bot.catalogue.search.commands import answer_lines

    settings = load_settings()
    answerer = answerer_of(settings, catalogue_of(settings), _encoder(settings))
    asyncio.run(_print_all(answer_lines(sys.stdin.buffer, answerer)))
    return 0


def _search(asked: argparse.Namespace) -> int:
    from bot.catalogue.search import load_lexicon
    from bot.catalogue.search.commands import search_lines

    settings = load_settings()
    lexicon, encoder = load_lexicon(settings.lexicon_dir), _encoder(settings)
    cache_dir = settings.cache_dir / "collections"
    for line in search_lines(asked.passages, asked.queries, lexicon, encoder, cache_dir):
        print(line)
    return 0


def _evaluate(asked: argparse.Namespace) -> int:
    """Measure with the words alone, then with the semantic signal where it is installed."""
    from bot.catalogue.search import evaluation, load_lexicon

    settings = load_settings()
    encoder, measured = _encoder(settings), catalogue_of(settings)
    signals = (None, *([] if encoder is None else [encoder]))
    lines = evaluation.evaluation_lines(
        asked.questions,
        asked.collection,
        load_lexicon(settings.lexicon_dir),
        ((signal, answerer_of(settings, measured, signal)) for signal in signals),
        settings.cache_dir / "collections",
    )
    asyncio.run(_print_all(lines))
    return 0


async def _print_all(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


def _encoder(settings: Settings) -> Encoder | None:
    from bot.catalogue.search import installed_encoder

    return installed_encoder(cores()) if settings.semantic else None
