"""Where a payout may go from where it stands, and who may send it there."""

from typing import cast

import pytest

from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role, Staff
from bot.kit.database import Database, Transaction
from bot.wallet import rules
from bot.wallet.errors import NoSuchPayout, OwnPayout, PayoutMoved
from bot.wallet.model import Payout, PayoutAct, PayoutState
from tests.wallet.payout_support import (
    NIMA,
    OFFICER,
    OMID,
    STRANGER,
    WAYS,
    StaffAct,
    approve,
    correct,
    everything,
    give_back,
    give_back_late,
    pay,
    payout_in,
    recall,
    reject,
    second,
    sound,
    take,
    withdraw,
)
from tests.wallet.support import OFFICE, SARA

STAFF_ACTS: dict[PayoutAct, StaffAct] = {
    PayoutAct.TAKE: take,
    PayoutAct.APPROVE: approve,
    PayoutAct.SECOND: second,
    PayoutAct.REJECT: reject,
    PayoutAct.RECALL: recall,
    PayoutAct.PAY: pay,
    PayoutAct.RETURN: give_back,
    PayoutAct.RETURN_LATE: give_back_late,
    PayoutAct.CORRECT: correct,
}
# What may be done to a payout where it stands, once more and by hand.
ALLOWED = {
    PayoutState.REQUESTED: {"withdraw", "take", "reject"},
    PayoutState.REVIEW: {"withdraw", "approve", "reject"},
    PayoutState.SECONDING: {"withdraw", "second", "reject"},
    PayoutState.APPROVED: {"recall"},
    PayoutState.SENT: {"pay", "return"},
    PayoutState.PAID: {"return_late", "correct"},
    PayoutState.RETURNED: set(),
    PayoutState.RETURNED_LATE: set(),
    PayoutState.REJECTED: set(),
    PayoutState.WITHDRAWN: set(),
}


async def done(tx: Transaction, payout: Payout, act: PayoutAct) -> Payout:
    """Do it as somebody who may, if it could be done at all."""
    roles = rules.payout_roles(act)
    if not roles:
        return await withdraw(tx, payout)
    actor = {Role.FINANCE: OMID, Role.MANAGER: NIMA}[roles[0]]
    return cast("Payout", await STAFF_ACTS[act](tx, payout, actor))


@pytest.mark.parametrize(
    ("state", "act"),
    [(state, PayoutAct(act)) for state in ALLOWED for act in sorted(ALLOWED[state])],
)
async def test_what_may_be_done_where_it_stands_leads_on(
    database: Database, state: PayoutState, act: PayoutAct
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, state)
    async with database.transaction() as tx:
        after = await done(tx, payout, act)
    assert (after.state is state) is (act is PayoutAct.CORRECT)
    assert await sound(database)


@pytest.mark.parametrize("state", PayoutState)
async def test_what_may_not_be_done_where_it_stands_is_refused_with_where_it_stands(
    database: Database, state: PayoutState
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, state)
    before = await everything(database)
    for act in {PayoutAct.WITHDRAW, *STAFF_ACTS}:
        if act.value not in ALLOWED[state]:
            with pytest.raises(PayoutMoved) as refused:
                async with database.transaction() as tx:
                    await done(tx, payout, act)
            assert refused.value.state is state, act
            assert await everything(database) == before, act
    assert await sound(database)


@pytest.mark.parametrize("act", STAFF_ACTS)
async def test_only_the_roles_of_an_act_do_it_and_nobody_of_another_office(
    database: Database, act: PayoutAct
) -> None:
    begins = {
        PayoutAct.TAKE: PayoutState.REQUESTED,
        PayoutAct.APPROVE: PayoutState.REVIEW,
        PayoutAct.SECOND: PayoutState.SECONDING,
        PayoutAct.REJECT: PayoutState.REVIEW,
        PayoutAct.RECALL: PayoutState.APPROVED,
        PayoutAct.PAY: PayoutState.SENT,
        PayoutAct.RETURN: PayoutState.SENT,
        PayoutAct.RETURN_LATE: PayoutState.PAID,
        PayoutAct.CORRECT: PayoutState.PAID,
    }[act]
    async with database.transaction() as tx:
        payout = await payout_in(tx, begins)
    before = await everything(database)
    people = {Role.FINANCE: OMID, Role.MANAGER: NIMA, Role.OFFICER: OFFICER}
    for role, actor in people.items():
        if role not in rules.payout_roles(act):
            with pytest.raises(StaffOnly):
                async with database.transaction() as tx:
                    await STAFF_ACTS[act](tx, payout, actor)
    for role in people:
        stranger = Staff(STRANGER.id, STRANGER.office_id, role, "Stranger")
        with pytest.raises(NoSuchPayout):
            async with database.transaction() as tx:
                await STAFF_ACTS[act](tx, payout, stranger)
        own = Staff(SARA, OFFICE, role, "Sara")
        with pytest.raises(OwnPayout if role in rules.payout_roles(act) else StaffOnly):
            async with database.transaction() as tx:
                await STAFF_ACTS[act](tx, payout, own)
    assert await everything(database) == before


def test_the_table_has_a_way_to_each_state_and_no_two_from_one_act() -> None:
    steps = rules.PAYOUT_STEPS
    assert {step.ends for step in steps} == set(PayoutState) - {PayoutState.REQUESTED}
    assert len({(step.begins, step.act, step.ends) for step in steps}) == len(steps)
    assert set(WAYS) == set(PayoutState)
    for act in PayoutAct:
        assert len({step.roles for step in steps if step.act is act}) == 1
    allowed = {(step.begins, step.act.value) for step in steps if step.act != "export"}
    assert allowed == {(state, act) for state, acts in ALLOWED.items() for act in acts}
