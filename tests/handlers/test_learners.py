"""Describing a child or oneself in three steps, the list of learners, and taking one out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Learner
from bot.citizens.tables import dialogue, learner
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState
from tests.handlers.citizen_support import everything_kept
from tests.handlers.registering_support import (
    CHILD,
    REZA_ID,
    SARA_ID,
    data_of,
    given_learner,
    given_workshop,
    offers,
    press,
    registered,
    sound,
    states,
    tap,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, plain
from tests.workshops.support import CLOSES

BORN = "۱۳۹۵/۰۲/۱۵"


async def learners(desk: DeskUnderTest, person_id: int = SARA_ID) -> tuple[Learner, ...]:
    async with desk.database.reading() as tx:
        return await citizens.learners_of(
            tx, guardian_id=CitizenId(person_id), keyring=desk.shared.keyring
        )


async def up_to_review(person: Visitor, verb: str = "a", born: str = BORN) -> Said:
    await press(person, f"wle:{verb}:0:0")
    sound([await person.say(CHILD)])
    return sound([await person.say(born)])


async def test_a_child_is_added_by_name_and_birth_date_after_a_last_look(
    desk: DeskUnderTest,
) -> None:
    sara = desk.person(SARA_ID)
    page = await press(sara, "wle:a:0:0")
    assert "نام کوچک فرزندتان" in plain(page.text)
    await sara.say(CHILD)
    review = await sara.say(BORN)
    assert "۱۵ اردیبهشت ۱۳۹۵" in plain(review.text)
    assert not await learners(desk)
    await tap(sara, review, "wld", "y")
    (one,) = await learners(desk)
    assert (one.given_name, one.is_self) == (CHILD, False)


async def test_who_comes_from_a_workshop_goes_on_there(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    page = await press(sara, f"wr:{workshop.id}")
    assert not offers(page, "wrl"), "nobody is on the list"
    await tap(sara, page, "wle", "a")
    await sara.say(CHILD)
    page = await tap(sara, await sara.say(BORN), "wld", "y")
    (one,) = await learners(desk)
    assert data_of(page, "wrl") == f"wrl:{workshop.id}:{one.id}"


async def test_who_is_saved_after_the_deadline_is_kept_all_the_same(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    desk.now = CLOSES - timedelta(minutes=1)
    await press(sara, f"wle:a:0:{workshop.id}")
    await sara.say(CHILD)
    review = await sara.say(BORN)
    desk.now = CLOSES
    page = await tap(sara, review, "wld", "y")
    assert len(await learners(desk)) == 1
    assert "مهلت ثبت" in plain(page.text)


async def test_an_adult_is_added_as_themselves_once(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    page = await tap(sara, await up_to_review(sara, "m", "1365/02/15"), "wld", "y")
    assert [one.is_self for one in await learners(desk)] == [True]
    assert not any(data.startswith("wle:m") for data in page.presses)
    said = await press(sara, "wle:m:0:0")
    assert "فهرست" in plain(said.text)
    assert len(await learners(desk)) == 1


async def test_who_is_not_of_age_is_sent_to_a_guardian(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    said = await up_to_review(sara, "m", "1395/02/15")
    assert "سرپرست" in plain(said.text)
    assert not await learners(desk)
    after = await sara.say("سلام")
    assert not offers(after, "wld"), "the flow is over"


@pytest.mark.parametrize("typed", ["۱۲", "a1", "ب", "<b>"])
async def test_a_name_that_cannot_be_read_is_asked_for_again(
    desk: DeskUnderTest, typed: str
) -> None:
    sara = desk.person(SARA_ID)
    await press(sara, "wle:a:0:0")
    said = sound([await sara.say(typed)])
    assert "نام کوچک" in plain(said.text)
    assert "1395" not in said.text
    page = sound([await sara.say(CHILD)])
    assert "تاریخ تولد" in plain(page.text)


@pytest.mark.parametrize("typed", ["فردا", "۱۳۹۵/۱۳/۰۱", "۱۴۲۰/۰۱/۰۱", "1200/01/01", "۹۵"])
async def test_a_date_that_cannot_be_read_is_asked_for_again(
    desk: DeskUnderTest, typed: str
) -> None:
    sara = desk.person(SARA_ID)
    said = await up_to_review(sara, born=typed)
    assert "نتوانستم" in plain(said.text)
    review = sound([await sara.say(BORN)])
    assert offers(review, "wld")


async def test_a_date_of_an_adult_is_asked_about_where_a_child_is_described(
    desk: DeskUnderTest,
) -> None:
    review = await up_to_review(desk.person(SARA_ID), born="1365/02/15")
    assert "نه خودتان" in plain(review.text)


async def test_name_and_date_are_mended_before_they_are_saved(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    review = await up_to_review(sara)
    await tap(sara, review, "wld", "n")
    review = await sara.say("آراد")
    await tap(sara, review, "wld", "b")
    review = await sara.say("۱۳۹۶/۰۲/۱۵")
    await tap(sara, review, "wld", "y")
    (one,) = await learners(desk)
    assert one.given_name == "آراد"
    assert (one.born_on.year, one.born_on.month) == (2017, 5)


async def test_a_second_press_on_save_keeps_one_learner(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    review = await up_to_review(sara)
    await tap(sara, review, "wld", "y")
    again = await tap(sara, review, "wld", "y")
    assert "پیش‌تر" in plain(again.text)
    assert len(await learners(desk)) == 1


async def test_a_second_tap_on_save_leads_on_to_the_workshop_as_well(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    await press(sara, f"wle:a:0:{workshop.id}")
    await sara.say(CHILD)
    review = await sara.say(BORN)
    await tap(sara, review, "wld", "y")
    again = await tap(sara, review, "wld", "y")
    (one,) = await learners(desk)
    assert "پیش‌تر" in plain(again.text)
    assert data_of(again, "wrl") == f"wrl:{workshop.id}:{one.id}"


async def test_what_is_left_alone_for_a_day_is_over(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    review = await up_to_review(sara)
    desk.now += timedelta(hours=24)
    await tap(sara, review, "wld", "y")
    assert not await learners(desk)


async def test_what_is_written_much_later_is_no_name(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    await press(sara, "wle:a:0:0")
    desk.now += timedelta(minutes=31)
    said = await sara.say(CHILD)
    assert "تاریخ تولد" not in plain(said.text)


async def test_cancel_ends_it(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    review = await up_to_review(sara)
    await tap(sara, review, "wld", "x")
    await tap(sara, review, "wld", "y")
    assert not await learners(desk)


async def test_a_picture_is_no_answer(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    await press(sara, "wle:a:0:0")
    said = await sara.send(
        photo=[{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    )
    assert "نام کوچک فرزندتان" in plain(sound(said).text)


async def test_a_name_is_nowhere_open_in_the_records(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    review = await up_to_review(sara)
    async with desk.database.reading() as tx:
        assert (await tx.execute(select(dialogue))).all()
    assert CHILD not in repr(await _kept(desk))
    await tap(sara, review, "wld", "y")
    assert CHILD not in repr(await _kept(desk))


async def _kept(desk: DeskUnderTest) -> dict[str, list[str]]:
    """All that is kept but what is said to the person themselves."""
    kept = await everything_kept(desk)
    return {name: rows for name, rows in kept.items() if name != "outbox"}


async def test_a_learner_is_taken_out_after_one_question(desk: DeskUnderTest) -> None:
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await press(sara, f"wle:s:{child.id}:0")
    assert CHILD in plain(page.text)
    asked = await tap(sara, page, "wle", "r")
    assert len(await learners(desk)) == 1
    await tap(sara, asked, "wle", "g")
    assert not await learners(desk)
    async with desk.database.reading() as tx:
        assert child.born_on not in [row.born_on for row in await tx.execute(select(learner))]


async def test_who_takes_part_somewhere_is_not_taken_out(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    child = await given_learner(desk)
    sara, _receipt = await registered(desk, workshop, learner=child)
    for verb in "rg":
        page = await press(sara, f"wle:{verb}:{child.id}:0")
        assert offers(page, "wmr")
    assert len(await learners(desk)) == 1


async def test_a_learner_of_the_past_is_taken_out_and_the_history_stays(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    await tap(sara, await tap(sara, page, "wrx"), "wrx", "s")
    await press(sara, f"wle:g:{child.id}:0")
    assert not await learners(desk)
    assert await states(desk) == [RegistrationState.ABANDONED]
    async with desk.database.reading() as tx:
        (one,) = await workshops.registrations_of(tx, payer_id=CitizenId(SARA_ID), limit=9)
    page = await press(sara, f"wmr:{one.id}:")
    assert "برداشته شده" in plain(page.text)


@pytest.mark.parametrize("verb", ["s", "r", "g"])
async def test_somebody_elses_learner_is_as_good_as_none(desk: DeskUnderTest, verb: str) -> None:
    child = await given_learner(desk, REZA_ID)
    sara = desk.person(SARA_ID)
    said = await press(sara, f"wle:{verb}:{child.id}:0")
    assert CHILD not in plain(said.text)
    assert len(await learners(desk, REZA_ID)) == 1
