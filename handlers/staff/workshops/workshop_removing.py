"""A manager takes a place in a workshop away, with a reason that the family reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.model import Actor, RegistrationAct, RegistrationId
from bot.workshops.rules import publishing, states
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.workshop_credit import RemovalAsked
from handlers.callback_data.workshop_sessions import RemovalTurned
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, staff_action
from handlers.staff.workshops import workshop_telling as telling
from handlers.staff.workshops.workshop_at_hand import take_up, take_up_registration
from handlers.staff.workshops.workshop_people import show_list
from handlers.views.cases.case_draft import cleaned
from handlers.views.workshops import workshop_removal as views
from handlers.views.workshops.workshop_learners import masked

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

SUBJECT: Final = "do:remove"


def add(application: Application) -> None:
    """Add the list to choose from, the question, and the reason that answers it."""
    replied = NEW_IN_GROUP & About(SUBJECT) & WORDS
    application.add_handler(MessageHandler(replied, remove))
    add_buttons(application, (RemovalTurned, choose), (RemovalAsked, ask_why))


@staff_action(*MANAGERS)
async def choose(update: Update, context: DeskContext) -> None:
    """Show the list of learners with a button for each place."""
    asked = RemovalTurned.unpack(pressed(update))
    workshop, _staff = await take_up(update, context, asked.workshop, MANAGERS)
    await show_list(context, workshop, asked.page_number, is_removing=True)


@staff_action(*MANAGERS)
async def ask_why(update: Update, context: DeskContext) -> None:
    """Ask for the reason, in a message that is replied to."""
    asked = RemovalAsked.unpack(pressed(update))
    workshop, one, staff = await take_up_registration(update, context, asked.registration)
    states.REGISTRATION.after(one.state, RegistrationAct.REMOVE, Actor.staff(staff))
    unit = context.unit
    learners = await citizens.find_learners(
        unit.tx, learner_ids=[one.learner_id], keyring=unit.desk.keyring
    )
    learner = masked(learners.get(one.learner_id), tehran_day(one.made_at), context.words)
    prompt = views.prompt(context.words, workshop, one, learner)
    context.reply(prompt, about=f"{SUBJECT}:{one.id}")


@staff_action(*MANAGERS)
async def remove(update: Update, context: DeskContext) -> None:
    """Take the place away with the reason of the reply; a second reply is refused."""
    message = update.effective_message
    assert message is not None
    reason = publishing.fit_reason(cleaned(message.text or ""))
    asked = RegistrationId(number_in((context.unit.subject or "").rpartition(":")[2]))
    workshop, one, staff = await take_up_registration(update, context, asked)
    unit = context.unit
    freed = await workshops.remove(
        unit.tx,
        registration_id=one.id,
        actor=Actor.staff(staff),
        reason=reason,
        calendar=await context.calendar(workshop.office_id),
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    (removed,) = freed.registrations
    await telling.tell_removed(context, workshop, removed, reason)
    await telling.tell_promoted(context, workshop, freed.promotions)
    context.reply(views.done(context.words, workshop, removed), about=f"workshop:{workshop.id}")
