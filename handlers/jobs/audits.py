"""The audit of money, places, deeds and messages, and the round that makes it every night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.kit import firings
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from handlers.jobs.notices import notice
from handlers.views.wallet import audit_alarm as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import Catalogue
    from bot.kit.auditing import Finding
    from bot.kit.database import Database, Transaction
    from handlers.context import Shared


async def audit(tx: Transaction, catalogue: Catalogue, *, now: datetime) -> list[Finding]:
    """Look for whatever is wrong in one moment of the records; nothing found is all right."""
    found = await wallet.audit(tx)
    by_office = {
        published.office.id: await calendars.calendar_of(
            tx, office_id=published.office.id, hours=published.hours, today=tehran_day(now)
        )
        for published in catalogue.offices
    }
    found += await workshops.audit(tx, calendars=by_office, now=now)
    found += await citizens.chain_findings(tx)
    found += await firings.audit(tx)
    return found + await outbox.audit(tx, now=now)


async def audit_ledger(desk: Shared, database: Database, now: datetime) -> bool:
    """Add the ledger up and count the places anew, once a night, beside the writers.

    What is wrong is told to every admin chat of an office that keeps a wallet, in the transaction
    that says the night was audited: a desk that stops in between audits it once more.
    """
    async with database.reading() as tx:
        if not await wallet.is_audit_due(tx, now=now):
            return False
    async with database.reading() as tx:
        findings = await audit(tx, desk.catalogue, now=now)
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
