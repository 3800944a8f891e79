"""Buttons by which an answer leads to what can be done about it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseKind
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.reply import Button
from handlers.views.cases.case_words import kind_icon, kind_name
from handlers.views.wallet.payout_words import payout_button
from handlers.views.wallet.top_up_words import top_up_button
from handlers.views.wallet.wallet import wallet_button
from handlers.views.workshops.registering_words import mine_button
from handlers.views.workshops.workshops import workshops_button

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.catalogue.model import Lead, OfficeCatalogue
    from bot.kit.words import Words


def lead_buttons(words: Words, published: OfficeCatalogue, leads: Iterable[Lead]) -> list[Button]:
    """Write a button for each; of money and workshops only where the office keeps a wallet."""
    office_id, kind = published.office.id, CaseKind.CREDIT_CLAIM
    claim = CaseBegins(office_id, NOT_CHOSEN, kind.value)
    buttons = {"credit_claim": Button(f"{kind_icon(kind)} {kind_name(kind, words)}", claim)}
    if published.desk.wallet is not None:
        buttons |= {
            "wallet": wallet_button(words, office_id),
            "payout": payout_button(words, office_id),
            "top_up": top_up_button(words, office_id),
            "workshops": workshops_button(words, office_id),
            "my_workshops": mine_button(words, below=True),
        }
    return [buttons[lead] for lead in dict.fromkeys(leads) if lead in buttons]
