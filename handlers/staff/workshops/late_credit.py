"""Service credit where a make-up class is overdue: an officer proposes, a manager decides (KN-07).

It is for every family to which the class is still owed, and none of them has to ask. What moves
the money and what tells the families are done in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.kit.identity import masked
from bot.kit.rials import read_rials
from bot.wallet.errors import ProposalUnreadable
from bot.wallet.model import ProposalState
from bot.workshops import use_cases as workshops
from bot.workshops.rules import money, publishing
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.late_credit import (
    LateCreditApproved,
    LateCreditAsked,
    LateCreditRejected,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, OFFICERS, names_of, staff_action
from handlers.staff.workshops.make_ups import missed_session
from handlers.staff.workshops.workshop_at_hand import take_up_debt
from handlers.staff.workshops.workshop_telling import registered_in, tell
from handlers.views.cases.case_draft import cleaned, offers_credit
from handlers.views.workshops import late_credit as views

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import Update

    from bot.citizens.model import Staff
    from bot.wallet.model import CreditProposal
    from bot.workshops.model import MakeUp, Workshop
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

ASKED: Final = "do:latecredit"
REFUSED: Final = "do:nolatecredit"


def add(application: Application) -> None:
    """Add the buttons, and what is replied to the prompts."""
    written = NEW_IN_GROUP & WORDS
    application.add_handler(MessageHandler(written & About(ASKED), propose))
    application.add_handler(MessageHandler(written & About(REFUSED), reject))
    add_buttons(
        application,
        (LateCreditAsked, ask),
        (LateCreditApproved, approve),
        (LateCreditRejected, ask_why_rejected),
    )


@staff_action(*OFFICERS)
async def ask(update: Update, context: DeskContext) -> None:
    """Propose what the office has decided; where it decided no amount, ask for one."""
    asked = LateCreditAsked.unpack(pressed(update))
    workshop, owed, staff = await take_up_debt(update, context, asked.make_up)
    published = context.unit.desk.catalogue.published_by(workshop.office_id)
    if not offers_credit(published):
        raise StaleButton
    waiting = await workshops.waiting_late_credit(context.unit.tx, make_up_id=owed.id)
    if waiting:
        await _show(context, workshop, owed, waiting)
        return
    workshops.ensure_overdue(owed)
    missed = await missed_session(context, owed)
    amount_rial = context.policy_of(workshop.office_id).overdue_credit_rial
    if amount_rial is None:
        prompt = views.prompt(context.words, workshop, missed)
        context.reply(prompt, about=f"{ASKED}:{owed.id}")
    else:
        reason = views.usual_reason(context.words, missed)
        await _propose(context, workshop, owed, staff, (amount_rial, reason))


@staff_action(*OFFICERS)
async def propose(update: Update, context: DeskContext) -> None:
    """Take an amount for each place, and a reason."""
    (id_,) = (context.unit.subject or "").removeprefix(f"{ASKED}:").split(":")
    workshop, owed, staff = await take_up_debt(update, context, LateCreditAsked(id_).make_up)
    message = update.effective_message
    assert message is not None
    read = read_rials(cleaned(message.text or ""))
    if read is None:
        raise ProposalUnreadable
    await _propose(context, workshop, owed, staff, read)


async def _propose(
    context: DeskContext, workshop: Workshop, owed: MakeUp, staff: Staff, wanted: tuple[int, str]
) -> None:
    amount_rial, reason = wanted
    proposed = await workshops.propose_late_credit(
        context.unit.tx,
        make_up_id=owed.id,
        amount_rial=amount_rial,
        reason=" ".join(masked(reason).split()),  # the ledger keeps it for ever
        actor=staff,
        now=context.unit.now,
    )
    await _show(context, workshop, owed, proposed)


@staff_action(*MANAGERS)
async def approve(update: Update, context: DeskContext) -> None:
    """Give the credit to all of them, and tell each family what it has."""
    asked = LateCreditApproved.unpack(pressed(update))
    workshop, owed, staff = await take_up_debt(update, context, asked.make_up, MANAGERS)
    decided = await workshops.approve_late_credit(
        context.unit.tx,
        make_up_id=owed.id,
        first_id=asked.first,
        actor=staff,
        now=context.unit.now,
    )
    given = {one.subject: one for one in decided if one.state is ProposalState.APPROVED}
    missed = await missed_session(context, owed)

    def write(told: Told) -> Reply:
        theirs = [money.late_subject(owed.id, one.id) for one in told.registrations]
        amount_rial = sum(given[one].amount_rial for one in theirs)
        return views.granted(told, missed, amount_rial, decided[0].reason)

    await _tell(context, workshop, owed, list(given.values()), write)
    await _show(context, workshop, owed, decided, is_page=True)


@staff_action(*MANAGERS)
async def ask_why_rejected(update: Update, context: DeskContext) -> None:
    """Ask a manager for the reason, in a message that they reply to."""
    asked = LateCreditRejected.unpack(pressed(update))
    workshop, owed, _staff = await take_up_debt(update, context, asked.make_up, MANAGERS)
    prompt = views.rejection_prompt(context.words, workshop, await missed_session(context, owed))
    context.reply(prompt, about=f"{REFUSED}:{owed.id}:{asked.first}")


@staff_action(*MANAGERS)
async def reject(update: Update, context: DeskContext) -> None:
    """Give it to nobody, and tell the families the reason of the reply."""
    id_, _colon, first = (context.unit.subject or "").removeprefix(f"{REFUSED}:").partition(":")
    asked = LateCreditRejected(id_, first)
    workshop, owed, staff = await take_up_debt(update, context, asked.make_up, MANAGERS)
    message = update.effective_message
    assert message is not None
    reason = publishing.fit_reason(cleaned(message.text or ""))
    rejected = await workshops.reject_late_credit(
        context.unit.tx,
        make_up_id=owed.id,
        first_id=asked.first,
        actor=staff,
        now=context.unit.now,
    )
    missed = await missed_session(context, owed)

    def write(told: Told) -> Reply:
        return views.refused(told, missed, reason)

    await _tell(context, workshop, owed, rejected, write)
    await _show(context, workshop, owed, rejected)


async def _tell(
    context: DeskContext,
    workshop: Workshop,
    owed: MakeUp,
    proposals: Sequence[CreditProposal],
    write: Callable[[Told], Reply],
) -> None:
    """Tell the families whose places these proposals are about, each once."""
    subjects = {one.subject for one in proposals}
    people = [
        one
        for one in await registered_in(context, workshop)
        if money.late_subject(owed.id, one.id) in subjects
    ]
    if people:
        once = f"late-credit:{owed.id}:{min(one.id for one in proposals)}"
        await tell(context, workshop, people, write, once=once)


async def _show(
    context: DeskContext,
    workshop: Workshop,
    owed: MakeUp,
    proposals: Sequence[CreditProposal],
    *,
    is_page: bool = False,
) -> None:
    """Show proposals as they stand."""
    reply = views.card(
        context.words,
        workshop,
        await missed_session(context, owed),
        owed,
        proposals,
        names=await names_of(context, workshop.office_id),
        is_page=is_page,
    )
    context.reply(reply, about=f"workshop:{workshop.id}")
