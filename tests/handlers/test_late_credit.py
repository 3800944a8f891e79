"""Credit for a make-up class that is overdue: nobody asks for it, and two persons let it come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    CreditOutOfRange,
    CreditSameJudge,
    CreditSelfApproval,
    ProposalDecided,
    ProposalUnreadable,
)
from bot.wallet.model import CREDIT_RIAL_MAX
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchSession, PartUnfit, StepRefused
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    MakeUp,
    MakeUpState,
    Registration,
    Workshop,
)
from handlers.callback_data import StaleButton
from handlers.views.cases.case_draft import CREDIT_CLAUSE
from tests.calendar.support import at
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.registering_support import REZA_ID, SARA_ID, balance_of
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain
from tests.handlers.workshop_support import (
    GROUP_ID,
    decide,
    given_certain,
    make_ups_of,
    names_in,
    sessions_of,
    turn,
)
from tests.workshops.support import CALENDAR, OFFICE
from tests.workshops.support import MANAGER as MANAGER_OF_RULES

SECOND_MANAGER = 2004
MINUTE = timedelta(minutes=1)
REASON = "تأخیر در کلاس جبرانی"
TYPED = f"۲۰۰۰۰۰ {REASON}"
AMOUNT = 200_000
Given = tuple[Workshop, tuple[Registration, Registration]]


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    assert officer.visitor.id == OFFICER, "the desk is open"
    return await Officer.at(desk, MANAGER, role=Role.MANAGER)


@pytest.fixture
async def given(desk: DeskUnderTest, officer: Officer) -> Given:
    """The children of Sara and of Reza are owed a class."""
    workshop, sara, reza = await given_certain(desk)
    first, *_ = await sessions_of(desk, workshop)
    await officer.visitor.press_data(f"dws:{first.id}:k:teacher_absent-y")
    desk.heard.clear()
    return workshop, (sara, reza)


async def owed_in(desk: DeskUnderTest, workshop: Workshop) -> MakeUp:
    (owed,) = await make_ups_of(desk, workshop)
    return owed


async def fall_due(desk: DeskUnderTest, workshop: Workshop) -> Said:
    """Let its time pass, and find the button by which credit is proposed."""
    desk.now = (await owed_in(desk, workshop)).due_at + MINUTE
    offered = [one for one in await turn(desk) if any("dwlp" in data for data in one.presses)]
    (alert,) = offered
    assert alert.chat_id == GROUP_ID
    return alert


async def tap(person: Officer, said: Said, prefix: str) -> list[Said]:
    (data,) = [one for one in said.presses if one.startswith(f"{prefix}:")]
    answers = await person.visitor.press_data(data, message_id=said.message_id)
    assert not [fault for one in answers for fault in faults_of(one)]
    return answers


async def proposed(desk: DeskUnderTest, person: Officer, workshop: Workshop) -> Said:
    (prompt,) = await tap(person, await fall_due(desk, workshop), "dwlp")
    (card,) = await person.reply(prompt, TYPED)
    assert not faults_of(card)
    return card


async def in_wallets(desk: DeskUnderTest) -> list[int]:
    return [(await balance_of(desk, one)).available_rial for one in (SARA_ID, REZA_ID)]


def notices(desk: DeskUnderTest, person_id: int, words: str) -> list[str]:
    return [text for said in desk.heard[person_id] if words in (text := plain(said.text))]


async def test_every_family_gets_it_once_without_asking(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    card = await proposed(desk, officer, given[0])
    assert await in_wallets(desk) == [0, 0], "nothing moves before a manager has decided"
    assert "۲ جا" in plain(card.text)
    (told,) = notices(desk, SARA_ID, "لازم نیست برای این تأخیر درخواست اعتبار بدهید")
    assert "۲۰۰" not in told
    (decided,) = await tap(manager, card, "dwla")
    assert await in_wallets(desk) == [AMOUNT, AMOUNT]
    assert not decided.presses[0].startswith("dwl")
    for family in (SARA_ID, REZA_ID):
        (granted,) = notices(desk, family, "برداشت‌شدنی")
        assert REASON in granted
        assert "۲۰۰٬۰۰۰" in granted
    assert not names_in(desk.heard[GROUP_ID], GROUP_ID)
    await tap(manager, card, "dwla")
    assert isinstance(desk.refused[-1], ProposalDecided)
    assert await in_wallets(desk) == [AMOUNT, AMOUNT]
    async with desk.database.reading() as tx:
        assert not await wallet.audit(tx)
    assert (await owed_in(desk, given[0])).state is MakeUpState.OVERDUE, "it stays owed"


async def test_who_had_it_for_one_delay_gets_no_second_one(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    card = await proposed(desk, officer, given[0])
    await tap(manager, card, "dwla")
    owed = await owed_in(desk, given[0])
    (prompt,) = await officer.visitor.press_data(f"dwlp:{owed.id}")
    await officer.reply(prompt, TYPED)
    assert isinstance(desk.refused[-1], ProposalDecided)
    assert await in_wallets(desk) == [AMOUNT, AMOUNT]


async def test_the_clock_shows_the_card_once_and_a_second_press_the_same_proposal(
    desk: DeskUnderTest, officer: Officer, given: Given
) -> None:
    card = await proposed(desk, officer, given[0])
    assert not [one for one in await turn(desk) if one.chat_id != GROUP_ID]
    desk.now += timedelta(days=1)
    assert not [one for one in await turn(desk) if any("dwlp" in data for data in one.presses)]
    owed = await owed_in(desk, given[0])
    (again,) = await officer.visitor.press_data(f"dwlp:{owed.id}")
    assert again.presses == card.presses


async def test_it_takes_two_persons_and_one_of_them_a_manager(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    card = await proposed(desk, manager, given[0])
    await tap(manager, card, "dwla")
    assert isinstance(desk.refused[-1], CreditSelfApproval)
    await tap(officer, card, "dwla")
    assert isinstance(desk.refused[-1], StaffOnly)
    stranger = await Officer.at(desk, 2998, "mazandaran", role=Role.MANAGER)
    await tap(stranger, card, "dwla")
    assert isinstance(desk.refused[-1], NoSuchSession)
    assert await in_wallets(desk) == [0, 0]
    second = await Officer.at(desk, SECOND_MANAGER, role=Role.MANAGER)
    await tap(second, card, "dwla")
    assert await in_wallets(desk) == [AMOUNT, AMOUNT]


async def test_no_amount_is_invented_and_what_is_above_the_cap_is_refused(
    desk: DeskUnderTest, officer: Officer, given: Given
) -> None:
    (prompt,) = await tap(officer, await fall_due(desk, given[0]), "dwlp")
    for typed, refusal in (
        ("زود باشید", ProposalUnreadable),
        ("۲۰۰۰۰۰", ProposalUnreadable),
        (f"۰ {REASON}", CreditOutOfRange),
        (f"{CREDIT_RIAL_MAX + 1} {REASON}", CreditOutOfRange),
    ):
        await officer.reply(prompt, typed)
        assert isinstance(desk.refused[-1], refusal)
    owed = await owed_in(desk, given[0])
    async with desk.database.reading() as tx:
        assert not await workshops.waiting_late_credit(tx, make_up_id=owed.id)


async def test_where_the_office_has_decided_the_amount_it_is_proposed_as_it_stands(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    decide(desk, overdue_credit_rial=150_000)
    (card,) = await tap(officer, await fall_due(desk, given[0]), "dwlp")
    assert "۱۵۰٬۰۰۰" in plain(card.text)
    assert await in_wallets(desk) == [0, 0]
    await tap(manager, card, "dwla")
    assert await in_wallets(desk) == [150_000, 150_000]


async def test_who_is_owed_the_class_no_more_gets_nothing(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    workshop, (sara, reza) = given
    await leave(desk, sara)
    card = await proposed(desk, officer, workshop)
    assert "۱ جا" in plain(card.text)
    await tap(manager, card, "dwla")
    assert await in_wallets(desk) == [0, AMOUNT]
    assert not notices(desk, SARA_ID, "اعتبار")
    assert reza.payer_id == REZA_ID


async def test_who_leaves_before_the_decision_gets_nothing_either(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    workshop, (sara, _reza) = given
    card = await proposed(desk, officer, workshop)
    await leave(desk, sara)
    (decided,) = await tap(manager, card, "dwla")
    assert await in_wallets(desk) == [0, AMOUNT]
    assert "اعتبار ۱ جا" in plain(decided.text)
    assert not notices(desk, SARA_ID, "برداشت‌شدنی")


@pytest.mark.parametrize("change", ["waived", "scheduled"])
async def test_nothing_is_given_where_the_class_was_dated_or_waived_meanwhile(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given, change: str
) -> None:
    alert = await fall_due(desk, given[0])
    (prompt,) = await tap(officer, alert, "dwlp")
    (card,) = await officer.reply(prompt, TYPED)
    owed = await owed_in(desk, given[0])
    if change == "waived":
        (asked,) = await manager.visitor.press_data(f"dwu:{owed.id}:w")
        await manager.reply(asked, "همه با اعتبار موافق بودند")
    else:
        (asked,) = await officer.visitor.press_data(f"dwu:{owed.id}:s")
        await officer.reply(asked, "۱۴۰۵/۰۹/۲۸ ۱۷:۰۰")
    assert (await owed_in(desk, given[0])).state is not MakeUpState.OVERDUE
    await tap(manager, card, "dwla")
    assert isinstance(desk.refused[-1], StepRefused)
    assert await in_wallets(desk) == [0, 0]
    (why,) = await tap(manager, card, "dwlr")
    await manager.reply(why, "کلاس سرانجام گرفت")
    assert "کلاس سرانجام گرفت" in plain(desk.heard[SARA_ID][-1].text)
    await tap(officer, alert, "dwlp")
    assert isinstance(desk.refused[-1], StepRefused)


async def test_who_stays_away_from_the_make_up_class_gets_none_for_it(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    card = await proposed(desk, officer, given[0])
    owed = await owed_in(desk, given[0])
    (asked,) = await officer.visitor.press_data(f"dwu:{owed.id}:s")
    await officer.reply(asked, "۱۴۰۵/۰۹/۲۸ ۱۷:۰۰")
    desk.now = at("1405/09/28 17:00")
    await turn(desk)
    desk.now = at("1405/09/28 20:00")
    await turn(desk)
    assert (await owed_in(desk, given[0])).state is MakeUpState.HELD
    await tap(manager, card, "dwla")
    assert isinstance(desk.refused[-1], StepRefused)
    assert await in_wallets(desk) == [0, 0]


async def test_where_the_agreement_has_no_word_of_credit_none_is_promised(
    desk: DeskUnderTest, officer: Officer, given: Given
) -> None:
    catalogue = desk.shared.catalogue
    kanoon = catalogue.published_by(OFFICE)
    clauses = tuple(one for one in kanoon.agreement.clauses if one.id != CREDIT_CLAUSE)
    silent = replace(kanoon, agreement=kanoon.agreement.model_copy(update={"clauses": clauses}))
    desk.shared.catalogue = replace(
        catalogue,
        offices=tuple(silent if one is kanoon else one for one in catalogue.offices),
    )
    owed = await owed_in(desk, given[0])
    desk.now = owed.due_at + MINUTE
    assert not [one for one in await turn(desk) if any("dwlp" in data for data in one.presses)]
    assert not notices(desk, SARA_ID, "لازم نیست")
    await officer.visitor.press_data(f"dwlp:{owed.id}")
    assert isinstance(desk.refused[-1], StaleButton)


async def test_a_rejection_is_told_with_its_reason_and_another_manager_decides_next(
    desk: DeskUnderTest, officer: Officer, manager: Officer, given: Given
) -> None:
    card = await proposed(desk, officer, given[0])
    (why,) = await tap(manager, card, "dwlr")
    await manager.reply(why, "   ")
    assert isinstance(desk.refused[-1], PartUnfit)
    (rejected,) = await manager.reply(why, "تاریخ فردا روشن می‌شود")
    assert notices(desk, SARA_ID, "تاریخ فردا روشن می‌شود")
    (prompt,) = await tap(officer, rejected, "dwlp")
    (second,) = await officer.reply(prompt, TYPED)
    await tap(manager, card, "dwla")
    assert isinstance(desk.refused[-1], ProposalDecided), "an old card decides nothing new"
    await tap(manager, second, "dwla")
    assert isinstance(desk.refused[-1], CreditSameJudge)
    assert await in_wallets(desk) == [0, 0]
    other = await Officer.at(desk, SECOND_MANAGER, role=Role.MANAGER)
    await tap(other, second, "dwla")
    assert await in_wallets(desk) == [AMOUNT, AMOUNT]


async def leave(desk: DeskUnderTest, one: Registration) -> None:
    """Take a place away without its fee, with which nothing is owed any more."""
    async with desk.database.transaction() as tx:
        await workshops.remove(
            tx,
            registration_id=one.id,
            actor=Actor.staff(MANAGER_OF_RULES),
            reason="خواست خانواده",
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=desk.now,
            is_refunded=False,
        )
    assert one.payer_id in (CitizenId(SARA_ID), CitizenId(REZA_ID))
