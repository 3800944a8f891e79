"""What is owed for cancelled sessions: given a date that is told at once, or waived (KN-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.model import Actor, MakeUpAct, MakeUpState, Slot
from bot.workshops.rules import publishing, states
from bot.workshops.rules.form import read_start
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.workshop_sessions import MakeUpPressed, MakeUpVerb
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up_debt
from handlers.staff.workshops.workshop_telling import registered_in, tell
from handlers.views.workshops import session_notices
from handlers.views.workshops import workshop_sessions as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import MakeUp, Registration, Session, Workshop
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

SUBJECT: Final = "do:makeup"
_STEPS: Final = {MakeUpVerb.SCHEDULE: MakeUpAct.SCHEDULE, MakeUpVerb.WAIVE: MakeUpAct.CREDIT}


def add(application: Application) -> None:
    """Add the buttons, and what is replied to the prompts."""
    written = NEW_IN_GROUP & WORDS
    application.add_handler(MessageHandler(written & About(SUBJECT), follow))
    add_buttons(application, (MakeUpPressed, press))


@staff_action(*OFFICERS)
async def press(update: Update, context: DeskContext) -> None:
    """Ask for the date of a make-up class, or for the reason why it is owed no more."""
    asked = MakeUpPressed.unpack(pressed(update))
    verb = next((one for one in MakeUpVerb if one == asked.act), None)
    if verb is None:
        raise StaleButton
    workshop, owed, staff = await take_up_debt(update, context, asked.make_up)
    states.MAKE_UP.after(owed.state, _STEPS[verb], Actor.staff(staff))
    missed = await missed_session(context, owed)
    if verb is MakeUpVerb.SCHEDULE:
        prompt = views.make_up_prompt(context.words, workshop, missed)
    else:
        prompt = views.waive_prompt(context.words, workshop, missed)
    context.reply(prompt, about=f"{SUBJECT}:{verb.value}:{owed.id}")


@staff_action(*OFFICERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Take the date, or the reason."""
    verb, _colon, id_ = (context.unit.subject or "").removeprefix(f"{SUBJECT}:").partition(":")
    workshop, owed, staff = await take_up_debt(update, context, MakeUpPressed(id_, verb).make_up)
    message = update.effective_message
    assert message is not None
    take = _schedule if verb == MakeUpVerb.SCHEDULE else _waive
    await take(context, workshop, owed, staff, message.text or "")


async def _schedule(
    context: DeskContext, workshop: Workshop, owed: MakeUp, staff: Staff, text: str
) -> None:
    unit = context.unit
    missed = await missed_session(context, owed)
    starts_at = read_start(text, tehran_day(unit.now))
    if starts_at is None:
        note = views.unread(context.words)
        prompt = views.make_up_prompt(context.words, workshop, missed, note=note)
        context.reply(prompt, about=f"{SUBJECT}:{MakeUpVerb.SCHEDULE.value}:{owed.id}")
        return
    _scheduled, session = await workshops.schedule_make_up(
        unit.tx,
        make_up_id=owed.id,
        slot=Slot(starts_at, missed.slot.minutes),
        actor=staff,
        calendar=await context.calendar(workshop.office_id),
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )

    def write(told: Told) -> Reply:
        return session_notices.made_up(told, missed, session)

    people = await workshops.participants(unit.tx, of=session)
    count = await tell(context, workshop, people, write, once=f"made-up:{owed.id}:{session.id}")
    await mark_told(context, workshop, session)
    _ = context.words.gettext
    head = views.told_head(context.words, _("🔁 The make-up class has a date."), count)
    page = views.card(context.words, workshop, session, None, head=head, is_page=False)
    context.reply(page, about=f"workshop:{workshop.id}")


async def _waive(
    context: DeskContext, workshop: Workshop, owed: MakeUp, staff: Staff, text: str
) -> None:
    unit = context.unit
    missed = await missed_session(context, owed)
    people = await _owed_to(context, workshop, owed)
    waived = await workshops.waive_make_up(
        unit.tx, make_up_id=owed.id, actor=staff, reason=text, now=unit.now
    )

    reason = publishing.fit_reason(text)

    def write(told: Told) -> Reply:
        return session_notices.waived(told, missed, reason)

    count = await tell(context, workshop, people, write, once=f"waived:{owed.id}")
    _ = context.words.gettext
    head = views.told_head(context.words, _("🤝 Nothing is owed for it any more."), count)
    page = views.card(context.words, workshop, missed, waived, head=head, is_page=False)
    context.reply(page, about=f"workshop:{workshop.id}")


async def mark_told(context: DeskContext, workshop: Workshop, session: Session) -> None:
    """Note that the date of a make-up class was told, where the session is one."""
    unit = context.unit
    for owed in await workshops.make_ups(unit.tx, workshop_id=workshop.id):
        if owed.new_session_id == session.id and owed.state is MakeUpState.SCHEDULED:
            await workshops.mark_told(unit.tx, make_up_id=owed.id, now=unit.now)


async def missed_session(context: DeskContext, owed: MakeUp) -> Session:
    """Find the cancelled session for which something is owed."""
    sessions = await workshops.sessions(context.unit.tx, workshop_id=owed.workshop_id)
    return next(one for one in sessions if one.id == owed.session_id)


async def _owed_to(context: DeskContext, workshop: Workshop, owed: MakeUp) -> list[Registration]:
    entitled = set(await workshops.entitled(context.unit.tx, of=owed))
    return [one for one in await registered_in(context, workshop) if one.id in entitled]
