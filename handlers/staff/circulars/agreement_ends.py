"""/endagreement: a manager enters that an agreement has ended, why, and by which document.

There are three reasons and no other, and none counts without a document (MZ-26).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler

from bot.calendar.errors import DayUnreadable
from bot.catalogue import rules
from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import AgreementOver, ReferenceMissing
from bot.catalogue.model import EndReason
from bot.kit.jalali import read_jalali, tehran_day
from handlers.adding import NEW_IN_GROUP, WORDLESS, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.circulars import (
    AgreementEndConfirmed,
    AgreementEndDropped,
    AgreementOfficePressed,
    AgreementReasonPressed,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, acting, acting_here, staff_action
from handlers.staff.cases.desk import refuse_file
from handlers.views.office import agreement_ends as views
from handlers.views.office.circulars import dropped, not_yours_or_over
from handlers.views.office.members import offices_to_choose

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Dialogue, Staff
    from handlers.context import DeskContext
    from handlers.reply import Reply

FLOW: Final = "ending"
SUBJECT: Final = "do:ending"
_REFERENCE_UNITS_MAX: Final = 200
_AHEAD_MAX: Final = timedelta(days=366)


def add(application: Application) -> None:
    """Add the end of an agreement."""
    application.add_handler(CommandHandler("endagreement", begin, filters=NEW_IN_GROUP))
    prompted = NEW_IN_GROUP & About(SUBJECT)
    application.add_handler(MessageHandler(prompted & WORDS, follow))
    application.add_handler(MessageHandler(prompted & WORDLESS, refuse_file))
    add_buttons(
        application,
        (AgreementOfficePressed, choose_office),
        (AgreementReasonPressed, choose_reason),
        (AgreementEndConfirmed, confirm),
        (AgreementEndDropped, drop),
    )


@staff_action(*MANAGERS)
async def begin(update: Update, context: DeskContext) -> None:
    """Answer /endagreement with the offices, or with the reasons where there is one office."""
    offices = await acting_here(update, context, MANAGERS)
    if len(offices) == 1:
        await _offer_reasons(context, next(iter(offices)), is_page=False)
        return
    published = [_published(context, office_id) for office_id in offices]
    context.reply(offices_to_choose(context.words, published, AgreementOfficePressed))


@staff_action(*MANAGERS)
async def choose_office(update: Update, context: DeskContext) -> None:
    """Answer the office whose agreement ends with the reasons."""
    asked = AgreementOfficePressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    await _offer_reasons(context, asked.office_id, is_page=True)


@staff_action(*MANAGERS)
async def choose_reason(update: Update, context: DeskContext) -> None:
    """Answer the reason by asking for the document."""
    asked = AgreementReasonPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = await _still_held(context, asked.office_id)
    talk = await context.begin(
        FLOW, "reference", office_id=asked.office_id, reason=asked.why.value
    )
    _put(context, talk, views.reference_prompt(context.words, published))


@staff_action(*MANAGERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Take what was typed in reply to a prompt, and go on."""
    message, unit = update.effective_message, context.unit
    assert message is not None
    await acting_here(update, context, MANAGERS)
    token, step = (unit.subject or "").split(":")[-2:]
    talk = unit.dialogue
    if talk is None or (talk.name, talk.token) != (FLOW, token):
        context.reply(not_yours_or_over(context.words))
        return
    await acting(update, context, str(talk.draft["office_id"]), MANAGERS)
    takes = {"reference": _reference, "day": _day}
    await takes[step](context, talk, message.text or "")


@staff_action(*MANAGERS)
async def confirm(update: Update, context: DeskContext) -> None:
    """Enter the end as it was previewed."""
    talk, manager = await _own(
        update, context, AgreementEndConfirmed.unpack(pressed(update)).token
    )
    draft, unit = talk.draft, context.unit
    if talk.step != "confirm":
        raise StaleButton
    published = _published(context, manager.office_id)
    end = await catalogues.end_agreement(
        unit.tx,
        office_id=manager.office_id,
        agreement_id=published.agreement.id,
        reason=EndReason(str(draft["reason"])),
        document_ref=str(draft["reference"]),
        ended_on=date.fromisoformat(str(draft["day"])),
        actor=manager,
        now=unit.now,
    )
    await context.end_dialogue()
    context.reply(views.ended(context.words, published, end))


@staff_action(*MANAGERS)
async def drop(update: Update, context: DeskContext) -> None:
    """Leave the agreement as it is."""
    await _own(update, context, AgreementEndDropped.unpack(pressed(update)).token)
    await context.end_dialogue()
    context.reply(dropped(context.words))


async def _offer_reasons(context: DeskContext, office_id: str, *, is_page: bool) -> None:
    published = await _still_held(context, office_id)
    context.reply(views.reason_choice(context.words, published, is_page=is_page))


async def _reference(context: DeskContext, talk: Dialogue, typed: str) -> None:
    reference = rules.plain(" ".join(typed.split()), _REFERENCE_UNITS_MAX)
    if not any(map(str.isalnum, reference)):
        raise ReferenceMissing
    if "day" in talk.draft:
        await _preview(context, {"reference": reference})
        return
    talk = await context.advance("day", reference=reference)
    published = _published(context, str(talk.draft["office_id"]))
    _put(context, talk, views.day_prompt(context.words, published))


async def _day(context: DeskContext, talk: Dialogue, typed: str) -> None:
    del talk
    today = tehran_day(context.unit.now)
    day = read_jalali(typed, today=today)
    if day is None or day > today + _AHEAD_MAX:
        raise DayUnreadable(typed)
    await _preview(context, {"day": day.isoformat()})


async def _preview(context: DeskContext, changes: dict[str, str]) -> None:
    talk = await context.advance("confirm", **changes)
    draft = talk.draft
    context.reply(
        views.end_preview(
            context.words,
            _published(context, str(draft["office_id"])),
            EndReason(str(draft["reason"])),
            str(draft["reference"]),
            date.fromisoformat(str(draft["day"])),
            token=talk.token,
        )
    )


async def _own(update: Update, context: DeskContext, token: str) -> tuple[Dialogue, Staff]:
    talk = context.unit.dialogue
    if talk is None or (talk.name, talk.token) != (FLOW, token):
        raise StaleButton
    return talk, await acting(update, context, str(talk.draft["office_id"]), MANAGERS)


async def _still_held(context: DeskContext, office_id: str) -> OfficeCatalogue:
    """Find the office, unless the end of its agreement was entered before."""
    published = _published(context, office_id)
    end = await catalogues.agreement_end(
        context.unit.tx, office_id, agreement_id=published.agreement.id
    )
    if end is not None:
        raise AgreementOver
    return published


def _put(context: DeskContext, talk: Dialogue, prompt: Reply) -> None:
    context.reply(prompt, about=f"{SUBJECT}:{talk.token}:{talk.step}")


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    return context.unit.desk.catalogue.published_by(office_id)
