"""The sessions of a workshop in the admin chat: listed, cancelled, and given other dates.

Whatever changes is told to the families in the same transaction.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.errors import PlanUnfit
from bot.workshops.model import CancelReason, SessionState, Slot
from bot.workshops.rules import publishing
from bot.workshops.rules.form import read_start
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.workshop_desk import DeskSessionPressed
from handlers.callback_data.workshop_sessions import ReplanPressed, SessionVerb
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, staff_action
from handlers.staff.workshops import attendance, make_ups
from handlers.staff.workshops.workshop_at_hand import take_up, take_up_session
from handlers.staff.workshops.workshop_telling import tell, tell_moved
from handlers.views.workshops import session_notices, workshop_alerts
from handlers.views.workshops import workshop_sessions as views
from handlers.views.workshops.session_words import cancel_reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import MakeUp, Replan, Session, SessionId, Workshop
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

    Act = Callable[[DeskContext, Workshop, Session, Staff, str], Awaitable[None]]

SUBJECT: Final = "do:session"


def add(application: Application) -> None:
    """Add the buttons, and what is replied to the prompts."""
    written = NEW_IN_GROUP & WORDS
    application.add_handler(MessageHandler(written & About(SUBJECT), follow))
    add_buttons(application, (DeskSessionPressed, press), (ReplanPressed, replan))


async def show_sessions(context: DeskContext, workshop: Workshop, _staff: Staff) -> None:
    """Show the sessions of a workshop, in the place of its card."""
    tx = context.unit.tx
    sessions = await workshops.sessions(tx, workshop_id=workshop.id)
    owed = await workshops.make_ups(tx, workshop_id=workshop.id)
    page = views.listed(context.words, workshop, sessions, owed)
    context.reply(page, about=f"workshop:{workshop.id}")


@staff_action(*OFFICERS)
async def press(update: Update, context: DeskContext) -> None:
    """Do what a button about a session says."""
    asked = DeskSessionPressed.unpack(pressed(update))
    act = next((act for verb, act in _ACTS.items() if verb == asked.act), None)
    if act is None:
        raise StaleButton
    workshop, session, staff = await take_up_session(update, context, asked.session)
    await act(context, workshop, session, staff, asked.step)


@staff_action(*OFFICERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Take what was replied to a prompt about a session."""
    verb, _colon, id_ = (context.unit.subject or "").removeprefix(f"{SUBJECT}:").partition(":")
    workshop, session, staff = await take_up_session(update, context, _session_id(id_))
    message = update.effective_message
    assert message is not None
    text = message.text or ""
    if verb == SessionVerb.CANCEL:
        why = CancelReason.OTHER
        await _cancel_now(context, workshop, session, staff, why=why, reason=text)
    else:
        await _move_now(context, workshop, session, staff, text)


def _session_id(text: str) -> SessionId:
    return DeskSessionPressed(text, "").session


async def show_card(
    context: DeskContext, workshop: Workshop, session: Session, *, head: str = "", is_page: bool
) -> None:
    """Show a session as it stands, under what has just been done."""
    debts = await workshops.make_ups(context.unit.tx, workshop_id=workshop.id)
    owed = next((one for one in debts if one.session_id == session.id), None)
    page = views.card(context.words, workshop, session, owed, head=head, is_page=is_page)
    context.reply(page, about=f"workshop:{workshop.id}")


async def _card(
    context: DeskContext, workshop: Workshop, session: Session, _staff: Staff, _step: str
) -> None:
    await show_card(context, workshop, session, is_page=True)


async def _ask_to_move(
    context: DeskContext, workshop: Workshop, session: Session, _staff: Staff, _step: str
) -> None:
    prompt = views.move_prompt(context.words, workshop, session)
    context.reply(prompt, about=f"{SUBJECT}:{SessionVerb.MOVE.value}:{session.id}")


async def _move_now(
    context: DeskContext, workshop: Workshop, session: Session, staff: Staff, text: str
) -> None:
    """Give a session another date, with the reason on the second line."""
    first, _newline, reason = text.strip().partition("\n")
    starts_at = read_start(first, tehran_day(context.unit.now))
    if starts_at is None or not reason.strip():
        note = views.unread if starts_at is None else views.reason_missing
        prompt = views.move_prompt(context.words, workshop, session, note=note(context.words))
        context.reply(prompt, about=f"{SUBJECT}:{SessionVerb.MOVE.value}:{session.id}")
        return
    unit = context.unit
    moved = await workshops.reschedule(
        unit.tx,
        session_id=session.id,
        slot=Slot(starts_at, session.slot.minutes),
        actor=staff,
        reason=reason,
        calendar=await context.calendar(workshop.office_id),
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    told = publishing.fit_reason(reason)
    count = await tell_moved(context, workshop, [moved], before=[session], reason=told)
    await make_ups.mark_told(context, workshop, moved)
    _ = context.words.gettext
    head = views.told_head(context.words, _("🗓 The session has a new date."), count)
    await show_card(context, workshop, moved, head=head, is_page=False)


async def _cancel(
    context: DeskContext, workshop: Workshop, session: Session, staff: Staff, step: str
) -> None:
    """Ask for the kind of reason, then whether somebody is sure, then do it."""
    if not step:
        context.reply(views.reasons(context.words, workshop, session))
        return
    named, _dash, sure = step.partition("-")
    why = next((one for one in CancelReason if one == named), None)
    if why is None or why is CancelReason.WORKSHOP_CANCELLED:
        raise StaleButton
    if why is CancelReason.OTHER:
        prompt = views.cancel_prompt(context.words, workshop, session)
        context.reply(prompt, about=f"{SUBJECT}:{SessionVerb.CANCEL.value}:{session.id}")
    elif sure != views.SURELY:
        people = len(await workshops.participants(context.unit.tx, of=session))
        context.reply(views.cancel_asked(context.words, workshop, session, why, people))
    else:
        reason = cancel_reason(why, context.words)
        await _cancel_now(context, workshop, session, staff, why=why, reason=reason)


async def _cancel_now(
    context: DeskContext,
    workshop: Workshop,
    session: Session,
    staff: Staff,
    *,
    why: CancelReason,
    reason: str,
) -> None:
    unit = context.unit
    people = await workshops.participants(unit.tx, of=session)
    cancelled, debts = await workshops.cancel_session(
        unit.tx,
        session_id=session.id,
        why=why,
        actor=staff,
        reason=reason,
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    owed: MakeUp | None = debts[0] if debts else None

    def write(told: Told) -> Reply:
        return session_notices.cancelled(told, cancelled, owed)

    count = await tell(context, workshop, people, write, once=f"cancelled-session:{session.id}")
    _ = context.words.gettext
    head = views.told_head(context.words, _("⛔️ The session is cancelled."), count)
    await show_card(context, workshop, cancelled, head=head, is_page=context.is_press)


@staff_action(*OFFICERS)
async def replan(update: Update, context: DeskContext) -> None:
    """Propose dates for displaced sessions, or take those that were shown, if they still fit."""
    asked = ReplanPressed.unpack(pressed(update))
    workshop, staff = await take_up(update, context, asked.workshop)
    unit = context.unit
    calendar = await context.calendar(workshop.office_id)
    found: Replan | None = None
    with contextlib.suppress(PlanUnfit):  # no open day is near: dates are given by hand
        found = await workshops.propose_dates(
            unit.tx, workshop_id=workshop.id, actor=staff, calendar=calendar, now=unit.now
        )
    if found is None or not found.dates or workshop_alerts.mark_of(found) != asked.mark:
        await _show_proposal(context, workshop, found, is_shown_before=bool(asked.mark))
        return
    before = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    moved = await workshops.accept_dates(
        unit.tx,
        workshop_id=workshop.id,
        dates=found.dates,
        actor=staff,
        calendar=calendar,
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    count = await tell_moved(context, workshop, moved, before=before)
    _ = context.words.gettext
    context.toast(views.told_head(context.words, _("🗓 The sessions have new dates."), count))
    await show_sessions(context, workshop, staff)


async def _show_proposal(
    context: DeskContext, workshop: Workshop, found: Replan | None, *, is_shown_before: bool
) -> None:
    sessions = await workshops.sessions(context.unit.tx, workshop_id=workshop.id)
    lost = [one for one in sessions if one.state is SessionState.DISPLACED]
    _ = context.words.gettext
    if is_shown_before:
        context.toast(_("Something has changed since; please look at the dates again."))
    page = workshop_alerts.displaced(context.words, workshop, lost, [], found, is_page=True)
    context.reply(page, about=f"workshop:{workshop.id}")


_ACTS: Final[dict[SessionVerb, Act]] = {
    SessionVerb.CARD: _card,
    SessionVerb.CANCEL: _cancel,
    SessionVerb.MOVE: _ask_to_move,
    SessionVerb.ATTENDANCE: attendance.show,
    SessionVerb.ALL_PRESENT: attendance.note_all_others,
    SessionVerb.SETTLE: attendance.settle,
}
