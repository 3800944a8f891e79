"""Who is erased is in no row any more, and every sum stays as it was."""

import asyncio
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.citizens import use_cases as citizens
from bot.citizens.errors import Banned, SlowDown
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.rules import is_nobodys
from bot.kit.database import Transaction, metadata
from bot.wallet import use_cases as wallet
from handlers.jobs.audits import audit
from tests.cases.support import rows_of
from tests.handlers import payout_support as payouts
from tests.handlers.citizen_support import register
from tests.handlers.crash_support import Broken, Died, hold, sweep_update
from tests.handlers.desk_support import Officer
from tests.handlers.registering_support import (
    SARA_ID,
    given_learner,
    given_money,
    given_workshop,
    registered,
)
from tests.handlers.rights_support import (
    CHILD,
    COMMENT,
    ERASE,
    ERASE_SURELY,
    WORDS,
    a_life,
    erase,
    everything,
    press,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, plain
from tests.handlers.test_members import command
from tests.test_records import columns, entries

CODES: Any = {"kind": "code", "most": 2, "window": timedelta(hours=1)}
TRACES = (str(SARA_ID), WORDS[:12], COMMENT, CHILD, payouts.IBAN, payouts.OWNER, "0001'")


async def held(desk: DeskUnderTest) -> dict[str, list[tuple[object, ...]]]:
    async with desk.database.reading() as tx:
        return await rows_of(tx)


async def traces(desk: DeskUnderTest) -> dict[str, list[str]]:
    """Where something of Sara stands, once what was queued for her has been said."""
    async with desk.database.transaction() as tx:
        await sent(tx)
    return {
        trace: [name for name, rows in (await held(desk)).items() if trace in repr(rows)]
        for trace in TRACES
    }


async def sent(tx: Transaction) -> None:
    """What a sender does once it has said everything."""
    await tx.exec_driver_sql(
        "UPDATE outbox SET state = 'sent', params = NULL, done_at = created_at,"
        " chat_id = CASE WHEN chat_id > 0 THEN 0 ELSE chat_id END WHERE state = 'queued'"
    )


async def findings(desk: DeskUnderTest) -> list[object]:
    async with desk.database.reading() as tx:
        return [*await audit(tx, desk.shared.catalogue, now=desk.now)]


async def test_a_life_is_found_everywhere_before(desk: DeskUnderTest) -> None:
    await a_life(desk)
    found = await traces(desk)
    tables = set(found[str(SARA_ID)])
    assert {"account", "transfer", "hold", "operation", "payout", "payout_event"} <= tables
    assert {"citizen", "desk_case", "survey", "registration", "learner"} <= tables
    assert await findings(desk) == []


async def test_nothing_of_who_was_erased_stands_in_any_row(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    sums = await amounts(desk)
    said = await erase(sara)
    assert "انجام شد" in plain(said.text) or "done" in plain(said.text)
    found = await traces(desk)
    del found[WORDS[:12]]  # an anonymous case is nobody's, and stays
    assert {trace: tables for trace, tables in found.items() if tables} == {}
    assert await amounts(desk) == sums
    assert await findings(desk) == []
    rows = await held(desk)
    assert rows["parting"] == []
    ((number, _day),) = rows["erasure"]
    assert is_nobodys(int(str(number)))


async def amounts(desk: DeskUnderTest) -> list[tuple[object, ...]]:
    """Every account and movement, without whose it is."""
    rows = await held(desk)
    accounts = [(row[0], *row[2:]) for row in rows["account"]]
    moved = [(*row[:8], row[10]) for row in rows["transfer"]]
    return [*accounts, *moved, *((row[0], row[4], row[9]) for row in rows["registration"])]


async def test_only_the_words_of_an_anonymous_case_stay(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    await erase(sara)
    messages = (await held(desk))["case_message"]
    assert len(messages) == 1


async def test_whoever_is_erased_is_a_stranger_afterwards(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    await erase(sara)
    assert "🗑" not in plain((await sara.say("/cases")).text)
    balance = await payouts.balance_of(desk, SARA_ID)
    assert (balance.cash_rial, balance.credit_rial, balance.held_rial) == (0, 0, 0)


async def test_a_second_tap_erases_nothing_more(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    await press(sara, ERASE)
    asked = await press(sara, ERASE_SURELY)
    (data,) = [one for one in asked.presses if one.startswith("rte:")]
    await press(sara, data)
    rows = (await held(desk))["erasure"]
    again = await press(sara, data)
    assert not again.presses, "nobody who taps twice is asked whether to begin"
    assert "این آخرین پیام بود" in plain(again.text)
    assert (await held(desk))["erasure"] == rows


async def test_an_old_button_of_who_came_back_begins_anew(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    await press(sara, ERASE)
    asked = await press(sara, ERASE_SURELY)
    (data,) = [one for one in asked.presses if one.startswith("rte:")]
    await press(sara, data)
    await register(sara, WORDS)
    again = await press(sara, data)
    assert [one for one in again.presses if one.startswith("rt:g")]


async def test_erasing_lifts_no_limit_and_whose_it_is_cannot_be_read(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    for _ in range(2):
        async with desk.database.transaction() as tx:
            await citizens.spend(tx, citizen_id=CitizenId(SARA_ID), **CODES, now=desk.now)
        await erase(sara)
    assert str(SARA_ID) not in repr((await held(desk))["spent_limit"])
    async with desk.database.transaction() as tx:
        await citizens.spend(tx, citizen_id=CitizenId(771_234_562), **CODES, now=desk.now)
        with pytest.raises(SlowDown):
            await citizens.spend(tx, citizen_id=CitizenId(SARA_ID), **CODES, now=desk.now)


async def test_an_old_button_asks_anew(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    await press(sara, "rte:of-long-ago")
    assert (await held(desk))["erasure"] == []


async def test_it_is_done_in_private_alone(desk: DeskUnderTest) -> None:
    await a_life(desk)
    (sara,) = desk.group(payouts.GROUP_ID, SARA_ID)
    await sara.press_data(ERASE_SURELY)
    await sara.press_data("rte:x")
    assert (await held(desk))["erasure"] == []


async def test_the_office_is_told_that_an_open_case_has_ended(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    before = len(desk.heard[payouts.GROUP_ID])
    await erase(sara)
    told = desk.heard[payouts.GROUP_ID][before:]
    assert len(told) == 1
    assert str(SARA_ID) not in told[0].text


async def test_money_to_be_paid_out_comes_first(desk: DeskUnderTest) -> None:
    await given_money(desk, SARA_ID, 500_000)
    await refused(desk, "۵۰۰٬۰۰۰")


async def test_a_payout_under_way_comes_first(desk: DeskUnderTest) -> None:
    await payouts.staffed(desk)
    await payouts.request(desk, SARA_ID)
    await refused(desk, "wy", text=False)


async def test_a_place_comes_first_and_is_named(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk, fee_rial=0)
    await registered(desk, workshop)
    await refused(desk, workshop.details.title)


async def refused(desk: DeskUnderTest, words: str, *, text: bool = True) -> None:
    """Nothing goes on, whatever is pressed, and what comes first is said."""
    sara = desk.person(SARA_ID)
    page = await press(sara, ERASE)
    assert not [data for data in page.presses if data.startswith("rt:g")]
    assert not text or words in plain(page.text)
    before = await held(desk)
    await press(sara, ERASE_SURELY)
    await press(sara, "rte:x")
    after = await held(desk)
    assert {name for name in before if before[name] != after[name]} <= {
        "offered",
        "outbox",
        "sqlite_sequence",
    }


async def test_what_is_given_up_is_said_before(desk: DeskUnderTest) -> None:
    sara = await a_life(desk)
    page = await press(sara, ERASE)
    assert "۳۰٬۰۰۰" in plain(page.text)


async def test_a_child_in_someones_care_goes_with_them(desk: DeskUnderTest) -> None:
    child = await given_learner(desk)
    await erase(desk.person(SARA_ID))
    rows = {row[0]: row for row in (await held(desk))["learner"]}
    assert is_nobodys(int(str(rows[child.id][1])))
    assert rows[child.id][2] == b""


async def test_staff_stay_staff(desk: DeskUnderTest) -> None:
    await desk.make_staff(SARA_ID, Role.OFFICER, "kanoon")
    await erase(desk.person(SARA_ID))
    assert [row for row in (await held(desk))["staff_role"] if row[0] == SARA_ID]


async def test_a_payout_asked_for_at_the_same_moment_is_before_or_after(
    desk: DeskUnderTest,
) -> None:
    """A person's two taps never meet in one chat; their money does, with the staff's."""
    await given_money(desk, SARA_ID, 90_000)
    sara = desk.person(SARA_ID)
    await press(sara, ERASE)
    asked = await press(sara, ERASE_SURELY)
    (data,) = [one for one in asked.presses if one.startswith("rte:")]

    async def pay_in() -> None:
        await payouts.give(desk, SARA_ID, cash=200_000)

    await asyncio.gather(sara.press_data(data), pay_in(), return_exceptions=False)
    assert await findings(desk) == []
    balance = await payouts.balance_of(desk, SARA_ID)
    erased = (await held(desk))["erasure"]
    assert balance.cash_rial == (200_000 if erased else 290_000)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET code = 'wallet:5:cash@kanoon' WHERE code LIKE 'wallet:%'",
        "UPDATE transfer SET actor = 'citizen:5'",
        "UPDATE hold SET actor = 'citizen:5'",
        (
            "UPDATE operation SET fingerprint = 'forgotten',"
            " answer = (SELECT answer FROM operation ORDER BY key LIMIT 1)"
        ),
        "UPDATE payout SET citizen_id = 5",
        "UPDATE payout_event SET actor = 'citizen:5'",
    ],
)
async def test_the_ledger_renames_nobody_who_does_not_part(
    desk: DeskUnderTest, statement: str
) -> None:
    await a_life(desk)
    with pytest.raises(DBAPIError, match="append-only"):
        async with desk.database.transaction() as tx:
            await tx.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET code = replace(code, '771234561', '5'), debits_rial = 0",
        "UPDATE transfer SET actor = 'citizen:5', amount_rial = 1 WHERE actor LIKE 'citizen:%'",
        (
            "UPDATE operation SET fingerprint = 'forgotten',"
            " answer = (SELECT answer FROM operation ORDER BY key LIMIT 1)"
        ),
        "UPDATE payout SET citizen_id = 5, amount_rial = 1",
    ],
)
async def test_while_somebody_parts_nothing_but_their_number_changes(
    desk: DeskUnderTest, statement: str
) -> None:
    await a_life(desk)

    async def tamper() -> None:
        async with desk.database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO parting VALUES (771234561, 5)")
            await tx.exec_driver_sql(statement)

    with pytest.raises(DBAPIError, match="append-only"):
        await tamper()


@pytest.fixture
def _same_draws(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.shared.keyring.current, "its keys are drawn at random before"
    drawn = SimpleNamespace(randbits=lambda _bits: 7)
    monkeypatch.setattr("bot.citizens.use_cases.parting.secrets", drawn)
    nonces = SimpleNamespace(urandom=lambda count: b"n" * count)
    monkeypatch.setattr("bot.kit.crypto.os", nonces)


@pytest.mark.usefixtures("_same_draws")
@pytest.mark.parametrize("failure", [Died, Broken])
async def test_it_happens_whole_or_not_at_all(
    desk: DeskUnderTest, database_url: str, failure: type[BaseException]
) -> None:
    sara = await a_life(desk)
    await press(sara, ERASE)
    asked = await press(sara, ERASE_SURELY)
    (data,) = [one for one in asked.presses if one.startswith("rte:")]
    update = await hold(desk, sara.press_data(data, message_id=asked.message_id))
    async with desk.database.transaction() as tx:
        await sent(tx)
    count = await sweep_update(desk, database_url, update, failure, step=7)
    assert count > 20


async def test_somebody_elses_records_stay(desk: DeskUnderTest) -> None:
    await a_life(desk)
    reza = desk.person(771_234_562)
    await register(reza, "سخن رضا")
    await given_money(desk, 771_234_562, 70_000)
    await given_learner(desk, 771_234_562, "نیما")
    before = (await held(desk))["desk_case"][-1]
    await erase(desk.person(SARA_ID))
    rows = await held(desk)
    assert rows["desk_case"][-1] == before
    async with desk.database.reading() as tx:
        left = await wallet.balance(tx, office_id="kanoon", citizen_id=CitizenId(771_234_562))
        assert "771234562" in await everything(tx)
    assert left.cash_rial == 70_000


async def test_where_a_person_was_found_is_where_the_page_of_records_says_it_goes(
    desk: DeskUnderTest,
) -> None:
    """docs/records.md is held against what a life leaves, and against what is left after it."""
    sara = await a_life(desk)
    before = await columns_with(desk, SARA_ID)
    known = entries()
    assert {name for name in before if known[name].erasing in {"stays", "with its row"}} == set()
    assert {"account.code", "payout.citizen_id", "desk_case.author_id"} <= before
    await erase(sara)
    async with desk.database.transaction() as tx:
        await sent(tx)
    assert await columns_with(desk, SARA_ID) == set()


async def columns_with(desk: DeskUnderTest, person_id: int) -> set[str]:
    """Name the columns in which somebody's number stands."""
    assert columns()
    found = set()
    async with desk.database.reading() as tx:
        for table in metadata.tables.values():
            for row in await tx.execute(select(table)):
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row._mapping.items()
                    if str(person_id) in repr(value)
                }
    return found


async def test_a_ban_outlives_erasing_and_the_page_says_so(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    manager = Staff(CitizenId(900), "kanoon", Role.MANAGER, "Manager")
    async with desk.database.transaction() as tx:
        await citizens.ban(
            tx,
            citizen_id=CitizenId(SARA_ID),
            actor=manager,
            typed="3 ناسزا",
            now=desk.now,
        )
    page = await press(sara, ERASE)
    assert "تا همان زمان می‌ماند" in plain(page.text)
    for _ in range(2):
        await erase(sara)
        rows = await held(desk)
        assert len(rows["ban"]) == 1
        assert str(SARA_ID) not in repr(rows["ban"]), "whose it is cannot be read"
        assert rows["person_code"] == []
    async with desk.database.transaction() as tx:
        ask = {"office_id": "kanoon", "now": desk.now}
        with pytest.raises(Banned):
            await citizens.ensure_welcome(tx, citizen_id=CitizenId(SARA_ID), **ask)
        await citizens.ensure_welcome(tx, citizen_id=CitizenId(771_234_562), **ask)
        assert len(await citizens.bans_on(tx, citizen_id=CitizenId(SARA_ID), now=desk.now)) == 1


async def test_a_ban_of_who_was_erased_is_listed_and_lifted(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID)
    manager = await Officer.at(desk, 900, role=Role.MANAGER, group_id=GROUP_ID)
    staff = Staff(CitizenId(900), "kanoon", Role.MANAGER, "Manager")
    async with desk.database.transaction() as tx:
        await citizens.ban(
            tx, citizen_id=CitizenId(SARA_ID), actor=staff, typed="3 ناسزا", now=desk.now
        )
    await erase(desk.person(SARA_ID))
    told, chats = len(desk.heard[SARA_ID]), set(desk.heard)
    (page, *_others) = await manager.visitor.send(**command("/ban"))
    (code,) = set(re.findall("P-[2-9A-Z]{7}", page.text))
    await manager.visitor.send(**command(f"/unban {code}"))
    assert (await held(desk))["ban"] == []
    assert len(desk.heard[SARA_ID]) == told
    assert set(desk.heard) == chats | {GROUP_ID}, "nobody else is told"


async def test_what_waits_to_be_told_of_a_case_is_not_told_any_more(desk: DeskUnderTest) -> None:
    """The group may be spoken to every three seconds: the words of a case may still wait."""
    sara = await a_life(desk)
    waiting = await told_about_the_case(desk)
    assert waiting
    await erase(sara)
    (notice,) = await told_about_the_case(desk)
    assert notice not in waiting


async def told_about_the_case(desk: DeskUnderTest) -> list[int]:
    async with desk.database.reading() as tx:
        rows = await tx.exec_driver_sql(
            "SELECT id FROM outbox WHERE about = 'case:1' AND state = 'queued' ORDER BY id"
        )
        return [row.id for row in rows]
