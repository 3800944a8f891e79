"""A manager decides whether a fee goes back instead of make-up classes (KN-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.citizens import use_cases as citizens
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import StepRefused
from bot.workshops.model import RegistrationId, RegistrationState
from bot.workshops.rules import money, publishing
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.workshop_credit import FeeBackAgreed, FeeBackRefused
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up_registration
from handlers.views.refusals import refusal
from handlers.views.workshops import workshop_credit as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.kit.words import Words
    from bot.workshops.model import Registration, Workshop
    from handlers.context import DeskContext

SUBJECT: Final = "do:feeback"
_JOURNALS_MAX: Final = 20


def add(application: Application) -> None:
    """Add the two buttons, and the reason of a refusal."""
    replied = NEW_IN_GROUP & About(SUBJECT) & WORDS
    application.add_handler(MessageHandler(replied, refuse))
    add_buttons(application, (FeeBackAgreed, agree), (FeeBackRefused, ask_why_refused))


@staff_action(*MANAGERS)
async def agree(update: Update, context: DeskContext) -> None:
    """Give the fee back, and tell the citizen; what was decided before is shown as it is."""
    asked = FeeBackAgreed.unpack(pressed(update))
    workshop, one, staff = await take_up_registration(update, context, asked.registration)
    unit = context.unit
    _ = context.words.gettext
    try:
        credited = await workshops.credit(
            unit.tx,
            registration_id=one.id,
            actor=staff,
            reason=_("the citizen asked for the fee instead"),
            now=unit.now,
        )
    except StepRefused as error:
        context.toast(refusal(error, context.words))
        credited = one
    else:
        await _tell_agreed(context, workshop, credited)
    await _show(context, workshop, credited)


async def _tell_agreed(context: DeskContext, workshop: Workshop, one: Registration) -> None:
    journals = await wallet.journals_about(
        context.unit.tx, reference=money.reference_of(one.id), limit=_JOURNALS_MAX
    )
    words = await _words_of_payer(context, one)
    journal_id = journals[-1].id if journals else None
    context.tell(int(one.payer_id), views.agreed_notice(words, workshop, one, journal_id))


@staff_action(*MANAGERS)
async def ask_why_refused(update: Update, context: DeskContext) -> None:
    """Ask a manager for the reason, in a message that they reply to."""
    asked = FeeBackRefused.unpack(pressed(update))
    workshop, one, _staff = await take_up_registration(update, context, asked.registration)
    if one.state is not RegistrationState.CONFIRMED:
        await _show(context, workshop, one)
        return
    prompt = views.refusal_prompt(context.words, workshop, one)
    context.reply(prompt, about=f"{SUBJECT}:{one.id}")


@staff_action(*MANAGERS)
async def refuse(update: Update, context: DeskContext) -> None:
    """Tell the citizen the reason of the reply; what is owed to them stays owed."""
    message = update.effective_message
    assert message is not None
    number = (context.unit.subject or "").rpartition(":")[2]
    registration_id = RegistrationId(number_in(number))
    workshop, one, _staff = await take_up_registration(update, context, registration_id)
    if one.state is not RegistrationState.CONFIRMED:
        await _show(context, workshop, one)
        return
    reason = publishing.fit_reason(message.text or "")
    words = await _words_of_payer(context, one)
    notice = views.refused_notice(words, workshop, one, reason)
    context.tell(int(one.payer_id), notice)
    context.reply(views.refused_done(context.words, one))


async def _words_of_payer(context: DeskContext, one: Registration) -> Words:
    desk = context.unit.desk
    payer = await citizens.recall(context.unit.tx, citizen_id=one.payer_id)
    return desk.words_of(payer.language or desk.default_language)


async def _show(context: DeskContext, workshop: Workshop, one: Registration) -> None:
    """Show the card as it stands now, in its place."""
    unit = context.unit
    learners = await citizens.find_learners(
        unit.tx, learner_ids=[one.learner_id], keyring=unit.desk.keyring
    )
    published = unit.desk.catalogue.published_by(workshop.office_id)
    card = views.card(
        context.words, published, workshop, one, learners.get(one.learner_id), is_page=True
    )
    context.reply(card, about=f"workshop:{workshop.id}")
