"""One view of all that a person has under way: cases, places, turns, money, learners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.cases import use_cases as cases
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState, SessionState
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import AffairsPressed
from handlers.context import pressed
from handlers.keepers import ensure_private, keepers
from handlers.views import my_affairs as views
from handlers.workshops import at_hand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Update

    from bot.cases.model import QueueItem
    from bot.citizens.model import Learner, LearnerId
    from bot.workshops.model import Registration, Workshop
    from handlers.context import DeskContext

_LOOKED_AT = 20  # what is older is hardly under way; the lists have it
_NAME_LETTERS_MAX = 12


def add(application: Application) -> None:
    """Add the command and the button."""
    application.add_handler(CommandHandler("my", show, filters=NEW_IN_PRIVATE))
    add_buttons(application, (AffairsPressed, turn_to))


async def show(_update: Update, context: DeskContext) -> None:
    """Answer /my."""
    await _show(context, is_page=False)


async def turn_to(update: Update, context: DeskContext) -> None:
    """Answer the button."""
    AffairsPressed.unpack(pressed(update))
    ensure_private(update)
    await _show(context, is_page=True)


async def _show(context: DeskContext, *, is_page: bool) -> None:
    learners = await at_hand.own_learners(context)
    affairs = views.Affairs(
        await _cases(context),
        await _places(context, learners),
        await _purses(context),
        len(learners),
    )
    context.reply(views.page(context.words, affairs, context.unit.now, is_page=is_page))


async def _cases(context: DeskContext) -> list[QueueItem]:
    unit = context.unit
    items = await cases.cases_of(unit.tx, citizen_id=unit.citizen.id, limit=_LOOKED_AT)
    return [item for item in items if not item.case.is_over][: views.LISTED_MAX]


async def _places(
    context: DeskContext, learners: Mapping[LearnerId, Learner]
) -> list[views.Place]:
    unit = context.unit
    found = await workshops.registrations_of(
        unit.tx, payer_id=unit.citizen.id, before=None, limit=_LOOKED_AT
    )
    going_on = [one for one in found if one.has_place or (one.waiting_entry_id and one.is_active)]
    going_on = going_on[: views.LISTED_MAX]
    named = await workshops.workshops_named(unit.tx, ids={one.workshop_id for one in going_on})
    return [
        await _place(context, one, named[one.workshop_id], learners.get(one.learner_id))
        for one in going_on
    ]


async def _place(
    context: DeskContext, one: Registration, workshop: Workshop, learner: Learner | None
) -> views.Place:
    unit = context.unit
    sessions = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    ahead = [
        session.slot.starts_at
        for session in sessions
        if session.state is SessionState.PLANNED and session.slot.starts_at > unit.now
    ]
    is_held = one.state is RegistrationState.HELD
    name = "" if learner is None else learner.given_name[:_NAME_LETTERS_MAX]
    return views.Place(
        one, workshop, name, min(ahead, default=None), one.expires_at if is_held else None
    )


async def _purses(context: DeskContext) -> list[views.Purse]:
    unit, purses = context.unit, []
    for published in keepers(context):
        office_id, citizen_id = published.office.id, unit.citizen.id
        payouts = await wallet.payouts_of(
            unit.tx, office_id=office_id, citizen_id=citizen_id, limit=_LOOKED_AT
        )
        balance = await wallet.balance(unit.tx, office_id=office_id, citizen_id=citizen_id)
        under_way = [one for one in payouts if one.state.is_open][: views.LISTED_MAX]
        purses.append(views.Purse(published, balance, under_way))
    return purses
