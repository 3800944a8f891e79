"""Papers that are drawn from a shell, beside a desk that runs or without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.database import Database
from bot.kit.database_file import is_current
from bot.kit.errors import StartRefused
from bot.kit.words import load_words
from handlers.files.posters import poster
from handlers.views.papers.card import drawn as card_drawn
from handlers.views.papers.posters import payload_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.kit.words import Language


@dataclass(frozen=True)
class Order:
    """Which poster is wanted, and how its address is written."""

    office_id: str
    matter: str
    bot_name: str
    deep_link: str

    @property
    def file_name(self) -> str:
        """Name the file after what is on it."""
        matter = "" if self.matter == "-" else self.matter
        return f"poster-{payload_of(self.office_id, matter)}.pdf"

    def link(self, payload: str) -> str:
        """Write the address of a payload."""
        return self.deep_link.format(bot=self.bot_name, payload=payload)


async def poster_file(
    url: str,
    order: Order,
    *,
    catalogue: Catalogue,
    locale_dir: Path,
    language: Language,
    now: datetime,
) -> bytes:
    """Draw a poster; raise StartRefused for what there is not. Only a workshop needs records."""
    published = catalogue.find(order.office_id)
    if published is None:
        raise StartRefused([f"office: there is no {order.office_id} in the catalogue."])
    if order.matter.startswith("w") and order.matter[1:].isdecimal() and not is_current(url):
        raise StartRefused(
            ["database: there are no records of this version; start the desk once."]
        )
    words = load_words(locale_dir)[language]
    database = Database.open(url)
    try:
        content = await poster(
            database, words, published, matter=order.matter, link=order.link, now=now
        )
    finally:
        await database.close()
    if content is None:
        raise StartRefused([f"{order.matter}: there is no such service or workshop to be seen."])
    return content


def card_file(locale_dir: Path, language: Language) -> bytes:
    """Draw the card of the commands of the admin chat."""
    words = load_words(locale_dir)[language]
    return card_drawn(words).as_pdf("Mizban")
