"""Waiting for a place: joining, where one stands and why, offers, and leaving."""

from datetime import timedelta

from bot.workshops import use_cases as workshops
from bot.workshops.model import Registration, RegistrationState, WaitingEntry, Workshop
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    balance_of,
    data_of,
    given_learner,
    given_money,
    given_workshop,
    offers,
    press,
    registered,
    registrations,
    states,
    tap,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, plain
from tests.workshops.support import FEE, OFFICER

HELD, CONFIRMED, DRAFT, ABANDONED, DROPPED = (
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
    RegistrationState.DRAFT,
    RegistrationState.ABANDONED,
    RegistrationState.DROPPED,
)


async def full(desk: DeskUnderTest, **wanted: object) -> tuple[Workshop, Visitor, Said]:
    """A workshop of one place, which Mina has."""
    workshop = await given_workshop(desk, places=1, quorum=1, **wanted)
    mina, receipt = await registered(desk, workshop, MINA_ID)
    return workshop, mina, receipt


async def waiting(
    desk: DeskUnderTest, workshop: Workshop, person_id: int = SARA_ID, is_auto: str = "0"
) -> tuple[Visitor, Said]:
    person = desk.person(person_id)
    page = await up_to_place(person, workshop, await given_learner(desk, person_id))
    return person, await tap(person, page, "wj", is_auto)


async def turn_of(desk: DeskUnderTest, one: Registration) -> WaitingEntry | None:
    async with desk.database.reading() as tx:
        return await workshops.turn_of(tx, registration=one)


async def drop(mina: Visitor, desk: DeskUnderTest) -> None:
    (one,) = await registrations(desk, MINA_ID)
    await tap(mina, await press(mina, f"wmd:{one.id}:"), "wmd")


async def test_a_full_workshop_offers_two_ways_to_wait(desk: DeskUnderTest) -> None:
    workshop, _mina, _receipt = await full(desk)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    assert "جای خالی نیست" in plain(page.text)
    assert {data for data in page.presses if data.startswith("wj:")} == {"wj:2:0:", "wj:2:1:"}


async def test_a_turn_is_confirmed_with_its_position(desk: DeskUnderTest) -> None:
    workshop, _mina, _receipt = await full(desk)
    await waiting(desk, workshop, REZA_ID)
    sara, page = await waiting(desk, workshop)
    assert "نفر ۲" in plain(page.text)
    explained = await tap(sara, page, "wjw")
    assert "نفر ۲" in plain(explained.text)
    assert "۱ جا می‌خواهند" in plain(explained.text)
    again = await press(sara, "wj:3:0:")
    assert "نفر ۲" in plain(again.text), "pressed twice, joined once"
    async with desk.database.reading() as tx:
        assert len(await workshops.waiting_line(tx, workshop_id=workshop.id)) == 2


async def test_the_next_in_line_hears_that_a_place_is_theirs_to_take(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    desk.heard.clear()
    await drop(mina, desk)
    assert await states(desk) == [HELD]
    (told,) = desk.heard[SARA_ID]
    assert workshop.details.title in plain(told.text)
    assert offers(told, "wja")
    await given_money(desk, cash=FEE)
    receipt = await tap(sara, told, "wja")
    assert await states(desk) == [CONFIRMED]
    assert "ث-" in plain(receipt.text)
    await tap(sara, told, "wja")
    assert (await balance_of(desk)).available_rial == 0


async def test_who_asked_for_it_has_the_place_at_once_and_hears_of_it(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    await waiting(desk, workshop, is_auto="1")
    await given_money(desk, cash=FEE)
    desk.heard.clear()
    await drop(mina, desk)
    assert await states(desk) == [CONFIRMED]
    assert workshop.details.title in plain(desk.heard[SARA_ID][0].text)


async def test_an_offer_without_the_money_says_what_is_missing(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    await drop(mina, desk)
    page = await press(sara, f"wmr:{(await registrations(desk))[0].id}:")
    assert data_of(page, "wtn").endswith(f":{FEE}")
    said = await tap(sara, page, "wja")
    assert offers(said, "wtn")
    assert await states(desk) == [HELD]


async def test_an_offer_is_declined_after_one_question_and_goes_on(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    await waiting(desk, workshop, REZA_ID)
    await drop(mina, desk)
    page = await press(sara, f"wmr:{(await registrations(desk))[0].id}:")
    asked = await tap(sara, page, "wjd")
    assert await states(desk) == [HELD]
    desk.heard.clear()
    await tap(sara, asked, "wjd", "s")
    assert await states(desk) == [ABANDONED]
    assert await states(desk, REZA_ID) == [HELD]
    assert len(desk.heard[REZA_ID]) == 1
    again = await tap(sara, asked, "wjd", "s")
    assert "رها شد" in plain(again.text)


async def test_an_offer_that_is_over_is_not_paid_for(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    await given_money(desk, cash=FEE)
    await drop(mina, desk)
    (one,) = await registrations(desk)
    assert one.expires_at is not None
    page = await press(sara, f"wmr:{one.id}:")
    desk.now = one.expires_at
    said = await tap(sara, page, "wja")
    assert "چیزی پرداخت نشد" in plain(said.text)
    assert (await balance_of(desk)).available_rial == FEE


async def test_the_line_is_left_after_one_question(desk: DeskUnderTest) -> None:
    workshop, _mina, _receipt = await full(desk)
    sara, page = await waiting(desk, workshop)
    asked = await tap(sara, page, "wjl")
    assert await states(desk) == [DRAFT]
    await tap(sara, asked, "wjl", "s")
    assert await states(desk) == [ABANDONED]
    await tap(sara, asked, "wjl", "s")
    await tap(sara, page, "wjw")


async def test_nobody_waits_for_what_they_can_have_at_once(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    await drop(mina, desk)
    said = await tap(sara, page, "wj", "0")
    assert "۱ جا خالی شده است" in plain(said.text)
    await tap(sara, said, "wrh")
    assert await states(desk) == [HELD]


async def test_terms_that_changed_while_waiting_are_accepted_before_paying(
    desk: DeskUnderTest,
) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    await given_money(desk, cash=FEE)
    async with desk.database.transaction() as tx:
        await workshops.set_terms(
            tx,
            workshop_id=workshop.id,
            text="شرایط تازه",
            actor=OFFICER,
            now=desk.now,
        )
    await drop(mina, desk)
    page = await press(sara, f"wmr:{(await registrations(desk))[0].id}:")
    terms = await tap(sara, page, "wja")
    assert "شرایط تازه" in plain(terms.text)
    page = await tap(sara, terms, "wra")
    await tap(sara, page, "wja")
    assert await states(desk) == [CONFIRMED]


async def test_an_offer_at_a_time_that_is_taken_by_now_is_asked_about(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    other = await given_workshop(desk, title="سفال", fee_rial=0)
    sara, _page = await waiting(desk, workshop)
    (child_id,) = {one.learner_id for one in await registrations(desk)}
    page = await press(sara, f"wrl:{other.id}:{child_id}")
    await tap(sara, page, "wra")
    await given_money(desk, cash=FEE)
    await drop(mina, desk)
    page = await press(sara, f"wmr:{(await registrations(desk))[0].id}:")
    asked = await tap(sara, page, "wja")
    assert "سفال" in plain(asked.text)
    await tap(sara, asked, "wja", "s")
    assert await states(desk) == [CONFIRMED, CONFIRMED]


async def test_brothers_and_sisters_wait_together(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk, places=2, quorum=1)
    mina, _receipt = await registered(desk, workshop, MINA_ID)
    sara = desk.person(SARA_ID)
    both = [await given_learner(desk), await given_learner(desk, name="آراد")]
    page = await up_to_place(sara, workshop, *both)
    assert "۱ جا خالی است" in plain(page.text)
    page = await tap(sara, page, "wj", "0")
    page = await tap(sara, page, "wjw")
    assert "۲ جا با هم" in plain(page.text)
    await drop(mina, desk)
    assert await states(desk) == [HELD, HELD]
    await given_money(desk, cash=2 * FEE)
    page = await press(sara, f"wmr:{(await registrations(desk))[1].id}:")
    await tap(sara, page, "wja")
    assert await states(desk) == [CONFIRMED, CONFIRMED]


async def test_a_transfer_lengthens_an_offer_once(desk: DeskUnderTest) -> None:
    workshop, mina, _receipt = await full(desk)
    sara, _page = await waiting(desk, workshop)
    await drop(mina, desk)
    (one,) = await registrations(desk)
    page = await press(sara, f"wmr:{one.id}:")
    await tap(sara, page, "wrb")
    (kept,) = await registrations(desk)
    assert kept.expires_at is not None
    assert one.expires_at is not None
    assert kept.expires_at > one.expires_at
    turn = await turn_of(desk, kept)
    assert turn is not None
    assert turn.expires_at == kept.expires_at
    desk.now = one.expires_at + timedelta(seconds=1)
    await given_money(desk, cash=FEE)
    await tap(sara, await press(sara, f"wmr:{one.id}:"), "wja")
    assert await states(desk) == [CONFIRMED]
