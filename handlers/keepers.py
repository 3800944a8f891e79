"""What all conversations about money need: who keeps a wallet, where, and what a number counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import ChatType

from bot.kit.amounts import Amount, Unit
from handlers.callback_data import StaleButton

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue, WalletPolicy
    from handlers.context import DeskContext


def keepers(context: DeskContext) -> list[OfficeCatalogue]:
    """List the offices that keep a wallet."""
    return [one for one in context.unit.desk.catalogue.offices if one.desk.wallet is not None]


def keeper_of_choice(context: DeskContext, office_id: str) -> OfficeCatalogue | None:
    """Find the office that was named, or the only one; None where a person is to choose.

    Raises StaleButton.
    """
    offices = keepers(context)
    if not office_id and len(offices) != 1:
        return None
    return keeper(context, office_id or offices[0].office.id)


def policy_of(published: OfficeCatalogue) -> WalletPolicy:
    """What an office that keeps a wallet has decided about it."""
    assert published.desk.wallet is not None
    return published.desk.wallet


def keeper(context: DeskContext, office_id: str) -> OfficeCatalogue:
    """Find an office that keeps a wallet. Raises StaleButton."""
    published = context.unit.desk.catalogue.find(office_id)
    if published is None or published.desk.wallet is None:
        raise StaleButton
    return published


def ensure_private(update: Update) -> None:
    """Say nothing of anybody's money where others read. Raises StaleButton."""
    chat = update.effective_chat
    if chat is not None and chat.type != ChatType.PRIVATE:
        raise StaleButton


def counted(bare: int | None, unit: str) -> int:
    """Count a bare number in the unit that was chosen for it. Raises StaleButton."""
    chosen = next((one for one in Unit if one == unit), None)
    if chosen is None or bare is None:
        raise StaleButton
    return Amount(bare).counted_in(chosen)
