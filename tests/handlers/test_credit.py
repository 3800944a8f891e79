"""Service credit for a claim: an officer proposes, a manager decides, the citizen is told."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.cases.errors import WrongState
from bot.cases.model import Case, CaseKind, CaseState, Ending
from bot.cases.tables import case_event, case_message, desk_case
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.citizens.tables import audit as audit_table
from bot.kit.errors import DeskError
from bot.kit.tracking import shown
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    CreditForNobody,
    CreditForOneself,
    CreditOutOfRange,
    CreditReasonTooLong,
    CreditSameJudge,
    CreditSelfApproval,
    NoSuchProposal,
    ProposalDecided,
    ProposalUnreadable,
    ProposalWaits,
)
from bot.wallet.model import Balance
from bot.wallet.tables import account, credit_proposal, operation, transfer
from handlers.callback_data import StaleButton
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.callback_data.wallet import CreditApproved, CreditRejected
from tests.handlers.desk_support import (
    MANAGER,
    OFFICER,
    SARA,
    Officer,
    dossier,
    register,
    told,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, faults_of, plain

SECOND_MANAGER = 2004
TYPED = "۵۰۰۰۰۰ کلاس دو جلسه برگزار نشد"
REASON = "کلاس دو جلسه برگزار نشد"
TABLES = (
    account,
    transfer,
    operation,
    credit_proposal,
    desk_case,
    case_event,
    case_message,
    audit_table,
)


async def claim(desk: DeskUnderTest, **wanted: Any) -> Case:
    return await register(desk, **({"kind": CaseKind.CREDIT_CLAIM} | wanted))


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk()
    return await Officer.at(desk, OFFICER, group_id=GROUP_ID)


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    assert officer.visitor.id == OFFICER, "the desk is open"
    return await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)


async def kept(desk: DeskUnderTest) -> dict[str, list[tuple[Any, ...]]]:
    async with desk.database.reading() as tx:
        return {
            table.name: [tuple(row) for row in await tx.execute(select(table))] for table in TABLES
        }


async def balance_of(desk: DeskUnderTest, person_id: int = SARA) -> Balance:
    async with desk.database.reading() as tx:
        return await wallet.balance(tx, office_id="kanoon", citizen_id=CitizenId(person_id))


async def assert_right(desk: DeskUnderTest) -> None:
    async with desk.database.reading() as tx:
        assert not await wallet.audit(tx)


async def prompted(officer: Officer, case: Case) -> Said:
    """Open the prompt by the buttons of the card."""
    page = (await officer.press(await officer.card(case), DeskVerb.MORE))[0]
    assert any("پیشنهاد اعتبار" in label for label in page.buttons)
    (prompt,) = await officer.press(page, DeskVerb.CREDIT)
    assert not faults_of(prompt)
    return prompt


async def proposed(officer: Officer, case: Case, typed: str = TYPED) -> Said:
    (card,) = await officer.reply(await prompted(officer, case), typed)
    assert not faults_of(card)
    return card


def button(card: Said, prefix: str) -> str:
    (data,) = [one for one in card.presses if one.startswith(f"{prefix}:")]
    return data


async def approve(officer: Officer, card: Said) -> list[Said]:
    return await officer.visitor.press_data(button(card, "wca"), message_id=card.message_id)


async def reject(officer: Officer, card: Said, why: str) -> list[Said]:
    pressed = await officer.visitor.press_data(button(card, "wcr"), message_id=card.message_id)
    return await officer.reply(pressed[-1], why)


async def test_an_approved_claim_is_in_the_wallet_and_the_citizen_is_told(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    case = await claim(desk)
    card = await proposed(officer, case)
    assert "۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)" in plain(card.text)
    assert REASON in plain(card.text)
    assert not told(desk, SARA)
    assert (await balance_of(desk)).credit_rial == 0
    (decided,) = await approve(manager, card)
    assert not faults_of(decided)
    assert decided.method == "editMessageText"
    assert not [data for data in decided.presses if data.startswith("wc")]
    assert (await balance_of(desk)) == Balance(0, 500_000, 0)
    (notice,) = told(desk, SARA)
    assert "۵۰۰٬۰۰۰ ریال (۵۰٬۰۰۰ تومان)" in notice
    assert shown(case.tracking_code) in notice
    assert "کیف پول" in notice
    assert "قابل برداشت نیست" in notice
    ended = (await dossier(desk, case)).case
    assert (ended.state, ended.ending) == (CaseState.ANSWERED, Ending.DONE)
    assert "۵۰۰٬۰۰۰" in (ended.ending_reason or "")
    async with desk.database.reading() as tx:
        actions = (await tx.scalars(select(audit_table.c.action))).all()
    assert {"credit.proposed", "credit.approved", "ended"} <= set(actions)
    sara = desk.person(SARA)
    assert "۵۰۰٬۰۰۰" in (await sara.say("/wallet")).text
    assert REASON in (await sara.press("صورتحساب")).text
    await assert_right(desk)


async def test_no_number_of_a_person_gets_into_the_ledger_with_the_reason(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    typed = "500000 ریال: تماس \0با 09121234567، کد ملی 0013542419"
    await approve(manager, await proposed(officer, await claim(desk), typed))
    assert (await balance_of(desk)).credit_rial == 500_000
    async with desk.database.reading() as tx:
        (line,) = await wallet.statement(
            tx, office_id="kanoon", citizen_id=CitizenId(SARA), limit=9
        )
    assert "تماس با" in line.reason
    everything = line.reason + str(await kept(desk))
    assert everything.count("تماس با") == 1, "what is kept of it is sealed"
    assert "09121234567" not in everything
    assert "0013542419" not in everything


async def test_a_second_tap_shows_what_was_decided_and_posts_nothing(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    card = await proposed(officer, await claim(desk))
    await approve(manager, card)
    before = await kept(desk)
    (again,) = await approve(manager, card)
    assert "تأیید" in again.text
    assert "تصمیم گرفته" in str(desk.direct[0].params["text"])
    assert await kept(desk) == before
    assert len(told(desk, SARA)) == 1
    async with desk.database.reading() as tx:
        assert len((await tx.execute(select(transfer))).all()) == 1
    await assert_right(desk)


async def test_a_rejected_claim_ends_with_the_reason_and_can_be_objected_to(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    case = await claim(desk)
    card = await proposed(officer, case)
    (decided,) = await reject(manager, card, "هر دو جلسه جبران شد")
    assert "رد" in decided.text
    ended = (await dossier(desk, case)).case
    assert (ended.ending, ended.ending_reason) == (
        Ending.CANNOT_BE_DONE,
        "هر دو جلسه جبران شد",
    )
    assert (await balance_of(desk)).credit_rial == 0
    (notice,) = desk.heard[SARA]
    assert "هر دو جلسه جبران شد" in notice.text
    assert any("اعتراض" in label for label in notice.buttons)
    await assert_right(desk)


async def test_an_objection_is_decided_by_another_manager(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    case = await claim(desk)
    await reject(manager, await proposed(officer, case), "هر دو جلسه جبران شد")
    citizen = desk.person(SARA)
    await citizen.press("اعتراض", on=desk.heard[SARA][-1])
    await citizen.say("جلسه دوم برگزار نشد")
    card = await proposed(officer, case)
    await approve(manager, card)
    assert isinstance(desk.refused[-1], CreditSameJudge)
    assert (await balance_of(desk)).credit_rial == 0
    other = await Officer.at(desk, SECOND_MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
    await approve(other, card)
    assert (await balance_of(desk)).credit_rial == 500_000
    await assert_right(desk)


async def test_of_two_managers_the_first_decides(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    """One has the prompt for a reason open while the other approves."""
    second = await Officer.at(desk, SECOND_MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
    case = await claim(desk)
    card = await proposed(officer, case)
    prompt = (await second.visitor.press_data(button(card, "wcr")))[-1]
    await approve(manager, card)
    before = await kept(desk)
    await second.reply(prompt, "دیر رسیدم")
    assert isinstance(desk.refused[-1], ProposalDecided)
    assert await kept(desk) == before
    assert (await balance_of(desk)).credit_rial == 500_000
    other = await proposed(officer, await claim(desk))
    await reject(second, other, "جبران شد")
    before = await kept(desk)
    await approve(manager, other)
    assert await kept(desk) == before
    assert (await balance_of(desk)).credit_rial == 500_000
    await assert_right(desk)


async def test_who_proposed_does_not_approve(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    card = await proposed(manager, await claim(desk))
    before = await kept(desk)
    for person, refusal in ((manager, CreditSelfApproval), (officer, StaffOnly)):
        await approve(person, card)
        assert isinstance(desk.refused[-1], refusal)
        assert await kept(desk) == before
    assert not told(desk, SARA)


async def test_an_officer_does_not_reject(desk: DeskUnderTest, officer: Officer) -> None:
    card = await proposed(officer, await claim(desk))
    before = await kept(desk)
    await officer.visitor.press_data(button(card, "wcr"))
    assert isinstance(desk.refused[-1], StaffOnly)
    assert await kept(desk) == before


@pytest.mark.parametrize(
    ("typed", "refusal", "said"),
    [
        ("کلاس برگزار نشد", ProposalUnreadable, "۵۰۰۰۰۰ کلاس"),
        ("500000", ProposalUnreadable, "۵۰۰۰۰۰ کلاس"),
        ("۵۰ هزار تومان کلاس", ProposalUnreadable, "۵۰۰۰۰۰ کلاس"),
        ("0 کلاس برگزار نشد", CreditOutOfRange, "۱۰۰٬۰۰۰٬۰۰۰ ریال"),
        ("100000001 کلاس برگزار نشد", CreditOutOfRange, "۱۰۰٬۰۰۰٬۰۰۰ ریال"),
        ("5000 " + "ن" * 201, CreditReasonTooLong, "۲۰۰"),
    ],
)
async def test_what_cannot_be_proposed_is_said_and_leaves_no_trace(
    desk: DeskUnderTest, officer: Officer, typed: str, refusal: type[DeskError], said: str
) -> None:
    prompt = await prompted(officer, await claim(desk))
    before = await kept(desk)
    (answer,) = await officer.reply(prompt, typed)
    assert isinstance(desk.refused[-1], refusal)
    assert said in plain(answer.text)
    assert not faults_of(answer)
    assert await kept(desk) == before
    await officer.reply(prompt, TYPED)
    assert await kept(desk) != before, "the prompt can be answered again"


async def test_an_anonymous_claim_gets_no_credit_and_the_way_forward_is_said(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await claim(desk, is_anonymous=True)
    before = await kept(desk)
    (said,) = await officer.visitor.press_data(CaseDeskPressed.on(case.id, DeskVerb.CREDIT).pack())
    assert isinstance(desk.refused[-1], CreditForNobody)
    assert "/case" in said.text
    assert await kept(desk) == before


async def test_other_cases_get_no_credit(desk: DeskUnderTest, officer: Officer) -> None:
    case = await register(desk)
    page = (await officer.press(await officer.card(case), DeskVerb.MORE))[0]
    assert not any("اعتبار" in label for label in page.buttons)
    await officer.visitor.press_data(CaseDeskPressed.on(case.id, DeskVerb.CREDIT).pack())
    assert isinstance(desk.refused[-1], StaleButton)


async def test_staff_propose_nothing_for_their_own_claim(
    desk: DeskUnderTest, officer: Officer
) -> None:
    prompt = await prompted(officer, await claim(desk, author=OFFICER))
    before = await kept(desk)
    await officer.reply(prompt, TYPED)
    assert isinstance(desk.refused[-1], CreditForOneself)
    assert await kept(desk) == before


async def test_what_waits_is_shown_again_and_not_proposed_twice(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await claim(desk)
    prompt = await prompted(officer, case)
    (card,) = await officer.reply(prompt, TYPED)
    before = await kept(desk)
    await officer.reply(prompt, "900000 دوباره")
    assert isinstance(desk.refused[-1], ProposalWaits)
    (shown_again,) = await officer.visitor.press_data(
        CaseDeskPressed.on(case.id, DeskVerb.CREDIT).pack()
    )
    assert shown_again.text == card.text
    assert await kept(desk) == before


async def test_a_reply_to_the_card_of_a_proposal_goes_to_nobody(
    desk: DeskUnderTest, officer: Officer
) -> None:
    card = await proposed(officer, await claim(desk))
    before = await kept(desk)
    await officer.reply(card, "به نظرم زیاد است")
    assert not told(desk, SARA)
    assert await kept(desk) == before


async def test_a_case_that_ended_meanwhile_gets_no_credit_and_may_be_tidied_up(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    case = await claim(desk)
    card = await proposed(officer, case)
    end = CaseDeskPressed.on(case.id, DeskVerb.END, Ending.DONE.value).pack()
    prompt = (await manager.visitor.press_data(button(card, "wcr")))[-1]
    await officer.visitor.press_data(end)
    before = await kept(desk)
    await approve(manager, card)
    assert await kept(desk) == before
    assert (await balance_of(desk)).credit_rial == 0
    heard = len(desk.heard[SARA])
    await manager.reply(prompt, "پرونده تمام شده است")
    assert len(desk.heard[SARA]) == heard, "they have been told how it ended"
    assert (await dossier(desk, case)).case.ending is Ending.DONE
    assert (await kept(desk))["credit_proposal"][0][6] == "rejected"


async def test_nothing_is_proposed_once_the_case_has_ended(
    desk: DeskUnderTest, officer: Officer
) -> None:
    case = await claim(desk)
    prompt = await prompted(officer, case)
    await officer.visitor.press_data(
        CaseDeskPressed.on(case.id, DeskVerb.END, Ending.DONE.value).pack()
    )
    before = await kept(desk)
    await officer.reply(prompt, TYPED)
    assert isinstance(desk.refused[-1], WrongState)
    assert await kept(desk) == before


async def test_a_proposal_of_another_office_or_from_elsewhere_is_as_good_as_none(
    desk: DeskUnderTest, officer: Officer
) -> None:
    card = await proposed(officer, await claim(desk))
    await desk.open_desk(-1009, "mazandaran")
    stranger = await Officer.at(
        desk, SECOND_MANAGER, "mazandaran", role=Role.MANAGER, group_id=-1009
    )
    before = await kept(desk)
    for payload in (CreditApproved, CreditRejected):
        for number in (button(card, "wca").split(":")[1], "999"):
            assert not await stranger.visitor.press_data(payload(number).pack())
            assert isinstance(desk.refused[-1], NoSuchProposal)
            assert "۵۰۰٬۰۰۰" not in str(desk.direct[0].params["text"])
    await desk.person(SARA).press_data(button(card, "wca"))
    assert await kept(desk) == before


async def test_buttons_of_a_proposal_name_no_citizen(
    desk: DeskUnderTest, officer: Officer
) -> None:
    card = await proposed(officer, await claim(desk))
    assert str(SARA) not in " ".join([card.text, *card.presses])
