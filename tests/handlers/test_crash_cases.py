"""Fail at the n-th statement of a case's flow, for every n: no trace is left, and it works again.

Once the failure is a death that nothing catches, once it is a defect that the worker meets again
with savepoints. Either way the end is the one that an undisturbed worker reaches.
"""

from collections.abc import Awaitable, Callable

import pytest

from bot.cases.model import Ending
from bot.citizens.model import Role
from bot.kit.database import Database
from bot.outbox.tables import said_about
from handlers.callback_data.desk import DeskVerb
from handlers.jobs.cases import tell_overdue
from handlers.jobs.digests import send_digests
from handlers.jobs.surveys import ask_surveys
from tests.calendar.support import at
from tests.handlers import citizen_support as citizens
from tests.handlers import top_up_support as top_ups
from tests.handlers.crash_support import Broken, Died, Update, hold, sweep, sweep_update
from tests.handlers.desk_support import (
    GROUP_ID,
    MANAGER,
    OFFICER,
    REZA,
    SARA,
    Officer,
    register,
    verb,
)
from tests.handlers.support import DeskUnderTest, Job
from tests.window import window_into


async def about_to_register(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    review = await citizens.up_to_review(sara)
    data = citizens.payload(review, "y")
    return await hold(desk, sara.press_data(data, message_id=review.message_id))


async def about_to_reply(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    officer = await Officer.at(desk, OFFICER)
    card = await officer.card(case)
    return await hold(desk, officer.reply(card, "گواهی صادر شد."))


async def about_to_end(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    officer = await Officer.at(desk, OFFICER)
    (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
    data = verb(menu, DeskVerb.END, "done")
    return await hold(desk, officer.visitor.press_data(data, message_id=menu.message_id))


async def about_to_close_a_day(desk: DeskUnderTest) -> Update:
    for author in (SARA, REZA):
        await register(desk, author=author)
    officer = await Officer.at(desk, OFFICER)
    preview = await officer.visitor.say("/close kanoon 1405/09/03 سرمای شدید")
    data = next(data for data in preview.presses if data.startswith("cly:"))
    return await hold(desk, officer.visitor.press_data(data, message_id=preview.message_id))


async def about_to_merge(desk: DeskUnderTest) -> Update:
    first, second = [await register(desk, author=author) for author in (SARA, REZA)]
    officer = await Officer.at(desk, OFFICER)
    (menu,) = await officer.press(await officer.card(second), DeskVerb.MORE)
    (prompt,) = await officer.press(menu, DeskVerb.MERGE)
    return await hold(desk, officer.reply(prompt, first.tracking_code))


async def about_to_reopen(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    await citizens.end(desk, case, Ending.DONE)
    sara = desk.person(SARA)
    await sara.press_data(f"ka:{case.tracking_code}:reopen")
    return await hold(desk, sara.say("هنوز نرسیده است."))


async def about_to_claim(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    desk.shared.takes_payments = True
    review = await top_ups.reviewed(sara)
    data = top_ups.button(review, "wtd", "y")
    return await hold(desk, sara.press_data(data, message_id=review.message_id))


async def about_to_verify(desk: DeskUnderTest) -> Update:
    desk.shared.takes_payments = True
    await top_ups.claimed(desk.person(SARA))
    (card,) = top_ups.cards(desk)
    finance = await Officer.at(desk, OFFICER, role=Role.FINANCE, group_id=GROUP_ID)
    data = top_ups.button(card, "mt", "verify")
    return await hold(desk, finance.visitor.press_data(data, message_id=card.message_id))


async def about_to_have_paid(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    desk.shared.takes_payments = True
    return await hold(desk, top_ups.pay(sara, await top_ups.billed(sara)))


PREPARATIONS = (
    about_to_register,
    about_to_reply,
    about_to_end,
    about_to_close_a_day,
    about_to_merge,
    about_to_reopen,
    about_to_claim,
    about_to_verify,
    about_to_have_paid,
)


@pytest.fixture
async def staffed(desk: DeskUnderTest) -> DeskUnderTest:
    await desk.open_desk(GROUP_ID)
    await Officer.at(desk, MANAGER, role=Role.MANAGER)
    return desk


@pytest.mark.parametrize(("failure", "step"), [(Died, 1), (Broken, 5)])
@pytest.mark.parametrize("prepare", PREPARATIONS)
async def test_a_failure_at_any_statement_leaves_no_trace_and_the_next_try_does_it_once(
    staffed: DeskUnderTest,
    database_url: str,
    prepare: Callable[[DeskUnderTest], Awaitable[Update]],
    failure: type[BaseException],
    step: int,
) -> None:
    update = await prepare(staffed)
    assert await sweep_update(staffed, database_url, update, failure, step=step) > 10


@pytest.mark.parametrize(("job", "step"), [(tell_overdue, 1), (ask_surveys, 1), (send_digests, 9)])
async def test_a_round_that_dies_at_any_statement_tells_the_rest_once_at_its_next_turn(
    staffed: DeskUnderTest, database_url: str, job: Job, step: int
) -> None:
    staffed.now = at("1405/09/01 08:00")
    cases = [await register(staffed, author=author) for author in (SARA, REZA)]
    officer = await Officer.at(staffed, OFFICER)
    await officer.reply(await officer.card(cases[1]), "درست شد.")
    (menu,) = await officer.press(await officer.card(cases[1]), DeskVerb.ENDINGS)
    await officer.press(menu, DeskVerb.END, "done")
    now = at("1405/09/02 09:30")

    async def act(database: Database) -> None:
        await job(staffed.shared, database, now)

    await staffed.database.close()
    with window_into(database_url) as window:
        assert await sweep(window, act, Died, is_atomic=False, step=step) > 5


async def test_a_reply_to_a_copy_that_a_crash_kept_out_of_the_map_is_known_by_its_code(
    staffed: DeskUnderTest,
) -> None:
    sara, reza = staffed.person(SARA), staffed.person(REZA)
    receipt = await citizens.register(sara)
    hidden = await citizens.register(sara, is_anonymous=True)
    async with staffed.database.transaction() as tx:
        await tx.execute(said_about.delete())
    case = await citizens.kept_case(staffed, receipt)
    await sara.reply_to(receipt, "یک نکته دیگر هم هست.")
    await reza.reply_to(receipt, "این از من نیست.")
    await sara.reply_to(hidden, "این هم راهی به پرونده ناشناس نیست.")
    texts = [said.text for said in (await citizens.kept_case(staffed, receipt)).messages]
    assert texts == [said.text for said in case.messages] + ["یک نکته دیگر هم هست."]
    assert len((await citizens.kept_case(staffed, hidden)).messages) == 1
