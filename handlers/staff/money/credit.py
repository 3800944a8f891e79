"""Service credit for a claim (KN-07): an officer proposes it, a manager decides, the case ends.

What moves the money and what ends the case are done in one transaction: a citizen is never told
of credit that they do not have, nor has any of which no case tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import MessageHandler

from bot.cases import use_cases as cases
from bot.cases.errors import WrongState
from bot.cases.model import CaseId, CaseKind, Ending
from bot.kit.identity import masked
from bot.kit.rials import read_rials
from bot.kit.text import cut
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    CreditForNobody,
    NoSuchProposal,
    ProposalDecided,
    ProposalUnreadable,
)
from bot.wallet.model import ProposalId, ProposalState
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.wallet import CreditApproved, CreditRejected
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, acting_here, names_of, staff_action
from handlers.staff.cases.at_hand import AtHand, citizen_words
from handlers.staff.cases.endings import close
from handlers.views.cases.case_draft import cleaned
from handlers.views.desk import credit as views
from handlers.views.refusals import refusal

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.cases.model import Case
    from bot.citizens.model import CitizenId
    from bot.wallet.model import CreditProposal
    from handlers.context import DeskContext

SUBJECT = "do:credit"
_TOAST_UNITS_MAX = 200


def add(application: Application) -> None:
    """Add what managers decide; what officers propose comes by the card of the case."""
    replied = NEW_IN_GROUP & About(SUBJECT) & WORDS
    application.add_handler(MessageHandler(replied, reject))
    add_buttons(application, (CreditApproved, approve), (CreditRejected, ask_why_rejected))


def ensure_possible(case: Case) -> CitizenId:
    """Say who would get the credit. Raises StaleButton, and CreditForNobody."""
    if case.kind is not CaseKind.CREDIT_CLAIM:
        raise StaleButton
    if case.author_id is None:
        raise CreditForNobody
    return case.author_id


async def show_waiting(context: DeskContext, hand: AtHand) -> bool:
    """Show what is proposed for a case already, and say whether anything is."""
    waiting = await wallet.waiting_proposal(context.unit.tx, subject=hand.about)
    if waiting is not None:
        await _show(context, hand, waiting)
    return waiting is not None


async def propose(context: DeskContext, hand: AtHand, message: Message) -> None:
    """Take an amount and a reason as a proposal, and let a manager decide."""
    citizen_id = ensure_possible(hand.case)
    if hand.case.is_over:
        raise WrongState(hand.case.state)
    read = read_rials(cleaned(message.text or ""))
    if read is None:
        raise ProposalUnreadable
    amount_rial, reason = read
    unit = context.unit
    proposal = await wallet.propose_credit(
        unit.tx,
        subject=hand.about,
        citizen_id=citizen_id,
        amount_rial=amount_rial,
        reason=" ".join(masked(reason).split()),  # the ledger keeps it for ever
        actor=hand.staff,
        now=unit.now,
    )
    await _show(context, hand, proposal)


@staff_action(*MANAGERS)
async def approve(update: Update, context: DeskContext) -> None:
    """Give the citizen the credit, end the case with it, and tell them."""
    asked = CreditApproved.unpack(pressed(update))
    proposal, hand = await _take_up(update, context, asked.proposal)
    if not await _is_open(context, hand, proposal):
        return
    unit = context.unit
    approved = await wallet.approve_credit(
        unit.tx, proposal_id=proposal.id, actor=hand.staff, now=unit.now
    )
    reason = views.granted(citizen_words(context, hand.case), approved)
    await close(context, hand, Ending.DONE, reason=reason)
    await _show(context, hand, approved, is_page=True)


@staff_action(*MANAGERS)
async def ask_why_rejected(update: Update, context: DeskContext) -> None:
    """Ask a manager for the reason, in a message that they reply to."""
    asked = CreditRejected.unpack(pressed(update))
    proposal, hand = await _take_up(update, context, asked.proposal)
    if await _is_open(context, hand, proposal):
        prompt = views.rejection_prompt(context.words, hand.published, hand.case, proposal)
        context.reply(prompt, about=f"{SUBJECT}:{proposal.id}")


@staff_action(*MANAGERS)
async def reject(update: Update, context: DeskContext) -> None:
    """Reject with the reason of the reply; the case ends with it, if it has not ended already."""
    message = update.effective_message
    assert message is not None
    number = (context.unit.subject or "").rpartition(":")[2]
    proposal, hand = await _take_up(update, context, ProposalId(number_in(number)))
    unit = context.unit
    rejected = await wallet.reject_credit(
        unit.tx, proposal_id=proposal.id, actor=hand.staff, now=unit.now
    )
    if not hand.case.is_over:
        await close(context, hand, Ending.CANNOT_BE_DONE, reason=message.text or "")
    await _show(context, hand, rejected)


async def _is_open(context: DeskContext, hand: AtHand, proposal: CreditProposal) -> bool:
    """Say over the chat what has been decided meanwhile, above the card as it is now."""
    _ = context.words.gettext
    if proposal.state is not ProposalState.PROPOSED:
        context.toast(cut(refusal(ProposalDecided(), context.words), _TOAST_UNITS_MAX))
    elif hand.case.is_over:
        context.toast(_("This case has ended already."))
    else:
        return True
    await _show(context, hand, proposal, is_page=True)
    return False


async def _take_up(
    update: Update, context: DeskContext, proposal_id: ProposalId
) -> tuple[CreditProposal, AtHand]:
    """Find a proposal of this admin chat with its case, and the manager who decides.

    One of another office is as good as none (NoSuchProposal).
    """
    offices = await acting_here(update, context, MANAGERS)
    tx = context.unit.tx
    proposal = await wallet.find_proposal(tx, proposal_id=proposal_id)
    if proposal.office_id not in offices:
        raise NoSuchProposal
    case_id = CaseId(number_in(proposal.subject.partition(":")[2]))
    dossier = await cases.dossier(tx, case_id=case_id)
    published = context.unit.desk.catalogue.published_by(proposal.office_id)
    return proposal, AtHand(offices[proposal.office_id], published, dossier)


async def _show(
    context: DeskContext, hand: AtHand, proposal: CreditProposal, *, is_page: bool = False
) -> None:
    """Show a proposal as it stands; a reply to it is no answer to the citizen."""
    names = await names_of(context, proposal.office_id)
    card = views.proposal_card(
        context.words, hand.published, hand.case, proposal, names=names, is_page=is_page
    )
    context.reply(card, about=f"credit:{proposal.id}")
