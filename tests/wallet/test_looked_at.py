"""What people and offices see of their money: statements, payouts, claims, and nights audited."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.citizens.errors import SlowDown
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    InsufficientFunds,
    LineMoved,
    NoSuchBankLine,
    NoSuchHold,
    NoSuchJournal,
    NoSuchPayout,
    NoSuchTopUp,
    ReferenceClaimed,
    TooManyTopUps,
    TopUpMoved,
    TopUpOutOfRange,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    BILL_LASTS,
    CLAIM_LASTS,
    TOP_UPS_OPEN_MAX,
    WITHDRAWN_PER_DAY,
    Balance,
    BankFileId,
    BankFileKind,
    BankFileState,
    BankLineId,
    Bucket,
    HoldId,
    JournalId,
    LineOutcome,
    LineState,
    PayoutState,
    Statement,
    StatementSpan,
    TopUpState,
)
from bot.wallet.use_cases.audits import offices_with_money, was_right
from tests.refusing import refused
from tests.wallet.bank_support import DAY as BANK_DAY
from tests.wallet.bank_support import FINANCE as RECONCILER
from tests.wallet.bank_support import MANAGER, imported, line
from tests.wallet.by_hand import tamper
from tests.wallet.payout_support import STRANGER, payout_in, request
from tests.wallet.payout_support import found as payout_found
from tests.wallet.support import NOW, OFFICE, REZA, SARA, at, grant, hold, pay, post, top_up, void
from tests.wallet.test_audit import findings, given_ledger
from tests.wallet.top_up_support import (
    AMOUNT,
    FINANCE,
    LIMITS,
    REFERENCE,
    bill,
    check,
    claim,
    receive,
    verify,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_a_statement_holds_what_happened_between_two_moments(database: Database) -> None:
    moments = [NOW - number * DAY for number in (90, 40, 20, 10)]
    async with database.transaction() as tx:
        for amount, moment in zip((100, 2_000, 30_000, 400_000), moments, strict=True):
            await top_up(tx, amount, now=moment)
        await grant(tx, 5_000_000, now=moments[2])
        await grant(tx, 77, REZA, now=moments[2])
        early = await hold(tx, 50, now=NOW - DAY)
        await hold(tx, 7, now=NOW + DAY)

        async def between(since: datetime | None, until: datetime, limit: int = 100) -> Statement:
            return await wallet.statement_between(
                tx,
                office_id=OFFICE,
                citizen_id=SARA,
                span=StatementSpan(since, until),
                limit=limit,
            )

        found = await between(moments[1], NOW)
        assert (found.span, found.opening_rial) == (StatementSpan(moments[1], NOW), 100)
        assert [(one.amount_rial, one.bucket) for one in found.lines] == [
            (2_000, Bucket.CASH),
            (30_000, Bucket.CASH),
            (5_000_000, Bucket.CREDIT),
            (400_000, Bucket.CASH),
        ]
        assert found.closing == Balance(432_100, 5_000_000, 50)
        assert found.holds == (early,)
        assert not found.is_cut
        quiet = await between(NOW - 5 * DAY, NOW)
        assert (quiet.lines, quiet.opening_rial) == ((), 5_432_100)
        cut = await between(None, NOW, limit=2)
        assert (cut.is_cut, cut.opening_rial, len(cut.lines)) == (True, 32_100, 2)
        exact = await between(None, NOW, limit=5)
        assert (exact.is_cut, exact.opening_rial, len(exact.lines)) == (False, 0, 5)
        past = await between(None, NOW - 2 * DAY)
        assert (past.closing, past.holds) == (Balance(432_100, 5_000_000, 0), ())


async def test_lines_and_holds_are_listed_in_order_and_to_an_end(database: Database) -> None:
    async with database.transaction() as tx:
        for amount in (100, 200, 300):
            await top_up(tx, amount)
        first, second = await hold(tx, 10), await hold(tx, 20)
        mine = {"office_id": OFFICE, "citizen_id": SARA}
        lines = await wallet.statement(tx, limit=2, **mine)  # type: ignore[arg-type]
        assert [one.amount_rial for one in lines] == [300, 200]
        rest = await wallet.statement(tx, before=lines[-1].id, limit=9, **mine)  # type: ignore[arg-type]
        assert [one.amount_rial for one in rest] == [100]
        assert await wallet.open_holds(tx, limit=1, **mine) == [first]  # type: ignore[arg-type]
        await void(tx, first)
        assert await wallet.open_holds(tx, limit=9, **mine) == [second]  # type: ignore[arg-type]
        assert await wallet.find_hold(tx, hold_id=second.id) == second
        with refused(NoSuchHold(second.id + 1)):
            await wallet.find_hold(tx, hold_id=HoldId(second.id + 1))
        paid = await post(tx, second, 15)
        assert await wallet.find_journal(tx, journal_id=paid.id) == paid
        with refused(NoSuchJournal("NOSUCHCODE")):
            await wallet.find_journal(tx, journal_id=JournalId("NOSUCHCODE"))
        about = await wallet.journals_about(tx, reference=second.note.reference, limit=1)
        assert about == [paid]


async def test_what_was_paid_for_something_is_listed_oldest_first(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        first, second = [await pay(tx, 10, reference="matter:x") for _ in (1, 2)]
        for limit, expected in ((1, [first]), (2, [first, second])):
            listed = await wallet.journals_about(tx, reference="matter:x", limit=limit)
            assert listed == expected


async def test_a_payout_is_found_by_whose_it_is_and_by_its_key(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        made = await request(tx, 300, key="payout:k")
        assert await wallet.payout_as(tx, key="payout:k", citizen_id=SARA) == made
        assert await wallet.payout_as(tx, key="payout:k", citizen_id=REZA) is None
        assert await wallet.payout_as(tx, key="payout:other", citizen_id=SARA) is None
        for code in (made.code, "NOSUCHCODE"):
            with refused(NoSuchPayout()):
                await wallet.find_own_payout(tx, code=code, citizen_id=REZA)
            with refused(NoSuchPayout()):
                await wallet.find_payout(tx, code=code, office_id=STRANGER.office_id)


async def test_payouts_are_turned_over_by_where_they_stand(database: Database) -> None:
    states = [PayoutState.REQUESTED, PayoutState.REVIEW, PayoutState.APPROVED]
    async with database.transaction() as tx:
        made = [await payout_in(tx, state) for state in states]
        theirs = await payout_in(tx, PayoutState.REQUESTED, citizen_id=REZA)
        listed = await wallet.payouts_of(tx, office_id=OFFICE, citizen_id=SARA, limit=2)
        assert [one.id for one in listed] == [made[2].id, made[1].id]
        waiting = {"office_id": OFFICE, "states": states[:2]}
        page = await wallet.payouts_in(tx, limit=2, **waiting)  # type: ignore[arg-type]
        assert [one.id for one in page] == [made[0].id, made[1].id]
        rest = await wallet.payouts_in(tx, after_id=page[-1].id, limit=2, **waiting)  # type: ignore[arg-type]
        assert [one.id for one in rest] == [theirs.id]
        assert await wallet.payout_counts(tx, office_id=OFFICE) == {
            PayoutState.REQUESTED: 2,
            PayoutState.REVIEW: 1,
            PayoutState.APPROVED: 1,
        }
        assert await wallet.payout_counts(tx, office_id=STRANGER.office_id) == {}
        events = await wallet.payout_events(tx, payout_id=made[2].id, limit=2)
        assert [one.to_state for one in events] == [PayoutState.REQUESTED, PayoutState.REVIEW]
        assert await wallet.account_sharers(tx, payout=theirs) == 1


async def test_more_than_the_ledger_can_move_is_more_than_anybody_has(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 700)
        await grant(tx, 50)
        await hold(tx, 200)
        with refused(InsufficientFunds(AMOUNT_RIAL_MAX + 1, 500)):
            await request(tx, AMOUNT_RIAL_MAX + 1)


async def test_a_night_is_audited_once_from_two_in_the_morning_on(database: Database) -> None:
    two = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 02:00 of the 22nd in Tehran
    assert wallet.night_of(two) == date(2026, 11, 22)
    assert wallet.night_of(two - MINUTE) == date(2026, 11, 21)
    async with database.transaction() as tx:
        assert await was_right(tx)
        assert await wallet.is_audit_due(tx, now=two)
        assert await wallet.record_audit(tx, findings_count=3, now=two)
        assert not await was_right(tx)
        assert not await wallet.is_audit_due(tx, now=two + 23 * 60 * MINUTE)
        assert not await wallet.record_audit(tx, findings_count=0, now=two + MINUTE)
        for other in (two - MINUTE, two + DAY):
            assert await wallet.is_audit_due(tx, now=other)
        assert await wallet.record_audit(tx, findings_count=0, now=two + DAY)
        assert await was_right(tx)
        rows = await tx.exec_driver_sql("SELECT findings_count FROM audited_night ORDER BY 1")
        assert rows.scalars().all() == [0, 3]


async def test_offices_with_money_are_known_by_name(database: Database) -> None:
    async with database.transaction() as tx:
        assert await offices_with_money(tx) == []
        await top_up(tx, 700)
        assert await offices_with_money(tx) == [OFFICE]


async def test_a_claim_is_taken_back_by_whose_it_is_and_its_reference_is_free(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, bill_ = await claim(tx), await bill(tx)
        words = {"citizen_id": SARA, "now": NOW + MINUTE}
        with refused(ReferenceClaimed()):
            await claim(tx, citizen_id=REZA)
        for code, citizen_id in ((made.code, REZA), (bill_.code, SARA), ("NOSUCHCODE", SARA)):
            with refused(NoSuchTopUp()):
                await wallet.withdraw_claim(tx, code=code, citizen_id=citizen_id, now=NOW + MINUTE)
        assert await wallet.claimed_rial(tx, office_id=OFFICE, citizen_id=SARA) == AMOUNT
        taken = await wallet.withdraw_claim(tx, code=made.code, **words)  # type: ignore[arg-type]
        assert (taken.id, taken.state, taken.expires_at) == (
            made.id,
            TopUpState.WITHDRAWN,
            NOW + MINUTE,
        )
        again = await wallet.withdraw_claim(tx, code=made.code, citizen_id=SARA, now=NOW + DAY)
        assert again == taken
        assert await wallet.claimed_rial(tx, office_id=OFFICE, citizen_id=SARA) == 0
        theirs = await claim(tx, citizen_id=REZA)
        await verify(tx, theirs.code)
        with refused(TopUpMoved(TopUpState.VERIFIED)):
            await wallet.withdraw_claim(tx, code=theirs.code, citizen_id=REZA, now=NOW)


async def test_claims_are_not_taken_back_without_end(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(WITHDRAWN_PER_DAY):
            made = await claim(tx, f"99887766550{number}")
            await wallet.withdraw_claim(tx, code=made.code, citizen_id=SARA, now=NOW)
        made = await claim(tx, "998877665599")
        with pytest.raises(SlowDown) as slow:
            await wallet.withdraw_claim(tx, code=made.code, citizen_id=SARA, now=NOW)
        later = slow.value.again_at
        assert NOW + DAY <= later <= NOW + DAY + DAY / 10
        done = await wallet.withdraw_claim(tx, code=made.code, citizen_id=SARA, now=later)
        assert done.state is TopUpState.WITHDRAWN


async def test_bills_and_claims_last_as_long_as_they_say_and_are_few(database: Database) -> None:
    async with database.transaction() as tx:
        written, claimed = await bill(tx), await claim(tx)
        assert (written.state, written.created_at, written.expires_at) == (
            TopUpState.CREATED,
            NOW,
            NOW + BILL_LASTS,
        )
        assert (claimed.state, claimed.created_at, claimed.expires_at) == (
            TopUpState.PENDING,
            NOW,
            NOW + CLAIM_LASTS,
        )
        least, most = LIMITS.rial_min, LIMITS.rial_max
        for amount in (least - 1, most + 1):
            with refused(TopUpOutOfRange(amount, least, most)):
                await bill(tx, amount)
            with refused(TopUpOutOfRange(amount, least, most)):
                await claim(tx, "112233445566", amount_rial=amount)
        third = await bill(tx, AMOUNT + 1)
        for number in range(3, TOP_UPS_OPEN_MAX):
            await bill(tx, AMOUNT + number, citizen_id=SARA, now=NOW + MINUTE)
        with refused(TooManyTopUps(TOP_UPS_OPEN_MAX)):
            await bill(tx, AMOUNT + 99)
        with refused(TooManyTopUps(TOP_UPS_OPEN_MAX)):
            await claim(tx, "112233445566")
        listed = await wallet.top_ups_of(tx, citizen_id=SARA, limit=100)
        assert [one.id for one in listed[-3:]] == [third.id, claimed.id, written.id]
        assert await wallet.top_ups_of(tx, citizen_id=SARA, limit=1) == listed[:1]
        waiting, count = await wallet.top_ups_waiting(tx, office_id=OFFICE, limit=1)
        assert ([one.id for one in waiting], count) == ([claimed.id], 1)
        over, count = await wallet.top_ups_waiting(tx, office_id=OFFICE, limit=1, offset=1)
        assert (over, count) == ([], 1)
        ended = await wallet.expire_top_ups(tx, now=NOW + BILL_LASTS)
        assert {one.id for one in ended} == {written.id, third.id}
        assert {one.state for one in ended} == {TopUpState.EXPIRED}
        assert await wallet.expire_top_ups(tx, now=NOW + BILL_LASTS) == []


async def test_a_bill_is_paid_after_its_time_and_a_strange_charge_is_kept_whole(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        pending = await check(tx, written.subject)
        assert (pending.id, pending.state) == (written.id, TopUpState.PENDING)
        await wallet.expire_top_ups(tx, now=NOW + BILL_LASTS)
        paid = await receive(tx, written.subject, now=NOW + 2 * BILL_LASTS)
        assert (paid.id, paid.code, paid.state) == (written.id, written.code, TopUpState.VERIFIED)
        stranger = await receive(tx, written.subject, citizen_id=REZA, charge_id="charge-9")
        assert (stranger.citizen_id, stranger.state) == (REZA, TopUpState.UNMATCHED)
        assert (stranger.provider, stranger.office_id) == ("bale", OFFICE)
        assert await receive(tx, "anything", charge_id="charge-9", now=NOW + DAY) == stranger


async def test_a_file_that_cannot_be_read_or_found_is_ended_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        received = [
            await wallet.receive_bank_file(
                tx,
                office_id=OFFICE,
                kind=BankFileKind.GATEWAY,
                name="n" * 300,
                file_id=f"file-{number}",
                chat_id=-100,
                message_id=number,
                actor=RECONCILER,
                now=NOW,
            )
            for number in (1, 2)
        ]
        first, second = received
        assert (first.kind, first.state, first.sent_by) == (
            BankFileKind.GATEWAY,
            BankFileState.RECEIVED,
            RECONCILER.id,
        )
        assert (first.file_id, first.chat_id, first.message_id) == ("file-1", -100, 1)
        assert first.received_at == NOW
        assert 0 < len(first.name) < 300
        assert await wallet.received_bank_files(tx) == received
        monkeypatch.setattr("bot.wallet.use_cases.bank_files._RECEIVED_AT_ONCE", 1)
        assert await wallet.received_bank_files(tx) == [first]
        assert await wallet.refuse_bank_file(tx, file_id=first.id, content=b"x")
        assert not await wallet.refuse_bank_file(tx, file_id=first.id, content=b"x")
        assert await wallet.lose_bank_file(tx, file_id=second.id)
        assert not await wallet.lose_bank_file(tx, file_id=second.id)
        assert await wallet.received_bank_files(tx) == []
        ended = [
            (await wallet.differences(tx, file_id=BankFileId(one.id))).file for one in received
        ]
        assert [one.state for one in ended] == [BankFileState.REFUSED, BankFileState.LOST]


async def test_what_a_file_led_to_is_turned_over_and_what_it_lacks_comes_last(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        await verify(tx, claimed.code, FINANCE)
        payout = await payout_in(tx, PayoutState.SENT)
        made = await imported(
            tx,
            line("1111222233", 7_000),
            line("5555666677", -payout.amount_rial, note=payout.code),
            line("8888999900", -payout.amount_rial - 1, note=payout.code),
        )
        everything = {"file_id": made.file.id, "outcomes": list(LineOutcome)}
        page = await wallet.findings(tx, limit=2, **everything)  # type: ignore[arg-type]
        rest = await wallet.findings(tx, after=page[-1].seq, limit=9, **everything)  # type: ignore[arg-type]
        assert [(one.outcome, one.amount_rial, one.other_rial, one.code) for one in page] == [
            (LineOutcome.SUSPENSE, 7_000, None, None),
            (LineOutcome.PAID, -payout.amount_rial, None, payout.code),
        ]
        assert [(one.outcome, one.amount_rial, one.other_rial, one.code) for one in rest] == [
            (LineOutcome.AMOUNT_DIFFERS, -payout.amount_rial - 1, payout.amount_rial, payout.code),
            (LineOutcome.MISSING, AMOUNT, None, claimed.code),
        ]
        assert [one.on for one in (*page, *rest)] == [BANK_DAY, BANK_DAY, BANK_DAY, None]
        assert (await payout_found(tx, payout)).state is PayoutState.PAID
        only = await wallet.findings(
            tx, file_id=made.file.id, outcomes=[LineOutcome.MISSING], limit=9
        )
        assert [one.reference for one in only] == [REFERENCE]


async def test_a_line_of_a_file_that_moved_nothing_is_named(
    database: Database, database_url: str
) -> None:
    await given_ledger(database)
    await tamper(database_url, "UPDATE bank_line SET amount_rial = amount_rial + 2")
    assert [str(one) for one in await findings(database)] == [
        "I17 suspense told: in suspense at kanoon: expected 42, found 40.",
        (
            "I17 suspense told: line 1 of a bank file: expected a transfer of its amount, "
            "found none."
        ),
    ]


async def test_suspense_is_counted_and_added_up(database: Database) -> None:
    async with database.transaction() as tx:
        await imported(tx, line("1111222233", 7_000), line("5555666677", 9_000))
        first, second = await wallet.suspense_lines(tx, office_id=OFFICE, limit=9)
        assert (first.amount_rial, second.amount_rial) == (7_000, 9_000)
        assert await wallet.suspense_lines(tx, office_id=OFFICE, limit=1) == [first]
        rest = await wallet.suspense_lines(tx, office_id=OFFICE, after=first.id, limit=1)
        assert rest == [second]
        summed = await wallet.suspense_sum(tx, office_id=OFFICE)
        assert (summed.count, summed.total_rial) == (2, 16_000)
        assert await wallet.find_bank_line(tx, line_id=second.id) == second
        assert at("suspense") == f"suspense@{OFFICE}"


async def test_money_is_sent_back_once(database: Database) -> None:
    async with database.transaction() as tx:
        await imported(tx, line("1111222233", 7_000))
        (waiting,) = await wallet.suspense_lines(tx, office_id=OFFICE, limit=1)
        words = {"line_id": waiting.id, "actor": MANAGER, "now": NOW}
        sent = await wallet.send_back(tx, reason="صاحبی ندارد", **words)  # type: ignore[arg-type]
        assert (sent.state, sent.reason, sent.decided_by, sent.decided_at) == (
            LineState.SENT_BACK,
            "صاحبی ندارد",
            MANAGER.id,
            NOW,
        )
        with refused(LineMoved(LineState.SENT_BACK)):
            await wallet.send_back(tx, reason="باز", **words)  # type: ignore[arg-type]
        with refused(NoSuchBankLine()):
            await wallet.find_bank_line(tx, line_id=BankLineId(waiting.id + 1))


async def test_a_line_that_is_known_names_the_journal_by_which_its_money_came(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        known = await verify(tx, claimed.code)
        waiting = await claim(tx, "998877665500")
        await imported(tx, line(REFERENCE, AMOUNT), line("998877665500", AMOUNT))
        verified = await wallet.top_up(tx, code=waiting.code)
        rows = await tx.exec_driver_sql("SELECT subject, journal_id, state FROM bank_line")
        assert [tuple(row) for row in rows] == [
            (known.subject, known.journal_id, "matched"),
            (verified.subject, verified.journal_id, "matched"),
        ]
        assert verified.state is TopUpState.VERIFIED


async def test_a_file_without_a_line_lacks_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        await verify(tx, (await claim(tx)).code)
        made = await imported(tx)
        assert (dict(made.sums), made.file.state) == ({}, BankFileState.IMPORTED)
