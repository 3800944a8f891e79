"""Citizens with money, of which a test writes only what matters."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Bucket, Hold, Journal, Move, TransferCode
from bot.wallet.rules import account_code, escrow_code, wallet_code

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SARA, REZA = CitizenId(777_000_123_457), CitizenId(5_000_000_111)
OFFICE = "kanoon"
WORKSHOP = 12

_numbers = count(1)


def said(**wanted: Any) -> dict[str, Any]:
    """What every entry says; each call has a key and a reference of its own."""
    number = next(_numbers)
    values = {
        "key": f"key:{number}",
        "reference": f"matter:{number}",
        "reason": "شهریهٔ دوره",
        "actor": "clock",
        "now": NOW,
    }
    return {**values, **wanted}


def cash(citizen_id: CitizenId) -> str:
    return wallet_code(OFFICE, citizen_id, Bucket.CASH)


def credit(citizen_id: CitizenId) -> str:
    return wallet_code(OFFICE, citizen_id, Bucket.CREDIT)


def at(name: str) -> str:
    return account_code(OFFICE, name)


def escrow(workshop_id: int, bucket: Bucket = Bucket.CASH) -> str:
    return escrow_code(OFFICE, workshop_id, bucket)


def topped_up(amount_rial: int, citizen_id: CitizenId = SARA) -> Move:
    return Move(at("gateway"), cash(citizen_id), amount_rial, TransferCode.TOP_UP)


async def top_up(
    tx: Transaction, amount_rial: int, citizen_id: CitizenId = SARA, **wanted: Any
) -> Journal:
    return await wallet.move(tx, moves=[topped_up(amount_rial, citizen_id)], **said(**wanted))


async def grant(
    tx: Transaction, amount_rial: int, citizen_id: CitizenId = SARA, **wanted: Any
) -> Journal:
    return await wallet.grant_service_credit(
        tx, office_id=OFFICE, citizen_id=citizen_id, amount_rial=amount_rial, **said(**wanted)
    )


async def pay(
    tx: Transaction,
    amount_rial: int,
    citizen_id: CitizenId = SARA,
    workshop_id: int = WORKSHOP,
    **wanted: Any,
) -> Journal:
    return await wallet.pay_from_wallet(
        tx,
        office_id=OFFICE,
        citizen_id=citizen_id,
        amount_rial=amount_rial,
        workshop_id=workshop_id,
        **said(**wanted),
    )


async def reverse(tx: Transaction, journal: Journal, **wanted: Any) -> Journal:
    return await wallet.reverse(tx, journal_id=journal.id, **said(**wanted))


async def hold(
    tx: Transaction, amount_rial: int, citizen_id: CitizenId = SARA, **wanted: Any
) -> Hold:
    values = said(**wanted)
    return await wallet.hold(
        tx, office_id=OFFICE, citizen_id=citizen_id, amount_rial=amount_rial, **values
    )


async def post(tx: Transaction, held: Hold, amount_rial: int, **wanted: Any) -> Journal:
    values = said(**wanted)
    del values["reference"]
    return await wallet.post_hold(
        tx,
        hold_id=held.id,
        amount_rial=amount_rial,
        to_code=at("bank"),
        code=TransferCode.PAYOUT,
        **values,
    )


async def void(tx: Transaction, held: Hold, **wanted: Any) -> Hold:
    values = said(**wanted)
    del values["reference"]
    return await wallet.void_hold(tx, hold_id=held.id, **values)


async def balance_of(database: Database, citizen_id: CitizenId = SARA) -> Balance:
    async with database.reading() as tx:
        return await wallet.balance(tx, office_id=OFFICE, citizen_id=citizen_id)
