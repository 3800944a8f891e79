"""What waits for the people of an office is counted, each kind by itself."""

from collections import Counter

import pytest

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.model import MoneyWaiting, PayoutState, TopUpLimits
from tests.wallet.payout_support import STRANGER, payout_in
from tests.wallet.support import NOW, OFFICE, SARA

# Counts that differ, so that none can stand in for another; what is sent comes before what is
# only approved, which a later file for the bank would take along.
STANDING = (
    {PayoutState.SENT: 6, PayoutState.PAID: 1, PayoutState.RETURNED: 1, PayoutState.APPROVED: 5}
    | {PayoutState.SECONDING: 4, PayoutState.REVIEW: 2, PayoutState.REQUESTED: 1}
    | {PayoutState.REJECTED: 1, PayoutState.WITHDRAWN: 1}
)
OFFICER = Staff(CitizenId(21), OFFICE, Role.OFFICER, "Officer")


async def test_an_office_where_nothing_waits_has_nothing_to_do(database: Database) -> None:
    async with database.reading() as tx:
        waiting = await wallet.money_waiting(tx, office_id=OFFICE)
    assert waiting == MoneyWaiting(0, 0, 0, 0, 0, 0)
    assert not waiting.is_anything


async def test_each_kind_that_waits_is_counted_by_itself_and_for_its_office(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        for number, state in enumerate(Counter(STANDING).elements()):
            await payout_in(tx, state, citizen_id=CitizenId(1_000 + number))
        for number in range(7):
            await wallet.propose_credit(
                tx,
                subject=f"case:{number}",
                citizen_id=SARA,
                amount_rial=1,
                reason="کلاس برگزار نشد",
                actor=OFFICER,
                now=NOW,
            )
        for number in range(8):
            await wallet.claim_reference(
                tx,
                office_id=OFFICE,
                citizen_id=CitizenId(2_000 + number),
                amount_rial=1_000,
                reference=f"14050901{number}",
                limits=TopUpLimits(1, 10_000),
                now=NOW,
            )
    async with database.reading() as tx:
        assert await wallet.money_waiting(tx, office_id=OFFICE) == MoneyWaiting(
            proposals=7, top_ups=8, payouts=3, seconding=4, approved=5, sent=6
        )
        elsewhere = await wallet.money_waiting(tx, office_id=STRANGER.office_id)
    assert not elsewhere.is_anything


@pytest.mark.parametrize("kind", ["proposals", "top_ups", "payouts", "seconding", "approved"])
def test_one_thing_of_a_kind_is_something_to_do(kind: str) -> None:
    assert MoneyWaiting(**{kind: 1}).is_anything


def test_what_is_at_the_bank_is_nothing_to_do() -> None:
    assert not MoneyWaiting(sent=9).is_anything
