"""A circular is entered by an officer step by step, and holds once a manager has confirmed it.

What is typed is typed in reply to a prompt; a reply to an earlier prompt mends that answer. What
was entered waits as the officer's flow, whose token is on the manager's button.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler

from bot.catalogue import rules
from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CircularIncomplete, CircularTaken, NotYetDispatched
from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from handlers.adding import NEW_IN_GROUP, WORDLESS, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.circulars import (
    CircularAllPressed,
    CircularConfirmed,
    CircularDropped,
    CircularOfficePressed,
    CircularPagePressed,
    CircularServicePressed,
    CircularServicesChosen,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, OFFICERS, acting, acting_here, staff_action
from handlers.staff.cases.desk import refuse_file
from handlers.staff.circulars import agreement_ends, versions
from handlers.staff.circulars.circular_draft import FLOW, draft_of, kept, moment_in
from handlers.staff.circulars.circular_effects import effect_of
from handlers.views.office import circulars as views
from handlers.views.office.circulars import CircularDraft
from handlers.views.office.members import offices_to_choose

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, Dialogue, Staff
    from handlers.context import DeskContext

SUBJECT = "do:circular"
LISTED = "lists:circular"  # a reply to a list of cases reaches no citizen
_NUMBER_UNITS_MAX = 60
_SUMMARY_UNITS_MAX = 1000
_KNOWN_MAX = 500


def add(application: Application) -> None:
    """Add circulars, the versions they make, and the end of an agreement."""
    application.add_handler(CommandHandler("circular", begin, filters=NEW_IN_GROUP))
    prompted = NEW_IN_GROUP & About(SUBJECT)
    application.add_handler(MessageHandler(prompted & WORDS, follow))
    application.add_handler(MessageHandler(prompted & WORDLESS, refuse_file))
    add_buttons(
        application,
        (CircularOfficePressed, choose_office),
        (CircularServicePressed, toggle_service),
        (CircularAllPressed, toggle_all),
        (CircularPagePressed, turn_services),
        (CircularServicesChosen, take_services),
        (CircularConfirmed, confirm),
        (CircularDropped, drop),
    )
    versions.add(application)
    agreement_ends.add(application)


@staff_action(*OFFICERS)
async def begin(update: Update, context: DeskContext) -> None:
    """Answer /circular: ask for the office if there are several, then for the number."""
    offices = await acting_here(update, context, OFFICERS)
    if len(offices) == 1:
        (office_id,) = offices
        await _begin(context, office_id, offices[office_id].name)
        return
    published = [_published(context, office_id) for office_id in offices]
    context.reply(offices_to_choose(context.words, published, CircularOfficePressed))


@staff_action(*OFFICERS)
async def choose_office(update: Update, context: DeskContext) -> None:
    """Answer the office whose circular it is by asking for its number."""
    asked = CircularOfficePressed.unpack(pressed(update))
    staff = await acting(update, context, asked.office_id, OFFICERS)
    await _begin(context, asked.office_id, staff.name)


@staff_action(*OFFICERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Take what was typed in reply to a prompt, and ask for what is missing still."""
    message, unit = update.effective_message, context.unit
    assert message is not None
    await acting_here(update, context, OFFICERS)
    token, step = (unit.subject or "").split(":")[-2:]
    talk = unit.dialogue
    if talk is None or (talk.name, talk.token) != (FLOW, token):
        context.reply(views.not_yours_or_over(context.words))
        return
    draft = draft_of(talk)
    await acting(update, context, draft.office_id, OFFICERS)
    takes = {"number": _number, "dispatch": _dispatch, "summary": _summary}
    await _go_on(context, await takes[step](context, draft, message.text or ""))


@staff_action(*OFFICERS)
async def toggle_service(update: Update, context: DeskContext) -> None:
    """Mark a service, or take its mark away."""
    asked = CircularServicePressed.unpack(pressed(update))
    draft = await _own(update, context, asked.token)
    if _published(context, draft.office_id).service(asked.service_id) is None:
        raise StaleButton
    await _show_services(context, draft.toggled(asked.service_id), number_in(asked.page))


@staff_action(*OFFICERS)
async def toggle_all(update: Update, context: DeskContext) -> None:
    """Mark every service, or none where all were marked."""
    asked = CircularAllPressed.unpack(pressed(update))
    draft = await _own(update, context, asked.token)
    every = tuple(one.id for one in _published(context, draft.office_id).services)
    chosen = () if set(draft.service_ids) == set(every) else every
    await _show_services(context, replace(draft, service_ids=chosen), number_in(asked.page))


@staff_action(*OFFICERS)
async def turn_services(update: Update, context: DeskContext) -> None:
    """Turn the page of the services."""
    asked = CircularPagePressed.unpack(pressed(update))
    draft = await _own(update, context, asked.token)
    await _show_services(context, draft, number_in(asked.page))


@staff_action(*OFFICERS)
async def take_services(update: Update, context: DeskContext) -> None:
    """Take the marked services for all that the circular changes."""
    draft = await _own(update, context, CircularServicesChosen.unpack(pressed(update)).token)
    if not draft.service_ids:
        raise CircularIncomplete
    await _go_on(context, replace(draft, are_services_chosen=True))


@staff_action(*MANAGERS)
async def confirm(update: Update, context: DeskContext) -> None:
    """Let the circular hold, as a manager confirms it; whoever entered it is in the record too."""
    asked, unit = CircularConfirmed.unpack(pressed(update)), context.unit
    talk = await _waiting(context, asked.officer, asked.token)
    draft = draft_of(talk)
    manager = await acting(update, context, draft.office_id, MANAGERS)
    if draft.step != "confirm":
        raise StaleButton
    assert draft.number is not None
    assert draft.dispatched_at is not None
    assert draft.summary is not None
    published = _published(context, draft.office_id)
    effect = await effect_of(context, draft)
    circular = await catalogues.enter_circular(
        unit.tx,
        office_id=draft.office_id,
        number=draft.number,
        issued_on=None,
        dispatched_at=draft.dispatched_at,
        service_ids=draft.service_ids,
        summary=draft.summary,
        actor=manager,
        now=unit.now,
    )
    await _record_officer(context, talk, manager, f"circular:{circular.id}")
    await _end(context, talk)
    context.reply(views.entered(context.words, published, circular, effect), about=LISTED)


@staff_action(*OFFICERS)
async def drop(update: Update, context: DeskContext) -> None:
    """Leave everything as it is; whoever entered it may say so, or a manager."""
    asked = CircularDropped.unpack(pressed(update))
    talk = await _waiting(context, asked.officer, asked.token)
    staff = await acting(update, context, draft_of(talk).office_id, OFFICERS)
    if staff.id != talk.citizen_id and staff.role is not Role.MANAGER:
        raise StaffOnly(MANAGERS)
    await _end(context, talk)
    context.reply(views.dropped(context.words))


async def _begin(context: DeskContext, office_id: str, officer_name: str) -> None:
    draft = CircularDraft(office_id, officer_name)
    await context.begin(FLOW, draft.step, **kept(draft))
    await _go_on(context, draft)


async def _go_on(context: DeskContext, draft: CircularDraft) -> None:
    """Keep what was said, and ask for the next thing or show it all."""
    talk = await context.advance(draft.step, **kept(draft))
    published = _published(context, draft.office_id)
    if draft.step == "services":
        context.reply(views.service_choice(context.words, published, draft, talk, 0))
    elif draft.step == "confirm":
        effect = await effect_of(context, draft)
        context.reply(views.preview(context.words, published, draft, effect, talk), about=LISTED)
    else:
        about = f"{SUBJECT}:{talk.token}:{draft.step}"
        context.reply(views.prompt(context.words, published, draft), about=about)


async def _show_services(context: DeskContext, draft: CircularDraft, page: int) -> None:
    draft = replace(draft, are_services_chosen=False)
    talk = await context.advance(draft.step, **kept(draft))
    published = _published(context, draft.office_id)
    context.reply(views.service_choice(context.words, published, draft, talk, page))


async def _number(context: DeskContext, draft: CircularDraft, typed: str) -> CircularDraft:
    number = rules.plain(" ".join(typed.split()), _NUMBER_UNITS_MAX)
    if not any(map(str.isalnum, number)):
        raise CircularIncomplete
    known = await catalogues.circulars_of(
        context.unit.tx, office_id=draft.office_id, limit=_KNOWN_MAX
    )
    if number in {one.number for one in known}:
        raise CircularTaken(number)
    return replace(draft, number=number)


async def _dispatch(context: DeskContext, draft: CircularDraft, typed: str) -> CircularDraft:
    moment = moment_in(typed, context.unit.now)
    if moment > context.unit.now:
        raise NotYetDispatched(moment)
    return replace(draft, dispatched_at=moment)


async def _summary(context: DeskContext, draft: CircularDraft, typed: str) -> CircularDraft:
    del context
    return replace(draft, summary=rules.public_text(typed, _SUMMARY_UNITS_MAX))


async def _own(update: Update, context: DeskContext, token: str) -> CircularDraft:
    """Find what the person is entering; buttons under a colleague's entry are not theirs."""
    talk = context.unit.dialogue
    if talk is None or (talk.name, talk.token) != (FLOW, token):
        raise StaleButton
    draft = draft_of(talk)
    await acting(update, context, draft.office_id, OFFICERS)
    return draft


async def _waiting(context: DeskContext, officer_id: CitizenId, token: str) -> Dialogue:
    """Find what an officer has entered in this chat, as long as it waits."""
    unit = context.unit
    talk = await citizens.dialogue_of(
        unit.tx, chat_id=context.place_id, citizen_id=officer_id, now=unit.now
    )
    if talk is None or (talk.name, talk.token) != (FLOW, token):
        raise StaleButton
    return talk


async def _record_officer(
    context: DeskContext, talk: Dialogue, manager: Staff, subject: str
) -> None:
    """Put whoever entered it beside whoever confirmed it, if they are two."""
    if talk.citizen_id == manager.id:
        return
    unit = context.unit
    for held in await citizens.roles_of(unit.tx, citizen_id=talk.citizen_id):
        if held.office_id == manager.office_id:
            await citizens.record(
                unit.tx, actor=held, action="propose_circular", subject=subject, now=unit.now
            )
            return


async def _end(context: DeskContext, talk: Dialogue) -> None:
    if context.unit.dialogue is not None and context.unit.dialogue.token == talk.token:
        await context.end_dialogue()
    else:
        await citizens.end(context.unit.tx, dialogue=talk)


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    return context.unit.desk.catalogue.published_by(office_id)
