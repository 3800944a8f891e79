"""What did not reach the person it was for is told, once, to the admin chat of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchBatch, NoSuchPayout
from bot.wallet.model import BatchId
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.views.desk import case_acts
from handlers.views.wallet import payout_files
from handlers.views.wallet.payout_card import unreached

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database, Transaction
    from bot.kit.words import Words
    from bot.outbox.model import Undelivered
    from handlers.context import Shared
    from handlers.reply import Reply

_UNDELIVERED_MAX: Final = 50
_REPORTED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Report:
    """What an office is told."""

    office_id: str
    reply: Reply


async def report_undelivered(desk: Shared, database: Database, now: datetime) -> bool:
    """Tell staff, once, of each message about something that did not reach who it was for."""
    async with database.reading() as tx:
        if not await outbox.undelivered(tx, since=now - _REPORTED_FOR, limit=1):
            return False
    async with database.transaction() as tx:
        failed = await outbox.undelivered(tx, since=now - _REPORTED_FOR, limit=_UNDELIVERED_MAX)
        admin_chats = await citizens.admin_chats(tx)
        for message in failed:
            with kept_apart(f"message {message.id}"):
                async with tx.begin_nested():
                    report = await _report(tx, desk, message)
                    chat_id = None if report is None else admin_chats.get(report.office_id)
                    if report is not None and chat_id is not None:
                        told = notice(chat_id, report.reply, about=message.about)
                        await outbox.queue(tx, f"undelivered:{message.id}", [told], now)
        await outbox.note_told(tx, [message.id for message in failed])
    return True


async def _report(tx: Transaction, desk: Shared, message: Undelivered) -> _Report | None:
    kind, _, name = message.about.partition(":")
    words = desk.words_of(desk.default_language)
    if kind == "case":
        return await _case(tx, words, message, CaseId(int(name)))
    if kind == "payout":
        return await _payout(tx, words, message, name)
    if kind == payout_files.BATCH_FILE:
        return await _batch_file(tx, desk, words, message, BatchId(int(name)))
    return None


async def _case(
    tx: Transaction, words: Words, message: Undelivered, case_id: CaseId
) -> _Report | None:
    try:
        case = (await cases.dossier(tx, case_id=case_id)).case
    except NoSuchCase:
        return None
    if message.chat_id != case.author_id:
        return None
    return _Report(case.office_id, case_acts.undelivered(words, case, message.reason))


async def _payout(
    tx: Transaction, words: Words, message: Undelivered, code: str
) -> _Report | None:
    try:
        payout = await wallet.find_own_payout(tx, code=code, citizen_id=CitizenId(message.chat_id))
    except NoSuchPayout:
        return None
    return _Report(payout.office_id, unreached(words, payout))


async def _batch_file(
    tx: Transaction, desk: Shared, words: Words, message: Undelivered, batch_id: BatchId
) -> _Report | None:
    try:
        batch = await wallet.find_batch(tx, batch_id=batch_id)
    except NoSuchBatch:
        return None
    listed = await citizens.staff_of_office(tx, office_id=batch.office_id)
    reply = payout_files.file_undelivered(
        words,
        desk.catalogue.published_by(batch.office_id),
        batch,
        names={staff.id: staff.name for staff in listed},
        staff_id=CitizenId(message.chat_id),
        private_chat=desk.link("home"),
    )
    return _Report(batch.office_id, reply)
