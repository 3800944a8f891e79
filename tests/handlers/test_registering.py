"""From the page of a workshop to a receipt, and everything that can be in the way."""

from datetime import date, timedelta
from typing import Any

from bot.kit.tracking import shown
from bot.workshops import use_cases as workshops
from bot.workshops.errors import RegistrationNotOpen
from bot.workshops.model import RegistrationState
from tests.calendar.support import at
from tests.handlers.registering_support import (
    CHILD,
    MINA_ID,
    REZA_ID,
    SARA_ID,
    balance_of,
    change_terms,
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
    up_to_terms,
)
from tests.handlers.support import DeskUnderTest, Said, plain
from tests.workshops import given
from tests.workshops.support import CLOSES, FEE, OFFICE

HELD, CONFIRMED, DRAFT, ABANDONED = (
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
    RegistrationState.DRAFT,
    RegistrationState.ABANDONED,
)


def text_of(said: Said) -> str:
    return plain(said.text)


async def test_a_child_is_registered_from_the_page_to_the_receipt(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    _sara, receipt = await registered(desk, workshop)
    (one,) = await registrations(desk)
    assert one.state is CONFIRMED
    assert one.journal_id is not None
    text = text_of(receipt)
    for said in (f"ث-{one.id}".translate(_PERSIAN), CHILD, "۵۰۰٬۰۰۰ ریال", shown(one.journal_id)):
        assert said in text, said
    assert "پایان سه‌شنبه ۱۹ آبان ۱۴۰۵" in text  # the last moment to drop (KN-27)
    assert (await balance_of(desk)).available_rial == 0


_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


async def test_the_terms_are_shown_with_their_version_and_kept_with_the_message(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_terms(sara, workshop, child)
    assert given.TERMS in text_of(page)
    assert "نسخه ۱" in text_of(page)
    await tap(sara, page, "wra")
    (one,) = await registrations(desk)
    async with desk.database.reading() as tx:
        consent = await workshops.consent(tx, of=one, version=1)
        terms = await workshops.terms(tx, of=workshop)
    assert consent is not None
    assert terms is not None
    assert (consent.terms_sha256, consent.message_id) == (terms.sha256, page.message_id)
    assert consent.accepted_at == desk.now


async def test_a_place_is_kept_until_a_moment_that_is_said(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    assert await states(desk) == [HELD]
    assert "شنبه ۲ آبان ۱۴۰۵، ساعت ۰۸:۳۰" in text_of(page)


async def test_a_free_workshop_is_confirmed_without_money(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk, fee_rial=0)
    _sara, receipt = await registered(desk, workshop)
    assert await states(desk) == [CONFIRMED]
    assert "رایگان" in text_of(receipt)
    assert "برمی‌گردد" not in text_of(receipt)


async def test_what_is_missing_is_said_and_can_be_paid_in_by_that_amount(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=FEE - 120_000)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    assert "کمبود: ۱۲۰٬۰۰۰ ریال" in text_of(page)
    assert data_of(page, "wtn") == f"wtn:{OFFICE}:120000"
    bill = await sara.press_data(data_of(page, "wtn"))
    assert bill, "the way to pay in, or the bill itself"
    await given_money(desk, cash=120_000)
    await tap(sara, page, "wrp")  # "I have paid in, go on"
    assert await states(desk) == [CONFIRMED]


async def test_going_on_without_enough_money_says_so_and_keeps_the_place(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    again = await tap(sara, page, "wrp")
    assert "موجودی" in text_of(again) or "کمبود" in text_of(again)
    assert await states(desk) == [HELD]
    assert offers(again, "wrp")


async def test_service_credit_is_spent_before_cash_and_both_are_said(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=400_000, credit_rial=200_000)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    assert "از اعتبار خدمت: ۲۰۰٬۰۰۰ ریال" in text_of(page)
    assert "از نقد: ۳۰۰٬۰۰۰ ریال" in text_of(page)
    await tap(sara, page, "wrp")
    balance = await balance_of(desk)
    assert (balance.credit_rial, balance.cash_rial) == (0, 100_000)


async def test_an_announced_transfer_keeps_the_place_for_working_days_once(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    told = await tap(sara, page, "wrb")
    (one,) = await registrations(desk)
    assert one.is_bank_awaited
    assert one.expires_at == at("1405/08/05 00:00")
    assert "پایان دوشنبه ۴ آبان ۱۴۰۵" in text_of(told)
    again = await tap(sara, page, "wrb")
    assert "یک بار" in text_of(again)
    assert (await registrations(desk))[0].expires_at == one.expires_at


async def test_whoever_told_of_a_transfer_is_not_asked_to_pay_again(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await tap(sara, await up_to_place(sara, workshop, child), "wrb")
    asked = await tap(sara, page, "wtn")
    asked = await tap(sara, asked, "wtd", "bank")
    assert "مبلغ: ۵۰۰٬۰۰۰ ریال" in text_of(asked)
    await tap(sara, await sara.say("140509018765"), "wtd", "y")
    (one,) = await registrations(desk)
    kept = await press(sara, f"wmr:{one.id}:")
    assert "کمبود: ۵۰۰٬۰۰۰ ریال" in text_of(kept)
    assert "هنوز در کیف پول نیست: ۵۰۰٬۰۰۰ ریال" in text_of(kept)
    assert "لازم نیست آن را دوباره بپردازید" in text_of(kept)


async def test_several_children_are_picked_and_get_places_together(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    await given_learner(desk)
    await given_learner(desk, name="آراد", born_on=date(2017, 1, 1))
    await given_money(desk, cash=2 * FEE)
    page = await press(sara, f"wr:{workshop.id}")
    page = await tap(sara, page, "wrs")
    assert not offers(page, "wrl")
    page = await tap(sara, page, "wrs", "1")
    page = await tap(sara, page, "wrs", "1-2")
    page = await tap(sara, page, "wrl", "1-2")
    page = await tap(sara, page, "wra")
    assert await states(desk) == [HELD, HELD]
    receipt = await tap(sara, page, "wrp")
    assert await states(desk) == [CONFIRMED, CONFIRMED]
    assert CHILD in text_of(receipt)
    assert "آراد" in text_of(receipt)


async def test_more_than_the_office_registers_together_are_not_picked(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    ids = [str((await given_learner(desk, name=f"{CHILD}{letter}")).id) for letter in "ابپتث"]
    page = await press(sara, f"wrs:{workshop.id}:{'-'.join(ids)}")
    assert data_of(page, "wrl") == f"wrl:{workshop.id}:{'-'.join(ids[:4])}"


async def test_grown_ups_are_not_led_through_questions_to_a_workshop_for_children(
    desk: DeskUnderTest,
) -> None:
    sara = desk.person(SARA_ID)
    for oldest, can in ((17, False), (18, True), (None, True)):
        workshop = await given_workshop(desk, age_max=oldest)
        page = await press(sara, f"wr:{workshop.id}")
        assert (f"wle:m:0:{workshop.id}" in page.presses) is can, oldest
        assert f"wle:a:0:{workshop.id}" in page.presses


async def test_a_learner_outside_the_ages_hears_it_kindly_with_another_way(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    young = await given_learner(desk, born_on=date(2023, 5, 4))
    page = await press(sara, f"wrl:{workshop.id}:{young.id}")
    assert "۷ سال به بالاست" in text_of(page)
    assert offers(page, "wr")
    assert offers(page, "wl")
    assert not await registrations(desk)


async def test_a_clash_of_times_is_warned_of_and_can_be_accepted(desk: DeskUnderTest) -> None:
    first = await given_workshop(desk, fee_rial=0)
    second = await given_workshop(desk, fee_rial=0, title="سفال")
    child = await given_learner(desk)
    sara, _receipt = await registered(desk, first, learner=child)
    page = await up_to_place(sara, second, child)
    assert "نقاشی با آبرنگ" in text_of(page)
    assert await states(desk) == [CONFIRMED, DRAFT]
    await tap(sara, page, "wrh")
    assert await states(desk) == [CONFIRMED, CONFIRMED]


async def test_terms_that_change_before_they_are_accepted_are_shown_anew(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_terms(sara, workshop, child)
    await change_terms(desk, workshop, "شرایط تازه")
    again = await tap(sara, page, "wra")
    assert "شرایط تازه" in text_of(again)
    assert "تغییر کرده" in text_of(again)
    assert await states(desk) == [DRAFT]
    await tap(sara, again, "wra")
    assert await states(desk) == [HELD]


async def test_terms_that_change_between_the_place_and_the_payment_are_accepted_anew(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=FEE)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    await change_terms(desk, workshop, "شرایط تازه")
    again = await tap(sara, page, "wrp")
    assert "شرایط تازه" in text_of(again)
    assert (await balance_of(desk)).available_rial == FEE
    page = await tap(sara, again, "wra")
    await tap(sara, page, "wrp")
    assert await states(desk) == [CONFIRMED]


async def test_the_fee_that_was_shown_is_the_fee_that_is_paid(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=2 * FEE)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    async with desk.database.transaction() as tx:
        await tx.exec_driver_sql(f"UPDATE workshop SET fee_rial = {FEE + 7}")  # noqa: S608 - ours
    receipt = await tap(sara, page, "wrp")
    assert "۵۰۰٬۰۰۰ ریال" in text_of(receipt)
    assert (await balance_of(desk)).available_rial == FEE


async def test_a_place_whose_time_is_over_is_not_paid_for(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=FEE)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    desk.now += timedelta(minutes=30)
    over = await tap(sara, page, "wrp")
    assert "چیزی پرداخت نشد" in text_of(over)
    assert offers(over, "wk")
    assert (await balance_of(desk)).available_rial == FEE


async def test_the_deadline_that_passes_on_the_way_is_said(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_terms(sara, workshop, child)
    desk.now = CLOSES
    said = await tap(sara, page, "wra")
    assert isinstance(desk.refused[-1], RegistrationNotOpen)
    assert "/workshops" in text_of(said)
    assert await states(desk) == [DRAFT]


async def test_two_after_the_last_place_get_one_place_and_one_way_to_wait(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk, places=1, quorum=1)
    people = [desk.person(SARA_ID), desk.person(REZA_ID)]
    children = [await given_learner(desk, one.id) for one in people]
    pages = [
        await up_to_terms(one, workshop, child)
        for one, child in zip(people, children, strict=True)
    ]
    said = [await tap(one, page, "wra") for one, page in zip(people, pages, strict=True)]
    assert [await states(desk, one.id) for one in people] == [[HELD], [DRAFT]]
    assert offers(said[0], "wrp")
    assert offers(said[1], "wj")
    assert not offers(said[1], "wrp")


async def test_a_second_press_on_any_confirming_button_changes_nothing(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=5 * FEE)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    terms = await up_to_terms(sara, workshop, child)
    place = await tap(sara, terms, "wra")
    again = await tap(sara, terms, "wra")
    assert offers(again, "wrp")
    assert len(await registrations(desk)) == 1
    await tap(sara, place, "wrp")
    before = await everything(desk)
    for data in (data_of(place, "wrp"), data_of(again, "wrp"), data_of(terms, "wra")):
        said = await press(sara, data)
        assert offers(said, "wmd"), "the registration as it stands"
    assert await everything(desk) == before
    assert (await balance_of(desk)).available_rial == 4 * FEE


async def everything(desk: DeskUnderTest) -> dict[str, list[Any]]:
    return await given.rows_of(desk.database)


async def test_who_begins_twice_goes_on_where_they_were(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    await up_to_terms(sara, workshop, child)
    page = await up_to_place(sara, workshop, child)
    assert len(await registrations(desk)) == 1
    again = await press(sara, f"wrl:{workshop.id}:{child.id}")
    assert "جا نگه داشته شده" in text_of(again)
    assert data_of(again, "wrx") == data_of(page, "wrx")


async def test_a_place_is_let_go_after_one_question_and_goes_to_the_next(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_place(sara, workshop, child)
    asked = await tap(sara, page, "wrx")
    assert await states(desk) == [HELD]
    await tap(sara, asked, "wrx", "s")
    assert await states(desk) == [ABANDONED]
    async with desk.database.reading() as tx:
        assert (await given.found(tx, workshop.id)).taken_count == 0
    said = await tap(sara, asked, "wrx", "s")  # pressed again
    assert "رها شد" in text_of(said)


async def test_long_terms_are_read_to_their_end_before_they_can_be_accepted(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await change_terms(desk, workshop, ("<&> " * 749).strip())
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    page = await up_to_terms(sara, workshop, child)
    assert not offers(page, "wra")
    for turned in range(1, 20):
        page = await tap(sara, page, "wrt", str(turned))
        if offers(page, "wra"):
            break
    await tap(sara, page, "wra")
    assert await states(desk) == [HELD]


async def test_a_sample_says_so_wherever_it_or_its_fee_is_named(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    async with desk.database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE workshop SET is_sample = true")
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    await given_money(desk, cash=FEE)
    pages = [await up_to_terms(sara, workshop, child)]
    pages.append(await tap(sara, pages[-1], "wra"))
    pages.append(await tap(sara, pages[-1], "wrp"))
    pages.append(await press(sara, f"wmr:{(await registrations(desk))[0].id}:"))
    for page in pages:
        assert text_of(page).count("(نمونه)") >= 2
    listed = await sara.say("/myworkshops")
    assert any("(نمونه)" in label for label in listed.buttons)


async def test_a_workshop_that_is_paused_or_gone_is_not_begun(desk: DeskUnderTest) -> None:
    await given_workshop(desk)
    mina = desk.person(MINA_ID)
    await press(mina, "wr:999")
    assert desk.refused
