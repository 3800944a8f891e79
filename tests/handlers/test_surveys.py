from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import use_cases as cases
from bot.cases.model import Case, Ending
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.clock import TEHRAN
from bot.surveys import use_cases as surveys
from bot.surveys.errors import CommentTooLong, NoSuchSurvey, SurveyOver
from bot.surveys.model import ANSWERABLE_FOR, Reason, Solved, Survey, SurveyKind
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseActPressed, CaseBegins
from handlers.callback_data.surveys import (
    RatedPressed,
    ReasonPressed,
    RemarkPressed,
    SkipPressed,
    SolvedPressed,
)
from handlers.jobs.surveys import ask_surveys
from handlers.views.cases.case_words import CaseVerb
from tests.handlers.desk_support import OFFICER, REZA, SARA, register
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of, plain

STAFF = Staff(CitizenId(OFFICER), "kanoon", Role.OFFICER, "Staff")


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN).astimezone(UTC)


@pytest.fixture
async def ended(desk: DeskUnderTest) -> Case:
    """A case of Sara's that was ended, with both questions about it planned for at once."""
    desk.now = tehran(22, 9)
    await desk.make_staff(OFFICER, Role.OFFICER, "kanoon")
    case = await register(desk)
    async with desk.database.transaction() as tx:
        return await cases.end(tx, case_id=case.id, actor=STAFF, ending=Ending.DONE, now=desk.now)


async def plan(desk: DeskUnderTest, case: Case, kind: SurveyKind = SurveyKind.RATING) -> None:
    async with desk.database.transaction() as tx:
        await surveys.plan(
            tx,
            kind=kind,
            subject=f"case:{case.id}",
            resolution=1,
            office_id=case.office_id,
            service_id=case.service_id,
            citizen_id=CitizenId(SARA),
            officer_id=STAFF.id,
            due_at=desk.now,
        )


async def ask(
    desk: DeskUnderTest, case: Case, kind: SurveyKind = SurveyKind.RATING
) -> tuple[Said, Survey]:
    await plan(desk, case, kind)
    async with desk.database.reading() as tx:
        (survey,) = await surveys.due(tx, now=desk.now, limit=5)
    (said,) = await desk.round(ask_surveys)
    return said, replace(survey, asked_at=desk.now)


async def kept(desk: DeskUnderTest, survey: Survey) -> Survey:
    async with desk.database.reading() as tx:
        return await surveys.survey_for(
            tx, survey_id=survey.id, citizen_id=CitizenId(SARA), now=desk.now
        )


async def test_the_question_goes_to_the_author_once_with_five_scores(
    desk: DeskUnderTest, ended: Case
) -> None:
    said, survey = await ask(desk, ended)
    assert said.chat_id == SARA
    assert said.about is None
    assert not faults_of(said)
    scores = [RatedPressed(str(survey.id), str(n)).pack() for n in range(1, 6)]
    assert said.presses == [*scores, "no:surveys:offb"]
    assert ended.tracking_code[:5] in plain(said.text)
    assert await desk.round(ask_surveys) == []


@pytest.mark.parametrize("hour", [7, 21, 2])
async def test_nobody_is_asked_in_the_evening_or_at_night(
    desk: DeskUnderTest, ended: Case, hour: int
) -> None:
    await plan(desk, ended)
    desk.now = tehran(23, hour)
    assert await desk.round(ask_surveys) == []
    desk.now = tehran(23, 8)
    assert len(await desk.round(ask_surveys)) == 1


async def test_whoever_is_in_the_middle_of_something_is_asked_later(
    desk: DeskUnderTest, ended: Case
) -> None:
    await plan(desk, ended)
    async with desk.database.transaction() as tx:
        dialogue = await citizens.begin(
            tx,
            chat_id=SARA,
            citizen_id=CitizenId(SARA),
            name="case",
            step="text",
            draft={},
            now=desk.now,
        )
    assert await desk.round(ask_surveys) == []
    async with desk.database.transaction() as tx:
        await citizens.end(tx, dialogue=dialogue)
    assert len(await desk.round(ask_surveys)) == 1


async def test_a_matter_that_goes_on_after_all_is_not_asked_about(
    desk: DeskUnderTest, ended: Case
) -> None:
    still_open = await register(desk, author=SARA)
    assert ended.is_over
    await plan(desk, still_open)
    assert await desk.round(ask_surveys) == []
    async with desk.database.reading() as tx:
        assert await surveys.due(tx, now=desk.now, limit=5) == []


async def test_a_tap_a_reason_and_a_remark_are_kept(desk: DeskUnderTest, ended: Case) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    (rated,) = await sara.press_data(said.presses[4])
    assert rated.method == "editMessageText"
    assert not faults_of(rated)
    fast = ReasonPressed(str(survey.id), Reason.FAST.value).pack()
    assert fast in rated.presses
    (reasoned,) = await sara.press_data(fast)
    assert not faults_of(reasoned)
    (prompt,) = await sara.press_data(RemarkPressed(str(survey.id)).pack())
    assert not faults_of(prompt)
    thanks = await sara.say("خیلی خوب بود <b>ممنون</b>")
    assert not faults_of(thanks)
    answered = await kept(desk, survey)
    assert (answered.score, answered.reason) == (5, Reason.FAST)
    assert answered.comment == "خیلی خوب بود <b>ممنون</b>"
    assert answered.officer_id == STAFF.id
    question = await sara.say("هزینه کارگاه مجازی چقدر است؟")
    assert question.text != thanks.text  # the flow is over


async def test_a_double_tap_says_the_same_and_another_score_is_refused(
    desk: DeskUnderTest, ended: Case
) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    first = await sara.press_data(said.presses[3])
    assert await sara.press_data(said.presses[3]) == first
    await sara.press_data(said.presses[0])
    assert isinstance(desk.refused[-1], SurveyOver)
    assert (await kept(desk, survey)).score == 4


async def test_a_poor_score_leads_back_into_the_case(desk: DeskUnderTest, ended: Case) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    await sara.press_data(said.presses[1])
    (done,) = await sara.press_data(SkipPressed(str(survey.id)).pack())
    reopening = CaseActPressed(ended.tracking_code, CaseVerb.REOPEN.value).pack()
    assert reopening in done.presses
    assert not faults_of(done)


async def test_a_good_score_does_not(desk: DeskUnderTest, ended: Case) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    await sara.press_data(said.presses[2])
    (done,) = await sara.press_data(SkipPressed(str(survey.id)).pack())
    assert not [data for data in done.presses if data.startswith("ka:")]


async def test_a_remark_that_is_too_long_may_be_written_again(
    desk: DeskUnderTest, ended: Case
) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    await sara.press_data(said.presses[4])
    await sara.press_data(RemarkPressed(str(survey.id)).pack())
    await sara.say("آ" * 501)
    assert isinstance(desk.refused[-1], CommentTooLong)
    await sara.say("آ" * 500)
    assert (await kept(desk, survey)).comment == "آ" * 500


async def test_a_skipped_remark_leaves_the_flow(desk: DeskUnderTest, ended: Case) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    await sara.press_data(said.presses[4])
    (prompt,) = await sara.press_data(RemarkPressed(str(survey.id)).pack())
    await sara.press_data(prompt.presses[0])
    await sara.say("مدارک ثبت‌نام چیست؟")
    assert (await kept(desk, survey)).comment is None


async def test_a_remark_after_its_time_does_not_hold_the_person(
    desk: DeskUnderTest, ended: Case
) -> None:
    said, survey = await ask(desk, ended)
    sara = desk.person(SARA)
    desk.now = desk.now + ANSWERABLE_FOR - timedelta(minutes=1)
    await sara.press_data(said.presses[4])
    await sara.press_data(RemarkPressed(str(survey.id)).pack())
    desk.now = desk.now + timedelta(minutes=2)
    over = await sara.say("دیر شد")
    assert not faults_of(over)
    assert desk.refused == []
    again = await sara.say("مدارک ثبت‌نام چیست؟")
    assert again.text != over.text


async def test_nobody_else_can_answer_and_nothing_is_told_apart(
    desk: DeskUnderTest, ended: Case
) -> None:
    said, _survey = await ask(desk, ended)
    reza = desk.person(REZA)
    (foreign,) = await reza.press_data(said.presses[0])
    (missing,) = await reza.press_data(RatedPressed("999", "1").pack())
    assert [type(error) for error in desk.refused] == [NoSuchSurvey, NoSuchSurvey]
    assert foreign.text == missing.text


@pytest.mark.parametrize(
    "data",
    ["sv:1:6", "sv:1:0", "sv:1:x", "sv:-1:1", "sv:1", "svr:1:nice", "svf:1:maybe", "sv:9e9:1"],
)
async def test_a_forged_button_is_out_of_date(desk: DeskUnderTest, ended: Case, data: str) -> None:
    await ask(desk, ended)
    await desk.person(SARA).press_data(data)
    assert isinstance(desk.refused[-1], StaleButton)


@pytest.mark.parametrize("solved", Solved)
async def test_weeks_later_the_person_is_asked_whether_it_is_solved(
    desk: DeskUnderTest, ended: Case, solved: Solved
) -> None:
    said, survey = await ask(desk, ended, SurveyKind.FOLLOW_UP)
    assert not faults_of(said)
    pressed = SolvedPressed(str(survey.id), solved.value).pack()
    assert pressed in said.presses
    (answer,) = await desk.person(SARA).press_data(pressed)
    assert not faults_of(answer)
    assert (await kept(desk, survey)).solved is solved
    reopening = CaseActPressed(ended.tracking_code, CaseVerb.REOPEN.value).pack()
    assert (reopening in answer.presses) == (solved is not Solved.YES)


async def test_once_the_case_is_closed_the_way_on_is_a_new_one(
    desk: DeskUnderTest, ended: Case
) -> None:
    desk.now = desk.now + timedelta(days=28)
    async with desk.database.transaction() as tx:
        assert await cases.close_answered(tx, now=desk.now)
    _said, survey = await ask(desk, ended, SurveyKind.FOLLOW_UP)
    (answer,) = await desk.person(SARA).press_data(
        SolvedPressed(str(survey.id), Solved.NO.value).pack()
    )
    assert ended.service_id is not None
    again = CaseBegins("kanoon", ended.service_id, ended.kind.value).pack()
    assert again in answer.presses


async def test_a_question_in_english_for_whoever_reads_english(
    desk: DeskUnderTest, ended: Case
) -> None:
    sara: Visitor = desk.person(SARA)
    await sara.press_data("l:en")
    said, _survey = await ask(desk, ended)
    assert "How good was the office's answer?" in said.text
