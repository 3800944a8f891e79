"""Registering from the page of a workshop: for whom, on which terms, and the place itself.

Whatever is in the way is said where it can be acted on: an age, a clash, changed terms, no place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    AgeOutside,
    AlreadyRegistered,
    PlacesTaken,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
)
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
)
from bot.workshops.model import RegistrationId, RegistrationState
from bot.workshops.rules import registering as rules
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.registering import (
    SURELY,
    AbandonPressed,
    LearnersChosen,
    LearnersPicked,
    PlacesPressed,
    RegisterPressed,
    RegistrationTermsPressed,
    TermsAccepted,
    written,
)
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import paying_fees, waiting_line
from handlers.views.workshops import registering as views
from handlers.views.workshops.registering_terms import terms_changed
from handlers.workshops import at_hand, identifying
from handlers.workshops.showing import leave_number, show, show_terms
from handlers.workshops.telling import tell_promoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from telegram import Update

    from bot.citizens.model import Learner, LearnerId
    from bot.workshops.model import Workshop, WorkshopId
    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(
        application,
        (RegisterPressed, begin),
        (LearnersPicked, pick),
        (LearnersChosen, choose),
        (RegistrationTermsPressed, read_terms),
        (TermsAccepted, accept),
        (PlacesPressed, take_all_the_same),
        (AbandonPressed, abandon),
    )


async def begin(update: Update, context: DeskContext) -> None:
    """Answer "register" under a workshop: ask for whom."""
    asked = RegisterPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    await ask_who(context, asked.workshop)


async def ask_who(context: DeskContext, workshop_id: WorkshopId, *, note: str = "") -> None:
    """Ask who takes part. Raises NoSuchWorkshop, RegistrationNotOpen."""
    workshop, first_on = await _open_workshop(context, workshop_id)
    learners = list((await at_hand.own_learners(context)).values())
    context.reply(views.who(context.words, workshop, learners, first_on=first_on, note=note))


async def pick(update: Update, context: DeskContext) -> None:
    """Answer the buttons by which several learners are picked."""
    asked = LearnersPicked.unpack(pressed(update))
    at_hand.ensure_private(update)
    workshop, first_on = await _open_workshop(context, asked.workshop)
    most = context.policy_of(workshop.office_id).group_max
    learners = await at_hand.own_learners(context)
    picked = [one.id for one in _named(learners, asked.learners)]
    if len(picked) > most:
        context.toast(views.too_many(context.words, most))
        picked = picked[:most]
    page = views.several(
        context.words, workshop, list(learners.values()), picked, first_on=first_on, most=most
    )
    context.reply(page)


async def choose(update: Update, context: DeskContext) -> None:
    """Begin for the chosen learners, and show the terms."""
    asked = LearnersChosen.unpack(pressed(update))
    at_hand.ensure_private(update)
    workshop, _first_on = await _open_workshop(context, asked.workshop)
    learners = _named(await at_hand.own_learners(context), asked.learners)
    unit = context.unit
    try:
        begun = await workshops.begin(
            unit.tx,
            workshop_id=workshop.id,
            learners=learners,
            payer_id=unit.citizen.id,
            policy=context.policy_of(workshop.office_id),
            now=unit.now,
        )
    except AgeOutside as error:
        context.reply(views.unfit(context.words, workshop, refusal(error, context.words)))
    except AlreadyRegistered as error:
        sheet = await at_hand.own_sheet(context, RegistrationId(error.registration_id))
        await show(context, sheet, note=refusal(error, context.words))
    else:
        await identifying.go_on(context, await at_hand.sheet_of(context, workshop, begun))


async def read_terms(update: Update, context: DeskContext) -> None:
    """Turn the pages of the terms."""
    asked = RegistrationTermsPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet_of_all(context, asked.registrations)
    await show_terms(context, sheet, asked.page_number)


async def accept(update: Update, context: DeskContext) -> None:
    """Keep that the terms were accepted (KN-23), and take the places at once."""
    asked = TermsAccepted.unpack(pressed(update))
    at_hand.ensure_private(update)
    unit, ids = context.unit, asked.registrations
    assert update.callback_query is not None
    message = update.callback_query.message
    try:
        await workshops.accept_terms(
            unit.tx,
            registration_ids=ids,
            payer_id=unit.citizen.id,
            terms_version=asked.version_number,
            message_id=None if message is None else message.message_id,
            now=unit.now,
        )
    except TermsNotAccepted:
        sheet = await at_hand.own_sheet_of_all(context, ids)
        await show_terms(context, sheet, note=terms_changed(context.words))
    except StepRefused:
        await show(context, await at_hand.own_sheet(context, ids[0]))
    else:
        await _take(context, ids)


async def take_all_the_same(update: Update, context: DeskContext) -> None:
    """Take places although the times clash."""
    asked = PlacesPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    await _take(context, asked.registrations, is_clash_accepted=True)


async def _take(
    context: DeskContext, ids: Sequence[RegistrationId], *, is_clash_accepted: bool = False
) -> None:
    """Take the places, or say what is in the way; what was taken before is shown as it is."""
    unit = context.unit
    sheet = await at_hand.own_sheet_of_all(context, ids)
    try:
        taken = await workshops.take_places(
            unit.tx,
            registration_ids=ids,
            payer_id=unit.citizen.id,
            policy=context.policy_of(sheet.workshop.office_id),
            now=unit.now,
            is_clash_accepted=is_clash_accepted,
        )
    except TermsNotAccepted:
        await show_terms(context, sheet, note=terms_changed(context.words))
    except NationalIdNeeded as error:
        await identifying.go_on(context, sheet, why=refusal(error, context.words))
    except NationalIdTaken as error:
        await identifying.ask_anew(context, sheet, error)
    except TimesClash as error:
        why = refusal(error, context.words)
        context.reply(views.clash(sheet, why, PlacesPressed(written(ids))))
    except PlacesTaken as error:
        all_the_same = SURELY if is_clash_accepted else ""
        why = refusal(error, context.words)
        context.reply(waiting_line.full(sheet, why, all_the_same=all_the_same))
    except StepRefused:
        await show(context, await at_hand.own_sheet(context, ids[0]))
    else:
        await _say_taken(context, await at_hand.sheet_of(context, sheet.workshop, taken))


async def _say_taken(context: DeskContext, sheet: Sheet) -> None:
    if sheet.first.state is RegistrationState.CONFIRMED:
        context.reply(paying_fees.receipt(sheet))
    else:
        context.reply(paying_fees.kept(sheet))


async def abandon(update: Update, context: DeskContext) -> None:
    """Let go of what is not paid for; of a kept place it is asked once."""
    asked = AbandonPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet_of_all(context, asked.registrations)
    if not all(one.is_active for one in sheet.registrations):
        await show(context, sheet)
        return
    if asked.step != SURELY:
        context.reply(views.abandon_asked(sheet))
        return
    calendar = await at_hand.calendar_of(context, sheet.workshop)
    try:
        for one in sheet.ids:
            freed = await workshops.abandon(
                context.unit.tx,
                registration_id=one,
                actor=at_hand.citizen(context),
                calendar=calendar,
                policy=context.policy_of(sheet.workshop.office_id),
                now=context.unit.now,
            )
            await tell_promoted(context, sheet.workshop, freed.promotions)
    except StepRefused as error:
        note = refusal(error, context.words)
        await show(context, await at_hand.own_sheet(context, sheet.first.id), note=note)
    else:
        await leave_number(context)
        context.reply(views.abandoned(sheet))


async def _open_workshop(context: DeskContext, workshop_id: WorkshopId) -> tuple[Workshop, date]:
    """Find a workshop where people can register now, and its first day."""
    tx = context.unit.tx
    workshop = await workshops.workshop(
        tx, workshop_id=workshop_id, actor=at_hand.citizen(context)
    )
    rules.ensure_open(workshop, context.unit.now)
    sessions = await workshops.sessions(tx, workshop_id=workshop.id)
    return workshop, rules.first_day(sessions)


def _named(learners: dict[LearnerId, Learner], ids: Collection[LearnerId]) -> list[Learner]:
    """Find one's own learners. Raises StaleButton where one is not, or no longer, among them."""
    if not set(ids) <= set(learners):
        raise StaleButton
    return [learners[one] for one in ids]
