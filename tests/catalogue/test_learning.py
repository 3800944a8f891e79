from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.catalogue import use_cases
from bot.catalogue.errors import (
    AlreadyDecided,
    AnswerMissing,
    AnswerTooLong,
    DecisionReasonMissing,
    LearntGone,
    PersonalDataInAnswer,
    QuestionGone,
    QuestionTaken,
    SelfApproval,
)
from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import AskedQuestion, Catalogue, Facet, LearntState, Outcome
from bot.catalogue.search import Answer, Answerer, Band, load_lexicon
from bot.catalogue.search.commands import read_file
from bot.catalogue.search.evaluation import KnownQuestion
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.catalogue.model import LearntAnswer
    from bot.kit.database import Database, Transaction

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
TODAY = date(2026, 11, 22)
OFFICER = Staff(CitizenId(11), "kanoon", Role.OFFICER, "A")
MANAGER = Staff(CitizenId(12), "kanoon", Role.MANAGER, "B")
STRANGER = Staff(CitizenId(13), "mazandaran", Role.MANAGER, "C")
FINANCE = Staff(CitizenId(14), "kanoon", Role.FINANCE, "D")
PARKING = "پارکینگ دارید؟"
ANSWER = "کنار ساختمان جای پارک هست؛ تلفن نگهبانی ۰۲۱-۸۸۷۱۰۶۶۱ است."


@cache
def _shipped() -> Catalogue:
    return load_catalogue(ROOT / "data" / "catalogue")


@cache
def _answerer() -> Answerer:
    return Answerer(_shipped(), load_lexicon(ROOT / "data" / "lexicon"))


async def given_asked(
    tx: Transaction,
    *texts: str,
    outcome: Outcome = Outcome.UNANSWERED,
    office_id: str | None = "kanoon",
    first_id: int = 1,
    asked_on: date = TODAY,
) -> tuple[int, ...]:
    """Keep questions, and give their ids."""
    questions = [
        AskedQuestion(question_id, asked_on, office_id, text, outcome, None)
        for question_id, text in enumerate(texts, start=first_id)
    ]
    await use_cases.keep_questions(tx, questions)
    return tuple(range(first_id, first_id + len(texts)))


async def given_draft(
    tx: Transaction,
    *,
    author: Staff = OFFICER,
    answer: str = ANSWER,
    key: str | None = None,
    question_ids: tuple[int, ...] = (1,),
) -> LearntAnswer:
    if key is None and question_ids == (1,):
        await given_asked(tx, PARKING)
    return await use_cases.draft_answer(
        tx,
        office_id=author.office_id,
        service_id=None,
        question=PARKING,
        answer=answer,
        question_ids=question_ids,
        author=author,
        now=NOW,
        key=key,
    )


async def groups(tx: Transaction, office_id: str = "kanoon") -> list[tuple[str, int]]:
    found = await use_cases.question_groups(
        tx, answerer=_answerer(), office_id=office_id, since=TODAY - timedelta(days=30), limit=10
    )
    return [(group.text, group.count) for group in found]


async def test_the_list_has_what_was_not_answered_or_missed_here_or_of_no_office(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_asked(tx, PARKING, PARKING, "استخر کجاست؟")
        await given_asked(tx, PARKING, outcome=Outcome.MISSED, office_id=None, first_id=10)
        await given_asked(tx, PARKING, outcome=Outcome.ANSWERED, first_id=20)
        await given_asked(tx, PARKING, office_id="mazandaran", first_id=30)
        await given_asked(tx, PARKING, first_id=40, asked_on=TODAY - timedelta(days=31))
        assert await groups(tx) == [(PARKING, 3), ("استخر کجاست؟", 1)]
        assert await groups(tx, "mazandaran") == [(PARKING, 2)]


async def test_questions_that_have_a_draft_or_were_dismissed_here_leave_the_list(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_draft(tx)
        (everybodys,) = await given_asked(tx, "استخر کجاست؟", office_id=None, first_id=5)
        assert await groups(tx) == [("استخر کجاست؟", 1)]
        await use_cases.dismiss_group(tx, question_ids=[everybodys], actor=OFFICER, now=NOW)
        await use_cases.dismiss_group(tx, question_ids=[everybodys], actor=OFFICER, now=NOW)
        assert await groups(tx) == []
        assert await groups(tx, "mazandaran") == [("استخر کجاست؟", 1)]


async def test_a_manager_who_is_not_the_author_approves_and_both_are_kept(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        assert draft.state is LearntState.DRAFT
        assert await use_cases.approved_answers(tx) == ()
        before = await use_cases.learnt_edition(tx)
        await use_cases.approve_answer(tx, learnt_id=draft.id, actor=MANAGER, now=NOW)
    async with database.transaction() as tx:
        (approved,) = await use_cases.approved_answers(tx)
        assert (approved.author_id, approved.approver_id) == (OFFICER.id, MANAGER.id)
        assert (approved.question_ids, approved.wordings) == ((1,), (PARKING,))
        assert approved.decided_at == NOW
        assert await use_cases.learnt_edition(tx) != before
        acts = (await tx.execute(select(audit.c.action).order_by(audit.c.id))).scalars().all()
        assert acts == ["draft_answer", "approve_answer"]


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (OFFICER, StaffOnly),
        (FINANCE, StaffOnly),
        (STRANGER, LearntGone),
        (Staff(OFFICER.id, "kanoon", Role.MANAGER, "A"), SelfApproval),
    ],
)
async def test_nobody_else_approves(
    database: Database, actor: Staff, refusal: type[Exception]
) -> None:
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        with pytest.raises(refusal):
            await use_cases.approve_answer(tx, learnt_id=draft.id, actor=actor, now=NOW)
        assert await use_cases.approved_answers(tx) == ()


async def test_a_draft_is_decided_once(database: Database) -> None:
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        await use_cases.approve_answer(tx, learnt_id=draft.id, actor=MANAGER, now=NOW)
        with pytest.raises(AlreadyDecided):
            await use_cases.approve_answer(tx, learnt_id=draft.id, actor=MANAGER, now=NOW)
        with pytest.raises(AlreadyDecided):
            await use_cases.reject_answer(
                tx, learnt_id=draft.id, actor=MANAGER, reason="x", now=NOW
            )


async def test_a_rejection_has_a_reason_and_the_next_version_keeps_the_questions(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await given_draft(tx)
        with pytest.raises(DecisionReasonMissing):
            await use_cases.reject_answer(
                tx, learnt_id=first.id, actor=MANAGER, reason=" ", now=NOW
            )
        rejected = await use_cases.reject_answer(
            tx, learnt_id=first.id, actor=MANAGER, reason="نشانی را هم بنویسید", now=NOW
        )
        assert rejected.reason == "نشانی را هم بنویسید"
        second = await given_draft(tx, answer="جای پارک هست.", key=first.key)
        assert (second.version, second.question_ids) == (2, (1,))
        assert (await use_cases.learnt(tx, first.id)).state is LearntState.REJECTED


async def test_a_new_version_replaces_the_approved_one_only_when_it_is_approved(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await given_draft(tx)
        await use_cases.approve_answer(tx, learnt_id=first.id, actor=MANAGER, now=NOW)
        second = await given_draft(tx, answer="دیگر جای پارک نیست.", key=first.key)
        assert [one.id for one in await use_cases.approved_answers(tx)] == [first.id]
        third = await given_draft(tx, answer="جای پارک نیست.", key=first.key)
        assert (await use_cases.learnt(tx, second.id)).state is LearntState.RETIRED
        await use_cases.approve_answer(tx, learnt_id=third.id, actor=MANAGER, now=NOW)
        assert [one.version for one in await use_cases.approved_answers(tx)] == [3]
        old = await use_cases.learnt(tx, first.id)
        assert (old.state, old.approver_id) == (LearntState.RETIRED, MANAGER.id)


async def test_an_answer_that_is_no_longer_true_is_withdrawn_with_a_reason(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        await use_cases.approve_answer(tx, learnt_id=draft.id, actor=MANAGER, now=NOW)
        retired = await use_cases.retire_answer(
            tx, learnt_id=draft.id, actor=MANAGER, reason="جابه‌جا شدیم", now=NOW
        )
        assert (retired.state, retired.reason) == (LearntState.RETIRED, "جابه‌جا شدیم")
        assert await use_cases.approved_answers(tx) == ()


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("", AnswerMissing),
        (" … 🙂", AnswerMissing),
        ("ب" * 1501, AnswerTooLong),
        ("🙂" * 750 + "ب", AnswerTooLong),
        ("به آقای رضایی ۰۹۱۲ ۳۴۵ ۶۷۸۹ زنگ بزنید", PersonalDataInAnswer),
        ("به کارت 6037-9911-1111-1119 بریزید", PersonalDataInAnswer),
        ("به ali.rezaei@example.com بنویسید", PersonalDataInAnswer),
    ],
)
async def test_what_must_not_be_published_is_refused(
    database: Database, answer: str, refusal: type[Exception]
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(refusal):
            await given_draft(tx, answer=answer)


async def test_only_kept_and_own_questions_that_nobody_took_are_answered(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_draft(tx)
        with pytest.raises(QuestionTaken):
            await given_draft(tx, question_ids=(1, 99))
        with pytest.raises(QuestionGone):
            await given_draft(tx, question_ids=(99,))
        await given_asked(tx, PARKING, office_id="mazandaran", first_id=7)
        with pytest.raises(QuestionGone):
            await given_draft(tx, question_ids=(7,))
        with pytest.raises(LearntGone):
            await given_draft(tx, author=STRANGER, key=(await use_cases.learnt(tx, 1)).key)


async def test_the_words_outlive_the_questions(database: Database) -> None:
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        await use_cases.dismiss_group(tx, question_ids=[5], actor=OFFICER, now=NOW)
        later = TODAY + timedelta(days=31)
        assert await use_cases.forget_old_questions(tx, today=later) == 1
        assert (await use_cases.learnt(tx, draft.id)).wordings == (PARKING,)


async def taught(database: Database, question: str, *others: str, facet: Facet) -> Answerer:
    """Make an answerer that also knows an answer to these questions."""
    async with database.transaction() as tx:
        ids = await given_asked(tx, question, *others, first_id=100)
        draft = await use_cases.draft_answer(
            tx,
            office_id="kanoon",
            service_id=None,
            question=question,
            answer=ANSWER,
            question_ids=ids,
            author=OFFICER,
            now=NOW,
            facet=facet,
        )
        await use_cases.approve_answer(tx, learnt_id=draft.id, actor=MANAGER, now=NOW)
        catalogue = _shipped().with_learnt(await use_cases.approved_answers(tx))
    return Answerer(catalogue, load_lexicon(ROOT / "data" / "lexicon"))


async def test_the_question_and_its_wordings_are_answered_from_then_on(
    database: Database,
) -> None:
    wordings = ("جای پارک هست؟", "هزینه پارکینگ شما چنده", "parking darid?")
    answerer = await taught(database, PARKING, *wordings, facet=Facet.DESCRIPTION)
    for text in (PARKING, "پاركينگ   داريد", *wordings):
        for office_id in (None, "kanoon"):
            answer = await answerer.ask(text, office_id)
            assert answer.band is Band.ANSWER, text
            assert answer.ranked[0].entry.id.startswith("ln-"), text
    other = await answerer.ask(PARKING, "mazandaran")
    assert other.band is not Band.ANSWER


def _shown(answer: Answer) -> tuple[Band, str | None]:
    """What a citizen first sees of an answer: where the desk does not know, nothing."""
    return answer.band, None if answer.band is Band.HANDOVER else answer.ranked[0].entry.id


async def test_what_the_shipped_catalogue_answers_it_answers_as_before(
    database: Database,
) -> None:
    answerer = await taught(database, PARKING, "جای پارک هست؟", facet=Facet.DESCRIPTION)
    changed = []
    for line in read_file(ROOT / "tests" / "data" / "questions.jsonl", KnownQuestion):
        before, after = await _answerer().ask(line.text), await answerer.ask(line.text)
        if _shown(before) != _shown(after):
            changed.append((line.text, before.band, after.band))
    assert not changed


async def test_a_learnt_answer_says_which_version_of_which_day_it_is(
    database: Database,
) -> None:
    answerer = await taught(database, PARKING, facet=Facet.ACCESS)
    del answerer
    async with database.reading() as tx:
        catalogue = _shipped().with_learnt(await use_cases.approved_answers(tx))
    again = catalogue.with_learnt(())
    assert [published.faqs for published in again.offices] == [
        published.faqs for published in _shipped().offices
    ]
    (faq,) = [one for one in catalogue.published_by("kanoon").faqs if one.learnt is not None]
    assert faq.learnt is not None
    assert (faq.learnt.version, faq.learnt.approved_on, faq.facet) == (1, TODAY, Facet.ACCESS)
    assert faq.answer.fa == ANSWER


async def test_forgetting_reads_no_question_that_stays(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    plan = await plan_of(lambda tx: use_cases.forget_old_questions(tx, today=TODAY))
    assert "SCAN asked_question" not in plan
