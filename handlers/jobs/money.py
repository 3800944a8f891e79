"""What the clock does to money: what was begun and never paid or found comes to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from bot.wallet.model import TopUpWay
from handlers.jobs.notices import notice
from handlers.views.wallet import top_up_notices as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database, Transaction
    from bot.wallet.model import TopUp
    from handlers.context import Shared


async def expire_top_ups(desk: Shared, database: Database, now: datetime) -> bool:
    """End the top-ups whose time is over; of a claim its citizen is told, of a bill nobody."""
    told, ended = False, True
    while ended:
        async with database.transaction() as tx:
            over = await wallet.expire_top_ups(tx, now=now)
            claims = [one for one in over if one.way is TopUpWay.BANK]
            for claim in claims:
                await _tell(desk, tx, claim, now)
        told, ended = told or bool(claims), bool(over)
    return told


async def _tell(desk: Shared, tx: Transaction, claim: TopUp, now: datetime) -> None:
    citizen = await citizens.recall(tx, citizen_id=claim.citizen_id)
    words = desk.words_of(citizen.language or desk.default_language)
    told = notice(int(claim.citizen_id), views.ended(words, claim))
    await outbox.queue(tx, f"{claim.subject}:expired", [told], now)
