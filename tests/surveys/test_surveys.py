from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.surveys import rules, use_cases
from bot.surveys.errors import CommentTooLong, NoSuchSurvey, SurveyOver
from bot.surveys.model import (
    ANSWERABLE_FOR,
    Reason,
    Remark,
    Satisfaction,
    Solved,
    Survey,
    SurveyId,
    SurveyKind,
)
from bot.surveys.tables import survey as survey_table

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA, OFFICER = CitizenId(11), CitizenId(22), CitizenId(2001)


async def given_planned(
    tx: Transaction,
    *,
    kind: SurveyKind = SurveyKind.RATING,
    subject: str = "case:12",
    resolution: int = 1,
    service_id: str | None = "course",
    due_at: datetime = NOW,
) -> None:
    await use_cases.plan(
        tx,
        kind=kind,
        subject=subject,
        resolution=resolution,
        office_id="kanoon",
        service_id=service_id,
        citizen_id=SARA,
        officer_id=OFFICER,
        due_at=due_at,
    )


async def given_asked(
    database: Database,
    *,
    kind: SurveyKind = SurveyKind.RATING,
    subject: str = "case:12",
    service_id: str | None = "course",
) -> Survey:
    async with database.transaction() as tx:
        await given_planned(tx, kind=kind, subject=subject, service_id=service_id)
        (survey,) = await use_cases.due(tx, now=NOW, limit=5)
        assert await use_cases.mark_asked(tx, survey_id=survey.id, now=NOW)
        return replace(survey, asked_at=NOW)


async def rate(
    database: Database,
    survey: Survey,
    score: int,
    *,
    citizen_id: CitizenId = SARA,
    now: datetime = NOW,
) -> Survey:
    async with database.transaction() as tx:
        return await use_cases.rate(
            tx, survey_id=survey.id, citizen_id=citizen_id, score=score, now=now
        )


async def test_a_resolution_is_asked_about_once(database: Database) -> None:
    async with database.transaction() as tx:
        await given_planned(tx)
        await given_planned(tx, due_at=NOW + timedelta(days=1))
        (survey,) = await use_cases.due(tx, now=NOW + timedelta(days=2), limit=5)
        assert survey.due_at == NOW
        assert await use_cases.mark_asked(tx, survey_id=survey.id, now=NOW)
        assert not await use_cases.mark_asked(tx, survey_id=survey.id, now=NOW)
        await given_planned(tx)
        assert await use_cases.due(tx, now=NOW, limit=5) == []


async def test_the_next_resolution_and_the_follow_up_are_questions_of_their_own(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_planned(tx)
        await given_planned(tx, resolution=2)
        await given_planned(tx, kind=SurveyKind.FOLLOW_UP)
        assert len(await use_cases.due(tx, now=NOW, limit=5)) == 3


async def test_what_is_not_due_yet_waits(database: Database) -> None:
    async with database.transaction() as tx:
        await given_planned(tx, due_at=NOW + timedelta(minutes=10))
        assert await use_cases.due(tx, now=NOW, limit=5) == []
        assert len(await use_cases.due(tx, now=NOW + timedelta(minutes=10), limit=5)) == 1


async def test_a_reopened_matter_is_not_asked_about(database: Database) -> None:
    async with database.transaction() as tx:
        await given_planned(tx)
        await given_planned(tx, subject="case:13")
        await use_cases.cancel(tx, subject="case:12")
        assert [s.subject for s in await use_cases.due(tx, now=NOW, limit=5)] == ["case:13"]


async def test_what_was_said_of_an_earlier_resolution_stays(database: Database) -> None:
    survey = await given_asked(database)
    await rate(database, survey, 2)
    async with database.transaction() as tx:
        await use_cases.cancel(tx, subject=survey.subject)
        kept = await use_cases.survey_for(tx, survey_id=survey.id, citizen_id=SARA, now=NOW)
    assert kept.score == 2


async def test_a_double_tap_is_one_rating_and_a_second_opinion_none(database: Database) -> None:
    survey = await given_asked(database)
    first = await rate(database, survey, 4)
    again = await rate(database, survey, 4, now=NOW + timedelta(minutes=1))
    assert again == first
    with pytest.raises(SurveyOver):
        await rate(database, survey, 5)
    async with database.reading() as tx:
        assert await use_cases.satisfaction(
            tx, office_id="kanoon", since=NOW, until=NOW + timedelta(days=1)
        ) == Satisfaction(1, 4.0)


async def test_the_database_itself_refuses_a_second_row_for_a_resolution(
    database: Database,
) -> None:
    survey = await given_asked(database)
    async with database.transaction() as tx:
        row = (await tx.execute(select(survey_table))).one()._asdict()
        del row["id"]
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(survey_table.insert().values(row))
        assert await tx.scalar(select(func.count()).select_from(survey_table)) == 1
    assert survey.resolution == 1


@pytest.mark.parametrize("stranger", [REZA, OFFICER])
async def test_only_the_asked_person_answers(database: Database, stranger: CitizenId) -> None:
    survey = await given_asked(database)
    with pytest.raises(NoSuchSurvey):
        await rate(database, survey, 1, citizen_id=stranger)
    with pytest.raises(NoSuchSurvey):
        await rate(database, replace(survey, id=SurveyId(99)), 1)


async def test_a_question_is_answerable_for_fourteen_days_and_not_a_moment_longer(
    database: Database,
) -> None:
    survey = await given_asked(database)
    with pytest.raises(SurveyOver):
        await rate(database, survey, 3, now=NOW + ANSWERABLE_FOR)
    last = NOW + ANSWERABLE_FOR - timedelta(seconds=1)
    assert (await rate(database, survey, 3, now=last)).answered_at == last


async def test_a_question_that_was_not_asked_cannot_be_answered(database: Database) -> None:
    async with database.transaction() as tx:
        await given_planned(tx)
        (survey,) = await use_cases.due(tx, now=NOW, limit=1)
    with pytest.raises(SurveyOver):
        await rate(database, survey, 3)


async def test_a_follow_up_is_no_rating_and_a_rating_no_follow_up(database: Database) -> None:
    rating = await given_asked(database)
    follow_up = await given_asked(database, kind=SurveyKind.FOLLOW_UP)
    with pytest.raises(NoSuchSurvey):
        await rate(database, follow_up, 5)
    async with database.transaction() as tx:
        with pytest.raises(NoSuchSurvey):
            await use_cases.answer_follow_up(
                tx, survey_id=rating.id, citizen_id=SARA, solved=Solved.YES, now=NOW
            )


async def test_the_follow_up_is_answered_once(database: Database) -> None:
    survey = await given_asked(database, kind=SurveyKind.FOLLOW_UP)
    async with database.transaction() as tx:

        async def answer(solved: Solved) -> Survey:
            return await use_cases.answer_follow_up(
                tx, survey_id=survey.id, citizen_id=SARA, solved=solved, now=NOW
            )

        first = await answer(Solved.PARTLY)
        assert await answer(Solved.PARTLY) == first
        with pytest.raises(SurveyOver):
            await answer(Solved.NO)


async def test_a_reason_must_be_one_of_the_two_that_fit_the_score(database: Database) -> None:
    survey = await given_asked(database)
    async with database.transaction() as tx:

        async def reason(given: Reason) -> Survey:
            return await use_cases.give_reason(
                tx, survey_id=survey.id, citizen_id=SARA, reason=given, now=NOW
            )

        with pytest.raises(NoSuchSurvey):
            await reason(Reason.SLOW)  # before any score
        await use_cases.rate(tx, survey_id=survey.id, citizen_id=SARA, score=2, now=NOW)
        with pytest.raises(NoSuchSurvey):
            await reason(Reason.FAST)
        assert (await reason(Reason.UNCLEAR)).reason is Reason.UNCLEAR


@pytest.mark.parametrize("score", range(1, 6))
def test_every_score_has_its_pair_of_reasons(score: int) -> None:
    assert (Reason.SLOW in rules.reasons_for(score)) == (score <= 3)
    assert rules.is_poor(score) == (score <= 2)


async def test_a_remark_is_counted_as_the_messenger_counts(database: Database) -> None:
    survey = await given_asked(database)
    await rate(database, survey, 5)
    async with database.transaction() as tx:

        async def say(text: str) -> Survey:
            return await use_cases.comment(
                tx, survey_id=survey.id, citizen_id=SARA, text=text, now=NOW
            )

        with pytest.raises(CommentTooLong):
            await say("😀" * 251)
        kept = await say("😀" * 250)
        assert kept.comment == "😀" * 250
        assert await say("😀" * 250) == kept
        with pytest.raises(SurveyOver):
            await say("Another thing")


async def test_a_remark_does_not_keep_a_number_that_names_a_person(database: Database) -> None:
    survey = await given_asked(database)
    await rate(database, survey, 5)
    async with database.transaction() as tx:
        kept = await use_cases.comment(
            tx, survey_id=survey.id, citizen_id=SARA, text="با ۰۹۱۲۳۴۵۶۷۸۹ تماس گرفتند", now=NOW
        )
    assert kept.comment is not None
    assert "۰۹۱۲" not in kept.comment
    assert "تماس گرفتند" in kept.comment


async def test_satisfaction_counts_exactly_the_period(database: Database) -> None:
    for number, (score, at) in enumerate(
        [(1, NOW - timedelta(seconds=1)), (3, NOW), (4, NOW), (5, NOW + timedelta(days=1))]
    ):
        survey = await given_asked(database, subject=f"case:{number}")
        async with database.transaction() as tx:
            await use_cases.rate(tx, survey_id=survey.id, citizen_id=SARA, score=score, now=at)
    async with database.reading() as tx:
        found = await use_cases.satisfaction(
            tx, office_id="kanoon", since=NOW, until=NOW + timedelta(days=1)
        )
        nobody = await use_cases.satisfaction(
            tx, office_id="mazandaran", since=NOW, until=NOW + timedelta(days=1)
        )
    assert found == Satisfaction(2, 3.5)
    assert nobody == Satisfaction(0, None)


async def test_the_worst_service_needs_two_voices_and_a_mean_below_four(
    database: Database,
) -> None:
    for number, (service, score) in enumerate(
        [("one", 1), ("two", 3), ("two", 4), ("three", 4), ("three", 4)]
    ):
        survey = await given_asked(database, subject=f"case:{number}", service_id=service)
        await rate(database, survey, score)
    async with database.reading() as tx:
        worst = await use_cases.worst_service(
            tx, office_id="kanoon", since=NOW, until=NOW + timedelta(days=1)
        )
    assert worst is not None
    assert worst.service_id == "two"
    assert worst.satisfaction == Satisfaction(2, 3.5)


async def test_what_is_due_and_how_people_rate_is_found_by_index(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    async def look(tx: Transaction) -> None:
        until = NOW + timedelta(days=1)
        await use_cases.due(tx, now=NOW, limit=5)
        await use_cases.satisfaction(tx, office_id="kanoon", since=NOW, until=until)
        await use_cases.worst_service(tx, office_id="kanoon", since=NOW, until=until)
        await use_cases.opinions(tx, office_id="kanoon", since=NOW, until=until, limit=5)

    plan = await plan_of(look)
    assert "SCAN" not in plan
    assert plan.count("ix_survey_answered") == 5
    assert "ix_survey_unasked" in plan


async def test_what_is_said_beside_the_scores_is_counted_without_names(
    database: Database,
) -> None:
    for number, (score, reason) in enumerate([(1, Reason.SLOW), (2, Reason.SLOW), (5, None)]):
        survey = await given_asked(database, subject=f"case:{number}")
        at = NOW + timedelta(minutes=number)
        await rate(database, survey, score, now=at)
        async with database.transaction() as tx:
            if reason is not None:
                await use_cases.give_reason(
                    tx, survey_id=survey.id, citizen_id=SARA, reason=reason, now=at
                )
            await use_cases.comment(
                tx, survey_id=survey.id, citizen_id=SARA, text=f"نظر {number}", now=at
            )
    follow_up = await given_asked(database, kind=SurveyKind.FOLLOW_UP)
    async with database.transaction() as tx:
        await use_cases.answer_follow_up(
            tx, survey_id=follow_up.id, citizen_id=SARA, solved=Solved.NO, now=NOW
        )
        opinions = await use_cases.opinions(
            tx, office_id="kanoon", since=NOW, until=NOW + timedelta(days=1), limit=2
        )
    assert opinions.reasons == {Reason.SLOW: 2}
    assert opinions.solved == {Solved.NO: 1}
    assert opinions.remarks == (Remark(5, "نظر 2"), Remark(2, "نظر 1"))
