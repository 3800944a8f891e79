"""How officers make and change a workshop: by a form that they fill in, one message at a time."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.errors import FormUnreadable
from bot.workshops.model import Details, FormField, WorkshopId
from bot.workshops.rules import form as forms
from bot.workshops.rules import publishing
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.workshop_desk import DeskAct, NewWorkshopPressed, PlanAccepted
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, acting, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up
from handlers.staff.workshops.workshop_telling import tell_cancelled, tell_extended
from handlers.staff.workshops.workshops import PROMPT, show, show_card
from handlers.views.workshops import workshop_desk as views
from handlers.views.workshops import workshop_form as form_views

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import FilledForm, Plan, Proposal, Workshop
    from handlers.context import DeskContext

    Take = Callable[[DeskContext, Workshop, Staff, str], Awaitable[None]]

NEW: Final = "do:workshop-new"
_MARK_SIGNS: Final = 8


def add(application: Application) -> None:
    """Add the form of a NEW_IN_GROUP workshop, and what is replied to the prompts of a card."""
    written = NEW_IN_GROUP & WORDS
    application.add_handler(MessageHandler(written & About(NEW), make))
    application.add_handler(MessageHandler(written & About(PROMPT), change))
    add_buttons(application, (NewWorkshopPressed, offer_form), (PlanAccepted, take_dates))


@staff_action(*OFFICERS)
async def offer_form(update: Update, context: DeskContext) -> None:
    """Send the form of a new workshop."""
    asked = NewWorkshopPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    context.reply(
        form_views.new_prompt(context.words, published), about=f"{NEW}:{published.office.id}"
    )


@staff_action(*OFFICERS)
async def make(update: Update, context: DeskContext) -> None:
    """Begin a draft with the form that was sent; dates are proposed at once if it says enough."""
    office_id = (context.unit.subject or "").rpartition(":")[2]
    staff = await acting(update, context, office_id, OFFICERS)
    message = update.effective_message
    assert message is not None
    filled = _filled(context, message.text or "")
    if FormField.TITLE not in filled.lines:
        raise FormUnreadable((FormField.TITLE,), filled.unknown)
    unit = context.unit
    details, plan = _read(context, Details(filled.lines[FormField.TITLE]), filled)
    workshop = await workshops.draft(unit.tx, details=details, actor=staff, now=unit.now)
    await _set_terms(context, workshop, staff, filled.lines)
    await _show_changed(context, workshop, staff, filled)
    if plan is not None:
        await _propose(context, workshop, plan, is_page=False)


@staff_action(*OFFICERS)
async def change(update: Update, context: DeskContext) -> None:
    """Take what was replied to a prompt of a card."""
    verb, _colon, number = (context.unit.subject or "").removeprefix(f"{PROMPT}:").partition(":")
    take = _TAKERS.get(verb)
    if take is None:
        raise StaleButton
    workshop, staff = await take_up(update, context, WorkshopId(number_in(number)))
    message = update.effective_message
    assert message is not None
    await take(context, workshop, staff, message.text or "")


@staff_action(*OFFICERS)
async def take_dates(update: Update, context: DeskContext) -> None:
    """Give a draft the dates that were shown; where the calendar changed, show it anew."""
    asked = PlanAccepted.unpack(pressed(update))
    workshop, staff = await take_up(update, context, asked.workshop)
    unit = context.unit
    calendar = await context.calendar(workshop.office_id)
    proposal = workshops.propose_sessions(asked.plan, calendar=calendar, now=unit.now)
    if _mark(proposal) != asked.mark:
        _ = context.words.gettext
        context.toast(_("The calendar has changed since; please look at the dates again."))
        await _propose(context, workshop, asked.plan, is_page=True)
        return
    await workshops.set_sessions(
        unit.tx,
        workshop_id=workshop.id,
        slots=proposal.slots,
        calendar=calendar,
        actor=staff,
        now=unit.now,
    )
    await show(context, workshop, staff)


async def _edit(context: DeskContext, workshop: Workshop, staff: Staff, text: str) -> None:
    unit = context.unit
    filled = _filled(context, text)
    if not filled.lines:
        raise FormUnreadable((FormField.PLACES,), filled.unknown)
    details, plan = _read(context, workshop.details, filled)
    if details != workshop.details:
        await workshops.set_details(
            unit.tx, workshop_id=workshop.id, details=details, actor=staff, now=unit.now
        )
    await _set_terms(context, workshop, staff, filled.lines)
    await _show_changed(context, workshop, staff, filled)
    if plan is not None:
        await _propose(context, workshop, plan, is_page=False)


async def _terms(context: DeskContext, workshop: Workshop, staff: Staff, text: str) -> None:
    await _set_terms(context, workshop, staff, {FormField.TERMS: text})
    await show_card(context, workshop, staff, is_page=False)


async def _plan(context: DeskContext, workshop: Workshop, _staff: Staff, text: str) -> None:
    filled = _filled(context, text, of=forms.PLAN)
    _details, plan = _read(context, workshop.details, filled)
    if plan is None:
        raise FormUnreadable(forms.PLAN)
    await _propose(context, workshop, plan, is_page=False)


async def _pause(context: DeskContext, workshop: Workshop, staff: Staff, text: str) -> None:
    unit = context.unit
    await workshops.pause(unit.tx, workshop_id=workshop.id, actor=staff, reason=text, now=unit.now)
    await show_card(context, workshop, staff, is_page=False)


async def _extend(context: DeskContext, workshop: Workshop, staff: Staff, text: str) -> None:
    unit = context.unit
    closes_at = forms.read_moment(text, tehran_day(unit.now))
    if closes_at is None:
        raise FormUnreadable((FormField.CLOSES,))
    extended = await workshops.extend(
        unit.tx, workshop_id=workshop.id, closes_at=closes_at, actor=staff, now=unit.now
    )
    await tell_extended(context, extended)
    await show_card(context, workshop, staff, is_page=False)


async def _cancel(context: DeskContext, workshop: Workshop, staff: Staff, text: str) -> None:
    unit = context.unit
    cancelled, owed = await workshops.cancel(
        unit.tx,
        workshop_id=workshop.id,
        actor=staff,
        reason=text,
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    await tell_cancelled(context, cancelled, owed, publishing.fit_reason(text))
    await show_card(context, workshop, staff, is_page=False)


_TAKERS: dict[str, Take] = {
    DeskAct.EDIT: _edit,
    DeskAct.TERMS: _terms,
    DeskAct.PLAN: _plan,
    DeskAct.PAUSE: _pause,
    DeskAct.EXTEND: _extend,
    DeskAct.CANCEL: _cancel,
}


async def _propose(context: DeskContext, workshop: Workshop, plan: Plan, *, is_page: bool) -> None:
    calendar = await context.calendar(workshop.office_id)
    proposal = workshops.propose_sessions(plan, calendar=calendar, now=context.unit.now)
    page = views.proposed(
        context.words, workshop, plan, proposal, _mark(proposal), is_page=is_page
    )
    context.reply(page, about=f"workshop:{workshop.id}")


async def _set_terms(
    context: DeskContext, workshop: Workshop, staff: Staff, form: Mapping[FormField, str]
) -> None:
    if FormField.TERMS in form:
        unit = context.unit
        await workshops.set_terms(
            unit.tx,
            workshop_id=workshop.id,
            text=form[FormField.TERMS],
            actor=staff,
            now=unit.now,
        )


async def _show_changed(
    context: DeskContext, workshop: Workshop, staff: Staff, filled: FilledForm
) -> None:
    head = form_views.joined_said(context.words, filled)
    await show_card(context, workshop, staff, head=head, is_page=False)


def _filled(
    context: DeskContext, text: str, of: Collection[FormField] = tuple(FormField)
) -> FilledForm:
    return form_views.read(text, context.unit.desk.words.values(), of)


def _read(
    context: DeskContext, details: Details, filled: FilledForm
) -> tuple[Details, Plan | None]:
    unit = context.unit
    free_words = form_views.free_words(unit.desk.words.values())
    return forms.read_form(details, filled, tehran_day(unit.now), free_words)


def _mark(proposal: Proposal) -> str:
    """Digest the dates that were shown, so that only they are taken."""
    dates = ",".join(slot.starts_at.isoformat() for slot in proposal.slots)
    return sha256(dates.encode()).hexdigest()[:_MARK_SIGNS]
