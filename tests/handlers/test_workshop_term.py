"""A whole small term in simulated time, from the opening to the last fee."""

from datetime import timedelta

from bot.calendar import use_cases as calendars
from bot.calendar.model import ClosureDraft, ClosureScope
from bot.citizens.model import CitizenId, Role
from bot.kit.jalali import tehran_day
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import (
    MakeUpState,
    RegistrationState,
    SessionState,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import at, jalali
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    given_learner,
    given_workshop,
    states,
)
from tests.handlers.support import DeskUnderTest, plain
from tests.handlers.workshop_support import (
    GROUP_ID,
    joined,
    make_ups_of,
    names_in,
    sessions_of,
    turn,
    workshop_of,
)
from tests.workshops import given
from tests.workshops.support import CLOSES, DAY, FEE, HOUR, OFFICE, OPENS


async def pass_time(desk: DeskUnderTest, workshop: Workshop, until: str) -> None:
    """Let the clock go from one moment at which something happens to the next."""
    end = at(until)
    while desk.now < end:
        slots = [one.slot for one in await sessions_of(desk, workshop)]
        moments = [slot.starts_at - before for slot in slots for before in (DAY, HOUR, 0 * HOUR)]
        moments += [slot.ends_at for slot in slots]
        desk.now = min([one for one in moments if desk.now < one < end], default=end)
        await turn(desk)


async def given_term(desk: DeskUnderTest) -> tuple[Workshop, Officer]:
    """Two families in, one waiting; then registration is over, and the quorum reached."""
    await desk.open_desk(GROUP_ID)
    officer = await Officer.at(desk, OFFICER)
    opened = await given_workshop(desk, places=2)
    for person_id in (SARA_ID, REZA_ID):
        await joined(desk, opened, person_id)
    child = await given_learner(desk, MINA_ID, "ژینوس")
    async with desk.database.transaction() as tx:
        await given.waits(tx, opened, child, payer_id=CitizenId(MINA_ID), now=OPENS)
    desk.now = CLOSES
    await turn(desk)
    assert (await workshop_of(desk, opened.id)).state is WorkshopState.CONFIRMED
    assert await states(desk, MINA_ID) == [RegistrationState.ABANDONED]
    return opened, officer


async def snow(desk: DeskUnderTest, day: str) -> None:
    """Close the office for a day."""
    draft = ClosureDraft(OFFICE, ClosureScope.OFFICE, jalali(day), jalali(day), (), "برف")
    async with desk.database.transaction() as tx:
        today = tehran_day(desk.now)
        await calendars.decide_closure(
            tx, draft=draft, actor_id=CitizenId(OFFICER), today=today, now=desk.now
        )


async def test_a_term_with_a_cancelled_session_a_closure_and_a_make_up(
    desk: DeskUnderTest,
) -> None:
    opened, officer = await given_term(desk)
    first, second, *_ = await sessions_of(desk, opened)
    await officer.visitor.press_data(f"dws:{first.id}:k:platform_down-y")
    await snow(desk, "1405/08/30")
    (proposal,) = [one for one in await turn(desk) if one.chat_id == GROUP_ID]
    await officer.visitor.press_data(proposal.presses[0])
    moved = next(one for one in await sessions_of(desk, opened) if one.id == second.id)
    assert (moved.revision, moved.state) == (1, SessionState.PLANNED)
    (owed,) = await make_ups_of(desk, opened)
    (prompt,) = await officer.visitor.press_data(f"dwu:{owed.id}:s")
    await officer.reply(prompt, "۱۴۰۵/۰۹/۲۸ ۱۷:۰۰")
    await pass_time(desk, opened, "1405/09/29 20:00")

    (owed,) = await make_ups_of(desk, opened)
    assert owed.state is MakeUpState.HELD
    assert (await workshop_of(desk, opened.id)).state is WorkshopState.COMPLETED
    assert await states(desk, SARA_ID) == [RegistrationState.COMPLETED]
    async with desk.database.reading() as tx:
        assert await given.escrow_rial(tx, opened) == 0
        assert await given.standing(tx, "revenue") == 2 * FEE
        assert not await wallet.audit(tx)
    reminders = [one for one in desk.heard[SARA_ID] if "wkc" in "".join(one.presses)]
    assert len(reminders) == 2 * 4  # three sessions and the make-up; none for the cancelled one
    assert not names_in(desk.heard[GROUP_ID], GROUP_ID)
    assert len({plain(one.text) for one in desk.heard[MINA_ID]}) == len(desk.heard[MINA_ID])


async def test_a_manager_decides_about_the_quorum_and_everybody_hears_of_it(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    manager = await Officer.at(desk, MANAGER, role=Role.MANAGER)
    officer = await Officer.at(desk, OFFICER)
    opened = await given_workshop(desk)
    await joined(desk, opened, SARA_ID)
    desk.now = CLOSES
    await turn(desk)
    before = len(desk.heard[SARA_ID])
    await officer.visitor.press_data(f"dwa:{opened.id}:f:y")
    assert len(desk.heard[SARA_ID]) == before
    await manager.visitor.press_data(f"dwa:{opened.id}:f:y")
    assert len(desk.heard[SARA_ID]) == before + 1
    await manager.visitor.press_data(f"dwa:{opened.id}:f:y")
    assert len(desk.heard[SARA_ID]) == before + 1
    async with desk.database.reading() as tx:
        assert (await given.balance(tx, CitizenId(SARA_ID))).withdrawable_rial == FEE
        assert await given.escrow_rial(tx, opened) == 0
        assert not await wallet.audit(tx)
    desk.now += timedelta(days=2)
    assert await turn(desk) == []


async def test_a_cancelled_workshop_is_told_with_what_is_owed(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID)
    manager = await Officer.at(desk, MANAGER, role=Role.MANAGER)
    opened = await given_workshop(desk)
    await joined(desk, opened, SARA_ID)
    child = await given_learner(desk, REZA_ID, "پیروز")
    async with desk.database.transaction() as tx:
        await given.held(tx, opened, child, payer_id=CitizenId(REZA_ID), now=desk.now)
    (prompt,) = await manager.visitor.press_data(f"dwa:{opened.id}:k:")
    await manager.reply(prompt, "مربی از ما جدا شد")
    assert "مربی از ما جدا شد" in plain(desk.heard[SARA_ID][-1].text)
    assert "۴ جلسه، همه لغو شده" in plain(desk.heard[GROUP_ID][-1].text)
    assert len(desk.heard[REZA_ID]) == 1
    assert len(await make_ups_of(desk, opened)) == 4
    async with desk.database.reading() as tx:
        entries = await workshops.make_ups(tx, workshop_id=opened.id)
    assert {one.state for one in entries} == {MakeUpState.OWED}
