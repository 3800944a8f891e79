"""What the bank says is laid beside what the desk has, and no rial is counted twice."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit
from bot.kit.database import Database, Transaction
from bot.kit.tracking import shown
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchBankLine, TopUpReasonTooLong
from bot.wallet.model import (
    Balance,
    BankFileKind,
    BankLine,
    Differences,
    LineOutcome,
    LineState,
    PayoutState,
    TopUp,
    TopUpLimits,
    TopUpState,
    TransferCode,
)
from bot.wallet.tables import bank_file, bank_finding, bank_line
from tests.keys_support import opened_note
from tests.wallet.bank_support import (
    COLLEAGUE,
    FINANCE,
    MANAGER,
    OFFICER,
    OTHERS_FINANCE,
    counted,
    imported,
    line,
    standing,
)
from tests.wallet.payout_support import payout_in
from tests.wallet.support import NOW, OFFICE, REZA, SARA, balance_of
from tests.wallet.test_rush import rush

REFERENCE, OTHER = "140509018765", "140509018766"
AMOUNT = 500_000
LIMITS = TopUpLimits(1, 200_000_000)
GATEWAY = BankFileKind.GATEWAY


async def claim(tx: Transaction, reference: str = REFERENCE, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "limits": LIMITS, "now": NOW}
    values |= {"amount_rial": AMOUNT}
    return await wallet.claim_reference(tx, reference=reference, **(values | wanted))


async def verify(tx: Transaction, code: str, actor: Staff = FINANCE) -> TopUp:
    return await wallet.verify_reference(tx, code=code, actor=actor, now=NOW)


async def paid(tx: Transaction, charge: str, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "amount_rial": AMOUNT, "now": NOW}
    made = await wallet.begin_invoice(tx, **values, limits=LIMITS)
    values |= {"payload": made.subject, "provider": "bale", "charge_id": charge}
    return await wallet.receive_payment(tx, **(values | {"currency": "IRR"} | wanted))


async def suspense(database: Database) -> list[BankLine]:
    async with database.reading() as tx:
        return await wallet.suspense_lines(tx, office_id=OFFICE, limit=100)


async def everything(database: Database) -> dict[str, list[Any]]:
    async with database.reading() as tx:
        names = ("account", "transfer", "operation", "top_up", "payout", "bank_line")
        return {
            name: sorted(map(repr, await tx.exec_driver_sql(f"SELECT * FROM {name}")))  # noqa: S608 - a table of ours
            for name in names
        }


async def sound(database: Database) -> bool:
    async with database.reading() as tx:
        return await wallet.audit(tx) == []


async def test_a_pending_claim_is_verified_by_the_line_that_has_its_reference_and_amount(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        differences = await imported(tx, line(REFERENCE, AMOUNT))
    assert counted(differences) == {"verified": 1}
    assert differences.is_clean
    async with database.reading() as tx:
        verified = await wallet.top_up(tx, code=claimed.code)
        (finding,) = await wallet.findings(
            tx, file_id=differences.file.id, outcomes=list(LineOutcome), limit=10
        )
    assert (verified.state, verified.decided_by) == (TopUpState.VERIFIED, FINANCE.id)
    assert finding.code == claimed.code
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "suspense") == 0
    assert await sound(database)


async def test_money_that_nobody_claimed_waits_and_goes_to_who_claims_it_later(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        differences = await imported(tx, line(REFERENCE, AMOUNT))
    assert counted(differences) == {"suspense": 1}
    assert await standing(database, "suspense") == AMOUNT
    assert await sound(database)
    async with database.transaction() as tx:
        claimed = await claim(tx)
        verified = await verify(tx, claimed.code)
        assert verified.journal_id is not None
        journal = await wallet.find_journal(tx, journal_id=verified.journal_id)
    assert [one.code for one in journal.transfers] == [TransferCode.MATCHED]
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "suspense") == 0
    assert await standing(database, "bank") == -AMOUNT, "the bank has it once"
    assert await suspense(database) == []
    assert await sound(database)


async def test_a_claim_of_another_amount_or_reference_takes_nothing_out_of_suspense(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await imported(tx, line(REFERENCE, AMOUNT))
        await verify(tx, (await claim(tx, amount_rial=AMOUNT + 1)).code)
        await verify(tx, (await claim(tx, OTHER)).code)
    assert await standing(database, "suspense") == AMOUNT
    assert await sound(database)


async def test_the_same_file_and_the_same_line_again_change_nothing(database: Database) -> None:
    lines = [line(REFERENCE, AMOUNT), line(OTHER, 70), line("9999991", -30)]
    async with database.transaction() as tx:
        await claim(tx)
        first = await imported(tx, *lines)
    before = await everything(database)
    async with database.transaction() as tx:
        again = await imported(tx, *lines)
        other_file = await imported(tx, line(OTHER, 70), line(OTHER, 70), actor=COLLEAGUE)
    assert counted(first) == {"verified": 1, "suspense": 1, "unknown_out": 1}
    assert counted(again) == {"repeated": 2, "unknown_out": 1}
    assert counted(other_file) == {"repeated": 2}
    assert await everything(database) == before


async def test_a_line_twice_in_one_file_is_money_once(database: Database) -> None:
    async with database.transaction() as tx:
        differences = await imported(
            tx, line(REFERENCE, 50), line(REFERENCE, 50), line(REFERENCE, 60)
        )
    assert counted(differences) == {"suspense": 1, "repeated": 1, "amount_differs": 1}
    assert await standing(database, "suspense") == 50


async def test_what_was_verified_before_the_file_came_is_matched(database: Database) -> None:
    async with database.transaction() as tx:
        await verify(tx, (await claim(tx)).code)
        differences = await imported(tx, line(REFERENCE, AMOUNT))
    assert counted(differences) == {"matched": 1}
    assert await standing(database, "bank") == -AMOUNT
    assert await sound(database)


async def test_what_was_verified_with_another_amount_is_for_people_to_look_into(
    database: Database,
) -> None:
    """Once the mistake is taken back, the same file puts the money where it belongs."""
    async with database.transaction() as tx:
        claimed = await claim(tx)
        await verify(tx, claimed.code)
        differences = await imported(tx, line(REFERENCE, 70))
        (finding,) = await wallet.findings(
            tx, file_id=differences.file.id, outcomes=[LineOutcome.AMOUNT_DIFFERS], limit=10
        )
    assert (finding.amount_rial, finding.other_rial) == (70, AMOUNT)
    assert not differences.is_clean
    assert await standing(database, "suspense") == 0
    async with database.transaction() as tx:
        await wallet.reverse_top_up(
            tx, code=claimed.code, reason="مبلغ دیگری است", actor=MANAGER, now=NOW
        )
        assert counted(await imported(tx, line(REFERENCE, 70))) == {"suspense": 1}
    assert await standing(database, "bank") == -70
    assert await sound(database)


async def test_a_pending_claim_of_another_amount_waits_and_the_money_too(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        differences = await imported(tx, line(REFERENCE, AMOUNT - 1))
        assert (await wallet.top_up(tx, code=claimed.code)).state is TopUpState.PENDING
    assert counted(differences) == {"amount_differs": 1}
    assert await standing(database, "suspense") == AMOUNT - 1
    assert await sound(database)


async def test_nobody_verifies_their_own_claim_by_a_file(database: Database) -> None:
    async with database.transaction() as tx:
        own = await claim(tx, citizen_id=FINANCE.id)
        assert counted(await imported(tx, line(REFERENCE, AMOUNT))) == {"suspense": 1}
        assert (await wallet.top_up(tx, code=own.code)).state is TopUpState.PENDING
    async with database.transaction() as tx:
        await verify(tx, own.code, COLLEAGUE)
    assert await standing(database, "suspense") == 0
    assert await sound(database)


async def test_from_the_shell_nobody_verifies_anything(database: Database) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        sent = await payout_in(tx, PayoutState.SENT, 300, REZA)
        out = line(OTHER, -300, note=shown(sent.code))
        differences = await imported(tx, line(REFERENCE, AMOUNT), out, actor=None)
        assert (await wallet.top_up(tx, code=claimed.code)).state is TopUpState.PENDING
    assert counted(differences) == {"suspense": 1, "unknown_out": 1}
    assert await sound(database)


async def test_money_of_a_top_up_that_is_taken_back_is_at_the_bank_and_nobodys(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        in_time = await claim(tx)
        await imported(tx, line(REFERENCE, AMOUNT), line(OTHER, 70))
        late = await claim(tx, OTHER, amount_rial=70)
        await verify(tx, late.code)
        for code in (in_time.code, late.code):
            await wallet.reverse_top_up(tx, code=code, reason="اشتباه", actor=MANAGER, now=NOW)
    assert await standing(database, "suspense") == AMOUNT + 70
    assert await standing(database, "bank") == -AMOUNT - 70
    assert len(await suspense(database)) == 2
    assert await sound(database)
    async with database.transaction() as tx:
        again = await claim(tx, citizen_id=REZA)
        await verify(tx, again.code)
    assert await balance_of(database, REZA) == Balance(AMOUNT, 0, 0)
    assert await sound(database)


async def test_what_no_file_tells_of_is_missing(database: Database) -> None:
    async with database.transaction() as tx:
        known, unknown = await claim(tx), await claim(tx, OTHER)
        for one in (known, unknown):
            await verify(tx, one.code)
        differences = await imported(tx, line(REFERENCE, AMOUNT))
        (finding,) = await wallet.findings(
            tx, file_id=differences.file.id, outcomes=[LineOutcome.MISSING], limit=10
        )
        assert (finding.reference, finding.code) == (OTHER, unknown.code)
        assert counted(await imported(tx, line(OTHER, AMOUNT))) == {"matched": 1}


async def test_a_payout_that_left_the_account_is_paid_by_the_line(database: Database) -> None:
    async with database.transaction() as tx:
        sent = await payout_in(tx, PayoutState.SENT, 300)
        out = line(REFERENCE, -300, note=f"انتقال {shown(sent.code)} گروهی")
        differences = await imported(tx, out)
        payout = await wallet.find_payout(tx, code=sent.code, office_id=OFFICE)
        kept = (await tx.execute(select(bank_line))).one()
    assert counted(differences) == {"paid": 1}
    assert (kept.state, kept.subject) == (LineState.MATCHED, f"payout:{sent.code}")
    assert (payout.state, payout.bank_reference) == (PayoutState.PAID, REFERENCE)
    assert await sound(database)
    async with database.transaction() as tx:
        assert counted(await imported(tx, out)) == {"repeated": 1}


@pytest.mark.parametrize(
    ("state", "amount_rial", "outcome"),
    [
        (PayoutState.SENT, -299, "amount_differs"),
        (PayoutState.APPROVED, -300, "unknown_out"),
        (PayoutState.REJECTED, -300, "unknown_out"),
        (PayoutState.PAID, -300, "unknown_out"),  # under another reference: it left twice
        (PayoutState.SENT, 300, "returned"),
        (PayoutState.PAID, 300, "returned"),
        (PayoutState.RETURNED_LATE, 300, "matched"),
        (PayoutState.REQUESTED, 300, "suspense"),
        (PayoutState.SENT, 299, "suspense"),
    ],
)
async def test_whatever_else_a_line_says_of_a_payout_changes_none(
    database: Database, state: PayoutState, amount_rial: int, outcome: str
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, state, 300)
        differences = await imported(tx, line(REFERENCE, amount_rial, note=payout.code))
        after = await wallet.find_payout(tx, code=payout.code, office_id=OFFICE)
        (finding,) = await wallet.findings(
            tx, file_id=differences.file.id, outcomes=list(LineOutcome), limit=9
        )
    assert counted(differences) == {outcome: 1}
    assert finding.other_rial == (300 if outcome == "amount_differs" else None)
    assert after == payout
    assert await sound(database)


async def test_a_payout_of_another_office_is_none(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.SENT, 300)
        differences = await imported(
            tx,
            line(REFERENCE, -300, note=payout.code),
            actor=OTHERS_FINANCE,
            office_id="mazandaran",
        )
    assert counted(differences) == {"unknown_out": 1}


async def test_what_the_gateway_hands_over_is_settled_and_is_nobodys_money(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await paid(tx, "ch_1")
        differences = await imported(tx, line(REFERENCE, AMOUNT - 10, is_settlement=True))
    assert counted(differences) == {"settled": 1}
    assert await standing(database, "bank") == -(AMOUNT - 10)
    assert await standing(database, "gateway") == -10, "what the gateway kept"
    assert await standing(database, "suspense") == 0
    assert await sound(database)


async def test_a_gateways_file_is_matched_by_charge_and_the_rest_waits(database: Database) -> None:
    async with database.transaction() as tx:
        await paid(tx, "ch_1")
        await paid(tx, "ch_2", reference="rrn-2")
        await paid(tx, "ch_9")
        differences = await imported(
            tx,
            line("ch_1", AMOUNT),
            line("rrn-2", AMOUNT),
            line("ch_3", 70),
            line("ch_4", -70),
            kind=GATEWAY,
        )
    assert counted(differences) == {"matched": 2, "suspense": 1, "missing": 1, "unknown_out": 1}
    assert await standing(database, "gateway") == -3 * AMOUNT - 70
    assert await sound(database)


async def test_a_payment_that_is_reported_after_the_file_is_money_once(database: Database) -> None:
    async with database.transaction() as tx:
        await imported(tx, line("ch_1", AMOUNT), line("ch_2", 70), kind=GATEWAY)
        done = await paid(tx, "ch_1")
        nobodys = await wallet.receive_payment(
            tx,
            payload="x",
            provider="bale",
            charge_id="ch_2",
            citizen_id=REZA,
            amount_rial=70,
            currency="IRR",
            office_id=OFFICE,
            now=NOW,
        )
    assert (done.state, nobodys.state) == (TopUpState.VERIFIED, TopUpState.UNMATCHED)
    assert await standing(database, "gateway") == -AMOUNT - 70
    assert await standing(database, "suspense") == 70
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await suspense(database) == []
    assert await sound(database)


async def test_one_reference_may_be_known_to_the_bank_and_to_the_gateway(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        bank = await imported(tx, line(REFERENCE, 50), line(REFERENCE, -50))
        gateway = await imported(tx, line(REFERENCE, 60), kind=GATEWAY)
    assert counted(bank) == {"suspense": 1, "unknown_out": 1}
    assert counted(gateway) == {"suspense": 1}
    assert await standing(database, "suspense") == 110


async def test_a_manager_sends_back_what_nobody_claimed(database: Database) -> None:
    async with database.transaction() as tx:
        await imported(tx, line(REFERENCE, AMOUNT))
    (waiting,) = await suspense(database)
    async with database.transaction() as tx:
        sent = await wallet.send_back(
            tx, line_id=waiting.id, reason="واریز اشتباه", actor=MANAGER, now=NOW
        )
    assert (sent.state, sent.decided_by) == (LineState.SENT_BACK, MANAGER.id)
    async with database.reading() as tx:
        noted = (await tx.execute(select(audit).order_by(audit.c.id.desc()))).first()
    assert noted is not None
    assert (noted.action, noted.subject, opened_note(noted)) == (
        "bank.sent_back",
        waiting.ledger_reference,
        f"{AMOUNT}: واریز اشتباه",
    )
    assert await standing(database, "suspense") == 0
    assert await standing(database, "bank") == 0
    assert await sound(database)
    async with database.transaction() as tx:
        late = await claim(tx)
        await verify(tx, late.code)
        assert counted(await imported(tx, line(REFERENCE, AMOUNT))) == {"repeated": 1}


REFUSED: dict[str, tuple[type[Exception], Staff, str]] = {
    "by finance": (StaffOnly, FINANCE, "x"),
    "by an officer": (StaffOnly, OFFICER, "x"),
    "by another office": (
        NoSuchBankLine,
        Staff(CitizenId(9), "mazandaran", Role.MANAGER, "x"),
        "x",
    ),
    "with a long reason": (TopUpReasonTooLong, MANAGER, "x" * 201),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_who_may_not_send_back_leaves_no_trace(database: Database, case: str) -> None:
    error, actor, reason = REFUSED[case]
    async with database.transaction() as tx:
        await imported(tx, line(REFERENCE, AMOUNT))
    (waiting,) = await suspense(database)
    before = await everything(database)
    with pytest.raises(error):
        async with database.transaction() as tx:
            await wallet.send_back(tx, line_id=waiting.id, reason=reason, actor=actor, now=NOW)
    assert await everything(database) == before


@pytest.mark.parametrize("actor", [OFFICER, OTHERS_FINANCE], ids=["officer", "other office"])
async def test_who_may_not_import_leaves_no_trace(database: Database, actor: Staff) -> None:
    before = await everything(database)
    with pytest.raises(StaffOnly):
        async with database.transaction() as tx:
            await imported(tx, line(REFERENCE, AMOUNT), actor=actor)
    assert await everything(database) == before
    async with database.reading() as tx:
        for table in (bank_file, bank_finding, bank_line):
            assert (await tx.execute(select(table))).all() == []


async def test_money_is_sent_back_or_claimed_and_never_both(database: Database) -> None:
    for number in range(4):
        reference = f"{REFERENCE}{number}"
        async with database.transaction() as tx:
            await imported(tx, line(reference, AMOUNT))
            claimed = await claim(tx, reference, citizen_id=CitizenId(1_000 + number))
        (waiting,) = await suspense(database)

        async def back(tx: Transaction, waiting: BankLine = waiting) -> BankLine:
            return await wallet.send_back(
                tx, line_id=waiting.id, reason="x", actor=MANAGER, now=NOW
            )

        async def give(tx: Transaction, claimed: TopUp = claimed) -> TopUp:
            return await verify(tx, claimed.code)

        await rush(database, *([back, give] if number % 2 else [give, back]), back)
        assert await standing(database, "suspense") == 0
        assert await suspense(database) == []
        assert await sound(database)


async def test_a_file_and_a_person_that_verify_at_once_put_the_money_in_once(
    database: Database,
) -> None:
    for number in range(4):
        reference = f"{REFERENCE}{number}"
        citizen_id = CitizenId(1_000 + number)
        async with database.transaction() as tx:
            claimed = await claim(tx, reference, citizen_id=citizen_id)

        async def give(tx: Transaction, claimed: TopUp = claimed) -> TopUp:
            return await verify(tx, claimed.code, COLLEAGUE)

        async def file(tx: Transaction, reference: str = reference) -> Differences:
            return await imported(tx, line(reference, AMOUNT))

        await rush(database, *([give, file, give, file] if number % 2 else [file, give]))
        assert await balance_of(database, citizen_id) == Balance(AMOUNT, 0, 0)
        assert await standing(database, "bank") == -AMOUNT * (number + 1)
        assert await sound(database)


async def test_one_file_that_comes_twice_at_once_is_taken_up_once(database: Database) -> None:
    lines = [line(f"{REFERENCE}{number}", 10 + number) for number in range(6)]
    async with database.transaction() as tx:
        await claim(tx, f"{REFERENCE}0", amount_rial=10)
    results = await rush(database, *[lambda tx: imported(tx, *lines)] * 3)
    taken = [counted(one) for one in results]
    assert sorted(one.get("repeated", 0) for one in taken) == [0, 6, 6]
    assert await standing(database, "bank") == -sum(one.amount_rial for one in lines)
    assert await balance_of(database) == Balance(10, 0, 0)
    assert await sound(database)


async def test_an_import_that_was_interrupted_goes_on_where_it_stood(database: Database) -> None:
    lines = [line(f"{REFERENCE}{number}", 10) for number in range(5)]
    async with database.transaction() as tx:
        file = await wallet.receive_bank_file(
            tx,
            office_id=OFFICE,
            kind=BankFileKind.BANK,
            name="1.xlsx",
            file_id="F",
            chat_id=-1,
            message_id=1,
            actor=FINANCE,
            now=NOW,
        )
        await wallet.import_lines(tx, file=file, lines=lines[:3], actor=FINANCE, now=NOW)
    async with database.transaction() as tx:
        assert await wallet.received_bank_files(tx) == [file]
        await wallet.import_lines(tx, file=file, lines=lines[:3], actor=FINANCE, now=NOW)
        await wallet.import_lines(tx, file=file, lines=lines[3:], actor=FINANCE, now=NOW)
        ended = {"file": file, "content_digest": "-", "lines_count": 5, "actor": FINANCE}
        done = await wallet.close_import(tx, **ended, now=NOW)
        assert done is not None
        assert counted(done) == {"suspense": 5}
        assert await wallet.close_import(tx, **ended, now=NOW) is None
        assert await wallet.received_bank_files(tx) == []


async def test_what_stands_beside_a_line_is_kept_nowhere(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await imported(
            tx, line(REFERENCE, AMOUNT, note="از سارا نمونه‌زاده IR0501700000001234567890")
        )
    async with database.reading() as tx:
        tables = (bank_file, bank_line, bank_finding)
        kept = [repr(row) for table in tables for row in await tx.execute(select(table))]
    assert kept
    assert "سارا" not in "".join(kept)
    assert "IR05" not in "".join(kept)


async def test_pages_of_findings_show_each_once(database: Database) -> None:
    async with database.transaction() as tx:
        lines = [line(f"{REFERENCE}{number:02}", 10) for number in range(11)]
        differences = await imported(tx, *lines)
        seen, after = [], -1
        while page := await wallet.findings(
            tx,
            file_id=differences.file.id,
            outcomes=[LineOutcome.SUSPENSE],
            after=after,
            limit=4,
        ):
            seen += [one.reference for one in page]
            after = page[-1].seq
    assert seen == [one.reference for one in lines]
    assert differences.sums[LineOutcome.SUSPENSE].total_rial == 110


async def test_a_line_that_somebody_slipped_in_is_found_by_the_audit(database: Database) -> None:
    async with database.transaction() as tx:
        await imported(tx, line(REFERENCE, AMOUNT))
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE bank_line SET amount_rial = amount_rial + 1")
    async with database.reading() as tx:
        subjects = {one.subject for one in await wallet.audit(tx)}
    assert subjects == {"in suspense at kanoon", "line 1 of a bank file"}
