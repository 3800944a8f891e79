"""What is in force: what each office applied in the place of its files, as far as it can be used.

A stored version that this program cannot use never stops the desk: the one before it is taken, at
last what the files say, and the log and the admin chat's page of the catalogue say so.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalogue.model import Held
from bot.catalogue.rules.storing import StoredBroken, laid_over
from handlers.views.catalogue.proof import overlong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.catalogue.model import Catalogue, OfficeCatalogue, StoredCatalogue
    from bot.kit.words import Language, Words

_logger = logging.getLogger(__name__)


def in_force(
    shipped: Catalogue,
    stored: Sequence[StoredCatalogue],
    words: Mapping[Language, Words],
    today: date,
) -> Catalogue:
    """Lay what offices applied over what the files say; `stored` has the latest changes first."""
    offices = []
    for published in shipped.offices:
        changes = [one for one in stored if one.change.office_id == published.office.id]
        offices.append(_held(published, changes, words, today) if changes else published)
    return replace(shipped, offices=tuple(offices))


def _held(
    shipped: OfficeCatalogue,
    changes: Sequence[StoredCatalogue],
    words: Mapping[Language, Words],
    today: date,
) -> OfficeCatalogue:
    last, trouble = changes[0].change.id, ""
    for one in changes:
        held = Held(last, one.change.number, shipped, one.shipped_digest, trouble)
        if one.content is None:
            return replace(shipped, held=held)
        try:
            published = laid_over(shipped, one.content)
            _ensure_fits(published, words, today)
        except StoredBroken as broken:
            trouble = trouble or str(broken)
            _logger.error(  # noqa: TRY400 - where it was found says nothing
                "version %s of the catalogue of %s cannot be used, the one before it is taken: %s",
                one.change.number,
                shipped.office.id,
                broken,
            )
        else:
            return replace(published, held=held)
    return replace(shipped, held=Held(last, None, shipped, "", trouble))


def _ensure_fits(published: OfficeCatalogue, words: Mapping[Language, Words], today: date) -> None:
    for page in overlong(published, words.values(), today):
        fault = f"{page.name} ({page.language}) is too long for a message"
        raise StoredBroken(fault)
