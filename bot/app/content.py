"""Everything that people wrote and the program reads at start: words, catalogue, lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.catalogue.loader import load_catalogue
from bot.catalogue.search import load_lexicon
from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.kit.words import load_words
from handlers.views.catalogue.proof import overlong_pages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Lexicon
    from bot.kit.words import Language, Words
    from bot.settings import Settings


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
