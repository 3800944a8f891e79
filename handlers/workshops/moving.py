"""Moving a place to another workshop of the office: both or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.citizens.rules import age_on
from bot.kit.jalali import tehran_day
from bot.wallet.errors import InsufficientFunds
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    AgeOutside,
    AlreadyRegistered,
    MoveToItself,
    NoSuchWorkshop,
    PlacesTaken,
    RegistrationNotOpen,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
    TooLateToDrop,
)
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
)
from bot.workshops.model import RegistrationState, WorkshopId, WorkshopState
from bot.workshops.rules import registering
from bot.workshops.rules.browsing import page_of, takes_age
from handlers.adding import Application, add_buttons
from handlers.callback_data.my_workshops import MoveChosen, MoveConfirmed, MovePressed
from handlers.callback_data.registering import SURELY, operation_in
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import moving as views
from handlers.views.workshops.leaving import not_there_any_more
from handlers.views.workshops.paying_fees import drawn, receipt
from handlers.workshops import at_hand, identifying
from handlers.workshops.showing import show
from handlers.workshops.telling import tell_promoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.citizens.model import Learner
    from bot.workshops.model import Moved, RegistrationId, Workshop
    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet

_LOOKED_AT: Final = 100
_IN_THE_WAY: Final = (
    AgeOutside,
    AlreadyRegistered,
    MoveToItself,
    NationalIdTaken,
    NoSuchWorkshop,
    PlacesTaken,
    RegistrationNotOpen,
    StepRefused,
    TooLateToDrop,
)


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(
        application,
        (MovePressed, list_targets),
        (MoveChosen, look_at_target),
        (MoveConfirmed, move),
    )


async def list_targets(update: Update, context: DeskContext) -> None:
    """List the workshops to which a place can be moved."""
    asked = MovePressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await _movable(context, asked.registration)
    if sheet is None:
        return
    found = await _targets(context, sheet, asked.after_id)
    context.reply(views.choices(sheet, found, is_first=asked.after_id == 0))


async def _movable(context: DeskContext, registration_id: RegistrationId) -> Sheet | None:
    """Find a registration that can be moved now; of any other it is said where it stands."""
    sheet = await at_hand.own_sheet(context, registration_id)
    if sheet.first.state is not RegistrationState.CONFIRMED:
        now = await _moved_to(context, sheet) or sheet
        await show(context, now, note=not_there_any_more(context.words))
        return None
    try:
        registering.ensure_droppable(sheet.workshop, context.unit.now)
    except TooLateToDrop as error:
        await show(context, sheet, note=refusal(error, context.words))
        return None
    return sheet


async def _moved_to(context: DeskContext, old: Sheet) -> Sheet | None:
    """Find where a registration went a moment ago, for whoever tapped twice."""
    if old.first.state is not RegistrationState.MOVED:
        return None
    latest = await workshops.registrations_of(
        context.unit.tx,
        payer_id=context.unit.citizen.id,
        states=(RegistrationState.CONFIRMED,),
        limit=_LOOKED_AT,
    )
    new = next((one for one in latest if one.moved_from_id == old.first.id), None)
    return None if new is None else await at_hand.own_sheet(context, new.id)


async def _targets(context: DeskContext, sheet: Sheet, after: int) -> Sequence[Workshop]:
    """Find open workshops with a free place for the learner, from after one on."""
    unit = context.unit
    learner = await _learner_of(context, sheet)
    listed = await workshops.upcoming(unit.tx, office_ids=[sheet.workshop.office_id], now=unit.now)
    fit = [
        one
        for one in listed
        if one.workshop.id != sheet.workshop.id
        and one.workshop.state is WorkshopState.OPEN
        and one.room_count > 0
        and takes_age(
            one.workshop.details, age_on(learner.born_on, tehran_day(one.first_session_at))
        )
    ]
    return [one.workshop for one in page_of(fit, WorkshopId(after))]


async def _learner_of(context: DeskContext, sheet: Sheet) -> Learner:
    unit = context.unit
    return await citizens.find_learner(
        unit.tx,
        learner_id=sheet.first.learner_id,
        guardian_id=unit.citizen.id,
        keyring=unit.desk.keyring,
    )


async def look_at_target(update: Update, context: DeskContext) -> None:
    """Show what a move means, and the terms that it accepts."""
    asked = MoveChosen.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await _movable(context, asked.registration)
    if sheet is not None:
        await _show_target(context, sheet, asked.workshop, asked.page_number)


async def _show_target(
    context: DeskContext, old: Sheet, workshop_id: WorkshopId, page: int = 0
) -> None:
    """Show the terms of another workshop. Raises NoSuchWorkshop."""
    tx = context.unit.tx
    to = await workshops.workshop(tx, workshop_id=workshop_id, actor=at_hand.citizen(context))
    if to.id == old.workshop.id or to.office_id != old.workshop.office_id:
        raise MoveToItself
    registering.ensure_open(to, context.unit.now)
    terms = await workshops.terms(tx, of=to)
    assert terms is not None
    sessions = await workshops.sessions(tx, workshop_id=to.id)
    context.reply(views.terms_page(old, views.Target(to, sessions, terms), page, drawn()))


async def move(update: Update, context: DeskContext) -> None:
    """Move, once: what is in the way is said, and the old place is as it was."""
    asked = MoveConfirmed.unpack(pressed(update))
    at_hand.ensure_private(update)
    old = await _movable(context, asked.registration)
    if old is None:
        return
    assert update.callback_query is not None
    message = update.callback_query.message
    message_id = None if message is None else message.message_id
    try:
        moved = await _move(context, old, asked, message_id)
    except TermsNotAccepted:
        context.toast(views.terms_changed(context.words))
        await _show_target(context, old, asked.workshop)
    except TimesClash as error:
        again = MoveConfirmed(
            asked.registration_id, asked.workshop_id, asked.version, drawn(), SURELY
        )
        context.reply(views.clash(old, refusal(error, context.words), again))
    except InsufficientFunds as error:
        missing_rial = error.needed_rial - error.available_rial
        why = refusal(error, context.words)
        context.reply(views.refused(old, why, missing_rial, asked.workshop))
    except NationalIdNeeded as error:
        # What was begun there is undone: the number is written where the place is, and kept.
        await identifying.ask_if_needed(context, old, note=refusal(error, context.words))
    except _IN_THE_WAY as error:
        context.reply(views.refused(old, refusal(error, context.words)))
    else:
        await _say_moved(context, old, moved)


async def _move(
    context: DeskContext, old: Sheet, asked: MoveConfirmed, message_id: int | None
) -> Moved:
    """Begin there, accept the terms and move, all or nothing."""
    unit, policy = context.unit, context.policy_of(old.workshop.office_id)
    learner = await _learner_of(context, old)
    async with unit.tx.begin_nested():
        (begun,) = await workshops.begin(
            unit.tx,
            workshop_id=asked.workshop,
            learners=[learner],
            payer_id=unit.citizen.id,
            policy=policy,
            now=unit.now,
        )
        await workshops.recall_national_ids(
            unit.tx,
            begun=[begun],
            payer_id=unit.citizen.id,
            policy=policy,
            keyring=unit.desk.keyring,
        )
        await workshops.accept_terms(
            unit.tx,
            registration_ids=[begun.id],
            payer_id=unit.citizen.id,
            terms_version=asked.version_number,
            message_id=message_id,
            now=unit.now,
        )
        return await workshops.move(
            unit.tx,
            registration_id=old.first.id,
            to_registration_id=begun.id,
            actor=at_hand.citizen(context),
            calendar=await at_hand.calendar_of(context, old.workshop),
            policy=policy,
            now=unit.now,
            is_clash_accepted=asked.all_the_same == SURELY,
            key=f"move:{operation_in(asked.operation)}:{old.first.id}",
        )


async def _say_moved(context: DeskContext, old: Sheet, moved: Moved) -> None:
    to = await workshops.workshop(
        context.unit.tx, workshop_id=moved.new.workshop_id, actor=at_hand.citizen(context)
    )
    sheet = await at_hand.sheet_of(context, to, [moved.new])
    context.reply(receipt(sheet, note=views.moved_note(context.words, old)))
    await tell_promoted(context, old.workshop, moved.promotions)
