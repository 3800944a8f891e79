"""A citizen asks for their money; it takes the right people, in the right order, to send it."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit as audit_table
from bot.kit.database import Database
from bot.kit.errors import DeskError
from bot.kit.tracking import shown
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    IbanUnreadable,
    InsufficientFunds,
    KeyReused,
    NoSuchBatch,
    NoSuchPayout,
    NothingToSend,
    OwnerUnreadable,
    OwnPayout,
    PayoutMoved,
    PayoutReasonUnreadable,
    PayoutTooSmall,
    ReferenceIsAccount,
    ReferenceUnreadable,
    SamePerson,
    TooManyPayouts,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    OPEN_STATES,
    Balance,
    BatchId,
    HoldState,
    Move,
    PayoutAct,
    PayoutState,
    TransferCode,
)
from bot.wallet.use_cases.payout_steps import take_step
from tests.keys_support import opened_note
from tests.refusing import refused
from tests.wallet.payout_support import (
    IBAN,
    MINA,
    NEDA,
    OFFICER,
    OMID,
    OTHER_IBAN,
    OWNER,
    RING,
    STRANGER,
    approve,
    everything,
    export,
    found,
    give_back,
    pay,
    payout_in,
    recall,
    reject,
    request,
    second,
    sound,
    take,
    withdraw,
)
from tests.wallet.support import NOW, OFFICE, REZA, SARA, balance_of, grant, said, top_up


async def test_what_is_asked_for_is_held_and_cannot_be_spent(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        payout = await request(tx, 300)
    assert (payout.state, payout.amount_rial) == (PayoutState.REQUESTED, 300)
    assert payout.masked_iban == "IR•• … 9012"
    assert await balance_of(database) == Balance(1_000, 0, 300)
    async with database.reading() as tx:
        (held,) = await wallet.open_holds(tx, office_id=OFFICE, citizen_id=SARA, limit=9)
        assert (held.id, held.note.reference) == (payout.hold_id, f"payout:{payout.id}")
        assert wallet.open_account(payout, RING) == (IBAN, OWNER)
    assert await sound(database)


@pytest.mark.parametrize(
    ("state", "cash_rial", "held"),
    [
        *((state, 300, HoldState.OPEN) for state in OPEN_STATES if state != "seconding"),
        (PayoutState.SECONDING, 600, HoldState.OPEN),
        (PayoutState.PAID, 0, HoldState.POSTED),
        (PayoutState.RETURNED, 300, HoldState.VOIDED),
        (PayoutState.RETURNED_LATE, 300, HoldState.POSTED),
        (PayoutState.REJECTED, 300, HoldState.VOIDED),
        (PayoutState.WITHDRAWN, 300, HoldState.VOIDED),
    ],
)
async def test_in_each_state_the_money_is_where_it_belongs(
    database: Database, state: PayoutState, cash_rial: int, held: HoldState
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, state)
        assert (await wallet.find_hold(tx, hold_id=payout.hold_id)).state is held
        events = await wallet.payout_events(tx, payout_id=payout.id)
    held_rial = cash_rial if held is HoldState.OPEN else 0
    assert await balance_of(database) == Balance(cash_rial, 0, held_rial)
    assert events[0].from_state is None
    assert [event.to_state for event in events][-1] is state
    assert all(later.from_state is earlier.to_state for earlier, later in pairwise(events))
    assert await sound(database)


async def test_a_sum_in_parts_takes_two_people_as_the_whole_does(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 5_000)
        parts = [await request(tx, 300), await request(tx, 200), await request(tx, 100)]
        assert [part.needs_second for part in parts] == [False, False, True]
        await top_up(tx, 5_000, REZA)
        assert not (await request(tx, 300, citizen_id=REZA)).needs_second


async def test_what_came_to_nothing_or_is_long_over_is_not_added_up(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 5_000)
        gone = await request(tx, 400)
        await withdraw(tx, gone)
        kept = await request(tx, 400)
        later = await request(tx, 400, now=NOW + timedelta(hours=25))
    assert [kept.needs_second, later.needs_second] == [False, False]


async def test_the_threshold_itself_takes_one_person_and_a_rial_more_takes_two(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 5_000)
        small, great = await request(tx, 500), await request(tx, 501)
        assert (small.needs_second, great.needs_second) == (False, True)
        for payout in (small, great):
            await take(tx, payout)
            await approve(tx, payout)
        assert (await found(tx, small)).state is PayoutState.APPROVED
        assert (await found(tx, great)).state is PayoutState.SECONDING
        approved = await second(tx, great)
    assert (approved.state, approved.approved_by, approved.seconded_by) == (
        PayoutState.APPROVED,
        NEDA.id,
        MINA.id,
    )


async def test_the_least_that_is_paid_out_is_paid_out(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 100)
        assert (await request(tx, 100)).amount_rial == 100


async def test_who_approved_is_not_the_second_person_in_another_role(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SECONDING)
    before = await everything(database)
    with pytest.raises(SamePerson):
        async with database.transaction() as tx:
            await second(tx, payout, Staff(NEDA.id, OFFICE, Role.MANAGER, "Neda"))
    assert await everything(database) == before


async def test_what_is_recalled_is_approved_anew_by_all_whom_it_takes(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.APPROVED, 600)
        recalled = await recall(tx, payout)
        assert (recalled.state, recalled.reason) == (PayoutState.REVIEW, "دوباره دیده شود")
        assert (recalled.approved_by, recalled.seconded_by) == (None, None)
        again = await approve(tx, payout, OMID)
        assert (again.state, again.approved_by, again.reason) == (
            PayoutState.SECONDING,
            OMID.id,
            None,
        )
        with pytest.raises(NothingToSend):
            await export(tx)
    assert await sound(database)


async def test_two_people_of_finance_who_disagree_leave_the_word_of_the_first_who_decides(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.REVIEW)
        await reject(tx, payout, OMID)
    with pytest.raises(PayoutMoved) as told:
        async with database.transaction() as tx:
            await approve(tx, payout, NEDA)
    assert told.value.state is PayoutState.REJECTED
    assert await balance_of(database) == Balance(300, 0, 0)


async def test_a_step_from_where_it_no_longer_stands_is_not_taken(database: Database) -> None:
    async with database.transaction() as tx:
        seen = await payout_in(tx, PayoutState.REVIEW)
        step = rules.step_from(seen, PayoutAct.REJECT)
        await withdraw(tx, seen)
    before = await everything(database)
    with pytest.raises(PayoutMoved) as told:
        async with database.transaction() as tx:
            await take_step(tx, seen, step, who=f"staff:{OMID.id}", now=NOW)
    assert told.value.state is PayoutState.WITHDRAWN
    assert await everything(database) == before


async def test_the_same_key_is_one_request_and_another_one_under_it_is_refused(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        first = await request(tx, 300, key="payout:k")
        await take(tx, first)
    async with database.transaction() as tx:
        again = await request(tx, 300, key="payout:k", iban="ir05-0170-0000-0012-3456-7890-12")
    assert (again.id, again.state) == (first.id, PayoutState.REVIEW)
    others: list[dict[str, Any]] = [
        {"amount_rial": 301},
        {"citizen_id": REZA},
        {"iban": OTHER_IBAN},
        {"office_id": "mazandaran"},
    ]
    for other in others:
        with refused(KeyReused("payout:k")):
            async with database.transaction() as tx:
                await request(tx, **({"amount_rial": 300} | other), key="payout:k")
    assert await balance_of(database) == Balance(1_000, 0, 300)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"amount_rial": 1_001}, InsufficientFunds),
        ({"amount_rial": AMOUNT_RIAL_MAX + 1}, InsufficientFunds),
        ({"amount_rial": 99}, PayoutTooSmall),
        ({"amount_rial": -300}, PayoutTooSmall),
        ({"iban": "IR050170000000123456789013"}, IbanUnreadable),
        ({"iban": "DE89370400440532013000"}, IbanUnreadable),
        ({"iban": ""}, IbanUnreadable),
        ({"owner_name": "س"}, OwnerUnreadable),
        ({"owner_name": "09121234567"}, OwnerUnreadable),
        ({"owner_name": "=HYPERLINK(x)"}, OwnerUnreadable),
        ({"owner_name": "ن" * 65}, OwnerUnreadable),
    ],
)
async def test_a_refused_request_leaves_no_trace_and_its_key_is_free(
    database: Database, wanted: dict[str, Any], refusal: type[DeskError]
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        await grant(tx, 9_000)
    before = await everything(database)
    async with database.transaction() as tx:
        with pytest.raises(refusal):
            await request(tx, **({"amount_rial": 300} | wanted), key="payout:k")
    assert await everything(database) == before
    async with database.transaction() as tx:
        await request(tx, 300, key="payout:k")
    assert await sound(database)


async def test_three_are_open_at_once_and_one_that_is_over_makes_room(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 5_000)
        payouts = [await request(tx) for _ in range(3)]
    before = await everything(database)
    async with database.transaction() as tx:
        with pytest.raises(TooManyPayouts) as told:
            await request(tx)
    assert told.value.open_max == 3
    assert await everything(database) == before
    async with database.transaction() as tx:
        await withdraw(tx, payouts[0])
        await request(tx)
        await top_up(tx, 300, REZA)
        await request(tx, citizen_id=REZA)
    assert await sound(database)


async def test_nobody_sees_or_withdraws_anothers(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.REQUESTED)
        for code in (payout.code, "2222222222", "", "\0", "\ud800", "9" * 64):
            with pytest.raises(NoSuchPayout):
                await wallet.withdraw_payout(tx, code=code, citizen_id=REZA, now=NOW)
            with pytest.raises(NoSuchPayout):
                await wallet.find_own_payout(tx, code=code, citizen_id=REZA)
        with pytest.raises(NoSuchPayout):
            await wallet.find_payout(tx, code=payout.code, office_id="mazandaran")
        assert await wallet.find_own_payout(tx, code=payout.code, citizen_id=SARA) == payout
        assert await wallet.payouts_of(tx, office_id=OFFICE, citizen_id=REZA, limit=9) == []
        assert await wallet.payouts_of(tx, office_id="mazandaran", citizen_id=SARA, limit=9) == []
        assert await wallet.payouts_of(tx, office_id=OFFICE, citizen_id=SARA, limit=9) == [payout]


async def test_the_desk_lists_its_payouts_by_where_they_stand(database: Database) -> None:
    async with database.transaction() as tx:
        first = await payout_in(tx, PayoutState.REVIEW)
        other = await payout_in(tx, PayoutState.REVIEW, citizen_id=REZA)
        await payout_in(tx, PayoutState.WITHDRAWN)
        states = [PayoutState.REVIEW, PayoutState.REQUESTED]
        listed = await wallet.payouts_in(tx, office_id=OFFICE, states=states, limit=9)
        assert listed == [first, other]
        rest = await wallet.payouts_in(
            tx, office_id=OFFICE, states=states, limit=9, after_id=first.id
        )
        assert rest == [other]
        assert await wallet.payouts_in(tx, office_id="mazandaran", states=states, limit=9) == []
        assert await wallet.payout_counts(tx, office_id=OFFICE) == {
            PayoutState.REVIEW: 2,
            PayoutState.WITHDRAWN: 1,
        }


async def test_finance_is_warned_of_an_account_that_others_gave_too(database: Database) -> None:
    async with database.transaction() as tx:
        first = await payout_in(tx, PayoutState.PAID)
        assert await wallet.account_sharers(tx, payout=first) == 0
        same = await payout_in(tx, PayoutState.REQUESTED, citizen_id=REZA)
        await top_up(tx, 300, CitizenId(7))
        await request(tx, citizen_id=CitizenId(7), iban=OTHER_IBAN)
        assert await wallet.account_sharers(tx, payout=first) == 1
        assert await wallet.account_sharers(tx, payout=same) == 1
        assert first.iban != same.iban
        paid_in = Move("gateway@mazandaran", "wallet:8:cash@mazandaran", 300, TransferCode.TOP_UP)
        await wallet.move(tx, moves=[paid_in], **said())
        await request(tx, citizen_id=CitizenId(8), office_id="mazandaran")
        assert await wallet.account_sharers(tx, payout=first) == 1


async def test_a_batch_holds_what_was_approved_and_is_made_again_alike(database: Database) -> None:
    async with database.transaction() as tx:
        first = await payout_in(tx, PayoutState.APPROVED)
        await payout_in(tx, PayoutState.REVIEW, citizen_id=REZA)
        other = await payout_in(tx, PayoutState.APPROVED, 400, REZA)
        batch = await export(tx, key="batch:k")
    assert (batch.count, batch.total_rial, batch.created_by) == (2, 700, NEDA.id)
    async with database.transaction() as tx:
        later = await payout_in(tx, PayoutState.APPROVED)
        assert await export(tx, OMID, key="batch:k") == batch
        assert (await found(tx, later)).state is PayoutState.APPROVED
        rows = await wallet.batch_rows(tx, batch=batch, keyring=RING)
        await pay(tx, first)
        await give_back(tx, other)
        assert await wallet.batch_rows(tx, batch=batch, keyring=RING) == rows
        assert [(row.code, row.amount_rial, row.iban, row.owner) for row in rows] == [
            (first.code, 300, IBAN, OWNER),
            (other.code, 400, IBAN, OWNER),
        ]
        assert await wallet.find_batch(tx, batch_id=batch.id) == batch
        second_batch = await export(tx)
        assert await wallet.batches_of(tx, office_id=OFFICE, limit=9) == [second_batch, batch]
        assert await wallet.batches_of(tx, office_id="mazandaran", limit=9) == []
    assert await sound(database)


async def test_a_batch_of_named_ones_holds_those_all_of_them_or_none(database: Database) -> None:
    async with database.transaction() as tx:
        first, second = [await payout_in(tx, PayoutState.APPROVED) for _ in range(2)]
        later = await payout_in(tx, PayoutState.APPROVED, citizen_id=REZA)
        await recall(tx, second)
    async with database.transaction() as tx:
        with pytest.raises(PayoutMoved) as moved:
            await export(tx, codes=[first.code, second.code])
        assert moved.value.state is PayoutState.REVIEW
    async with database.transaction() as tx:
        assert (await found(tx, first)).state is PayoutState.APPROVED
        assert (await export(tx, codes=[first.code])).count == 1
        assert (await found(tx, later)).state is PayoutState.APPROVED
    assert await sound(database)


async def test_a_batch_of_nothing_is_refused_and_so_is_one_by_others(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(NothingToSend):
            await export(tx)
        await payout_in(tx, PayoutState.APPROVED)
        for actor in (MINA, OFFICER, STRANGER):
            with pytest.raises(StaffOnly):
                await export(tx, actor)
        await export(tx, key="batch:k")
        with pytest.raises(KeyReused) as reused:
            await export(tx, STRANGER, office_id=STRANGER.office_id, key="batch:k")
        assert reused.value.key == "batch:k"
        with pytest.raises(NoSuchBatch):
            await wallet.find_batch(tx, batch_id=BatchId(404))


async def test_what_somebody_asked_for_themselves_is_sent_by_a_colleague(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        own = await payout_in(tx, PayoutState.APPROVED, citizen_id=OMID.id)
        with pytest.raises(OwnPayout):
            await export(tx, OMID)
        other = await payout_in(tx, PayoutState.APPROVED)
        batch = await export(tx, OMID)
        assert batch.count == 1
        assert (await found(tx, other)).state is PayoutState.SENT
        assert (await found(tx, own)).state is PayoutState.APPROVED
        assert (await export(tx, NEDA)).count == 1
    assert await sound(database)


async def test_a_statement_says_the_code_and_why(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.RETURNED_LATE)
        lines = await wallet.statement(tx, office_id=OFFICE, citizen_id=SARA, limit=9)
    assert [(line.code, line.amount_rial, line.reason) for line in lines[:2]] == [
        (TransferCode.PAYOUT_RETURNED, 300, f"{shown(payout.code)}: حساب بسته است"),
        (TransferCode.PAYOUT, -300, shown(payout.code)),
    ]
    assert {line.reference for line in lines[:2]} == {f"payout:{payout.id}"}
    assert (payout.bank_reference, payout.return_reference) == ("1405090101", "RT990011")


@pytest.mark.parametrize(
    ("reference", "refusal"),
    [("", ReferenceUnreadable), ("پرداخت شد", ReferenceUnreadable), (IBAN, ReferenceIsAccount)],
)
async def test_it_is_not_paid_without_a_reference_of_the_bank(
    database: Database, reference: str, refusal: type[DeskError]
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SENT)
        with pytest.raises(refusal):
            await wallet.mark_paid(
                tx, code=payout.code, bank_reference=reference, actor=NEDA, now=NOW
            )
        assert (await found(tx, payout)).state is PayoutState.SENT


@pytest.mark.parametrize("reason", ["", " \n\u200b ", "ن" * 181])
async def test_a_reason_is_said_in_one_line(database: Database, reason: str) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.REVIEW)
        with pytest.raises(PayoutReasonUnreadable):
            await wallet.reject_payout(tx, code=payout.code, reason=reason, actor=NEDA, now=NOW)


async def test_what_staff_did_is_in_the_audit_with_no_account_and_no_name(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.APPROVED, 600)
        await recall(tx, payout)
        rejected = await wallet.reject_payout(
            tx, code=payout.code, reason=f"شبای {IBAN} بسته است", actor=OMID, now=NOW
        )
        assert rejected.reason is not None
        assert IBAN not in rejected.reason
        sent = await payout_in(tx, PayoutState.SENT, citizen_id=REZA)
        await pay(tx, sent)
        rows = (await tx.execute(select(audit_table).order_by(audit_table.c.id))).all()
        events = await wallet.payout_events(tx, payout_id=payout.id)
    assert [(row.before, row.after) for row in rows[:3]] == [
        ("requested", "review"),
        ("review", "seconding"),
        ("seconding", "approved"),
    ]
    assert [row.action for row in rows] == [
        "payout.review",
        "payout.seconding",
        "payout.seconded",
        "payout.recalled",
        "payout.rejected",
        "payout.review",
        "payout.approved",
        "payout.sent",
        "payout.batch",
        "payout.paid",
    ]
    assert rows[0].subject == f"payout:{payout.id}"
    notes = [opened_note(row) for row in rows]
    assert notes[0] == f"{payout.code} 600"
    assert notes[-1] == f"{sent.code} 300: 1405090102"
    said = repr(rows) + repr(notes) + repr(events)
    assert IBAN[4:] not in said
    assert OWNER not in said
