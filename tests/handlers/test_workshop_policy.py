"""An office that decided its own times for workshops: the desk goes by them, and says them."""

from dataclasses import fields, replace
from datetime import timedelta

from bot.catalogue.model import WorkshopPolicy
from bot.catalogue.model.desk import CREDIT_RIAL_MAX as CREDIT_RIAL_MAX_OF_A_FILE
from bot.wallet.model import CREDIT_RIAL_MAX
from bot.workshops.model import DEFAULT_POLICY, Policy, RegistrationState
from bot.workshops.rules.policy import policy_of
from tests.handlers.desk_support import OFFICER, Officer
from tests.handlers.registering_support import (
    MINA_ID,
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
from tests.handlers.support import DeskUnderTest, plain
from tests.handlers.workshop_support import (
    GROUP_ID,
    decide,
    given_certain,
    joined,
    make_ups_of,
    sessions_of,
    turn,
    workshop_of,
)
from tests.workshops.support import CLOSES, OFFICE, OPENS

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ITS_DECISION = "تصمیم خود اداره"


def policies(desk: DeskUnderTest) -> dict[str, Policy]:
    return {one.office.id: policy_of(one.desk) for one in desk.shared.catalogue.offices}


def test_a_file_can_decide_everything_that_a_policy_has() -> None:
    assert set(WorkshopPolicy.model_fields) == {one.name for one in fields(Policy)}
    assert CREDIT_RIAL_MAX_OF_A_FILE == CREDIT_RIAL_MAX


def test_what_an_office_leaves_out_is_as_usual(desk: DeskUnderTest) -> None:
    assert set(policies(desk).values()) == {DEFAULT_POLICY}
    decide(desk, hold_minutes=7, reschedule_notice_hours=0)
    decided = policies(desk)
    expected = replace(DEFAULT_POLICY, hold_minutes=7, reschedule_notice_hours=0)
    assert decided.pop(OFFICE) == expected
    assert set(decided.values()) == {DEFAULT_POLICY}


async def test_a_place_is_kept_for_as_long_as_the_office_decided(desk: DeskUnderTest) -> None:
    decide(desk, hold_minutes=7)
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    assert "۰۸:۰۷" in plain(page.text)
    assert ITS_DECISION in plain(page.text)
    desk.now = OPENS + 6 * MINUTE
    await turn(desk)
    assert await states(desk) == [RegistrationState.HELD]
    desk.now = OPENS + 7 * MINUTE
    await turn(desk)
    assert await states(desk) == [RegistrationState.EXPIRED]


async def test_a_bank_transfer_is_waited_for_as_long_as_the_office_decided(
    desk: DeskUnderTest,
) -> None:
    decide(desk, bank_grace_days=5)
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    said = plain((await tap(sara, page, "wrb")).text)
    assert "۵ روز کاری" in said
    assert said.count(ITS_DECISION) == 2


async def test_an_offer_holds_for_the_hours_that_the_office_decided(desk: DeskUnderTest) -> None:
    decide(desk, offer_open_hours=2)
    workshop = await given_workshop(desk, places=1, quorum=1)
    mina, _receipt = await registered(desk, workshop, MINA_ID)
    sara = desk.person(SARA_ID)
    full = await up_to_place(sara, workshop, await given_learner(desk))
    joined_line = plain((await tap(sara, full, "wj", "0")).text)
    assert "۲ ساعت" in joined_line
    assert ITS_DECISION in joined_line
    (one,) = await registrations(desk, MINA_ID)
    await tap(mina, await press(mina, f"wmd:{one.id}:"), "wmd")
    (offer,) = [said for said in desk.heard[SARA_ID] if offers(said, "wja")]
    assert "۱۰:۰۰" in plain(offer.text)
    assert "تصمیم اداره" in plain(offer.text)


async def test_a_manager_has_the_grace_that_the_office_decided(desk: DeskUnderTest) -> None:
    decide(desk, quorum_grace_hours=3)
    workshop = await given_workshop(desk)
    await joined(desk, workshop, SARA_ID)
    desk.now = CLOSES
    await turn(desk)
    assert (await workshop_of(desk, workshop.id)).grace_until == CLOSES + 3 * HOUR


async def test_a_make_up_is_owed_by_the_day_that_the_office_decided(desk: DeskUnderTest) -> None:
    decide(desk, make_up_within_days=3)
    await desk.open_desk(GROUP_ID)
    officer = await Officer.at(desk, OFFICER)
    workshop, *_ = await given_certain(desk)
    first, *_ = await sessions_of(desk, workshop)
    desk.heard.clear()
    await officer.visitor.press_data(f"dws:{first.id}:k:platform_down-y")
    (owed,) = await make_ups_of(desk, workshop)
    assert owed.due_at == CLOSES + timedelta(days=3)
    assert "۲۳ آبان" in plain(desk.heard[SARA_ID][-1].text)


async def test_no_more_learners_are_picked_than_the_office_decided(desk: DeskUnderTest) -> None:
    decide(desk, group_max=1)
    workshop = await given_workshop(desk)
    one, two = await given_learner(desk), await given_learner(desk, name="پیروز")
    page = await press(desk.person(SARA_ID), f"wrs:{workshop.id}:{one.id}-{two.id}")
    assert f"wrl:{workshop.id}:{one.id}" in page.presses
