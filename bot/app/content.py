"""Everything that people wrote and the program reads at start: words, catalogue, lexicon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.catalogue.loader import load_catalogue
from bot.catalogue.search import load_lexicon
from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.kit.words import load_words
from handlers.views.catalogue.proof import overlong_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.catalogue.search import Lexicon
    from bot.kit.words import Language, Words
    from bot.settings import Settings


@dataclass(frozen=True)
class Content:
    """Everything that people wrote and the program reads at start."""

    words: Mapping[Language, Words]
    catalogue: Catalogue
    lexicon: Lexicon


def load_content(settings: Settings, common: Content | None = None) -> Content:
    """Read words, catalogue and lexicon; raise StartRefused with every fault of all three.

    What another bot of this process has read already, words and lexicon, is taken from there.
    """
    faults: list[str] = []

    def read(load: Any, directory: Path) -> Any:  # noqa: ANN401 - three loaders, three results
        try:
            return load(directory)
        except StartRefused as refused:
            faults.extend(refused.faults)

    words = common.words if common else read(load_words, settings.locale_dir)
    catalogue = read(load_catalogue, settings.catalogue_dir)
    lexicon = common.lexicon if common else read(load_lexicon, settings.lexicon_dir)
    if not faults:
        catalogue = replace(catalogue, offices=_served(catalogue, settings.offices, faults))
    if not faults:
        faults = overlong_pages(catalogue, words, tehran_day(now()))
    if faults:
        raise StartRefused(faults)
    return Content(words, catalogue, lexicon)


def ensure_served(settings: Settings, office_id: str) -> None:
    """Refuse to do something for an office that another desk serves."""
    if settings.offices and office_id not in settings.offices:
        served = ", ".join(settings.offices)
        raise StartRefused([f"--office: this desk serves {served} (MIZBAN_OFFICES)."])


def _served(
    catalogue: Catalogue, offices: Sequence[str], faults: list[str]
) -> tuple[OfficeCatalogue, ...]:
    """Leave out what this desk does not serve, in the order of the catalogue."""
    known = [published.office.id for published in catalogue.offices]
    faults += [
        f"MIZBAN_OFFICES: there is no office {office}; there are: {', '.join(known)}."
        for office in offices
        if office not in known
    ]
    return tuple(
        published
        for published in catalogue.offices
        if not offices or published.office.id in offices
    )
