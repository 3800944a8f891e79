"""Those whom a person registers: the list, adding somebody in three steps, taking somebody out.

A name is sealed as soon as it is typed. A word that cannot be read is asked for again, kindly.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler, filters
from telegram.ext.filters import UpdateFilter

from bot.citizens import rules
from bot.citizens import use_cases as citizens
from bot.citizens.errors import (
    AlreadyLearner,
    BirthDateUnreadable,
    GuardianNeeded,
    NameUnreadable,
    TooManyLearners,
)
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop, RegistrationNotOpen
from bot.workshops.model import RegistrationState, WorkshopId
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.learners import (
    LearnerDialoguePressed,
    LearnerPress,
    LearnersPressed,
    LearnerVerb,
)
from handlers.consenting import keep_consent, with_consent
from handlers.context import current_unit, pressed
from handlers.recognizing import InDialogue
from handlers.views.cases.case_asides import cancelled
from handlers.views.common import text_only
from handlers.views.refusals import refusal
from handlers.views.workshops import learners as views
from handlers.views.workshops.learners import FLOW, Draft, Step
from handlers.workshops import at_hand
from handlers.workshops.registering import ask_who

if TYPE_CHECKING:
    from datetime import timedelta

    from telegram import Update

    from bot.citizens.model import Dialogue, Learner
    from bot.workshops.model import Registration
    from handlers.context import DeskContext

_FRESH_FOR: Final[timedelta] = rules.DIALOGUE_LASTS / 48  # what is written later is another thing
_COLUMN: Final = "dialogue.learner"
_ACTIVE: Final = (
    RegistrationState.DRAFT,
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
)
_LOOKED_AT: Final = 100


class _Answering(UpdateFilter):
    """Lets a message pass that answers what was asked a short while ago."""

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what was asked and when."""
        del update
        unit = current_unit.get()
        assert unit.dialogue is not None
        return unit.dialogue.expires_at - unit.now > rules.DIALOGUE_LASTS - _FRESH_FOR


def add(application: Application) -> None:
    """Add the buttons and the steps."""
    typed = InDialogue(FLOW, Step.NAME.value, Step.BIRTH.value)
    here = typed & NEW_IN_PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(here & filters.TEXT & _Answering(), take_text))
    application.add_handler(MessageHandler(here & ~filters.TEXT & _Answering(), refuse_other))
    add_buttons(application, (LearnersPressed, answer), (LearnerDialoguePressed, answer_step))


async def answer(update: Update, context: DeskContext) -> None:
    """Answer a button of the list, or of the way to a workshop."""
    asked = LearnersPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    verb = next((verb for verb in LearnerVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    if verb is LearnerVerb.LIST:
        await show_list(context)
    elif verb in (LearnerVerb.ADD, LearnerVerb.ADD_SELF):
        await _begin(context, is_self=verb is LearnerVerb.ADD_SELF, workshop=asked.workshop)
    else:
        await _look_at(context, verb, asked)


async def show_list(context: DeskContext, *, note: str = "", is_page: bool = True) -> None:
    """List whom this person registers."""
    learners = list((await at_hand.own_learners(context)).values())
    today = tehran_day(context.unit.now)
    context.reply(views.list_page(context.words, learners, today, note=note, is_page=is_page))


async def _look_at(context: DeskContext, verb: LearnerVerb, asked: LearnersPressed) -> None:
    """Show a learner, or take one out. Raises NoSuchLearner."""
    unit = context.unit
    learner = await citizens.find_learner(
        unit.tx,
        learner_id=asked.learner,
        guardian_id=unit.citizen.id,
        keyring=unit.desk.keyring,
    )
    if verb is LearnerVerb.SHOW:
        context.reply(views.learner_page(context.words, learner, tehran_day(unit.now)))
        return
    active = await _active_of(context, learner)
    if active:
        named = await workshops.workshops_named(unit.tx, ids={one.workshop_id for one in active})
        context.reply(views.still_registered(context.words, learner, active, named))
    elif verb is LearnerVerb.REMOVE:
        context.reply(views.remove_asked(context.words, learner))
    else:
        await citizens.remove_learner(
            unit.tx,
            learner_id=learner.id,
            guardian_id=unit.citizen.id,
            keyring=unit.desk.keyring,
            now=unit.now,
        )
        await show_list(context, note=views.removed(context.words))


async def _active_of(context: DeskContext, learner: Learner) -> list[Registration]:
    """Find the registrations of a learner that are not over, however many a person has."""
    unit, found, before = context.unit, [], None
    while True:
        some = await workshops.registrations_of(
            unit.tx,
            payer_id=unit.citizen.id,
            states=_ACTIVE,
            before=before,
            limit=_LOOKED_AT,
        )
        found += [one for one in some if one.learner_id == learner.id]
        if len(some) < _LOOKED_AT:
            return found
        before = some[-1].id


async def _begin(context: DeskContext, *, is_self: bool, workshop: WorkshopId | None) -> None:
    """Begin to describe a learner. Raises AlreadyLearner, TooManyLearners."""
    known = await at_hand.own_learners(context)
    if is_self and any(one.is_self for one in known.values()):
        raise AlreadyLearner
    if len(known) >= rules.LEARNERS_MAX:
        raise TooManyLearners(rules.LEARNERS_MAX)
    draft = Draft(is_self, 0 if workshop is None else int(workshop))
    await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    await _go_on(context, draft, is_page=True)


async def take_text(update: Update, context: DeskContext) -> None:
    """Read what was typed as what was asked for."""
    message, dialogue = update.effective_message, context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    draft, note = Draft.of(dialogue), ""
    try:
        draft = _described(context, draft, message.text or "")
    except (NameUnreadable, BirthDateUnreadable) as error:
        note = refusal(error, context.words)
    except GuardianNeeded as error:
        await context.end_dialogue()
        await show_list(context, note=refusal(error, context.words), is_page=False)
        return
    await _go_on(context, draft, note=note)


def _described(context: DeskContext, draft: Draft, typed: str) -> Draft:
    """Take what was typed. Raises NameUnreadable, BirthDateUnreadable, and GuardianNeeded."""
    if draft.next_step is Step.NAME:
        return replace(draft, name=_sealed(context, rules.given_name(typed)))
    today = tehran_day(context.unit.now)
    born_on = rules.birth_date(typed, today)
    if draft.is_self:
        rules.ensure_of_age(born_on, today)
    return replace(draft, born_on=born_on)


async def refuse_other(_update: Update, context: DeskContext) -> None:
    """Refuse a picture, a voice or a sticker without opening it, and go on waiting."""
    dialogue = context.unit.dialogue
    assert dialogue is not None
    await _go_on(context, Draft.of(dialogue), note=text_only(context.words))


async def answer_step(update: Update, context: DeskContext) -> None:
    """Answer a button of the flow; one of an earlier run shows the list instead."""
    asked = LearnerDialoguePressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    press = next((press for press in LearnerPress if press == asked.verb), None)
    if press is None:
        raise StaleButton
    dialogue = context.unit.dialogue
    if dialogue is None or dialogue.name != FLOW or dialogue.token != asked.token:
        await _lead_on(context, press, asked.workshop)
        return
    draft = Draft.of(dialogue)
    if press is LearnerPress.CANCEL:
        await context.end_dialogue()
        context.reply(cancelled(context.words, is_page=True))
    elif press is LearnerPress.NAME:
        await _go_on(context, replace(draft, name=None), is_page=True)
    elif press is LearnerPress.BIRTH:
        await _go_on(context, replace(draft, born_on=None), is_page=True)
    elif draft.next_step is Step.REVIEW and await keep_consent(context):
        await _save(context, draft)
    else:
        await _go_on(context, draft, is_page=True)


async def _save(context: DeskContext, draft: Draft) -> None:
    """Keep the learner, and go on to the workshop on the way to which it was done."""
    assert draft.name is not None
    assert draft.born_on is not None
    unit = context.unit
    await citizens.add_learner(
        unit.tx,
        guardian_id=unit.citizen.id,
        given_name=_opened(context, draft.name),
        born_on=draft.born_on,
        is_self=draft.is_self,
        keyring=unit.desk.keyring,
        now=unit.now,
    )
    await context.end_dialogue()
    note = views.saved(context.words)
    if draft.workshop_id:
        await _go_to(context, WorkshopId(draft.workshop_id), note)
    else:
        await show_list(context, note=note)


async def _lead_on(
    context: DeskContext, press: LearnerPress, workshop_id: WorkshopId | None
) -> None:
    """Answer a button of a run that is over; a second tap on save leads where the first did."""
    if press is LearnerPress.SAVE and workshop_id is not None:
        await _go_to(context, workshop_id, views.over_on_the_way(context.words))
    else:
        await show_list(context, note=views.over(context.words))


async def _go_to(context: DeskContext, workshop_id: WorkshopId, note: str) -> None:
    """Go on to a workshop; to the list where it takes nobody any more."""
    try:
        await ask_who(context, workshop_id, note=note)
    except (NoSuchWorkshop, RegistrationNotOpen) as error:
        await show_list(context, note=f"{note}\n\n{refusal(error, context.words)}")


async def _go_on(
    context: DeskContext, draft: Draft, *, note: str = "", is_page: bool = False
) -> None:
    """Keep the draft, and ask what is missing or show it for a last look."""
    dialogue: Dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    page = views.step_page(
        context.words,
        dialogue,
        draft,
        name="" if draft.name is None else _opened(context, draft.name),
        today=tehran_day(context.unit.now),
        note=note,
        is_page=is_page,
    )
    if draft.next_step is Step.REVIEW:
        page = await with_consent(context, page)
    context.reply(page)


def _sealed(context: DeskContext, name: str) -> str:
    unit = context.unit
    sealed = unit.desk.keyring.seal(name, column=_COLUMN, row=int(unit.citizen.id))
    return b64encode(sealed).decode()


def _opened(context: DeskContext, sealed: str) -> str:
    unit = context.unit
    return unit.desk.keyring.open(b64decode(sealed), column=_COLUMN, row=int(unit.citizen.id))
