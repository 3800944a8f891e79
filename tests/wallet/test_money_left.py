"""What of somebody's money has to end before they are forgotten, and what stays without a name."""

from datetime import timedelta

from bot.citizens import use_cases as citizens
from bot.kit.database import Database, Transaction
from bot.kit.keeping import KEPT_FOR, Kind
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Move, PayoutState, TopUpState, TransferCode
from bot.wallet.model.parting import MoneyLeft, Unfinished
from bot.wallet.use_cases.parting import (
    forget_old_accounts,
    forget_owner,
    money_left,
    proposals_of,
)
from tests.wallet.payout_support import OFFICER, RING, pay, payout_in, sound, take
from tests.wallet.payout_support import found as found_again
from tests.wallet.support import NOW, OFFICE, REZA, SARA, at, grant, hold, said, top_up, void
from tests.wallet.top_up_support import bill, claim, reject

LEAST = {OFFICE: 500}
MOMENT = timedelta(microseconds=1)


async def left(tx: Transaction) -> list[MoneyLeft]:
    return await money_left(tx, citizen_id=SARA, least_rial=LEAST)


def at_office(*unfinished: Unfinished, cash: int = 0, credit: int = 0, debt: int = 0) -> MoneyLeft:
    return MoneyLeft(OFFICE, cash, credit, debt, frozenset(unfinished))


async def test_what_can_be_paid_out_is_paid_out_first_and_what_cannot_is_given_up(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        assert await left(tx) == []
        await top_up(tx, 9_000, REZA)
        await top_up(tx, 1)
        nowhere = await money_left(tx, citizen_id=SARA, least_rial={})
        assert nowhere == [at_office(Unfinished.CASH, cash=1)], "whatever there is can be paid"
        await top_up(tx, 498)
        await grant(tx, 70)
        assert await left(tx) == [at_office(cash=499, credit=70)]
        held = await hold(tx, 1)
        assert await left(tx) == [at_office(Unfinished.CASH, cash=499, credit=70)]
        await void(tx, held)
        await top_up(tx, 1)
        assert await left(tx) == [at_office(Unfinished.CASH, cash=500, credit=70)]


async def test_what_waits_for_somebody_comes_to_its_end_first(database: Database) -> None:
    async with database.transaction() as tx:
        proposal = await wallet.propose_credit(
            tx,
            subject="case:1",
            citizen_id=SARA,
            amount_rial=5,
            reason="تأخیر",
            actor=OFFICER,
            now=NOW,
        )
        assert await proposals_of(tx, citizen_id=SARA) == [proposal]
        assert await proposals_of(tx, citizen_id=REZA) == []
        claimed = await claim(tx)
        waits = {Unfinished.CREDIT, Unfinished.TOP_UP}
        assert await left(tx) == [at_office(*waits)]
        await reject(tx, claimed.code)
        assert await left(tx) == [at_office(Unfinished.CREDIT)]
        await payout_in(tx, PayoutState.REQUESTED)
        assert await left(tx) == [
            at_office(Unfinished.CREDIT, Unfinished.PAYOUT, Unfinished.CASH, cash=300)
        ]
        lost = Move(f"debt:{SARA}@{OFFICE}", at("bank"), 40, TransferCode.CHARGEBACK)
        await wallet.move(tx, moves=[lost], **said())
        (one,) = await left(tx)
        assert (one.debt_rial, Unfinished.DEBT in one.unfinished) == (40, True)


async def test_money_stays_and_names_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.PAID)
        written = await bill(tx)
        await top_up(tx, 30)
        await top_up(tx, 7, REZA)
    async with database.transaction() as tx:
        async with citizens.parting_of(tx, citizen_id=SARA, now=NOW) as number:
            await forget_owner(tx, citizen_id=SARA, number=number)
        assert await left(tx) == []
        kept = {"office_id": OFFICE, "citizen_id": number}
        assert await wallet.balance(tx, **kept) == Balance(30, 0, 0)  # type: ignore[arg-type]
        assert await wallet.balance(tx, office_id=OFFICE, citizen_id=REZA) == Balance(7, 0, 0)
        again = await found_again(tx, payout)
        assert (again.citizen_id, wallet.open_account(again, RING)) == (number, ("", ""))
        assert (await wallet.top_up(tx, code=written.code)).state is TopUpState.EXPIRED
    assert await sound(database)


async def test_an_account_is_forgotten_some_time_after_its_payout(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SENT)
        after = NOW + KEPT_FOR[Kind.PAYOUT_ACCOUNT]
        assert await forget_old_accounts(tx, now=after + MOMENT) == 0, "it is not over"
        await pay(tx, payout)
        other = await payout_in(tx, PayoutState.REQUESTED)
        assert await forget_old_accounts(tx, now=after) == 0
        assert await forget_old_accounts(tx, now=after + MOMENT) == 1
        assert wallet.open_account(await found_again(tx, payout), RING) == ("", "")
        assert wallet.open_account(await take(tx, other), RING) != ("", "")
        assert await forget_old_accounts(tx, now=after + MOMENT) == 0
