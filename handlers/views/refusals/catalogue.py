"""How an applied catalogue refuses, in words for managers."""

from __future__ import annotations

from bot.catalogue.errors import (
    CatalogueMoved,
    NothingToUndo,
    VersionDecided,
    VersionGone,
    WorkshopsMoved,
)
from bot.kit.words import Words
from handlers.views.refusals import refusal


@refusal.register
def _version_gone(_error: VersionGone, words: Words) -> str:
    _ = words.gettext
    return _("This version of the catalogue is not here. Please open the list: /catalogue")


@refusal.register
def _version_decided(_error: VersionDecided, words: Words) -> str:
    _ = words.gettext
    return _("This workbook was applied or discarded already. How it stands: /catalogue")


@refusal.register
def _catalogue_moved(_error: CatalogueMoved, words: Words) -> str:
    _ = words.gettext
    return _(
        "Meanwhile another version came into force, so nothing was changed. Please take the "
        "workbook anew (/catalogue) and put your changes into it."
    )


@refusal.register
def _workshops_moved(_error: WorkshopsMoved, words: Words) -> str:
    _ = words.gettext
    return _(
        "Meanwhile one of these workshops was changed at the desk, so nothing was done. Please "
        "take the workbook anew (/catalogue) and put your changes into it."
    )


@refusal.register
def _nothing_to_undo(_error: NothingToUndo, words: Words) -> str:
    _ = words.gettext
    return _("That is in force already, so there is nothing to change.")
