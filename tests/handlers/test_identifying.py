"""A national ID in the chat: asked for where the office requires it, deleted, and sealed."""

from datetime import date

import orjson

from bot.citizens.model import CitizenId
from bot.workshops import use_cases as workshops
from bot.workshops.model import Actor, RegistrationState
from handlers.callback_data.identifying import NONE_THERE
from handlers.files.own_records import as_json, own_records
from handlers.views.privacy import Part
from handlers.views.rights.own_page import OwnPage
from tests.handlers.registering_support import (
    MINA_ID,
    SARA_ID,
    data_of,
    given_learner,
    given_money,
    given_workshop,
    offers,
    press,
    registered,
    registrations,
    sound,
    states,
    tap,
    up_to_terms,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, plain
from tests.handlers.test_crash_registering import OTHER_DATES
from tests.handlers.workshop_support import decide
from tests.workshops.support import FEE, OFFICE

ONE, ONE_TYPED, OTHER = "0012345679", "۰۰۱۲۳۴۵۶۷۹", "1111111121"
MASKED, OTHER_MASKED = "•••۶۷۹", "•••۱۲۱"
NAME, BROTHER = "بهارک", "آراد"


async def write(person: Visitor, text: str) -> Said:
    return sound(await person.send(text=text))


async def masks(desk: DeskUnderTest, person_id: int = SARA_ID) -> list[str]:
    found = await registrations(desk, person_id)
    known = workshops.masked_national_ids(found, desk.shared.keyring)
    return [known.get(one.id, "") for one in found]


async def asked(desk: DeskUnderTest, *names: str) -> tuple[Visitor, Said]:
    """Begin at an office that requires it, for learners of these names."""
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk)
    learners = [await given_learner(desk, name=name) for name in names or (NAME,)]
    sara = desk.person(SARA_ID)
    return sara, await up_to_terms(sara, workshop, *learners)


async def test_nobody_is_asked_and_nothing_is_said_of_it_where_it_is_not_required(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    privacy = await press(sara, f"g:{Part.WORKSHOPS}")
    assert "کد ملی" not in plain(privacy.text)
    for said in desk.heard[SARA_ID]:
        assert "کد ملی" not in plain(said.text)
        assert not offers(said, "wri")
    assert await masks(desk) == [""]


async def test_it_is_asked_before_the_terms_with_its_why_and_who_sees_it(
    desk: DeskUnderTest,
) -> None:
    _sara, page = await asked(desk)
    said = plain(page.text)
    for words in (NAME, "کد ملی", "نه کد ملی خودتان", "چرا", "رمزشده", "سه رقم آخر", "۳۰ روز"):
        assert words in said
    assert not offers(page, "wra")


async def test_who_registers_themselves_is_asked_for_their_own(desk: DeskUnderTest) -> None:
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk, age_min=None, age_max=None)
    me = await given_learner(desk, name="سارا", born_on=date(1990, 5, 4), is_self=True)
    page = await up_to_terms(desk.person(SARA_ID), workshop, me)
    assert "کد ملی خودتان" in plain(page.text)
    assert "نه کد ملی خودتان" not in plain(page.text)


async def test_a_number_is_deleted_and_stands_masked_among_what_is_looked_over(
    desk: DeskUnderTest,
) -> None:
    sara, _page = await asked(desk)
    review = await write(sara, ONE_TYPED)
    assert len(desk.deleted) == 1
    said = plain(review.text)
    assert MASKED in said
    assert "پاکش کنید" in said
    assert offers(review, "wra")
    assert offers(review, "wri")
    for one in desk.heard[SARA_ID]:
        assert ONE_TYPED not in one.text
        assert ONE not in repr(one.params)
    await given_money(desk, cash=FEE)
    await tap(sara, await tap(sara, review, "wra"), "wrp")
    assert await states(desk) == [RegistrationState.CONFIRMED]
    assert await masks(desk) == ["•••679"]


async def test_a_mistyped_number_is_deleted_too_and_asked_for_again(desk: DeskUnderTest) -> None:
    sara, _page = await asked(desk)
    for typed, words in (
        ("0012345678", "جور درنمی‌آید"),
        ("۱۲۳۴۵۶۷۹", "۸ رقم شمردم"),
        ("ندارم الان", "عددی پیدا نکردم"),
    ):
        said = await write(sara, typed)
        assert words in plain(said.text)
        assert "چرا؟" not in plain(said.text), "it was read a moment ago"
        assert offers(said, "wri")
    assert len(desk.deleted) == 2, "words without a number stay"
    assert MASKED in plain((await write(sara, f"کد ملی‌اش {ONE_TYPED} است")).text)


async def test_a_picture_of_a_card_is_not_opened(desk: DeskUnderTest) -> None:
    sara, _page = await asked(desk)
    said = sound(
        await sara.send(photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}])
    )
    assert "عکس کارت" in plain(said.text)
    assert MASKED in plain((await write(sara, ONE)).text)


async def test_brothers_and_sisters_are_asked_for_one_after_the_other(
    desk: DeskUnderTest,
) -> None:
    sara, page = await asked(desk, NAME, BROTHER)
    assert NAME in plain(page.text)
    second = await write(sara, ONE)
    assert BROTHER in plain(second.text)
    twice = await write(sara, ONE)
    assert "هنرجوی دیگری" in plain(twice.text)
    review = await write(sara, OTHER)
    assert MASKED in plain(review.text)
    assert OTHER_MASKED in plain(review.text)
    again = await press(sara, [one for one in review.presses if one.startswith("wri:")][1])
    assert BROTHER in plain(again.text)
    await tap(sara, await press(sara, data_of(again, "wmr")), "wra")
    assert await masks(desk) == ["•••679", "•••121"]


async def test_a_second_registration_of_the_same_person_is_refused_and_nobody_is_named(
    desk: DeskUnderTest,
) -> None:
    sara, _page = await asked(desk)
    review = await write(sara, ONE)
    await tap(sara, review, "wra")
    (first,) = await registrations(desk)
    mina = desk.person(MINA_ID)
    theirs = await given_learner(desk, MINA_ID, name="پریا")
    await press(mina, f"wr:{first.workshop_id}")
    await press(mina, f"wrl:{first.workshop_id}:{theirs.id}")
    said = await write(mina, ONE_TYPED)
    assert "هر نفر در هر کارگاه یک جا دارد" in plain(said.text)
    assert NAME not in plain(said.text)
    assert "/case" in said.text
    assert len(desk.deleted) == 2
    assert await masks(desk, MINA_ID) == [""]


async def test_nobody_finds_out_by_trying_many_numbers(desk: DeskUnderTest) -> None:
    sara, page = await asked(desk)
    data = data_of(page, "wri")[:-1] + "0"
    for _ in range(20):
        await press(sara, data)
        await write(sara, ONE)
    await press(sara, data)
    said = await write(sara, OTHER)
    assert "صبر کنید" in plain(said.text) or "منتظر" in plain(said.text), plain(said.text)
    assert len(desk.deleted) == 21
    assert await masks(desk) == ["•••679"]


async def test_who_has_none_is_led_to_the_office(desk: DeskUnderTest) -> None:
    sara, page = await asked(desk)
    said = await tap(sara, page, "wri", NONE_THERE)
    assert "اتباع خارجی" in plain(said.text)
    assert offers(said, "k")
    assert offers(said, "wmr")
    case = await tap(sara, said, "k")
    assert case.text


async def test_cancel_leaves_what_was_begun_and_says_so(desk: DeskUnderTest) -> None:
    sara, _page = await asked(desk)
    said = await sara.say("/cancel")
    assert "همان‌طور می‌ماند" in plain(said.text)
    assert await states(desk) == [RegistrationState.DRAFT]
    assert "هنوز نوشته نشده" in plain(said.text)
    page = await tap(sara, said, "wra")
    assert "پیش از ثبت‌نام به کد ملی" in plain(page.text)
    await tap(sara, await write(sara, ONE), "wra")
    assert await states(desk) == [RegistrationState.HELD]


async def test_after_leaving_the_step_nothing_is_taken_for_a_number(desk: DeskUnderTest) -> None:
    sara, page = await asked(desk)
    back = await tap(sara, page, "wmr")
    question = plain((await write(sara, "ساعت کاری کانون چیست؟")).text)
    again = await tap(sara, back, "wri", "0")
    await tap(sara, again, "wrx")
    assert plain((await write(sara, "ساعت کاری کانون چیست؟")).text) == question
    assert "عددی پیدا نکردم" not in question


async def test_what_the_office_knows_is_not_asked_again_for_another_workshop(
    desk: DeskUnderTest,
) -> None:
    sara, _page = await asked(desk)
    await write(sara, ONE)
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال")
    (first,) = await registrations(desk)
    review = await press(sara, f"wrl:{other.id}:{first.learner_id}")
    assert MASKED in plain(review.text)
    assert "پیش‌تر" in plain(review.text)
    assert offers(review, "wra")


async def test_what_was_begun_before_the_number_was_known_does_not_ask_for_it_again(
    desk: DeskUnderTest,
) -> None:
    decide(desk, requires_national_id=True)
    first = await given_workshop(desk, title="نقاشی")
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال")
    mine, sara = await given_learner(desk), desk.person(SARA_ID)
    await up_to_terms(sara, first, mine)
    await up_to_terms(sara, other, mine)
    await write(sara, ONE)
    (begun, _later) = sorted(await registrations(desk), key=lambda one: one.id)
    review = await press(sara, f"wra:{begun.id}:1")
    assert MASKED in plain(review.text)
    assert "پیش‌تر" in plain(review.text)
    assert await states(desk) == [RegistrationState.DRAFT] * 2, "it is looked over first"
    await tap(sara, review, "wra")
    assert RegistrationState.HELD in await states(desk)


async def test_a_place_moves_with_its_number_and_asks_for_one_that_is_missing(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال")
    sara, _receipt = await registered(desk, workshop)
    decide(desk, requires_national_id=True)
    page = await press(sara, f"wmt:1:{other.id}:0")
    needed = await tap(sara, page, "wmv")
    assert "کد ملی" in plain(needed.text)
    assert await states(desk) == [RegistrationState.CONFIRMED]
    await write(sara, ONE)
    await tap(sara, await press(sara, f"wmt:1:{other.id}:0"), "wmv")
    assert await states(desk) == [RegistrationState.MOVED, RegistrationState.CONFIRMED]
    assert await masks(desk) == ["•••679"] * 2


async def test_the_line_is_joined_with_the_number_and_an_offer_asks_for_nothing_more(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk, places=1, quorum=1)
    mina, _receipt = await registered(desk, workshop, MINA_ID)
    decide(desk, requires_national_id=True)
    await given_money(desk, cash=FEE)
    sara = desk.person(SARA_ID)
    await up_to_terms(sara, workshop, await given_learner(desk))
    full = await tap(sara, await write(sara, ONE), "wra")
    await tap(sara, full, "wj", "0")
    (one,) = await registrations(desk, MINA_ID)
    await tap(mina, await press(mina, f"wmd:{one.id}:"), "wmd")
    (offer,) = [said for said in desk.heard[SARA_ID] if offers(said, "wja")]
    await tap(sara, offer, "wja")
    assert await states(desk) == [RegistrationState.CONFIRMED]


async def test_officers_see_three_digits_and_the_group_is_asked_nothing(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    sara, _page = await asked(desk)
    await tap(sara, await write(sara, ONE), "wra")
    (one,) = await registrations(desk)
    (officer,) = desk.group(GROUP_ID, 900)
    page = sound(await officer.press_data(f"dwe:{one.workshop_id}:0"))
    assert MASKED in plain(page.text)
    assert ONE not in repr(page.params)
    await officer.press_data(f"wri:{one.id}:0")
    assert all("بنویسید" not in said.text for said in desk.heard[GROUP_ID])


async def test_an_office_that_requires_it_no_more_keeps_nothing_of_what_is_typed_then(
    desk: DeskUnderTest,
) -> None:
    sara, _page = await asked(desk)
    decide(desk)
    review = await write(sara, ONE)
    assert offers(review, "wra")
    assert len(desk.deleted) == 1
    assert await masks(desk) == [""]


async def test_nobody_writes_a_number_for_anothers_registration(desk: DeskUnderTest) -> None:
    await asked(desk)
    (one,) = await registrations(desk)
    mina = desk.person(MINA_ID)
    said = await press(mina, f"wri:{one.id}:0")
    assert NAME not in said.text
    await mina.send(text=ONE)
    assert await masks(desk) == [""]


async def test_privacy_tells_of_it_where_an_office_requires_it(desk: DeskUnderTest) -> None:
    decide(desk, requires_national_id=True)
    page = await press(desk.person(SARA_ID), f"g:{Part.WORKSHOPS}")
    assert "کد ملی" in plain(page.text)
    assert "۳۰ روز" in plain(page.text)


async def test_it_is_kept_across_the_way_to_pay_in(desk: DeskUnderTest) -> None:
    sara, _page = await asked(desk)
    held = await tap(sara, await write(sara, ONE), "wra")
    assert await states(desk) == [RegistrationState.HELD]
    await sara.say("/topup")
    await given_money(desk, cash=FEE)
    (one,) = await registrations(desk)
    page = await press(sara, data_of(held, "wrp"))
    assert await states(desk) == [RegistrationState.CONFIRMED]
    assert page.text
    assert await masks(desk) == ["•••679"]
    assert one.national_id is not None


async def test_whoever_asks_what_is_kept_of_them_sees_that_it_is_and_its_end(
    desk: DeskUnderTest,
) -> None:
    sara, _page = await asked(desk, NAME, BROTHER)
    await write(sara, ONE)
    async with desk.database.reading() as tx:
        records = await own_records(
            tx,
            citizen_id=CitizenId(SARA_ID),
            office_ids=[OFFICE],
            keyring=desk.shared.keyring,
            now=desk.now,
        )
    catalogue, words = desk.shared.catalogue, desk.shared.words["fa"]
    page = OwnPage(words, catalogue, records, desk.now).written().decode()
    assert page.count(MASKED) == 1
    assert "هنوز نوشته نشده" not in page
    values = orjson.loads(as_json(records))
    first, second = values["registrations"]
    assert values["national_ids"] == {str(first["id"]): "•••679"}
    assert not {"national_id", "national_id_index"} & {*first, *second}
    assert ONE not in page + repr(values)


async def test_a_number_is_corrected_until_the_last_moment_to_drop(desk: DeskUnderTest) -> None:
    sara, _page = await asked(desk)
    receipt = await write(sara, ONE)
    await given_money(desk, cash=FEE)
    page = await tap(sara, receipt, "wra")
    page = await tap(sara, page, "wrp")
    (place,) = await registrations(desk)
    assert place.state is RegistrationState.CONFIRMED
    page = await press(sara, f"wmr:{place.id}:")
    await tap(sara, page, "wri")
    kept = await write(sara, OTHER)
    assert "اصلاح" not in plain(kept.text)
    assert await masks(desk) == ["•••121"]
    assert len(desk.deleted) == 2, "both messages with a number are gone"
    history = await tap(sara, kept, "wmh")
    assert "کد ملی اصلاح شد" in plain(history.text)
    assert OTHER not in history.text
    page = await press(sara, f"wmr:{place.id}:")
    data = data_of(page, "wri")
    async with desk.database.reading() as tx:
        ((workshop, _one),) = [
            await workshops.registration(
                tx, registration_id=place.id, actor=Actor.citizen(CitizenId(SARA_ID))
            )
        ]
    assert workshop.drop_until is not None
    desk.now = workshop.drop_until
    late = await press(sara, data)
    assert not offers(late, "wri")
    assert await masks(desk) == ["•••121"]
