"""Questions without an answer in the admin chat: drafted, approved, answered, and told."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from bot.cases.model import CaseKind
from bot.cases.tables import desk_case
from bot.catalogue import use_cases
from bot.catalogue.errors import (
    AlreadyDecided,
    AnswerMissing,
    DecisionReasonMissing,
    LearntGone,
    PersonalDataInAnswer,
    QuestionGone,
    QuestionTaken,
    SelfApproval,
)
from bot.catalogue.model import LearntState
from bot.catalogue.search import Answerer
from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from bot.kit.text import strip_bidi
from handlers.callback_data.learning import ApprovePressed, RewritePressed, UnansweredPressed
from tests.handlers.conftest import Shipped
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    MANAGER,
    OFFICER,
    OTHER_GROUP_ID,
    REZA,
    SARA,
    STRANGER,
    Officer,
    register,
    said_in,
    told,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of, plain

PARKING = "پارکینگ دارید؟"
POOL = "استخر هم دارید؟"
ANSWER = "کنار ساختمان جای پارک هست."
WRITE, APPROVE, SEND_BACK = "✍️ Answer {position}", "✅ Approve", "↩️ Send back"
REWRITE, RETIRE, NOT_OURS = "✏️ Rewrite", "🗄 Answer it no longer", "🚫 {position} is not for us"


@pytest.fixture(autouse=True)
async def nothing_said_was_broken(desk: DeskUnderTest) -> AsyncIterator[None]:
    yield
    for messages in desk.heard.values():
        for said in messages:
            assert not faults_of(said), said.text


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID, "kanoon")
    return await Officer.at(desk, OFFICER, "kanoon")


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    del officer
    return await Officer.at(desk, MANAGER, "kanoon", role=Role.MANAGER)


async def ask(desk: DeskUnderTest, *texts: str, person: int = SARA) -> Visitor:
    visitor = desk.person(person)
    for text in texts:
        await visitor.say(text)
    return visitor


async def press(desk: DeskUnderTest, who: Officer, said: Said, label: str) -> list[Said]:
    """Press the first button whose label begins so."""
    wanted = said_in(desk, label).replace("{position}", "۱")
    return await who.visitor.press_data(said.buttons[wanted], message_id=said.message_id)


async def draft(desk: DeskUnderTest, officer: Officer, answer: str = ANSWER) -> Said:
    """List the questions, and answer the most frequent group."""
    page = await officer.visitor.say("/unanswered")
    (prompt,) = await press(desk, officer, page, WRITE)
    (card,) = await officer.reply(prompt, answer)
    return card


async def relearn(desk: DeskUnderTest, shipped: Shipped) -> None:
    """Do what the program does every few seconds."""
    async with desk.database.reading() as tx:
        approved = await use_cases.approved_answers(tx)
    desk.shared.catalogue = shipped.catalogue.with_learnt(approved)
    desk.shared.answerer = Answerer(desk.shared.catalogue, shipped.lexicon)


async def test_the_list_counts_like_questions_together(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await ask(desk, PARKING, POOL)
    await ask(desk, "پارکینگ دارید", "جای پارکینگ دارید؟", person=REZA)
    page = await officer.visitor.say("/unanswered")
    lines = [strip_bidi(line) for line in plain(page.text).splitlines() if "«" in line]
    assert [line.partition("»")[0] for line in lines] == ["۱. «پارکینگ دارید", f"۲. «{POOL}"]
    assert "۳" in lines[0]
    assert str(SARA) not in page.text


async def test_five_groups_fill_a_page(desk: DeskUnderTest, officer: Officer) -> None:
    things = ("استخر", "زعفران", "سینما", "رستوران", "کفش", "دوچرخه", "فرودگاه")
    await ask(desk, *(f"{thing} دارید؟" for thing in things))
    page = await officer.visitor.say("/unanswered")
    assert page.text.count("«") == 5
    (turned,) = await press(desk, officer, page, "Next ▶️")
    assert turned.text.count("«") == 2
    assert turned.method == "editMessageText"
    (back,) = await press(desk, officer, turned, "◀️ Before")
    assert back.text == page.text


async def test_from_a_question_to_its_answer(
    desk: DeskUnderTest, officer: Officer, manager: Officer, shipped: Shipped
) -> None:
    sara = await ask(desk, PARKING)
    card = await draft(desk, officer)
    assert ANSWER in card.text
    assert "Staff 2001" in card.text
    await sara.say(PARKING)
    assert ANSWER not in told(desk, SARA)[-1]
    (approved,) = await press(desk, manager, card, APPROVE)
    assert approved.message_id == card.message_id
    await relearn(desk, shipped)
    await sara.say("پارکينگ  داريد")
    assert ANSWER in told(desk, SARA)[-1]
    assert "۱۴۰۵" in told(desk, SARA)[-1].splitlines()[-1]


async def test_whoever_handed_the_question_over_is_told_once(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    await ask(desk, PARKING)
    case = await handed_over(desk, SARA)
    await handed_over(desk, REZA, is_anonymous=True)
    card = await draft(desk, officer)
    (approved,) = await press(desk, manager, card, APPROVE)
    assert "۱" in plain(approved.text)
    news = [text for text in told(desk, SARA) if ANSWER in text]
    assert len(news) == 1
    assert desk.heard[SARA][-1].about == f"case:{case}"
    assert not [text for text in told(desk, REZA) if ANSWER in text]
    (prompt,) = await press(desk, officer, approved, REWRITE)
    (second,) = await officer.reply(prompt, f"{ANSWER} رایگان است.")
    await press(desk, manager, second, APPROVE)
    async with desk.database.reading() as tx:
        versions = [one.version for one in await use_cases.approved_answers(tx)]
    assert versions == [2]
    assert len([text for text in told(desk, SARA) if ANSWER in text]) == 1


async def handed_over(desk: DeskUnderTest, person: int, *, is_anonymous: bool = False) -> int:
    """Register a case that grew from the question that was asked."""
    ((question_id, *_),) = (await desk.kept())["asked_question"]
    case = await register(
        desk, author=person, text=PARKING, kind=CaseKind.QUESTION, is_anonymous=is_anonymous
    )
    async with desk.database.transaction() as tx:
        asked = update(desk_case).where(desk_case.c.id == case.id)
        await tx.execute(asked.values(question_id=question_id))
    return case.id


async def test_a_draft_is_sent_back_with_a_reason_and_written_again(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    await ask(desk, PARKING)
    card = await draft(desk, officer)
    (prompt,) = await press(desk, manager, card, SEND_BACK)
    await officer.reply(prompt, "چون من می‌گویم")
    assert isinstance(desk.refused[-1], StaffOnly)
    await manager.reply(prompt, "  ")
    assert isinstance(desk.refused[-1], DecisionReasonMissing)
    (rejected,) = await manager.reply(prompt, "نشانی را هم بنویسید")
    assert "نشانی را هم بنویسید" in rejected.text
    (prompt,) = await press(desk, officer, rejected, REWRITE)
    (second,) = await officer.reply(prompt, f"{ANSWER} در خیابان حجاب.")
    assert "خیابان حجاب" in second.text
    await press(desk, manager, second, APPROVE)
    async with desk.database.reading() as tx:
        (approved,) = await use_cases.approved_answers(tx)
    assert approved.version == 2


async def test_an_answer_that_is_no_longer_true_is_withdrawn(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    await ask(desk, PARKING)
    (approved,) = await press(desk, manager, await draft(desk, officer), APPROVE)
    (prompt,) = await press(desk, manager, approved, RETIRE)
    (retired,) = await manager.reply(prompt, "جابه‌جا شدیم")
    assert "جابه‌جا شدیم" in retired.text
    async with desk.database.reading() as tx:
        assert await use_cases.approved_answers(tx) == ()
        assert (await use_cases.learnt(tx, 1)).state is LearntState.RETIRED


async def test_drafts_that_wait_are_found_from_the_list(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    await ask(desk, PARKING)
    await draft(desk, officer)
    page = await manager.visitor.say("/unanswered")
    (waiting,) = [data for name, data in page.buttons.items() if "📝" in name]
    (card,) = await manager.visitor.press_data(waiting)
    await press(desk, manager, card, APPROVE)
    (none,) = await manager.visitor.press_data(waiting)
    assert none.text == said_in(desk, "No answer waits for approval.")


async def test_what_is_not_for_this_office_leaves_its_list_alone(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await ask(desk, PARKING)
    page = await officer.visitor.say("/unanswered")
    (emptied,) = await press(desk, officer, page, NOT_OURS)
    assert PARKING not in emptied.text
    await press(desk, officer, page, NOT_OURS)
    assert isinstance(desk.refused[-1], QuestionGone)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [("…", AnswerMissing), ("زنگ بزنید ۰۹۱۲۳۴۵۶۷۸۹", PersonalDataInAnswer)],
)
async def test_what_cannot_be_published_is_refused_and_can_be_written_anew(
    desk: DeskUnderTest, officer: Officer, answer: str, refusal: type[Exception]
) -> None:
    await ask(desk, PARKING)
    page = await officer.visitor.say("/unanswered")
    (prompt,) = await press(desk, officer, page, WRITE)
    await officer.reply(prompt, answer)
    assert isinstance(desk.refused[-1], refusal)
    (card,) = await officer.reply(prompt, ANSWER)
    assert ANSWER in card.text


async def test_two_officers_do_not_answer_one_question_twice(
    desk: DeskUnderTest, officer: Officer
) -> None:
    colleague = await Officer.at(desk, COLLEAGUE, "kanoon")
    await ask(desk, PARKING)
    page = await officer.visitor.say("/unanswered")
    (prompt,) = await press(desk, officer, page, WRITE)
    await officer.reply(prompt, ANSWER)
    await colleague.reply(prompt, "بله")
    assert isinstance(desk.refused[-1], QuestionTaken)


async def test_who_may_not_approve_does_not(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    await ask(desk, PARKING)
    await draft(desk, officer)
    button = ApprovePressed("1").pack()
    await officer.visitor.press_data(button)
    assert isinstance(desk.refused[-1], StaffOnly)
    await Officer.outsider(desk, STRANGER).visitor.press_data(button)
    assert isinstance(desk.refused[-1], StaffOnly)
    await desk.person(MANAGER).press_data(button)
    assert isinstance(desk.refused[-1], NotInDeskChat)
    await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
    other = await Officer.at(
        desk, COLLEAGUE, "mazandaran", role=Role.MANAGER, group_id=OTHER_GROUP_ID
    )
    await other.visitor.press_data(button)
    assert isinstance(desk.refused[-1], LearntGone)
    await manager.visitor.press_data(button)
    await manager.visitor.press_data(button)
    assert isinstance(desk.refused[-1], AlreadyDecided)


async def test_a_manager_does_not_approve_their_own_answer(
    desk: DeskUnderTest, manager: Officer
) -> None:
    await ask(desk, PARKING)
    card = await draft(desk, manager)
    await press(desk, manager, card, APPROVE)
    assert isinstance(desk.refused[-1], SelfApproval)


@pytest.mark.parametrize(
    "data",
    [
        UnansweredPressed("kanoon", "-1").pack(),
        UnansweredPressed("kanoon", "x").pack(),
        UnansweredPressed("nowhere", "0").pack(),
        "lnw:kanoon:99999999999999999999",
        "lnw:kanoon:5",
        RewritePressed("7").pack(),
        "lna:",
        "ln",
    ],
)
async def test_a_forged_button_does_nothing(
    desk: DeskUnderTest, officer: Officer, manager: Officer, data: str
) -> None:
    del officer
    await ask(desk, PARKING)
    await manager.visitor.press_data(data)
    assert desk.refused
    async with desk.database.reading() as tx:
        assert await use_cases.drafts_of(tx, office_id="kanoon") == []


async def test_hostile_questions_and_answers_stay_text(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await ask(desk, "<b>&پارکینگ</b> " + "&" * 480)
    await ask(desk, "\u202e<a href='x'>استخر</a> " + "<" * 100)
    card = await draft(desk, officer, "<script>" + "&" * 280)
    assert "&lt;script&gt;" in card.text
