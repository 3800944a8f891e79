"""An office with its people, and payouts as far as a test wants them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.crypto import Keyring
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import Payout, PayoutBatch, PayoutState
from tests.wallet.support import NOW, OFFICE, SARA, said, top_up

IBAN = "IR050170000000123456789012"
OTHER_IBAN = "IR320170000000123456789011"
OWNER = "سارا نمونه‌زاده"
RING = Keyring({1: bytes(range(32))}, 1, bytes(range(32, 64)))

NEDA = Staff(CitizenId(41), OFFICE, Role.FINANCE, "Neda")
OMID = Staff(CitizenId(42), OFFICE, Role.FINANCE, "Omid")
MINA = Staff(CitizenId(51), OFFICE, Role.MANAGER, "Mina")
NIMA = Staff(CitizenId(52), OFFICE, Role.MANAGER, "Nima")
OFFICER = Staff(CitizenId(61), OFFICE, Role.OFFICER, "Officer")
STRANGER = Staff(CitizenId(71), "mazandaran", Role.FINANCE, "Stranger")


Act = Callable[[Transaction, Payout], Awaitable[Payout]]
StaffAct = Callable[[Transaction, Payout, Staff], Awaitable[Payout]]


@dataclass(frozen=True)
class Policy:
    """What the office of the tests has decided."""

    payout_rial_min: int = 100
    second_approver_above_rial: int = 500


async def request(
    tx: Transaction, amount_rial: int = 300, citizen_id: CitizenId = SARA, **wanted: Any
) -> Payout:
    values = {
        "key": f"payout:{said()['key']}",
        "office_id": OFFICE,
        "citizen_id": citizen_id,
        "amount_rial": amount_rial,
        "iban": IBAN,
        "owner_name": OWNER,
        "policy": Policy(),
        "keyring": RING,
        "now": NOW,
    }
    return await wallet.request_payout(tx, **(values | wanted))


async def withdraw(tx: Transaction, payout: Payout) -> Payout:
    return await wallet.withdraw_payout(
        tx, code=payout.code, citizen_id=payout.citizen_id, now=NOW
    )


async def take(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    return await wallet.take_payout(tx, code=payout.code, actor=actor, now=NOW)


async def approve(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    return await wallet.approve_payout(tx, code=payout.code, actor=actor, now=NOW)


async def second(tx: Transaction, payout: Payout, actor: Staff = MINA) -> Payout:
    return await wallet.second_payout(tx, code=payout.code, actor=actor, now=NOW)


async def reject(tx: Transaction, payout: Payout, actor: Staff = OMID) -> Payout:
    return await wallet.reject_payout(
        tx, code=payout.code, reason="نام صاحب حساب دیگر است", actor=actor, now=NOW
    )


async def recall(tx: Transaction, payout: Payout, actor: Staff = MINA) -> Payout:
    return await wallet.recall_payout(
        tx, code=payout.code, reason="دوباره دیده شود", actor=actor, now=NOW
    )


async def export(tx: Transaction, actor: Staff = NEDA, **wanted: Any) -> PayoutBatch:
    values = {"key": f"batch:{said()['key']}", "office_id": OFFICE, "now": NOW}
    return await wallet.export_batch(tx, actor=actor, **(values | wanted))


async def pay(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    """Each payout under a reference of its own, of which the number is the end."""
    return await wallet.mark_paid(
        tx, code=payout.code, bank_reference=f"۱۴۰۵-۰۹۰۱ {payout.id:02}", actor=actor, now=NOW
    )


async def correct(
    tx: Transaction, payout: Payout, actor: Staff = MINA, reference: str = "۱۴۰۵-۰۹۹۹ ۰۱"
) -> Payout:
    return await wallet.correct_reference(
        tx,
        code=payout.code,
        bank_reference=reference,
        reason="یک رقم جا افتاده بود",
        actor=actor,
        now=NOW,
    )


async def give_back(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    return await wallet.mark_returned(
        tx, code=payout.code, reason="حساب بسته است", actor=actor, now=NOW
    )


async def give_back_late(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    return await wallet.mark_returned_late(
        tx,
        code=payout.code,
        bank_reference="RT-990011",
        reason="حساب بسته است",
        actor=actor,
        now=NOW,
    )


async def send(tx: Transaction, payout: Payout, actor: Staff = NEDA) -> Payout:
    """Export whatever is approved, this payout among it."""
    await export(tx, actor)
    return await found(tx, payout)


async def approve_whole(tx: Transaction, payout: Payout) -> Payout:
    """Approve a payout, with a second person where it takes one."""
    approved = await approve(tx, payout)
    return await second(tx, approved) if approved.state is PayoutState.SECONDING else approved


async def found(tx: Transaction, payout: Payout) -> Payout:
    return await wallet.find_payout(tx, code=payout.code, office_id=payout.office_id)


WAYS: dict[PayoutState, tuple[Act, ...]] = {
    PayoutState.REQUESTED: (),
    PayoutState.REVIEW: (take,),
    PayoutState.SECONDING: (take, approve),
    PayoutState.APPROVED: (take, approve_whole),
    PayoutState.SENT: (take, approve_whole, send),
    PayoutState.PAID: (take, approve_whole, send, pay),
    PayoutState.RETURNED: (take, approve_whole, send, give_back),
    PayoutState.RETURNED_LATE: (take, approve_whole, send, pay, give_back_late),
    PayoutState.REJECTED: (reject,),
    PayoutState.WITHDRAWN: (withdraw,),
}


async def payout_in(
    tx: Transaction,
    state: PayoutState,
    amount_rial: int | None = None,
    citizen_id: CitizenId = SARA,
) -> Payout:
    """Bring a payout to a state, by the shortest way; the wallet is filled for it."""
    wanted_rial = amount_rial or (600 if state is PayoutState.SECONDING else 300)
    await top_up(tx, wanted_rial, citizen_id)
    payout = await request(tx, wanted_rial, citizen_id)
    for act in WAYS[state]:
        payout = await act(tx, payout)
    assert payout.state is state
    return payout


async def sound(database: Database) -> bool:
    async with database.reading() as tx:
        return await wallet.audit(tx) == []


async def everything(database: Database) -> list[Any]:
    async with database.reading() as tx:
        names = ("account", "hold", "transfer", "operation", "payout", "payout_event", "audit")
        return [
            sorted(map(repr, await tx.exec_driver_sql(f"SELECT * FROM {name}")))  # noqa: S608 - a table of ours
            for name in (*names, "payout_batch")
        ]
