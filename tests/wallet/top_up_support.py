"""Each deed of paying in with what a test does not care about, and who decides about it."""

from typing import Any

from sqlalchemy import inspect, select

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import (
    TopUp,
    TopUpLimits,
    TopUpState,
)
from bot.wallet.tables import top_up as table
from tests.wallet.support import NOW, OFFICE, SARA

LIMITS = TopUpLimits(100_000, 200_000_000)
FINANCE = Staff(CitizenId(31), OFFICE, Role.FINANCE, "Finance")
COLLEAGUE = Staff(CitizenId(32), OFFICE, Role.FINANCE, "Colleague")
MANAGER = Staff(CitizenId(33), OFFICE, Role.MANAGER, "Manager")
OTHER_MANAGER = Staff(CitizenId(34), OFFICE, Role.MANAGER, "Other")
OFFICER = Staff(CitizenId(35), OFFICE, Role.OFFICER, "Officer")
STRANGER = Staff(CitizenId(36), "mazandaran", Role.MANAGER, "Stranger")
REFERENCE = "140509018765"
AMOUNT = 500_000


async def bill(tx: Transaction, amount_rial: int = AMOUNT, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "limits": LIMITS, "now": NOW}
    return await wallet.begin_invoice(tx, amount_rial=amount_rial, **(values | wanted))


async def check(tx: Transaction, payload: str, **wanted: Any) -> TopUp:
    values = {"citizen_id": SARA, "amount_rial": AMOUNT, "currency": "IRR", "now": NOW}
    return await wallet.check_invoice(tx, payload=payload, **(values | wanted))


async def receive(tx: Transaction, payload: str, **wanted: Any) -> TopUp:
    values = {
        "provider": "bale",
        "charge_id": "charge-1",
        "citizen_id": SARA,
        "amount_rial": AMOUNT,
        "currency": "IRR",
        "office_id": OFFICE,
        "reference": "770011",
        "now": NOW,
    }
    return await wallet.receive_payment(tx, payload=payload, **(values | wanted))


async def claim(tx: Transaction, reference: str = REFERENCE, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "limits": LIMITS, "now": NOW}
    values |= {"amount_rial": AMOUNT}
    return await wallet.claim_reference(tx, reference=reference, **(values | wanted))


async def verify(tx: Transaction, code: str, actor: Staff = FINANCE, **wanted: Any) -> TopUp:
    return await wallet.verify_reference(tx, code=code, actor=actor, **({"now": NOW} | wanted))


async def reject(tx: Transaction, code: str, actor: Staff = FINANCE, **wanted: Any) -> TopUp:
    values = {"reason": "چنین واریزی در حساب نیست", "now": NOW}
    return await wallet.reject_reference(tx, code=code, actor=actor, **(values | wanted))


async def undo(tx: Transaction, code: str, actor: Staff = MANAGER, **wanted: Any) -> TopUp:
    values = {"reason": "اشتباه تأیید شد", "now": NOW}
    return await wallet.reverse_top_up(tx, code=code, actor=actor, **(values | wanted))


async def unmatched(tx: Transaction, **wanted: Any) -> TopUp:
    return await receive(tx, "topup:nobody", **({"charge_id": "lost"} | wanted))


async def assert_right(database: Database, *, verified: int) -> None:
    """The books balance, and each verified top-up has one journal that is worth as much."""
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
        rows = (await tx.execute(select(table.c.code, table.c.amount_rial, table.c.state))).all()
        journals = {
            row.code: await wallet.journals_about(tx, reference=f"topup:{row.code}", limit=9)
            for row in rows
        }
    moved = {code: [one.amount_rial for one in found] for code, found in journals.items()}
    stands = [row for row in rows if row.state == TopUpState.VERIFIED.value]
    assert len(stands) == verified
    for row in stands:
        is_from_suspense = len(moved[row.code]) == 2
        assert moved[row.code] == [row.amount_rial] * (1 + is_from_suspense), row
    for row in rows:
        if row.state not in (TopUpState.VERIFIED, TopUpState.REVERSED, TopUpState.UNMATCHED):
            assert moved[row.code] == [], row


async def standing(database: Database, name: str) -> int:
    """What an account of the office stands at."""
    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT code, credits_rial - debits_rial FROM account")
        return dict(tuple(row) for row in rows).get(f"{name}@{OFFICE}", 0)


async def kept(database: Database) -> list[tuple[Any, ...]]:
    async with database.reading() as tx:
        names = await tx.run_sync(lambda connection: inspect(connection).get_table_names())
        return [
            (name, *map(tuple, await tx.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1")))  # noqa: S608 - a table
            for name in names
        ]
