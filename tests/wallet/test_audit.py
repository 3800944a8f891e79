"""The audit finds whatever somebody did to the ledger behind its back."""

from typing import NamedTuple

import pytest

from bot.citizens.model import CitizenId
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.model import BankFileKind, Finding, Invariant, Move, TransferCode
from tests.wallet.bank_support import line
from tests.wallet.by_hand import by_hand, is_file, tamper
from tests.wallet.support import NOW, SARA, grant, hold, pay, post, reverse, said, top_up, void
from tests.worlds import settled


class Booked(NamedTuple):
    """A transfer that nobody asked for; `reverses` is the amount of the one it names."""

    debit: str
    credit: str
    amount: int
    code: str
    reverses: int | None = None

    def __str__(self) -> str:
        return (
            "INSERT INTO transfer SELECT"  # noqa: S608 - values of ours
            " (SELECT max(id) + 1 FROM transfer), 'BACKDOOR22', 1,"
            f" '{self.code}', (SELECT id FROM account WHERE code = '{self.debit}'),"
            f" (SELECT id FROM account WHERE code = '{self.credit}'), {self.amount}, 'r', 'r',"
            " 'a', at, (SELECT id FROM transfer WHERE code <> 'reversal'"
            f" AND amount_rial = {self.reverses or 0}), NULL FROM transfer WHERE id = 1"
        )


SUMS, UNASKED, UNDONE = Invariant.SUMS_KEPT, Invariant.ONE_EFFECT, Invariant.REVERSED_ONCE
GONE, HELD, LISTED = Invariant.APPEND_ONLY, Invariant.HOLD_RESOLVED_ONCE, Invariant.LISTED
CASH, CREDIT = f"wallet:{SARA}:cash@kanoon", f"wallet:{SARA}:credit@kanoon"
TAMPERED: dict[str, tuple[str | Booked, set[Invariant]]] = {
    "a sum is raised": (
        "UPDATE account SET credits_rial = credits_rial + 1 WHERE code LIKE 'wallet:%:cash@%'",
        {Invariant.SUMS_EQUAL, SUMS},
    ),
    "two sums are raised alike": (
        (
            "UPDATE account SET"
            " debits_rial = debits_rial + CAST(code = 'gateway@kanoon' AS INTEGER),"
            " credits_rial = credits_rial + CAST(code LIKE 'wallet:%:cash@%' AS INTEGER)"
        ),
        {SUMS},
    ),
    "what is held is forgotten beside it": (
        "UPDATE account SET held_rial = 0",
        {SUMS},
    ),
    "an amount is changed": (
        "UPDATE transfer SET amount_rial = amount_rial + 1 WHERE id = 1",
        {SUMS, UNASKED},
    ),
    "a reason is changed": ("UPDATE transfer SET reason = 'x' WHERE id = 1", {UNASKED}),
    "the last transfer is removed": (
        "DELETE FROM transfer WHERE id = (SELECT max(id) FROM transfer)",
        {GONE, SUMS, UNASKED},
    ),
    "a transfer in between is removed": (
        "DELETE FROM transfer WHERE reverses_id IS NOT NULL",
        {GONE, SUMS, UNASKED},
    ),
    "money is booked unasked": (
        Booked("gateway@kanoon", CASH, 5, "top_up"),
        {SUMS, UNASKED},
    ),
    "service credit is turned into cash": (
        Booked(CREDIT, CASH, 5, "fee"),
        {SUMS, Invariant.CASH_WHOLE, Invariant.CREDIT_WHOLE, UNASKED},
    ),
    "an account is overdrawn": (
        Booked(CASH, "bank@kanoon", 6_000, "payout"),
        {SUMS, Invariant.NO_OVERDRAFT, Invariant.CASH_WHOLE, UNASKED},
    ),
    "a part of a journal is reversed": (
        Booked("escrow:12:cash@kanoon", CASH, 110, "reversal", reverses=110),
        {SUMS, UNDONE, UNASKED},
    ),
    "a reversal gives back less": (
        Booked("escrow:13:cash@kanoon", CASH, 29, "reversal", reverses=30),
        {SUMS, UNDONE, UNASKED},
    ),
    "a reversal gives it to somebody else": (
        Booked("escrow:13:cash@kanoon", "suspense@kanoon", 30, "reversal", reverses=30),
        {SUMS, UNDONE, UNASKED},
    ),
    "a reversal takes it from somebody else": (
        Booked("escrow:12:cash@kanoon", CASH, 30, "reversal", reverses=30),
        {SUMS, UNDONE, UNASKED},
    ),
    "a reversal is reversed": (
        (
            "INSERT INTO transfer SELECT"
            " (SELECT max(id) + 1 FROM transfer), 'BACKDOOR22', 1,"
            " code, credit_id, debit_id, amount_rial, 'r', 'r', 'a', at, id, NULL FROM transfer"
            " WHERE reverses_id IS NOT NULL AND amount_rial = 50"
        ),
        {SUMS, UNDONE, UNASKED},
    ),
    "a hold is opened again": (
        "UPDATE hold SET state = 'open', posted_rial = 0, resolved_at = NULL WHERE id = 1",
        {SUMS, HELD},
    ),
    "a voided hold is opened again": (
        "UPDATE hold SET state = 'open', resolved_at = NULL WHERE id = 2",
        {SUMS, UNASKED},
    ),
    "more was posted than was taken": (
        "UPDATE hold SET posted_rial = posted_rial + 1 WHERE id = 1",
        {HELD},
    ),
    "a hold was posted and nothing taken": (
        "UPDATE hold SET state = 'posted', posted_rial = 1 WHERE id = 2",
        {HELD, UNASKED},
    ),
    "a hold is raised": (
        "UPDATE hold SET amount_rial = amount_rial + 1 WHERE id = 3",
        {SUMS, UNASKED},
    ),
    "a hold is somebody else's": (
        (
            "UPDATE hold SET account_id = (SELECT id FROM account WHERE code = 'suspense@kanoon')"
            " WHERE id = 1"
        ),
        {HELD, UNASKED},
    ),
    "a key is forgotten": ("DELETE FROM operation WHERE key = 'the-top-up'", {UNASKED}),
    "an account may be overdrawn": (
        "UPDATE account SET is_no_overdraft = FALSE WHERE code LIKE 'wallet:%:cash@%'",
        {LISTED},
    ),
    "an account is of no kind": (
        "INSERT INTO account VALUES (99, 'pocket:7:cash', 'asset', FALSE, 0, 0, 0)",
        {LISTED},
    ),
}


async def given_ledger(database: Database) -> None:
    url = database._engine.url.render_as_string(hide_password=False)
    await settled(url, "a ledger that is audited", lambda: booked(database))


async def booked(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 5_000, key="the-top-up")
        await grant(tx, 300)
        await pay(tx, 410)  # 300 of it is service credit
        await pay(tx, 30, workshop_id=13)
        await pay(tx, 45, workshop_id=14)
        await grant(tx, 70)
        await wallet.import_bank_file(
            tx,
            office_id="kanoon",
            kind=BankFileKind.BANK,
            name="1.csv",
            content_digest="-",
            lines=[line("123456", 40)],
            actor=None,
            now=NOW,
        )
        undone = await pay(tx, 50)
        await post(tx, await hold(tx, 100), 60)
        await void(tx, await hold(tx, 10))
        await hold(tx, 20)
        await reverse(tx, undone)
        for escrow in ("escrow:14:cash@kanoon", "escrow:12:credit@kanoon"):
            earned = Move(escrow, "revenue@kanoon", 20, TransferCode.DELIVERED)
            await wallet.move(tx, moves=[earned], **said())
            again = await wallet.move(tx, moves=[earned], **said())
            await reverse(tx, again)


async def findings(database: Database) -> list[Finding]:
    async with database.reading() as tx:
        return await wallet.audit(tx)


async def test_a_ledger_that_nobody_touched_is_right(database: Database) -> None:
    assert await findings(database) == []
    await given_ledger(database)
    assert await findings(database) == []


@pytest.mark.parametrize("name", TAMPERED)
async def test_whatever_is_done_behind_its_back_is_found(
    database: Database, database_url: str, name: str
) -> None:
    await given_ledger(database)
    deed, expected = TAMPERED[name]
    await tamper(database_url, str(deed))
    if not is_file(database_url):
        expected = expected - {GONE}  # What was undone leaves gaps there too.
    assert {one.invariant for one in await findings(database)} == expected


async def test_a_guard_that_is_gone_or_told_to_do_nothing_is_found(
    database: Database, database_url: str
) -> None:
    statement = "DROP TRIGGER transfer_refuses_update"
    async with by_hand(database_url) as tx:
        if is_file(database_url):
            await tx.exec_driver_sql(statement)
        else:
            await tx.exec_driver_sql(f"{statement} ON transfer")
            await tx.exec_driver_sql("ALTER TABLE hold DISABLE TRIGGER hold_refuses_truncate")
    found = [str(one) for one in await findings(database)]
    gone = ["transfer_refuses_update"]
    if not is_file(database_url):
        gone.insert(0, "hold_refuses_truncate")
    assert found == [
        f"I4 append only: trigger {name}: expected there, found gone." for name in gone
    ]


async def test_a_transfer_that_is_missing_in_a_journal_is_found_by_its_number(
    database: Database, database_url: str
) -> None:
    await given_ledger(database)
    await tamper(database_url, "DELETE FROM transfer WHERE seq = 1 AND amount_rial = 300")
    assert GONE in {one.invariant for one in await findings(database)}


async def test_a_way_that_is_not_listed_is_found_even_if_its_key_answers_for_it(
    database: Database, database_url: str
) -> None:
    await given_ledger(database)
    changed = "CAST(replace(answer, 'top_up', 'payout') AS BLOB)"
    if not is_file(database_url):
        changed = "decode(replace(encode(answer, 'escape'), 'top_up', 'payout'), 'escape')"
    await tamper(
        database_url,
        "UPDATE transfer SET code = 'payout' WHERE code = 'top_up'",
        f"UPDATE operation SET answer = {changed}",  # noqa: S608 - one of two of ours
    )
    (found,) = await findings(database)
    assert str(found) == (
        "I0 listed: transfer 1: expected a way of the list, "
        f"found payout from gateway@kanoon to {CASH}."
    )


UNBOUND = "CREATE TABLE copied AS SELECT * FROM transfer; DROP TABLE transfer;"
UNBOUND += "CREATE TABLE transfer AS SELECT * FROM copied; INSERT INTO transfer SELECT"
UNBOUND += " (SELECT max(id) + 1 FROM transfer), 'BACKDOOR22', 1, code, debit_id, credit_id,"
UNBOUND += " amount_rial, reference, reason, actor, at, reverses_id, hold_id FROM transfer WHERE "

HALVED = "UPDATE transfer SET amount_rial = amount_rial / 2 WHERE hold_id IS NOT NULL"


@pytest.mark.parametrize(
    ("script", "invariant"),
    [
        (f"{UNBOUND} reverses_id IS NOT NULL", UNDONE),
        (f"{UNBOUND} hold_id IS NOT NULL; {HALVED}", HELD),
    ],
)
async def test_what_was_reversed_or_posted_twice_is_found(
    database: Database, database_url: str, script: str, invariant: Invariant
) -> None:
    """Only a table that was made anew, without its constraints, can hold that."""
    await given_ledger(database)
    async with by_hand(database_url) as tx:
        for statement in script.split(";"):
            await tx.exec_driver_sql(statement)
    assert invariant in {one.invariant for one in await findings(database)}


async def test_a_finding_is_one_plain_line(database: Database, database_url: str) -> None:
    await given_ledger(database)
    await tamper(database_url, "UPDATE account SET held_rial = 13 WHERE held_rial = 20")
    (found,) = await findings(database)
    assert str(found) == f"I2 sums kept: held of account {CASH}: expected 20, found 13."


async def test_what_is_found_of_a_kind_is_bounded(database: Database, database_url: str) -> None:
    async with database.transaction() as tx:
        for number in range(1, 61):
            await wallet.open_wallet(tx, office_id="kanoon", citizen_id=CitizenId(number))
    await tamper(database_url, "UPDATE account SET credits_rial = 1")
    found = [one.invariant for one in await findings(database)]
    assert found.count(SUMS) == 100
    assert Invariant.SUMS_EQUAL in found


async def test_a_ledger_of_several_pages_is_read_to_its_end(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wallet.use_cases.auditing._PAGE", 2)
    await given_ledger(database)
    assert await findings(database) == []
    await tamper(database_url, "UPDATE transfer SET reason = 'x' WHERE id IN (1, 6, 9)")
    assert len(await findings(database)) == 3
