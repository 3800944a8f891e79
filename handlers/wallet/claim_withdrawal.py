"""Taking back a top-up by bank that waits for finance: a mistyped number, or a wrong amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.model import TopUpState
from handlers.adding import Application, add_buttons
from handlers.callback_data.top_ups import ClaimWithdrawn
from handlers.context import pressed
from handlers.keepers import ensure_private
from handlers.views.wallet import claim_withdrawal as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the button."""
    add_buttons(application, (ClaimWithdrawn, press))


async def press(update: Update, context: DeskContext) -> None:
    """Ask once, then take it back; what finance has decided meanwhile is said."""
    pressed_on = ClaimWithdrawn.unpack(pressed(update))
    ensure_private(update)
    unit = context.unit
    if pressed_on.step == views.SURELY:
        claim = await wallet.withdraw_claim(
            unit.tx, code=pressed_on.code, citizen_id=unit.citizen.id, now=unit.now
        )
        context.reply(views.done(context.words, claim))
        return
    claim = await wallet.top_up(unit.tx, code=pressed_on.code)
    rules.ensure_own_claim(claim, unit.citizen.id)
    if claim.state is TopUpState.WITHDRAWN:
        context.reply(views.done(context.words, claim))
        return
    rules.ensure_state(claim, (TopUpState.PENDING,))
    context.reply(views.asked(context.words, claim))
