"""The national ID of a learner, asked for on the way to a place where the office requires it.

A number is deleted from the chat as soon as it is read, whatever is wrong with it. So no step
refuses by an exception, which would leave the message standing. It goes straight to its sealed
place: nothing of it stands in the dialogue.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler, filters
from telegram.ext.filters import MessageFilter

from bot.citizens import use_cases as citizens
from bot.citizens.errors import SlowDown
from bot.kit.errors import DeskError
from bot.kit.identity import read_national_id
from bot.workshops import use_cases as workshops
from bot.workshops.errors.identifying import NationalIdTaken, NationalIdUnreadable
from bot.workshops.model import RegistrationId
from bot.workshops.rules import identifying as rules
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.identifying import NONE_THERE, NationalIdPressed
from handlers.callback_data.registering import numbers_in, written
from handlers.context import pressed
from handlers.recognizing import InDialogue, JustAsked, album_of
from handlers.views.cases.case_draft import cleaned
from handlers.views.refusals import refusal
from handlers.views.wallet.payouts import deleted
from handlers.views.workshops import identifying as views
from handlers.views.workshops.identifying import FLOW, STEP
from handlers.workshops import at_hand
from handlers.workshops.showing import show, show_terms

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.workshops.model import Registration
    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet

_TRIES_MAX: Final = 20  # nobody finds out by trying who takes part in a workshop
_TRIES_IN: Final = timedelta(days=1)


class _NationalId(MessageFilter):
    """Lets a national ID pass however late it comes: it is read, or at least deleted."""

    def filter(self, message: Message) -> bool:
        """Look at the digits."""
        return read_national_id(message.text or "") is not None


def add_cancel(application: Application) -> None:
    """Add the way out of the flow, which says what becomes of what was begun."""
    here = NEW_IN_PRIVATE & InDialogue(FLOW)
    application.add_handler(CommandHandler("cancel", cancel, filters=here))


def add(application: Application) -> None:
    """Add the buttons and the step."""
    here = NEW_IN_PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    asked = JustAsked(FLOW, STEP)
    typed = asked | (InDialogue(FLOW) & _NationalId())
    application.add_handler(MessageHandler(typed & here & filters.TEXT, take_text))
    application.add_handler(MessageHandler(asked & here & ~filters.TEXT, refuse_other))
    add_buttons(application, (NationalIdPressed, answer))


async def go_on(context: DeskContext, sheet: Sheet, *, why: str = "") -> None:
    """Lead to the terms: with what the office knows already, or by way of what is missing."""
    unit = context.unit
    known = await workshops.recall_national_ids(
        unit.tx,
        begun=sheet.registrations,
        payer_id=unit.citizen.id,
        policy=sheet.policy,
        keyring=unit.desk.keyring,
    )
    is_recalled = known != tuple(sheet.registrations)
    if is_recalled:
        sheet = await at_hand.sheet_of(context, sheet.workshop, known)
    if not await ask_if_needed(context, sheet, note=why):
        note = views.recalled(context.words) if is_recalled else ""
        await show_terms(context, sheet, note=note)


async def ask_if_needed(context: DeskContext, sheet: Sheet, *, note: str) -> bool:
    """Ask for the first national ID that the office requires and nobody wrote; False for none."""
    missing = rules.unidentified(sheet.registrations, sheet.policy)
    if missing:
        await _ask(context, sheet, missing[0], note=note)
    return bool(missing)


async def ask_anew(context: DeskContext, sheet: Sheet, error: NationalIdTaken) -> None:
    """Say why a place was refused, and ask for the number of that learner again."""
    one = next(one for one in sheet.registrations if one.id == error.registration_id)
    await _ask(context, sheet, one, note=refusal(error, context.words))


async def _ask(
    context: DeskContext,
    sheet: Sheet,
    one: Registration,
    *,
    note: str = "",
    is_again: bool = False,
) -> None:
    """Ask by a button's page, or again below what was typed, where the reason was read."""
    await context.begin(FLOW, STEP, registrations=written(sheet.ids), asked=one.id)
    context.reply(views.ask(sheet, one, note=note, is_again=is_again))


async def answer(update: Update, context: DeskContext) -> None:
    """Answer a button: write a number, write it anew, or say that there is none."""
    asked = NationalIdPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet_of_all(context, asked.registrations)
    if asked.which == NONE_THERE:
        context.reply(views.none_there(sheet))
        return
    if asked.place >= len(sheet.registrations):
        raise StaleButton
    one = sheet.registrations[asked.place]
    may = rules.can_be_given(one) or rules.can_be_corrected(one, sheet.workshop, sheet.now)
    if sheet.policy.requires_national_id and may:
        await _ask(context, sheet, one)
    else:
        await show(context, await at_hand.own_sheet(context, sheet.first.id))


async def take_text(update: Update, context: DeskContext) -> None:
    """Read what was typed, have it deleted, and ask for the next or go on to the terms."""
    message = update.effective_message
    assert message is not None
    typed = cleaned(message.text or "")
    notes = []
    if views.is_telling(typed):
        context.unsay()
        notes.append(deleted(context.words))
    try:
        await _take(context, typed, notes)
    except DeskError as error:  # what was asked about is gone; the message goes all the same
        await context.end_dialogue()
        context.reply(views.over([*notes, refusal(error, context.words)], context.words))


async def _take(context: DeskContext, typed: str, notes: list[str]) -> None:
    sheet, one = await _here(context)
    try:
        await _keep(context, one, typed)
    except (NationalIdUnreadable, NationalIdTaken, SlowDown) as error:
        notes.append(refusal(error, context.words))
        await _ask(context, sheet, one, note="\n\n".join(notes), is_again=True)
        return
    sheet = await at_hand.own_sheet_of_all(context, sheet.ids)
    if sheet.policy.requires_national_id:
        notes.append(views.kept(context.words))
    note = "\n\n".join(notes)
    missing = rules.unidentified(sheet.registrations, sheet.policy)
    if missing:
        await _ask(context, sheet, missing[0], note=note, is_again=True)
    else:
        await show(context, sheet, note=note, is_page=False)


async def _keep(context: DeskContext, one: Registration, typed: str) -> None:
    """Keep a number. Raises SlowDown for too many of them, and what the use case raises."""
    unit = context.unit
    rules.national_id_of(typed)
    await citizens.spend(
        unit.tx,
        citizen_id=unit.citizen.id,
        kind="national_id",
        most=_TRIES_MAX,
        window=_TRIES_IN,
        now=unit.now,
    )
    workshop, _one = await workshops.registration(
        unit.tx, registration_id=one.id, actor=at_hand.citizen(context)
    )
    await workshops.give_national_id(
        unit.tx,
        registration_id=one.id,
        payer_id=unit.citizen.id,
        typed=typed,
        policy=context.policy_of(workshop.office_id),
        keyring=unit.desk.keyring,
        now=unit.now,
    )


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a voice or a sticker without opening it, and go on waiting."""
    message = update.effective_message
    assert message is not None
    sheet, one = await _here(context)
    page = views.ask(sheet, one, note=views.text_needed(context.words), is_again=True)
    context.reply(page, once=album_of(message))


async def cancel(_update: Update, context: DeskContext) -> None:
    """Answer /cancel: what was begun is kept, and shown with all that is possible."""
    sheet, _one = await _here(context)
    await show(context, sheet, note=views.left(context.words), is_page=False)


async def _here(context: DeskContext) -> tuple[Sheet, Registration]:
    """Find whose number is waited for. Raises StaleButton, NoSuchRegistration."""
    dialogue = context.unit.dialogue
    assert dialogue is not None
    kept = dialogue.draft
    ids = [RegistrationId(one) for one in numbers_in(str(kept.get("registrations")))]
    sheet = await at_hand.own_sheet_of_all(context, ids)
    asked = [one for one in sheet.registrations if one.id == kept.get("asked")]
    if not asked:
        raise StaleButton
    return sheet, asked[0]
