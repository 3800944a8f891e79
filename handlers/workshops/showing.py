"""The page of a registration, whatever became of it: every press that came too late ends here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState, WaitingState
from handlers.views.workshops import my_registration, paying_fees, waiting_line
from handlers.views.workshops.identifying import FLOW
from handlers.views.workshops.my_sessions import Sessions
from handlers.views.workshops.registering_terms import terms_page
from handlers.workshops.at_hand import citizen

if TYPE_CHECKING:
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.registering_words import Sheet


async def show(
    context: DeskContext, sheet: Sheet, *, note: str = "", is_page: bool = True
) -> None:
    """Show where registrations stand and everything still possible, with a word before it."""
    await leave_number(context)
    page = await _page_of(context, sheet)
    text = f"{note}\n\n{page.text}" if note else page.text
    context.reply(replace(page, text=text, is_page=is_page))


async def show_terms(context: DeskContext, sheet: Sheet, page: int = 0, *, note: str = "") -> None:
    """Show what a registration accepts."""
    await leave_number(context)
    terms = await workshops.terms(context.unit.tx, of=sheet.workshop)
    assert terms is not None, "a workshop that is shown has terms"
    context.reply(terms_page(sheet, terms, page, note=note))


async def leave_number(context: DeskContext) -> None:
    """Wait for no national ID any more: what is written next is about something else."""
    dialogue = context.unit.dialogue
    if dialogue is not None and dialogue.name == FLOW:
        await context.end_dialogue()


async def _page_of(context: DeskContext, sheet: Sheet) -> Reply:
    state, turn, tx = sheet.first.state, sheet.turn, context.unit.tx
    if state is RegistrationState.HELD:
        return paying_fees.kept(sheet)
    if state is RegistrationState.DRAFT and turn is None:
        terms = await workshops.terms(tx, of=sheet.workshop)
        assert terms is not None
        return terms_page(sheet, terms)
    if state is RegistrationState.DRAFT and turn is not None:
        assert turn.state is WaitingState.WAITING
        _workshop, _entry, standing = await workshops.explain_standing(
            tx, entry_id=turn.id, actor=citizen(context)
        )
        return waiting_line.joined(sheet, standing)
    journal_id = sheet.first.journal_id
    journal = None
    if journal_id is not None:
        journal = await wallet.find_journal(tx, journal_id=journal_id)
    return my_registration.page(sheet, journal, await sessions_of(context, sheet))


async def sessions_of(context: DeskContext, sheet: Sheet) -> Sessions:
    """Collect what is known of the sessions of a registration: make-ups, and who was there."""
    tx = context.unit.tx
    return Sessions(
        sheet,
        await workshops.make_ups(tx, workshop_id=sheet.workshop.id),
        await workshops.presences_of(tx, of=sheet.first),
    )
