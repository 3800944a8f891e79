"""What the books, and the audit of the office, say afterwards of each deed: who, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.citizens.tables import audit
from bot.kit.database import Database, Transaction
from bot.kit.tracking import shown
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchTopUp
from bot.wallet.model import (
    BankFileKind,
    Bucket,
    LineOutcome,
    Payout,
    PayoutId,
    PayoutState,
    TopUp,
    TopUpState,
)
from bot.wallet.tables import hold, transfer
from tests.keys_support import opened_note
from tests.refusing import refused
from tests.wallet.bank_support import counted, imported, line
from tests.wallet.by_hand import tamper
from tests.wallet.payout_support import (
    IBAN,
    MINA,
    NEDA,
    NIMA,
    OMID,
    OWNER,
    RING,
    Policy,
    payout_in,
)
from tests.wallet.support import NOW, OFFICE, REZA, SARA, WORKSHOP, escrow, grant, pay, reverse
from tests.wallet.support import top_up as given
from tests.wallet.top_up_support import (
    FINANCE,
    MANAGER,
    OFFICER,
    REFERENCE,
    bill,
    check,
    claim,
    receive,
)

MINUTE = timedelta(minutes=1)
LONG = "1" * 100
PEOPLE = {
    f"{one}:{id_}": name
    for one in ("wallet", "citizen")
    for name, id_ in (("Sara", SARA), ("Reza", REZA))
}


@dataclass
class Books:
    """Reads what is written, with names in the place of codes that are drawn."""

    tx: Transaction
    names: dict[str, str] = field(default_factory=lambda: dict(PEOPLE))

    def name(self, made: Mapping[str, str]) -> None:
        self.names |= made | {shown(code): f"shown {name}" for code, name in made.items()}

    def plain(self, said: str) -> str:
        for code, name in self.names.items():
            said = said.replace(code, name)
        return said

    def line(self, at: datetime, *said: object) -> str:
        minutes = (at - NOW) // MINUTE
        return self.plain(f"{minutes}: " + ", ".join(str(one) for one in said if one is not None))

    async def moved(self) -> list[str]:
        rows = await self.tx.exec_driver_sql("SELECT id, code FROM account")
        codes = {row[0]: row[1].removesuffix(f"@{OFFICE}") for row in rows}
        found = await self.tx.execute(select(transfer).order_by(transfer.c.id))
        return [
            self.line(
                row.at,
                f"{row.code} {row.amount_rial}: {codes[row.debit_id]} > {codes[row.credit_id]}",
                row.actor,
                row.reference,
                row.reason,
            )
            for row in found
        ]

    async def held(self) -> list[str]:
        found = await self.tx.execute(select(hold).order_by(hold.c.id))
        return [
            self.line(
                row.at,
                row.state,
                row.amount_rial,
                row.actor,
                row.reference,
                row.reason,
                None if row.resolved_at is None else (row.resolved_at - NOW) // MINUTE,
            )
            for row in found
        ]

    async def done(self) -> list[str]:
        found = await self.tx.execute(select(audit).order_by(audit.c.id))
        return [
            self.line(
                row.at, row.office_id, row.actor_id, row.action, row.subject, opened_note(row)
            )
            for row in found
        ]


async def request(tx: Transaction, amount_rial: int, number: int) -> Payout:
    return await wallet.request_payout(
        tx,
        key=f"payout:k{number}",
        office_id=OFFICE,
        citizen_id=SARA,
        amount_rial=amount_rial,
        iban=IBAN,
        owner_name=OWNER,
        policy=Policy(),
        keyring=RING,
        now=NOW + number * MINUTE,
    )


async def events(books: Books, payout: Payout) -> list[str]:
    found = await wallet.payout_events(books.tx, payout_id=PayoutId(payout.id))
    return [
        books.line(one.at, one.from_state, one.to_state, one.actor, one.reason) for one in found
    ]


async def test_a_payout_is_told_from_the_wish_to_the_money_that_came_back(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        await given(tx, 1_000, reference="given", key="given")
        payout = await request(tx, 600, 1)
        code = payout.code
        books.name({code: "PAYOUT"})
        await wallet.take_payout(tx, code=code, actor=NEDA, now=NOW + 2 * MINUTE)
        await wallet.approve_payout(tx, code=code, actor=NEDA, now=NOW + 3 * MINUTE)
        await wallet.second_payout(tx, code=code, actor=MINA, now=NOW + 4 * MINUTE)
        await wallet.recall_payout(
            tx, code=code, reason="دوباره", actor=NIMA, now=NOW + 5 * MINUTE
        )
        await wallet.approve_payout(tx, code=code, actor=OMID, now=NOW + 7 * MINUTE)
        await wallet.second_payout(tx, code=code, actor=NIMA, now=NOW + 8 * MINUTE)
        batch = await wallet.export_batch(
            tx, office_id=OFFICE, actor=NEDA, key="batch:1", now=NOW + 9 * MINUTE
        )
        books.name({batch.code: "BATCH"})
        await wallet.mark_paid(
            tx, code=code, bank_reference="PX-770011", actor=NEDA, now=NOW + 10 * MINUTE
        )
        await wallet.correct_reference(
            tx,
            code=code,
            bank_reference="PX-770012",
            reason="یک رقم",
            actor=MINA,
            now=NOW + 11 * MINUTE,
        )
        last = await wallet.mark_returned_late(
            tx,
            code=code,
            bank_reference="RT-990011",
            reason="حساب بسته",
            actor=OMID,
            now=NOW + 12 * MINUTE,
        )
        assert last.state is PayoutState.RETURNED_LATE
        assert await events(books, payout) == [
            "1: requested, Sara",
            "2: requested, review, staff:41",
            "3: review, seconding, staff:41",
            "4: seconding, approved, staff:51",
            "5: approved, review, staff:52, دوباره",
            "7: review, seconding, staff:42",
            "8: seconding, approved, staff:52",
            "9: approved, sent, staff:41",
            "10: sent, paid, staff:41",
            "11: paid, paid, staff:51, PX770011 → PX770012: یک رقم",
            "12: paid, returned_late, staff:42, حساب بسته",
        ]
        assert await books.moved() == [
            "0: top_up 1000: gateway > Sara:cash, clock, given, شهریهٔ دوره",
            "10: payout 600: Sara:cash > bank, staff:41, payout:1, shown PAYOUT",
            "12: payout_returned 600: bank > Sara:cash, staff:42, payout:1, shown PAYOUT",
        ]
        assert await books.held() == [
            "1: posted, 600, Sara, payout:1, shown PAYOUT, 10",
        ]
        assert await books.done() == [
            "2: kanoon, 41, payout.review, payout:1, PAYOUT 600",
            "3: kanoon, 41, payout.seconding, payout:1, PAYOUT 600",
            "4: kanoon, 51, payout.seconded, payout:1, PAYOUT 600",
            "5: kanoon, 52, payout.recalled, payout:1, PAYOUT 600: دوباره",
            "7: kanoon, 42, payout.seconding, payout:1, PAYOUT 600",
            "8: kanoon, 52, payout.seconded, payout:1, PAYOUT 600",
            "9: kanoon, 41, payout.sent, payout:1, PAYOUT 600: BATCH",
            "9: kanoon, 41, payout.batch, payout_batch:1, BATCH 1 600",
            "10: kanoon, 41, payout.paid, payout:1, PAYOUT 600: PX770011",
            "11: kanoon, 51, payout.corrected, payout:1, PAYOUT 600: PX770011 → PX770012: یک رقم",
            "12: kanoon, 42, payout.returned_late, payout:1, PAYOUT 600: RT990011: حساب بسته",
        ]


async def test_a_payout_that_never_leaves_sets_its_money_free(database: Database) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        await given(tx, 1_000, reference="given", key="given")
        withdrawn, rejected, returned = [await request(tx, 100, number) for number in (1, 2, 3)]
        books.name({withdrawn.code: "FIRST", rejected.code: "SECOND", returned.code: "THIRD"})
        await wallet.withdraw_payout(
            tx, code=withdrawn.code, citizen_id=SARA, now=NOW + 4 * MINUTE
        )
        await wallet.reject_payout(
            tx, code=rejected.code, reason="نام دیگری", actor=OMID, now=NOW + 5 * MINUTE
        )
        for act, minute in ((wallet.take_payout, 6), (wallet.approve_payout, 7)):
            await act(tx, code=returned.code, actor=NEDA, now=NOW + minute * MINUTE)
        batch = await wallet.export_batch(
            tx, office_id=OFFICE, actor=NEDA, key="batch:1", now=NOW + 8 * MINUTE
        )
        books.name({batch.code: "BATCH"})
        await wallet.mark_returned(
            tx, code=returned.code, reason="حساب بسته", actor=NEDA, now=NOW + 9 * MINUTE
        )
        assert await books.held() == [
            "1: voided, 100, Sara, payout:1, shown FIRST, 4",
            "2: voided, 100, Sara, payout:2, shown SECOND, 5",
            "3: voided, 100, Sara, payout:3, shown THIRD, 9",
        ]
        assert await books.done() == [
            "5: kanoon, 42, payout.rejected, payout:2, SECOND 100: نام دیگری",
            "6: kanoon, 41, payout.review, payout:3, THIRD 100",
            "7: kanoon, 41, payout.approved, payout:3, THIRD 100",
            "8: kanoon, 41, payout.sent, payout:3, THIRD 100: BATCH",
            "8: kanoon, 41, payout.batch, payout_batch:1, BATCH 1 100",
            "9: kanoon, 41, payout.returned, payout:3, THIRD 100: حساب بسته",
        ]


async def test_money_paid_in_is_told_from_the_claim_to_what_was_taken_back(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        claimed = await claim(tx)
        rejected = await claim(tx, "990011223344", citizen_id=REZA)
        books.name({claimed.code: "CLAIM", rejected.code: "OTHER"})
        verified = await wallet.verify_reference(
            tx, code=claimed.code, actor=FINANCE, now=NOW + MINUTE
        )
        assert (verified.decided_by, verified.decided_at) == (FINANCE.id, NOW + MINUTE)
        told = await wallet.reject_reference(
            tx, code=rejected.code, reason="نیست", actor=FINANCE, now=NOW + 2 * MINUTE
        )
        assert (told.decided_by, told.decided_at, told.reason) == (
            FINANCE.id,
            NOW + 2 * MINUTE,
            "نیست",
        )
        undone = await wallet.reverse_top_up(
            tx, code=claimed.code, reason="اشتباه", actor=MANAGER, now=NOW + 3 * MINUTE
        )
        assert (undone.state, undone.reversed_by, undone.reversed_at, undone.reason) == (
            TopUpState.REVERSED,
            MANAGER.id,
            NOW + 3 * MINUTE,
            "اشتباه",
        )
        assert await books.moved() == [
            "1: top_up 500000: bank > Sara:cash, staff:31, topup:CLAIM, shown CLAIM",
            "3: reversal 500000: Sara:cash > bank, staff:33, topup:CLAIM, shown CLAIM",
        ]
        assert await books.done() == [
            "1: kanoon, 31, topup.verified, topup:CLAIM, 500000: 140509018765",
            "2: kanoon, 31, topup.rejected, topup:OTHER, 500000: نیست",
            "3: kanoon, 33, topup.reversed, topup:CLAIM, 500000: اشتباه",
        ]


async def test_a_bill_and_what_no_bill_explains_are_told_by_their_gateway(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        written = await bill(tx)
        await check(tx, written.subject, now=NOW + MINUTE)
        paid = await receive(tx, written.subject, now=NOW + 2 * MINUTE)
        again = await receive(tx, written.subject, charge_id="charge-2", now=NOW + 3 * MINUTE)
        lost = await receive(
            tx, "topup:nobody", charge_id="lost", reference=LONG + "1", now=NOW + 4 * MINUTE
        )
        strange = await receive(
            tx, "topup:nobody", charge_id="odd", currency="USD", amount_rial=5, now=NOW
        )
        books.name(
            {paid.code: "BILL", again.code: "SECOND", lost.code: "LOST", strange.code: "ODD"}
        )
        found = await wallet.verify_reference(
            tx, code=lost.code, actor=FINANCE, now=NOW + 6 * MINUTE
        )
        assert [kept(one) for one in (paid, again, lost, found, strange)] == [
            ("verified", 500_000, "charge-1", "770011", None, 0),
            ("verified", 500_000, "charge-2", "770011", None, 3),
            ("unmatched", 500_000, "lost", LONG, None, 4),
            ("verified", 500_000, "lost", LONG, None, 4),
            ("unmatched", 0, "odd", "770011", "5 USD", 0),
        ]
        assert await books.moved() == [
            "2: top_up 500000: gateway > Sara:cash, gateway:bale, topup:BILL, shown BILL",
            "3: top_up 500000: gateway > Sara:cash, gateway:bale, topup:SECOND, shown SECOND",
            "4: unmatched 500000: gateway > suspense, gateway:bale, topup:LOST, shown LOST",
            "6: matched 500000: suspense > Sara:cash, staff:31, topup:LOST, shown LOST",
        ]
        assert await books.done() == [
            f"6: kanoon, 31, topup.verified, topup:LOST, 500000: {LONG}",
        ]


def kept(one: TopUp) -> tuple[object, ...]:
    minutes = (one.created_at - NOW) // MINUTE
    return one.state, one.amount_rial, one.charge_id, one.reference, one.reason, minutes


async def test_files_of_the_bank_and_of_the_gateway_are_told_line_by_line(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        claimed = await claim(tx)
        books.name({claimed.code: "CLAIM"})
        nobodys, later = line("1111222233", 7_000), line("5555666677", 9_000)
        first = await imported(
            tx,
            line(REFERENCE, 500_000),
            nobodys,
            line("9999000011", 40_000, is_settlement=True),
            line("8888000011", -300),
            actor=FINANCE,
            now=NOW + MINUTE,
        )
        assert {name.value: (one.count, one.total_rial) for name, one in first.sums.items()} == {
            "settled": (1, 40000),
            "suspense": (1, 7000),
            "unknown_out": (1, -300),
            "verified": (1, 500000),
        }
        await imported(tx, later, kind=BankFileKind.GATEWAY, actor=None, now=NOW + 2 * MINUTE)
        waiting = await wallet.suspense_lines(tx, office_id=OFFICE, limit=10)
        (mine,) = [one for one in waiting if one.reference == nobodys.reference]
        await wallet.send_back(
            tx, line_id=mine.id, reason="صاحبی ندارد", actor=MANAGER, now=NOW + 3 * MINUTE
        )
        paid = await receive(
            tx,
            "topup:nobody",
            charge_id=later.reference,
            amount_rial=9_000,
            reference=None,
            now=NOW + 4 * MINUTE,
        )
        books.name({paid.code: "PAID"})
        assert await books.moved() == [
            "1: top_up 500000: bank > Sara:cash, staff:31, topup:CLAIM, shown CLAIM",
            "1: unmatched 7000: bank > suspense, staff:31, bankline:2, 1111222233",
            "1: settlement 40000: bank > gateway, staff:31, bankline:3, 9999000011",
            "2: unmatched 9000: gateway > suspense, operator, bankline:4, 5555666677",
            "3: sent_back 7000: suspense > bank, staff:33, bankline:2, 1111222233",
            "4: reversal 9000: suspense > gateway, gateway, bankline:4, 5555666677",
            "4: unmatched 9000: gateway > suspense, gateway:bale, topup:PAID, shown PAID",
        ]
        assert await books.done() == [
            "1: kanoon, 31, topup.verified, topup:CLAIM, 500000: 140509018765",
            "1: kanoon, 31, bank.imported, bankfile:1, 4",
            "3: kanoon, 33, bank.sent_back, bankline:2, 7000: صاحبی ندارد",
        ]
        assert await wallet.differences(tx, file_id=first.file.id) == first
        assert (first.file.lines_count, first.file.imported_at) == (4, NOW + MINUTE)
        listed = await wallet.findings(
            tx, file_id=first.file.id, outcomes=list(LineOutcome), limit=10
        )
        assert [
            (one.outcome.value, one.reference, one.amount_rial, str(one.on)) for one in listed
        ] == [
            ("suspense", "1111222233", 7000, "2026-11-22"),
            ("verified", "140509018765", 500000, "2026-11-22"),
            ("settled", "9999000011", 40000, "2026-11-22"),
            ("unknown_out", "8888000011", -300, "2026-11-22"),
        ]


async def test_money_that_was_put_in_by_mistake_waits_for_whoever_it_is_of(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        early = await claim(tx)
        books.name({early.code: "EARLY"})
        await imported(tx, line(REFERENCE, 500_000), actor=FINANCE, now=NOW + MINUTE)
        await wallet.reverse_top_up(
            tx, code=early.code, reason="اشتباه", actor=MANAGER, now=NOW + 2 * MINUTE
        )
        late = await claim(tx, citizen_id=REZA, now=NOW + 3 * MINUTE)
        books.name({late.code: "LATE"})
        await wallet.verify_reference(tx, code=late.code, actor=FINANCE, now=NOW + 4 * MINUTE)
        assert await books.moved() == [
            "1: top_up 500000: bank > Sara:cash, staff:31, topup:EARLY, shown EARLY",
            "2: reversal 500000: Sara:cash > bank, staff:33, topup:EARLY, shown EARLY",
            "2: unmatched 500000: bank > suspense, staff:33, bankline:1, 140509018765",
            "4: matched 500000: suspense > Reza:cash, staff:31, topup:LATE, shown LATE",
        ]


async def test_credit_that_is_proposed_is_told_with_its_matter_and_its_reason(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        books = Books(tx)
        first, second = [
            await wallet.propose_credit(
                tx,
                subject=f"makeup:7:{number}",
                citizen_id=SARA,
                amount_rial=1_000 + number,
                reason="تأخیر",
                actor=OFFICER,
                now=NOW + number * MINUTE,
            )
            for number in (1, 2)
        ]
        assert await wallet.proposals_under(tx, matter="makeup:7") == [first, second]
        assert await wallet.proposals_under(tx, matter="makeup:70") == []
        given_ = await wallet.approve_credit(
            tx, proposal_id=first.id, actor=MANAGER, now=NOW + 3 * MINUTE
        )
        await wallet.reject_credit(tx, proposal_id=second.id, actor=MANAGER, now=NOW + 4 * MINUTE)
        (key,) = (await tx.exec_driver_sql("SELECT key FROM operation")).scalars()
        assert key == given_.key
        assert await books.moved() == [
            "3: service_credit 1001: expense:sla > Sara:credit, staff:33, makeup:7:1, credit:7:1:1"
        ]
        assert await books.done() == [
            "1: kanoon, 35, credit.proposed, makeup:7:1, 1001: تأخیر",
            "2: kanoon, 35, credit.proposed, makeup:7:2, 1002: تأخیر",
            "3: kanoon, 33, credit.approved, makeup:7:1, 1001: تأخیر",
            "4: kanoon, 33, credit.rejected, makeup:7:2, 1002: تأخیر",
        ]


async def test_what_waits_for_workshops_is_told_with_what_became_of_each_fee(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        assert await wallet.escrows(tx) == {}
        await given(tx, 1_000)
        await grant(tx, 300)
        mixed, gone = await pay(tx, 500), await pay(tx, 40, workshop_id=13)
        await reverse(tx, gone)
        assert await wallet.escrows(tx) == {
            escrow(WORKSHOP): 200,
            escrow(WORKSHOP, Bucket.CREDIT): 300,
        }
        found = await wallet.find_fees(tx, journal_ids=[mixed.id, gone.id])
        assert found == {mixed.id: (mixed, 0), gone.id: (gone, 1)}


async def test_a_payload_that_names_no_bill_leads_to_no_wallet(database: Database) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        paid = await receive(tx, claimed.subject)
        assert paid.state is TopUpState.UNMATCHED
        with refused(NoSuchTopUp()):
            await check(tx, claimed.subject)


async def test_a_payout_that_a_second_file_tells_of_is_known(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SENT)
        out = {"note": payout.code}
        first = await imported(tx, line("PX770011", -payout.amount_rial, **out))
        assert counted(first) == {"paid": 1}
        digest = await tx.exec_driver_sql("SELECT digest FROM bank_file")
        assert digest.scalars().all() == ["-"]
        await tx.exec_driver_sql("DELETE FROM bank_line")  # As if a colleague had entered it.
        again = await imported(
            tx, line("PX770011", -payout.amount_rial, **out), content_digest="+"
        )
        assert counted(again) == {"matched": 1}
        other = await imported(tx, line("PX770012", -payout.amount_rial, **out))
        assert counted(other) == {"unknown_out": 1}
        batch, *_ = await wallet.batches_of(tx, office_id=OFFICE, limit=1)
        assert (batch.count, batch.total_rial) == (1, payout.amount_rial)


async def test_a_top_up_that_is_not_posted_as_it_says_is_named(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        await wallet.verify_reference(tx, code=claimed.code, actor=FINANCE, now=NOW)
    await tamper(database_url, "UPDATE top_up SET amount_rial = amount_rial + 1")
    async with database.reading() as tx:
        found = [str(one) for one in await wallet.audit(tx)]
    assert found == [
        (
            f"I16 top up posted: top-up {claimed.code}: expected one transfer of its amount "
            "to its citizen, reversed if it was taken back, found something else."
        ),
    ]
