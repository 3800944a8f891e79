"""Registering what was written, once, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar import rules as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Policy
from bot.catalogue import use_cases as catalogues
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import NOT_CHOSEN
from handlers.views.cases.case_receipt import already_sent, presence_lines, receipt
from handlers.views.desk.desk import Headline, told

if TYPE_CHECKING:
    from bot.cases.model import Case, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext
    from handlers.views.cases.case_draft import Draft


async def send(context: DeskContext, draft: Draft) -> None:
    """Register the draft, tell the desk of the office, and give the receipt."""
    unit, dialogue = context.unit, context.unit.dialogue
    assert dialogue is not None
    assert draft.office_id is not None
    assert draft.kind is not None
    published = unit.desk.catalogue.published_by(draft.office_id)
    service_id = None if draft.service_id == NOT_CHOSEN else draft.service_id
    case = await cases.register(
        unit.tx,
        key=dialogue.token,
        office_id=draft.office_id,
        service_id=service_id,
        service_version=await _version(context, draft.office_id, service_id),
        kind=draft.kind,
        text=draft.text,
        author_id=unit.citizen.id,
        is_anonymous=draft.is_anonymous,
        language=unit.language,
        policy=Policy.of(published.desk.target(draft.kind)),
        calendar=await context.calendar(draft.office_id),
        question_id=draft.question_id,
        source_message_id=_source(context, draft),
        known=unit.desk.catalogue.codes,
        now=unit.now,
    )
    await context.end_dialogue()
    dossier = await cases.dossier(unit.tx, case_id=case.id)
    await _tell(context, published, dossier)
    await _remember_messages(context, draft, case)
    await _give_receipt(context, published, dossier)


async def say_sent(context: DeskContext, key: str) -> None:
    """Answer a button of an earlier run with what it registered; raises StaleButton."""
    case = await cases.registered_as(context.unit.tx, key=key)
    if case is None:
        raise StaleButton
    context.reply(already_sent(context.words, case))


async def _version(context: DeskContext, office_id: str, service_id: str | None) -> int:
    if service_id is None:
        return 1
    unit = context.unit
    version = await catalogues.version_at(
        unit.tx, office_id=office_id, service_id=service_id, at=unit.now
    )
    return version.number


def _source(context: DeskContext, draft: Draft) -> tuple[int, int] | None:
    """The message that the text is, so that its edit is a new version.

    A text of several messages has no such one, and an anonymous one leads to nobody.
    """
    if draft.is_anonymous or len(draft.pieces) != 1 or not draft.pieces[0].message_id:
        return None
    return context.place_id, draft.pieces[0].message_id


async def _tell(context: DeskContext, published: OfficeCatalogue, dossier: Dossier) -> None:
    desk = context.unit.desk
    words = desk.words_of(desk.default_language)
    card = told(words, published, dossier, context.unit.now, headline=Headline.REGISTERED)
    await context.tell_desk(dossier.case, card)


async def _remember_messages(context: DeskContext, draft: Draft, case: Case) -> None:
    """Know the messages again when they are edited; those of an anonymous case are forgotten."""
    if case.is_anonymous:
        return
    for piece in draft.pieces:
        if piece.message_id:
            await outbox.note_subject(
                context.unit.tx,
                chat_id=context.place_id,
                message_id=piece.message_id,
                about=f"case:{case.id}",
                now=context.unit.now,
            )


async def _give_receipt(
    context: DeskContext, published: OfficeCatalogue, dossier: Dossier
) -> None:
    unit, case = context.unit, dossier.case
    calendar = await context.calendar(case.office_id)
    presence = presence_lines(
        context.words,
        calendars.day_of(calendar, tehran_day(unit.now)),
        calendars.next_opening(calendar, unit.now),
        unit.now,
    )
    clock = dossier.next_clock
    assert clock is not None
    page = receipt(context.words, published, case, clock.promised_at, presence)
    context.reply(page, about=None if case.is_anonymous else f"case:{case.id}")
