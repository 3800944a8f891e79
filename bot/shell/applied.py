"""What a command from a shell answers from: the files, and what offices applied over them."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bot.kit.clock import now

if TYPE_CHECKING:
    from bot.catalogue.model import Catalogue
    from bot.settings import Settings
    from handlers.by_hand.shelf import Shelf


def shelf_of(settings: Settings) -> Shelf:
    """Find the catalogues of a desk."""
    from bot import app
    from handlers.by_hand.shelf import Shelf

    return Shelf.at(
        app.database_url(settings),
        settings.catalogue_dir,
        settings.locale_dir,
        settings.default_language,
    )


def catalogue_of(settings: Settings) -> Catalogue:
    """Read what the desk answers from, and say beside the answers where that is not the files."""
    catalogue = asyncio.run(shelf_of(settings).catalogue(now()))
    for published in catalogue.offices:
        number = None if published.held is None else published.held.number
        if number:
            office_id = published.office.id
            print(f"{office_id}: version {number} is in force, not the files.", file=sys.stderr)
    return catalogue
