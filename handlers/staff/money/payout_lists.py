"""The lists of payouts in the admin chat, and their way to the bank in a file (KN-17).

Whoever confirms sends to the bank exactly what was shown, once. The file itself goes to their
private chat, is made only when it is sent, and lies in no record.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchBatch, NothingToSend, OwnPayout
from bot.wallet.model import BATCH_MAX, PAYOUTS_OPEN_MAX, PayoutState
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import (
    BatchesPressed,
    BatchSentAgain,
    ExportAsked,
    ExportConfirmed,
    PayoutCountsPressed,
    PayoutListPressed,
)
from handlers.context import pressed
from handlers.staff.access import FINANCE, acting, acting_here, names_of, staff_action
from handlers.staff.money.payouts import tell_requester
from handlers.views.wallet import payout_files as files
from handlers.views.wallet import payout_lists as views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Staff
    from bot.wallet.model import Payout, PayoutBatch
    from handlers.context import DeskContext

EXPORTERS: Final = (Role.FINANCE,)
_MARK_SIGNS: Final = 16


def add(application: Application) -> None:
    """Add the lists and the export."""
    application.add_handler(CommandHandler("payouts", count_payouts, filters=NEW_IN_GROUP))
    add_buttons(
        application,
        (PayoutCountsPressed, show_counts),
        (PayoutListPressed, show_list),
        (ExportAsked, ask_export),
        (ExportConfirmed, export),
        (BatchesPressed, list_batches),
        (BatchSentAgain, send_again),
    )


@staff_action(*FINANCE)
async def count_payouts(update: Update, context: DeskContext) -> None:
    """Answer /payouts with how many payouts each list has."""
    await _show_counts(update, context, is_page=False)


@staff_action(*FINANCE)
async def show_counts(update: Update, context: DeskContext) -> None:
    """Answer the button that leads back to the lists."""
    PayoutCountsPressed.unpack(pressed(update))
    await _show_counts(update, context, is_page=True)


async def _show_counts(update: Update, context: DeskContext, *, is_page: bool) -> None:
    unit = context.unit
    acting_for = await acting_here(update, context, FINANCE)
    counted = []
    for office_id in acting_for:
        published = unit.desk.catalogue.published_by(office_id)
        counts = await wallet.payout_counts(unit.tx, office_id=office_id)
        if counts or published.desk.wallet is not None:
            counted.append((published, counts))
    if counted:
        context.reply(views.counted(context.words, counted, is_page=is_page), about=views.SUBJECT)
    else:
        context.reply(views.no_wallet(context.words), about=views.SUBJECT)


@staff_action(*FINANCE)
async def show_list(update: Update, context: DeskContext) -> None:
    """Answer a number with its list, and the buttons that turn its pages."""
    asked = PayoutListPressed.unpack(pressed(update))
    state = next((state for state in PayoutState if state == asked.state), None)
    if state is None:
        raise StaleButton
    published, _staff = await _office(update, context, asked.office_id, FINANCE)
    payouts = await wallet.payouts_in(
        context.unit.tx,
        office_id=asked.office_id,
        states=[state],
        limit=views.PAYOUTS_ON_A_PAGE + 1,
        after_id=asked.after_id,
    )
    page = views.listed(context.words, published, state, payouts, is_first=not asked.after_id)
    context.reply(page, about=views.SUBJECT)


@staff_action(*EXPORTERS)
async def ask_export(update: Update, context: DeskContext) -> None:
    """Say what would go to the bank, and ask whether it shall."""
    asked = ExportAsked.unpack(pressed(update))
    published, staff = await _office(update, context, asked.office_id, EXPORTERS)
    await _ask(context, published, staff)


async def _ask(context: DeskContext, published: OfficeCatalogue, staff: Staff) -> None:
    """Show what would go now; raises NothingToSend, and OwnPayout where only one's own waits."""
    waiting, is_own_left = await _exportable(context, staff)
    if not waiting:
        raise OwnPayout if is_own_left else NothingToSend
    total_rial = sum(payout.amount_rial for payout in waiting)
    page = files.export_asked(context.words, published, len(waiting), total_rial, _mark(waiting))
    context.reply(page, about=views.SUBJECT)


@staff_action(*EXPORTERS)
async def export(update: Update, context: DeskContext) -> None:
    """Send to the bank what was shown; if that is not what waits by now, show it anew."""
    asked = ExportConfirmed.unpack(pressed(update))
    published, staff = await _office(update, context, asked.office_id, EXPORTERS)
    waiting, _is_own_left = await _exportable(context, staff)
    if not waiting:
        await _show_last(context, published)
        return
    if _mark(waiting) != asked.mark:
        context.toast(files.list_changed(context.words))
        await _ask(context, published, staff)
        return
    unit = context.unit
    batch = await wallet.export_batch(
        unit.tx,
        office_id=published.office.id,
        actor=staff,
        key=f"batch:{asked.mark}:{staff.id}",
        now=unit.now,
        codes=[payout.code for payout in waiting],
    )
    for payout in waiting:
        sent = await wallet.find_payout(unit.tx, code=payout.code, office_id=payout.office_id)
        await tell_requester(context, sent)
    await _hand_over(context, published, batch, staff)


async def _show_last(context: DeskContext, published: OfficeCatalogue) -> None:
    """Show the file that was made last: a second tap meets what the first one did."""
    batches = await wallet.batches_of(context.unit.tx, office_id=published.office.id, limit=1)
    if not batches:
        raise NothingToSend
    context.toast(files.sent_before(context.words))
    await _show_batch(context, published, batches[0])


@staff_action(*FINANCE)
async def list_batches(update: Update, context: DeskContext) -> None:
    """Answer the button of the files with the last ones, of which each can be had again."""
    asked = BatchesPressed.unpack(pressed(update))
    published, _staff = await _office(update, context, asked.office_id, FINANCE)
    made = await wallet.batches_of(
        context.unit.tx, office_id=asked.office_id, limit=files.BATCHES_LISTED
    )
    names = await names_of(context, asked.office_id)
    page = files.batches(context.words, published, made, names=names)
    context.reply(page, about=views.SUBJECT)


@staff_action(*EXPORTERS)
async def send_again(update: Update, context: DeskContext) -> None:
    """Send the file of a batch to the private chat of whoever presses; it is recorded."""
    asked = BatchSentAgain.unpack(pressed(update))
    unit = context.unit
    offices = await acting_here(update, context, EXPORTERS)
    batch = await wallet.find_batch(unit.tx, batch_id=asked.batch)
    if batch.office_id not in offices:
        raise NoSuchBatch
    published = unit.desk.catalogue.published_by(batch.office_id)
    staff = offices[batch.office_id]
    await citizens.record(
        unit.tx,
        actor=staff,
        action="payout.file",
        subject=f"payout_batch:{batch.id}",
        note=batch.code,
        now=unit.now,
    )
    await _hand_over(context, published, batch, staff)


async def _hand_over(
    context: DeskContext, published: OfficeCatalogue, batch: PayoutBatch, staff: Staff
) -> None:
    """Send the file in private, and say in the admin chat that it was made."""
    file = files.batch_file(context.words, published, batch, staff)
    context.tell(int(staff.id), file, about=f"{files.BATCH_FILE}:{batch.id}")
    context.toast(files.file_on_its_way(context.words))
    await _show_batch(context, published, batch)


async def _show_batch(
    context: DeskContext, published: OfficeCatalogue, batch: PayoutBatch
) -> None:
    page = files.exported(
        context.words,
        published,
        batch,
        names=await names_of(context, batch.office_id),
        private_chat=context.unit.desk.link("home"),
        is_page=True,
    )
    context.reply(page, about=views.SUBJECT)


async def _exportable(context: DeskContext, staff: Staff) -> tuple[list[Payout], bool]:
    """List what this person would send now, and say whether their own is left out."""
    approved = await wallet.payouts_in(
        context.unit.tx,
        office_id=staff.office_id,
        states=[PayoutState.APPROVED],
        limit=BATCH_MAX + PAYOUTS_OPEN_MAX,
    )
    others = [payout for payout in approved if payout.citizen_id != staff.id]
    return others[:BATCH_MAX], len(others) < len(approved)


def _mark(payouts: Sequence[Payout]) -> str:
    """Mark exactly these payouts as they stand: another approval of one is another mark."""
    shown = "|".join(f"{payout.code}@{payout.changed_at.isoformat()}" for payout in payouts)
    return sha256(shown.encode()).hexdigest()[:_MARK_SIGNS]


async def _office(
    update: Update, context: DeskContext, office_id: str, roles: tuple[Role, ...]
) -> tuple[OfficeCatalogue, Staff]:
    """Find an office of this admin chat, and who acts for it. Raises StaleButton."""
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    return published, await acting(update, context, office_id, roles)
