"""A turn that comes when the learner has grown out of the workshop: told, and given on."""

from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, RegistrationState, Slot, Workshop
from tests.calendar.support import at, jalali
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    given_learner,
    given_workshop,
    offers,
    press,
    registered,
    registrations,
    states,
    tap,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, Visitor, plain
from tests.handlers.workshop_support import sessions_of
from tests.workshops.support import CALENDAR, OFFICER

HELD, DRAFT, ABANDONED = (
    RegistrationState.HELD,
    RegistrationState.DRAFT,
    RegistrationState.ABANDONED,
)
TWELVE_FOR_A_WEEK = jalali("1392/08/25")  # on the first day, 1405/08/23, and no more on the 27th


async def full(desk: DeskUnderTest, **wanted: object) -> tuple[Workshop, Visitor]:
    """A workshop of one place for people up to twelve, which Mina's child has."""
    workshop = await given_workshop(desk, places=1, quorum=1, **wanted)
    mina, _receipt = await registered(desk, workshop, MINA_ID)
    return workshop, mina


async def waits(desk: DeskUnderTest, workshop: Workshop, person_id: int, *births: object) -> None:
    person = desk.person(person_id)
    learners = [
        await given_learner(desk, person_id, f"{name}", born_on)  # type: ignore[arg-type]
        for name, born_on in zip(("باران", "کیان"), births, strict=False)
    ]
    page = await up_to_place(person, workshop, *learners)
    await tap(person, page, "wj", "0")


async def begin_later(desk: DeskUnderTest, workshop: Workshop) -> None:
    """Let the first session be four days later, the first day of the workshop with it."""
    first = (await sessions_of(desk, workshop))[0]
    async with desk.database.transaction() as tx:
        await workshops.reschedule(
            tx,
            session_id=first.id,
            slot=Slot(at("1405/08/27 17:00"), 90),
            actor=OFFICER,
            reason="سالن در دست تعمیر است",
            calendar=CALENDAR,
            now=desk.now,
            policy=DEFAULT_POLICY,
        )


async def pause_and_resume(desk: DeskUnderTest, workshop: Workshop) -> None:
    """Have the line looked at again, without a place having become free."""
    moment = {"workshop_id": workshop.id, "actor": OFFICER, "now": desk.now}
    async with desk.database.transaction() as tx:
        await workshops.pause(tx, **moment, reason="سالن در دست تعمیر است")
        _resumed, promoted = await workshops.resume(
            tx, **moment, calendar=CALENDAR, policy=DEFAULT_POLICY
        )
    assert promoted == ()


async def drop(mina: Visitor, desk: DeskUnderTest) -> None:
    (one,) = await registrations(desk, MINA_ID)
    await tap(mina, await press(mina, f"wmd:{one.id}:"), "wmd")


async def test_who_has_grown_out_of_it_is_told_why_and_the_next_one_gets_the_place(
    desk: DeskUnderTest,
) -> None:
    workshop, mina = await full(desk)
    await waits(desk, workshop, SARA_ID, TWELVE_FOR_A_WEEK)
    await waits(desk, workshop, REZA_ID, jalali("1395/01/10"))
    await begin_later(desk, workshop)
    desk.heard.clear()
    await drop(mina, desk)

    assert await states(desk, SARA_ID) == [ABANDONED]
    assert await states(desk, REZA_ID) == [HELD]
    (told,) = desk.heard[SARA_ID]
    text = plain(told.text)
    assert "باران (۱۳ ساله)" in text
    assert "۷ تا ۱۲ سال" in text
    assert "۲۷ آبان" in text
    assert "نفر بعدی" in text
    assert offers(told, "wl")
    assert offers(told, "k")
    (offered,) = desk.heard[REZA_ID]
    assert offers(offered, "wja")
    (one,) = await registrations(desk, SARA_ID)
    history = await press(desk.person(SARA_ID), f"wmh:{one.id}")
    assert "سن هنرجو دیگر جور نبود" in plain(history.text)


async def test_ages_that_still_fit_are_no_hindrance(desk: DeskUnderTest) -> None:
    workshop, mina = await full(desk)
    await waits(desk, workshop, SARA_ID, TWELVE_FOR_A_WEEK)
    await drop(mina, desk)
    assert await states(desk, SARA_ID) == [HELD]


async def test_one_who_does_not_fit_ends_the_turn_of_all_who_wait_together(
    desk: DeskUnderTest,
) -> None:
    workshop, mina = await full(desk)
    await waits(desk, workshop, SARA_ID, TWELVE_FOR_A_WEEK, jalali("1395/01/10"))
    await waits(desk, workshop, REZA_ID, jalali("1395/01/10"))
    await begin_later(desk, workshop)
    desk.heard.clear()
    await drop(mina, desk)
    assert await states(desk, SARA_ID) == [ABANDONED, ABANDONED]
    assert await states(desk, REZA_ID) == [HELD]
    (told,) = desk.heard[SARA_ID]
    named = plain(told.text).split("\n\n")[2]
    assert "باران" in named
    assert "کیان" not in named


async def test_while_nothing_is_free_nobody_loses_a_turn(desk: DeskUnderTest) -> None:
    workshop, _mina = await full(desk)
    await waits(desk, workshop, SARA_ID, TWELVE_FOR_A_WEEK)
    await begin_later(desk, workshop)
    await waits(desk, workshop, REZA_ID, jalali("1395/01/10"))
    await pause_and_resume(desk, workshop)
    assert await states(desk, SARA_ID) == [DRAFT]
