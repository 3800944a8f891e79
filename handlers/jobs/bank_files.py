"""Rounds that open the files of banks: fetched and read outside of transactions, then taken up.

The lines are taken up a part at a time, so that nobody who pays waits behind a long file; a round
that was interrupted goes on where it stood. Whoever sent the file is answered when all is done.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.kit.database import is_storage_trouble
from bot.kit.sheets import SheetFault
from bot.messenger.errors import FileTooBig, Refused, Unreachable
from bot.outbox import use_cases as outbox
from bot.outbox.model import Priority
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import BankFileUnreadable
from bot.wallet.model import ALARMING, CellFault, LineOutcome, TopUpState
from bot.workshops import use_cases as workshops
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.reply import replying_to
from handlers.views.wallet import bank_files as views
from handlers.views.wallet import my_payouts, top_up_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Database, Transaction
    from bot.kit.errors import DeskError
    from bot.kit.words import Words
    from bot.wallet.model import BankFile, Differences, FileFinding, RawLine
    from handlers.context import Shared
    from handlers.reply import Reply

_logger = logging.getLogger(__name__)

LINES_AT_ONCE: Final = 20
_TRIED_FOR: Final = timedelta(hours=1)  # as long as a platform promises to give a file


async def open_bank_files(desk: Shared, database: Database, now: datetime) -> bool:
    """Open the files that came, and answer in the chats that they came from."""
    if desk.fetch_file is None:
        return False
    async with database.reading() as tx:
        files = await wallet.received_bank_files(tx)
    told = False
    for file in files:
        with kept_apart(f"bank file {file.id}"):
            told |= await _Opening(desk, database, file, now).open_or_give_up()
    return told


@dataclass(frozen=True)
class _Opening:
    """One file on its way from the messenger into the records."""

    desk: Shared
    database: Database
    file: BankFile
    now: datetime

    async def open_or_give_up(self) -> bool:
        """Open the file; one that met a fault of ours for an hour is answered with just that.

        What was taken of it until then stays taken, and is not taken twice from the next file.
        """
        try:
            return await self._open()
        except Exception as error:
            if is_storage_trouble(error) or self.now - self.file.received_at <= _TRIED_FOR:
                raise
            _logger.exception("bank file %s is given up", self.file.id)
        return await self._lose(views.given_up)

    async def _open(self) -> bool:
        """Fetch, read and take up the file; False where it is to be tried again."""
        assert self.desk.fetch_file is not None
        assert self.file.file_id is not None
        try:
            content = await self.desk.fetch_file(self.file.file_id)
        except Unreachable:
            return self.now - self.file.received_at > _TRIED_FOR and await self._lose()
        except Refused:
            return await self._lose()
        except FileTooBig:
            fault = CellFault(SheetFault.TOO_LARGE.value)
            return await self._refuse(b"", BankFileUnreadable((fault,), 1))
        try:
            lines = await asyncio.to_thread(rules.read_bank_file, content, self.file.kind)
            actor = await self._sender()
        except (BankFileUnreadable, StaffOnly) as error:
            return await self._refuse(content, error)
        return await self._take_up(content, lines, actor)

    async def _sender(self) -> Staff:
        """Find who sent the file, in a role that they still have. Raises StaffOnly."""
        assert self.file.sent_by is not None
        async with self.database.reading() as tx:
            roles = await citizens.roles_of(tx, citizen_id=self.file.sent_by)
        return citizens.ensure_role(roles, self.file.office_id, rules.RECONCILERS)

    async def _take_up(self, content: bytes, lines: Sequence[RawLine], actor: Staff) -> bool:
        for start in range(0, len(lines), LINES_AT_ONCE):
            part = lines[start : start + LINES_AT_ONCE]

            async def take(tx: Transaction, part: Sequence[RawLine] = part) -> None:
                findings = await wallet.import_lines(
                    tx, file=self.file, lines=part, actor=actor, now=self.now
                )
                await self._tell_citizens(tx, findings)

            await self.database.attempt(take)

        digest = sha256(content).hexdigest()

        async def close(tx: Transaction) -> None:
            found = await wallet.close_import(
                tx,
                file=self.file,
                content_digest=digest,
                lines_count=len(lines),
                actor=actor,
                now=self.now,
            )
            if found is not None:
                await self._answer(tx, await self._report(tx, found))

        await self.database.attempt(close)
        return True

    async def _report(self, tx: Transaction, found: Differences) -> Reply:
        first = {
            outcome: await wallet.findings(
                tx, file_id=self.file.id, outcomes=[outcome], limit=views.FIRST_FINDINGS
            )
            for outcome in ALARMING
            if found.count(outcome)
        }
        published = self.desk.catalogue.published_by(self.file.office_id)
        words = self.desk.words_of(self.desk.default_language)
        return views.differences(words, published, found, first)

    async def _refuse(self, content: bytes, error: DeskError) -> bool:
        words = self.desk.words_of(self.desk.default_language)
        async with self.database.transaction() as tx:
            if await wallet.refuse_bank_file(tx, file_id=self.file.id, content=content):
                await self._answer(tx, views.refused(words, self.file, error))
        return True

    async def _lose(self, page: Callable[[Words, BankFile], Reply] = views.lost) -> bool:
        words = self.desk.words_of(self.desk.default_language)
        async with self.database.transaction() as tx:
            if await wallet.lose_bank_file(tx, file_id=self.file.id):
                await self._answer(tx, page(words, self.file))
        return True

    async def _answer(self, tx: Transaction, reply: Reply) -> None:
        """Answer where the file came from, in reply to it; somebody waits for that."""
        if self.file.chat_id is None:
            return
        message = notice(self.file.chat_id, reply, about="lists:bank")
        params = {**message.params, **replying_to(self.file.message_id)}
        key = f"bankfile:{self.file.id}"
        answer = replace(message, params=params, priority=Priority.ANSWER)
        await outbox.queue(tx, key, [answer], self.now)

    async def _tell_citizens(self, tx: Transaction, findings: Sequence[FileFinding]) -> None:
        """Tell those whose money it is what was confirmed or paid."""
        for finding in findings:
            if finding.code is None:
                continue
            if finding.outcome is LineOutcome.VERIFIED:
                await self._tell_of_top_up(tx, finding.code)
            elif finding.outcome is LineOutcome.PAID:
                await self._tell_of_payout(tx, finding.code)

    async def _tell_of_top_up(self, tx: Transaction, code: str) -> None:
        done = await wallet.top_up(tx, code=code)
        assert done.state is TopUpState.VERIFIED
        citizen = await citizens.recall(tx, citizen_id=done.citizen_id)
        words = self.desk.words_of(citizen.language or self.desk.default_language)
        balance = await wallet.balance(tx, office_id=done.office_id, citizen_id=done.citizen_id)
        kept = await workshops.kept_for(tx, payer_id=done.citizen_id, office_id=done.office_id)
        reply = top_up_notices.paid(words, done, balance.withdrawable_rial, kept)
        told = notice(int(done.citizen_id), reply)
        await outbox.queue(tx, f"{done.subject}:{done.state.value}", [told], self.now)

    async def _tell_of_payout(self, tx: Transaction, code: str) -> None:
        payout = await wallet.find_payout(tx, code=code, office_id=self.file.office_id)
        citizen = await citizens.recall(tx, citizen_id=payout.citizen_id)
        words = self.desk.words_of(citizen.language or self.desk.default_language)
        published = self.desk.catalogue.published_by(payout.office_id)
        told = notice(int(payout.citizen_id), my_payouts.news(words, published, payout))
        await outbox.queue(tx, f"{payout.reference}:{payout.state.value}", [told], self.now)
