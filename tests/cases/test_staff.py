"""What staff do with the cases of their office."""

from datetime import timedelta

import pytest

from bot.cases import use_cases as cases
from bot.cases.errors import (
    CodeUnreadable,
    MergeIntoItself,
    NoSuchCase,
    NotYours,
    ReasonMissing,
    TakenByOther,
    TextMissing,
    WrongState,
)
from bot.cases.model import Action, CaseState, ClockKind, Ending, MessageKind
from bot.citizens import use_cases as citizens
from bot.kit.database import Database
from bot.kit.tracking import new_code, shown
from tests.cases.support import (
    CALENDAR,
    COLLEAGUE,
    DAY,
    HOUR,
    MANAGER,
    NOW,
    OFFICER,
    REZA,
    SARA,
    STRANGER,
    given_case,
    given_ended,
    given_in,
    rows_of,
    tehran,
)

LATER = NOW + HOUR


class TestTaking:
    async def test_twice_changes_nothing(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            taken = await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
            before = await rows_of(tx)
            again = await cases.take(tx, case_id=case.id, actor=OFFICER, now=LATER)
            assert await rows_of(tx) == before
        assert taken == again
        assert (taken.assignee_id, taken.assigned_at) == (OFFICER.id, NOW)

    async def test_a_colleagues_case_is_for_managers(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
            with pytest.raises(TakenByOther) as refused:
                await cases.take(tx, case_id=case.id, actor=COLLEAGUE, now=LATER)
            assert refused.value.assignee_id == OFFICER.id
            taken = await cases.take(tx, case_id=case.id, actor=MANAGER, now=LATER)
        assert taken.assignee_id == MANAGER.id

    async def test_and_giving_back_is_for_whoever_has_it_or_a_manager(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            with pytest.raises(NotYours):
                await cases.release(tx, case_id=case.id, actor=OFFICER, now=NOW)
            for actor in (OFFICER, MANAGER):
                await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
                with pytest.raises(NotYours):
                    await cases.release(tx, case_id=case.id, actor=COLLEAGUE, now=NOW)
                given_back = await cases.release(tx, case_id=case.id, actor=actor, now=NOW)
                assert given_back.assignee_id is None


class TestAnswering:
    async def test_takes_an_untaken_case_and_leaves_a_colleagues_with_them(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            for actor, text in ((OFFICER, "بررسی می‌کنیم"), (COLLEAGUE, "انجام شد")):
                answered = await cases.reply(
                    tx, case_id=case.id, actor=actor, text=text, calendar=CALENDAR, now=LATER
                )
                assert answered.assignee_id == OFFICER.id
            whole = await cases.dossier(tx, case_id=case.id)
        assert [(e.action, e.actor_id) for e in whole.events[1:]] == [
            (Action.TAKEN, OFFICER.id),
            (Action.REPLIED, OFFICER.id),
            (Action.REPLIED, COLLEAGUE.id),
        ]
        assert [(m.kind, m.author_id) for m in whole.messages[1:]] == [
            (MessageKind.ANSWER, OFFICER.id),
            (MessageKind.ANSWER, COLLEAGUE.id),
        ]

    async def test_with_the_same_message_twice_answers_once(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            for _ in range(2):
                await cases.reply(
                    tx, case_id=case.id, actor=OFFICER, text="بله",
                    calendar=CALENDAR, source=(-100, 5), now=LATER,
                )  # fmt: skip
                await cases.note(
                    tx, case_id=case.id, actor=OFFICER, text="نه", source=(-100, 6), now=LATER
                )
            whole = await cases.dossier(tx, case_id=case.id)
        assert [message.text for message in whole.messages[1:]] == ["بله", "نه"]

    async def test_what_the_citizen_was_asked_lets_the_clocks_go_on(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.ask(tx, case_id=case.id, actor=OFFICER, text="کدام؟", now=tehran(1, 10))
            answered = await cases.reply(
                tx, case_id=case.id, actor=OFFICER, text="پیدا شد",
                calendar=CALENDAR, now=tehran(1, 11),
            )  # fmt: skip
            whole = await cases.dossier(tx, case_id=case.id)
        assert answered.state is CaseState.OPEN
        assert whole.next_clock is not None
        assert whole.next_clock.due_at == tehran(4, 11, 0)

    async def test_can_be_corrected_by_whoever_said_it(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.reply(
                tx, case_id=case.id, actor=OFFICER, text="فردا",
                calendar=CALENDAR, source=(-100, 5), now=LATER,
            )  # fmt: skip
            edit = {"source": (-100, 5), "text": "پس‌فردا", "now": LATER}
            assert await cases.revise_answer(tx, actor=COLLEAGUE, **edit) is None
            found = await cases.revise_answer(tx, actor=OFFICER, **edit)
            assert found is not None
            assert (found[0].id, found[1].version, found[1].kind) == (
                case.id,
                2,
                MessageKind.ANSWER,
            )
            assert await cases.revise_answer(tx, actor=OFFICER, **edit) is None
            assert (
                await cases.revise_words(
                    tx, source=(-100, 5), citizen_id=OFFICER.id, text="x", now=LATER
                )
                is None
            )

    async def test_is_no_longer_corrected_in_a_case_that_is_closed(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.reply(
                tx, case_id=case.id, actor=OFFICER, text="فردا",
                calendar=CALENDAR, source=(-100, 5), now=NOW,
            )  # fmt: skip
            await given_ended(tx, case)
            edit = {"source": (-100, 5), "actor": OFFICER, "now": NOW}
            assert await cases.revise_answer(tx, text="پس‌فردا", **edit) is not None
            await cases.close_answered(tx, now=NOW + 10 * DAY)
            with pytest.raises(WrongState):
                await cases.revise_answer(tx, text="هرگز", **edit)


class TestNoting:
    async def test_is_no_answer(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.note(tx, case_id=case.id, actor=OFFICER, text="ببینید", now=LATER)
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.messages[-1].kind is MessageKind.NOTE
        assert all(clock.is_running for clock in whole.clocks)
        assert whole.case.assignee_id is None

    async def test_needs_words(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            with pytest.raises(TextMissing):
                await cases.note(tx, case_id=case.id, actor=OFFICER, text="\n", now=LATER)


async def test_a_transferred_case_is_anybodys_and_keeps_the_terms_of_its_day(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx, service_version=3)
        await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
        moved = await cases.transfer(
            tx, case_id=case.id, actor=OFFICER, service_id="library",
            service_version=2, note="کار کتابخانه است", now=LATER,
        )  # fmt: skip
        whole = await cases.dossier(tx, case_id=case.id)
    assert (moved.service_id, moved.service_version, moved.assignee_id) == ("library", 2, None)
    assert whole.case == moved
    assert whole.events[-1].note == "کار کتابخانه است"
    assert all(clock.is_running for clock in whole.clocks)


class TestEnding:
    async def test_meets_every_promise_and_ends_a_snooze(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.snooze(tx, case_id=case.id, actor=OFFICER, until=NOW + DAY, now=NOW)
            ended = await cases.end(
                tx, case_id=case.id, actor=OFFICER, ending=Ending.DONE, now=LATER
            )
            whole = await cases.dossier(tx, case_id=case.id)
        assert (ended.state, ended.ending, ended.ended_at) == (
            CaseState.ANSWERED,
            Ending.DONE,
            LATER,
        )
        assert ended.snoozed_until is None
        assert ended.assignee_id == OFFICER.id
        assert {clock.met_at for clock in whole.clocks} == {LATER}

    @pytest.mark.parametrize("reason", [None, "", " \n"])
    async def test_as_impossible_needs_a_reason(
        self, database: Database, reason: str | None
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            before = await rows_of(tx)
            with pytest.raises(ReasonMissing):
                async with tx.begin_nested():
                    await cases.end(
                        tx, case_id=case.id, actor=OFFICER,
                        ending=Ending.CANNOT_BE_DONE, reason=reason, now=LATER,
                    )  # fmt: skip
            assert await rows_of(tx) == before


class TestMerging:
    async def test_lets_a_case_go_on_in_the_other(self, database: Database) -> None:
        async with database.transaction() as tx:
            case, target = await given_case(tx), await given_case(tx, author_id=REZA)
            merged, into = await cases.merge(
                tx, case_id=case.id, into_code=shown(target.tracking_code).lower(),
                actor=OFFICER, now=LATER,
            )  # fmt: skip
            whole = await cases.dossier(tx, case_id=case.id)
            followers = await cases.merged_into(tx, case_id=target.id)
        assert into == target
        assert (merged.ending, merged.merged_into) == (Ending.MERGED, target.id)
        assert not [clock for clock in whole.clocks if clock.is_running]
        assert followers == [merged]

    async def test_again_takes_along_what_was_merged_before(self, database: Database) -> None:
        async with database.transaction() as tx:
            first, second, third = [await given_case(tx) for _ in range(3)]
            for case, target in ((first, second), (second, third)):
                await cases.merge(
                    tx, case_id=case.id, into_code=target.tracking_code, actor=OFFICER, now=LATER
                )
            followers = await cases.merged_into(tx, case_id=third.id)
        assert [case.id for case in followers] == [first.id, second.id]

    async def test_can_be_undone_by_an_author_whose_matter_is_another(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case, target = await given_case(tx), await given_case(tx)
            await cases.merge(
                tx, case_id=case.id, into_code=target.tracking_code, actor=OFFICER, now=LATER
            )
            again = await cases.reopen(
                tx, code=case.tracking_code, citizen_id=SARA, text="موضوع من فرق دارد",
                calendar=CALENDAR, now=LATER,
            )  # fmt: skip
            assert again.merged_into is None
            assert await cases.merged_into(tx, case_id=target.id) == []

    async def test_is_refused_into_what_cannot_go_on(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            over = await given_ended(tx, await given_case(tx))
            elsewhere = await given_case(tx, office_id="mazandaran")
            before = await rows_of(tx)
            for code, refusal in (
                (case.tracking_code, MergeIntoItself),
                (over.tracking_code, MergeIntoItself),
                (elsewhere.tracking_code, NoSuchCase),
                (new_code(), NoSuchCase),
                ("همان قبلی", CodeUnreadable),
            ):
                with pytest.raises(refusal):
                    await cases.merge(
                        tx, case_id=case.id, into_code=code, actor=OFFICER, now=LATER
                    )
            assert await rows_of(tx) == before


async def test_a_changed_process_is_marked_once_even_on_a_closed_case(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_in(tx, CaseState.CLOSED)
        marked = await cases.mark_process_changed(
            tx, case_id=case.id, actor=OFFICER, note="فرم کوتاه شد", now=LATER
        )
        assert marked.is_process_changed
        with pytest.raises(WrongState):
            await cases.mark_process_changed(tx, case_id=case.id, actor=OFFICER, now=LATER)


async def test_a_case_of_another_office_is_none_to_staff_whatever_they_would_do(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
        target = await given_case(tx)
        await cases.reply(
            tx, case_id=case.id, actor=OFFICER, text="بله",
            calendar=CALENDAR, source=(-100, 5), now=NOW,
        )  # fmt: skip
        before = await rows_of(tx)
        acts = (
            (cases.take, {}),
            (cases.release, {}),
            (cases.reply, {"text": "x", "calendar": CALENDAR}),
            (cases.ask, {"text": "x"}),
            (cases.note, {"text": "x"}),
            (cases.snooze, {"until": None}),
            (cases.wake, {}),
            (cases.transfer, {"service_id": None}),
            (cases.end, {"ending": Ending.DONE}),
            (cases.merge, {"into_code": target.tracking_code}),
            (cases.mark_process_changed, {}),
        )
        for act, more in acts:
            for case_id in (case.id, 10**6):
                with pytest.raises(NoSuchCase):
                    await act(tx, case_id=case_id, actor=STRANGER, now=LATER, **more)
        assert await rows_of(tx) == before


async def test_every_act_of_staff_is_in_the_audit_with_its_reason_and_without_words_of_citizens(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
        one = {"case_id": case.id, "actor": OFFICER, "now": LATER}
        await cases.reply(tx, **one, text="پاسخ", calendar=CALENDAR)
        await cases.snooze(tx, **one, until=None)
        await cases.wake(tx, **one)
        await cases.transfer(tx, **one, service_id="library", note="کار شما")
        await cases.end(tx, **one, ending=Ending.CANNOT_BE_DONE, reason="بودجه نیست")
        audit = await citizens.audit_of(tx, office_id="kanoon", limit=50)
        whole = await cases.dossier(tx, case_id=case.id)
    assert [entry.action for entry in reversed(audit)] == [
        "taken",
        "replied",
        "snoozed",
        "woken",
        "transferred",
        "taken",
        "ended",
    ]
    assert [(entry.before, entry.after) for entry in reversed(audit)] == [
        ("open", "open"),
        ("open", "open"),
        ("open", "open"),
        ("open", "open"),
        (case.service_id, "library"),
        ("open", "open"),
        ("open", "answered"),
    ]
    assert {entry.subject for entry in audit} == {f"case:{case.id}"}
    assert audit[0].note == "cannot_be_done: بودجه نیست"
    assert "صدای" not in repr(audit)
    assert [e.action.value for e in whole.events[1:]] == [e.action for e in reversed(audit)]


async def test_a_first_question_keeps_the_promise_of_a_first_response(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
        await cases.ask(
            tx, case_id=case.id, actor=OFFICER, text="؟", now=NOW + timedelta(minutes=1)
        )
        whole = await cases.dossier(tx, case_id=case.id)
    assert [clock.kind for clock in whole.clocks if clock.is_running] == [ClockKind.RESOLUTION]
