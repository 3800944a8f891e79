"""The round that audits the ledger at night, and speaks only when it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from handlers.jobs.notices import notice
from handlers.views import audit_alarm as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared


async def audit_ledger(desk: Shared, database: Database, now: datetime) -> bool:
    """Add the ledger up anew, once a night, beside the writers.

    What is wrong is told to every admin chat of an office that keeps a wallet, in the transaction
    that says the night was audited: a desk that stops in between audits it once more.
    """
    async with database.reading() as tx:
        if not await wallet.is_audit_due(tx, now=now):
            return False
    async with database.reading() as tx:
        findings = await wallet.audit(tx)
    words = desk.words_of(desk.default_language)
    async with database.transaction() as tx:
        is_first = await wallet.record_audit(tx, findings_count=len(findings), now=now)
        if not is_first or not findings:
            return False
        for published in desk.catalogue.offices:
            office_id = published.office.id
            chat_id = await citizens.admin_chat_of(tx, office_id=office_id)
            if chat_id is None or published.desk.wallet is None:
                continue
            alarm = notice(chat_id, views.alarm(words, published, findings))
            key = f"audit:{office_id}:{wallet.night_of(now)}"
            await outbox.queue(tx, key, [alarm], now)
    return True
